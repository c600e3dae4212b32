"""Reads and arithmetic of learning: hours and lecturers, visions, mentorships, growth, practice cards, contests."""

"""Rectifications: access, lists, lateness and news."""

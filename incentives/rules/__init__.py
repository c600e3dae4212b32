"""Bonus rules: what a definition means, in words, and tried on a month."""

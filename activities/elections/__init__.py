"""Elections in teams: the arithmetic of a count, and what pages read."""

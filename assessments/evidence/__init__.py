"""Which records of a team stand for which line of the standard."""

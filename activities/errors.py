"""Refusals of the activity floor; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["ActivityError", "StaleState"]


class ActivityError(TeamError):
    """Something about team life cannot be done now."""

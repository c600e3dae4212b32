"""Refusals of the floor of boards; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["BulletinError", "StaleState"]


class BulletinError(TeamError):
    """A wish that the rules of the boards refuse."""

"""Refusals of the incentive floor; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["IncentiveError", "StaleState"]


class IncentiveError(TeamError):
    """A wish that the rules of money refuse."""

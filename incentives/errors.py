"""Refusals of the incentive floor; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["IncentiveError", "OverBudget", "StaleState"]


class IncentiveError(TeamError):
    """A wish that the rules of money refuse."""


class OverBudget(IncentiveError):
    """More would be handed out than the budget of the year allows, and nobody has said why."""

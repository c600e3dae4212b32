"""Refusals of the incentive floor; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["AlreadyProposed", "IncentiveError", "OverBudget", "StaleState"]


class IncentiveError(TeamError):
    """A wish that the rules of money refuse."""


class OverBudget(IncentiveError):
    """More would be handed out than the budget of the year allows, and nobody has said why."""


class AlreadyProposed(IncentiveError):
    """The same form was sent before: `proposal` is what it became."""

    def __init__(self, proposal):
        self.proposal = proposal
        super().__init__(f"这条{proposal._meta.verbose_name}已经交上去了，不用再交。")

"""Refusals of the assessment floor; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["AlreadyFiled", "AssessmentError", "StaleState"]


class AssessmentError(TeamError):
    """A wish that the rules of assessment refuse."""


class AlreadyFiled(AssessmentError):
    """The shift has a self check: `check` is the sheet that was first."""

    def __init__(self, check):
        self.check = check
        advice = "要补充，请找考核员登记抽查；填错了，请考核员整张作废后再填。"
        super().__init__(f"{check.team} {check.date:%Y-%m-%d} {check.filing}。{advice}")

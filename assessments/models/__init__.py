"""The nouns of assessment, one file each kind."""

from assessments.models.checks import Check, Finding, NotApplicable, Veto
from assessments.models.closes import MemberScore, MonthClose, TeamScore
from assessments.models.standards import Category, Criterion, Standard, StandardVersion

__all__ = [
    "Category",
    "Check",
    "Criterion",
    "Finding",
    "MemberScore",
    "MonthClose",
    "NotApplicable",
    "Standard",
    "StandardVersion",
    "TeamScore",
    "Veto",
]

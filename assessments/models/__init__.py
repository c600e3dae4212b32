"""The nouns of assessment, one file each kind."""

from assessments.models.appraisals import Appraisal, Ballot, BallotGiven, LeaderAppraisal
from assessments.models.checks import Check, Finding, NotApplicable, Veto
from assessments.models.closes import MemberScore, MonthClose, TeamScore
from assessments.models.evidence import Evidence
from assessments.models.plans import CheckPlan, ItemOwner
from assessments.models.rectifications import Rectification, RectificationStep, Statement
from assessments.models.standards import Category, Criterion, Standard, StandardVersion

__all__ = [
    "Appraisal",
    "Ballot",
    "BallotGiven",
    "Category",
    "Check",
    "CheckPlan",
    "Criterion",
    "Evidence",
    "Finding",
    "ItemOwner",
    "LeaderAppraisal",
    "MemberScore",
    "MonthClose",
    "NotApplicable",
    "Rectification",
    "RectificationStep",
    "Standard",
    "StandardVersion",
    "Statement",
    "TeamScore",
    "Veto",
]

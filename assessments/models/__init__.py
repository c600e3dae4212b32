"""The nouns of assessment, one file each kind."""

from assessments.models.applications import Application, ApplicationStep, Challenge, PanelRecord, Proof, Review
from assessments.models.appraisals import Appraisal, Ballot, BallotGiven, LeaderAppraisal
from assessments.models.checks import Check, Finding, NotApplicable, Veto
from assessments.models.closes import MemberScore, MonthClose, TeamScore
from assessments.models.evidence import Evidence
from assessments.models.plans import CheckPlan, ItemOwner
from assessments.models.programmes import Bar, Programme, Round
from assessments.models.rectifications import Rectification, RectificationStep, Statement
from assessments.models.standards import Category, Criterion, Standard, StandardVersion
from assessments.models.studios import Studio, StudioMember, StudioMoney, StudioResult, StudioRule, StudioStep
from assessments.models.titles import Recheck, Title, TitleStep

__all__ = [
    "Application",
    "ApplicationStep",
    "Appraisal",
    "Ballot",
    "BallotGiven",
    "Bar",
    "Category",
    "Challenge",
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
    "PanelRecord",
    "Programme",
    "Proof",
    "Recheck",
    "Rectification",
    "RectificationStep",
    "Review",
    "Round",
    "Standard",
    "StandardVersion",
    "Statement",
    "Studio",
    "StudioMember",
    "StudioMoney",
    "StudioResult",
    "StudioRule",
    "StudioStep",
    "TeamScore",
    "Title",
    "TitleStep",
    "Veto",
]

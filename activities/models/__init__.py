"""The nouns of activities, one file each kind."""

from activities.models.activities import Activity, FollowUp, Participant, Resolution
from activities.models.duties import Duty, DutyRule
from activities.models.elections import BallotPaper, Candidate, Election, Nomination, Voter
from activities.models.goals import Goal, GoalMeasure, GoalProgress
from activities.models.ideas import Author, Idea, IdeaStep
from activities.models.kinds import ActivityKind
from activities.models.knowledge import Adoption, KnowledgeItem, KnowledgeVersion, ReadReceipt
from activities.models.learning import (
    Contest,
    Entrant,
    Mentorship,
    Practice,
    PracticeCard,
    StudyItem,
    Vision,
    VisionReview,
)
from activities.models.party import (
    Commitment,
    CommitmentCheck,
    Liaison,
    Mechanism,
    MechanismStep,
    PartyGroup,
    PartyGroupMember,
    PartyPost,
    Reserve,
    ReserveStep,
)

__all__ = [
    "Activity",
    "ActivityKind",
    "Adoption",
    "Author",
    "BallotPaper",
    "Candidate",
    "Commitment",
    "CommitmentCheck",
    "Contest",
    "Duty",
    "DutyRule",
    "Election",
    "Entrant",
    "FollowUp",
    "Goal",
    "GoalMeasure",
    "GoalProgress",
    "Idea",
    "IdeaStep",
    "KnowledgeItem",
    "KnowledgeVersion",
    "Liaison",
    "Mechanism",
    "MechanismStep",
    "Mentorship",
    "Nomination",
    "Participant",
    "PartyGroup",
    "PartyGroupMember",
    "PartyPost",
    "Practice",
    "PracticeCard",
    "ReadReceipt",
    "Reserve",
    "ReserveStep",
    "Resolution",
    "StudyItem",
    "Vision",
    "VisionReview",
    "Voter",
]

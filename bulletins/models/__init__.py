"""The nouns of bulletins, one file each kind."""

from bulletins.models.bulletins import Bulletin, Closing, CorrectionNote
from bulletins.models.displays import Display
from bulletins.models.heads import ChainHead
from bulletins.models.objections import Objection, ObjectionStep, ObjectionSupport
from bulletins.models.policies import BoardPolicy
from bulletins.models.reading import Receipt, Signature

__all__ = [
    "BoardPolicy",
    "Bulletin",
    "ChainHead",
    "Closing",
    "CorrectionNote",
    "Display",
    "Objection",
    "ObjectionStep",
    "ObjectionSupport",
    "Receipt",
    "Signature",
]

"""The nouns of incentives, one file each kind."""

from incentives.models.adjustments import Adjustment, Clause, Remedy
from incentives.models.awards import SpecialAward
from incentives.models.distributions import Distribution, DistributionLine, Exclusion, SignOff
from incentives.models.expenses import Expense
from incentives.models.ledger import Account, Entry, Transaction
from incentives.models.piecework import PieceItem, PieceRecord
from incentives.models.points import PointEntry, PointIndicator, PointMonth, PointScheme
from incentives.models.pools import Budget, Pool, UnitPool
from incentives.models.rules import BonusRule, BonusRuleVersion

__all__ = [
    "Account",
    "Adjustment",
    "BonusRule",
    "BonusRuleVersion",
    "Budget",
    "Clause",
    "Distribution",
    "DistributionLine",
    "Entry",
    "Exclusion",
    "Expense",
    "PieceItem",
    "PieceRecord",
    "PointEntry",
    "PointIndicator",
    "PointMonth",
    "PointScheme",
    "Pool",
    "Remedy",
    "SignOff",
    "SpecialAward",
    "Transaction",
    "UnitPool",
]

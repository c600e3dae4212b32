"""The nouns of the ground floor, one file each kind."""

from teams.models.attendance import Attendance, AttendanceMonth, Overtime, WorkDay
from teams.models.careers import CoefficientChange
from teams.models.imports import ImportBatch
from teams.models.people import Membership, UnitRole, User
from teams.models.records import Attachment, AuditEntry, AuditSeal
from teams.models.units import Team, Unit

__all__ = [
    "Attachment",
    "Attendance",
    "AttendanceMonth",
    "AuditEntry",
    "AuditSeal",
    "CoefficientChange",
    "ImportBatch",
    "Membership",
    "Overtime",
    "Team",
    "Unit",
    "UnitRole",
    "User",
    "WorkDay",
]

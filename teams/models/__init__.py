"""The nouns of the ground floor, one file each kind."""

from teams.models.accounts import FormerPassword, SignIn
from teams.models.attendance import Attendance, AttendanceCorrection, AttendanceMonth, Overtime, WorkDay
from teams.models.careers import Certificate, CoefficientChange, Honour
from teams.models.imports import ImportBatch
from teams.models.people import Membership, UnitRole, User
from teams.models.records import Attachment, AuditEntry, AuditSeal
from teams.models.units import Shift, Team, Unit
from teams.models.watches import Substitution, Watch

__all__ = [
    "Attachment",
    "Attendance",
    "AttendanceCorrection",
    "AttendanceMonth",
    "AuditEntry",
    "AuditSeal",
    "Certificate",
    "CoefficientChange",
    "FormerPassword",
    "Honour",
    "ImportBatch",
    "Membership",
    "Overtime",
    "Shift",
    "SignIn",
    "Substitution",
    "Team",
    "Unit",
    "UnitRole",
    "User",
    "Watch",
    "WorkDay",
]

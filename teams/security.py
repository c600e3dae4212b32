"""How strict the product is about accounts: one declared profile for each level of 等级保护 (GB/T 22239)."""

from dataclasses import dataclass

from django.conf import settings

POWERFUL = frozenset({"admin", "security", "auditor", "manager", "finance", "assessor"})
"""Unit roles that decide about people, scores or money."""


@dataclass(frozen=True)
class Profile:
    """The rules of one level. Lengths in signs, ages in days, the others in the unit of their name."""

    level: int
    name: str
    password_length: int = 8
    password_kinds: int = 3
    password_days: int = 90
    password_history: int = 5
    lockout_failures: int = 5
    lockout_minutes: int = 15
    idle_minutes: int = 30
    session_hours: int = 12
    one_session: bool = False
    two_factor_roles: frozenset = frozenset()
    one_time_password_days: int = 30


PROFILES = {
    2: Profile(2, "等保二级"),
    3: Profile(
        3,
        "等保三级",
        password_length=10,
        idle_minutes=15,
        session_hours=8,
        one_session=True,
        two_factor_roles=POWERFUL,
        one_time_password_days=7,
    ),
}


def profile():
    """The profile in force."""
    return PROFILES[settings.SECURITY_LEVEL]

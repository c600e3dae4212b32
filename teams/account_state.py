"""Reads about accounts: who is locked, who never came, who has two factors, and where a person is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q, Sum
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from teams.models import SignIn, UnitRole
from teams.security import profile

IDLE_DAYS = 90
"""After so many days without signing in an account is looked at: still needed, or to be deactivated?"""


def _recent_failures():
    since = timezone.now() - timedelta(minutes=profile().lockout_minutes)
    return AccessAttempt.objects.filter(attempt_time__gte=since)


def locked_numbers():
    """Employee numbers that wrong passwords lock at some address now."""
    failures = _recent_failures().values("username", "ip_address").annotate(times=Sum("failures_since_start"))
    return {row["username"] for row in failures.filter(times__gte=profile().lockout_failures)}


def failures_of(person):
    """How many wrong passwords were typed for a person within the time that counts."""
    return (
        _recent_failures()
        .filter(username=person.employee_no)
        .aggregate(Sum("failures_since_start", default=0))["failures_since_start__sum"]
    )


def not_activated(people):
    """Active accounts whose person has no own password yet."""
    return people.filter(Q(must_change_password=True) | Q(last_login__isnull=True), is_active=True)


def idle(people):
    """Active accounts that nobody has signed in with for long."""
    return people.filter(is_active=True, last_login__lt=timezone.now() - timedelta(days=IDLE_DAYS))


def locked(people):
    return people.filter(employee_no__in=locked_numbers())


def with_two_factors(people):
    holders = TOTPDevice.objects.filter(confirmed=True).values("user")
    return people.filter(is_active=True, pk__in=holders)


def without_two_factors(people):
    have = TOTPDevice.objects.filter(confirmed=True).values("user")
    return people.filter(is_active=True).exclude(pk__in=have)


def needing_two_factors(people):
    """Active accounts with a role that needs a second factor, and without one."""
    roles = UnitRole.objects.filter(ended_on__isnull=True, role__in=profile().two_factor_roles)
    return without_two_factors(people).filter(pk__in=roles.values("user"))


STATES = {
    # value in an address: (label, the people it leaves)
    "active": ("在用", lambda people: people.filter(is_active=True)),
    "closed": ("已停用", lambda people: people.filter(is_active=False)),
    "new": ("未激活", not_activated),
    "idle": (f"久未登录（{IDLE_DAYS} 天）", idle),
    "locked": ("已锁定", locked),
    "one-factor": ("没开两步验证", without_two_factors),
    "needs-two": ("该开没开两步验证", needing_two_factors),
}
"""The filters of the list of people."""


@dataclass(frozen=True)
class Place:
    """One place where a person is signed in; `seen` is the time of the last click."""

    sign_in: SignIn
    seen: datetime
    is_here: bool


def places_of(user, session_key):
    """Where a person is signed in now, the own session first, then the latest."""
    rows = list(SignIn.objects.filter(user=user, ended_at__isnull=True))
    sessions = Session.objects.in_bulk([row.session_key for row in rows])
    seen = {key: session.get_decoded().get("seen") for key, session in sessions.items()}
    places = [
        Place(row, _time(seen[row.session_key], row), row.session_key == session_key)
        for row in rows
        if row.session_key in seen
    ]
    earliest = timezone.now() - timedelta(minutes=profile().idle_minutes)
    return sorted(
        [place for place in places if place.is_here or place.seen > earliest], key=lambda place: not place.is_here
    )


def _time(seconds, row):
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone()) if seconds else row.started_at

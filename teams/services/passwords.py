"""Passwords: one-time ones, shown once and replaced at the first sign-in, and those that people choose."""

from django.db import transaction
from django.utils import timezone

from teams import audit
from teams.models import FormerPassword
from teams.passwords import one_time_password
from teams.security import profile
from teams.services.sessions import close_rows

CHANGED = ["password", "must_change_password", "password_set_at"]


@transaction.atomic
def issue_passwords(users, *, actor, unit):
    """Give each person a one-time password; returns [(user, password)], which is the only time it can be read."""
    issued = []
    for user in users:
        password = one_time_password()
        _set(user, password, must_change=True)
        close_rows(user)
        audit.record("password.issued", user, actor=actor, unit=unit)
        issued.append((user, password))
    return issued


@transaction.atomic
def choose_password(user, password, *, actor, unit):
    """Replace a person's password by an own one, which the rules allow; the last ones are kept so as not to come again."""
    _set(user, password, must_change=False)
    FormerPassword.objects.create(user=user, password=user.password)
    kept = FormerPassword.objects.filter(user=user).values("pk")[: profile().password_history]
    FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    audit.record("password.changed", user, actor=actor, unit=unit)


def _set(user, password, *, must_change):
    user.set_password(password)
    user.must_change_password = must_change
    user.password_set_at = timezone.now()
    user.save(update_fields=CHANGED)

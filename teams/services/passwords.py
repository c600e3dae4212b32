"""One-time passwords: shown once, on paper if need be, and replaced by an own one at the first sign-in."""

from django.db import transaction

from teams import audit
from teams.passwords import one_time_password


@transaction.atomic
def issue_passwords(users, *, actor, unit):
    """Give each person a one-time password; returns [(user, password)], which is the only time it can be read."""
    issued = []
    for user in users:
        password = one_time_password()
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        audit.record("password.issued", user, actor=actor, unit=unit)
        issued.append((user, password))
    return issued

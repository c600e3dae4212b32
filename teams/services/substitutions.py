"""Who covered whom: recorded by the team's people, withdrawn with a reason, never deleted."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import Membership, Substitution


@transaction.atomic
def record(team, date, user, covered, *, note, actor):
    """Note that `user` covered for `covered` on a day; returns the Substitution.

    Raises TeamError for a day to come, for people who were not both in the team on the day, and for a second record.
    """
    if date > timezone.localdate():
        raise TeamError("补位是已经发生的事，日期不能晚于今天。")
    if user == covered:
        raise TeamError("补位人和被补位人不能是同一个人，请重新选。")
    _require_members(team, date, [user, covered])
    facts = {"user": user, "covered": covered, "note": note, "recorded_by": actor}
    try:
        with transaction.atomic():
            found = Substitution.objects.create(team=team, date=date, **facts)
    except IntegrityError as error:
        raise TeamError(f"{date:%Y-%m-%d} {user}补{covered}已经登记过了，不用再登记。") from error
    audit.record("substitution.recorded", found, actor=actor, unit=team.unit, after={"note": note} if note else {})
    return found


def _require_members(team, date, people):
    there = set(Membership.objects.during(date, date).filter(team=team).values_list("user_id", flat=True))
    outside = [person.name for person in people if person.pk not in there]
    if outside:
        raise TeamError(f"{'、'.join(outside)} {date:%Y-%m-%d} 不在{team.name}，请核对人员和日期。")


@transaction.atomic
def withdraw(substitution, reason, *, actor):
    """The record was wrong: it stays readable, and counts no more."""
    valid = Substitution.objects.filter(pk=substitution.pk, withdrawn_at__isnull=True)
    if not valid.update(withdrawn_at=timezone.now()):
        raise StaleState("这条补位已经撤销过了。")
    audit.record(
        "substitution.withdrawn", substitution, actor=actor, unit=substitution.team.unit, after={"reason": reason}
    )

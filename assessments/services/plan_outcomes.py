"""What becomes of a plan: done by the sheet it asked for, open again when the sheet is voided, missed when its days are over."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import CheckPlan
from teams import audit
from teams.access import GRANTS
from teams.models import Membership

State = CheckPlan.State
AWAITED = (State.PLANNED, State.MISSED)
"""A sheet entered late for a day of the plan still makes it done; the sheet shows both times."""


def fulfil(check):
    """Let a sheet that was just filed do the plan it answers, if there is one; in the caller's transaction.

    The plan is of the same team and kind, the sheet's date one of its days, and a cross-check comes from the team drawn
    for it. The trail's entry of the sheet tells it. Returns the CheckPlan or None.
    """
    asked = CheckPlan.objects.filter(team=check.team, kind=check.kind, state__in=AWAITED)
    asked = asked.filter(due_from__lte=check.date, due_on__gte=check.date).filter(_by_the_right_people(check))
    for plan in asked.order_by("due_on", "id"):
        if CheckPlan.objects.filter(pk=plan.pk, state__in=AWAITED).update(state=State.DONE, check_made=check):
            return plan
    return None


def _by_the_right_people(check):
    own = Membership.objects.during(check.date, check.date).filter(
        user=check.checker_id, role__in=GRANTS["check.mutual"]
    )
    return Q(by_team__isnull=True) | Q(by_team__in=own.values("team"))


def reopen(check):
    """A sheet was voided as a whole: the plan it had done waits again, or counts as missed once its days are over."""
    plan = CheckPlan.objects.filter(check_made=check)
    over = Q(due_on__lt=timezone.localdate())
    plan.filter(over).update(state=State.MISSED, check_made=None)
    plan.exclude(over).update(state=State.PLANNED, check_made=None)


def settle(today):
    """Mark what was due before today and was not done as missed; repeating it changes nothing."""
    for plan in CheckPlan.objects.filter(state=State.PLANNED, due_on__lt=today).select_related("unit", "team"):
        with transaction.atomic():
            if CheckPlan.objects.filter(pk=plan.pk, state=State.PLANNED).update(state=State.MISSED):
                audit.record("plan.missed", plan, actor=None, unit=plan.unit)

"""What becomes of a plan: done by the sheet it asked for, open again when the sheet is voided, missed when its days are over.

A spot check is a duty from its day on: before, nothing that the checked can see tells of it.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities.duties import SPOT_CHECK, Occasion, source_about, title_of
from activities.services import duties
from assessments.models import Check, CheckPlan
from teams import audit
from teams.access import GRANTS
from teams.models import Membership

State = CheckPlan.State
AWAITED = (State.PLANNED, State.MISSED)
"""A sheet entered late for a day of the plan still makes it done; the sheet shows both times."""


def raise_due(today, plans=None):
    """Raise the duty of every spot check (or of those of `plans`) whose day has come; returns how many are new."""
    plans = CheckPlan.objects.all() if plans is None else plans
    begun = plans.filter(kind=Check.Kind.SPOT, state=State.PLANNED, due_from__lte=today)
    return duties.raise_once(SPOT_CHECK, [_occasion(plan) for plan in begun.select_related("team")])


def _occasion(plan):
    return Occasion(plan.team, plan.pk, title_of(SPOT_CHECK, plan.due_on), plan.due_on)


def fulfil(check):
    """Let a sheet that was just filed do the plan it answers, if there is one; in the caller's transaction.

    The plan is of the same team and kind, the sheet's date one of its days, and a cross-check comes from the team drawn
    for it. The trail's entry of the sheet tells it. Returns the CheckPlan or None.
    """
    asked = CheckPlan.objects.filter(team=check.team, kind=check.kind, state__in=AWAITED)
    asked = asked.filter(due_from__lte=check.date, due_on__gte=check.date).filter(_by_the_right_people(check))
    asked = asked.select_related("team")
    for plan in asked.order_by("due_on", "id"):
        if CheckPlan.objects.filter(pk=plan.pk, state__in=AWAITED).update(state=State.DONE, check_made=check):
            _fulfil_duty(plan, check)
            return plan
    return None


def _fulfil_duty(plan, check):
    """Today's is raised first where the night's run has not come yet."""
    if plan.kind == Check.Kind.SPOT:
        duties.raise_once(SPOT_CHECK, [_occasion(plan)])
        duties.fulfil(source_about(SPOT_CHECK, plan.pk), actor=check.checker)


def _by_the_right_people(check):
    own = Membership.objects.during(check.date, check.date).filter(
        user=check.checker_id, role__in=GRANTS["check.mutual"]
    )
    return Q(by_team__isnull=True) | Q(by_team__in=own.values("team"))


def reopen(check):
    """A sheet was voided as a whole: the plan it had done waits again, or counts as missed once its days are over."""
    plan = CheckPlan.objects.filter(check_made=check)
    for done in plan:
        duties.reopen(source_about(SPOT_CHECK, done.pk))
    over = Q(due_on__lt=timezone.localdate())
    plan.filter(over).update(state=State.MISSED, check_made=None)
    plan.exclude(over).update(state=State.PLANNED, check_made=None)


def settle(today):
    """Mark what was due before today and was not done as missed; repeating it changes nothing."""
    for plan in CheckPlan.objects.filter(state=State.PLANNED, due_on__lt=today).select_related("unit", "team"):
        with transaction.atomic():
            if CheckPlan.objects.filter(pk=plan.pk, state=State.PLANNED).update(state=State.MISSED):
                audit.record("plan.missed", plan, actor=None, unit=plan.unit)

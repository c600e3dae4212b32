"""Background work of the assessment floor: plain arguments, call a service, may run twice, safe to kill."""

import logging

from celery import shared_task
from django.utils import timezone

from assessments.errors import AssessmentError
from assessments.models import MonthClose
from assessments.services import closes, plan_outcomes, plans, studio_checks, title_checks
from teams import periods
from teams.models import Unit

log = logging.getLogger(__name__)


def wake(close_id):
    """Tell a worker that a close is waiting. If the broker is out of reach the sweep finds it within half a minute."""
    try:
        compute_close.delay(close_id)
    except Exception:
        log.warning("the broker is out of reach; the sweep will pick up close %s", close_id, exc_info=True)


def wake_refresh(unit_id, period):
    """Tell a worker that running scores are asked for; the sweep finds what the broker lost."""
    try:
        refresh_unit.delay(unit_id, period)
    except Exception:
        log.warning("the broker is out of reach; the sweep will refresh unit %s", unit_id, exc_info=True)


@shared_task(name="assessments.compute_close")
def compute_close(close_id):
    """Compute one requested month."""
    closes.compute(close_id)


@shared_task(name="assessments.refresh_unit")
def refresh_unit(unit_id, period):
    """The running scores of one unit, as somebody asked for them."""
    closes.refresh_running(Unit.objects.get(pk=unit_id), period)


@shared_task(name="assessments.sweep_closes")
def sweep_closes():
    """Send everything again that waits or whose worker died; the row decides whether there is anything to do."""
    for close in closes.due_for_work():
        wake(close.pk)
    for close in closes.refreshes_waiting():
        wake_refresh(close.unit_id, close.period)


@shared_task(name="assessments.request_past_month")
def request_past_month():
    """From the 1st on: ask for the past month of every unit that is still open; obstacles are kept for people to read."""
    period = periods.shift(periods.current_period(), -1)
    for unit in closes.units_with_teams(period):
        close = closes.close_of(unit, period)
        if close.state != MonthClose.State.OPEN:
            continue
        try:
            closes.request_computation(close, actor=None)
        except AssessmentError as error:
            closes.note_problem(close, f"{periods.day_text(timezone.localdate())}自动计算没有开始：{error}")
        except closes.StaleState:
            continue
        else:
            wake(close.pk)


@shared_task(name="assessments.refresh_running_scores")
def refresh_running_scores():
    """Every night: the running scores of the current month, and of the past one while it is still open."""
    current = periods.current_period()
    for period in (periods.shift(current, -1), current):
        for unit in closes.units_with_teams(period):
            closes.refresh_running(unit, period)


@shared_task(name="assessments.draw_spot_checks")
def draw_spot_checks():
    """Every Monday: the days of this week's spot checks of every unit for which a standard is in force."""
    today = timezone.localdate()
    for unit in closes.units_with_teams(periods.period_of(today)):
        if plans.draws_by_itself(unit, today):
            plans.draw_spot_checks(unit, plans.monday_of(today), actor=None)


@shared_task(name="assessments.settle_plans")
def settle_plans():
    """Every night: what was to be checked by yesterday and was not counts as missed."""
    plan_outcomes.settle(timezone.localdate())


@shared_task(name="assessments.check_studios")
def check_studios():
    """Every night: what the union has to decide about studios is written down."""
    studio_checks.keep(timezone.localdate())


@shared_task(name="assessments.check_titles")
def check_titles():
    """Every night: titles end with their day, and rechecks are opened."""
    title_checks.keep(timezone.localdate())

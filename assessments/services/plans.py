"""Checks to come: drawn by lot or set by hand, cancelled with a reason; a cross-check filed by the team drawn for it."""

import datetime
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.duties import SPOT_CHECK
from activities.services import duties
from assessments import selectors
from assessments.errors import AssessmentError, StaleState
from assessments.models import Check, CheckPlan
from assessments.plans import draws
from assessments.services import plan_outcomes
from assessments.services.checks import file_check
from teams import audit, periods
from teams.models import Team, Unit
from teams.workdays import workdays_among

State = CheckPlan.State
SPOT_CHECKS = 2
"""Spot checks that each team gets in a week."""
WEEK = datetime.timedelta(days=6)
CHANCE = secrets.SystemRandom()


def monday_of(day):
    """The first day of the week that a day belongs to."""
    return day - datetime.timedelta(days=day.weekday())


def draw_spot_checks(unit, monday, *, actor, number=SPOT_CHECKS, rng=CHANCE):
    """Draw the days of a week's spot checks for each team that has none of that week yet; returns how many teams.

    Days that are past are not drawn. Those who are checked see each of them on its day only, so the trail names none.
    """
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        drawn = {team: draws.days(days, number, rng) for team, days in days_to_draw(unit, monday).items() if days}
        CheckPlan.objects.bulk_create(
            _plan(team, Check.Kind.SPOT, day, day, shown_from=day, drawn_by=actor)
            for team, days in drawn.items()
            for day in days
        )
        if drawn:
            plan_outcomes.raise_due(timezone.localdate(), _spot_plans(unit, monday))
            after = {"kind": Check.Kind.SPOT, "week": f"{monday}", "teams": len(drawn), "each": number}
            audit.record("plan.drawn", unit, actor=actor, unit=unit, after=after)
    return len(drawn)


def days_to_draw(unit, monday):
    """{Team: days of the week from today on} of the teams whose spot checks of that week are still to be drawn.

    A rotating team works on all days, a day team on the working days of the calendar.
    """
    today = timezone.localdate()
    days = [monday + datetime.timedelta(days=step) for step in range(7)]
    works = workdays_among(days)
    coming = [day for day in days if day >= today]
    return {
        team: [day for day in coming if works[day] or team.shift_pattern == Team.ShiftPattern.ROTATING]
        for team in _teams(unit).exclude(pk__in=_spot_plans(unit, monday).values("team"))
    }


def _spot_plans(unit, monday):
    """All of the week, cancelled ones too: what was called off is not drawn again behind people's backs."""
    return CheckPlan.objects.filter(unit=unit, kind=Check.Kind.SPOT, due_on__range=(monday, monday + WEEK))


def _teams(unit):
    return Team.objects.open().filter(unit=unit)


def _plan(team, kind, first, last, *, shown_from, drawn_by, by_team=None):
    facts = {"kind": kind, "due_from": first, "due_on": last, "shown_from": shown_from, "drawn_by": drawn_by}
    return CheckPlan(unit_id=team.unit_id, team=team, by_team=by_team, **facts)


def draw_mutual_checks(unit, period, *, actor, sister=None, rng=CHANCE):
    """Draw who checks whom in a month, inside a unit or together with a sister unit; returns the number of pairs.

    Raises AssessmentError for a past month, for fewer than two teams, and when the month is drawn already.
    """
    units, today, last_day = [unit, *filter(None, [sister])], timezone.localdate(), periods.last_day(period)
    if last_day < today:
        raise AssessmentError(f"{periods.label(period)}已经过去，不能再抽互查。")
    with transaction.atomic():
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in units]).order_by("pk"))
        _refuse_second_draw(units, period)
        drawn = _drawn_pairs(units, rng)
        first = max(periods.first_day(period), today)
        CheckPlan.objects.bulk_create(
            _plan(checked, Check.Kind.MUTUAL, first, last_day, shown_from=today, drawn_by=actor, by_team=checker)
            for checker, checked in drawn.items()
        )
        after = {"kind": Check.Kind.MUTUAL, "period": period, "pairs": [f"{a} → {b}" for a, b in drawn.items()]}
        audit.record("plan.drawn", unit, actor=actor, unit=unit, after=after)
    return len(drawn)


def mutual_plans(units, period):
    """The cross-checks of a month that are not cancelled, of teams of these units."""
    days = (periods.first_day(period), periods.last_day(period))
    plans = CheckPlan.objects.filter(unit__in=units, kind=Check.Kind.MUTUAL, due_on__range=days)
    return plans.exclude(state=State.CANCELLED)


def _refuse_second_draw(units, period):
    drawn = mutual_plans(units, period).select_related("unit").first()
    if drawn:
        raise AssessmentError(
            f"{drawn.unit}{periods.label(period)}的互查已经抽过，没有再抽。要重抽，请先把这个月的互查逐条取消。"
        )


def _drawn_pairs(units, rng):
    groups = [list(_teams(unit)) for unit in units]
    groups = [teams for teams in groups if teams]
    if sum(map(len, groups)) < 2:
        raise AssessmentError("互查至少要有两个班组。可以选一个兄弟单位一起抽。")
    return draws.pairs(groups, last_pairs([team for teams in groups for team in teams]), rng)


def last_pairs(teams):
    """[(checker, checked)] that were drawn for these teams the last time, each checker's latest; cancelled ones do not count."""
    latest = {}
    plans = CheckPlan.objects.filter(kind=Check.Kind.MUTUAL, by_team__in=teams).exclude(state=State.CANCELLED)
    for plan in plans.select_related("by_team", "team").order_by("due_on", "id"):
        latest[plan.by_team] = plan.team
    return list(latest.items())


@transaction.atomic
def add_plan(team, kind, first, last, *, actor):
    """Set a check by the assessor for some days, known to the team at once; returns the CheckPlan.

    Raises AssessmentError for days that are past and for a second one of the kind with the same last day.
    """
    today = timezone.localdate()
    if last < today:
        raise AssessmentError("截止日期已经过去，请选今天或以后的日子。")
    try:
        with transaction.atomic():
            plan = _plan(team, kind, first, last, shown_from=today, drawn_by=actor)
            plan.save()
    except IntegrityError as error:
        raise AssessmentError(f"{team} {last:%Y-%m-%d} 已经安排了{Check.Kind(kind).label}，不用再安排。") from error
    plan_outcomes.raise_due(today, CheckPlan.objects.filter(pk=plan.pk))
    audit.record("plan.added", plan, actor=actor, unit=team.unit, after={"days": f"{first} – {last}"})
    return plan


@transaction.atomic
def cancel(plan, reason, *, actor):
    """Call a check off. Raises StaleState unless it is still to be made."""
    if not CheckPlan.objects.filter(pk=plan.pk, state=State.PLANNED).update(state=State.CANCELLED):
        raise StaleState("这个安排已经检查过、过期或取消了，请刷新页面再看。")
    duties.withdraw(SPOT_CHECK, [plan.pk], f"检查安排取消（{reason}）")
    audit.record("plan.cancelled", plan, actor=actor, unit=plan.unit, after={"reason": reason})


@transaction.atomic
def file_mutual(plan, **sheet):
    """File the cross-check that a plan asks for, as file_check does; returns the Check.

    Raises StaleState when the plan was done, cancelled or missed meanwhile: then nothing is stored.
    """
    check = file_check(plan.team, kind=Check.Kind.MUTUAL, **sheet)
    if not CheckPlan.objects.filter(pk=plan.pk, check_made=check).exists():
        raise StaleState("这次互查已经有人交了，或者已经取消、过期，这一张没有存下。")
    return check


def draws_by_itself(unit, day):
    """Whether spot checks of a unit are drawn every week without anybody asking: once a standard is in force for it."""
    return selectors.version_for(unit, periods.period_of(day)) is not None

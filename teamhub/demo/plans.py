"""Checks by arrangement in the running month: cross-checks drawn in pairs, spot checks by days, a special check to be made."""

import datetime
import random

from activities.duties import SPOT_CHECK, source_about
from activities.services import duties
from assessments.models import Check, CheckPlan
from assessments.services import plan_outcomes, plans
from teamhub.demo import checks
from teams import periods

WEEK = datetime.timedelta(days=7)
CALLED_OFF = "当天全厂停电检修，改到下一周"
SPECIAL_DAYS = datetime.timedelta(days=3)


def add(plant, months, today):
    """Draw, make and miss the checks of the month; `months` as the story has them. The visitor's own ones are left to do."""
    assessor = plant.holders["assessor"]
    for unit in plant.units:
        _cross_checks(unit, months, today, assessor)
    _spot_checks_so_far(months, today, assessor)
    plan_outcomes.settle(today)
    _spot_checks_to_come(plant, today, assessor)
    plans.add_plan(plant.teams[0].team, Check.Kind.SPECIAL, today, today + SPECIAL_DAYS, actor=assessor)


def _cross_checks(unit, months, today, assessor):
    """Drawn on the first of the month; every second pair has been there already, the visitor's team has not."""
    period, rng = periods.period_of(today), random.Random(f"teamhub: pairs {unit.name} {today}")
    plans.draw_mutual_checks(unit, period, actor=assessor, rng=rng)
    drawn = CheckPlan.objects.filter(unit=unit, kind=Check.Kind.MUTUAL)
    drawn.update(due_from=periods.first_day(period), shown_from=periods.first_day(period))
    for plan in drawn.select_related("team", "by_team").order_by("-by_team__position")[:2]:
        _make(months[plan.team.name], months[plan.by_team.name])


def _make(checked, checking):
    day = next((day for day in checked.days[4:] if checked.at_work(day) and checking.in_charge(day)), None)
    if day:
        found = [checks.Rubric(checked).finding(checked, day)]
        checks.inspect(checked, day, found, checking.in_charge(day), kind=Check.Kind.MUTUAL)


def _spot_checks_so_far(months, today, assessor):
    """Each spot check that was made had been drawn for its day; one that was drawn was not made."""
    made = Check.objects.filter(kind=Check.Kind.SPOT, period=periods.period_of(today), date__lt=today)
    by_day = {(check.team_id, check.date): check for check in made.select_related("team", "checker").order_by("id")}
    team, days = months["运行二值"].demo.team, months["运行二值"].days
    free = [day for day in days[:-1] if (team.pk, day) not in by_day]
    rows = [_plan(check.team, check.date, assessor) for check in by_day.values()]
    CheckPlan.objects.bulk_create(rows + [_plan(team, day, assessor) for day in free[-5:-4]])
    plan_outcomes.raise_due(today)
    for plan, check in zip(rows, by_day.values(), strict=True):
        CheckPlan.objects.filter(pk=plan.pk).update(state=CheckPlan.State.DONE, check_made=check)
        duties.fulfil(source_about(SPOT_CHECK, plan.pk), actor=check.checker, at=check.submitted_at)


def _plan(team, day, assessor):
    days = {"due_from": day, "due_on": day, "shown_from": day}
    return CheckPlan(unit_id=team.unit_id, team=team, kind=Check.Kind.SPOT, drawn_by=assessor, **days)


def _spot_checks_to_come(plant, today, assessor):
    """The rest of this week and the next one; one day of the last unit is called off."""
    rng = random.Random(f"teamhub: spots {today}")
    for unit in plant.units:
        for monday in (plans.monday_of(today), plans.monday_of(today) + WEEK):
            plans.draw_spot_checks(unit, monday, actor=None, rng=rng)
    coming = CheckPlan.objects.filter(unit=plant.units[-1], kind=Check.Kind.SPOT, due_on__gt=today)
    plans.cancel(coming.order_by("due_on", "id").last(), CALLED_OFF, actor=assessor)

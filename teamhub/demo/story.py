"""Three months of the plant: two lived, closed, divided, posted and published; the third running up to today."""

from django.db import transaction
from django.utils import timezone

from assessments import selectors
from assessments.inputs import fingerprint
from assessments.services import closes, standards
from assessments.services.conditions import set_not_applicable
from incentives.selectors import distribution_of
from incentives.services import approvals, distributions, pools, publishing, rules
from teamhub.demo import (
    activities,
    adjustments,
    applications,
    appraisals,
    attendance,
    boards,
    branch,
    checks,
    duties,
    events,
    ideas,
    knowledge,
    learning,
    name_lists,
    party,
    pieces,
    plans,
    programmes,
    rectifications,
    reviews,
    signatures,
    spending,
    studios,
    team_life,
    titles,
)
from teamhub.demo import standards as demo_standards
from teamhub.demo.plant import build, move_people
from teams import periods
from teams.once import once
from teams.services.attendance import approve_month, confirm_month

AWAY_TODAY = "运行一值"
"""The team whose leader a visitor plays: today's check and attendance are left to do."""
SIGNING = "运行三值"
"""The team whose members are still signing the past month's bonus."""
TWO_THIRDS = 6667
"""How many have to agree to a bonus, in hundredths of a percent."""
RESERVE = 500
"""How much of each pool stays in the team's reserve, in hundredths of a percent."""
LATE = "运行三值"
"""The team that hands in the month before TeamHub late: it waits for the manager."""


@transaction.atomic
def load(today=None):
    """Build the plant and let it live for three months up to today; all of it or nothing. Returns the token of its display."""
    today = today or timezone.localdate()
    current = periods.period_of(today)
    before_last, last = periods.shift(current, -2), periods.shift(current, -1)
    plant = build(today)
    _put_rules_in_force(plant, before_last)
    demo_standards.assign_owners(plant)
    _past_month(plant, before_last, today, events.first_month)
    _settle(plant, before_last)
    move_people(plant, periods.first_day(last))
    _past_month(plant, last, today, events.second_month)
    _running_month(plant, current, today)
    _late_month(plant.team(LATE), periods.shift(current, -3), today)
    demo_standards.further_versions(plant, current)
    duties.add(plant, today)
    appraisals.add(plant, today)
    party.add(plant, today)
    pieces.add(plant, today)
    branch.add(plant, today)
    ideas.add(plant, today)
    knowledge.add(plant)
    learning.add(plant, today)
    studios.add(plant, today)
    programmes.add(plant, today)
    applications.add(plant, today)
    reviews.add(plant, today)
    name_lists.add(plant, today)
    titles.add(plant, today)
    return boards.add_display(plant)


def _put_rules_in_force(plant, period):
    assessor, finance = plant.holders["assessor"], plant.holders["finance"]
    standard = standards.install_preset("standard_5x44", plant.root, actor=assessor)
    standards.put_in_force(standard, period, actor=assessor)
    rule = rules.install_preset("rule_attendance_work", plant.root, actor=finance)
    definition = rule.definition | {"consent": TWO_THIRDS, "reserve": RESERVE}
    rules.save_draft(rule, definition, fingerprint(rule.definition), actor=finance)
    rules.put_in_force(rule, period, actor=finance)


@once()
def _past_month(plant, period, today, add_events):
    months = [_live(plant, demo, period, today) for demo in plant.teams]
    add_events(plant, {month.demo.team.name: month for month in months})
    for month in months:
        _settle_attendance(month)
    for unit in plant.units:
        _close(plant, unit, period)
    for month in months:
        _pay(plant, month, today)


@once()
def _live(plant, demo, period, today):
    month = attendance.live(demo, period, today)
    _declare_not_applicable(plant, demo, period)
    checks.self_checks(month, today, filed_today=demo.team.name != AWAY_TODAY)
    checks.inspections(month, plant.holders["assessor"])
    return month


def _declare_not_applicable(plant, demo, period):
    codes = demo.profile.get("not_applicable")
    if codes:
        version = selectors.version_for(demo.team.unit, period)
        criteria = list(version.criteria.filter(code__in=codes))
        set_not_applicable(demo.team, period, criteria, actor=plant.holders["assessor"])


def _settle_attendance(month):
    saved = attendance.enter(month)
    confirm_month(saved, actor=month.demo.leader)
    approve_month(saved, actor=month.demo.manager)


def _close(plant, unit, period):
    assessor, close = plant.holders["assessor"], closes.close_of(unit, period)
    closes.request_computation(close, actor=assessor)
    closes.compute(close.pk)
    close.refresh_from_db()
    closes.confirm(close, actor=assessor)
    closes.finish(close, actor=assessor)


def _pay(plant, month, today):
    demo, finance = month.demo, plant.holders["finance"]
    score = selectors.team_score(demo.team, month.period).score
    pools.set_pool(demo.team, month.period, _pool(month, score), actor=finance)
    distribution = distributions.draft(demo.team, month.period, actor=demo.leader)
    approvals.propose(distribution, actor=demo.leader)
    if demo.team.name == SIGNING and month.period == periods.shift(periods.period_of(today), -1):
        signatures.half_signed(distribution, demo)
        return
    signatures.all_sign(distribution)
    approvals.approve(distribution, actor=demo.manager)
    approvals.post(distribution, actor=finance)
    publishing.publish_month(demo.team, month.period, actor=demo.manager)


@once()
def _settle(plant, period):
    """The payroll has paid everybody, on the day on which it was posted."""
    for demo in plant.teams:
        found = distribution_of(demo.team, period)
        approvals.settle(found, paid_on=timezone.localdate(), note="随次月工资发放", actor=plant.holders["finance"])


def _pool(month, score):
    """Heads × yuan per head × score ÷ 100, in fen."""
    return len(month.people) * month.demo.per_head * score // 100


def _running_month(plant, period, today):
    months = {demo.team.name: _live(plant, demo, period, today) for demo in plant.teams}
    events.running_month(plant, months)
    plans.add(plant, months, today)
    rectifications.add(plant, months)
    team_life.add(plant, months, today)
    boards.add(plant, today)
    for name, month in months.items():
        attendance.enter(month, without=[today] if name == AWAY_TODAY else [])
        if month.demo.team.unit.name != "燃料部":
            pools.set_pool(month.demo.team, period, _pool(month, 10000), actor=plant.holders["finance"])
    activities.add(plant, months, today)
    for unit in plant.units:
        closes.refresh_running(unit, period)
    spending.add(plant, months, today)
    adjustments.add(plant, today)


def _late_month(demo, period, today):
    saved = attendance.enter(attendance.live(demo, period, today))
    confirm_month(saved, actor=demo.leader)

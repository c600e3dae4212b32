"""Leader appraisals of the plant: last quarter's is closed, this one's is open and the visitors' own parts are to do."""

import datetime
import random

from assessments.appraisals.figures import points_of
from assessments.appraisals.presets import presets
from assessments.models import Appraisal
from assessments.services import appraisals
from teamhub.demo.events import WORKER
from teams.models import Membership

OWN_WORDS = ["安全上抓得紧，和年轻人谈心还不够。", "抢修多的时候脾气急，以后注意。", "带徒弟上手慢，下季度多手把手教。"]
SUPERIOR_WORDS = ["现场管得住，台账再及时一些。", "肯带头，要多放手让副班长干。", "任务完成得好，和兄弟班组多配合。"]
MEMBERS_WORDS = ["派活公平。", "早会可以短一点。", "有困难愿意帮。", "希望多教教新设备。", "考勤奖金都公开，没意见。"]
DAY = datetime.timedelta(days=1)
ODDS = (70, 24, 6)
"""Out of a hundred: how often an item is done well, fairly, and badly."""


def add(plant, today):
    """One unit had its round last quarter; now the visitors' unit has one that nobody but some members has answered."""
    unit = plant.units[0]
    demos = {demo.leader: demo for demo in plant.teams if demo.team.unit == unit}
    past = _open(unit, demos, f"{_quarter(today, -1)}班组长测评", (today - 40 * DAY, today))
    for about in past.leaders.select_related("leader", "team__unit", "appraisal"):
        _answer(about, demos[about.leader].manager)
    Appraisal.objects.filter(pk=past.pk).update(ends_on=today - 30 * DAY)
    past.refresh_from_db()
    appraisals.close(past, actor=past.opened_by)
    running = _open(unit, demos, f"{_quarter(today, 0)}班组长测评", (today - 2 * DAY, today + 7 * DAY))
    for about in running.leaders.select_related("leader", "team__unit", "appraisal"):
        _vote(about, _voters(about)[:4])


def _quarter(today, back):
    """The name of a quarter, e.g. "2026年三季度"."""
    number = today.year * 4 + (today.month - 1) // 3 + back
    return f"{number // 4}年{'一二三四'[number % 4]}季度"


def _open(unit, demos, title, days):
    preset = presets()["appraisal_behaviour"]
    facts = {name: getattr(preset, name) for name in ("items", "weights", "least_answers", "grades", "lowest_grade")}
    manager = next(iter(demos.values())).manager
    return appraisals.open_round(unit, actor=manager, title=title, opens_on=days[0], ends_on=days[1], **facts)


def _scores(rng, about):
    levels = rng.choices(range(len(ODDS)), ODDS, k=len(about.appraisal.items))
    return [points_of(level, item[2]) for level, item in zip(levels, about.appraisal.items, strict=True)]


def _answer(about, manager):
    rng = random.Random(f"teamhub: appraisal {about.team.name}")
    appraisals.rate_oneself(about, _scores(rng, about), rng.choice(OWN_WORDS), actor=about.leader)
    appraisals.rate_as_superior(about, _scores(rng, about), rng.choice(SUPERIOR_WORDS), actor=manager)
    _vote(about, _voters(about))


def _voters(about):
    """Members but the leader, and but the worker whom a visitor plays."""
    members = Membership.objects.open().filter(team=about.team).exclude(user=about.leader).select_related("user")
    return [row.user for row in members.exclude(user__employee_no=WORKER).order_by("user__employee_no")]


def _vote(about, voters):
    rng = random.Random(f"teamhub: ballots {about.team.name} {about.appraisal.title}")
    for voter in voters:
        words = rng.choice(MEMBERS_WORDS) if rng.random() < 0.4 else ""
        appraisals.vote(about, _scores(rng, about), words, actor=voter)

"""Rows of learning for tests."""

import datetime
import uuid

from django.utils import timezone

from activities.models import Activity, ActivityKind, Mentorship, Participant, Vision
from activities.services import contests, mentorships, practice, visions
from teams import periods

DAY = datetime.timedelta(days=1)
CONTEST = {
    "name": "消防水带连接比武",
    "subject": "person",
    "rules": "两人一组，接好出水为止。\n违规一次加 5 秒。",
    "lower_is_better": True,
    "measured_in": "秒",
}


def today():
    return timezone.localdate()


def kind(unit, code, **facts):
    first = {"name": code, "group": "study", "taking_part": "signed"}
    return ActivityKind.objects.get_or_create(unit=unit, code=code, defaults=first | facts)[0]


def record(kind_, *people, unit, actor, team=None, hours=100, date=None, **facts):
    """A kept activity in which these people took part."""
    date = date or today()
    period = periods.period_of(date)
    first = {"title": kind_.name, "privacy": "unit", "state": "kept", "source": uuid.uuid4(), "values": {}}
    months = {"period": period, "counts_in": period}
    whole = first | months | {"unit": unit, "team": team, "hours": hours, "recorded_by": actor} | facts
    found = Activity.objects.create(kind=kind_, date=date, **whole)
    Participant.objects.bulk_create(Participant(activity=found, user=user) for user in people)
    return found


def write_vision(user, statement="三年里考上技师", **facts) -> Vision:
    first = {"review_on": today() + 100 * DAY, "mentor": None, "is_shown": False}
    return visions.write(user, statement=statement, actor=user, **(first | facts))


def propose(team, mentor, apprentice, actor, starts_on=None) -> Mentorship:
    starts_on = starts_on or today()
    days = {"starts_on": starts_on, "ends_on": starts_on + 365 * DAY}
    aims = "一年里能独立值班。"
    return mentorships.propose(team, mentor=mentor, apprentice=apprentice, aims=aims, actor=actor, **days)


def running(team, mentor, apprentice, actor, starts_on=None) -> Mentorship:
    found = propose(team, mentor, apprentice, actor, starts_on)
    for user in (mentor, apprentice):
        mentorships.agree(found, actor=user)
    found.refresh_from_db()
    return found


def card(unit, actor, question="汽包水位计有几种？", trade=""):
    return practice.write_card(unit, question=question, answer="就地水位计和远传水位计。", trade=trade, actor=actor)


def contest(unit, actor, *holders, state="planned", **facts):
    """A contest with these entrants, brought as far as `state`: planned, running or ranked by ascending scores."""
    days = {"starts_on": today(), "ends_on": today()}
    found = contests.create(unit, actor=actor, **(CONTEST | days | facts))
    if holders:
        contests.enter(found, holders, actor=actor)
    if state != "planned":
        contests.start(found, actor=actor)
    if state == "ranked":
        rows = found.entrants.order_by("id")
        contests.enter_scores(found, {row: 1000 * (place + 1) for place, row in enumerate(rows)}, actor=actor)
        contests.rank(found, actor=actor)
    return found


def words_of(team, people):
    """Rows for the pages of a browser: {word: id}; `people` are by role."""
    leader, worker, manager, unit = people["leader"], people["worker"], people["manager"], team.unit
    others = [row.user for row in team.memberships.select_related("user") if row.user not in (leader, worker)]
    record(kind(unit, "team_class"), leader, worker, unit=unit, team=team, actor=leader, values={"speaker": worker.pk})
    vision = write_vision(worker, is_shown=True)
    vision.items.create(text="学电气识图", how="看书", due_on=today() + 30 * DAY)
    proposed, agreed = propose(team, leader, worker, leader), running(team, leader, others[0], leader)
    cards = [card(unit, leader), card(unit, leader, "为什么要疏水？", "汽机")]
    practice.answer(cards[0], "unknown", unit=unit, actor=worker)
    pair, ranked = (worker, leader), {"state": "ranked", "name": "焊工比武"}
    found = [
        contest(unit, manager, *pair),
        contest(unit, manager, *pair, state="running"),
        contest(unit, manager, *pair, **ranked),
    ]
    words = dict(zip(("contest", "running_contest", "ranked_contest"), found, strict=True))
    words |= {"vision": vision, "mentorship": proposed, "running_mentorship": agreed, "card": cards[0]}
    return {word: row.pk for word, row in words.items()}


def add_learnt(team, leader, worker):
    """A review of a vision and an answer to a card, which are kept for good."""
    visions.review(write_vision(worker), text="进步快", review_on=today() + DAY, actor=leader)
    practice.answer(card(team.unit, leader), "known", unit=team.unit, actor=worker)

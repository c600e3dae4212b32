"""What of team life waits for a person, for the home page: (title, detail, address, kind of state, word) of each line."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from activities import records, selectors
from activities.asked import kinds_by_code
from activities.cadence import CODE
from activities.duties import DAY
from activities.elections.reads import waiting_for as election_news_for
from activities.goals.lists import news_for as goal_news_for
from activities.ideas.lists import news_for as idea_news_for
from activities.knowledge.library import waiting_for as knowledge_for
from activities.learning.waiting import waiting_for as learning_for
from activities.models import Activity, Duty
from activities.party.reads import waiting_for as party_news_for
from activities.unit_due import own_dues

SOON = 7 * DAY
"""What is due later than in a week does not wait yet."""
MOST_TEAMS = 3
"""A kind that is due from so many teams has a line for each; from more teams it is one line that leads to their list."""
WAIT = ("wait", "待办")
DONE = ("ok", "已完成")
TODAY = "今天"
"""The word of what has to be done by the end of the day."""


def news_for(user, today):
    """Every line, the most urgent subjects first."""
    for source in (due_records, done_today, due_of_units, follow_ups, drafts):
        yield from source(user, today)
    for source in (election_news_for, idea_news_for, goal_news_for, _knowledge, _learning, party_news_for):
        yield from source(user)


def due_records(user, today):
    """Activities that are due by now or in a week; one tap leads to the form."""
    rows = selectors.still_open(selectors.own_duties(user)).filter(kind__startswith=CODE, opens_on__lte=today)
    found = defaultdict(lambda: defaultdict(list))
    for duty in rows.filter(due_on__lte=today + SOON).select_related("team").order_by("due_on", "id"):
        found[duty.kind][duty.team_id].append(duty)
    for code, teams in found.items():
        name = kinds_by_code()[code].name
        if len(teams) > MOST_TEAMS:
            yield name, f"{len(teams)} 个班组还没有记", f"{reverse('activities:duties')}?kind={code}", *WAIT
            continue
        for duties in teams.values():
            yield name, _due(duties), selectors.address_of(duties[0]), *_standing(duties[0].due_on, today)


def done_today(user, today):
    """Activities of today alone that are recorded, as the check and the attendance of the day are told."""
    rows = selectors.own_duties(user).filter(kind__startswith=CODE, opens_on=today, due_on=today, state=Duty.State.DONE)
    found = defaultdict(list)
    for duty in rows.select_related("team").order_by("team_id", "id"):
        found[duty.kind].append(duty)
    for code, duties in found.items():
        name, teams = kinds_by_code()[code].name, {duty.team_id for duty in duties}
        if len(teams) > MOST_TEAMS:
            address = f"{reverse('activities:duties')}?kind={code}&state=done"
            yield name, f"{len(teams)} 个班组今天已登记", address, *DONE
            continue
        for duty in duties:
            yield name, f"{duty.team.name}{duty.title}已登记", selectors.seen_at(duty), *DONE


def _due(duties):
    first = duties[0]
    more = f"，另外还有 {len(duties) - 1} 次" if len(duties) > 1 else ""
    return f"{first.team.name}{first.title}，{first.due_on:%Y-%m-%d} 到期{more}"


def _standing(due_on, today):
    """(kind of state, word) of something that waits and is due on a day."""
    return ("warn", "逾期") if due_on < today else ("wait", TODAY) if due_on == today else WAIT


def due_of_units(user, today):
    """Activities of the units in which the person has a role that records them."""
    for row in own_dues(user, today):
        if row.due_on <= today + SOON:
            detail = f"{row.unit}还没有记，{row.due_on:%Y-%m-%d} 到期"
            yield row.kind.name, detail, row.address, *_standing(row.due_on, today)


def follow_ups(user, today):
    """What the person took on in activities, where it is due within a week."""
    for row in records.open_follow_ups(user):
        if row.due_on <= today + SOON:
            detail, url = (
                f"{row.text}，{row.due_on:%Y-%m-%d} 前完成",
                reverse("activities:activity", args=[row.activity_id]),
            )
            yield "跟进事项", detail, url, *_standing(row.due_on, today)


def drafts(user, today):
    """Records that the person has begun and not kept."""
    rows = Activity.objects.filter(recorded_by=user, state=Activity.State.DRAFT).select_related("kind")
    for row in rows.order_by("date", "id"):
        address = reverse("activities:activity-edit", args=[row.pk])
        yield "活动草稿", f"{row.kind} {row.date:%Y-%m-%d}：{row.title}", address, "wait", "未登记"


def _knowledge(user):
    waiting = knowledge_for(user)
    words = (("审核经验", waiting.to_review), ("退回修改", waiting.returned), ("阅读签字", waiting.to_sign))
    for title, versions in words:
        for version in versions:
            yield title, version.title, reverse("activities:knowledge-version", args=[version.pk]), *WAIT


def _learning(user):
    today = timezone.localdate()
    for line in learning_for(user):
        until = f"，{line.due_on:%Y-%m-%d}" if line.due_on else ""
        yield "学习", f"{line.text}{until}", line.url, *(_standing(line.due_on, today) if line.due_on else WAIT)

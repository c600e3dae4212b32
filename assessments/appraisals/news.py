"""What the home page tells people about leader appraisals: what they have not answered yet, and what can be closed."""

import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assessments.appraisals.access import sides_of, waiting_for
from assessments.models import Appraisal, BallotGiven, LeaderAppraisal
from teams.access import access_of

SHOWN_FOR = datetime.timedelta(days=7)
"""How long a leader is told that the own result is there."""


def news_for(user):
    """(title, detail, address, kind of state, word) of each line for this person's home page."""
    access, today = access_of(user), timezone.localdate()
    begun = Appraisal.objects.filter(state=Appraisal.State.OPEN, opens_on__lte=today)
    yield from _own(user, access, begun.filter(ends_on__gte=today))
    units = access.unit_ids("appraisal.run")
    if units:
        yield from _to_run(user, units, begun)


def _own(user, access, rounds):
    """What the person has to answer, and as a leader the own results of the last days."""
    fresh = Q(appraisal__state=Appraisal.State.CLOSED, appraisal__closed_at__gte=timezone.now() - SHOWN_FOR)
    concerned = Q(leader=user) | Q(team__in=list(access.team_roles))
    rows = LeaderAppraisal.objects.filter(Q(concerned, appraisal__in=rounds) | Q(fresh, leader=user))
    rows = list(rows.select_related("appraisal", "leader", "team"))
    given = set(BallotGiven.objects.filter(about__in=rows, user=user).values_list("about", flat=True))
    lines = (_line(row, user, "member" in sides_of(user, row) and row.pk not in given) for row in rows)
    return filter(None, lines)


def _line(row, user, has_to_vote):
    """What the home page says of one leader's row; None when nothing waits."""
    found, is_leader = row.appraisal, row.leader_id == user.pk
    until = f"{found.title}，{found.ends_on:%Y-%m-%d} 截止"
    if found.state == Appraisal.State.CLOSED:
        detail = f"{found.title}已公布，看看我的得分和大家的意见"
        return "测评结果", detail, reverse("assessments:appraisal-leader", args=[row.pk]), "ok", "已公布"
    if is_leader and not row.own_scores:
        return "班组长自评", until, reverse("assessments:appraisal-self", args=[row.pk]), "wait", "待办"
    if has_to_vote:
        detail = f"给{row.leader}测评（不记名）：{until}"
        return "民主测评", detail, reverse("assessments:appraisal-vote", args=[row.pk]), "wait", "待办"
    return None


def _to_run(user, units, rounds):
    """For each round how many leaders still wait for the superior's answer, and whether it can be closed."""
    reached = rounds.annotate(waiting=Count("leaders", filter=waiting_for(user, units, of="leaders__")))
    for found in reached.filter(Q(waiting__gt=0) | Q(unit__in=units)):
        address = reverse("assessments:appraisal", args=[found.pk])
        if found.waiting:
            yield "评价班组长", f"{found.title}：还有 {found.waiting} 名班组长没有上级评价", address, "wait", "待办"
        if found.unit_id in units and found.is_past:
            detail = f"{found.title} {found.ends_on:%Y-%m-%d} 已截止，可以结束并公布结果"
            yield "结束测评", detail, address, "warn", "已截止"

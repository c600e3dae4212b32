"""What the home page tells people about leader appraisals: what they have not answered yet, and what can be closed."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Appraisal, BallotGiven, LeaderAppraisal
from teams.access import access_of


def news_for(user):
    """(title, detail, address, kind of state, word) of each line for this person's home page."""
    access, today = access_of(user), timezone.localdate()
    begun = Appraisal.objects.filter(state=Appraisal.State.OPEN, opens_on__lte=today)
    yield from _own(user, access, begun.filter(ends_on__gte=today))
    units = access.unit_ids("appraisal.run")
    if units:
        yield from _to_run(user, units, begun)


def _own(user, access, rounds):
    concerned = Q(leader=user) | Q(team__in=list(access.team_roles))
    rows = LeaderAppraisal.objects.filter(concerned, appraisal__in=rounds).select_related("appraisal", "leader")
    rows = list(rows)
    given = set(BallotGiven.objects.filter(about__in=rows, user=user).values_list("about", flat=True))
    for row in rows:
        until = f"{row.appraisal.title}，{row.appraisal.ends_on:%Y-%m-%d} 截止"
        if row.leader_id == user.pk and not row.own_scores:
            address = reverse("assessments:appraisal-self", args=[row.pk])
            yield "班组长自评", until, address, "wait", "待办"
        elif row.leader_id != user.pk and row.team_id in access.team_roles and row.pk not in given:
            address = reverse("assessments:appraisal-vote", args=[row.pk])
            yield "民主测评", f"给{row.leader}测评（不记名）：{until}", address, "wait", "待办"


def _to_run(user, units, rounds):
    """For each round how many leaders still wait for the superior's answer, and whether it can be closed."""
    waiting = Q(leaders__team__unit__in=units, leaders__superior__isnull=True) & ~Q(leaders__leader=user)
    reached = rounds.annotate(waiting=Count("leaders", filter=waiting))
    for found in reached.filter(Q(waiting__gt=0) | Q(unit__in=units)):
        address = reverse("assessments:appraisal", args=[found.pk])
        if found.waiting:
            yield "评价班组长", f"{found.title}：还有 {found.waiting} 名班组长没有上级评价", address, "wait", "待办"
        if found.unit_id in units and found.ends_on < timezone.localdate():
            detail = f"{found.title} {found.ends_on:%Y-%m-%d} 已截止，可以结束并公布结果"
            yield "结束测评", detail, address, "warn", "已截止"

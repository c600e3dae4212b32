"""Scores, ranks, attendance and rectifications, for goals that are read from them (see activities.goals.figures)."""

from collections import defaultdict

from django.db.models import Count, Q
from django.utils import timezone

from activities.goals.figures import PERSON, TEAM, UNIT, RealFigure, by_owner, level_of, monthly, span_of
from assessments.models import MemberScore, Rectification, TeamScore
from assessments.scoring import divide_half_up
from teams.access import subtree_ids
from teams.attendance_sheet import WORKED
from teams.models import Attendance

NOT_DUE = (Attendance.Code.REST, Attendance.Code.SECONDED)
"""Days on which nobody was expected in the team."""


def _scores(goals):
    """Month scores of teams and people, running ones too; of a unit the mean of its teams."""
    units = {unit for goal in by_owner(goals, UNIT) for unit in subtree_ids(goal.unit)}
    whose = Q(team__in=[goal.team_id for goal in by_owner(goals, TEAM)]) | Q(close__unit__in=units)
    teams = TeamScore.objects.filter(whose, period__range=span_of(goals))
    found = defaultdict(dict)
    for team, unit, month, score in teams.order_by("period").values_list("team", "close__unit", "period", "score"):
        found["team", team][month] = score
        found["unit", unit].setdefault(month, []).append(score)
    people = [goal.user_id for goal in by_owner(goals, PERSON)]
    members = MemberScore.objects.filter(period__range=span_of(goals), user__in=people)
    for user, month, score in members.values_list("user", "period", "score").order_by("period"):
        found["user", user][month] = score
    return {goal.pk: monthly(goal, _score_of(goal, found)) for goal in goals}


def _score_of(goal, found):
    if level_of(goal) != UNIT:
        return found["user", goal.user_id] if goal.user_id else found["team", goal.team_id]
    months = defaultdict(list)
    for unit in subtree_ids(goal.unit):
        for month, scores in found["unit", unit].items():
            months[month] += scores
    return {month: divide_half_up(sum(scores), len(scores)) for month, scores in months.items()}


def _ranks(goals):
    mine = by_owner(goals, TEAM)
    rows = TeamScore.objects.filter(team__in=[goal.team_id for goal in mine], period__range=span_of(goals))
    ranks = defaultdict(dict)
    for team, month, rank in rows.order_by("period").values_list("team", "period", "rank"):
        ranks[team][month] = 100 * rank
    return {goal.pk: monthly(goal, ranks[goal.team_id]) for goal in mine}


def _attendance(goals):
    """Days worked of the days on which people were expected, in hundredths of a percent."""
    mine = by_owner(goals, TEAM)
    rows = Attendance.objects.filter(team__in=[goal.team_id for goal in mine], period__range=span_of(goals))
    counts = {"due": Count("pk"), "worked": Count("pk", filter=Q(code__in=WORKED))}
    rows = rows.exclude(code__in=NOT_DUE).order_by().values("team", "period").annotate(**counts)
    rates = defaultdict(dict)
    for team, month, due, worked in rows.values_list("team", "period", "due", "worked"):
        rates[team][month] = divide_half_up(worked * 10000, due)
    return {goal.pk: monthly(goal, rates[goal.team_id]) for goal in mine}


def _open_rectifications(goals):
    """How many findings still have to be put right today."""
    rows = Rectification.objects.exclude(state=Rectification.State.CLOSED).filter(finding__voided_at__isnull=True)
    counts = defaultdict(int)
    for team, unit, number in rows.order_by().values_list("team", "team__unit").annotate(Count("pk")):
        counts["team", team] += number
        counts["unit", unit] += number
    mine = by_owner(goals, TEAM) + by_owner(goals, UNIT)
    return {goal.pk: [(timezone.localdate(), 100 * _open_of(goal, counts))] for goal in mine}


def _open_of(goal, counts):
    if goal.team_id:
        return counts["team", goal.team_id]
    return sum(counts["unit", unit] for unit in subtree_ids(goal.unit))


FIGURES = [
    RealFigure("score", "月度得分", "分", frozenset({UNIT, TEAM, PERSON}), False, _scores),
    RealFigure("rank", "单位内名次", "名", frozenset({TEAM}), True, _ranks),
    RealFigure("attendance", "出勤率", "%", frozenset({TEAM}), False, _attendance),
    RealFigure("open_rectifications", "没有闭环的整改", "条", frozenset({TEAM, UNIT}), True, _open_rectifications),
]

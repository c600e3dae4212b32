"""The scores of a team as a first version would compute them: objects one by one, asking for what each refers to."""

from collections import Counter

from assessments import scoring, selectors
from assessments.models import Finding, MemberScore, TeamScore
from teams.models import Attendance, Membership, Overtime


def score(close, team):
    """Compute and save the scores of a team and its members, but for rank, late corrections and moves within the month."""
    yardstick = selectors.yardstick_of(selectors.version_for(close.unit, close.period))
    of_team = Finding.objects.filter(team=team, period=close.period, voided_at=None).order_by("date", "id")
    result = scoring.score_team(yardstick, [(_code(finding), finding.points) for finding in of_team])
    figures = {"score": result.score, "awards": result.awards, "grade": result.grade, "categories": []}
    lines = [_line(finding) for finding in of_team]
    TeamScore.objects.create(close=close, team=team, period=close.period, rank=1, lines=lines, **figures)
    for membership in Membership.objects.filter(team=team):
        _score_member(close, yardstick, membership, of_team.filter(person=membership.user))


def _score_member(close, yardstick, membership, findings):
    days = Attendance.objects.filter(user=membership.user, team=membership.team, period=close.period)
    overtime = Overtime.objects.filter(user=membership.user, team=membership.team, period=close.period).first()
    MemberScore.objects.create(
        close=close,
        team=membership.team,
        user=membership.user,
        period=close.period,
        score=scoring.score_member(yardstick, [finding.points for finding in findings]),
        coefficient=membership.coefficient,
        codes=Counter(day.code for day in days),
        overtime=overtime.hours if overtime else 0,
        lines=[_line(finding) for finding in findings],
    )


def _code(finding):
    return finding.criterion.code if finding.criterion else None


def _line(finding):
    return {
        "checker": finding.on_sheet.checker.name if finding.on_sheet.checker else "",
        "code": _code(finding),
        "date": str(finding.date),
        "id": finding.pk,
        "kind": finding.on_sheet.get_kind_display(),
        "name": finding.criterion.name if finding.criterion else "",
        "note": finding.note,
        "person": finding.person_id,
        "person_name": finding.person.name if finding.person else "",
        "points": finding.points,
    }

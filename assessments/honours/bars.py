"""What keeps somebody from being named on a day, in sentences: recorded cases, and months with a veto in the closed scores."""

import calendar
from collections import defaultdict

from django.db.models import Q

from assessments.honours.content import CASES, CLOSED_MONTH, bar_months
from assessments.models import Bar, MonthClose, TeamScore
from teams import periods
from teams.access import access_of, lines_by_unit
from teams.models import Team, User
from teams.selectors import with_words


def barred_until(happened_on, months):
    """The first day that is free again: the same day so many calendar months later, or the last one of a shorter month."""
    month = happened_on.year * 12 + happened_on.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return happened_on.replace(year=year, month=month, day=min(happened_on.day, calendar.monthrange(year, month)[1]))


def sentence(code, text, happened_on, months):
    """What a case says against a name."""
    until = barred_until(happened_on, months)
    return f"{happened_on} {CASES.get(code, code)}：{text}，{months} 个月内不能参评（到 {until}）"


def holds(happened_on, months, on):
    """Whether a case of that day bars on another day: from its own day until before it is free again."""
    return happened_on <= on < barred_until(happened_on, months)


def bars_of(subject, programme, on):
    """Sentences about what keeps a Team, User or Studio from the programme's honour on a day; [] when nothing does.

    A team and a studio answer for cases of their unit and the units above as well, a studio for those of its leader; a
    person only for the own ones.
    """
    return bars_by_subject([subject], programme.conditions, on)[subject]


def bars_by_subject(subjects, conditions, on):
    """{subject: sentences as of bars_of} of several, by the conditions of a programme or a frozen round; few queries."""
    months, found = bar_months(conditions), {subject: [] for subject in subjects}
    cases = [case for case in _cases(subjects, months) if holds(case.happened_on, months[case.code], on)]
    lines = lines_by_unit({subject.unit_id for subject in subjects if not isinstance(subject, User)})
    for subject, said in found.items():
        said += [
            sentence(case.code, case.text, case.happened_on, months[case.code])
            for case in cases
            if _concerns(case, subject, lines)
        ]
    for team, said in _vetoed_months(subjects, months.get(CLOSED_MONTH, 0), on).items():
        found[team] += said
    return found


def _cases(subjects, months):
    """Bars that hold and may concern one of the subjects."""
    people = {subject.pk for subject in subjects if isinstance(subject, User)}
    people |= {subject.leader_id for subject in subjects if hasattr(subject, "leader_id")}
    teams = [subject.pk for subject in subjects if isinstance(subject, Team)]
    whole_units = Q(team__isnull=True, user__isnull=True)
    rows = Bar.objects.filter(whole_units | Q(team__in=teams) | Q(user__in=people), lifted_on__isnull=True)
    return list(rows.filter(code__in=months).order_by("happened_on", "id"))


def _concerns(case, subject, lines):
    if isinstance(subject, User):
        return case.user_id == subject.pk
    if case.user_id:
        return case.user_id == getattr(subject, "leader_id", None)
    if case.team_id:
        return isinstance(subject, Team) and case.team_id == subject.pk
    return case.unit_id in lines[subject.unit_id]


def _vetoed_months(subjects, months, on):
    """{team: sentences} about closed months with a veto that still bar."""
    teams, found = {subject.pk: subject for subject in subjects if isinstance(subject, Team)}, defaultdict(list)
    since = periods.shift(periods.period_of(on), -months)
    rows = TeamScore.objects.filter(team__in=teams, vetoed=True, close__state=MonthClose.State.CLOSED)
    rows = rows.filter(period__gte=since).order_by("period") if months else rows.none()
    for row in rows:
        last = periods.last_day(row.period)
        if holds(last, months, on):
            text = f"{periods.label(row.period)} {row.veto_reason}".strip()
            found[teams[row.team_id]].append(sentence(CLOSED_MONTH, text, last, months))
    return found


def listed(user, *, q="", state=""):
    """Cases of the units whose programmes the person manages, narrowed; those taken back only when asked for."""
    units = access_of(user).unit_ids("programme.manage")
    rows = Bar.objects.filter(unit__in=units, lifted_on__isnull=state != "lifted")
    found = with_words(
        rows, q, "text__icontains", "team__name__icontains", "user__name__icontains", "unit__name__icontains"
    )
    return found.select_related("unit", "team", "user", "recorded_by")

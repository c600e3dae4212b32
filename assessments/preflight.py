"""What the month of a unit still lacks: what stops the computing, and what one should know before confirming.

A number of queries that does not grow with units, teams or people.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.urls import reverse

from activities.duties import SELF_CHECK, opens
from activities.models import Duty
from activities.selectors import COUNTED_APART, OTHER_KINDS, calendar, rules_for, undone
from assessments.models import Check, Rectification
from assessments.selectors import versions_for
from teams import periods
from teams.attendance_sheet import WORKED
from teams.models import Attendance, AttendanceMonth, Team
from teams.services.attendance import too_early_to_confirm

STANDARD = "考核标准"
"""The title of the lack of a standard."""
MOST_DAYS = 5
"""So many days are named; the page behind the link shows all of them."""


@dataclass(frozen=True)
class Place:
    """Where something is to be done: whose it is, how it stands there, and the page."""

    label: str
    detail: str
    url: str


@dataclass(frozen=True)
class Lack:
    """One kind of thing that is missing; a `must` stops the computing. `sentence` says it in full."""

    is_must: bool
    title: str
    sentence: str
    places: tuple


def musts(units, period):
    """{unit id: the Lacks that stop the computing of its month}; four queries."""
    teams, versions = teams_of(units, period), versions_for([unit.pk for unit in units], period)
    states = _attendance_states(teams, period)
    return {unit.pk: _musts(unit, period, teams[unit.pk], versions[unit.pk], states) for unit in units}


def teams_of(units, period):
    """{unit id: its Teams that existed in a month, in display order}."""
    found = {unit.pk: [] for unit in units}
    existed = Team.objects.in_period(periods.first_day(period), periods.last_day(period))
    for team in existed.filter(unit__in=found):
        found[team.unit_id].append(team)
    return found


def _attendance_states(teams, period):
    months = AttendanceMonth.objects.filter(team__in=_all(teams), period=period)
    return dict(months.values_list("team_id", "state"))


def _all(teams):
    return [team for found in teams.values() for team in found]


def _musts(unit, period, teams, version, states):
    if not teams:
        return [Lack(True, "班组", f"{unit}在{periods.label(period)}没有班组。", ())]
    if period > periods.current_period():
        return [Lack(True, "还没到这个月", f"还没到{periods.label(period)}，到了月底再算。", ())]
    found = [] if version else [_no_standard(period)]
    waiting = [team for team in teams if states.get(team.pk) != AttendanceMonth.State.APPROVED]
    return [*found, _attendance(waiting, states, period)] if waiting else found


def _no_standard(period):
    sentence = f"{periods.label(period)}没有执行中的考核标准，请先在“考核标准”里启用一个。"
    return Lack(True, STANDARD, sentence, (Place("考核标准", "去启用", reverse("assessments:standards")),))


def _attendance(teams, states, period):
    names = "、".join(team.name for team in teams)
    early = too_early_to_confirm(period)
    words = {AttendanceMonth.State.CONFIRMED: "等负责人审批"}
    draft = "月底再确认" if early else "等班组长确认"
    places = [_place(team, words.get(states.get(team.pk), draft), "teams:attendance", period) for team in teams]
    sentence = f"考勤还没有审批的班组：{names}。{early or '请班组长确认'}、单位负责人审批后再计算。"
    return Lack(True, "考勤", sentence, tuple(places))


def _place(team, detail, page, period):
    return Place(team.name, detail, reverse(page, args=[team.pk, period]))


def shoulds(units, period, today):
    """{unit id: the Lacks of its month that only warn: open rectifications, days without a self check, missed duties}."""
    teams = teams_of(units, period)
    kinds = (
        ("未闭环的整改", "计入本月的问题还没有整改完，关账以后照样要办。", _rectifications(teams, period)),
        (
            "没有自查的日子",
            "应当自查、又没有交自查的日子；没查不等于没问题。",
            _days_without_check(teams, period, today),
        ),
        ("没有办的待办", "过了日子没有办的事。", _missed_duties(teams, period, today)),
    )
    return {
        unit.pk: [
            Lack(False, title, sentence, places)
            for title, sentence, found in kinds
            if (places := tuple(found[team.pk] for team in teams[unit.pk] if team.pk in found))
        ]
        for unit in units
    }


def _rectifications(teams, period):
    rows = Rectification.objects.exclude(state=Rectification.State.CLOSED)
    rows = rows.filter(team__in=_all(teams), finding__period=period, finding__voided_at__isnull=True)
    counts = rows.order_by().values("team").annotate(count=Count("pk"), since=Min("finding__date"))
    told = {row["team"]: f"{row['count']} 条，最早 {periods.day_text(row['since'])}查出" for row in counts}
    page = reverse("assessments:rectifications")
    named = [team for team in _all(teams) if team.pk in told]
    return {team.pk: Place(team.name, told[team.pk], f"{page}?tab=units&team={team.pk}") for team in named}


def _missed_duties(teams, period, today):
    """What was due by yesterday, besides self checks and rectifications, which are counted on their own."""
    rows = Duty.objects.filter(undone(today), team__in=_all(teams), period=period).exclude(kind__in=COUNTED_APART)
    told = dict(rows.order_by().values("team").annotate(count=Count("pk")).values_list("team", "count"))
    page = f"{reverse('activities:duties')}?state=undone&kind={OTHER_KINDS}&period={periods.dashed(period)}"
    named = [team for team in _all(teams) if team.pk in told]
    return {team.pk: Place(team.name, f"{told[team.pk]} 件", f"{page}&team={team.pk}") for team in named}


def _days_without_check(teams, period, today):
    """Of each team the days up to yesterday on which a self check was due, by rule, shift and attendance, and none came."""
    every = _all(teams)
    rules, works = rules_for(list(teams)), calendar()
    excused = _checked(every, period) | _waived(every, period) | _resting(every, period)
    days = [day for day in periods.days_of(period) if day < today]
    found = {}
    for team in every:
        missing = [day for day in days if (team.pk, day) not in excused and _is_due(team, day, rules, works)]
        if missing:
            found[team.pk] = _place(team, _days(missing), "assessments:checks", period)
    return found


def _is_due(team, day, rules, works):
    is_on = rules[team.unit_id][SELF_CHECK.code].is_on
    return team.existed(day, day) and is_on and opens(SELF_CHECK, team.shift_pattern, day, works)


def _checked(teams, period):
    days = (periods.first_day(period), periods.last_day(period))
    sheets = Check.objects.valid().filter(team__in=teams, kind=Check.Kind.SELF, date__range=days)
    return set(sheets.order_by().values_list("team_id", "date"))


def _waived(teams, period):
    duties = Duty.objects.filter(kind=SELF_CHECK.code, team__in=teams, period=period, state=Duty.State.WAIVED)
    return set(duties.order_by().values_list("team_id", "due_on"))


def _resting(teams, period):
    """(team id, day) of days on which attendance was kept and nobody worked."""
    worked = defaultdict(int)
    rows = Attendance.objects.filter(team__in=teams, period=period).order_by().values("team_id", "date")
    for row in rows.annotate(worked=Count("pk", filter=Q(code__in=list(WORKED)))):
        worked[row["team_id"], row["date"]] += row["worked"]
    return {place for place, count in worked.items() if not count}


def _days(days):
    named = "、".join(periods.day_text(day) for day in days[:MOST_DAYS])
    return f"{len(days)} 天：{named}{'等' if len(days) > MOST_DAYS else ''}"

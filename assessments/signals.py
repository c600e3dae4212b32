"""Signals of honesty: what in the records makes one ask, never what proves anything or costs a point.

Pure functions over sheets; selectors of what they need are at the end. A signal names the rows that it stands on.
"""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from assessments.models import Check, Finding
from assessments.selectors import checks_made
from teams import periods
from teams.access import subtree_ids
from teams.models import Team

LATE = datetime.timedelta(days=2)
BURST, BURST_WITHIN = 5, datetime.timedelta(minutes=10)
SAME_FOUND, SAME_CLEAN = 5, 20
LOOK_BACK = datetime.timedelta(days=60)
ENOUGH_SHEETS = 20
"""With fewer sheets in the time looked back on, no deduction means nothing."""
MEANINGS = {
    "补录很晚": "检查过了两天以上才交。记性靠不住，当天记的才准。",
    "集中补": "不同日子的检查，10 分钟里交了 5 张以上。",
    "天天一样": "连着 5 张以上自查记的完全一样；或连着 20 张以上全部正常，而同一周别人来查查出了问题。",
    "照片用过两次": "同一张照片出现在两条以上的记录里。",
    "从不扣分": "60 天的自查没有扣过分，而同单位别的班组扣过。",
}


@dataclass(frozen=True)
class Sheet:
    """A sheet as the signals see it: `found` are its deductions as sorted pairs (item, points)."""

    pk: int
    team: int
    kind: str
    date: datetime.date
    shift: str
    submitted_at: datetime.datetime
    found: tuple = ()
    entered: bool = True

    @property
    def is_self(self):
        return self.kind == Check.Kind.SELF

    @property
    def label(self):
        return f"{periods.day_text(self.date)}{Check.Shift(self.shift).label}{Check.Kind(self.kind).label}"

    @property
    def detail(self):
        """When it was handed in."""
        at = timezone.localtime(self.submitted_at)
        return f"{periods.day_text(at)} {at:%H:%M} 提交"


@dataclass(frozen=True)
class PhotoUse:
    """A finding that shows a photo; the same picture has the same `sha256`."""

    finding: int
    team: int
    date: datetime.date
    item: str
    sha256: str

    @property
    def label(self):
        return f"{periods.day_text(self.date)} {self.item}"


@dataclass(frozen=True)
class Question:
    """What one may ask a team, and the sheets or photo uses that make one ask."""

    team: int
    text: str
    rows: tuple


@dataclass(frozen=True)
class Signal:
    """A kind of question: its name, what it means, the questions there are, and the Teams they are about by id."""

    name: str
    meaning: str
    questions: list
    teams: dict

    @property
    def word(self):
        return f"{len(self.questions)} 处"

    @property
    def shown(self):
        """Pairs (Question, Team)."""
        return [(question, self.teams[question.team]) for question in self.questions]


def late_entries(sheets, month):
    """Sheets of the month handed in more than two days after the shift's date."""
    late = [sheet for sheet in sheets if sheet.entered and _of(sheet, month) and _delay(sheet) > LATE]
    return [
        Question(team, f"可以问问：这 {len(rows)} 张隔了两天以上才交，当时是怎么记下来的？", tuple(rows))
        for team, rows in _by_team(late)
    ]


def bursts(sheets, month):
    """Five sheets or more of different days that a team handed in within ten minutes."""
    questions = []
    for team, rows in _by_team([sheet for sheet in sheets if sheet.entered]):
        found = [sheet for sheet in _crowded(rows) if _of(sheet, month)]
        if found:
            text = f"可以问问：这 {len(found)} 张是一口气补交的吗？当天的情况是谁记的？"
            questions.append(Question(team, text, tuple(found)))
    return questions


def same_every_day(sheets, month):
    """Self checks that find the same again and again, or nothing for long while inspections of those weeks found something."""
    inspected = {(sheet.team, _week(sheet)) for sheet in sheets if not sheet.is_self and sheet.found}
    own = sorted((sheet for sheet in sheets if sheet.is_self), key=_when)
    questions = []
    for team, rows in _by_team(own):
        for found, run in groupby(rows, key=lambda sheet: sheet.found):
            text = _about_run(found, tuple(run), inspected, month)
            questions += [Question(team, *text)] if text else []
    return questions


def _about_run(found, run, inspected, month):
    if not _of(run[-1], month):
        return None
    if found and len(run) >= SAME_FOUND:
        return f"可以问问：连着 {len(run)} 张自查记的一模一样，是一直没整改，还是照着上一张填的？", run
    if not found and len(run) >= SAME_CLEAN and inspected & {(sheet.team, _week(sheet)) for sheet in run}:
        return f"可以问问：连着 {len(run)} 张自查都是全部正常，同一周的检查却查出了问题，差在哪里？", run
    return None


def photos_used_twice(uses, month):
    """A photo of the month that stands in two findings."""
    found = defaultdict(list)
    for use in uses:
        found[use.sha256].append(use)
    return [
        Question(rows[-1].team, "可以问问：这几条用的是同一张照片，是同一件事吗？", tuple(rows))
        for rows in found.values()
        if len({use.finding for use in rows}) > 1 and any(_of(use, month) for use in rows)
    ]


def never_deducts(sheets, units, last):
    """Teams whose self checks found nothing in the sixty days up to `last`, while those of another team of the unit did.

    `units` is {team: unit}.
    """
    own = [sheet for sheet in sheets if sheet.is_self and last - LOOK_BACK < sheet.date <= last]
    honest = {sheet.team for sheet in own if sheet.found}
    units_with = {units[team] for team in honest}
    return [
        Question(team, f"可以问问：60 天 {len(rows)} 张自查没有扣过一次分，真的一处小毛病都没有？", tuple(rows[-3:]))
        for team, rows in _by_team(own)
        if team not in honest and units[team] in units_with and len(rows) >= ENOUGH_SHEETS
    ]


def _by_team(sheets):
    ordered = sorted(sheets, key=lambda sheet: (sheet.team, *_when(sheet)))
    return [(team, list(rows)) for team, rows in groupby(ordered, key=lambda sheet: sheet.team)]


def _when(sheet):
    return sheet.date, list(Check.Shift).index(sheet.shift), sheet.pk


def _of(row, month):
    return periods.period_of(row.date) == month


def _week(sheet):
    return sheet.date.isocalendar()[:2]


def _delay(sheet):
    return timezone.localdate(sheet.submitted_at) - sheet.date


def _crowded(rows):
    """The sheets that stand in some window of ten minutes with sheets of at least five different days."""
    ordered, crowded = sorted(rows, key=lambda sheet: sheet.submitted_at), {}
    days, first = Counter(), 0
    for last, sheet in enumerate(ordered):
        days[sheet.date] += 1
        while sheet.submitted_at - ordered[first].submitted_at > BURST_WITHIN:
            days[ordered[first].date] -= 1
            first += 1
        if len(+days) >= BURST:
            crowded |= {entry.pk: entry for entry in ordered[first : last + 1]}
    return sorted(crowded.values(), key=_when)


# -- Reads -------------------------------------------------------------------------------------------------------------


def signals_of(unit, month, today):
    """The Signals of a unit's month; the number of queries does not depend on teams or sheets."""
    first, last = periods.first_day(month), min(periods.last_day(month), today)
    unit_ids = subtree_ids(unit)
    teams = {team.pk: team for team in Team.objects.filter(unit__in=unit_ids).select_related("unit")}
    sheets = _sheets(unit_ids, first - LOOK_BACK, last)
    units = {team.pk: team.unit_id for team in teams.values()}
    questions = {
        "补录很晚": late_entries(sheets, month),
        "集中补": bursts(sheets, month),
        "天天一样": same_every_day(sheets, month),
        "照片用过两次": photos_used_twice(_uses(unit_ids, month), month),
        "从不扣分": never_deducts(sheets, units, last),
    }
    return [Signal(name, MEANINGS[name], found, teams) for name, found in questions.items()]


def _sheets(unit_ids, first, last):
    teams = Team.objects.filter(unit__in=unit_ids)
    checks = checks_made(Check.objects.valid()).filter(team__in=teams, date__gte=first, date__lte=last)
    found = defaultdict(list)
    deductions = Finding.objects.valid().filter(on_sheet__in=checks, points__lt=0).order_by()
    for sheet, item, points in deductions.values_list("on_sheet_id", "criterion__code", "points"):
        found[sheet].append((item, points))
    columns = ("pk", "team_id", "kind", "date", "shift", "submitted_at", "checker_id")
    return [
        Sheet(pk, team, kind, date, shift, at, tuple(sorted(found[pk])), checker is not None)
        for pk, team, kind, date, shift, at, checker in checks.order_by().values_list(*columns)
    ]


def _uses(unit_ids, month):
    """Every use in the units' valid findings of a photo that stands in a finding of the month."""
    valid = Finding.objects.valid().filter(team__unit__in=unit_ids)
    shown = valid.filter(period=month, photos__isnull=False).values("photos__sha256")
    rows = valid.filter(photos__sha256__in=shown).order_by("date", "pk")
    columns = ("pk", "team_id", "date", "criterion__code", "criterion__name", "photos__sha256")
    return [
        PhotoUse(pk, team, date, f"{code} {name}" if code else "加分", sha256)
        for pk, team, date, code, name, sha256 in rows.values_list(*columns)
    ]

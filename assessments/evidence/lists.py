"""Reads of evidence: each line of the standard with the records of the last twelve months that stand for it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from activities.access import visible_to
from activities.models import ActivityKind
from assessments import selectors
from assessments.models import Evidence
from teams import periods
from teams.downloads import Sheet, workbook_of
from teams.selectors import with_words

MONTHS = 12


@dataclass(frozen=True)
class Row:
    """One line of the standard, how many records stand for it, and the latest of them if any."""

    criterion: object
    count: int
    latest: object


def version_of(team):
    """The standard version that holds for the team this month, or None."""
    return selectors.version_for(team.unit, periods.current_period())


def criterion_of(team, code):
    """The line of the team's standard with this code, or None."""
    version = version_of(team)
    return version and version.criteria.select_related("category", "version__standard").filter(code=code).first()


def records_of(user, team):
    """Records of the team in the last twelve months that count and that the person may see; confidential ones never."""
    first = periods.first_day(periods.shift(periods.current_period(), 1 - MONTHS))
    rows = visible_to(user).valid().filter(team=team, date__gte=first)
    return rows.exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL).select_related("kind")


def standing_for(user, criterion, team):
    """Records that stand for a line: picked, or of a kind that supports it; the latest first."""
    picked = _picked(team, criterion.version.standard_id).filter(code=criterion.code)
    stands = Q(pk__in=picked.values("activity")) | Q(kind__criterion=criterion.code)
    return records_of(user, team).filter(stands).order_by("-date", "-id")


def picked_ids(criterion, team):
    """Ids of the records that somebody picked for the line."""
    rows = _picked(team, criterion.version.standard_id).filter(code=criterion.code)
    return set(rows.values_list("activity_id", flat=True))


def _picked(team, standard):
    return Evidence.objects.filter(team=team, standard=standard)


def candidates(user, criterion, team, *, q="", kind=None):
    """Records that do not stand for the line yet, those of `kind` and with the words `q` only."""
    rows = records_of(user, team).exclude(kind__criterion=criterion.code)
    rows = rows.exclude(pk__in=picked_ids(criterion, team))
    rows = rows.filter(kind=kind) if kind else rows
    return with_words(rows, q, "title__icontains", "minutes__icontains", "kind__name__icontains").order_by("-date")


def rows_of(user, team, version, *, q="", lacking=False):
    """[Row] of the lines of a version, narrowed by words or to those for which nothing stands; three queries."""
    by_code = _by_code(user, team, version)
    lines = with_words(version.criteria.select_related("category"), q, "name__icontains", "code__icontains")
    rows = [Row(line, len(by_code[line.code]), next(iter(by_code[line.code]), None)) for line in lines]
    return [row for row in rows if not (lacking and row.count)]


def _by_code(user, team, version):
    """{code: records that stand for it, the latest first}."""
    picked = defaultdict(set)
    for code, activity in _picked(team, version.standard_id).values_list("code", "activity_id"):
        picked[activity].add(code)
    found = defaultdict(list)
    for record in records_of(user, team).order_by("-date", "-id"):
        for code in picked[record.pk] | {record.kind.criterion} - {""}:
            found[code].append(record)
    return found


def workbook(user, team, version):
    """The bytes of a workbook: every line of the standard with each record that stands for it."""
    by_code = _by_code(user, team, version)
    rows = [
        [str(line.category), line.code, line.name, record and record.date, *_told(record)]
        for line in version.criteria.select_related("category")
        for record in by_code[line.code] or [None]
    ]
    headers = ["大项", "小项", "名称", "日期", "种类", "主题", "录入时间"]
    return workbook_of(Sheet("佐证", headers, rows, title=f"{team}佐证清单", before=[["考核标准", str(version)]]))


def _told(record):
    return [record.kind.name, record.title, f"{record.entered_at:%Y-%m-%d}"] if record else ["", "还没有佐证", ""]

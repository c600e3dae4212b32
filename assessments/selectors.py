"""Reads of the assessment floor that join several nouns."""

from dataclasses import fields

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from assessments.models import (
    Check,
    Criterion,
    Finding,
    MemberScore,
    MonthClose,
    Rectification,
    StandardVersion,
    TeamScore,
)
from assessments.scoring import PAIRS, Line, Yardstick
from bulletins.models import Objection
from teams import periods
from teams.access import lines_by_unit
from teams.models import Team

OPEN_RECTIFICATIONS = Count(
    "findings__rectification",
    filter=Q(findings__voided_at__isnull=True) & ~Q(findings__rectification__state=Rectification.State.CLOSED),
)
"""Annotation of sheets: how many findings of each still have to be put right."""
SETTLED = (MonthClose.State.CONFIRMED, MonthClose.State.CLOSED)


def version_for(unit, period):
    """The standard version that holds for a unit in a month: of the nearest unit upwards, the latest; or None."""
    return versions_for([unit.pk], period)[unit.pk]


def versions_for(unit_ids, period):
    """{unit id: the standard version that holds for it in a month, or None}; two queries, however many they are."""
    lines = lines_by_unit(unit_ids)
    versions = StandardVersion.objects.filter(
        standard__unit__in=set().union(*lines.values()), in_force_from__lte=period
    ).select_related("standard")
    found = list(versions)
    return {unit_id: _nearest(line, found) for unit_id, line in lines.items()}


def _nearest(line, versions):
    own = [version for version in versions if version.standard.unit_id in line]
    return min(own, key=lambda v: (line.index(v.standard.unit_id), -v.in_force_from), default=None)


def criteria_in_force(keys):
    """Criteria with these ids, of versions that everybody may read: no draft is among them."""
    versions = (StandardVersion.State.IN_FORCE, StandardVersion.State.FROZEN)
    return Criterion.objects.filter(pk__in=keys, version__state__in=versions).select_related("category")


def yardstick_of(version):
    """A version as the plain numbers that scoring works with."""
    criteria = Criterion.objects.filter(version=version).values_list(
        "code", "category__number", "points", "method", "veto"
    )
    figures = {field.name: getattr(version, field.name) for field in fields(Yardstick) if field.name != "criteria"}
    pairs = {name: tuple(map(tuple, figures[name])) for name in PAIRS}
    return Yardstick(**figures | pairs, criteria={code: Line(*line) for code, *line in criteria})


def teams_in(unit, period):
    """Teams directly under a unit that existed in a month, in display order."""
    return Team.objects.filter(unit=unit).in_period(periods.first_day(period), periods.last_day(period))


def is_closed(team, period):
    """Whether the team's month is closed: its facts can no longer change."""
    return TeamScore.objects.filter(team=team, period=period, close__state=MonthClose.State.CLOSED).exists()


def settled_as(team, period):
    """The State in which the team's month is settled, or None while its facts can change."""
    rows = MonthClose.objects.filter(unit=team.unit_id, period=period, state__in=SETTLED)
    state = rows.values_list("state", flat=True).first()
    return state or (MonthClose.State.CLOSED if is_closed(team, period) else None)


def is_settled(team, period):
    """Whether the team's month is confirmed or closed: nothing is entered or voided any more."""
    return settled_as(team, period) is not None


def is_settled_for(unit, period):
    """Whether a unit's month is confirmed or closed."""
    return MonthClose.objects.filter(unit=unit, period=period, state__in=SETTLED).exists()


def counting_month(team, date):
    """The month in which what is entered now for a date counts: its own, or once it is settled the first open one after."""
    period = periods.period_of(date)
    while period <= periods.current_period() and is_settled(team, period):
        period = periods.shift(period, 1)
    return period


def sheet_of(version):
    """The categories of a version with their criteria, ready for a check sheet: two queries."""
    return version.categories.prefetch_related("criteria")


CORRECTS = Exists(Objection.objects.filter(state=Objection.State.CORRECTED, correction_url=OuterRef("address")))


def _with_address(sheets):
    before, after = reverse("assessments:check", args=[0]).rsplit("0", 1)
    return sheets.alias(address=Concat(Value(before), Cast("pk", CharField()), Value(after)))


def with_corrections(sheets):
    """The sheets, each knowing whether it `corrects` an objection: such a one moves points and is no check that was made."""
    return _with_address(sheets).annotate(corrects=CORRECTS)


def checks_made(sheets):
    """Those of the sheets that are checks, for whoever counts them."""
    return _with_address(sheets).exclude(CORRECTS)


def checks_of(team, period):
    """A team's sheets of a month, latest first, with their findings."""
    return (
        with_corrections(Check.objects.filter(team=team, period=period))
        .select_related("checker")
        .annotate(to_rectify=OPEN_RECTIFICATIONS)
        .order_by("-date", "-id")
        .prefetch_related("findings__criterion", "findings__person")
    )


def findings_of(check):
    """All findings of a sheet, voided ones too, with what the page shows of them."""
    rows = check.findings.select_related("criterion", "person", "voided_by", "rectification__assignee", "statement")
    return rows.prefetch_related("photos")


def self_checks_since(team, date):
    """A team's self checks that count, from a date on."""
    checks = Check.objects.valid().filter(team=team, kind=Check.Kind.SELF, date__gte=date)
    return checks.select_related("checker")


def findings_about(user, period):
    """Valid findings of a month that name a person."""
    return (
        Finding.objects.valid()
        .filter(person=user, period=period)
        .select_related("criterion", "on_sheet__checker", "team")
    )


def why_no_score(unit, period):
    """Why the teams of a unit have no score in a month, and when they will, as a sentence."""
    current = periods.current_period()
    if period > current:
        return f"还没到{periods.label(period)}。"
    if version_for(unit, period) is None:
        return f"{periods.label(period)}没有执行中的考核标准，没有得分。考核员让标准从某个月起执行，那个月起每天夜里算一次。"
    if period < periods.shift(current, -1):
        return f"{periods.label(period)}没有得分：没有算过，或者那时还没有这个班组。"
    return "这个月还没有得分，每天夜里算一次。"


def team_score(team, period):
    """The TeamScore of a team's month, running or closed, or None."""
    return (
        TeamScore.objects.filter(team=team, period=period)
        .select_related("close__version__standard__unit", "team__unit")
        .defer("close__inputs")
        .first()
    )


def member_scores(close, team):
    """The MemberScores of one team in a close, by employee number."""
    return MemberScore.objects.filter(close=close, team=team).select_related("user").order_by("user__employee_no")

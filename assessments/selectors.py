"""Reads of the assessment floor that join several nouns."""

from django.db.models import Count, Q

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
from assessments.scoring import Line, Yardstick
from teams import periods
from teams.access import line_of
from teams.models import Team

OPEN_RECTIFICATIONS = Count(
    "findings__rectification",
    filter=Q(findings__voided_at__isnull=True) & ~Q(findings__rectification__state=Rectification.State.CLOSED),
)
"""Annotation of sheets: how many findings of each still have to be put right."""
SETTLED = (MonthClose.State.CONFIRMED, MonthClose.State.CLOSED)


def version_for(unit, period):
    """The standard version that holds for a unit in a month: of the nearest unit upwards, the latest; or None."""
    line = line_of(unit)
    versions = StandardVersion.objects.filter(standard__unit__in=line, in_force_from__lte=period).select_related(
        "standard"
    )
    return min(versions, key=lambda v: (line.index(v.standard.unit_id), -v.in_force_from), default=None)


def yardstick_of(version):
    """A version as the plain numbers that scoring works with."""
    criteria = Criterion.objects.filter(version=version).values_list(
        "code", "category__number", "points", "method", "veto"
    )
    return Yardstick(
        criteria={code: Line(*line) for code, *line in criteria},
        grades=tuple((name, least) for name, least in version.grades),
        lowest_grade=version.lowest_grade,
        awards_cap=version.awards_cap,
        member_base=version.member_base,
        member_min=version.member_min,
        member_max=version.member_max,
    )


def teams_in(unit, period):
    """Teams directly under a unit that existed in a month, in display order."""
    return Team.objects.filter(unit=unit).in_period(periods.first_day(period), periods.last_day(period))


def is_closed(team, period):
    """Whether the team's month is closed: its facts can no longer change."""
    return TeamScore.objects.filter(team=team, period=period, close__state=MonthClose.State.CLOSED).exists()


def is_settled(team, period):
    """Whether the team's month is confirmed or closed: nothing is entered or voided any more."""
    months = MonthClose.objects.filter(unit=team.unit_id, period=period, state__in=SETTLED)
    return months.exists() or is_closed(team, period)


def sheet_of(version):
    """The categories of a version with their criteria, ready for a check sheet: two queries."""
    return version.categories.prefetch_related("criteria")


def checks_of(team, period):
    """A team's sheets of a month, latest first, with their findings."""
    return (
        Check.objects.filter(team=team, period=period)
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


def team_score(team, period):
    """The TeamScore of a team's month, running or closed, or None."""
    return (
        TeamScore.objects.filter(team=team, period=period)
        .select_related("close__version__standard", "team__unit")
        .first()
    )


def member_scores(close, team):
    """The MemberScores of one team in a close, by employee number."""
    return MemberScore.objects.filter(close=close, team=team).select_related("user").order_by("user__employee_no")

"""Standards: drafted as a version, put in force from a month, frozen by the first closed month."""

import tomllib
from pathlib import Path

from django.db import transaction

from assessments.errors import AssessmentError, StaleState
from assessments.models import Category, Check, Criterion, MonthClose, Standard, StandardVersion
from assessments.standards.content import AWARD, content_of_preset
from teams import audit, periods
from teams.access import line_of, lines_by_unit, subtree_ids

PRESETS = Path(__file__).resolve().parent.parent / "presets"
State = StandardVersion.State
FARTHEST = 12
"""People put nothing in force more months back or ahead than this; an import of the past may."""


def presets():
    """{key: preset} of the standards that ship with the product, as in their files."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PRESETS.glob("standard_*.toml"))
    }


def install_preset(key, unit, *, actor):
    """Make a draft version of the shipped standard `key` for `unit`; a further version when the unit has it already."""
    return create_version(unit, presets()[key], actor=actor)


def create_version(unit, preset, *, actor):
    """A new draft StandardVersion from plain data shaped like a preset file (points in points, not hundredths)."""
    return draft(unit, preset["name"], content_of_preset(preset), actor=actor)


@transaction.atomic
def draft(unit, name, content, *, actor, source=""):
    """A new draft StandardVersion of the unit's standard of that name; `source` says in the trail what it was made from."""
    standard, _ = Standard.objects.get_or_create(unit=unit, name=name)
    standard = Standard.objects.select_for_update().get(pk=standard.pk)
    latest = standard.versions.order_by("-number").first()
    number = latest.number + 1 if latest else 1
    version = StandardVersion.objects.create(standard=standard, number=number, **content.figures)
    write_lines(version, content)
    after = {"source": source} if source else None
    audit.record("standard.drafted", version, actor=actor, unit=unit, after=after)
    return version


def write_lines(version, content):
    """Store the chapters and lines of a draft that has none; codes follow from the order."""
    categories = Category.objects.bulk_create(
        Category(version=version, number=number, name=chapter.name)
        for number, chapter in enumerate(content.chapters, start=1)
    )
    Criterion.objects.bulk_create(
        _criterion(category, position, line)
        for category, chapter in zip(categories, content.chapters, strict=True)
        for position, line in enumerate(chapter.lines, start=1)
    )


def _criterion(category, position, line):
    facts = vars(line) | {"levels": [list(level) for level in line.levels]}
    origin, code = facts.pop("origin"), f"{category.number}.{position}"
    return Criterion(version=category.version, category=category, number=position, code=code, origin_id=origin, **facts)


def erase_lines(version):
    """Delete the chapters and lines of a draft."""
    version.criteria.all().delete()
    version.categories.all().delete()


@transaction.atomic
def put_in_force(version, period, *, actor):
    """Let a draft hold from a month on.

    Raises AssessmentError when another version already holds from that month, or when one of the months that it would
    hold for is already closed under another one.
    """
    if not version.criteria.exclude(method=AWARD).exists():
        raise AssessmentError("这个版本还没有小项（加分的不算），不能执行。")
    rival = StandardVersion.objects.filter(standard__unit=version.standard.unit, in_force_from=period)
    if rival.exclude(pk=version.pk).exists():
        raise AssessmentError(f"{periods.label(period)}起已有另一个版本执行，请换一个月份。")
    closed = MonthClose.objects.filter(**_reach(version, period), state=MonthClose.State.CLOSED)
    _require_none(
        closed.select_related("unit").order_by("-period"),
        lambda close: f"{close.unit}{periods.label(close.period)}已经关账",
    )
    moved = StandardVersion.objects.filter(pk=version.pk, state=State.DRAFT)
    if not moved.update(state=State.IN_FORCE, in_force_from=period):
        raise StaleState("这个版本已经在执行了。")
    version.refresh_from_db()
    audit.record("standard.put_in_force", version, actor=actor, unit=version.standard.unit, after={"from": period})


@transaction.atomic
def put_in_force_by_hand(version, period, *, actor):
    """As put_in_force, for people: the month must be near, and free of checks by another version."""
    require_near(period)
    checks = (
        Check.objects.valid().filter(**_reach(version, period, "team__unit")).select_related("team").order_by("-period")
    )
    _require_none(checks, lambda check: f"{check.team}{periods.label(check.period)}已经按“{check.version}”登记了检查")
    put_in_force(version, period, actor=actor)


def require_near(period):
    """Raise AssessmentError for a month that nobody can mean: a year and more away."""
    current = periods.current_period()
    first, last = periods.shift(current, -FARTHEST), periods.shift(current, FARTHEST)
    if not first <= period <= last:
        raise AssessmentError(
            f"{periods.label(period)}离现在太远了，请选{periods.label(first)}到{periods.label(last)}之间的月份。"
        )


def _reach(version, period, unit="unit"):
    """Conditions on rows of the months that the version would take over from that month on, from which versions."""
    own = version.standard.unit
    later = StandardVersion.objects.filter(standard__unit=own, in_force_from__gt=period).order_by("in_force_from")
    until = periods.shift(later[0].in_force_from, -1) if later else periods.LAST
    return {
        f"{unit}__in": subtree_ids(own),
        "period__range": (period, until),
        "version__standard__unit__in": line_of(own),
    }


def _require_none(rows, reason):
    """Raise AssessmentError for the first row that stands in the way, which is of the latest month."""
    row = rows.first()
    if row:
        free = periods.label(periods.shift(row.period, 1))
        raise AssessmentError(f"{reason(row)}，不能换标准。这个版本最早从{free}起执行。")


@transaction.atomic
def discard(version, *, actor):
    """Delete a draft that was never in force; with its last version the standard goes too. Raises StaleState otherwise."""
    held = StandardVersion.objects.select_for_update().filter(pk=version.pk, state=State.DRAFT).first()
    if held is None:
        raise StaleState("这个版本已经执行或删除了，不能再删除。")
    audit.record("standard.discarded", held, actor=actor, unit=version.standard.unit)
    erase_lines(held)
    held.delete()
    if not version.standard.versions.exists():
        version.standard.delete()


def first_months(unit_ids):
    """{unit id: first month for which any standard held there}; two queries, however many units."""
    begun = dict(
        StandardVersion.objects.exclude(state=State.DRAFT)
        .order_by("-in_force_from")
        .values_list("standard__unit", "in_force_from")
    )
    lines = lines_by_unit(unit_ids)
    return {
        unit: min(begun[above] for above in line if above in begun)
        for unit, line in lines.items()
        if begun.keys() & line
    }


def freeze(version):
    """Mark a version as used by a closed month; it can never change again. Repeating it changes nothing."""
    StandardVersion.objects.filter(pk=version.pk, state=State.IN_FORCE).update(state=State.FROZEN)

"""Standards: installed from a preset as a draft version, put in force from a month, frozen by the first closed month."""

import tomllib
from pathlib import Path

from django.db import transaction

from assessments.errors import AssessmentError, StaleState
from assessments.models import Category, Criterion, Standard, StandardVersion
from teams import audit, periods
from teams.figures import hundredths

PRESETS = Path(__file__).resolve().parent.parent / "presets"
State = StandardVersion.State


def presets():
    """{key: preset} of the standards that ship with the product, as in their files."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PRESETS.glob("standard_*.toml"))
    }


def install_preset(key, unit, *, actor):
    """Make a draft version of the shipped standard `key` for `unit`; a further version when the unit has it already."""
    return create_version(unit, presets()[key], actor=actor)


@transaction.atomic
def create_version(unit, content, *, actor):
    """A new draft StandardVersion from plain data shaped like a preset file (points in points, not hundredths)."""
    standard, _ = Standard.objects.get_or_create(unit=unit, name=content["name"])
    latest = standard.versions.order_by("-number").first()
    member = content["member"]
    version = StandardVersion.objects.create(
        standard=standard,
        number=latest.number + 1 if latest else 1,
        awards_cap=hundredths(content["awards_cap"]),
        grades=[[name, hundredths(least)] for name, least in content["grades"]],
        lowest_grade=content["lowest_grade"],
        member_base=hundredths(member["base"]),
        member_min=hundredths(member["min"]),
        member_max=hundredths(member["max"]),
    )
    for number, category in enumerate(content["categories"], start=1):
        _create_category(version, number, category, hundredths(content["step"]))
    audit.record("standard.drafted", version, actor=actor, unit=unit)
    return version


def _create_category(version, number, content, step):
    category = Category.objects.create(version=version, number=number, name=content["name"])
    Criterion.objects.bulk_create(
        Criterion(
            version=version,
            category=category,
            number=position,
            code=f"{number}.{position}",
            name=name,
            points=hundredths(points),
            step=step,
        )
        for position, (name, points) in enumerate(content["criteria"], start=1)
    )


@transaction.atomic
def put_in_force(version, period, *, actor):
    """Let a draft hold from a month on. Raises AssessmentError when another version already holds from that month."""
    if not version.criteria.exists():
        raise AssessmentError("这个版本还没有小项，不能执行。")
    rival = StandardVersion.objects.filter(standard__unit=version.standard.unit, in_force_from=period)
    if rival.exclude(pk=version.pk).exists():
        raise AssessmentError(f"{periods.label(period)}起已有另一个版本执行，请换一个月份。")
    moved = StandardVersion.objects.filter(pk=version.pk, state=State.DRAFT)
    if not moved.update(state=State.IN_FORCE, in_force_from=period):
        raise StaleState("这个版本已经在执行了。")
    version.refresh_from_db()
    audit.record("standard.put_in_force", version, actor=actor, unit=version.standard.unit, after={"from": period})


def freeze(version):
    """Mark a version as used by a closed month; it can never change again. Repeating it changes nothing."""
    StandardVersion.objects.filter(pk=version.pk, state=State.IN_FORCE).update(state=State.FROZEN)

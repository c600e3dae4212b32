"""Schemes of 党员贡献度积分: drafted from the preset or last year's, edited, published; frozen by the first closed month."""

import tomllib
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.inputs import fingerprint
from incentives.errors import IncentiveError, StaleState
from incentives.models import PointEntry, PointIndicator, PointScheme
from teams import audit
from teams.access import line_of, subtree_ids
from teams.figures import hundredths
from teams.models import Unit

PRESET = Path(__file__).resolve().parent.parent / "presets" / "points_branch.toml"
CONTENT = ("base", "grades", "lowest_grade", "field_caps")


def preset():
    """The content of the scheme that ships with the product, as content_of gives it."""
    found = tomllib.loads(PRESET.read_text(encoding="utf-8"))
    return {
        "base": hundredths(found["base"]),
        "grades": [[name, hundredths(least)] for name, least in found["grades"]],
        "lowest_grade": found["lowest_grade"],
        "field_caps": {row["field"]: hundredths(row["cap"]) for row in found["fields"]},
        "indicators": [
            [row["field"], name, hundredths(points), hundredths(cap[0]) if cap else None]
            for row in found["fields"]
            for name, points, *cap in row["indicators"]
        ],
    }


def content_of(scheme):
    """What a scheme says, as plain JSON: its own fields and `indicators` [[field, name, points, cap a month or None]]."""
    rows = scheme.indicators.values_list("field", "name", "points", "month_cap")
    return {name: getattr(scheme, name) for name in CONTENT} | {"indicators": [list(row) for row in rows]}


@transaction.atomic
def draft(unit, year, content, *, actor):
    """Make the draft of a unit's scheme of a year; raises IncentiveError when there is one already."""
    try:
        with transaction.atomic():
            facts = {name: content[name] for name in CONTENT}
            scheme = PointScheme.objects.create(unit=unit, year=year, **facts)
    except IntegrityError as error:
        raise IncentiveError(f"{unit}已经有 {year} 年的积分办法了，请在那一份上改。") from error
    _write_indicators(scheme, content)
    audit.record("point_scheme.drafted", scheme, actor=actor, unit=unit)
    return scheme


def _write_indicators(scheme, content):
    PointIndicator.objects.bulk_create(
        PointIndicator(scheme=scheme, number=number, field=field, name=name, points=points, month_cap=cap)
        for number, (field, name, points, cap) in enumerate(content["indicators"], start=1)
    )


def copy(scheme, *, actor):
    """Draft next year's scheme of the same unit with the same content."""
    return draft(scheme.unit, scheme.year + 1, content_of(scheme), actor=actor)


@transaction.atomic
def save(scheme, content, shown, *, actor):
    """Let a draft say something else; `shown` is the fingerprint of the content that the page was made from.

    Raises StaleState when the draft says something else by now or is published.
    """
    found = _locked_draft(scheme)
    before = content_of(found)
    if fingerprint(before) != shown:
        raise StaleState("您打开页面之后，这个草案又有人改过。请刷新页面，看过新的内容再改。")
    changed = [name for name in before if before[name] != content[name]]
    if not changed:
        return
    PointScheme.objects.filter(pk=found.pk).update(**{name: content[name] for name in CONTENT})
    found.indicators.all().delete()
    _write_indicators(found, content)
    told = ({name: side[name] for name in changed} for side in (before, content))
    _record("point_scheme.edited", found, actor, **dict(zip(("before", "after"), told, strict=True)))


@transaction.atomic
def publish(scheme, *, actor):
    """The scheme holds for its year. Raises IncentiveError while another one holds for one of the unit's teams."""
    Unit.objects.select_for_update().get(pk=line_of(scheme.unit)[-1])
    if not scheme.indicators.exists():
        raise IncentiveError("办法里还没有指标，请先加上指标再发布。")
    near = {*line_of(scheme.unit), *subtree_ids(scheme.unit)}
    rival = PointScheme.objects.filter(unit__in=near, year=scheme.year, published_at__isnull=False)
    other = rival.exclude(pk=scheme.pk).select_related("unit").first()
    if other:
        raise IncentiveError(f"{other.unit} {other.year} 年的办法已经发布，一个班组一年只能用一份办法。")
    if not PointScheme.objects.filter(pk=scheme.pk, published_at=None).update(published_at=timezone.now()):
        raise StaleState("这份办法已经发布了。")
    _record("point_scheme.published", scheme, actor)


@transaction.atomic
def take_back(scheme, *, actor):
    """Make a published scheme a draft again; raises IncentiveError once anything was recorded or closed under it."""
    found = PointScheme.objects.select_for_update().get(pk=scheme.pk)
    if PointEntry.objects.filter(indicator__scheme=found).exists() or found.months.exists():
        raise IncentiveError("已经按这份办法登记或结算过积分，不能再收回。要改的写进明年的办法。")
    if not PointScheme.objects.filter(pk=found.pk, published_at__isnull=False).update(published_at=None):
        raise StaleState("这份办法已经收回了。")
    _record("point_scheme.taken_back", found, actor)


@transaction.atomic
def discard(scheme, *, actor):
    """Delete a draft; raises StaleState when it is published or gone."""
    found = _locked_draft(scheme)
    _record("point_scheme.discarded", found, actor)
    found.indicators.all().delete()
    found.delete()


def _locked_draft(scheme):
    found = PointScheme.objects.select_for_update().filter(pk=scheme.pk, published_at=None).first()
    if found is None:
        raise StaleState("这份办法已经发布或删除了，不能再改。")
    return found


def _record(verb, scheme, actor, **what):
    audit.record(verb, scheme, actor=actor, unit=scheme.unit, **what)

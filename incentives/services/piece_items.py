"""The price list of piece work: lines are added and ended, never rewritten; each record keeps the points of its day."""

import tomllib
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import PieceItem
from teams import audit
from teams.figures import hundredths, short_text

PRESET = Path(__file__).resolve().parent.parent / "presets" / "piece_items_mine.toml"


def preset():
    """The lines that ship with the product: [{name, measure, points (hundredths), note}]."""
    rows = tomllib.loads(PRESET.read_text(encoding="utf-8"))["items"]
    return [row | {"points": hundredths(row["points"])} for row in rows]


@transaction.atomic
def add(unit, *, actor, **terms):
    """Publish a line for a unit and those below, or for one `team` of it: name, measure, points, note. Returns the PieceItem."""
    item = _created(unit, terms)
    audit.record("piece_item.added", item, actor=actor, unit=unit, after=_facts(item))
    return item


@transaction.atomic
def end(item, *, actor):
    """Nothing is entered by the line any more; what was stays. Raises StaleState when it has ended already."""
    if not PieceItem.objects.filter(pk=item.pk, ended_on__isnull=True).update(ended_on=timezone.localdate()):
        raise StaleState(f"“{item}”已经停用了。")
    audit.record("piece_item.ended", item, actor=actor, unit=item.unit, before=_facts(item))


@transaction.atomic
def install_preset(unit, *, actor):
    """Publish the shipped lines whose names the unit does not use; returns how many. Raises IncentiveError for none."""
    used = set(PieceItem.objects.filter(unit=unit, team=None, ended_on__isnull=True).values_list("name", flat=True))
    missing = [row for row in preset() if row["name"] not in used]
    if not missing:
        raise IncentiveError("常用项目这里都有了，没有可以再装的。")
    for row in missing:
        _created(unit, row)
    names = [row["name"] for row in missing]
    audit.record("piece_item.installed", unit, actor=actor, unit=unit, after={"names": names})
    return len(missing)


def _created(unit, terms):
    try:
        with transaction.atomic():
            return PieceItem.objects.create(unit=unit, **terms)
    except IntegrityError as error:
        name, team = terms["name"], terms.get("team")
        if PieceItem.objects.filter(unit=unit, team=team, name=name, ended_on__isnull=True).exists():
            raise IncentiveError(f"“{name}”已经有了。要改单价，请先停用原来那一条，再加新的。") from error
        raise


def _facts(item):
    facts = {name: getattr(item, name) for name in ("name", "measure", "note")}
    return facts | {"points": short_text(item.points), "team": str(item.team or "")}

"""The price list of awards and deductions: clauses are added, ended and replaced, never rewritten."""

import tomllib
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import Clause
from teams import audit
from teams.figures import hundredths

PRESET = Path(__file__).resolve().parent.parent / "presets" / "clauses_typical.toml"


def preset():
    """The clauses that ship with the product: [{code, name, kind, least, most, note}], amounts in fen."""
    rows = tomllib.loads(PRESET.read_text(encoding="utf-8"))["clauses"]
    return [row | {side: hundredths(row[side]) for side in ("least", "most")} for row in rows]


@transaction.atomic
def add(unit, *, actor, **terms):
    """Publish a clause for a unit and those below: code, name, kind, least and most (fen), note. Returns the Clause."""
    clause = _created(unit, terms)
    audit.record("clause.added", clause, actor=actor, unit=unit, after=_facts(clause))
    return clause


@transaction.atomic
def end(clause, *, actor):
    """Nothing is proposed by the clause any more; what was stays. Raises StaleState when it has ended already."""
    _end(clause)
    audit.record("clause.ended", clause, actor=actor, unit=clause.unit, before=_facts(clause))


@transaction.atomic
def replace(clause, *, actor, **terms):
    """End a clause and publish another one in its place; returns the new one."""
    _end(clause)
    new = _created(clause.unit, terms)
    audit.record("clause.replaced", new, actor=actor, unit=clause.unit, before=_facts(clause), after=_facts(new))
    return new


@transaction.atomic
def install_preset(unit, *, actor):
    """Publish the shipped clauses whose codes the unit does not use; returns how many. Raises IncentiveError for none."""
    used = set(Clause.objects.filter(unit=unit, ended_on__isnull=True).values_list("code", flat=True))
    missing = [row for row in preset() if row["code"] not in used]
    if not missing:
        raise IncentiveError("常用条款的编号这里都有了，没有可以再装的。")
    for row in missing:
        _created(unit, row)
    audit.record("clause.installed", unit, actor=actor, unit=unit, after={"codes": [row["code"] for row in missing]})
    return len(missing)


def _created(unit, terms):
    try:
        with transaction.atomic():
            return Clause.objects.create(unit=unit, **terms)
    except IntegrityError as error:
        if Clause.objects.filter(unit=unit, code=terms["code"], ended_on__isnull=True).exists():
            raise IncentiveError(f"编号“{terms['code']}”已经用过了，请换一个编号，或者替换原来那一条。") from error
        raise


def _end(clause):
    if not Clause.objects.filter(pk=clause.pk, ended_on__isnull=True).update(ended_on=timezone.localdate()):
        raise StaleState(f"条款“{clause}”已经停用或者替换过了。")


def _facts(clause):
    return {name: getattr(clause, name) for name in ("code", "name", "kind", "least", "most", "note")}

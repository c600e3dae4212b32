"""Bonus rules: installed from a preset, put in force from a month."""

import tomllib
from pathlib import Path

from django.db import transaction

from incentives.errors import IncentiveError, StaleState
from incentives.models import BonusRule, BonusRuleVersion
from incentives.rules import read_rule
from teams import audit, periods

PRESETS = Path(__file__).resolve().parent.parent / "presets"


def presets():
    """{key: definition} of the rules that ship with the product."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PRESETS.glob("rule_*.toml"))}


@transaction.atomic
def install_preset(key, unit, *, actor):
    """Make a draft version of the shipped rule `key` for a unit."""
    definition = presets()[key]
    read_rule(definition)
    rule, _ = BonusRule.objects.get_or_create(unit=unit, name=definition["name"])
    latest = rule.versions.order_by("-number").first()
    version = BonusRuleVersion.objects.create(
        rule=rule, number=latest.number + 1 if latest else 1, definition=definition
    )
    audit.record("rule.drafted", version, actor=actor, unit=unit)
    return version


@transaction.atomic
def put_in_force(version, period, *, actor):
    """Let a draft hold from a month on. Raises IncentiveError when another rule already holds from that month."""
    rivals = BonusRuleVersion.objects.filter(rule__unit=version.rule.unit, in_force_from=period)
    if rivals.exclude(pk=version.pk).exists():
        raise IncentiveError(f"{periods.label(period)}起已有另一个分配办法执行，请换一个月份。")
    moved = BonusRuleVersion.objects.filter(pk=version.pk, state="draft")
    if not moved.update(state="in_force", in_force_from=period):
        raise StaleState("这个办法已经在执行了。")
    version.refresh_from_db()
    audit.record("rule.put_in_force", version, actor=actor, unit=version.rule.unit, after={"from": period})

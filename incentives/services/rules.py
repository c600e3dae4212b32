"""Bonus rules: installed from a preset, put in force from a month."""

import tomllib
from pathlib import Path

from django.db import transaction

from assessments.services.standards import require_near
from incentives.errors import IncentiveError, StaleState
from incentives.models import BonusRule, BonusRuleVersion, Distribution
from incentives.rules import read_rule
from teams import audit, periods
from teams.access import line_of, subtree_ids

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
    """Let a draft hold from a month on.

    Raises IncentiveError when another rule already holds from that month, or when one of the months it would hold for
    was already divided by another rule.
    """
    rivals = BonusRuleVersion.objects.filter(rule__unit=version.rule.unit, in_force_from=period)
    if rivals.exclude(pk=version.pk).exists():
        raise IncentiveError(f"{periods.label(period)}起已有另一个分配办法执行，请换一个月份。")
    _require_undivided(version, period)
    moved = BonusRuleVersion.objects.filter(pk=version.pk, state="draft")
    if not moved.update(state="in_force", in_force_from=period):
        raise StaleState("这个办法已经在执行了。")
    version.refresh_from_db()
    audit.record("rule.put_in_force", version, actor=actor, unit=version.rule.unit, after={"from": period})


def put_in_force_by_hand(version, period, *, actor):
    """As put_in_force, for people: the month must be near."""
    require_near(period)
    put_in_force(version, period, actor=actor)


def _require_undivided(version, period):
    """Bonuses that were approved by the rule that held so far must not seem to stand on this one."""
    unit = version.rule.unit
    later = BonusRuleVersion.objects.filter(rule__unit=unit, in_force_from__gt=period).order_by("in_force_from").first()
    divided = Distribution.objects.filter(
        team__unit__in=subtree_ids(unit),
        period__range=(period, periods.shift(later.in_force_from, -1) if later else periods.LAST),
        rule_version__rule__unit__in=line_of(unit),
    ).exclude(state=Distribution.State.DRAFT)
    latest = divided.select_related("team").order_by("-period").first()
    if latest:
        raise IncentiveError(
            f"{latest.team}{periods.label(latest.period)}的奖金已经按“{latest.rule_version}”批准，"
            f"这个办法最早从{periods.label(periods.shift(latest.period, 1))}起执行。"
        )


@transaction.atomic
def discard(version, *, actor):
    """Delete a draft that was never in force; with its last version the rule goes too. Raises StaleState otherwise."""
    draft = BonusRuleVersion.objects.select_for_update().filter(pk=version.pk, state="draft").first()
    if draft is None:
        raise StaleState("这个办法已经执行或删除了，不能再删除。")
    audit.record("rule.discarded", draft, actor=actor, unit=version.rule.unit)
    draft.delete()
    if not version.rule.versions.exists():
        version.rule.delete()

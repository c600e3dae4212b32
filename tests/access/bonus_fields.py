"""The fields of the forms about rules and pools."""

from incentives.models import BonusRuleVersion, Budget, Pool, UnitPool
from incentives.services import rules
from tests.access.fields import Field, month, number, text, whole
from tests.access.pool_deeds import unit_pool_form
from tests.access.world import PASSED, edited_rule


def passed_rule(w):
    """The unit's draft has been passed; nothing more is in the form."""
    rules.pass_by_meeting(w.rule, **PASSED, actor=None)
    return {}


BONUS_FIELDS = {
    "rule month": Field(
        "finance",
        "incentives:rule-in-force",
        lambda w: [w.rule.pk],
        passed_rule,
        lambda w: "period",
        lambda w: BonusRuleVersion.objects.get(pk=w.rule.pk).in_force_from,
        month,
    ),
    "rule part": Field(
        "finance",
        "incentives:rule-edit",
        lambda w: [w.rule.pk],
        edited_rule,
        lambda w: "name-1",
        lambda w: BonusRuleVersion.objects.get(pk=w.rule.pk).definition["parts"][0]["name"],
        text,
    ),
    "rule minutes": Field(
        "finance",
        "incentives:rule-pass",
        lambda w: [w.rule.pk],
        lambda w: PASSED,
        lambda w: "minutes",
        lambda w: BonusRuleVersion.objects.get(pk=w.rule.pk).minutes,
        text,
    ),
    "rule unit": Field(
        "finance",
        "incentives:rule-install",
        lambda w: ["rule_attendance_work"],
        lambda w: {},
        lambda w: "unit",
        lambda w: BonusRuleVersion.objects.latest("id").rule.unit_id,
        whole,
    ),
    "pool": Field(
        "finance",
        "incentives:pools",
        lambda w: [w.unit.pk, w.open],
        lambda w: {},
        lambda w: f"team-{w.team.pk}",
        lambda w: getattr(Pool.objects.filter(team=w.team, period=w.open).first(), "amount", None),
        number,
    ),
    "unit pool": Field(
        "finance",
        "incentives:unit-pool",
        lambda w: [w.unit.pk, w.open],
        unit_pool_form,
        lambda w: "amount",
        lambda w: UnitPool.objects.get(unit=w.unit, period=w.open).amount,
        number,
    ),
    "budget": Field(
        "finance",
        "incentives:budgets",
        lambda w: [2026],
        lambda w: {},
        lambda w: f"unit-{w.unit.pk}",
        lambda w: getattr(Budget.objects.filter(unit=w.unit, year=2026).first(), "amount", None),
        number,
    ),
}

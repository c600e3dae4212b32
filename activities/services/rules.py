"""Which recurring duties a unit asks of its teams, and with how much grace."""

from django.db import transaction

from activities import selectors
from activities.models import DutyRule
from teams import audit
from teams.errors import TeamError
from teams.models import Unit


@transaction.atomic
def set_rules(unit, rules, *, actor):
    """Let a unit have its own rules: {kind code: (is on, working days of grace), or None for what holds above}.

    It holds for duties raised from now on. Raises TeamError when nothing would change.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    before = _told(unit)
    for code, rule in rules.items():
        if rule is None:
            DutyRule.objects.filter(unit=unit, kind=code).delete()
        else:
            DutyRule.objects.update_or_create(unit=unit, kind=code, defaults={"is_on": rule[0], "grace_days": rule[1]})
    after = _told(unit)
    if before == after:
        raise TeamError("和现在的规则一样，没有要改的。")
    audit.record("duty_rule.set", unit, actor=actor, unit=unit, before=before, after=after)


def _told(unit):
    """{name of the kind: what the unit has set itself} as the trail keeps it."""
    return {kind.name: own.text if own else "按上级" for kind, own, _ in selectors.rules_of(unit)}

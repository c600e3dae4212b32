"""Bonus rules: put in force where nothing was divided yet, near today, and deleted while they are drafts."""

import pytest
from django.urls import reverse

from incentives.errors import IncentiveError, StaleState
from incentives.models import BonusRule, BonusRuleVersion
from incentives.rules.definition import percent, read_rule
from incentives.selectors import rule_for, rules_in_reach
from incentives.services import approvals, rules
from teams import periods
from teams.access import access_of
from teams.errors import TeamError
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


def drafted(unit):
    return rules.install_preset("rule_attendance_work", unit, actor=None)


def test_a_month_that_was_divided_keeps_its_rule():
    team = make.make_closed_team().team
    draft, version = make.make_bonus(team), drafted(team.unit)
    approvals.propose(draft, actor=None)
    approvals.approve(draft, actor=None)
    for month in (periods.shift(PERIOD, -1), PERIOD):
        with pytest.raises(IncentiveError, match="最早从2026年11月起执行。$"):
            rules.put_in_force(version, month, actor=None)
    assert rule_for(team.unit, PERIOD) == draft.rule_version
    rules.put_in_force(version, periods.shift(PERIOD, 1), actor=None)


def test_a_mere_draft_of_a_bonus_stands_in_nobodys_way():
    team = make.make_closed_team().team
    make.make_bonus(team)
    version = drafted(team.unit)
    rules.put_in_force(version, PERIOD, actor=None)
    assert rule_for(team.unit, PERIOD) == version


def test_an_older_month_may_get_a_rule_that_ends_before_the_divided_one():
    root = make.make_unit()
    team = make.make_closed_team().team
    team.unit.parent = root
    team.unit.save()
    make.post_bonus(team)
    rules.put_in_force(drafted(root), PERIOD, actor=None)  # the unit's own rule is nearer: nothing changes below
    assert rule_for(team.unit, PERIOD).rule.unit == team.unit


def test_a_version_says_from_which_month_another_one_holds(client):
    old = drafted(make.make_unit())
    user = make.give_role(old.rule.unit, "finance")
    this_month = periods.current_period()
    rules.put_in_force(old, periods.shift(this_month, -1), actor=None)
    new = rules.install_preset("rule_f05_value_per_point", old.rule.unit, actor=None)
    rules.put_in_force(new, periods.shift(this_month, 1), actor=None)
    found = rules_in_reach(access_of(user))
    assert found.get(pk=old.pk).next_from == periods.shift(this_month, 1)
    assert (found.get(pk=old.pk).over, found.get(pk=new.pk).next_from) == (False, None)
    client.force_login(user)
    assert "起换了办法" in client.get(reverse("incentives:rules")).text
    newest = rules.install_preset("rule_f06_trade_multiples", old.rule.unit, actor=None)
    rules.put_in_force(newest, this_month, actor=None)
    assert "已换新办法" in client.get(reverse("incentives:rule", args=[old.pk])).text


@pytest.mark.parametrize("months", [-13, 13, 600])
def test_people_put_nothing_in_force_far_from_today(months):
    version, month = drafted(make.make_unit()), periods.shift(periods.current_period(), months)
    with pytest.raises(TeamError, match="离现在太远了"):
        rules.put_in_force_by_hand(version, month, actor=None)
    version.refresh_from_db()
    assert version.state == "draft"


def test_a_draft_is_deleted_and_its_rule_with_the_last_one():
    unit = make.make_unit()
    first, second = drafted(unit), drafted(unit)
    rules.discard(first, actor=None)
    assert (BonusRule.objects.count(), list(BonusRuleVersion.objects.all())) == (1, [second])
    rules.discard(second, actor=None)
    assert (BonusRule.objects.count(), BonusRuleVersion.objects.count()) == (0, 0)
    with pytest.raises(StaleState):
        rules.discard(second, actor=None)


def test_a_rule_in_force_is_not_deleted():
    version = make.make_rule(make.make_unit())
    with pytest.raises(StaleState, match="已经执行或删除了"):
        rules.discard(version, actor=None)
    assert BonusRuleVersion.objects.get() == version


def test_the_share_of_a_part_is_written_as_a_percentage_of_all_shares():
    definition = {"hours_per_day": 8, "worked_codes": "√"}
    parts = [{"key": key, "name": key, "share": share, "factors": ["days"]} for key, share in [("a", 1), ("b", 2)]]
    rule = read_rule(definition | {"parts": parts})
    assert [percent(rule, part) for part in rule.parts] == ["33.33%", "66.67%"]
    rule = read_rule(rules.presets()["rule_attendance_work"])
    assert [percent(rule, part) for part in rule.parts] == ["30%", "70%"]

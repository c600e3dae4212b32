"""“这个数怎么来的”: every amount of a real month leads back to what it was computed from."""

import pytest

from incentives.distribution import split
from incentives.explain import explain
from incentives.models import DistributionLine
from tests import factories as make

pytestmark = pytest.mark.django_db


def explanations():
    return [explain(line) for line in DistributionLine.objects.select_related("user", "distribution__rule_version")]


def test_the_parts_of_every_member_add_up_to_the_amount(case):
    for explanation in explanations():
        assert sum(part.amount for part in explanation.parts) == explanation.line.amount
        assert sum(part.pot for part in explanation.parts) == explanation.line.distribution.amount


def test_every_member_sees_the_own_findings_and_what_they_cost(case):
    for explanation in explanations():
        assert [shown.finding for shown in explanation.findings] == explanation.member.lines
        for shown in explanation.findings:
            assert shown.finding["person"] == explanation.line.user_id
            assert shown.effect * shown.finding["points"] >= 0


def test_the_effect_of_a_finding_is_the_difference_to_the_same_month_without_it():
    leader, *_ = make.make_closed_team().members
    line = make.make_bonus(leader.memberships.get().team, amount=1_000_001).lines.get(user=leader)
    explanation = explain(line)
    # Without the half point the work part of 700 001 fen would be divided by 13 : 10 : 10 instead of 12.935 : 10 : 10.
    without = split(700_001, {"leader": 13, "worker 1": 10, "worker 2": 10})["leader"]
    assert (without, line.parts["work"]) == (275_758, 274_921)
    (shown,) = explanation.findings
    assert (shown.finding["code"], shown.finding["points"], shown.effect) == ("1.1", -50, 274_921 - 275_758)
    assert [(part.name, part.formula, part.weight, part.total_weight) for part in explanation.parts] == [
        ("出勤部分", "岗位系数 × 出勤天数", "6.50", "16.50"),  # 1.3 × 5 of 1.3 × 5 + 5 + 5
        ("工作部分", "岗位系数 × 工时 × 个人得分", "5,432.70", "13,832.70"),  # 1.3 × 42 × 99.5 of it + 2 × 42 × 100
    ]
    assert [(part.figures, part.percent) for part in explanation.parts] == [
        ("1.3 × 5", "39.39%"),
        ("1.3 × 42 × 99.50", "39.27%"),
    ]

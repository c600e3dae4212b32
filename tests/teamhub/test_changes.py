"""What the trail says of a change."""

import pytest
from django.apps import apps

from teamhub.changes import changes_of

CHANGES = [
    ({"amount": 1234567}, {"amount": 2000000}, [("奖金总额（元）", "12,345.67", "20,000.00")]),
    ({}, {"from": 202610}, [("从哪个月起", "", "2026年10月")]),
    ({"name": "一值", "parent": "厂"}, {"name": "二值", "parent": "厂"}, [("名称", "一值", "二值")]),
    (
        {"211001": {"role": "worker", "coefficient": 100}},
        {"211001": {"role": "leader", "coefficient": 130}},
        [("211001 · 班组职务", "组员", "班长"), ("211001 · 岗位系数", "1.0", "1.3")],
    ),
    ({}, {"211001": ["√√休", 850]}, [("211001", "", "√√休，加班 8.5 小时")]),
    ({"codes": ["1.1"]}, {"codes": ["1.1", "2.3"]}, [("不适用的小项", "1.1", "1.1、2.3")]),
    ({"is_active": True}, {"is_active": False}, [("在用", "是", "否")]),
    ({}, {"unheard": None}, []),
    ({"role": "unheard"}, {}, [("班组职务", "unheard", "")]),
]


@pytest.mark.parametrize(("before", "after", "told"), CHANGES)
def test_a_change_is_told_in_words(before, after, told):
    entry = apps.get_model("teams", "AuditEntry")(before=before, after=after)
    assert [(change.label, change.old, change.new) for change in changes_of(entry)] == told

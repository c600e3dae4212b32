"""What a programme may say: the shipped ones are right, and every planted fault is told in a sentence."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.services.kinds import PRACTICES
from assessments.honours.content import (
    AT,
    CONTENT,
    EVIDENCE,
    METHODS,
    ROLES,
    bar_months,
    full_marks,
    groups_of,
    problems,
    quota_words,
    recheck_words,
    review_words,
)
from assessments.honours.presets import presets

SHIPPED = presets()


def content_of(code="six_good"):
    return {name: copy.deepcopy(SHIPPED[code][name]) for name in CONTENT}


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_programme_is_right(code):
    preset = SHIPPED[code]
    assert problems(preset["subject"], content_of(code), preset["pass_line"]) == []
    assert preset["practices"]
    assert set(preset["practices"]) <= PRACTICES
    assert len(preset["name"]) <= 40
    assert len(preset["title"]) <= 40
    assert len(preset["purpose"]) <= 300
    assert preset["pool"] in {None, *SHIPPED}


def test_the_honours_of_the_founding_documents_are_shipped():
    six, ten, seven, scored = (SHIPPED[code] for code in ("six_good", "ten_models", "seven_have", "studio_scored"))
    assert [name for name, _ in groups_of(six["criteria"])] == [
        *("思想政治工作好", "完成生产工作任务好", "科学管理好", "劳动竞赛好", "组织建设好", "安全文明生产好")
    ]
    assert six["quota"] == {"total": 100, "front_line_percent": 50, "reserve_percent": 20}
    assert bar_months(six["conditions"])["accident"] == bar_months(six["conditions"])["arrears"] == 36
    assert (ten["pool"], ten["quota"]["total"]) == ("six_good", 10)
    assert [row["group"] for row in seven["criteria"]] == ["标识", "场所", "经费", "成员", "制度", "台账", "成果"]
    assert all(row["method"] == "yes_no" and row["must"] for row in seven["criteria"])
    assert full_marks(scored["criteria"]) == 10_000
    assert scored["pass_line"] == 8000
    assert [full_marks(rows) for _, rows in groups_of(scored["criteria"])] == [500, 1000, 1000, 1000, 1000, 1500, 4000]
    assert scored["review"]["group_percent"] == 60
    assert scored["recheck"] == {"every_months": 12, "pass_line": 6000, "result_months": 12, "rectify_months": 3}


FAULTS = {
    "levels": [
        ([], "推荐层级还没有写"),
        ([{"name": "", "at": "unit", "roles": ["union"]}], "推荐层级第 1 行：名称"),
        ([{"name": "省", "at": "moon", "roles": ["union"]}], "请选在哪一级单位推荐"),
        ([{"name": "省", "at": "root", "roles": []}], "请选由谁推荐"),
        ([{"name": "省", "at": "root", "roles": ["worker"]}], "请选由谁推荐"),
        ([{"name": "省", "at": "outside", "roles": ["union"], "most": 0}], "要在 1 到 1000 之间"),
        ([{"name": "省", "at": "outside", "roles": ["union"], "most": 1001}], "要在 1 到 1000 之间"),
        ([{"name": "省", "at": "root", "roles": ["union"]}] * 6, "推荐层级最多 5 行，现在有 6 行"),
    ],
    "applicants": [([], "至少选一个"), (["studio_leader"], "谁能申报要从班长、副班长里选")],
    "criteria": [([], "评选条件还没有写")],
    "conditions": [
        ([{"code": "x", "text": "事故", "kind": "veto", "bar_months": 0}], "几个月内不能评"),
        ([{"code": "x", "text": "资料", "kind": "must", "bar_months": 3}], "必备的不写"),
        ([{"code": "x", "text": "资料", "kind": "may", "bar_months": 0}], "请选必备还是否决"),
        ([{"code": "", "text": "资料", "kind": "must", "bar_months": 0}], "每一行要有代码"),
    ],
    "materials": [
        ([{"code": "1", "name": "照片", "must": True}], "代码“1”已经是一条评选条件的"),
        ([{"code": "m", "name": "照片", "must": True}] * 2, "代码“m”用了两次"),
    ],
    "quota": [
        ({"total": -1}, "名额的数字"),
        ({"front_line_percent": 101}, "名额的数字"),
        ({"odd": 1}, "不认识的项目：odd"),
    ],
    "review": [({"reviewers": 0}, "至少要 1 位评委"), ({"group_percent": 101}, "评审的数字")],
    "recheck": [({"pass_line": 6000}, "要写几个月内整改"), ({"every_months": 121}, "复评的数字")],
}


@pytest.mark.parametrize(
    ("name", "value", "said"), [(name, *fault) for name, found in FAULTS.items() for fault in found]
)
def test_a_fault_is_told_with_its_place(name, value, said):
    found = problems("team", content_of() | {name: value})
    assert any(said in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": 0}, "满分要大于 0"),
        ({"points": 100_001}, "最多 1000"),
        ({"method": "guess"}, "请选怎么评"),
        ({"group": ""}, "归到哪一类"),
        ({"name": "长" * 61}, "1 到 60 个字"),
        ({"evidence": ["rumour"]}, "依据的种类"),
        ({"code": "2"}, "代码“2”用了两次"),
    ],
)
def test_a_fault_of_a_criterion_is_told(change, said):
    content = content_of()
    content["criteria"][0] |= change
    found = problems("team", content)
    assert len(found) == 1
    assert said in found[0]


def test_nobody_has_to_reach_more_than_there_is():
    assert problems("team", content_of(), 6000) == []
    assert problems("team", content_of(), 6001) == ["达标分 60.01 超过了各条加起来的满分 60。"]


words = st.text("好班组一二", min_size=1, max_size=12)
criteria = st.lists(
    st.fixed_dictionaries(
        {
            "name": words,
            "group": words,
            "method": st.sampled_from(list(METHODS)),
            "points": st.integers(1, 5000),
            "must": st.booleans(),
            "evidence": st.lists(st.sampled_from(list(EVIDENCE)), unique=True),
        }
    ),
    min_size=1,
    max_size=8,
)
levels = st.lists(
    st.fixed_dictionaries(
        {
            "name": words,
            "at": st.sampled_from(list(AT)),
            "roles": st.lists(st.sampled_from(list(ROLES)), min_size=1, unique=True),
        },
        optional={"most": st.integers(1, 1000)},
    ),
    min_size=1,
    max_size=5,
)


@given(criteria, levels, st.integers(0, 40_000))
def test_whatever_keeps_the_rules_has_no_problem(rows, steps, line):
    numbered = [row | {"code": str(number)} for number, row in enumerate(rows)]
    content = content_of() | {"criteria": numbered, "levels": steps, "materials": []}
    full = sum(row["points"] for row in rows)
    assert (problems("team", content, line) == []) == (line <= full)
    assert [row for _, found in groups_of(numbered) for row in found] == sorted(
        numbered, key=lambda row: list(dict.fromkeys(one["group"] for one in rows)).index(row["group"])
    )


def test_rules_are_said_in_words():
    assert list(quota_words({"total": 100, "front_line_percent": 50, "reserve_percent": 20})) == [
        *("名额 100 个", "一线职工、班组长和班组占 50% 以上", "备选名额为 20%")
    ]
    assert list(quota_words({})) == ["名额不限"]
    assert list(quota_words({"per_unit": 2, "one_for_one": True}))[1:] == [
        *("每个单位最多 2 个", "推荐一名管理人员要同时推荐一名一线职工")
    ]
    assert list(review_words({"reviewers": 5, "is_blind": False, "divergence": 0, "needs_vote": True})) == [
        *("每份申报 5 位评委，公开评审", "要经过表决")
    ]
    assert list(recheck_words({})) == ["不复评，到期自然失效"]
    assert list(recheck_words(SHIPPED["studio_scored"]["recheck"])) == [
        *(
            "每 12 个月复评一次",
            "复评低于 60 分的限期整改",
            "12 个月没有成果的限期整改",
            "整改期 3 个月，仍不合格的撤销",
        )
    ]


def test_of_two_vetoes_of_one_case_the_longer_holds():
    rows = [{"code": "accident", "text": "", "kind": "veto", "bar_months": months} for months in (12, 36, 24)]
    assert bar_months([*rows, {"code": "seen", "kind": "must", "bar_months": 0}]) == {"accident": 36}

"""Fields of kinds as data: what is stored is what was typed, or a sentence says what is wrong; nothing else happens."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities import fields
from activities.fields import TYPES, carried, cleaned, definition_problems, people_in, shown

CHOICES = ["好", "一般", "差"]
WHOLE = [
    {"key": f"f{number}", "label": f"栏目{number}", "type": code} | ({"choices": CHOICES} if found.has_choices else {})
    for number, (code, found) in enumerate(TYPES.items())
]
BY_TYPE = {field["type"]: field for field in WHOLE}


def one(code, raw, **options):
    """(stored value or None, sentence or None) of one field of that type."""
    field = BY_TYPE[code] | options
    values, problems = cleaned([field], {field["key"]: raw})
    return values.get(field["key"]), problems.get(field["key"])


@pytest.mark.parametrize(
    ("code", "raw", "stored"),
    [
        ("text", "三号泵", "三号泵"),
        ("whole", "１２", 12),
        ("number", "1.05", 105),
        ("money", "1,234.50", 123450),
        ("seconds", "180", 180),
        ("date", "2026-10-05", "2026-10-05"),
        ("time", "07:45", "07:45"),
        ("yes_no", "no", False),
        ("choice", "好", "好"),
        ("choices", ["好", "差"], ["好", "差"]),
        ("person", 7, 7),
        ("people", [7, 8], [7, 8]),
    ],
)
def test_what_is_typed_becomes_plain_data(code, raw, stored):
    assert one(code, raw) == (stored, None)


@pytest.mark.parametrize(
    ("code", "raw", "sentence"),
    [
        ("text", "长" * 201, "“栏目0”最多 200 个字，现在有 201 个。"),
        ("whole", "1.5", "“栏目2”要填整数。"),
        ("money", "-1", "“栏目4”金额不能是负数。"),
        ("money", "abc", "“栏目4”“abc”不是数字。"),
        ("seconds", "86401", "“栏目5”要在 0 到 86400 秒之间。"),
        ("date", "10月5日", "“栏目6”不是日期，请写成 2026-10-05 这样。"),
        ("time", "24:00", "“栏目7”不是时间，请写成 07:45 这样。"),
        ("yes_no", "maybe", "“栏目8”请选“是”或“否”。"),
        ("choice", "很好", "“栏目9”里有不在选项中的内容，请重新选择。"),
        ("choices", ["好", "很好"], "“栏目10”里有不在选项中的内容，请重新选择。"),
    ],
)
def test_what_is_wrong_is_said_and_not_stored(code, raw, sentence):
    assert one(code, raw) == (None, sentence)


def test_a_required_field_is_asked_for_except_of_a_draft():
    field = BY_TYPE["text"] | {"required": True}
    assert cleaned([field], {}) == ({}, {"f0": "“栏目0”还没有填。"})
    assert cleaned([field], {}, as_draft=True) == ({}, {})


@given(st.text(max_size=300))
def test_any_text_is_stored_or_refused_and_what_is_stored_can_be_shown(raw):
    for code, field in BY_TYPE.items():
        if code in ("choices", *fields.PEOPLE):
            continue
        value, problem = one(code, raw)
        assert (value is None) == bool(problem or not raw)
        if value is not None:
            assert isinstance(shown([field], {field["key"]: value}, {})[0][1], str)


@given(st.integers(min_value=0, max_value=10**12))
def test_money_is_shown_as_it_was_typed(fen):
    value, problem = one("money", f"{fen // 100}.{fen % 100:02d}")
    assert (value, problem) == (fen, None)
    text = shown([BY_TYPE["money"]], {BY_TYPE["money"]["key"]: value}, {})[0][1]
    assert one("money", text) == (fen, None)


@given(st.dates(), st.times())
def test_days_and_times_stay_what_they_are(day, time):
    assert one("date", day.isoformat()) == (day.isoformat(), None)
    assert one("time", f"{time:%H:%M}") == (f"{time:%H:%M}", None)
    assert datetime.date.fromisoformat(one("date", day.isoformat())[0]) == day


TEXTS = st.text(max_size=25)
DEFINITIONS = st.lists(
    st.fixed_dictionaries(
        {"key": TEXTS, "label": TEXTS, "type": st.sampled_from([*TYPES, "other"])},
        optional={"unit": TEXTS, "help": TEXTS, "choices": st.lists(TEXTS, max_size=22), "required": st.booleans()},
    ),
    max_size=22,
)


@given(DEFINITIONS)
def test_a_definition_without_problems_takes_an_empty_form(definitions):
    if definition_problems(definitions):
        return
    values, problems = cleaned(definitions, {})
    assert values == {}
    assert set(problems) == {field["key"] for field in definitions if field.get("required")}
    assert shown(definitions, values, {}) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"key": "9x"}, "第 1 个栏目：代码要用小写字母开头"),
        ({"label": " "}, "第 1 个栏目：名称要有 1 到 20 个字。"),
        ({"type": "formula"}, "第 1 个栏目：没有“formula”这种类型。"),
        ({"type": "choice", "choices": ["好"]}, "选项要有 2 到 20 个"),
        ({"type": "choice", "choices": ["好", "好"]}, "不能重复"),
        ({"type": "choice", "choices": ["好", "长" * 41]}, "每个选项要有 1 到 40 个字。"),
        ({"unit": "九个字九个字九个字"}, "单位最多 8 个字。"),
    ],
)
def test_a_wrong_definition_is_named(change, sentence):
    assert sentence in "".join(definition_problems([BY_TYPE["text"] | change]))


def test_two_fields_with_one_code_and_too_many_fields_are_refused():
    assert "用了两次" in definition_problems([BY_TYPE["text"]] * 2)[0]
    many = [BY_TYPE["text"] | {"key": f"k{number}"} for number in range(21)]
    assert definition_problems(many) == ["最多 20 个栏目，现在有 21 个。"]


def test_a_further_record_begins_with_the_words_of_the_earlier_one_and_nothing_measured():
    earlier = [BY_TYPE["text"], BY_TYPE["choice"], BY_TYPE["money"], BY_TYPE["long"]]
    values = {"f0": "三号泵", "f9": "好", "f4": 500, "f1": "记"}
    now = [BY_TYPE["text"], BY_TYPE["choice"], BY_TYPE["money"], BY_TYPE["date"] | {"key": "f1"}]
    assert carried(now, earlier, values) == {"f0": "三号泵", "f9": "好"}


def test_people_are_shown_by_name_and_those_who_are_gone_too():
    found = [BY_TYPE["person"], BY_TYPE["people"], BY_TYPE["speakers"]]
    values = {found[0]["key"]: 1, found[1]["key"]: [1, 2], found[2]["key"]: [3]}
    assert [text for _, text in shown(found, values, {1: "张三", 3: "李四"})] == ["张三", "张三、已不在册", "李四"]
    assert people_in(found, values) == {1, 2, 3}
    assert people_in(found, values, ("speakers",)) == {3}

"""The fields of activity kinds as data: what types there are, what a typed value becomes, and how it is shown. No database.

A definition is a dict: key, label, type, and optionally required, unit (printed after the value), choices and help. A stored
value is plain JSON: text, an integer (numbers and hours in hundredths, money in fen, seconds), true or false, an ISO date, a
time as HH:MM, an employee's id, or a list of choices or ids. What was left empty is not stored.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from teams.figures import hundredths, short_text, yuan_text

LONGEST = {"text": 200, "long": 2000}
MOST_FIELDS, MOST_CHOICES = 20, 20
LONGEST_LABEL, LONGEST_UNIT, LONGEST_HELP, LONGEST_CHOICE = 20, 8, 60, 40
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class FieldType:
    """A type of field: its name for people, `clean` (typed text → stored value, ValueError in words) and `shown`."""

    name: str
    clean: Any
    shown: Any = str
    has_choices: bool = False


def _text(limit):
    def clean(text):
        if len(text) > limit:
            raise ValueError(f"最多 {limit} 个字，现在有 {len(text)} 个")
        return text

    return clean


def _money(text):
    fen = hundredths(text)
    if fen < 0:
        raise ValueError("金额不能是负数")
    return fen


def _whole(text):
    value = hundredths(text)
    if value % 100:
        raise ValueError("要填整数")
    return value // 100


def _seconds(text):
    value = _whole(text)
    if not 0 <= value <= 86400:
        raise ValueError("要在 0 到 86400 秒之间")
    return value


def _date(text):
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("不是日期，请写成 2026-10-05 这样") from None


def _clock(text):
    if not CLOCK.fullmatch(text):
        raise ValueError("不是时间，请写成 07:45 这样")
    return text


def _yes_no(text):
    if text not in ("yes", "no"):
        raise ValueError("请选“是”或“否”")
    return text == "yes"


TYPES = {
    "text": FieldType("一行文字", _text(LONGEST["text"])),
    "long": FieldType("多行文字", _text(LONGEST["long"])),
    "whole": FieldType("整数", _whole),
    "number": FieldType("数字", hundredths, short_text),
    "money": FieldType("金额（元）", _money, yuan_text),
    "seconds": FieldType("用时（秒）", _seconds),
    "date": FieldType("日期", _date),
    "time": FieldType("时间", _clock),
    "yes_no": FieldType("是或否", _yes_no, lambda value: "是" if value else "否"),
    "choice": FieldType("单选", str, has_choices=True),
    "choices": FieldType("多选", list, "、".join, has_choices=True),
    "person": FieldType("一个人", int),
    "people": FieldType("几个人", list),
    "speakers": FieldType("主讲人", list),
}
"""By code. Who may stand in a field of people is for the caller to say: only the floor below knows people."""
PEOPLE = ("person", "people", "speakers")
OF_THE_DAY = {"whole", "number", "money", "seconds", "date", "time"}
"""Types whose values are measured or set anew each time."""


def definition_problems(fields):
    """Sentences about what is wrong with the definitions of a kind, each with the field it is about; [] when nothing is."""
    if len(fields) > MOST_FIELDS:
        return [f"最多 {MOST_FIELDS} 个栏目，现在有 {len(fields)} 个。"]
    problems, keys = [], set()
    for number, field in enumerate(fields, 1):
        problems += [f"第 {number} 个栏目：{sentence}" for sentence in _problems_of(field, keys)]
        keys.add(field.get("key"))
    return problems


def _problems_of(field, keys):
    if not KEY.fullmatch(field.get("key", "")):
        yield "代码要用小写字母开头，只含小写字母、数字和下划线。"
    elif field["key"] in keys:
        yield f"代码“{field['key']}”用了两次。"
    if not 0 < len(field.get("label", "").strip()) <= LONGEST_LABEL:
        yield f"名称要有 1 到 {LONGEST_LABEL} 个字。"
    for name, word, longest in (("unit", "单位", LONGEST_UNIT), ("help", "提示", LONGEST_HELP)):
        if len(field.get(name, "")) > longest:
            yield f"{word}最多 {longest} 个字。"
    if field.get("type") not in TYPES:
        yield f"没有“{field.get('type')}”这种类型。"
    elif TYPES[field["type"]].has_choices:
        yield from _problems_of_choices(field.get("choices", []))


def _problems_of_choices(choices):
    if not 2 <= len(choices) <= MOST_CHOICES or len(set(choices)) < len(choices):
        yield f"选项要有 2 到 {MOST_CHOICES} 个，不能重复。"
    if any(not 0 < len(choice.strip()) <= LONGEST_CHOICE for choice in choices):
        yield f"每个选项要有 1 到 {LONGEST_CHOICE} 个字。"


def cleaned(fields, typed, *, as_draft=False):
    """(stored values, {key: what is wrong}) of what was typed: {key: text, or a list for types of several}.

    Choices must be among those of the definition; ids of people are taken as they are. A draft may leave out anything.
    """
    values, problems = {}, {}
    for field in fields:
        raw = typed.get(field["key"])
        if not raw:
            if field.get("required") and not as_draft:
                problems[field["key"]] = f"“{field['label']}”还没有填。"
            continue
        try:
            values[field["key"]] = _cleaned(field, raw)
        except ValueError as error:
            problems[field["key"]] = f"“{field['label']}”{error}。"
    return values, problems


def _cleaned(field, raw):
    kind = TYPES[field["type"]]
    value = kind.clean(raw)
    chosen = value if isinstance(value, list) else [value]
    if kind.has_choices and not set(chosen) <= set(field["choices"]):
        raise ValueError("里有不在选项中的内容，请重新选择")
    return value


def shown(fields, values, names):
    """[(label, text)] of the fields that have a value, in order; `names` is {id: name} of the people in them."""
    return [(field["label"], _shown(field, values[field["key"]], names)) for field in fields if field["key"] in values]


def _shown(field, value, names):
    if field["type"] == "person":
        return names.get(value, "已不在册")
    if field["type"] in PEOPLE:
        return "、".join(names.get(pk, "已不在册") for pk in value)
    text = TYPES[field["type"]].shown(value)
    return f"{text} {field['unit']}" if field.get("unit") else text


def carried(fields, earlier, values):
    """Of the values of an earlier record those that a further one may begin with: words and choices, nothing measured.

    `earlier` are the definitions that the record was made by; a field that has another type now begins empty.
    """
    types, then = ({field["key"]: field["type"] for field in found} for found in (fields, earlier))
    return {
        key: value
        for key, value in values.items()
        if key in types and types[key] == then.get(key) and types[key] not in OF_THE_DAY
    }


def people_in(fields, values, types=PEOPLE):
    """Ids of everybody who stands in a field of these types."""
    found = (values[field["key"]] for field in fields if field["type"] in types and field["key"] in values)
    return {pk for value in found for pk in (value if isinstance(value, list) else [value])}

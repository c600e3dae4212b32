"""What a trail entry changed, in the words of the people who read it."""

from dataclasses import dataclass

from django.apps import apps
from django.utils import timezone

from teamhub.verbs import VERBS
from teams import periods
from teams.figures import coefficient_text, short_text, yuan_text
from teams.models import Honour, Membership, Team, User
from teams.roster import LABELS

NAMES = LABELS | {
    "people": "人数",
    "findings": "记录",
    "reason": "原因",
    "question": "退回意见",
    "codes": "不适用的小项",
    "amount": "奖金总额（元）",
    "hash": "指纹",
    "sha256": "指纹",
    "without_bad_rows": "跳过有错的行",
    "leaving": "办理离开",
    "from": "从哪个月起",
    "source": "来源",
    "parent": "上级单位",
    "name": "名称",
    "position": "排序",
    "shift_pattern": "班制",
    "formed_on": "成立日期",
    "ended_on": "结束日期",
    "vision": "愿景",
    "slogan": "口号",
    "style": "班风",
    "overtime": "加班小时",
    "must_change_password": "须改密码",
    "is_active": "在用",
    "method": "方式",
    "path": "地址",
    "rows": "行数",
    "skill_level": "技能等级",
    "device": "设备",
    "factor": "登录方式",
    "ended_elsewhere": "退出的其他设备数",
    "reviewers": "评委",
    "aside": "回避",
    "seed": "抽签号",
    "eligible": "能抽的评委",
    "needed": "还要几位",
    "loads": "已有几份",
    "drawn": "抽中",
}
"""Stored name -> what people call it; what is not here (an employee number) stands for itself."""

CHOICES = {
    "role": Membership.Role,
    "political_status": User.PoliticalStatus,
    "shift_pattern": Team.ShiftPattern,
    "skill_level": User.SkillLevel,
    "level": Honour.Level,
}
FIGURES = {"amount": yuan_text, "coefficient": coefficient_text, "from": periods.label, "overtime": short_text}


FLOORS = ("teams", "bulletins", "activities", "assessments", "incentives")


def kinds():
    """{object type of an entry: what people call it}, of everything that an entry can be about."""
    models = (model for floor in FLOORS for model in apps.get_app_config(floor).get_models())
    return {model._meta.label_lower: model._meta.verbose_name for model in models}


@dataclass
class Change:
    """One line: what changed, from what, to what; an empty text where there was or is nothing."""

    label: str
    old: str
    new: str


def changes_of(entry):
    """The Changes of an entry, in the order in which it keeps them."""
    before, after, labels = dict(_flat(entry.before)), dict(_flat(entry.after)), _labels(entry.object_type)
    return [
        Change(_label(path, labels), _text(path[-1], before.get(path)), _text(path[-1], after.get(path)))
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    ]


def _flat(values, path=()):
    """(path, value) of everything that is no mapping itself."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, (*path, name))
        else:
            yield (*path, name), value


def _labels(object_type):
    """{stored name: label} of what an entry about this kind of object may tell: NAMES, and the model's own fields."""
    try:
        fields = apps.get_model(object_type)._meta.get_fields() if object_type else ()
    except LookupError:
        fields = ()
    return {field.name: field.verbose_name for field in fields if hasattr(field, "verbose_name")} | NAMES


def _label(path, labels):
    return " · ".join(str(labels.get(name, name)) for name in path)


def _text(name, value):
    if value in (None, ""):
        return ""
    if isinstance(value, list):
        return _listed(value)
    if name in FIGURES and isinstance(value, int):
        return FIGURES[name](value)
    if (name, value) == ("source", "grid"):
        return "网页填写"
    if name in CHOICES and value in CHOICES[name].values:
        return CHOICES[name](value).label
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _listed(values):
    """A list as one line; a member's month is its codes and the overtime."""
    match values:
        case [str(codes), int(hours)]:
            return codes + (f"，加班 {short_text(hours)} 小时" if hours else "")
        case _:
            return "、".join(str(value) for value in values)


def exported(entry):
    """An entry as a row of texts for a workbook: time, name, number, deed, object, before, after, address."""
    changes = changes_of(entry)
    return [
        f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.actor.name if entry.actor else "系统",
        entry.actor.employee_no if entry.actor else "",
        VERBS.get(entry.verb, entry.verb),
        entry.label,
        "；".join(f"{change.label}：{change.old}" for change in changes if change.old),
        "；".join(f"{change.label}：{change.new}" for change in changes if change.new),
        entry.address,
    ]

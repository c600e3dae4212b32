"""What an administrator types about a kind of activity: who records it, how often, and a table of its fields."""

import re

from django import forms

from activities.fields import MOST_FIELDS, TYPES
from activities.models import ActivityKind
from teams.figures import short_text, whole_number
from teams.forms import (
    HIDDEN_SIGNS,
    WRONG,
    HundredthsField,
    SearchForm,
    choice_field,
    offer_units,
    text_field,
    whole_field,
)
from teams.models import Membership, Unit, UnitRole

ROLES = [*Membership.Role.choices, *UnitRole.Role.choices]
BLANK_ROWS, MORE_ROWS = 3, 3
BETWEEN = re.compile(r"[\s,，、;；]+")
PLAIN = ("name", "group", "purpose", "agenda", "subject", "taking_part", "cadence", "privacy", "criterion")
COUNTS = ("grace_days", "photos_needed")
SWITCHES = ("is_asked", "votes")
COLUMNS = ("key", "label", "type", "choices", "unit", "help")


class KindFilterForm(SearchForm):
    """Words to search the kinds for, and whether those that are retired are listed."""

    state = choice_field("状态", [("", "在用的"), ("retired", "停用的")], required=False)


class KindForm(forms.Form):
    """A kind; `wanted` are the values of ActivityKind's fields once the form is valid. `units` are asked for of a new one."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="在哪个单位用",
        empty_label=None,
        help_text="这个单位和下级单位都能用。",
        error_messages={"required": "请选择单位。", "invalid_choice": WRONG},
    )
    name = text_field("名称", 40, verb="写")
    group = choice_field("类别", ActivityKind.Group.choices)
    purpose = text_field("说明", 200, required=False, help_text="一句话：这是什么，为什么记。")
    subject = choice_field("谁的活动", ActivityKind.Subject.choices, widget=forms.RadioSelect)
    recorders = forms.MultipleChoiceField(
        label="谁来记",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择谁来记。", "invalid_choice": WRONG, "invalid_list": WRONG},
    )
    taking_part = choice_field("参加人", ActivityKind.TakingPart.choices, widget=forms.RadioSelect)
    privacy = choice_field("谁能看", ActivityKind.Privacy.choices, widget=forms.RadioSelect)
    cadence = choice_field("多久一次", ActivityKind.Cadence.choices)
    cycle_days = whole_field("周期（天）", 1, 1100, required=False, help_text="只有“按周期”的才填。")
    is_asked = forms.BooleanField(label="列入待办，到期提醒", required=False)
    grace_days = whole_field("宽限几个工作日", 0, 30, required=False)
    photos_needed = whole_field("至少几张照片", 0, 9, required=False)
    votes = forms.BooleanField(label="有表决", required=False)
    hours = HundredthsField(label="学时", required=False, max_length=6)
    points = HundredthsField(label="每次给班组加几分", required=False, max_length=6)
    criterion = text_field("支持的考核小项", 20, required=False, help_text="小项的编号，如 2.4；不加分的不填。")
    practices = text_field("对应做法的编号", 200, required=False, help_text="如 2、27；不清楚可以不填。")
    agenda = text_field(
        "记录模板",
        2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="打开表时“记录”一栏先写好的字。",
    )

    def __init__(self, *args, units=None, kind=None, **kwargs):
        super().__init__(*args, initial=_first(kind), **kwargs)
        self.stored = kind.fields if kind else []
        offer_units(self, units)

    @property
    def rows(self):
        """The table of fields: what was posted, or the kind's and empty ones; more of them when asked for."""
        if not self.is_bound:
            rows = [_row_of(field) for field in self.stored]
            count = len(rows) + BLANK_ROWS
        else:
            count = self._posted_count()
            rows = [self._posted(number) for number in range(1, count + 1)]
            count += MORE_ROWS if "more" in self.data else 0
        rows += [dict.fromkeys(COLUMNS, "") for _ in range(min(count, MOST_FIELDS) - len(rows))]
        return [row | {"number": number} for number, row in enumerate(rows, 1)]

    def _posted_count(self):
        return min(whole_number(self.data.get("rows", "")[:3]), MOST_FIELDS)

    def _posted(self, number):
        row = {name: self.data.get(f"{name}-{number}", "").strip() for name in COLUMNS}
        return row | {name: f"{name}-{number}" in self.data for name in ("required", "gone")}

    def clean_practices(self):
        return [number for number in BETWEEN.split(self.cleaned_data["practices"]) if number]

    def _clean_figure(self, name, label):
        value = self.cleaned_data[name] or 0
        if not 0 <= value <= 10000:
            raise forms.ValidationError(f"{label}要在 0 到 100 之间。")
        return value

    def clean_hours(self):
        return self._clean_figure("hours", "学时")

    def clean_points(self):
        return self._clean_figure("points", "加分")

    def clean(self):
        posted = [self._posted(number) for number in range(1, self._posted_count() + 1)]
        if any("\x00" in str(value) for row in posted for value in row.values()):
            self.add_error(None, f"栏目{HIDDEN_SIGNS}")
            return
        kept = [row for row in posted if row["label"] and not row["gone"]]
        if any(row["type"] and not row["label"] and not row["gone"] and row["choices"] for row in posted):
            self.add_error(None, "有一个栏目写了选项，没有写名称。")
        self.cleaned_data["fields"] = _definitions(kept, {row["key"] for row in posted})

    @property
    def wanted(self):
        """Values of ActivityKind's fields."""
        data = self.cleaned_data
        values = {
            name: data[name] for name in (*PLAIN, *SWITCHES, "hours", "points", "practices", "recorders", "fields")
        }
        return values | {name: data[name] or 0 for name in COUNTS} | {"cycle_days": data["cycle_days"]}


def _first(kind):
    if kind is None:
        return {
            "subject": "team",
            "taking_part": "ticked",
            "privacy": "unit",
            "cadence": "none",
            "recorders": ["leader"],
        }
    first = {name: getattr(kind, name) for name in (*PLAIN, *SWITCHES, *COUNTS, "cycle_days", "recorders")}
    return first | {
        "practices": "、".join(kind.practices),
        "hours": short_text(kind.hours) if kind.hours else "",
        "points": short_text(kind.points) if kind.points else "",
    }


def _row_of(field):
    return {
        **{name: field.get(name, "") for name in COLUMNS},
        "choices": "、".join(field.get("choices", ())),
        "required": field.get("required", False),
    }


def _definitions(rows, used):
    """Definitions of fields from the rows of the table; rows that are new get a code that is not `used`."""
    fields = []
    for row in rows:
        key = row["key"] or next(name for name in map("f{}".format, range(1, 99)) if name not in used)
        used = {*used, key}
        field = {"key": key, "label": row["label"], "type": row["type"]}
        field |= {name: row[name] for name in ("unit", "help") if row[name]}
        field |= {"required": True} if row["required"] else {}
        if row["type"] in TYPES and TYPES[row["type"]].has_choices:
            field["choices"] = [choice for choice in re.split(r"[\n、，,；;]+", row["choices"]) if choice.strip()]
        fields.append(field)
    return fields

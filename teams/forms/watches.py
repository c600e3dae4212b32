"""What people type about watches and substitutions."""

from django import forms
from django.utils import timezone

from teams import periods
from teams.figures import whole_number
from teams.forms import PersonField
from teams.models import Shift, User, Watch

FILLS = {"week": "按上周顺延", "turn": "轮流排"}


LONGEST = Watch._meta.get_field("handover").max_length


class FillForm(forms.Form):
    """Which shifts the empty duty roster has, and how its empty cells are to be proposed; all of it may be left out."""

    shift = forms.MultipleChoiceField(choices=Shift, required=False)
    fill = forms.ChoiceField(choices=list(FILLS.items()), required=False)
    start = forms.CharField(required=False)

    def asked(self):
        """(shifts, fill, id of the person to start with); what is no sensible wish is left out."""
        self.is_valid()
        wishes = self.cleaned_data
        return wishes.get("shift", []), wishes.get("fill", ""), whole_number(wishes.get("start", ""))


class WatchPlanForm(forms.Form):
    """The duty roster of a month: one person per day and shift (`w-<day>-<shift>`), an id or nothing.

    `shown` holds a line `<field> <id>` for every filled cell of the page as it came, so that only cells which the person
    changed are written. `wrong` are the fields to mark when the roster is refused.
    """

    def __init__(self, data, *, period):
        super().__init__(data)
        cells = [(date, shift) for date in periods.days_of(period) for shift in Shift.values]
        self.cells, self.wrong = {f"w-{date.day}-{shift}": (date, shift) for date, shift in cells}, set()
        lines = (line.partition(" ") for line in data.get("shown", "").splitlines())
        self.shown = {name: text for name, _, text in lines}

    @property
    def changed(self):
        """{field: text} of the cells that no longer hold what the page showed."""
        typed = {name: self.data.get(name, self.shown.get(name, "")).strip() for name in self.cells}
        return {name: text for name, text in typed.items() if text != self.shown.get(name, "")}

    def wanted(self, name):
        """The id that stands in a field; None when it is empty."""
        return _person(self.changed[name])

    def clean(self):
        """`changes`: {(date, shift): (shown, wanted)} as teams.services.watches.plan takes them."""
        if any(name.startswith("w-") and name not in self.cells for name in self.data):
            self.add_error(None, "这一页已经过时了，请刷新页面后重新排。")
        self.cleaned_data["changes"] = {
            self.cells[name]: (_person(self.shown.get(name, "")), _person(text)) for name, text in self.changed.items()
        }

    def refuse(self, error):
        """Show the sentence of a TeamError, and mark the cells in which another person was faster."""
        self.add_error(None, str(error))
        self.wrong = {name for name, cell in self.cells.items() if cell in getattr(error, "cells", [])}


def _person(text):
    return whole_number(text) if text else None


PHRASES = {
    "equipment": ("设备", ["运行正常", "备用设备完好", "有设备在检修"]),
    "leftover": ("遗留问题", ["没有遗留问题", "已报修，等处理"]),
    "attention": ("注意事项", ["没有特别要注意的", "工器具齐全", "现场已清扫"]),
}
"""The parts of a hand-over: field, name, and what is said so often that a tap is enough."""


class HandOverForm(forms.Form):
    """The record of a watch: for each part the usual phrases and own words; at least one part is needed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, phrases) in PHRASES.items():
            self.fields[f"{name}-usual"] = forms.MultipleChoiceField(
                label=label,
                choices=[(phrase, phrase) for phrase in phrases],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[name] = forms.CharField(
                label=f"{label}（自己写）",
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={
                    "max_length": f"{label}最多写 {LONGEST} 字。",
                    "null_characters_not_allowed": f"{label}里有看不见的控制字符，请删掉后再交班。",
                },
            )

    def clean(self):
        """`text`: the parts that say something, a line each."""
        parts = ((label, self._part(name)) for name, (label, _) in PHRASES.items())
        text = "\n".join(f"{label}：{said}" for label, said in parts if said)
        if not text and not self.errors:
            self.add_error(None, "交班记录还是空的，请至少点一条或写一条。")
        if len(text) > LONGEST:
            self.add_error(None, f"交班记录一共最多 {LONGEST} 字，现在是 {len(text)} 字，请写短一些。")
        self.cleaned_data["text"] = text

    def _part(self, name):
        said = [*self.cleaned_data.get(f"{name}-usual", []), self.cleaned_data.get(name, "")]
        return "；".join(filter(None, said))


class SubstitutionForm(forms.Form):
    """On which day of the month who covered whom."""

    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "请选择日期。", "invalid": "日期无效，请重新选择。"},
    )
    user = PersonField(label="补位人（谁来顶）", queryset=User.objects.none(), empty_label="请选择")
    covered = PersonField(label="被补位人（替谁）", queryset=User.objects.none(), empty_label="请选择")
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        help_text="为什么补位、补了哪个班，例如：发热请假，顶夜班。",
        error_messages={"max_length": "说明最多 200 字。"},
    )

    def __init__(self, *args, members, period, **kwargs):
        super().__init__(*args, **kwargs)
        self.period = period
        people = User.objects.filter(pk__in=[member.user_id for member in members])
        for name, who in (("user", "谁来顶班"), ("covered", "替谁顶班")):
            self.fields[name].queryset = people
            self.fields[name].error_messages["required"] = f"请选择{who}。"
        last = min(periods.last_day(period), timezone.localdate())
        self.fields["date"].initial = last
        self.fields["date"].widget.attrs |= {"min": f"{periods.first_day(period)}", "max": f"{last}"}

    def clean_date(self):
        date = self.cleaned_data["date"]
        if periods.period_of(date) != self.period:
            raise forms.ValidationError(f"请选{periods.label(self.period)}里的日期；别的月份请先换月份。")
        return date

"""The month grid of attendance, and corrections of an approved month."""

from django import forms

from teams import periods
from teams.attendance_sheet import CODES
from teams.figures import hundredths
from teams.forms import HundredthsField, PersonField, unknown_fields
from teams.models import Attendance, User
from teams.services.attendance import OVERTIME

UNCHANGED, EMPTY = "", "-"


CHOICES = [(UNCHANGED, "不变"), *((code, f"{code} {name}") for code, name in Attendance.Code.choices), (EMPTY, "擦空")]


class AttendanceGridForm(forms.Form):
    """The month grid: one code per member and day (`a-<user>-<day>`), overtime per member (`o-<user>`).

    `shown` holds a line `<field> <text>` for every filled cell of the page as it came, so that only cells which the person
    changed are written. `wrong` are the fields to mark when the grid is refused.
    """

    def __init__(self, data, *, members, period):
        super().__init__(data)
        self.members, self.cells, self.wrong, self.told = members, {}, set(), set()
        for member in members:
            days = {f"a-{member.user_id}-{day}": day for day in range(1, periods.last_day(period).day + 1)}
            places = days | {f"o-{member.user_id}": OVERTIME}
            self.cells |= {name: (member.user, place) for name, place in places.items()}
        lines = (line.partition(" ") for line in data.get("shown", "").splitlines())
        self.shown = {name: text for name, _, text in lines}

    @property
    def changed(self):
        """{field: text} of the cells that no longer hold what the page showed."""
        shown = {name: self.shown.get(name, "") for name in self.cells}
        typed = {name: self.data.get(name, text).strip() for name, text in shown.items()}
        return {name: text for name, text in typed.items() if text != shown[name]}

    def clean(self):
        """`changes`: {(employee number, day or OVERTIME): [shown, typed]}; every wrong cell is named."""
        known = {str(member.user_id) for member in self.members}
        if unknown_fields(self.data, "a-", known) or unknown_fields(self.data, "o-", known):
            self.add_error(None, "班组成员刚刚有变动，表里有人已不在这个班组。请刷新页面后重新填写。")
        self.cleaned_data["changes"] = {}
        for name, text in self.changed.items():
            user, place = self.cells[name]
            pair = [self._read(name, value) for value in (self.shown.get(name, ""), text)]
            self.cleaned_data["changes"][user.employee_no, place] = pair

    def refuse(self, error):
        """Show the sentence of a TeamError; cells in which another person was faster are marked, and so told."""
        self.add_error(None, str(error))
        cells = getattr(error, "cells", [])
        self.told = {name for name, (user, place) in self.cells.items() if (user.employee_no, place) in cells}
        self.wrong |= self.told

    def _read(self, name, text):
        user, place = self.cells[name]
        try:
            return _hours(user, text) if place == OVERTIME else _code(user, place, text)
        except forms.ValidationError as error:
            self.add_error(None, error)
            self.wrong.add(name)


def _code(user, day, text):
    if text and text not in CODES:
        raise forms.ValidationError(f"{user.name} {day} 日：不认识的考勤符号“{text[:5]}”，请用下面图例里的符号。")
    return text


def _hours(user, text):
    try:
        hours = hundredths(text or "0")
    except ValueError as error:
        raise forms.ValidationError(f"{user.name}的加班小时{error}。") from error
    if not 0 <= hours <= 40000:
        raise forms.ValidationError(f"{user.name}的加班小时应在 0 到 400 之间。")
    return hours


class CorrectionForm(forms.Form):
    """One member, one day of the month, what it should have been, and why."""

    person = PersonField(
        label="成员",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择更正谁的考勤。"},
    )
    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "请选择日期。", "invalid": "日期无效，请重新选择。"},
    )
    code = forms.ChoiceField(label="更正为", choices=CHOICES, required=False)
    hours = HundredthsField(
        label="加班增减（小时）",
        max_length=7,
        required=False,
        help_text="少记了填 2，多记了填 -2；没有变化不用填。",
        error_messages={"max_length": "加班小时太长。"},
    )
    reason = forms.CharField(
        label="原因", max_length=200, error_messages={"required": "请写明原因。", "max_length": "原因最多 200 字。"}
    )

    def __init__(self, *args, members, period, **kwargs):
        super().__init__(*args, **kwargs)
        self.period = period
        self.fields["person"].queryset = User.objects.filter(pk__in=[member.user_id for member in members])
        first, last = periods.first_day(period), periods.last_day(period)
        self.fields["date"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_date(self):
        date = self.cleaned_data["date"]
        if periods.period_of(date) != self.period:
            raise forms.ValidationError(f"请选{periods.label(self.period)}里的日期。")
        return date

    def clean_code(self):
        """The new code; None when it stays as it is, '' when the day becomes empty."""
        return {UNCHANGED: None, EMPTY: ""}.get(self.cleaned_data["code"], self.cleaned_data["code"])

    def clean_hours(self):
        hours = self.cleaned_data["hours"] or 0
        if abs(hours) > 40000:
            raise forms.ValidationError("加班增减应在 -400 到 400 小时之间。")
        return hours

"""What a leader types to correct a day of an approved month."""

from django import forms

from teams import periods
from teams.forms import HundredthsField
from teams.models import Attendance, User

UNCHANGED, EMPTY = "", "-"
CODES = [(UNCHANGED, "不变"), *((code, f"{code} {name}") for code, name in Attendance.Code.choices), (EMPTY, "擦空")]


class PersonField(forms.ModelChoiceField):
    """Somebody who was a member in the month."""

    def label_from_instance(self, obj):
        return f"{obj.name}（{obj.employee_no}）"


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
    code = forms.ChoiceField(label="更正为", choices=CODES, required=False)
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

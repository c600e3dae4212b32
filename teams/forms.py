"""What people type on the ground floor, cleaned before any service sees it."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm

from teams import periods
from teams.attendance_sheet import CODES
from teams.figures import hundredths
from teams.models import Unit, User


class SignInForm(AuthenticationForm):
    """Employee number and password; leading zeros may be left out."""

    error_messages = {
        "invalid_login": "工号或密码不对。连续输错 5 次要等 15 分钟；忘了密码请找班组长或管理员重置。",
        "inactive": "这个账号已停用。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "工号"
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "inputmode": "text"}

    def clean_username(self):
        number = "".join(self.cleaned_data["username"].split())
        if len(number) > User._meta.get_field("employee_no").max_length:
            raise self.get_invalid_login_error()
        return number.zfill(settings.EMPLOYEE_NO_WIDTH) if number.isdigit() else number


def unknown_fields(names, prefix, known):
    """Posted names `<prefix><key>` or `<prefix><key>-...` whose key the form does not know: the page was out of date."""
    keys = {name: name.removeprefix(prefix).split("-")[0] for name in names if name.startswith(prefix)}
    return [name for name, key in keys.items() if key not in known]


def dated(date):
    """A typed date; refuses what is no date of a plant's life, such as the year 20."""
    if not periods.is_period(periods.period_of(date)):
        raise forms.ValidationError("日期无效，请重新选择。")
    return date


class SearchForm(forms.Form):
    """Words to search a list for."""

    q = forms.CharField(required=False, max_length=60)


class TrailForm(SearchForm):
    """Filters of the trail; each is optional."""

    verb = forms.CharField(required=False, max_length=40)
    day = forms.DateField(required=False, error_messages={"invalid": "日期无效，请写成 2026-10-05 这样。"})


class HundredthsField(forms.CharField):
    """A decimal of at most two places that cleans to integer hundredths (or fen)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return hundredths(text)
        except ValueError as error:
            raise forms.ValidationError(f"{error}，请写成 12.50 这样。") from error


class WorkbookForm(forms.Form):
    """An uploaded workbook."""

    file = forms.FileField(
        label="工作簿（.xlsx）",
        error_messages={"required": "请先选择文件。", "empty": "文件是空的，请检查后重新选择。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class RosterForm(WorkbookForm):
    """A roster and what it holds for."""

    unit = forms.ModelChoiceField(label="导入到", queryset=Unit.objects.none(), empty_label=None)
    effective_on = forms.DateField(
        label="变动从哪天起生效",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="新进人员的起始日期，换班组、换职务、换系数的生效日期。",
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.order_fields(["unit", "effective_on", "file"])

    def clean_effective_on(self):
        return dated(self.cleaned_data["effective_on"])


class MonthWorkbookForm(WorkbookForm):
    """A workbook of one month."""

    period = forms.CharField(label="月份", widget=forms.TextInput(attrs={"placeholder": "2026-10"}))

    def clean_period(self):
        return periods.parse(self.cleaned_data["period"])


class ReasonForm(forms.Form):
    """One sentence of reason or question."""

    reason = forms.CharField(
        label="原因", max_length=200, error_messages={"required": "请写明原因。", "max_length": "原因最多 200 字。"}
    )


class AttendanceGridForm(forms.Form):
    """The month grid: one code per member and day (`a-<user>-<day>`), overtime per member (`o-<user>`)."""

    def __init__(self, data, *, members, period):
        super().__init__(data)
        self.members, self.period = members, period

    def clean(self):
        """`months`: {employee number: ({day: code}, overtime)}; every wrong cell is named."""
        days = range(1, periods.last_day(self.period).day + 1)
        known = {str(member.user_id) for member in self.members}
        if unknown_fields(self.data, "a-", known) or unknown_fields(self.data, "o-", known):
            self.add_error(None, "班组成员刚刚有变动，表里有人已不在这个班组。请刷新页面后重新填写。")
        self.cleaned_data["months"] = {
            member.user.employee_no: (self._codes(member.user, days), self._overtime(member.user))
            for member in self.members
        }

    def _codes(self, user, days):
        codes = {day: self.data.get(f"a-{user.pk}-{day}", "").strip() for day in days}
        for day, code in codes.items():
            if code and code not in CODES:
                self.add_error(None, f"{user.name} {day} 日：不认识的考勤符号“{code[:5]}”，请用下面图例里的符号。")
        return {day: code for day, code in codes.items() if code}

    def _overtime(self, user):
        text = self.data.get(f"o-{user.pk}", "").strip() or "0"
        try:
            hours = hundredths(text)
        except ValueError as error:
            self.add_error(None, f"{user.name}的加班小时{error}。")
            return 0
        if not 0 <= hours <= 40000:
            self.add_error(None, f"{user.name}的加班小时应在 0 到 400 之间。")
        return hours

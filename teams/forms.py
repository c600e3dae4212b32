"""What people type on the ground floor, cleaned before any service sees it."""

import unicodedata

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from teams import passwords, periods
from teams.attendance_sheet import CODES
from teams.figures import hundredths
from teams.models import Unit, User
from teams.phones import is_phone
from teams.roster import full_number
from teams.security import profile
from teams.services.attendance import OVERTIME


class SignInForm(AuthenticationForm):
    """Employee number and password; leading zeros may be left out."""

    error_messages = {
        "invalid_login": "工号或密码不对。连续输错 {0.lockout_failures} 次要等 {0.lockout_minutes} 分钟；忘了密码请找系统管理员重置。",
        "inactive": "这个账号已停用。",
        "expired": "这个一次性密码已经过期（发放后 {0.one_time_password_days} 天内有效）。请找系统管理员再发一个。",
    }
    REASONS = {"invalid_login": "密码不对", "inactive": "账号已停用", "expired": "一次性密码已过期"}
    """What the trail says about a refusal, by the code of the error."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.error_messages = {code: text.format(profile()) for code, text in self.error_messages.items()}
        self.fields["username"].label = "工号"
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "inputmode": "text"}

    def clean_username(self):
        number = "".join(self.cleaned_data["username"].split())
        if len(number) > User._meta.get_field("employee_no").max_length:
            raise self.get_invalid_login_error()
        return full_number(number)

    def confirm_login_allowed(self, user):
        super().confirm_login_allowed(user)
        if passwords.is_one_time_expired(user):
            raise forms.ValidationError(self.error_messages["expired"], code="expired")

    def why_refused(self):
        """The refusal of the whole form in the words of the trail."""
        return self.REASONS[self.non_field_errors().as_data()[0].code]


class CodeForm(forms.Form):
    """A code of the second factor: six digits from the app, or a recovery code."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none"}),
        error_messages={"required": "请填验证码。", "max_length": "验证码最多 20 位。"},
    )

    def clean_code(self):
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        return "".join(typed.split()).replace("-", "").lower()


class OwnSecretForm(forms.Form):
    """The own password once more, before a step that a borrowed phone must not take."""

    password = forms.CharField(
        label="现在的密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填现在的密码。", "max_length": "现在的密码不对，请重新输入。"},
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError("现在的密码不对，请重新输入。")
        return self.cleaned_data["password"]


class PhoneForm(forms.Form):
    """The own phone number; none is allowed."""

    phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "号码太长，最多 20 位。"},
    )

    def clean_phone(self):
        number = "".join(unicodedata.normalize("NFKC", self.cleaned_data["phone"]).split())
        if number and not is_phone(number):
            raise forms.ValidationError("号码只能有数字、加号和短横，5 到 20 位，例如 13812345678 或 0351-1234567。")
        return number


class OwnPasswordForm(PasswordChangeForm):
    """The old password and twice the new one."""

    error_messages = {
        "password_incorrect": "现在的密码不对，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {"old_password": "现在的密码", "new_password1": "新密码", "new_password2": "再输一次新密码"}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["new_password2"].help_text = ""


def unknown_fields(names, prefix, known):
    """Posted names `<prefix><key>` or `<prefix><key>-...` whose key the form does not know: the page was out of date."""
    keys = {name: name.removeprefix(prefix).split("-")[0] for name in names if name.startswith(prefix)}
    return [name for name, key in keys.items() if key not in known]


def dated(date):
    """A typed date; refuses what is no date of a plant's life, such as the year 20."""
    if not periods.is_period(periods.period_of(date)):
        raise forms.ValidationError("日期无效，请重新选择。")
    return date


class WordsField(forms.CharField):
    """A short text that may be left out; what cannot be searched for is refused in our own words."""

    default_error_messages = {
        "max_length": "搜索的内容太长，最多 %(limit_value)d 个字。",
        "null_characters_not_allowed": "搜索的内容里有看不见的控制字符，请删掉后再搜。",
    }

    def __init__(self, **options):
        super().__init__(required=False, **options)


class SearchForm(forms.Form):
    """Words to search a list for."""

    q = WordsField(max_length=60)


class TrailForm(forms.Form):
    """Filters of the trail; each is optional: who (name or number), what (kind and name), which deed, from when to when."""

    who = WordsField(max_length=60)
    kind = WordsField(max_length=40)
    what = WordsField(max_length=60)
    verb = WordsField(max_length=40)
    since = forms.DateField(required=False, error_messages={"invalid": "起始日期无效，请写成 2026-10-05 这样。"})
    until = forms.DateField(required=False, error_messages={"invalid": "截止日期无效，请写成 2026-10-05 这样。"})
    refused = forms.BooleanField(required=False)

    def clean_since(self):
        return self.cleaned_data["since"] and dated(self.cleaned_data["since"])

    def clean_until(self):
        return self.cleaned_data["until"] and dated(self.cleaned_data["until"])

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            raise forms.ValidationError("截止日期早于起始日期，请核对。")


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
        error_messages={"required": "请选择日期。", "invalid": "日期无效，请重新选择。"},
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
        label="原因",
        max_length=200,
        error_messages={
            "required": "请写明原因。",
            "max_length": "原因最多 200 字。",
            "null_characters_not_allowed": "原因里有看不见的控制字符，请删掉后再提交。",
        },
    )


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

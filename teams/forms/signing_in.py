"""What people type about their own account: sign-in, codes, password, phone."""

import unicodedata

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from teams import passwords
from teams.models import User
from teams.phones import is_phone
from teams.roster import full_number
from teams.security import profile


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

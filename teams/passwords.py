"""Password rules in our own words, and one-time passwords for the first sign-in."""

import secrets

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class NotPersonalValidator(UserAttributeSimilarityValidator):
    """Django's rule in our words."""

    def get_error_message(self):
        return "密码跟您的姓名、工号或电话太像，容易被人猜到，请换一个。"

    def get_help_text(self):
        return "不要跟您的姓名、工号、电话相像。"


class LongEnoughValidator(MinimumLengthValidator):
    """Django's rule in our words."""

    def get_error_message(self):
        return f"密码太短，至少要有 {self.min_length} 位。"

    def get_help_text(self):
        return f"至少 {self.min_length} 位。"


class NotCommonValidator(CommonPasswordValidator):
    """Django's rule in our words."""

    def get_error_message(self):
        return "这个密码用的人太多，容易被人猜到，请换一个。"

    def get_help_text(self):
        return "不要用大家常用的密码。"


class ThreeKindsValidator:
    """At least three of: lower case, upper case, digit, other sign (GB/T 22239, 身份鉴别 a)."""

    def validate(self, password, user=None):
        kinds = [
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(kinds) < 3:
            raise ValidationError("密码太简单：小写字母、大写字母、数字、符号这四种，至少要有三种。", code="kinds")

    def get_help_text(self):
        return "小写字母、大写字母、数字、符号这四种，至少要有三种。"


def one_time_password():
    """A random password that can be read out and typed on a phone: 10 signs, none of them ambiguous."""
    return "".join(secrets.choice(READABLE) for _ in range(10))

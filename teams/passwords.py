"""Password rules in our own words, and one-time passwords for the first sign-in."""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils import timezone

from teams.models import FormerPassword
from teams.security import profile

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


class KindsValidator:
    """At least that many of: lower case, upper case, digit, other sign (GB/T 22239, 身份鉴别 a)."""

    def __init__(self, kinds=3):
        self.least = kinds

    def validate(self, password, user=None):
        kinds = [
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(kinds) < self.least:
            raise ValidationError(f"密码太简单：{self.get_help_text()}", code="kinds")

    def get_help_text(self):
        return f"小写字母、大写字母、数字、符号这四种，至少要有{'零一二三四'[self.least]}种。"


class NotUsedBeforeValidator:
    """Neither the present password nor one of the last ones that the person chose."""

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        former = FormerPassword.objects.filter(user=user).values_list("password", flat=True)
        kept = former[: profile().password_history]
        if any(check_password(password, hashed) for hashed in {user.password, *kept}):
            raise ValidationError(f"这个密码用过了：{self.get_help_text()}", code="used")

    def get_help_text(self):
        return f"不能跟现在的密码、最近用过的 {profile().password_history} 个密码一样。"


def one_time_password():
    """A random password that can be read out and typed on a phone: 10 signs, none of them ambiguous."""
    return "".join(secrets.choice(READABLE) for _ in range(10))


def expires_at(user):
    """When the own password has to be replaced; None while its age is not known, which the next sign-in mends."""
    return user.password_set_at and user.password_set_at + timedelta(days=profile().password_days)


def is_expired(user):
    """Whether the own password is older than the rules allow."""
    return user.password_set_at is not None and expires_at(user) <= timezone.now()


def is_one_time_expired(user):
    """Whether a one-time password lay unused for longer than it holds."""
    if not user.must_change_password or user.password_set_at is None:
        return False
    return user.password_set_at + timedelta(days=profile().one_time_password_days) <= timezone.now()

"""Password rules beyond Django's, and one-time passwords for the first sign-in."""

import secrets

from django.core.exceptions import ValidationError

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


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

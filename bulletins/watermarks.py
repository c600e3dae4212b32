"""The light mark on pages and prints with people's figures: who looked, and when."""

from django.utils import timezone


def watermark(user):
    """Name, tail of the number and Beijing time of somebody signed in: 王磊 006 2026-10-05 08:12."""
    return f"{user.name} {user.employee_no[-3:]} {timezone.localtime():%Y-%m-%d %H:%M}"

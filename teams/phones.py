"""Phone numbers: which texts are one, and how one is shown to people whom it does not concern."""

import re

NUMBER = re.compile(r"[0-9+-]{5,20}", re.ASCII)
LAST = 4
"""Digits left to be seen at the end, so that a person can be asked whether this is still the number."""


def is_phone(text):
    """Whether the text can be a phone number: 5 to 20 digits, with plus and dashes."""
    return NUMBER.fullmatch(text) is not None


def masked(phone):
    """A number that can be recognised but not dialled: ``masked("13812341234") == "138****1234"``; short ones show less."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-LAST:]}" if len(phone) >= 11 else f"****{phone[-2:]}"

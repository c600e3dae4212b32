"""What a field of a form is, and what a typed text means once it is stored."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms


@dataclass(frozen=True)
class Field:
    """One field of a form: what the database holds after it was accepted, and what that must be for a typed text."""

    who: str
    page: str
    args: object
    body: object
    name: object
    stored: object
    meaning: object


def text(typed):
    return typed.strip()


def paragraphs(typed):
    """A text whose lines end alike, however the browser sends them."""
    return typed.strip().replace("\r\n", "\n")


def number(typed):
    """Hundredths; None for an empty field."""
    plain = typed.strip().translate(str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+", ",，"))
    return int(Decimal(plain) * 100) if plain else None


def minus(typed):
    return -number(typed)


def month(typed):
    return int("".join(character for character in typed if character.isdecimal()))


def day(typed):
    return forms.DateField().clean(typed)


def optional_day(typed):
    return day(typed) if typed.strip() else None


def whole(typed):
    return int(typed) if typed.strip() else None

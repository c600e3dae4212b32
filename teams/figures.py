"""Integers at heart, decimals at the edge: hundredths of points, hours and coefficients, and fen of money."""

from decimal import Decimal

HALF_WIDTH = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+", ",，")
"""What a Chinese keyboard types for digits and signs; separators of thousands are dropped."""
MOST = 10**15
"""No figure of a plant reaches this many hundredths."""


def hundredths(text):
    """Integer hundredths of a typed or read number: ``hundredths("1.05") == 105``.

    Raises ValueError for what is no number, has more than two decimals or more than fifteen digits.
    """
    shown, plain = str(text)[:20], str(text).strip().translate(HALF_WIDTH)
    try:
        value = Decimal(plain if plain.isascii() else "") * 100
    except ArithmeticError:
        raise ValueError(f"“{shown}”不是数字") from None
    if not value.is_finite():
        raise ValueError(f"“{shown}”不是数字")
    if abs(value) >= MOST:
        raise ValueError(f"“{shown}”太大")
    if value != value.to_integral_value():
        raise ValueError(f"“{shown}”最多只能有两位小数")
    return int(value)


def whole_number(text):
    """The number that a posted id stands for; 0, which no row has, when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def decimal_text(value, places=2):
    """Hundredths as text with `places` decimals: ``decimal_text(9050) == "90.50"``."""
    return f"{Decimal(value) / 100:.{places}f}"


def short_text(value):
    """Hundredths without needless zeros: ``short_text(18400) == "184"``, ``short_text(17050) == "170.5"``."""
    text = decimal_text(value)
    return text.rstrip("0").rstrip(".")


def yuan_text(fen):
    """Fen as yuan with separators: ``yuan_text(123456789) == "1,234,567.89"``."""
    return f"{Decimal(fen) / 100:,.2f}"


def signed_text(value):
    """Hundredths with their sign and without needless zeros: ``signed_text(-200) == "−2"``."""
    return ("+" if value > 0 else "−" if value < 0 else "") + short_text(abs(value))


def signed_yuan_text(fen):
    """Fen as yuan with their sign: ``signed_yuan_text(-1340) == "−13.40"``."""
    return ("+" if fen > 0 else "−" if fen < 0 else "") + yuan_text(abs(fen))


def coefficient_text(value):
    """A coefficient as people write it, at least one decimal: 1.3, 1.0, 1.05."""
    text = decimal_text(value)
    return text[:-1] if text.endswith("0") else text

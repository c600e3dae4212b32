"""Integers at heart, decimals at the edge: hundredths of points, hours and coefficients, and fen of money."""

import re
from decimal import ROUND_HALF_UP, Decimal

HALF_WIDTH = str.maketrans("０１２３４５６７８９．－＋，", "0123456789.-+,")
"""What a Chinese keyboard types for digits, signs and separators."""
NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+|(?=\.\d))(?:\.(\d*))?", re.ASCII)
"""One sign, digits or thousands, one dot; nothing that only a computer calls a number, such as 1e9."""
MOST_DIGITS = 13
"""No figure of a plant has more digits before the dot."""


def hundredths(text):
    """Integer hundredths of a typed or read number: ``hundredths("1.05") == 105``.

    Raises ValueError for what is no number, has more than two decimals or more than fifteen digits.
    """
    shown, found = str(text)[:20], NUMBER.fullmatch(str(text).strip().translate(HALF_WIDTH))
    if not found:
        raise ValueError(f"“{shown}”不是数字")
    sign, whole, decimals = found[1], found[2].replace(",", "").lstrip("0"), (found[3] or "").rstrip("0")
    if len(whole) > MOST_DIGITS:
        raise ValueError(f"“{shown}”太大")
    if len(decimals) > 2:
        raise ValueError(f"“{shown}”最多只能有两位小数")
    return int(f"{sign}{whole}{decimals:0<2}")


def whole_number(text):
    """The number that a posted id stands for; 0, which no row has, when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def decimal_text(value, places=2):
    """Hundredths as text with `places` decimals, rounded half up: ``decimal_text(8125, 1) == "81.3"``."""
    return f"{half_up(Decimal(value) / 100, places):f}"


def half_up(value, places):
    """A Decimal with so many decimals, half of the last one rounded up; by itself Python rounds it to even."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


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


CAPITALS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万")


def capital_yuan(fen):
    """Fen as 人民币大写, to which nobody adds a stroke: ``capital_yuan(102040) == "壹仟零贰拾元肆角整"``."""
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    whole = f"{_capital_whole(yuan)}元" if yuan or not rest else ""
    tenths = f"{CAPITALS[jiao]}角" if jiao else "零" if whole and cents else ""
    return ("负" if fen < 0 else "") + whole + tenths + (f"{CAPITALS[cents]}分" if cents else "整")


def _capital_whole(number):
    """A number below ten to the sixteenth; zeros inside a group of four are said once, those at its end not at all."""
    digits, said, gap = str(number), "", False
    for index, digit in enumerate(digits):
        place = len(digits) - 1 - index
        if digit == "0":
            gap = bool(said)
        else:
            said += ("零" if gap else "") + CAPITALS[int(digit)] + PLACES[place % 4]
            gap = False
        if place % 4 == 0 and (int(digits[max(0, index - 3) : index + 1]) or place == 8):
            said, gap = said + GROUPS[place // 4], False
    return said or CAPITALS[0]

"""What stands in place of a name, a number or an amount that a viewer may not see in full. Pure text to text."""

from teams.figures import hundredths

BAND = 500
"""Yuan that a band of amounts is wide."""


def name(text):
    """The first character alone: ``name("张三丰（123）") == "张*"``."""
    return f"{text[:1]}*" if text else ""


def number(text):
    """The last two digits alone: ``number("211006") == "****06"``; a number of three or fewer shows none."""
    kept = text[-2:] if len(text) > 3 else ""
    return "*" * (len(text) - len(kept)) + kept


def band(text):
    """The band of 500 yuan an amount falls into: ``band("2,345.60") == "2000–2500"``; what is no amount is hidden."""
    try:
        low = hundredths(text.replace("−", "-")) // (BAND * 100) * BAND
    except ValueError:
        return "*" if text else ""
    return f"{low}–{low + BAND}".replace("-", "−")


MASKS = {"name": name, "number": number, "band": band}

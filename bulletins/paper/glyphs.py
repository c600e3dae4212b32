"""Which signs the paper's font can draw; a sign that it cannot must be refused by name, for typst leaves it out in silence."""

import struct
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "NotoSansSC-Regular.ttf"


@cache
def covered():
    """Code points of the font, from its character map (OpenType `cmap`, format 12)."""
    data = FONT.read_bytes()
    tables = struct.iter_unpack(">4sLLL", data[12 : 12 + 16 * struct.unpack_from(">H", data, 4)[0]])
    start = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    records = struct.iter_unpack(">HHL", data[start + 4 : start + 4 + 8 * struct.unpack_from(">H", data, start + 2)[0]])
    offsets = [start + offset for _, _, offset in records]
    wide = next(offset for offset in offsets if struct.unpack_from(">H", data, offset)[0] == 12)
    count = struct.unpack_from(">L", data, wide + 12)[0]
    groups = struct.iter_unpack(">LLL", data[wide + 16 : wide + 16 + 12 * count])
    return frozenset(code for first, last, glyph in groups for code in range(first, last + 1) if glyph)


def missing_from(text):
    """The signs of a text that the font cannot draw, each once, in the order they come."""
    return [sign for sign in dict.fromkeys(text) if ord(sign) not in covered()]

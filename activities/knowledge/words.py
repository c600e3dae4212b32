"""Text as the search compares it, and the places where it was found. No database.

Two signs that people take for the same are the same: full and half width, capital and small. Every sign is folded by itself,
so that a hit can be shown in the text as it was written.
"""

import unicodedata

AROUND = 24
"""How many signs of a long text stand on each side of the first hit."""


def fold(text):
    """The text as it is stored for the search, or as the words of a search are compared."""
    return "".join(_folded(text))


def _folded(text):
    return [unicodedata.normalize("NFKC", sign).casefold() for sign in unicodedata.normalize("NFC", text)]


def marked(text, words):
    """[(piece, whether it was searched for)] of the whole text; `words` are folded."""
    text = unicodedata.normalize("NFC", text)
    pieces, end = [], 0
    for start, stop in _merged(_hits(text, words)):
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def snippet(text, words):
    """The surroundings of the first hit, marked; empty when none of the words is in the text."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    hits = _merged(_hits(text, words))
    if not hits:
        return []
    start, stop = max(hits[0][0] - AROUND, 0), hits[0][1] + AROUND
    left, right = "…" if start else "", "…" if stop < len(text) else ""
    return marked(left + text[start:stop] + right, words)


def _hits(text, words):
    """(start, stop) of every hit in the text as it was written."""
    folded = _folded(text)
    place = [number for number, sign in enumerate(folded) for _ in sign]
    whole = "".join(folded)
    return [(place[found], place[found + len(word) - 1] + 1) for word in words if word for found in _found(whole, word)]


def _found(whole, word):
    start = whole.find(word)
    while start >= 0:
        yield start
        start = whole.find(word, start + len(word))


def _merged(spans):
    merged = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged

"""The rhythm of rotating shifts: read from the days before, continued into days on which nothing is written yet.

A line of days is a sequence of codes, one sign for each day, oldest first, `EMPTY` where nothing is written. Only the codes
of TURN belong to a rhythm; leave and everything else says nothing about it and is skipped over.
"""

TURN = "√夜休"
EMPTY = "."
LENGTHS = range(2, 13)
"""Days of the cycles that are tried."""
REMEMBERED = 28
"""How many days before a day tell its cycle."""
EVIDENCE = 8
"""Fewer days than these tell nothing: four days of rest may be a part of any cycle."""


def cycle_of(line):
    """The length of the shortest cycle that explains a line without contradiction, or None.

    A cycle is believed when every place of it was seen and there are as many days as two rounds have.
    """
    return next((length for length in LENGTHS if _explains(length, line)), None)


def _explains(length, line):
    seen, days = {}, 0
    for place, code in enumerate(line):
        if code in TURN:
            days += 1
            if seen.setdefault(place % length, code) != code:
                return False
    return len(seen) == length and days >= max(2 * length, EVIDENCE)


def continued(line, start, length=None):
    """What the empty days of a line from the index `start` on would carry: a string as long as the rest, EMPTY where unknown.

    With a `length` a day carries what stands that many days before, or twice as many, and so on; without, the cycle is
    the one that the days before it show.
    """
    known, found = list(line), []
    for day in range(start, len(line)):
        proposal = EMPTY
        if known[day] == EMPTY:
            size = length or cycle_of(known[max(day - REMEMBERED, 0) : day])
            proposal = known[day] = _before(known, day, size) if size else EMPTY
        found.append(proposal)
    return "".join(found)


def _before(known, day, length):
    return next((known[back] for back in range(day - length, -1, -length) if known[back] in TURN), EMPTY)


def all_continued(line, start):
    """For each day from `start` on a string of proposals: the first by the cycle the days show, then one per LENGTHS."""
    return list(map("".join, zip(*(continued(line, start, length) for length in [None, *LENGTHS]), strict=True)))

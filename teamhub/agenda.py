"""In which order the lines of the home page stand: what presses first, then the rest, last what is only to be known."""

from dataclasses import dataclass

from activities.news import TODAY

MOST = 8
"""So many lines of a section are seen at once; the others open with one tap."""
PRESSING, TOLD = ("bad", "warn"), ("ok", "none")
"""States of lines that press, and of those that ask for nothing."""


@dataclass(frozen=True)
class Section:
    """Lines of the home page under one heading."""

    heading: str
    lines: list

    @property
    def first(self):
        """The lines that are seen at once; one or two more are not worth a tap."""
        return self.lines if len(self.lines) <= MOST + 2 else self.lines[:MOST]

    @property
    def further(self):
        return self.lines[len(self.first) :]


def sections(queue):
    """The Sections of a queue, without empty ones."""
    told = [line for line in queue if line["state"] in TOLD]
    first = sorted((line for line in queue if _presses(line)), key=_rank)
    rest = [line for line in queue if line not in told and line not in first]
    named = [("先办这些", first), ("接着办" if first else "等我办的事", rest), ("办好的和新公布的", told)]
    return [Section(heading, lines) for heading, lines in named if lines]


def _presses(line):
    return line["word"] == TODAY or line["state"] in PRESSING


def _rank(line):
    """What has to be done today, what ran out long ago, what is late."""
    return 0 if line["word"] == TODAY else 1 + PRESSING.index(line["state"])

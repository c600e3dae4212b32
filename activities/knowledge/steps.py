"""How many steps each kind of knowledge has, and how long they are."""

import re
import unicodedata

from activities.errors import ActivityError
from activities.models import KnowledgeItem

Kind = KnowledgeItem.Kind
CARDS = {Kind.EMERGENCY_CARD: (3, 3), Kind.POCKET_CARD: (1, 6)}
"""Kinds that are printed as cards: how many steps at least and at most."""
MOST_STEPS, LONGEST_STEP, LONGEST_ON_A_CARD = 20, 200, 40


NUMBER = re.compile(r"(?:第?(\d{1,2})\s*(?:步[：:、，,.．]?|[.．、)）：:](?!\d))|[（(](\d{1,2})[)）]|([①-⑳]))\s*")
"""A number that people write in front of a step."""


def steps_in(text):
    """The steps of a text, one a line; numbers in front of all of them are left out, for pages and cards count themselves."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [NUMBER.match(line) for line in lines]
    if all(found) and [_number(one) for one in found] == [*range(1, len(lines) + 1)]:
        lines = [line[one.end() :] for line, one in zip(lines, found, strict=True)]
    return [line for line in lines if line]


def _number(found):
    plain, bracketed, circled = found.groups()
    return int(plain or bracketed or unicodedata.numeric(circled))


def require_steps(kind, steps):
    """Raise ActivityError for too many, too few or too long steps; cards have few and short ones."""
    least, most = CARDS.get(kind, (0, MOST_STEPS))
    if not least <= len(steps) <= most:
        wanted = f"正好 {most} 步" if least == most else f"{least} 到 {most} 步" if least else f"最多 {most} 步"
        raise ActivityError(f"“{Kind(kind).label}”要有{wanted}，现在有 {len(steps)} 步。一行写一步。")
    longest = LONGEST_ON_A_CARD if kind in CARDS else LONGEST_STEP
    for number, step in enumerate(steps, start=1):
        if len(step) > longest:
            raise ActivityError(f"第 {number} 步最多 {longest} 个字，现在有 {len(step)} 个。")

"""Two versions side by side, line by line. No database."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest


@dataclass(frozen=True)
class Pair:
    """A line of the older text and the one that stands in its place; either may be empty."""

    old: str
    new: str
    differs: bool


def beside(old, new):
    """The Pairs of two texts given as lists of lines; what did not change stands beside itself."""
    pairs = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines = zip_longest(old[i1:i2], new[j1:j2], fillvalue="")
        pairs += [Pair(*pair, tag != "equal") for pair in lines]
    return pairs


def compared(old, new):
    """[(what, Pairs)] of everything that two KnowledgeVersions say."""
    return [(name, beside(said(old), said(new))) for name, said in PARTS.items()]


PARTS = {
    "标题": lambda version: [version.title],
    "摘要": lambda version: [version.summary],
    "步骤": lambda version: version.steps or [""],
    "正文": lambda version: [line for line in version.body.splitlines() if line.strip()] or [""],
    "标签": lambda version: ["、".join(version.tags)],
    "须签收": lambda version: ["要" if version.must_read else "不要"],
}

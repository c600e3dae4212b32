"""The arithmetic of a ballot: who is elected by the papers that were given. Pure."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """Votes by candidate, who is elected, and who would be but for as many votes as somebody else at the last post."""

    votes: dict
    elected: frozenset
    tied: frozenset


def most(number):
    """The least whole number that is more than half."""
    return number // 2 + 1


def counted(papers, candidates, posts):
    """The Tally of papers, each the candidates it names.

    Elected is who stands on more than half of all papers, blank ones too, up to the number of posts in order of votes. Those
    who share the votes at the last post are not elected when there are more of them than posts left.
    """
    votes = Counter(name for paper in papers for name in paper)
    votes = {name: votes[name] for name in candidates}
    able = sorted((name for name in votes if votes[name] >= most(len(papers))), key=lambda name: -votes[name])
    if len(able) <= posts:
        return Tally(votes, frozenset(able), frozenset())
    line = votes[able[posts - 1]]
    if votes[able[posts]] < line:
        return Tally(votes, frozenset(able[:posts]), frozenset())
    above = frozenset(name for name in able if votes[name] > line)
    return Tally(votes, above, frozenset(name for name in able if votes[name] == line))

"""Drawing reviewers by lot so that everybody gets about as many: pure."""

import random


class NotEnough(ValueError):
    """There are fewer reviewers free of conflict than an `application` needs; `lack` says it, without naming it."""

    def __init__(self, application, free, needed):
        self.application, self.lack = application, f"只有 {free} 位评委不用回避，需要 {needed} 位。"
        super().__init__(f"{application}{self.lack}")


def draw(eligible, needed, loads=None, seed=0):
    """{application: [reviewers]}: as many as `needed` {application: number} of `eligible` {application: reviewers without
    conflict}, evenly loaded.

    `loads` {reviewer: how many so far}. The applications with the fewest reviewers to choose from choose first; of equally
    loaded ones the lot decides. In the end no exchange of one reviewer for a free one would make it more even. The same
    seed gives the same draw. Raises NotEnough.
    """
    lot, loads, drawn = random.Random(seed), dict(loads or {}), {}
    for application in sorted(eligible, key=lambda key: (len(eligible[key]), str(key))):
        free = sorted(eligible[application], key=str)
        if len(free) < needed[application]:
            raise NotEnough(application, len(free), needed[application])
        lot.shuffle(free)
        drawn[application] = sorted(free, key=lambda who: loads.get(who, 0))[: needed[application]]
        for who in drawn[application]:
            loads[who] = loads.get(who, 0) + 1
    while _exchanged(eligible, drawn, loads):
        pass
    return drawn


def _exchanged(eligible, drawn, loads):
    """Give one application of the most loaded to somebody with two or more less; whether there was one to give."""
    for application, chosen in drawn.items():
        free = [who for who in sorted(eligible[application], key=str) if who not in chosen]
        if not chosen or not free:
            continue
        most, least = max(chosen, key=lambda who: loads[who]), min(free, key=lambda who: loads.get(who, 0))
        if loads[most] - loads.get(least, 0) > 1:
            chosen[chosen.index(most)] = least
            loads[most], loads[least] = loads[most] - 1, loads.get(least, 0) + 1
            return True
    return False

"""Drawing reviewers by lot so that everybody gets about as many: pure."""

import random


class NotEnough(ValueError):
    """There are fewer reviewers free of conflict than an application needs."""

    def __init__(self, application, free, needed):
        super().__init__(f"{application}只有 {free} 位评委不用回避，需要 {needed} 位。")
        self.application = application


def draw(eligible, needed, loads=None, seed=0):
    """{application: [reviewers]}: `needed` of `eligible` {application: reviewers without conflict}, evenly loaded.

    `loads` {reviewer: how many so far}. The applications with the fewest reviewers to choose from choose first; of equally
    loaded ones the lot decides. The same seed gives the same draw. Raises NotEnough.
    """
    lot, loads, drawn = random.Random(seed), dict(loads or {}), {}
    for application in sorted(eligible, key=lambda key: (len(eligible[key]), str(key))):
        free = sorted(eligible[application], key=str)
        if len(free) < needed:
            raise NotEnough(application, len(free), needed)
        lot.shuffle(free)
        drawn[application] = sorted(free, key=lambda who: loads.get(who, 0))[:needed]
        for who in drawn[application]:
            loads[who] = loads.get(who, 0) + 1
    return drawn

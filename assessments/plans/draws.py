"""Who checks whom and on which days, by lot: pure functions over plain values and a given source of chance.

In production the source is `secrets.SystemRandom()`, so that nobody can foretell a draw from the former ones.
"""

TRIES = 2000
"""Arrangements that are tried before a pair of the last time is allowed again."""


def pairs(groups, last, rng):
    """{checker: checked} in which every team checks exactly one other and is checked by exactly one other.

    `groups` are the teams as a list of one or two lists, one a unit: between two units as many teams as possible check
    a team of the other. `last` are the (checker, checked) of the last time, none of which comes again unless there is
    no other way. Raises ValueError for fewer than two teams.
    """
    if sum(map(len, groups)) < 2:
        raise ValueError("fewer than two teams")
    best = None
    for _ in range(TRIES):
        drawn = _arranged(groups, rng)
        if all(checker != checked for checker, checked in drawn.items()):
            if not again(drawn, last):
                return drawn
            best = min(best or drawn, drawn, key=lambda arrangement: len(again(arrangement, last)))
    return best


def again(drawn, last):
    """The pairs of an arrangement that were drawn the last time too."""
    return set(drawn.items()) & set(last)


def _arranged(groups, rng):
    """Any arrangement at random; a team of a single group, or of the larger one, may get itself."""
    small, large = sorted(groups, key=len) if len(groups) > 1 else ([], groups[0])
    checked, checkers = rng.sample(large, len(large)), rng.sample(large, len(large))
    across = len(small)
    return dict(
        [
            *zip(rng.sample(small, across), checked[:across], strict=True),
            *zip(checkers[:across], rng.sample(small, across), strict=True),
            *zip(checkers[across:], checked[across:], strict=True),
        ]
    )


def days(week, number, rng):
    """`number` of the days in order, each as likely as any other and independent of all former draws; all if there are fewer."""
    return sorted(rng.sample(week, min(number, len(week))))


def shares(items, owned, people):
    """{item: person} for the items nobody owns: each goes to the person with the fewest so far, first come first.

    `owned` maps items to people; `people` are in the order in which ties are broken. Empty without people.
    """
    load = dict.fromkeys(people, 0)
    for item in items:
        if owned.get(item) in load:
            load[owned[item]] += 1
    found = {}
    for item in items if people else []:
        if item not in owned:
            found[item] = min(load, key=load.get)
            load[found[item]] += 1
    return found

"""How far a team is from a grade it wants to reach (目标等级), and which items the points are lost by."""

from collections import defaultdict
from typing import NamedTuple

from activities.models import Goal
from teams.access import access_of


class Target(NamedTuple):
    """A grade or a number of stars, and the least score for it (hundredths)."""

    name: str
    least: int


class Loss(NamedTuple):
    """What an item cost in a month.

    `is_enough` says that the target is reached with this one and those before won back, `is_more` that it was without this one.
    """

    code: str
    name: str
    points: int
    times: int
    is_enough: bool
    is_more: bool


def targets_of(version):
    """The Targets of a standard version, the highest first: its grades, then its stars."""
    stars = [Target(f"{number} 星", least) for number, least in version.stars]
    return [Target(name, least) for name, least in version.grades] + stars


def chosen_in(targets, score, name):
    """The Target of that name; else the next one above the score, else the highest. None when the standard has none."""
    named = [target for target in targets if target.name == name]
    above = sorted((target for target in targets if target.least > score), key=lambda target: target.least)
    return next(iter([*named, *above, *targets]), None)


def losses_in(lines, missing):
    """[Loss] of the lines of a score, the greatest first; `missing` are the points that the target needs."""
    sums, times, names = defaultdict(int), defaultdict(int), {}
    for line in lines:
        if line["points"] < 0:
            key = line["code"] or line["name"]
            names[key] = line["name"]
            sums[key] -= line["points"]
            times[key] += 1
    found, back = [], 0
    for key in sorted(sums, key=lambda key: (-sums[key], key)):
        is_more = back >= missing
        back += sums[key]
        found.append(Loss(key, names[key], sums[key], times[key], back >= missing and not is_more, is_more))
    return found


def goal_to_measure(user, team):
    """The team's open goal about its score, for whoever adds measures to it; else None."""
    if not access_of(user).on_team("goal.manage", team):
        return None
    return Goal.objects.filter(team=team, state=Goal.State.OPEN, figure="score").first()

"""How a unit posts: which policy holds for it, and a board as that policy lets it be posted."""

from collections import Counter
from dataclasses import replace

from bulletins.masks import BAND
from bulletins.models import BoardPolicy, Bulletin
from bulletins.tables import Audience, Bar, Chart
from teams.access import line_of
from teams.figures import hundredths

NOTICE_DAYS = {Bulletin.Kind.NOMINATION: 5, Bulletin.Kind.NAMING: 5}
"""Full working days of kinds that are longer up than the others."""
USUAL_DAYS = 3
FEWEST = 5
"""Fewer people share no distribution, and no sum that would give one's colleague away."""
FEWEST_IN_A_BAR = 3

Mode = BoardPolicy.BonusMode
OWN_ONLY = "按张榜规定，各人只看到自己的金额。"


def policy_for(unit):
    """The BoardPolicy that holds for a unit: the nearest one upwards, else an unsaved one with the defaults."""
    line = line_of(unit)
    found = {
        policy.unit_id: policy for policy in BoardPolicy.objects.filter(unit__in=line).select_related("unit", "set_by")
    }
    return next((found[pk] for pk in line if pk in found), None) or BoardPolicy(unit=unit)


def stamp_of(policy):
    """What tells one state of the policy that holds for a unit from every other."""
    return f"{policy.pk}-{policy.set_at:%Y%m%d%H%M%S%f}" if policy.pk else "defaults"


def notice_days(policy, kind):
    """Full working days for which a board of this kind stays up under a policy."""
    return policy.notice_days.get(kind, NOTICE_DAYS.get(kind, USUAL_DAYS))


def shaped(board, policy):
    """The Board as a policy lets it be posted: names masked or not, and of a bonus table what its mode shows."""
    board = replace(board, columns=[_named(column, policy) for column in board.columns])
    if board.kind != Bulletin.Kind.BONUS:
        return board
    if policy.bonus_mode == Mode.FULL:
        return replace(board, columns=_from(board.columns, Audience.TEAM), facts=_facts(board, 2, Audience.TEAM))
    chart = distribution_of(board) if policy.bonus_mode == Mode.DISTRIBUTION else None
    return replace(
        board,
        columns=_from(board.columns, Audience.OWN),
        facts=_facts(board, FEWEST, None),
        notes=[*board.notes, OWN_ONLY],
        chart=chart,
    )


def _named(column, policy):
    """A name that everybody signed in may read where names are not masked; never without signing in."""
    open_names = column.mask == "name" and not policy.mask_names
    return replace(column, plain=Audience.SIGNED_IN) if open_names else column


def _from(columns, audience):
    return [replace(column, audience=max(column.audience, audience)) for column in columns]


def _facts(board, fewest, audience):
    """The facts; among too few people sums are for the given audience, or for nobody when that is None."""
    if len(board.rows) >= fewest:
        return board.facts
    kept = [fact for fact in board.facts if not fact.sums or audience is not None]
    return [replace(fact, audience=max(fact.audience, audience)) if fact.sums else fact for fact in kept]


def distribution_of(board):
    """The Chart of how many people are in which band of the amounts under `spread`; None among too few people.

    It is drawn from counts per band alone, and bands are joined until none holds fewer than three people, so that it
    gives no single amount away.
    """
    if not board.spread or len(board.rows) < FEWEST:
        return None
    width = BAND * 100
    counts = Counter(hundredths(row.cells[board.spread].replace("−", "-")) // width for row in board.rows)
    bars = [
        Bar(f"{first * BAND}–{(last + 1) * BAND} 元", f"{count} 人", count) for first, last, count in _joined(counts)
    ]
    return Chart("应得金额分布（不记名）", bars, Audience.TEAM)


def _joined(counts):
    """[(first band, last band, people)] from {band: people}, each of at least FEWEST_IN_A_BAR people."""
    joined, first, people = [], min(counts), 0
    for band in range(min(counts), max(counts) + 1):
        people += counts[band]
        if people >= FEWEST_IN_A_BAR:
            joined.append((first, band, people))
            first, people = band + 1, 0
    if people:
        start, _, before = joined.pop()
        joined.append((start, max(counts), before + people))
    return joined

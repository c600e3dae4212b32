"""How far a team's bonus of a month is: which step comes next, and who may take it."""

from dataclasses import dataclass

from assessments.models import MonthClose, TeamScore
from bulletins.models import Bulletin
from incentives.models import Distribution, Pool
from teams import periods

CAPABILITY = {
    "pool": "bonus.pool",
    "draft": "bonus.draft",
    "approve": "bonus.approve",
    "post": "bonus.post",
    "publish": "board.publish",
}
"""The steps in their order, and the right that each needs; between pool and draft the month is closed."""
NEXT = {Distribution.State.DRAFT: "approve", Distribution.State.APPROVED: "post", Distribution.State.POSTED: "publish"}


@dataclass(frozen=True)
class Progress:
    """One team's month; `step` is a key of CAPABILITY, or "close" while the month is open, or "done"."""

    team: object
    period: int
    pool: object
    distribution: object
    step: str

    def waits_for(self, user, access):
        """Whether this person takes the next step; nobody approves what they drew up themselves."""
        own = self.step == "approve" and self.distribution.drafted_by_id == user.pk
        return self.may(access) and not own

    def may(self, access):
        """Whether a person with this access has the right that the next step needs."""
        return self.step in CAPABILITY and access.on_team(CAPABILITY[self.step], self.team)


@dataclass(frozen=True)
class Onward:
    """Where a person goes after a step: `team` waits for the same one, or nobody does."""

    team: object


def next_after(progress, rows, user, access):
    """The Onward of a person who took the latest step of a team that was theirs to take; None for everybody else.

    `rows` is the list that the team stands in: the search goes down from the team and starts again at the top.
    """
    order = [*CAPABILITY, "done"]
    if progress.step not in order or progress.may(access):
        return None
    returned = progress.distribution and progress.distribution.returned
    before = order[: order.index("post" if returned else progress.step)]  # who returned a draft has had a say, too
    taken = [step for step in before if access.on_team(CAPABILITY[step], progress.team)]
    if not taken:
        return None
    here = rows.index(progress)
    waiting = [row for row in rows[here + 1 :] + rows[:here] if row.step == taken[-1] and row.waits_for(user, access)]
    return Onward(waiting[0].team if waiting else None)


def progress_of(teams, months):
    """A Progress for every team and every month in which it existed; four queries, however many they are."""
    chosen = {"team__in": teams, "period__in": months}
    pools, found = _by_month(Pool, chosen), _by_month(Distribution, chosen)
    closed = _by_month(TeamScore, chosen | {"close__state": MonthClose.State.CLOSED})
    posted = _by_month(Bulletin, chosen | {"kind": Bulletin.Kind.BONUS})
    keys = [(team, month) for month in months for team in teams if team.formed_on <= periods.last_day(month)]
    return [
        _progress(*key, *(rows.get((key[0].pk, key[1])) for rows in (pools, found, closed, posted))) for key in keys
    ]


def _by_month(model, chosen):
    rows = model.objects.filter(**chosen)
    if model in (TeamScore, Bulletin):
        rows = rows.only("team_id", "period")
    return {(row.team_id, row.period): row for row in rows}


def _progress(team, period, pool, distribution, closed, posted):
    step = _step(pool, distribution, closed, posted)
    return Progress(team, period, pool, distribution, step)


def _step(pool, distribution, closed, posted):
    if distribution is None:
        return "draft" if pool and closed else "close" if pool else "pool"
    if distribution.returned:
        return "draft"
    return "done" if posted else NEXT[distribution.state]

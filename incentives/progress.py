"""How far a team's bonus of a month is: which step comes next, and who may take it."""

from dataclasses import dataclass

from assessments.models import MonthClose, TeamScore
from bulletins.models import Bulletin
from incentives.models import Distribution, Pool
from incentives.votes import votes_of
from teams import periods

CAPABILITY = {
    "pool": "bonus.pool",
    "draft": "bonus.draft",
    "propose": "bonus.draft",
    "sign": "bonus.sign",
    "approve": "bonus.approve",
    "post": "bonus.post",
    "publish": "board.publish",
    "settle": "bonus.settle",
}
"""The steps in their order, and the right that each needs; between pool and draft the month is closed.

A posted bonus is published and settled in any order.
"""
LABELS = {
    "pool": "下达",
    "draft": "拟定",
    "sign": "会签",
    "approve": "批准",
    "post": "入账",
    "publish": "张榜",
    "settle": "发放",
}
"""The way of a bonus, as every page names its steps; a draft is proposed as the end of drawing it up."""
STANDINGS = {
    "pool": ("none", "未下达"),
    "close": ("none", "待关账"),
    "draft": ("wait", "待拟定"),
    "returned": ("warn", "已退回"),
    "propose": ("wait", "待提交"),
    "sign": ("wait", "会签中"),
    "approve": ("wait", "待批准"),
    "post": ("wait", "已批准"),
    "publish": ("ok", "已入账"),
    "settle": ("ok", "已张榜"),
    "done": ("ok", "已发放"),
}
"""How far a bonus is: (kind of badge, word), for badges, filters and workbooks alike; the key names the step that comes next."""
State = Distribution.State


@dataclass(frozen=True)
class Progress:
    """One team's month; `steps` come next: keys of CAPABILITY, or "close" while the month is open. `votes` are the Votes on
    a proposed distribution."""

    team: object
    period: int
    pool: object
    distribution: object
    steps: tuple
    votes: object = None

    @property
    def step(self):
        """The first of the steps, or "done"."""
        return self.steps[0] if self.steps else "done"

    @property
    def standing(self):
        """How far it is, a key of STANDINGS. What is paid is paid, whether it hangs or not."""
        if self.distribution and self.distribution.state == State.SETTLED:
            return "done"
        return "returned" if self.distribution and self.distribution.returned else self.step

    @property
    def badge(self):
        """The kind of badge that shows the standing."""
        return STANDINGS[self.standing][0]

    @property
    def word(self):
        """The standing in words."""
        return STANDINGS[self.standing][1]

    @property
    def signed(self):
        """Whether the members have had their say: enough of them agree, or the rule asks nobody."""
        return bool(self.distribution and self.distribution.approved_at) or self.step == "approve"

    def waits_for(self, user, access, step):
        """Whether this person takes the step now; nobody approves what they drew up or proposed themselves."""
        if step not in self.steps or not self.may(access, step):
            return False
        return step != "approve" or user.pk not in (self.distribution.drafted_by_id, self.distribution.proposed_by_id)

    def may(self, access, step):
        """Whether a person with this access has the right that a step needs."""
        return step in CAPABILITY and access.on_team(CAPABILITY[step], self.team)

    def taken(self):
        """The steps that were taken so far, in their order."""
        order = [*CAPABILITY]
        if self.distribution and self.distribution.state in Distribution.IN_LEDGER:
            return [step for step in order if step not in self.steps]
        if self.distribution and self.distribution.returned:
            return order[: order.index("post")]  # who returned it has had a say, too
        return order[: order.index(self.step)] if self.step in order else []


@dataclass(frozen=True)
class Onward:
    """Where a person goes after a step: `team` waits for the same one, or nobody does."""

    team: object


def next_after(progress, rows, user, access):
    """The Onward of a person who took the latest step of a team that was theirs to take; None for everybody else.

    `rows` is the list that the team stands in: the search goes down from the team and starts again at the top.
    """
    taken = [step for step in progress.taken() if progress.may(access, step)]
    if not taken or progress.may(access, progress.step):
        return None
    here = rows.index(progress)
    waiting = [row for row in rows[here + 1 :] + rows[:here] if row.waits_for(user, access, taken[-1])]
    return Onward(waiting[0].team if waiting else None)


def progress_of(teams, months):
    """A Progress for every team and every month in which it existed; five queries, however many they are."""
    chosen = {"team__in": teams, "period__in": months}
    pools, found = _by_month(Pool, chosen), _by_month(Distribution, chosen)
    votes = votes_of([row.pk for row in found.values() if row.state == State.PROPOSED])
    closed = _by_month(TeamScore, chosen | {"close__state": MonthClose.State.CLOSED})
    published = _by_month(Bulletin, chosen | {"kind": Bulletin.Kind.BONUS})
    spans = {month: (periods.first_day(month), periods.last_day(month)) for month in months}
    keys = [(team, month) for month in months for team in teams if team.existed(*spans[month])]
    return [
        _progress(*key, *(rows.get((key[0].pk, key[1])) for rows in (pools, found, closed, published)), votes)
        for key in keys
    ]


def _by_month(model, chosen):
    rows = model.objects.filter(**chosen)
    if model in (TeamScore, Bulletin):
        rows = rows.only("team_id", "period")
    return {(row.team_id, row.period): row for row in rows}


def _progress(team, period, pool, distribution, closed, published, votes):
    said = distribution and votes.get(distribution.pk)
    steps = _steps(distribution, published, said) if distribution else _first_step(pool, closed)
    return Progress(team, period, pool, distribution, steps, said)


def _first_step(pool, closed):
    return ("draft" if pool and closed else "close" if pool else "pool",)


def _steps(distribution, published, votes):
    left = () if published else ("publish",)
    return {
        State.DRAFT: ("draft" if distribution.returned else "propose",),
        State.PROPOSED: ("sign" if votes and votes.short else "approve",),
        State.APPROVED: ("post",),
        State.POSTED: (*left, "settle"),
        State.SETTLED: left,
    }[distribution.state]

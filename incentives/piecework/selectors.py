"""Reads of piece work: price lists, the records of a day or a month, and what they come to for each member."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from incentives import selectors
from incentives.models import Distribution, PieceItem, PieceRecord
from teams import periods
from teams.access import line_of, subtree_ids
from teams.models import Membership, Team, User

State = PieceRecord.State
PEOPLE = ("user", "item", "proposed_by", "decided_by", "voided_by")


def items_of(unit):
    """Every line that a unit's price list shows: the own ones and those of the units above, also what has ended."""
    below = Q(team__isnull=True) | Q(team__unit__in=subtree_ids(unit))
    found = PieceItem.objects.filter(below, unit__in=line_of(unit)).select_related("unit", "team")
    return found.order_by("unit_id", "pk")


def items_for(team):
    """The lines by which work of a team can be entered now."""
    whose = Q(team__isnull=True) | Q(team=team)
    return PieceItem.objects.filter(whose, unit__in=line_of(team.unit), ended_on__isnull=True).order_by("pk")


def is_open(team, period):
    """Whether nobody has proposed the month's bonus: what is checked for it still counts."""
    return not Distribution.objects.filter(team=team, period=period).exclude(state=Distribution.State.DRAFT).exists()


def counting_month(team, date):
    """The period in which work of a date counts: its own, or the first one after it whose bonus is open."""
    own = periods.period_of(date)
    return own if is_open(team, own) else selectors.next_open_month(team, own)


def members_on(team, date):
    """The people of a team on a day, by employee number."""
    there = Membership.objects.during(date, date).filter(team=team)
    return User.objects.filter(pk__in=there.values("user")).order_by("employee_no")


def records_on(team, date):
    """Everything entered for a day, with what a page shows of it."""
    return PieceRecord.objects.filter(team=team, date=date).select_related(*PEOPLE)


def counted(team, period):
    """The records that a month's bonus is divided by."""
    found = PieceRecord.objects.filter(team=team, period=period, state=State.APPROVED)
    return found.select_related(*PEOPLE)


def points_of(team, period):
    """{user id: hundredths} of a team's month, checked records only; never below zero."""
    rows = counted(team, period).select_related(None).order_by().values("user").annotate(total=Sum("points"))
    return {row["user"]: max(row["total"], 0) for row in rows}


def waiting(team, period):
    """How many records of a month nobody has checked."""
    return PieceRecord.objects.filter(team=team, period=period, state=State.PROPOSED).count()


@dataclass
class MemberMonth:
    """A member's month: checked points and the days with any; points that wait; quantities by line. All in hundredths."""

    user: User
    points: int = 0
    waiting: int = 0
    dates: set = field(default_factory=set)
    quantities: dict = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class MonthTable:
    """A team's month: a MemberMonth for everybody who was there or has a record, and the lines that were used."""

    rows: list
    items: list

    @property
    def points(self):
        return sum(row.points for row in self.rows)

    @property
    def waiting(self):
        return sum(row.waiting for row in self.rows)

    def done(self, item):
        """How much of a line was done by all."""
        return sum(row.quantities[item.pk] for row in self.rows)


def month_table(team, period):
    """The MonthTable of a team; two queries, however many records."""
    live = PieceRecord.objects.filter(team=team, period=period, state__in=PieceRecord.LIVE)
    there = Membership.objects.during(periods.first_day(period), periods.last_day(period)).filter(team=team)
    people = User.objects.filter(Q(pk__in=there.values("user")) | Q(pk__in=live.values("user")))
    rows = {user.pk: MemberMonth(user) for user in people.order_by("employee_no")}
    items = {}
    for record in live.select_related("item"):
        _add(rows[record.user_id], record)
        items[record.item_id] = record.item
    return MonthTable(list(rows.values()), [items[pk] for pk in sorted(items)])


def _add(row, record):
    if record.state == State.PROPOSED:
        row.waiting += record.points
        return
    row.points += record.points
    row.quantities[record.item_id] += record.quantity
    row.dates.add(record.date)


def days_of(team, period):
    """The days whose work counts in a month, the latest first: {date, number, points, waiting}."""
    live = PieceRecord.objects.filter(team=team, period=period, state__in=PieceRecord.LIVE).order_by("-date")
    return live.values("date").annotate(
        number=Count("pk"), total=Sum("points"), waiting=Count("pk", filter=Q(state=State.PROPOSED))
    )


def days_missing(teams, date, *, since):
    """Those of the teams that have records of a day since `since`, but none of `date`."""
    live = PieceRecord.objects.filter(team=OuterRef("pk"), state__in=PieceRecord.LIVE, date__gte=since)
    found = Team.objects.filter(Exists(live), ~Exists(live.filter(date=date)), pk__in=teams)
    return found.order_by("position", "pk")


def standing_of_teams(teams, period):
    """{team id: {points, waiting, last}} of the teams with any record of a month: checked points, records that wait, last day."""
    live = PieceRecord.objects.filter(team__in=teams, period=period, state__in=PieceRecord.LIVE).order_by()
    rows = live.values("team").annotate(
        total=Sum("points", filter=Q(state=State.APPROVED)),
        waiting=Count("pk", filter=Q(state=State.PROPOSED)),
        last=Max("date"),
    )
    return {row["team"]: row for row in rows}


def to_check(user, teams):
    """Records that wait for this person: of these teams, neither entered by nor about the person."""
    pending = PieceRecord.objects.filter(team__in=teams, state=State.PROPOSED)
    return pending.exclude(proposed_by=user).exclude(user=user)

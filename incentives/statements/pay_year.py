"""Who got what in a year: each member's months in a team, how far apart they are, and whether anybody really divided."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from assessments.scoring import divide_half_up
from incentives.models import Distribution, DistributionLine, SpecialAward
from teams import periods
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text, yuan_text
from teams.models import Membership, User

EVEN = 500
"""Hundredths of a percent: a month whose highest share is less than so much above the lowest was divided equally."""
TRACK, ROW = 300, 40


@dataclass(frozen=True)
class Person:
    """A member's year in fen: {month: payable}, what it sums to, special awards besides."""

    user: User
    months: dict
    awards: int

    @property
    def total(self):
        """All that the team's bonuses paid in the year."""
        return sum(self.months.values())

    @property
    def average(self):
        """What a month with a share came to, to the fen, half up."""
        return divide_half_up(self.total, len(self.months)) if self.months else 0


@dataclass(frozen=True)
class Month:
    """A posted month: heads, what was paid, highest ÷ lowest share and leader ÷ average share in hundredths, or None.

    `even` is whether the shares were as good as equal.
    """

    period: int
    heads: int
    paid: int
    spread: int | None
    leader: int | None
    even: bool


@dataclass(frozen=True)
class Year:
    """A team's year: the Person of everybody who got anything, by sum, and the Month of every posted month."""

    people: list
    months: list

    @property
    def total(self):
        return sum(person.total for person in self.people)

    @property
    def awards(self):
        return sum(person.awards for person in self.people)

    @property
    def average(self):
        """Average yearly sum of a person."""
        return divide_half_up(self.total, len(self.people)) if self.people else 0

    @property
    def spread(self):
        """Highest ÷ lowest yearly sum in hundredths among those who were there in every month; None below two."""
        sums = [person.total for person in self.people if len(person.months) == len(self.months)]
        return ratio(max(sums), min(sums)) if len(sums) > 1 else None

    @property
    def even_months(self):
        return [month for month in self.months if month.even]


@dataclass(frozen=True)
class Bar:
    """A person of the picture: name at `y`, a bar `width` long, the sum beside it."""

    name: str
    total: int
    y: int
    width: int


@dataclass(frozen=True)
class Bars:
    """The bars under each other, and where the average stands."""

    bars: list
    mark: int
    width: int = TRACK + 96
    track: int = TRACK

    @property
    def height(self):
        return len(self.bars) * ROW + 4


def ratio(above, below):
    """One figure ÷ another in hundredths, half up; None when there is nothing to divide by."""
    return divide_half_up(100 * above, below) if below else None


def year_of(team, year):
    """The Year of a team: three queries, however many members and months."""
    span = (year * 100 + 1, year * 100 + 12)
    found = Distribution.objects.filter(team=team, period__range=span, state__in=Distribution.IN_LEDGER)
    lines = list(DistributionLine.objects.filter(distribution__in=found).select_related("user", "distribution"))
    awards = SpecialAward.objects.filter(team=team, state="approved", posting__period__range=span, user__isnull=False)
    extra = dict(awards.order_by().values("user").annotate(fen=Sum("amount")).values_list("user", "fen"))
    leaders = Membership.objects.filter(team=team, role=Membership.Role.LEADER).values_list(
        "user", "started_on", "ended_on"
    )
    return Year(_people(lines, extra), _months(lines, list(leaders)))


def _people(lines, extra):
    months, users = defaultdict(dict), {}
    for line in lines:
        users[line.user_id] = line.user
        months[line.user_id][line.distribution.period] = line.payable
    people = [Person(user, months[pk], extra.get(pk, 0)) for pk, user in users.items()]
    return sorted(people, key=lambda person: (-person.total, person.user.employee_no))


def _months(lines, leaders):
    by_month = defaultdict(list)
    for line in lines:
        by_month[line.distribution.period].append(line)
    return [_month(period, by_month[period], leaders) for period in sorted(by_month)]


def _month(period, lines, leaders):
    shares = [line.amount for line in lines]
    first, last = periods.first_day(period), periods.last_day(period)
    leading = {user for user, start, end in leaders if start <= last and (end is None or end >= first)}
    led = [line.amount for line in lines if line.user_id in leading]
    return Month(
        period=period,
        heads=len(lines),
        paid=sum(line.payable for line in lines),
        spread=ratio(max(shares), min(shares)) if len(shares) > 1 else None,
        leader=ratio(sum(led) * len(shares), sum(shares) * len(led)) if led else None,
        even=is_even(shares),
    )


def is_even(shares):
    """Whether shares of two people or more were divided equally: the highest is not even EVEN above the lowest."""
    return len(shares) > 1 and max(shares) > 0 and (max(shares) - min(shares)) * 10_000 < max(shares) * EVEN


def bars_of(year):
    """The Bars of a Year; a person who got nothing has a bar of no length."""
    most = max((person.total for person in year.people), default=0) or 1
    bars = [
        Bar(person.user.name, person.total, number * ROW + 18, person.total * TRACK // most)
        for number, person in enumerate(year.people)
    ]
    return Bars(bars, year.average * TRACK // most)


def sheets_of(team, number, year):
    """The year as sheets of a workbook: the people and the months."""
    heads = [f"{month.period % 100}月（元）" for month in year.months]
    people = [
        [person.user.employee_no, person.user.name]
        + [_money(person.months.get(month.period)) for month in year.months]
        + [_money(person.total), _money(person.average), _money(person.awards)]
        for person in year.people
    ]
    sums = [_money(month.paid) for month in year.months]
    people.append(["合计", "", *sums, _money(year.total), None, _money(year.awards)])
    months = [
        [
            periods.label(month.period),
            Figure(str(month.heads)),
            _money(month.paid),
            _ratio(month.spread),
            _ratio(month.leader),
            "平均分配" if month.even else "",
        ]
        for month in year.months
    ]
    title = f"{team} {number} 年奖金分配"
    return [
        Sheet("个人", ["工号", "姓名", *heads, "全年（元）", "月均（元）", "专项奖励（元）"], people, title=title),
        Sheet("各月", ["月份", "人数", "发放（元）", "最高÷最低", "班长÷平均", "提醒"], months, title=title),
    ]


def _money(fen):
    return None if fen is None else Figure(yuan_text(fen), money=True)


def _ratio(value):
    return None if value is None else Figure(decimal_text(value))

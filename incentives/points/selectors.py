"""Reads of 党员贡献度积分: who belongs to a branch, entries, the table of a month and of a year, what a person may see."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from incentives.models import PointEntry, PointIndicator, PointMonth, PointScheme
from incentives.points import arithmetic as points
from teams import periods
from teams.access import line_of, subtree_ids
from teams.models import Membership, Team, User

PARTY = [User.PoliticalStatus.PARTY_MEMBER, User.PoliticalStatus.PROBATIONARY]
FIELDS = PointIndicator.Field


def members(unit, first, last):
    """One Membership per Party member who was last in a team of the unit or below between two dates, by number.

    The Party members of the whole plant are read, and the last team of each chosen here: a database without statistics
    takes minutes to choose them by a subquery.
    """
    rows = Membership.objects.during(first, last).filter(user__political_status__in=PARTY)
    rows = rows.select_related("user", "team").order_by("user__employee_no", "started_on")
    latest, reach = {row.user_id: row for row in rows}, subtree_ids(unit)
    return [row for row in latest.values() if row.team.unit_id in reach]


def members_of(unit, period):
    """As members, of a month."""
    return members(unit, periods.first_day(period), periods.last_day(period))


def was_member(unit, user, date):
    """Whether the person, a Party member, was in a team of the unit or below on a date."""
    here = Membership.objects.during(date, date).filter(user=user, team__unit__in=subtree_ids(unit))
    return here.filter(user__political_status__in=PARTY).exists()


def entries_of(scheme, period):
    """The entries that count in a month of a scheme, newest first."""
    return PointEntry.objects.filter(indicator__scheme=scheme, period=period)


def counted_entries(scheme, period):
    """The confirmed entries of a month with whom and what they are about, newest first."""
    return entries_of(scheme, period).filter(state="confirmed").select_related("indicator", "user")


def shown_entries(entries):
    """The entries with what a list shows of them."""
    return entries.select_related("indicator__scheme__unit", "user", "proposed_by", "decided_by")


def latest_closed(scheme):
    """The latest closed period of a scheme, or None."""
    return PointMonth.objects.filter(scheme=scheme).order_by("-period").values_list("period", flat=True).first()


def is_closed(unit, period):
    """Whether a scheme of the unit has closed a month or a later one of the same year."""
    later = PointMonth.objects.filter(scheme__unit=unit, period__gte=period, scheme__year=period // 100)
    return later.exists()


def first_waiting(scheme, before):
    """The first month before another one that has confirmed or undecided entries and is not closed; or None."""
    alive = PointEntry.objects.filter(indicator__scheme=scheme, period__lt=before, state__in=["proposed", "confirmed"])
    waiting = alive.filter(period__gt=latest_closed(scheme) or 0)
    return waiting.order_by("period").values_list("period", flat=True).first()


def computed_rows(scheme, period):
    """The rows of a month's table from its confirmed entries, best first; see PointMonth. Each has its `team` too."""
    entries = counted_entries(scheme, period)
    people = {row.user_id: (row.user, row.team.name) for row in members_of(scheme.unit, period)}
    deeds = {user: [] for user in people}
    for entry in entries:
        people.setdefault(entry.user_id, (entry.user, ""))
        line = entry.indicator
        deeds.setdefault(entry.user_id, []).append(points.Deed(line.pk, line.field, entry.points, line.month_cap))
    sums = {user: points.field_sums(found, scheme.field_caps) for user, found in deeds.items()}
    totals = {user: points.total(scheme.base, found) for user, found in sums.items()}
    ranks = points.ranks(totals)
    rows = [_row(*people[user], scheme.base, sums[user], totals[user], ranks[user]) for user in totals]
    return sorted(rows, key=lambda row: (row["rank"], row["number"]))


def _row(user, team, base, sums, total, rank):
    facts = {"user": user.pk, "name": user.name, "number": user.employee_no, "team": team}
    return facts | {"base": base, "fields": sums, "total": total, "rank": rank}


@dataclass(frozen=True)
class Standing:
    """A person's year: points by period of the closed months, their mean, the rank by it, the grade."""

    row: dict
    by_period: dict
    mean: int
    rank: int
    grade: str
    talk: bool


def year_of(scheme):
    """(closed periods, [Standing]) of a scheme's year, best first; empty before the first close."""
    months = list(scheme.months.order_by("period"))
    latest, by_person = {}, {}
    for month in months:
        for row in month.rows:
            latest[row["user"]] = row
            by_person.setdefault(row["user"], {})[month.period] = row["total"]
    means = {user: points.mean(list(found.values())) for user, found in by_person.items()}
    ranks = points.ranks(means)
    rows = [_standing(scheme, latest[user], by_person[user], means[user], ranks[user]) for user in means]
    return [month.period for month in months], sorted(rows, key=lambda row: (row.rank, row.row["number"]))


def _standing(scheme, row, by_period, mean, rank):
    grade = points.grade(mean, scheme.grades, scheme.lowest_grade)
    return Standing(row, by_period, mean, rank, grade, all(mean < least for _, least in scheme.grades))


# -- What a person may see ---------------------------------------------------------------------------------------------


def enters_whole(access, unit):
    """Whether the person enters points for the whole of a unit: its secretary and committee."""
    return access.on_unit("points.enter", unit.pk)


def own_teams(access, unit):
    """The person's own teams within a unit."""
    return Team.objects.filter(pk__in=access.team_roles, unit__in=subtree_ids(unit))


def reads(access, scheme):
    """Whether the person reads the tables of a scheme: points roles, and the branch's Party members once it holds."""
    if enters_whole(access, scheme.unit):
        return True
    teams = own_teams(access, scheme.unit) if scheme.published_at else []
    return any(access.user.political_status in PARTY or access.on_team("points.enter", team) for team in teams)


def schemes_of(access):
    """Schemes that the person reads, the latest year first."""
    units = access.unit_ids("points.enter")
    party = access.user.political_status in PARTY
    own = access.team_roles if party else access.duty_teams("points.enter")
    lines = {unit for team in Team.objects.filter(pk__in=own).select_related("unit") for unit in line_of(team.unit)}
    reach = Q(unit__in=units) | Q(unit__in=lines, published_at__isnull=False)
    return PointScheme.objects.filter(reach).select_related("unit").order_by("-year", "unit__position", "unit_id")


def candidates(access, scheme, today):
    """Memberships of the Party members for whom the person may enter points: the branch's, or the own team's; not oneself."""
    people = [row for row in members_of(scheme.unit, periods.period_of(today)) if row.user_id != access.user.pk]
    if enters_whole(access, scheme.unit):
        return people
    return [row for row in people if access.on_team("points.enter", row.team)]


def enters(access, scheme):
    """Whether the person may enter points for anybody of a scheme that holds."""
    if scheme.published_at is None:
        return False
    teams = own_teams(access, scheme.unit)
    return enters_whole(access, scheme.unit) or any(access.on_team("points.enter", team) for team in teams)


def kept(access, entries):
    """Those of the entries about whom the person may propose and confirm: by the unit, or by the team of that day."""
    own = access.duty_teams("points.enter")
    there = Membership.objects.filter(user=OuterRef("user"), team__in=own, started_on__lte=OuterRef("date"))
    there = there.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=OuterRef("date")))
    units = access.unit_ids("points.enter")
    return entries.filter(Exists(there) | Q(indicator__scheme__unit__in=units))


def visible(access, entries):
    """Those of the entries that the person sees: kept ones, own deeds and own proposals."""
    mine = entries.filter(Q(user=access.user) | Q(proposed_by=access.user))
    return entries.filter(Q(pk__in=kept(access, entries).values("pk")) | Q(pk__in=mine.values("pk")))


def just(entry):
    """The one entry, as the functions above take it."""
    return PointEntry.objects.filter(pk=entry.pk)


def entry(pk):
    """The entry with this id and what its page shows, or None."""
    return shown_entries(PointEntry.objects.filter(pk=pk)).first()


def to_decide(access, entries):
    """Those of the entries that wait for the person: kept, neither proposed by nor about the person."""
    undecided = entries.filter(state="proposed").exclude(proposed_by=access.user).exclude(user=access.user)
    return kept(access, undecided)


def may_revoke(access, entry):
    """Whether the person may take back what was confirmed by mistake: those who keep the scheme, while the month is open."""
    scheme = entry.indicator.scheme
    keeps = access.on_unit("points.manage", scheme.unit_id) and entry.user_id != access.user.pk
    return keeps and entry.state == "confirmed" and entry.period > (latest_closed(scheme) or 0)


def waiting_in(access, scheme, period):
    """What of a month is not decided, with everything a list shows, for those who see it."""
    return list(visible(access, shown_entries(entries_of(scheme, period)).filter(state="proposed")))


def team_of(entry):
    """The team of the person on the day of the deed, or None."""
    there = Membership.objects.during(entry.date, entry.date).filter(user=entry.user_id).select_related("team")
    last = there.order_by("started_on").last()
    return last and last.team


def is_used(scheme):
    """Whether anything was recorded or closed under a scheme."""
    return PointEntry.objects.filter(indicator__scheme=scheme).exists() or scheme.months.exists()


def month_to_show(scheme, today):
    """The month of a scheme that a link leads to: this month, else the last one of its year; None before its year."""
    current = periods.period_of(today)
    return None if scheme.year > today.year else min(current, scheme.year * 100 + 12)

"""Reads of the boards: what hangs where, and how near a viewer is to a board."""

from dataclasses import dataclass

from django.db.models import Case, Q, Subquery, When
from django.utils import timezone

from bulletins.closings import disputed, in_state
from bulletins.models import Bulletin, ChainHead
from bulletins.tables import ANONYMOUS, Audience, Viewer
from teams import periods
from teams.access import GRANTS, access_of, lines_of, subtree_ids
from teams.prepared import Given, Prepared
from teams.selectors import with_words

Kind = Bulletin.Kind
MONTHLY = (Kind.SCORES, Kind.ATTENDANCE, Kind.BONUS, Kind.EXPENSES, Kind.POINTS)
"""Boards that every month brings; the others hang for a matter of their own."""


def viewer_of(user, bulletin):
    """The Viewer that a (possibly anonymous) user is of a bulletin."""
    return viewer_at(user, bulletin.unit_id, bulletin.team)


def viewer_at(user, unit_id, team):
    """The Viewer that a user is of what hangs for a team, or (None) for a whole unit."""
    if not user.is_authenticated:
        return ANONYMOUS
    access = access_of(user)
    may = frozenset(name for name in GRANTS if _reaches(access, name, unit_id, team))
    if "team.view" in may:
        return Viewer(user.pk, Audience.TEAM, may)
    return Viewer(user.pk, Audience.UNIT if unit_id in _own_units(access, team) else Audience.SIGNED_IN, may)


def _reaches(access, capability, unit_id, team):
    return access.on_team(capability, team) if team else access.on_unit(capability, unit_id)


def _own_units(access, team):
    """Ids of the units somebody belongs to: of the own teams; for what hangs for a whole unit, also all above them."""
    own = set(access.home_units())
    return own if team else lines_of(own | set(access.unit_roles))


def wall(filters):
    """Current boards that match cleaned filters (unit with all below it, period, kind, state, words), as the wall hangs them."""
    boards = Bulletin.objects.current().select_related("unit", "team").defer("content").annotate(is_disputed=disputed())
    if filters.get("unit"):
        boards = boards.filter(unit__in=subtree_ids(filters["unit"]))
    for name in ("period", "kind"):
        if filters.get(name):
            boards = boards.filter(**{name: filters[name]})
    if filters.get("state"):
        boards = in_state(boards, filters["state"])
    return with_words(boards, filters.get("q") or "", "team__name__icontains", "title__icontains")


def first_look(user):
    """The wall before anybody filters: whatever is under notice now, and the latest month with MONTHLY boards; the own teams
    first.
    """
    is_monthly = Case(When(kind__in=MONTHLY, then=0), default=1)
    latest = Bulletin.objects.order_by(is_monthly, "-period").values("period")[:1]
    shown = wall({}).filter(Q(period=Subquery(latest)) | Q(notice_ends_on__gte=timezone.localdate()))
    own = list(access_of(user).team_roles) if user.is_authenticated else []
    is_own = Case(When(team__in=own, then=0), default=1)
    return shown.order_by(is_own, *Bulletin._meta.ordering) if own else shown


def by_team(boards):
    """Boards of a page as the wall hangs them: [(unit, [(team or None, [(period, its boards)])])], in the order they came."""
    units = {}
    for board in boards:
        months = units.setdefault(board.unit, {}).setdefault(board.team, {})
        months.setdefault(board.period, []).append(board)
    return [(unit, [(team, _by_month(months)) for team, months in teams.items()]) for unit, teams in units.items()]


def _by_month(months):
    return [(period, sorted(boards, key=kind_order)) for period, boards in months.items()]


def kind_order(board):
    """Where a board stands beside its siblings: scores, attendance, bonus, expenses."""
    return Bulletin.Kind.values.index(board.kind)


def periods_posted():
    """Months for which anything hangs, latest first."""
    return list(Bulletin.objects.order_by("-period").values_list("period", flat=True).distinct())


def revisions(bulletin):
    """Every revision of a board, latest first."""
    same = {"kind": bulletin.kind, "period": bulletin.period, "topic": bulletin.topic, "team": bulletin.team_id}
    subject = {} if bulletin.team_id else {"unit": bulletin.unit_id}
    return Bulletin.objects.filter(**same, **subject).order_by("-revision")


def _of_two_months(**subject):
    months = (Given("period"), Given("last_month"))
    return Prepared(
        lambda: Bulletin.objects.filter(**subject, period__in=months).defer("content").order_by("-revision")
    )


OF_TEAM, OF_UNIT = _of_two_months(team=Given("place")), _of_two_months(team=None, unit=Given("place"))


@dataclass(frozen=True)
class Family:
    """The boards that one is read beside, their contents unread: its `revisions`, latest first, the current boards of the
    same team or unit and month in the order of their kinds, and the current revision of the same board of the month before.
    """

    revisions: list
    siblings: list
    earlier: Bulletin | None


def family_of(bulletin):
    """The Family of a board; one query."""
    last_month = periods.shift(bulletin.period, -1)
    asked, place = (OF_TEAM, bulletin.team_id) if bulletin.team_id else (OF_UNIT, bulletin.unit_id)
    rows = asked.models(place=place, period=bulletin.period, last_month=last_month)
    same = [row for row in rows if (row.kind, row.topic) == (bulletin.kind, bulletin.topic)]
    return Family(
        revisions=[row for row in same if row.period == bulletin.period],
        siblings=_current(row for row in rows if row.period == bulletin.period),
        earlier=next((row for row in same if row.period == last_month), None),
    )


def boards_of(team, period):
    """The current boards of a team's month in the order of their kinds."""
    return _current(Bulletin.objects.filter(team=team, period=period).defer("content").order_by("-revision"))


def _current(rows):
    """The first of each board among revisions, latest first, in the order of their kinds."""
    latest = {}
    for row in rows:
        latest.setdefault((row.unit_id, row.kind, row.topic), row)
    return sorted(latest.values(), key=kind_order)


HEADS = Prepared(lambda: ChainHead.objects.filter(unit=Given("unit"))[:1])


def latest_head(unit_id):
    """The ChainHead that was noted last of a unit, or None before the first."""
    return next(iter(HEADS.models(unit=unit_id)), None)

"""Reads of the boards: what hangs where, and how near a viewer is to a board."""

from bulletins.models import Bulletin
from bulletins.tables import ANONYMOUS, Audience, Viewer
from teams.access import access_of
from teams.models import Team


def viewer_of(user, bulletin):
    """The Viewer that a (possibly anonymous) user is of a bulletin."""
    if not user.is_authenticated:
        return ANONYMOUS
    access = access_of(user)
    if access.on_team("team.view", bulletin.team):
        return Viewer(user.pk, Audience.TEAM)
    own_units = Team.objects.filter(pk__in=access.team_roles).values_list("unit_id", flat=True)
    return Viewer(user.pk, Audience.UNIT if bulletin.unit_id in own_units else Audience.SIGNED_IN)


def wall(filters):
    """Current boards that match cleaned filters (unit, period, kind, team name), as the wall shows them."""
    boards = Bulletin.objects.current().select_related("unit", "team").defer("content")
    for name in ("unit", "period", "kind"):
        if filters.get(name):
            boards = boards.filter(**{name: filters[name]})
    if filters.get("q"):
        boards = boards.filter(team__name__icontains=filters["q"])
    return boards


def by_team(boards):
    """Boards of a page as the wall hangs them: [(unit, [(team, period, its boards)])], in the order they came."""
    units = {}
    for board in boards:
        units.setdefault(board.unit, {}).setdefault((board.team, board.period), []).append(board)
    return [
        (unit, [(team, period, sorted(found, key=kind_order)) for (team, period), found in teams.items()])
        for unit, teams in units.items()
    ]


def kind_order(board):
    """Where a board stands beside its siblings: scores, attendance, bonus, expenses."""
    return Bulletin.Kind.values.index(board.kind)


def periods_posted():
    """Months for which anything hangs, latest first."""
    return list(Bulletin.objects.order_by("-period").values_list("period", flat=True).distinct())


def revisions(bulletin):
    """Every revision of a board, latest first."""
    return Bulletin.objects.filter(kind=bulletin.kind, team=bulletin.team_id, period=bulletin.period).order_by(
        "-revision"
    )


def siblings(bulletin):
    """The current boards of the same team and month, in the order of their kinds: they are read side by side."""
    return boards_of(bulletin.team_id, bulletin.period)


def boards_of(team, period):
    """The current boards of a team's month in the order of their kinds."""
    boards = Bulletin.objects.current().filter(team=team, period=period).defer("content")
    return sorted(boards, key=kind_order)


def newest_boards(team):
    """The current boards of the latest month for which anything of the team hangs; none before the first."""
    latest = Bulletin.objects.filter(team=team).order_by("-period").values_list("period", flat=True).first()
    return boards_of(team, latest) if latest else []

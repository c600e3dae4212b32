"""核对签字: who of the people on a board has read it and signed it, and whose signature is still awaited."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.urls import reverse

from bulletins.models import Bulletin, Objection, Receipt, Signature
from bulletins.services.notices import BY_HAND
from teams import periods
from teams.access import lines_of
from teams.models import Membership, User
from teams.prepared import Given, Prepared

NAMED = User.objects.order_by("employee_no").only("employee_no", "name")
OF_BOARD = {"bulletin": Given("board")}
SIGNATURES = Prepared(lambda: Signature.objects.filter(**OF_BOARD))
READERS = Prepared(lambda: Receipt.objects.filter(**OF_BOARD).order_by().values_list("user").distinct())


@dataclass(frozen=True)
class Person:
    """Somebody who stands on a board: the Signature, or None, and whether the person has opened the board."""

    user: User
    signature: Signature | None
    has_read: bool


@dataclass(frozen=True)
class Attention:
    """How many `concerned` people stand on a board, how many of them have read and signed it; `people` by number.

    `own` is the Signature of the person who looks, or None.
    On a board about nobody in particular `readers` counts everybody who has opened it.
    """

    concerned: int
    readers: int
    signed: int
    people: list
    own: Signature | None = None

    @property
    def unsigned(self):
        return self.concerned - self.signed


def concerned_by(bulletin):
    """Ids of the people whose rows stand on a board."""
    return {row["user"] for row in bulletin.content["rows"] if row["user"] is not None}


def contests(user, bulletin):
    """Whether an objection of the person to the own row on a board is still open: till then nobody signs that it is right."""
    return _contesting(user).filter(bulletin=bulletin).exists()


def _contesting(user):
    return Objection.objects.filter(filed_by=user, row_user=user, state__in=Objection.OPEN)


def attention_of(bulletin, user=None, with_people=False):
    """The Attention that a board has found, as the user sees it; its `people` only where they are asked for."""
    concerned = concerned_by(bulletin)
    found = SIGNATURES.models(board=bulletin.pk)
    prefetch_related_objects(found, "kept_by")
    signatures = {row.user_id: row for row in found}
    readers = {reader for (reader,) in READERS.rows(board=bulletin.pk)}
    users = NAMED.filter(pk__in=concerned) if with_people and concerned else []
    people = [Person(user, signatures.get(user.pk), user.pk in readers) for user in users]
    read = readers & concerned if concerned else readers
    own = signatures.get(user and user.pk)
    return Attention(len(concerned), len(read), len(concerned & set(signatures)), people, own)


def waiting_for(user, teams, units=()):
    """Current boards of these teams, and of these whole units, on which the person stands and has not signed, until they
    are closed; by team or unit and month.
    """
    hanging = Q(team__in=teams) | Q(team=None, unit__in=units) & ~Q(kind__in=BY_HAND)
    boards = Bulletin.objects.current().filter(hanging).select_related("team", "unit")
    return unsigned(user, boards.order_by("team_id", "unit_id", "period", "pk"))


def unsigned(user, boards):
    """Those of the current `boards` on which the person stands, has not signed and contests nothing, until they are closed."""
    boards = boards.filter(closing=None).exclude(kind=Bulletin.Kind.NOTICE).exclude(signatures__user=user)
    boards = boards.exclude(Exists(_contesting(user).filter(bulletin=OuterRef("pk"))))
    return [board for board in boards if user.pk in concerned_by(board)]


def news_for(user):
    """Lines of the home page (title, detail, address, state, word), one a team's month: boards that the person has to sign."""
    waiting = waiting_for(user, *_belonged_to(user))
    for (team, unit, period), found in groupby(waiting, attrgetter("team", "unit", "period")):
        boards = list(found)
        kinds = "、".join(board.get_kind_display() for board in boards)
        address = reverse("bulletins:board", args=[boards[0].serial])
        yield "核对签字", f"{team or unit}{periods.label(period)}：{kinds}", address, "wait", "请核对"


def _belonged_to(user):
    """(ids of the teams somebody is or ever was in, of their units and of every unit above): on what hangs there the
    person may stand, for a board keeps its people when they move.
    """
    places = set(Membership.objects.filter(user=user).values_list("team_id", "team__unit_id"))
    return {team for team, _ in places}, lines_of({unit for _, unit in places}) if places else ()

"""Posting boards: one append-only row each, chained by hash within its unit."""

import datetime
import json
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bulletins.errors import BulletinError
from bulletins.models import Bulletin
from bulletins.policies import notice_days, policy_for, shaped
from bulletins.services.chain import digest, head_of
from bulletins.tables import Audience, Board
from teams import audit
from teams.models import Team, Unit
from teams.workdays import last_day_of_notice

LETTERS = {
    Bulletin.Kind.SCORES: "K",
    Bulletin.Kind.ATTENDANCE: "Q",
    Bulletin.Kind.BONUS: "J",
    Bulletin.Kind.EXPENSES: "F",
    Bulletin.Kind.POINTS: "D",
    Bulletin.Kind.CONTEST: "S",
    Bulletin.Kind.NOMINATION: "P",
    Bulletin.Kind.NAMING: "M",
    Bulletin.Kind.NOTICE: "T",
}


@dataclass(frozen=True)
class Place:
    """Where a board hangs: of a team or (None) of the whole unit, in a month, for one of several matters of a kind."""

    unit: Unit
    team: Team | None
    period: int
    topic: str = ""

    def boards(self, kind):
        """Every revision of one kind that hangs here, whatever its matter."""
        subject = {"team": self.team} if self.team else {"unit": self.unit, "team": None}
        return Bulletin.objects.filter(kind=kind, period=self.period, **subject)

    def latest(self, kind):
        """The last revision of this matter's board of a kind, or None."""
        return self.boards(kind).filter(topic=self.topic).order_by("-revision").first()


def publish(board, *, period, actor, team=None, unit=None, topic="", days=None, anew=False):
    """Post one Board; returns its Bulletin. See publish_all."""
    place = {"team": team, "unit": unit, "period": period, "topic": topic}
    return publish_all([board], **place, actor=actor, days=days, anew=anew)[0]


@transaction.atomic
def publish_all(boards, *, period, actor, team=None, unit=None, topic="", days=None, anew=False):
    """Post Boards of a team or a whole unit for a month in one deed; returns their Bulletins.

    Each is shaped by the policy of its unit. Posting the same content again returns what already hangs there; other
    content becomes a further revision. The notice runs for `days` full working days from tomorrow on, by default those of
    the policy; `anew`: a revision's begins again, whatever the policy says. Raises BulletinError for a board that shows
    persons to everybody.
    """
    place = Place(unit or team.unit, team, period, topic)
    Unit.objects.select_for_update().get(pk=place.unit.pk)
    policy = policy_for(place.unit)
    posted = [_post(foresee(board, place, policy, days, anew), place, actor) for board in boards]
    new = [bulletin for bulletin, is_new in posted if is_new]
    if new:
        hashes = {bulletin.serial: bulletin.content_hash for bulletin in new}
        audit.record("board.published", new[0], actor=actor, unit=place.unit, after=hashes)
    return [bulletin for bulletin, _ in posted]


@dataclass(frozen=True)
class Foreseen:
    """A board as it would hang if it were posted today: shaped by the policy, as `content`, after `latest` if any."""

    board: Board
    content: dict
    latest: Bulletin | None
    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def is_new(self):
        """Whether posting it would hang anything."""
        return self.latest is None or self.latest.content != self.content

    @property
    def revision(self):
        return self.latest.revision + self.is_new if self.latest else 1


def foresee(board, place, policy, days=None, anew=False):
    """The Foreseen of a Board; raises BulletinError for one that shows persons to everybody."""
    board = shaped(board, policy)
    require_covered(board)
    latest = place.latest(board.kind)
    content = json.loads(json.dumps(board.content())) | _corrections(latest)
    dates = notice_of(latest, policy, notice_days(policy, board.kind) if days is None else days, anew)
    return Foreseen(board, content, latest, *dates)


def _corrections(latest):
    """The notes of correction that a board carries on from the revision before it (see services/corrections.py)."""
    return {"corrections": latest.content["corrections"]} if latest and "corrections" in latest.content else {}


def _post(foreseen, place, actor):
    """The Bulletin of a board, and whether it is a new one."""
    if not foreseen.is_new:
        return foreseen.latest, False
    return hang(_compose(foreseen, place), actor), True


def hang(bulletin, actor):
    """Store a composed Bulletin as the next link of its unit's chain; the unit is held by the caller."""
    bulletin.published_by = actor
    bulletin.published_at = timezone.now()
    bulletin.previous_hash = head_of(bulletin.unit_id)
    bulletin.content_hash = digest(bulletin)
    bulletin.save(force_insert=True)
    return bulletin


def require_covered(board):
    """Raise BulletinError when a column about persons would hang bare where nobody signs in."""
    if all(row.user is None for row in board.rows):
        return
    bare = [column.label for column in board.columns if column.audience == Audience.PUBLIC and not _is_covered(column)]
    if bare:
        raise BulletinError(
            f"“{board.title}”没有张榜：{'、'.join(bare)}是个人数据，不登录就能看到。请改为登录后可见，或者打码。"
        )


def _is_covered(column):
    return bool(column.mask) and column.plain > Audience.PUBLIC


def notice_of(latest, policy, days, anew=False):
    """(first, last) date of a board's notice when it is posted today for so many full working days.

    A revision never ends before the board it supersedes would have, and keeps that board's dates where the policy does
    not begin again and it is not told to (`anew`).
    """
    if latest and not (anew or policy.restart_notice):
        return latest.notice_starts_on, latest.notice_ends_on
    today = timezone.localdate()
    end = last_day_of_notice(today + datetime.timedelta(days=1), days)
    return today, max(end, latest.notice_ends_on) if latest else end


def _compose(foreseen, place):
    board = foreseen.board
    return Bulletin(
        serial=_serial(board.kind, place, foreseen.latest, foreseen.revision),
        kind=board.kind,
        unit=place.unit,
        team=place.team,
        period=place.period,
        topic=place.topic,
        revision=foreseen.revision,
        title=board.title,
        content=foreseen.content,
        notice_starts_on=foreseen.starts_on,
        notice_ends_on=foreseen.ends_on,
    )


def _serial(kind, place, latest, revision):
    """202610J0012-1: month, kind, team (U0003 for a unit), revision; with several matters 202610T0012-2-1."""
    if latest:
        return serial_after(latest, revision)
    subject = f"{place.team.pk:04d}" if place.team else f"U{place.unit.pk:04d}"
    topics = place.boards(kind).exclude(topic="").values("topic").distinct().count()
    matter = f"-{topics + 1}" if place.topic else ""
    return f"{place.period}{LETTERS[kind]}{subject}{matter}-{revision}"


def serial_after(latest, revision):
    """The serial of a further revision of a board."""
    return f"{latest.serial.rpartition('-')[0]}-{revision}"

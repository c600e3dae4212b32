"""What would hang on the wall if boards were posted today, as each kind of viewer would see it."""

from dataclasses import dataclass
from itertools import groupby

from bulletins.models import Bulletin
from bulletins.policies import policy_for
from bulletins.services.notices import BY_HAND, board_by_hand, topic_of
from bulletins.services.publishing import Foreseen, Place, foresee
from bulletins.tables import ANONYMOUS, Audience, Viewer, seen_by
from teams import periods

EYES = {
    "own": "本人",
    "team": "本班组",
    "unit": "本单位",
    "signed-in": "登录的人",
    "public": "所有人",
    "tv": "大屏",
}
"""Through whose eyes a board is looked at."""
NEARNESS = {"team": Audience.TEAM, "unit": Audience.UNIT, "signed-in": Audience.SIGNED_IN}
NOBODY = 0
"""The id of somebody who stands in no table."""

AUDIENCES = {
    Audience.PUBLIC: "所有人",
    Audience.SIGNED_IN: "登录的人",
    Audience.UNIT: "本单位",
    Audience.TEAM: "本班组",
    Audience.OWN: "本人",
}
MASKED = {"name": "只看到姓", "number": "只看到末两位", "band": "只看到范围"}


@dataclass(frozen=True)
class Preview:
    """One board before it is posted: `seen` is what the chosen eyes see of it."""

    foreseen: Foreseen
    bulletin: Bulletin
    seen: dict

    @property
    def text_first(self):
        """Whether its text stands before the table, as on its page."""
        return self.bulletin.kind in BY_HAND

    @property
    def columns(self):
        """(labels, who sees them in full, who only masked) of the columns; those alike in a row stand together."""
        return [(_together(list(labels)), *who) for who, labels in groupby(self.foreseen.board.columns, _who)]


def _who(column):
    """Who sees a column in full, and who only masked."""
    if not column.mask or column.plain <= column.audience:
        return AUDIENCES[column.audience], ""
    return AUDIENCES[column.plain], f"{AUDIENCES[column.audience]}{MASKED[column.mask]}"


def _together(columns):
    """The labels of neighbouring columns; days of a month as 1 to 31."""
    days = [column.label for column in columns if column.label.isdecimal()]
    others = [column.label for column in columns if not column.label.isdecimal()]
    return "、".join([f"{days[0]} 至 {days[-1]} 日", *others] if days else others)


def eyes_at(team, asked, *, by_hand=False):
    """(the eyes to choose from, the chosen ones) of what hangs for a team, or (None) for a whole unit; by hand of nobody in particular."""
    left_out = {"own" if by_hand else "", "" if team else "team"}
    eyes = {key: word for key, word in EYES.items() if key not in left_out}
    return eyes, asked if asked in eyes else next(iter(eyes))


def previews(boards, eyes, *, period, team=None, unit=None, topic="", days=None):
    """A Preview of each Board, through EYES; raises BulletinError for one that cannot be posted."""
    place = Place(unit or team.unit, team, period, topic)
    policy = policy_for(place.unit)
    return [_preview(foresee(board, place, policy, days), place, eyes) for board in boards]


def preview_by_hand(place, wish, eyes):
    """The Preview of what services.notices.post_notice would hang for the same; raises BulletinError likewise."""
    board = board_by_hand(place, wish)
    return previews([board], eyes, period=periods.current_period(), topic=topic_of(wish), days=wish["days"], **place)[0]


def _preview(foreseen, place, eyes):
    bulletin = Bulletin(kind=foreseen.board.kind, title=foreseen.board.title, unit=place.unit, team=place.team)
    return Preview(foreseen, bulletin, seen_by(foreseen.content, _viewer(foreseen.content, eyes, place)))


def _viewer(content, eyes, place):
    """Somebody with these eyes; the first person of the table as an example of oneself."""
    if eyes == "own":
        persons = [row["user"] for row in content["rows"] if row["user"] is not None]
        return Viewer(persons[0] if persons else NOBODY, Audience.TEAM if place.team else Audience.UNIT)
    return Viewer(NOBODY, NEARNESS[eyes]) if eyes in NEARNESS else ANONYMOUS

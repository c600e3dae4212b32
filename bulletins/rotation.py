"""What a display shows and in which order: boards one after the other, each cut into slides that fill a screen."""

from dataclasses import dataclass, field

from django.db.models import Max, Q
from django.utils import timezone

from bulletins.models import Bulletin
from bulletins.tables import ANONYMOUS, seen_by
from teams.access import subtree_ids
from teams.downloads import width_of

ROWS, COLUMNS = 9, 8
"""How much of a table is legible from five metres; a wider table is not shown."""
LINES, WIDTH = 8, 56
"""How much of a text is; a character counts as two."""
KIND = Bulletin.Kind
FOR_A_MATTER = {KIND.CONTEST, KIND.NOMINATION, KIND.NAMING, KIND.NOTICE}
"""Boards that hang as long as their notice runs; those of a month hang until the next month's."""
ABOUT_PAY = {KIND.BONUS}
"""Boards of which a display shows no row about a person, whatever is masked."""


@dataclass(frozen=True)
class Slide:
    """One screen of a board: figures of the team, lines of text, or a part of the table."""

    facts: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)


@dataclass(frozen=True)
class Turn:
    """What a display shows now: a part of the `number`-th of `count` boards. The next to ask for is the part after."""

    bulletin: Bulletin
    slide: Slide
    part: int
    number: int
    count: int


def turn_of(display, board=0, part=0):
    """The Turn of a display that asks for a part of a board; None when there is nothing to show.

    A board that hangs no longer is followed by the first one, a part that is not there by the board after.
    """
    ids = boards_on(display)
    start, part = (ids.index(board), part) if board in ids else (0, 0)
    for pk in [*ids[start:], *ids[: start + 1]]:
        bulletin = Bulletin.objects.select_related("unit").get(pk=pk)
        slides = slides_of(bulletin)
        if part < len(slides):
            return Turn(bulletin, slides[part], part, ids.index(pk) + 1, len(ids))
        part = 0
    return None


def boards_on(display):
    """Ids of what a display shows: of each team and unit the newest month of each kind, of matters those still on notice."""
    posted = Bulletin.objects.filter(_place(display), kind__in=display.kinds)
    subject = ("unit", "team", "kind")
    newest = {row[:3]: row[3] for row in posted.order_by().values_list(*subject).annotate(Max("period"))}
    found = posted.current().filter(Q(period__in=set(newest.values())) | Q(kind__in=FOR_A_MATTER))
    order = ("unit__position", "unit", "team__position", "team", "-notice_ends_on", "pk")
    rows = found.order_by(*order).values_list("pk", *subject, "period", "notice_ends_on")
    today = timezone.localdate()
    shown = [
        (pk, unit, team, kind)
        for pk, unit, team, kind, period, ends_on in rows
        if (ends_on >= today if kind in FOR_A_MATTER else newest[unit, team, kind] == period)
    ]
    places = list(dict.fromkeys(row[1:3] for row in shown))
    return [row[0] for row in sorted(shown, key=lambda row: (places.index(row[1:3]), KIND.values.index(row[3])))]


def _place(display):
    """Boards of the chosen teams and of the unit itself; without a choice those of everything below the unit."""
    teams = list(display.teams.values_list("pk", flat=True))
    below = Q(unit__in=subtree_ids(display.unit)) & (Q(team=None) | Q(team__disbanded_on=None))
    return below & (Q(team__in=teams) | Q(team=None, unit=display.unit)) if teams else below


def slides_of(bulletin):
    """The slides of a board: what of it everybody may see, cut to what is legible."""
    board = seen_by(bulletin.content, ANONYMOUS)
    figures = [Slide(facts=board["facts"])] if board["facts"] else []
    lines = _lines(board["notes"]) if bulletin.kind in FOR_A_MATTER else []
    texts = [Slide(lines=lines[start : start + LINES]) for start in range(0, len(lines), LINES)]
    return figures + texts + _tables(board, bulletin.kind)


def _tables(board, kind):
    if kind in ABOUT_PAY or len(board["columns"]) > COLUMNS:
        return []
    columns = board["columns"]
    rows = [[column | {"text": row["cells"][column["key"]]} for column in columns] for row in board["rows"]]
    return [Slide(columns=columns, rows=rows[start : start + ROWS]) for start in range(0, len(rows), ROWS)]


def _lines(texts):
    """Paragraphs cut to the width of a screen."""
    lines = []
    for paragraph in [line for text in texts for line in text.splitlines()]:
        line = ""
        for sign in paragraph:
            if width_of(line + sign) > WIDTH:
                lines, line = [*lines, line], ""
            line += sign
        lines.append(line)
    return lines

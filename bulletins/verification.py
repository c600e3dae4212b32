"""The proof of the boards: every chain computed again from the stored rows, and compared with those who witnessed it.

A chain by itself cannot know what came after its end, nor that it was forged anew from one row to the end. Its witnesses
do: the trail, which names the hash of every board posted, the heads noted each day, and the same heads kept outside.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max

from bulletins.heads import Head
from bulletins.models import Bulletin, ChainHead
from bulletins.services.chain import GENESIS, digest
from teams.models import AuditEntry, Unit
from teams.prepared import Given, Prepared

POSTED_BY = ("board.published", "objection.corrected")
"""Deeds that post a board; their rows of the trail name it with its hash."""
ROWS = 200
"""Boards in memory at a time."""


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a unit's chain first: at the board `serial`, of which `board` is the id unless it is missing."""

    unit: str
    serial: str
    text: str
    board: int | None = None

    def __str__(self):
        return f"{self.unit}：{self.serial} {self.text}"


def flaws(outside=()):
    """The first Flaw of every chain that does not hold, unit by unit; `outside` are Heads kept outside the database."""
    kept = defaultdict(list)
    for head in outside:
        kept[head.unit].append(head)
    for unit in Unit.objects.order_by("pk"):
        flaw = flaw_of(unit, kept.pop(unit.pk, ()))
        if flaw:
            yield flaw
    for heads in kept.values():
        yield Flaw(heads[0].name, heads[0].serial, f"不见了：{_noted(heads[0])}，现在连这个单位也没有")


def flaw_of(unit, outside=()):
    """The first Flaw of a unit's chain, or None when every board is as it was posted.

    A board posted meanwhile is none: heads are read before the boards, the trail after them.
    """
    heads = _by_count([*_heads(unit), *outside])
    boards = Bulletin.objects.filter(unit=unit).order_by("pk")
    last = boards.aggregate(last=Max("pk"))["last"] or 0
    posted = _posted(unit)
    count = 0
    for count, (board, own) in enumerate(_read(boards.filter(pk__lte=last)), start=1):
        said = own or _said_by(board, posted.pop(board.content_hash, None), heads.pop(count, ()))
        if said:
            return Flaw(str(unit), board.serial, said, board.pk)
    for later in boards.filter(pk__gt=last).values_list("content_hash", flat=True):
        posted.pop(later, None)
    return _missing(unit, count, posted, heads)


def _read(boards):
    """Each board with what it says against itself. One that cannot be read any more, for a date that is none, is the last."""
    previous, count = GENESIS, 0
    try:
        for board in boards.iterator(chunk_size=ROWS):
            yield board, _said_of(board, previous)
            previous, count = board.content_hash, count + 1
    except (AttributeError, TypeError, ValueError):
        yield boards.only("serial")[count], "读不出来：里面有的值不成样子"


def _heads(unit):
    """The heads noted of a unit's chain, as Heads; the board itself may be gone."""
    found = ChainHead.objects.filter(unit=unit).order_by("date").values_list("date", "count", "content_hash")
    return [Head(date, unit.pk, count, "", content_hash, where="库里") for date, count, content_hash in found]


def _by_count(heads):
    """Each head once, the earliest, under the number of boards it counts."""
    found = {}
    for head in heads:
        found.setdefault((head.count, head.content_hash), head)
    counted = defaultdict(list)
    for head in found.values():
        counted[head.count].append(head)
    return counted


def _posted(unit):
    """Serials by hash of everything that was ever posted in a unit, as the trail tells, in its order."""
    entries = AuditEntry.objects.filter(verb__in=POSTED_BY, unit=unit).order_by("pk")
    told = entries.values_list("verb", "after").iterator(chunk_size=ROWS)
    hashes = (after if verb == "board.published" else after.get("posted", {}) for verb, after in told)
    return {content_hash: serial for found in hashes for serial, content_hash in found.items()}


def _said_of(board, previous):
    """What a board says against itself or the one before it; empty when nothing."""
    if board.previous_hash != previous:
        return "和前一张接不上：在它前面有榜被删掉、插入、调换或改过"
    return "" if digest(board) == board.content_hash else "内容和张榜时的指纹不符"


def _said_by(board, serial, heads):
    """What the witnesses say against a board: `serial` is what the trail calls it, `heads` were noted when it was the last."""
    if serial != board.serial:
        return "不是当时张的榜：留痕里没有它的指纹"
    wrong = next((head for head in heads if head.content_hash != board.content_hash), None)
    return f"不是当时张的榜：{_noted(wrong)}，现在是 {board.content_hash[:8]}" if wrong else ""


def _missing(unit, count, posted, heads):
    """The Flaw of a chain whose end is missing after `count` boards; None when no witness knows of more."""
    if posted:
        content_hash, serial = next(iter(posted.items()))
        return Flaw(str(unit), serial, f"不见了：留痕里有它，指纹 {content_hash[:8]}，公告里没有")
    if heads:
        head = heads[min(heads)][0]
        return Flaw(str(unit), head.serial or f"第 {head.count} 张", f"不见了：{_noted(head)}，现在只有 {count} 张")
    return None


def _noted(head):
    return f"{head.where} {head.date} 记下的第 {head.count} 张指纹是 {head.content_hash[:8]}"


CHAIN = Bulletin.objects.filter(unit=Given("unit"))
BEFORE = Prepared(lambda: CHAIN.filter(pk__lt=Given("board")).order_by("-pk").values_list("content_hash")[:1])
AFTER = Prepared(lambda: CHAIN.filter(pk__gt=Given("board")).order_by("pk").values_list("previous_hash")[:1])


def is_intact(bulletin):
    """Whether a board is as it was posted and hangs between its neighbours; of the whole chain speaks the nightly proof."""
    where = {"unit": bulletin.unit_id, "board": bulletin.pk}
    [(before,)] = BEFORE.rows(**where) or [(GENESIS,)]
    [(after,)] = AFTER.rows(**where) or [(bulletin.content_hash,)]
    return not _said_of(bulletin, before) and after == bulletin.content_hash

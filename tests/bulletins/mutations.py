"""Random forgeries of a chain by SQL, each with what a proof must find: the board where it begins.

A forgery returns the id of the first wrong board, or None where one is missing; Unfit where the database itself refuses it
or nothing would change. `REACH` is what a forger writes anew besides the boards: nothing, the heads, the heads and the trail.
"""

import datetime
import json
from dataclasses import dataclass

from django.db import connection

from bulletins.models import Bulletin, ChainHead
from bulletins.services.chain import GENESIS, digest
from bulletins.verification import _posted
from teams.models import AuditEntry
from tests.bulletins.chains import chain_of

NOTHING, HEADS, EVERYTHING = "nothing", "heads", "everything"
REACH = (NOTHING, HEADS, EVERYTHING)
TABLE = Bulletin._meta.db_table


class Unfit(Exception):
    """A forgery that changes nothing here."""


@dataclass
class Forger:
    """One who writes SQL into the boards of a unit; `random` decides what."""

    random: object
    unit: object
    others: list

    def __post_init__(self):
        self.chain = chain_of(self.unit)

    def position(self, last=0):
        return self.random.randrange(len(self.chain) - last)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def write(board, **values):
    """Put values into columns of a board's row as they are."""
    columns = ", ".join(f"{name} = %s" for name in values)
    sql(f"UPDATE {TABLE} SET {columns} WHERE id = %s", *values.values(), board.pk)


def delete(*boards):
    for board in boards:
        sql(f"DELETE FROM {TABLE} WHERE id = %s", board.pk)


# -- The forgeries -------------------------------------------------------------------------------------------------------


def edit(forger):
    """Another value in any column."""
    board = forger.chain[forger.position()]
    values = values_for(board, forger)
    name = forger.random.choice(sorted(values))
    write(board, **{name: values[name]})
    return board.pk


def values_for(board, forger):
    """For every column a value that is not there now."""
    day = datetime.timedelta(days=forger.random.randrange(1, 400))
    other = forger.random.choice([row for row in forger.chain if row.team_id != board.team_id])
    return {
        "serial": f"{board.serial}{forger.random.randrange(10)}",
        "kind": "points" if board.kind != "points" else "scores",
        "team_id": forger.random.choice([None, other.team_id]),
        "period": board.period + 100,
        "topic": f"x:{forger.random.random()}",
        "revision": board.revision + forger.random.randrange(1, 90),
        "title": board.title + forger.random.choice([" ", "改", "\u200b"]),
        "content": json.dumps(forged_content(board.content, forger.random)),
        "notice_ends_on": (board.notice_ends_on + day).isoformat(),
        "notice_starts_on": (board.notice_starts_on - day).isoformat(),
        "published_at": (board.published_at - day).isoformat(sep=" "),
        "published_by_id": forger.others[0].pk,
        "previous_hash": f"{forger.random.getrandbits(256):064x}",
        "content_hash": f"{forger.random.getrandbits(256):064x}",
        "unit_id": forger.others[1].pk,
    }


def forged_content(content, random):
    """Another figure in a cell, another cell, another audience or one row less."""
    forged = json.loads(json.dumps(content))
    row = forged["rows"][0]
    what = random.randrange(4)
    if what == 0:
        row["cells"]["score"] = f"{random.randrange(10000) / 100 + 100:.2f}"
    elif what == 1:
        row["cells"]["extra"] = ""
    elif what == 2:
        forged["columns"][0]["audience"] = 0
    else:
        forged["rows"] = []
    return forged


def take_down(forger):
    at = forger.position(last=1)
    delete(forger.chain[at])
    return forger.chain[at + 1].pk


def truncate(forger):
    """The end of the chain away, or all of it."""
    delete(*forger.chain[forger.position() :])


def slip_in(forger):
    """A board that nobody posted, with a hash of its own, at the end or linked to nowhere."""
    forged = Bulletin.objects.get(pk=forger.chain[forger.position()].pk)
    forged.pk, forged.revision, forged.serial = None, 99, f"{forged.serial}9"
    forged.previous_hash = forger.random.choice([forger.chain[-1].content_hash, "e" * 64])
    forged.content_hash = digest(forged)
    forged.save(force_insert=True)
    return forged.pk


def swap_contents(forger):
    one, other = sorted(forger.random.sample(range(len(forger.chain)), 2))
    one, other = forger.chain[one], forger.chain[other]
    contents = [json.dumps(board.content) for board in (one, other)]
    if one.content == other.content:
        raise Unfit
    write(one, content=contents[1])
    write(other, content=contents[0])
    return one.pk


def swap_places(forger):
    """Two boards change their places in the chain as they are; the links stay with the boards."""
    one, other = sorted(forger.random.sample(range(len(forger.chain)), 2))
    one, other = forger.chain[one], forger.chain[other]
    for board, pk in ((one, 0), (other, one.pk)):
        sql(f"UPDATE {TABLE} SET id = %s WHERE id = %s", pk, board.pk)
    sql(f"UPDATE {TABLE} SET id = %s WHERE id = 0", other.pk)
    return one.pk


def move_to_the_end(forger):
    at = forger.position(last=1)
    sql(f"UPDATE {TABLE} SET id = %s WHERE id = %s", 10**9, forger.chain[at].pk)
    return forger.chain[at + 1].pk


def rewrite(forger, reach):
    """Another figure in a board, and all hashes from there to the end made anew."""
    at = forger.position()
    board = forger.chain[at]
    board.content = forged_content(board.content, forger.random)
    write(board, content=json.dumps(board.content))
    relink(forger, forger.chain, at, reach)
    return board.pk


def rewrite_without(forger, reach):
    """A board taken down, and all hashes after it made anew."""
    at = forger.position(last=1)
    gone = forger.chain.pop(at)
    sql(f"UPDATE {ChainHead._meta.db_table} SET bulletin_id = %s WHERE bulletin_id = %s", forger.chain[0].pk, gone.pk)
    delete(gone)
    relink(forger, forger.chain, at, reach, gone)
    return forger.chain[at].pk


def relink(forger, chain, first, reach, gone=None):
    """Hashes from a place on made anew, and with a longer reach what witnesses them."""
    renamed = {}
    previous = chain[first - 1].content_hash if first else GENESIS
    for board in chain[first:]:
        old, board.previous_hash = board.content_hash, previous
        board.content_hash = previous = digest(board)
        renamed[old] = board.content_hash
        write(board, previous_hash=board.previous_hash, content_hash=board.content_hash)
    if reach != NOTHING:
        note_anew(forger.unit, chain)
    if reach == EVERYTHING:
        tell_anew(forger.unit, renamed, gone)


def note_anew(unit, chain):
    """The heads as if they had been noted of this chain."""
    for head in ChainHead.objects.filter(unit=unit):
        count = min(head.count, len(chain))
        sql(
            f"UPDATE {ChainHead._meta.db_table} SET count = %s, content_hash = %s WHERE id = %s",
            *(count, chain[count - 1].content_hash, head.pk),
        )


def tell_anew(unit, renamed, gone):
    """The trail as if it had always told of these hashes."""
    for entry in AuditEntry.objects.filter(verb="board.published", unit=unit):
        kept = {serial: old for serial, old in entry.after.items() if not gone or serial != gone.serial}
        after = {serial: renamed.get(old, old) for serial, old in kept.items()}
        sql(f"UPDATE {AuditEntry._meta.db_table} SET after = %s WHERE id = %s", json.dumps(after), entry.pk)
    assert len(_posted(unit)) == Bulletin.objects.filter(unit=unit).count()


SIMPLE = (edit, edit, edit, take_down, truncate, slip_in, swap_contents, swap_places, move_to_the_end)
THOROUGH = (rewrite, rewrite_without)

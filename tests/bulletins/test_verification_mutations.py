"""Random forgeries by SQL with the guards lifted: all of them are found, at the board where they begin."""

import datetime
import random
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from bulletins.heads import read_heads
from bulletins.models import Bulletin
from bulletins.services.chain import digest
from bulletins.verification import flaws
from teams.triggers import without_triggers
from tests import factories as make
from tests.bulletins import mutations
from tests.bulletins.chains import chain_of, long_chain, noted_on, post
from tests.bulletins.mutations import EVERYTHING, REACH, SIMPLE, THOROUGH, Forger, Unfit

pytestmark = pytest.mark.django_db
ROUNDS = [60, pytest.param(1000, marks=pytest.mark.nightly)]
DAYS = [datetime.date(2026, 11, day) for day in (18, 19, 20)]


@pytest.fixture
def kept(monkeypatch):
    """Two units with chains, whose heads were noted on three days; the lines kept outside."""
    units = [long_chain(months=1), long_chain(months=1)]
    lines = []
    for number, day in enumerate(DAYS):
        for unit in units:
            post(make.make_team(unit), period=202701 + number)
        lines += noted_on(day, monkeypatch)
    with without_triggers():
        yield units, read_heads(lines, "文件里")


def forgeries(rounds):
    """(seed, forgery, reach) of so many rounds; half of them leave the hashes as they are."""
    for seed in range(rounds):
        chance = random.Random(seed)
        if chance.random() < 0.5:
            yield chance, chance.choice(SIMPLE), ""
        else:
            yield chance, chance.choice(THOROUGH), chance.choice(REACH)


@contextmanager
def forged(units, chance, forgery, reach):
    """The database with one forgery in it, and the id of the board at which it begins; undone afterwards."""
    unit, other = chance.sample(units, 2)
    forger = Forger(chance, unit, [make.make_user(), other])
    with transaction.atomic():
        try:
            with transaction.atomic():
                first = forgery(forger, reach) if reach else forgery(forger)
        except (Unfit, IntegrityError):
            yield None, None
        else:
            yield unit, first
        transaction.set_rollback(True)


def first_witnessed(unit, first, outside):
    """The board at which those outside notice a forgery that reaches everything else: the head of that day or the next."""
    chain = [board.pk for board in chain_of(unit)]
    counts = [head.count for head in outside if head.unit == unit.pk and head.count > chain.index(first)]
    return next((chain[count - 1] for count in sorted(counts) if count <= len(chain)), None)


def proved(units, outside, rounds):
    """For every forgery: what it was, whether it was named where it began, and whether hashes alone give it away."""
    for number, (chance, forgery, reach) in enumerate(forgeries(rounds)):
        with forged(units, chance, forgery, reach) as (unit, first):
            if unit is None:
                continue
            wanted = first_witnessed(unit, first, outside) if reach == EVERYTHING else first
            found = list(flaws(outside if reach == EVERYTHING else ()))
            named = any(flaw.board == wanted and flaw.serial for flaw in found)
            yield f"{number} {forgery.__name__} {reach}: {found}", named, bool(found), wrong_hashes()


def wrong_hashes():
    """Control: a proof that looks at every board alone, at no link and no witness."""
    return any(digest(board) != board.content_hash for board in Bulletin.objects.all())


@pytest.mark.parametrize("rounds", ROUNDS)
def test_every_forgery_is_found_where_it_begins(kept, rounds):
    units, outside = kept
    assert list(flaws(outside)) == []
    results = list(proved(units, outside, rounds))
    assert [what for what, named, _, _ in results if not named] == []
    assert len(results) > 0.9 * rounds
    assert len({what.split()[1] for what, *_ in results}) == len({*SIMPLE, *THOROUGH})
    unseen = [what for what, _, _, alone in results if not alone]
    assert len(unseen) > rounds / 4, "control: without links and witnesses most thorough forgeries go unseen"


def test_control_a_forger_who_reaches_everything_is_seen_from_outside_alone(kept):
    units, outside = kept
    seen = []
    for seed in range(6):
        with forged(units, random.Random(seed), mutations.rewrite, EVERYTHING) as (unit, _):
            assert unit is not None
            assert list(flaws()) == []
            seen.append(len(list(flaws(outside))))
    assert seen == [1] * 6

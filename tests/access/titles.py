"""Titles in the plants of the access tests: a list that can be named, a title that is asked about, one that mends, one that is free."""

from types import SimpleNamespace

from django.utils import timezone

from assessments.models import Application, Round, Title
from assessments.services import titles
from assessments.services.titles import Verdict
from tests.applying import make_programme, open_round
from tests.factories import make_user
from tests.titles import DAY, bare_title, post_list, shortlist

YEARLY = {"every_months": 12, "rectify_months": 3}


def rows_of(team, *, leader, union, words="年度称号"):
    """{name: row} of a round to name, one that is named, and titles of its programme; what people type is `words`."""
    place = SimpleNamespace(team=team, unit=team.unit, leader=leader, union=union, words=words)
    place.programme = make_programme(
        team.unit, code="titles", name=f"称号 {words}"[:40], title=words[:40], recheck=YEARLY
    )
    rows = {"round_to_name": _to_name(place), "named_round": _named(place)}
    rows |= {name: _title(place, number) for number, name in enumerate(("title", "asked_title", "mending_title"))}
    Title.objects.filter(pk=rows["title"].pk).update(application=rows["named_round"].applications.get())
    rows["title_recheck"] = _asked(place, rows["asked_title"])
    mended = _asked(place, rows["mending_title"])
    titles.rectify(mended, Verdict(words), timezone.localdate() + 30 * DAY, actor=union)
    return rows


def _to_name(place):
    found = open_round(place.programme, place.union, name=place.words[:40])
    shortlist(found, place.team, place.leader)
    return post_list(found, place.union)


def _named(place):
    facts = {"state": Round.State.NAMED, "document": place.words[:40], "named_on": timezone.localdate()}
    found = open_round(place.programme, place.union, name=f"又{place.words}"[:40], **facts)
    shortlist(found, place.team, place.leader, state=Application.State.NAMED)
    return found


def _title(place, number):
    facts = {"name": place.words[:40], "document": place.words[:40], "text": place.words}
    return bare_title(place.programme, place.team, f"{place.unit.pk}-{number}", **facts)


def _asked(place, title):
    return titles.open_recheck(title, timezone.localdate(), place.words, actor=place.union)


def add_to_world(world):
    people = world.people
    vars(world).update(_named_by_id(rows_of(world.team, leader=people["leader"], union=people["union"])))


def _named_by_id(rows):
    """Of titles only the ids: in addresses they stand by those, while a board stands by its serial."""
    ids = {name: SimpleNamespace(pk=row.pk) for name, row in rows.items() if isinstance(row, Title)}
    return rows | ids | {"title_serial": rows["title"].serial}


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type about titles is markup."""
    vars(marked).update(_named_by_id(rows_of(marked.team, leader=marked.chief, union=make_user(), words=markup)))


def words_of(team, people):
    """What the pages of the browser name: ids of a round, titles and a recheck, and a serial."""
    rows = rows_of(team, leader=people["leader"], union=people["manager"])
    return {name: row.pk for name, row in rows.items()} | {"title_serial": rows["title"].serial}


def add_guarded(team, actor):
    """A title that was kept at a recheck and is over, with its history."""
    programme = make_programme(team.unit, code="titles", name="称号", recheck=YEARLY)
    place = SimpleNamespace(team=team, unit=team.unit, union=actor, words="有人反映")
    recheck = _asked(place, bare_title(programme, team, "1"))
    titles.keep(recheck, Verdict("一年来保持得好"), actor=actor)
    titles.expire(recheck.title)


def add_many(team, many, chief):
    """That many titles of each kind; the chief is the union."""
    rows = rows_of(team, leader=chief, union=chief)
    place = SimpleNamespace(team=team, unit=team.unit, union=chief, words="又一年", programme=rows["title"].programme)
    for number in range(3, 3 + 2 * (many - 1)):
        recheck = _asked(place, _title(place, number))
        if number % 2:
            titles.rectify(recheck, Verdict("要改"), timezone.localdate() + 30 * DAY, actor=chief)
    return rows

"""Lists in the plants of the access tests: a round in review, one whose list stands, one whose list hangs and is doubted."""

from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.models import Application, Round
from assessments.services import challenges, name_lists
from teams.files import store_file
from tests.applying import make_programme, open_round
from tests.factories import make_user
from tests.name_lists import give

STEPS = ("judged", "listed", "posted")


def rows_of(team, *, union, worker, words="年度名单", many=2):
    """{name: row} of a round at each of STEPS with that many people who apply; everything that people type is `words`."""
    place = SimpleNamespace(unit=team.unit, union=union, worker=worker, words=words, many=many)
    rows = {name: row for step in STEPS for name, row in _round(place, step).items()}
    return rows | _challenges(place, rows)


def _round(place, step):
    names = {"code": f"list-{step}", "name": f"{place.words} {step[0]}"[:40], "title": place.words}
    content = {"review": {"reviewers": 1}, "quota": {"total": place.many, "reserve_percent": 100}}
    programme = make_programme(place.unit, "person", **names, **content)
    opened = open_round(programme, place.union, name=place.words, state=Round.State.REVIEWING)
    people = [_judged(place, opened, number) for number in range(place.many)]
    _bring(place, opened, people, step)
    return {f"{step}_round": opened, f"{step}_best": people[0], f"{step}_second": people[-1]}


def _judged(place, opened, number):
    """Somebody who applies and whom a reviewer has given marks."""
    person = make_user(name=place.words)
    facts = {"unit": place.unit, "user": person, "state": Application.State.REVIEWING, "filed_by": person}
    count = f"L{Application.objects.count():05}"
    row = Application.objects.create(round=opened, number=count, submitted_at=timezone.now(), **facts)
    give(row, make_user(), "评委1", less=100 * number)
    return row


def _bring(place, opened, people, step):
    if step == "judged":
        return
    name_lists.decide(opened, "shortlist", people[:-1], actor=place.union)
    name_lists.decide(opened, "reserve", people[-1:], actor=place.union)
    name_lists.fix(opened, actor=place.union)
    if step == "posted":
        name_lists.post(opened, actor=place.union)
    opened.refresh_from_db()


def _challenges(place, rows):
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    file = store_file(paper, team=None, actor=place.worker)
    sealed = challenges.file(rows["posted_best"], place.words, [file], is_sealed=True, actor=place.worker)
    return {"challenge": sealed}


def decided(world):
    """Everybody of the round in review is decided."""
    union = world.people["union"]
    name_lists.decide(world.judged_round, "shortlist", [world.judged_best, world.judged_second], actor=union)


def freed(world):
    """A place on the list that stands has become free."""
    name_lists.strike_off(world.listed_best, "本人退出", actor=world.people["union"])


def add_to_world(world):
    people = world.people
    vars(world).update(rows_of(world.team, union=people["union"], worker=people["worker"]))


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type about lists is markup."""
    vars(marked).update(rows_of(marked.team, union=marked.chief, worker=other, words=markup))


def words_of(team, people):
    """What the pages of the browser name: ids of rounds, names and a challenge."""
    rows = rows_of(team, union=people["manager"], worker=people["worker"])
    return {name: row.pk for name, row in rows.items()}


def add_many(team, many, chief):
    """Rounds with that many names each, and that many challenges; the chief runs them."""
    rows = rows_of(team, union=chief, worker=make_user(), many=many + 1)
    for number in range(many - 1):
        challenges.file(rows["posted_best"], f"第 {number} 件", actor=make_user())
    return rows

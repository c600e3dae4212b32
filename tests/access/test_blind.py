"""A blind review is blind: who gave which marks is seen by nobody else, on no page of honours, in no file, trail or own data."""

from collections import defaultdict

import pytest
from django.urls import get_resolver, reverse

from assessments.honours import review_lists, summary
from assessments.models import Application, Review, Round
from assessments.services import assignments, reviews, rounds
from teams.models import User
from tests.access.reviews import blind_round
from tests.access.test_confidential import text_of
from tests.access.world import client_of
from tests.applying import begin, hand_in, prove, record

pytestmark = pytest.mark.django_db
NAMES = {"assessor": "银桦木", "finance": "铁力木"}
MARKS = {
    "assessor": {"safe": 3117, "study": 5119, "rules": 100},
    "finance": {"safe": 2311, "study": 4213, "rules": 100},
}
CANARIES = {
    "first name": NAMES["assessor"],
    "first mark": "31.17",
    "first total": "83.36",
    "first note": "红松籽",
    "second name": NAMES["finance"],
    "second mark": "23.11",
    "second total": "66.24",
    "second note": "白松籽",
    "mean": "74.8",
    "alias": "评委甲",
}
OWN = {"assessor": "first", "finance": "second"}
PREFIXES = ("reviews/", "rounds/", "applications/", "titles/", "challenges/", "programmes/")
FURTHER = ("home", "trail", "own-account")
ELSEWHERE = ("home", "own-account", "own-data")
READERS = {"leader", "deputy", "manager", "union", "party", "auditor"}
"""Who reads the application."""
RUNS = {"union"}


@pytest.fixture(scope="module")
def blind(world):
    """The round with the application of the world's team, asked of two; neither has given marks."""
    for who, name in NAMES.items():
        User.objects.filter(pk=world.people[who].pk).update(name=name)
        world.people[who].refresh_from_db()
    opened = blind_round(world.unit, world.people["union"], "盲评", reviewers=2, code="blind")
    leader = world.people["leader"]
    application = begin(opened, leader, world.team)
    prove(application, record(world.team, leader), leader)
    hand_in(application, leader)
    Application.objects.filter(pk=application.pk).update(state="recommended", level=1)
    rounds.begin_review(opened, actor=world.people["union"], early=True)
    application = Application.objects.select_related("round__programme__unit").get(pk=application.pk)
    assignments.assign(application, [world.people[who] for who in NAMES], actor=world.people["union"])
    return application


def give(world, application, who, note):
    review = Review.objects.get(application=application, reviewer=world.people[who])
    reviews.submit(review, MARKS[who], {"safe": note, "": note}, reviews.seen_of(review), actor=world.people[who])


def draft(world, application, who, note):
    review = Review.objects.get(application=application, reviewer=world.people[who])
    reviews.save(review, MARKS[who], {"safe": note}, reviews.seen_of(review), actor=world.people[who])


def surfaces(application):
    """(name, method, address) of every address of honours with the ids of the application's round, and what else might tell."""
    ids = {
        "round_id": application.round_id,
        "application_id": application.pk,
        "programme_id": application.round.programme_id,
    }
    ids |= {"level": 0, "unit_id": application.unit_id, "place": 0}
    reviewed = Review.objects.filter(application=application).values_list("pk", flat=True)
    for name, words in _addresses():
        for review in reviewed if "review_id" in words else [None]:
            known = ids | {"review_id": review}
            if set(words) <= set(known):
                address = reverse(f"assessments:{name}", kwargs={word: known[word] for word in words})
                yield name, "post" if name.endswith("export") else "get", address
    for name in FURTHER:
        yield name, "get", reverse(name)
    yield "search", "get", f"{reverse('assessments:applications')}?q={application.number}"
    for name in ("own-data", "trail-export"):
        yield name, "post", reverse(name)


def _addresses():
    """(name, its arguments) of every address of honours."""
    known = get_resolver().namespace_dict["assessments"][1].reverse_dict
    for name in [name for name in known if isinstance(name, str)]:
        ((pattern, words), *_), *_ = known.getlist(name)[0]
        if pattern.startswith(PREFIXES):
            yield name, words


def sightings(world, application, viewers=None):
    """{canary: those of the identities that saw it}; the own name, marks and notes do not count, nor do names where other deeds
    of the same people are told."""
    found = defaultdict(set)
    for who in viewers or world.sessions:
        client, own = client_of(world, who), OWN.get(who, "nobody")
        for name, method, address in surfaces(application):
            for canary in _seen_in(text_of(getattr(client, method)(address))):
                if not canary.startswith(own) and not (name in ELSEWHERE and canary.endswith("name")):
                    found[canary].add(who)
    return dict(found)


def _seen_in(text):
    return [canary for canary, words in CANARIES.items() if words in text]


IN_THE_TRAIL = dict.fromkeys(("first name", "second name"), RUNS | {"auditor"})
"""Who was asked is known to whoever asks, and stands in the trail; not what they gave."""


def marked(which):
    return {f"{which} {what}": RUNS for what in ("mark", "total", "note")} | {"alias": RUNS}


BY_DAY = sorted(READERS | set(OWN))
VIEWERS = pytest.mark.parametrize(
    "viewers", [pytest.param(BY_DAY, id="readers"), pytest.param(None, id="everybody", marks=pytest.mark.nightly)]
)


@VIEWERS
def test_nobody_sees_the_marks_of_another_before_all_are_given(world, blind, viewers):
    draft(world, blind, "finance", CANARIES["second note"])
    assert sightings(world, blind, viewers) == IN_THE_TRAIL
    give(world, blind, "assessor", CANARIES["first note"])
    assert sightings(world, blind, viewers) == IN_THE_TRAIL


@VIEWERS
def test_after_all_are_given_and_named_each_sees_what_is_meant_for_them(world, blind, viewers):
    give(world, blind, "assessor", CANARIES["first note"])
    give(world, blind, "finance", CANARIES["second note"])
    whole = IN_THE_TRAIL | marked("first") | marked("second") | {"mean": RUNS}
    assert sightings(world, blind, viewers) == whole
    reviews.fix_scores(summary.rows(blind.round))
    Application.objects.filter(pk=blind.pk).update(state="named")
    Round.objects.filter(pk=blind.round_id).update(state="named", document="工字1号", named_on="2026-10-01")
    told = dict.fromkeys(("first note", "second note", "mean"), READERS)
    assert sightings(world, blind, viewers) == whole | told


def test_the_page_of_who_runs_it_does_not_say_who_has_which_alias(world, blind):
    for who, which in OWN.items():
        give(world, blind, who, CANARIES[f"{which} note"])
    client = client_of(world, "union")
    page = client.get(reverse("assessments:review-application", args=[blind.pk])).content.decode()
    by_alias, _, by_name = page.partition("rectify-next")
    assert "评委甲" in by_alias
    assert not any(name in by_alias for name in NAMES.values())
    assert all(name in by_name for name in NAMES.values())
    assert "评委甲" not in by_name.partition("考察、答辩、表决")[0]


def test_control_a_page_that_shows_the_others_is_noticed(world, blind, monkeypatch):
    give(world, blind, "assessor", CANARIES["first note"])
    monkeypatch.setattr(review_lists, "others", lambda review: [(NAMES["assessor"], 8336), (NAMES["finance"], None)])
    found = sightings(world, blind, ["finance"])
    assert "finance" in found["first name"]
    assert "finance" in found["first total"]

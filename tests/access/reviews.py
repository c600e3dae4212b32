"""Reviews in the plants of the access tests: a round in review with one to give, one that is given, and one without reviewers."""

from types import SimpleNamespace

from django.utils import timezone

from assessments.models import Application, PanelRecord, Review
from assessments.services import assignments, reviews, rounds
from tests.applying import (
    CONDITIONS,
    CRITERIA,
    LEVELS,
    MATERIALS,
    begin,
    hand_in,
    make_programme,
    open_round,
    prove,
    record,
)
from tests.factories import make_member, make_team

GIVEN = {"safe": 3600, "study": 5400, "rules": 100}


def rows_of(team, *, union, reviewer, words="评得细", many=1):
    """{name: row} of a blind round of the team's unit; everything that people type is `words`."""
    place = SimpleNamespace(unit=team.unit, union=union, reviewer=reviewer, words=words, many=many)
    opened = blind_round(team.unit, union, words)
    groups = [[_application(place, opened) for _ in range(many)] for _ in range(3)]
    rounds.begin_review(opened, actor=union, early=True)
    opened.refresh_from_db()
    to_give, given, lacking = groups
    drafts = [_asked(place, row) for row in to_give]
    for row in given:
        _found(place, row)
    reviews_given = [_given(place, row) for row in given]
    return {
        "review_round": opened,
        "reviewed": to_give[0],
        "review": drafts[0],
        "judged": given[0],
        "given_review": reviews_given[0],
        "unreviewed": lacking[0],
    }


def blind_round(unit, union, words, *, code="review", reviewers=1):
    """An open round of the unit with a blind review; everything that people type is `words`."""
    content = {
        "criteria": [row | {"name": words, "group": words[:20]} for row in CRITERIA],
        "conditions": [row | {"text": words} for row in CONDITIONS],
        "materials": [row | {"name": words} for row in MATERIALS],
        "levels": [LEVELS[0] | {"name": words[:20], "roles": ["union"]}],
        "review": {"reviewers": reviewers, "is_blind": True, "divergence": 5000},
    }
    names = {"code": code, "name": f"评审 {words}"[:40], "title": words}
    return open_round(make_programme(unit, **content, **names), union, name=words, invitation=words)


def _application(place, opened):
    """Of a team of the unit to which none of those who look belongs."""
    leader = make_member(make_team(place.unit), "leader")
    application = begin(opened, leader)
    prove(application, record(application.team, leader, title=place.words), leader)
    hand_in(application, leader, story=place.words, answers={"safe": place.words})
    Application.objects.filter(pk=application.pk).update(state="recommended", level=1)
    application.refresh_from_db()
    return application


def _asked(place, application):
    application.refresh_from_db()
    facts = {"alias": "评委甲", "notes": {"safe": place.words}, "marks": {"safe": 3500}, "assigned_by": place.union}
    return Review.objects.create(application=application, reviewer=place.reviewer, **facts)


def _given(place, application):
    application.refresh_from_db()
    facts = {
        "alias": "评委甲",
        "assigned_by": place.union,
        "marks": GIVEN,
        "notes": {"safe": place.words, "": place.words},
    }
    done = {"state": "done", "total": sum(GIVEN.values()), "done_at": timezone.now()}
    left = {"alias": "评委乙", "state": "excused", "conflict": place.words, "assigned_by": place.union}
    Review.objects.create(application=application, reviewer=application.filed_by, **left)
    return Review.objects.create(application=application, reviewer=place.reviewer, **facts, **done)


def _found(place, application):
    application.refresh_from_db()
    facts = {"kind": PanelRecord.Kind.VOTE, "date": timezone.localdate(), "agreed": 5, "opposed": 1}
    assignments.record_panel(application, people=place.words, text=place.words, actor=place.union, **facts)


def add_to_world(world):
    people = world.people
    vars(world).update(rows_of(world.team, union=people["union"], reviewer=people["assessor"]))
    world.review_seen = reviews.seen_of(Review.objects.get(pk=world.review.pk))
    world.review_expert, world.review_number = people["assessor"], people["party"].employee_no


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type in a review is markup; the chief reviews and runs it."""
    vars(marked).update(rows_of(marked.team, union=marked.chief, reviewer=marked.chief, words=markup))


def words_of(team, people):
    """What the pages of the browser name."""
    rows = rows_of(team, union=people["union"], reviewer=people["assessor"])
    return {name: row.pk for name, row in rows.items()}

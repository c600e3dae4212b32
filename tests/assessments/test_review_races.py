"""Several people do the same thing to a review at the same moment: one effect."""

import threading
from functools import partial

import pytest
from django.db import connection

from assessments.models import Review
from assessments.services import assignments, reviews
from teams.models import AuditEntry
from tests.races import at_once
from tests.reviewing import Panel, marks

pytestmark = pytest.mark.django_db(transaction=True)
SECRETARIES = 4


@pytest.fixture
def panel():
    return Panel(reviewers=6)


def draw_at_once(panel):
    deeds = [partial(assignments.draw_missing, panel.round, panel.reviewers, actor=panel.company)] * SECRETARIES
    return at_once(*deeds)


def asked(panel):
    return [row.reviews.filter(state=Review.State.ASSIGNED).count() for row in (panel.first, panel.second)]


def test_two_secretaries_draw_at_once_and_there_is_one_draw(panel):
    told = draw_at_once(panel)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (SECRETARIES - 1)
    assert asked(panel) == [2, 2]
    assert AuditEntry.objects.filter(verb="review.drawn").count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the write lock lets one transaction in at a time"
)
def test_control_without_the_lock_two_draw_and_only_a_constraint_stops_the_second(panel, monkeypatch):
    meeting, drawn = threading.Barrier(2), assignments._drawn

    def slowly(*args):
        found = drawn(*args)
        meeting.wait(20)
        return found

    monkeypatch.setattr(assignments, "held", lambda round_: round_)
    monkeypatch.setattr(assignments, "_drawn", slowly)
    deeds = [
        partial(assignments.draw_missing, panel.round, people, actor=panel.company)
        for people in (panel.reviewers[:3], panel.reviewers[3:])
    ]
    assert "IntegrityError" in "".join(at_once(*deeds))


def submit(review, total):
    reviews.submit(review, marks(total), {}, reviews.seen_of(review), actor=review.reviewer)


def test_a_review_is_given_once(panel):
    panel.asked(panel.first, panel.reviewers[0])
    copies = [panel.review(panel.first, panel.reviewers[0]) for _ in range(SECRETARIES)]
    told = at_once(*(partial(submit, row, 5000 + number) for number, row in enumerate(copies)))
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (SECRETARIES - 1)
    assert AuditEntry.objects.filter(verb="review.submitted").count() == 1


def test_a_review_is_given_or_taken_off_and_not_both(panel):
    panel.asked(panel.first, panel.reviewers[0])
    one, other = (panel.review(panel.first, panel.reviewers[0]) for _ in range(2))
    told = at_once(partial(submit, one, 5000), partial(assignments.excuse, other, "换人", actor=panel.company))
    assert [word[:6] for word in told] == ["done", "polite"]

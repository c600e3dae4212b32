"""Reviews as their reviewers give them: drafts, and the marks that stand for good; and what they come to."""

from django.db import transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours import marks
from assessments.honours.conflicts import conflict
from assessments.inputs import fingerprint
from assessments.models import Application, Review
from assessments.services.assignments import held, require_reviewing
from teams import audit

State = Review.State


def seen_of(review):
    """What a page remembers of the draft that it shows."""
    return fingerprint([review.marks, review.notes])


@transaction.atomic
def save(review, given, notes, seen, *, actor):
    """Keep a draft: `given` are marks {criterion code: hundredths}, `notes` {code: words}, with "" for the whole.

    Returns whether anything was new. Raises StaleState when another page has saved since, and once the marks stand.
    """
    stored = _held(review, seen)
    if (given, notes) == (stored.marks, stored.notes):
        return False
    _write(review, marks=given, notes=notes)
    _tell("review.saved", review, actor, {"marks": len(given)})
    return True


@transaction.atomic
def submit(review, given, notes, seen, *, actor):
    """Give the marks; from then on they stand.

    Raises AssessmentError for marks that are missing, and for a reviewer who by now has to do with the applicant.
    """
    held(review.application.round)
    require_reviewing(review.application)
    against = conflict(review.application, review.reviewer)
    if against:
        raise AssessmentError(f"您{against}，不能给这份申报打分，请点“回避”。")
    given_in_all = _total(review.application.round.frozen["criteria"], given)
    _held(review, seen)
    _write(review, marks=given, notes=notes, state=State.DONE, total=given_in_all, done_at=timezone.now())
    _tell("review.submitted", review, actor, {"state": review.get_state_display()})


def _total(criteria, given):
    try:
        return marks.total(criteria, given)
    except ValueError as error:
        raise AssessmentError(f"还不能提交：{error}") from error


def _held(review, seen):
    """The draft, if it still is what the page showed; nobody else writes it until the end of the transaction."""
    stored = Review.objects.select_for_update().filter(pk=review.pk, state=State.ASSIGNED).first()
    if stored is None or seen_of(stored) != seen:
        raise StaleState("这份评审在别的页面改过或已经提交，这里没有保存。请把刚写的内容复制下来，刷新页面再看。")
    return stored


def _write(review, **columns):
    if not Review.objects.filter(pk=review.pk, state=State.ASSIGNED).update(**columns):
        raise StaleState("这份评审刚刚有了进展，请刷新页面再看。")
    review.refresh_from_db(fields=list(columns))


def _tell(verb, review, actor, facts):
    """The trail says who gave marks and to what, and neither which ones nor under which alias."""
    round_ = review.application.round
    audit.record(verb, review, actor=actor, unit=round_.programme.unit, after=facts, label=str(review.application))


def fix_scores(lines):
    """Write what the reviews come to (Application.score and .place) for the lines of a list that is being made.

    Leaves no row in the trail: the list does.
    """
    for row in lines:
        row.application.score, row.application.place = row.mean, row.place
    Application.objects.bulk_update([row.application for row in lines], ["score", "place"])

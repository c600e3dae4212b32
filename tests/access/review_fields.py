"""The fields of the forms about reviews."""

from assessments.models import PanelRecord, Review
from tests.access.fields import Field, day, number, text
from tests.access.review_pages import FOUND, MARKS, WHY
from tests.access.world import value_of


def _body(wanted):
    return lambda w: {key: value_of(w, value) for key, value in wanted.items()}


def of_review(name, stored, meaning):
    def kept(w):
        return stored(Review.objects.get(pk=w.review.pk))

    page = "assessments:review"
    return Field("assessor", page, lambda w: [w.review.pk], _body(MARKS), lambda w: name, kept, meaning)


def of_panel(name, meaning):
    def kept(w):
        return getattr(PanelRecord.objects.latest("id"), name)

    page = "assessments:review-panel"
    return Field("union", page, lambda w: [w.judged.pk], _body(FOUND), lambda w: name, kept, meaning)


def of_reason(who, page):
    def kept(w):
        return Review.objects.get(pk=w.review.pk).conflict

    return Field(who, page, lambda w: [w.review.pk], _body(WHY), lambda w: "reason", kept, text)


REVIEW_FIELDS = {
    "review mark": of_review("mark-0", lambda row: row.marks.get("safe"), number),
    "review note": of_review("note-0", lambda row: row.notes.get("safe", ""), text),
    "review whole": of_review("whole", lambda row: row.notes.get("", ""), text),
    "review declined": of_reason("assessor", "assessments:review-decline"),
    "review excused": of_reason("union", "assessments:review-excuse"),
    "panel people": of_panel("people", text),
    "panel text": of_panel("text", text),
    "panel date": of_panel("date", day),
}

"""The fields of the forms about applications."""

from dataclasses import replace

from assessments.models import Application, ApplicationStep, Proof
from tests.access.application_pages import WHY, WRITTEN
from tests.access.fields import Field, number, paragraphs, text, whole
from tests.access.world import value_of


def of_draft(name, stored, meaning):
    def body(w):
        return {key: value_of(w, value) for key, value in WRITTEN.items()}

    def kept(w):
        return stored(Application.objects.get(pk=w.draft_application.pk))

    page = "assessments:application-edit"
    return Field("leader", page, lambda w: [w.draft_application.pk], body, lambda w: name, kept, meaning)


def of_reply():
    def returned(w):
        Application.objects.filter(pk=w.draft_application.pk).update(state=Application.State.RETURNED)
        return [w.draft_application.pk]

    return replace(of_draft("reply", lambda row: row.reply, text), args=returned)


def of_opinion(page, *further):
    def reached(w):
        return ApplicationStep.objects.filter(application=w.application).latest("id").text

    who = "leader" if page.endswith("withdraw") else "union"
    return Field(who, page, lambda w: [w.application.pk, *further], lambda w: WHY, lambda w: "reason", reached, text)


APPLICATION_FIELDS = {
    "application story": of_draft("story", lambda row: row.story, paragraphs),
    "application score": of_draft("score-0", lambda row: row.self_scores.get("safe"), number),
    "application note": of_draft("note-0", lambda row: row.answers.get("safe", ""), text),
    "application reply": of_reply(),
    "application proof": Field(
        "leader",
        "assessments:application-prove",
        lambda w: [w.draft_application.pk, 0],
        lambda w: {},
        lambda w: "rows",
        lambda w: Proof.objects.latest("id").about,
        whole,
    ),
    "application returned": of_opinion("assessments:application-turn", "return"),
    "application withdrawn": of_opinion("assessments:application-withdraw"),
}

"""The fields of the forms about titles."""

from assessments.models import Recheck, Round, Title, TitleStep
from tests.access.fields import Field, day, text
from tests.access.title_pages import KEPT, MENDED, NAMING, WHY
from tests.access.world import value_of


def of_naming(name, column, meaning):
    def body(w):
        return {key: value_of(w, value) for key, value in NAMING.items()}

    def stored(w):
        return getattr(Round.objects.get(pk=w.round_to_name.pk), column)

    page = ("union", "assessments:round-name", lambda w: [w.round_to_name.pk])
    return Field(*page, body, lambda w: name, stored, meaning)


def of_step(page, args, body):
    def stored(w):
        said = TitleStep.objects.latest("id").text
        return said.removeprefix("开始复评：").partition("，有效期至")[0]

    return Field("union", page, args, lambda w: body, lambda w: "reason", stored, text)


def mending(w):
    return {"result": "rectify", "reason": "台账不全", "until": f"{w.today}"}


TITLE_FIELDS = {
    "naming document": of_naming("document", "document", text),
    "naming day": of_naming("named_on", "named_on", day),
    "title called": of_step("assessments:title-call", lambda w: [w.title.pk], WHY),
    "title kept": Field(
        "union",
        "assessments:title-recheck",
        lambda w: [w.title_recheck.pk],
        lambda w: KEPT,
        lambda w: "reason",
        lambda w: Recheck.objects.get(pk=w.title_recheck.pk).reason,
        text,
    ),
    "title restored": of_step("assessments:title-close", lambda w: [w.mending_title.pk], MENDED),
    "title mending day": Field(
        "union",
        "assessments:title-recheck",
        lambda w: [w.title_recheck.pk],
        mending,
        lambda w: "until",
        lambda w: Title.objects.get(pk=w.asked_title.pk).rectify_until,
        day,
    ),
}

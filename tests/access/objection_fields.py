"""The fields of the forms about objections."""

from bulletins.models import Objection
from tests.access.fields import Field, text
from tests.access.objection_pages import ANSWER, CORRECTION, NEW_OBJECTION, REFUSAL


def newest(column):
    return lambda w: getattr(Objection.objects.latest("id"), column)


def now(row, column):
    return lambda w: getattr(Objection.objects.get(pk=getattr(w, row).pk), column)


def said(who, name, row, body, field, stored):
    return Field(
        who, f"bulletins:{name}", lambda w: [getattr(w, row).pk], lambda w: body, lambda w: field, stored, text
    )


def filing(field, stored):
    page = ("worker", "bulletins:objection-new", lambda w: [w.board.serial], lambda w: NEW_OBJECTION)
    return Field(*page, lambda w: field, stored, text)


def ground_and(typed):
    return "没有凭据" + (f"：{text(typed)}" if text(typed) else "")


NOTE = now("objection", "answer")
OBJECTION_FIELDS = {
    "objection figure": filing("cell", newest("column")),
    "objection wanted": filing("wanted", newest("wanted")),
    "objection reason": filing("reason", newest("reason")),
    "objection note": Field(
        *("manager", "bulletins:objection-refuse", lambda w: [w.objection.pk], lambda w: REFUSAL, lambda w: "note"),
        *(NOTE, ground_and),
    ),
    "objection answer": said(
        *("union", "objection-answer", "accepted_objection", ANSWER, "answer", now("accepted_objection", "answer"))
    ),
    "objection verdict": said(
        *("union", "objection-answer", "accepted_objection", ANSWER, "verdict", now("accepted_objection", "state"))
    ),
    "objection correction": said(
        *("manager", "objection-correct", "upheld_objection", CORRECTION, "text", now("upheld_objection", "correction"))
    ),
    "objection correction link": said(
        "manager", "objection-correct", "upheld_objection", CORRECTION, "url", now("upheld_objection", "correction_url")
    ),
}

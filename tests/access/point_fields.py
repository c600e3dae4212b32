"""The fields of the forms about points of Party members."""

from incentives.models import PointEntry, PointScheme
from tests.access.fields import Field, day, number, text, whole
from tests.points import DAY, edited


def entered(name, column, meaning):
    def body(w):
        said = {"person": w.person.pk, "indicator": w.indicator.pk, "date": DAY, "what": "发现积油"}
        return said | {"why_none": "手机没电"}

    def stored(w):
        return getattr(PointEntry.objects.latest("id"), column)

    return Field("leader", "incentives:points-enter", lambda w: [w.points.pk], body, lambda w: name, stored, meaning)


def of_draft(name, stored, meaning):
    def read(w):
        return stored(PointScheme.objects.get(pk=w.points_draft.pk))

    page = ("party", "incentives:point-scheme-edit", lambda w: [w.points_draft.pk])
    return Field(*page, lambda w: edited(w.points_draft), lambda w: name, read, meaning)


def first(column):
    return lambda scheme: getattr(scheme.indicators.first(), column)


POINT_FIELDS = {
    "point person": entered("person", "user_id", whole),
    "point indicator": entered("indicator", "indicator_id", whole),
    "point date": entered("date", "date", day),
    "point points": entered("points", "points", lambda typed: number(typed) if typed.strip() else 100),
    "point deed": entered("what", "what", lambda typed: f"{text(typed)}（没有凭据：手机没电）"),
    "point reason": entered("why_none", "what", lambda typed: f"发现积油（没有凭据：{text(typed)}）"),
    "scheme base": of_draft("base", lambda scheme: scheme.base, number),
    "scheme lowest grade": of_draft("lowest_grade", lambda scheme: scheme.lowest_grade, text),
    "scheme grade": of_draft("grade-1", lambda scheme: scheme.grades[0][0], text),
    "scheme limit": of_draft("least-1", lambda scheme: scheme.grades[0][1], number),
    "scheme cap": of_draft("cap-safety", lambda scheme: scheme.field_caps.get("safety"), number),
    "scheme field": of_draft("field-1", first("field"), text),
    "scheme indicator": of_draft("name-1", first("name"), text),
    "scheme points": of_draft("points-1", first("points"), number),
    "scheme month cap": of_draft("most-1", first("month_cap"), number),
}

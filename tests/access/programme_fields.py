"""The fields of the forms about programmes, rounds and bars."""

from assessments.models import Bar, Programme, Round
from tests.access.fields import Field, day, number, text, whole
from tests.access.programme_pages import NEW_BAR, NEW_BATCH, NEW_PROGRAMME
from tests.assessments.honours import DAY, today


def programme_field(name, stored, meaning):
    def body(w):
        return NEW_PROGRAMME | {"unit": w.unit.pk}

    return Field("union", "assessments:programme-new", lambda w: [], body, lambda w: name, stored, meaning)


def round_field(name, meaning):
    def body(w):
        later = today() + 30 * DAY
        return NEW_BATCH | {"opens_on": today(), "apply_until": later, "review_until": later}

    def stored(w):
        return getattr(Round.objects.latest("id"), name)

    return Field("union", "assessments:round-new", lambda w: [w.programme.pk], body, lambda w: name, stored, meaning)


def bar_field(name, column, meaning):
    def body(w):
        return NEW_BAR | {"unit": w.unit.pk, "happened_on": today()}

    def stored(w):
        return getattr(Bar.objects.latest("id"), column)

    return Field("union", "assessments:bar-new", lambda w: [], body, lambda w: name, stored, meaning)


def plain(column):
    return lambda w: getattr(Programme.objects.latest("id"), column)


def cell(table, column):
    """The cell in the first row of a table; a row that says nothing is not kept."""
    return lambda w: next((row[column] for row in getattr(Programme.objects.latest("id"), table)), "")


def lifted(w):
    return Bar.objects.get(pk=w.bar.pk).lifted_reason


PROGRAMME_FIELDS = {
    "programme name": programme_field("name", plain("name"), text),
    "programme title": programme_field("title", plain("title"), text),
    "programme purpose": programme_field("purpose", plain("purpose"), text),
    "programme notice": programme_field("notice_days", plain("notice_days"), whole),
    "programme reward": programme_field("reward", plain("reward"), lambda typed: number(typed) or 0),
    "programme level": programme_field("levels-1-name", cell("levels", "name"), text),
    "programme criterion": programme_field("criteria-1-name", cell("criteria", "name"), text),
    "programme points": programme_field("criteria-1-points", cell("criteria", "points"), number),
    "programme veto": programme_field("conditions-1-text", cell("conditions", "text"), text),
    "programme months": programme_field("conditions-1-bar_months", cell("conditions", "bar_months"), whole),
    "round name": round_field("name", text),
    "round words": round_field("invitation", text),
    "round end": round_field("review_until", day),
    "bar words": bar_field("text", "text", text),
    "bar day": bar_field("happened_on", "happened_on", day),
    "bar lifted": Field(
        "union", "assessments:bar-lift", lambda w: [w.bar.pk], lambda w: {}, lambda w: "reason", lifted, text
    ),
}

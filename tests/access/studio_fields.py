"""The fields of the forms about studios."""

from assessments.models import Studio, StudioMember, StudioMoney, StudioResult, StudioRule
from tests.access.fields import Field, day, number, text
from tests.access.studio_pages import DESCRIBE, FOUND, JOIN, RESULT, RULE, SPENT
from tests.access.world import value_of


def of_row(who, page, args, body, model, name, meaning, column=None):
    """A field of a form after which the latest row of the model holds what it means."""

    def filled(w):
        return {key: value_of(w, value) for key, value in body.items()}

    def stored(w):
        return getattr(model.objects.latest("id"), column or name)

    return Field(who, page, lambda w: [value_of(w, arg) for arg in args], filled, lambda w: name, stored, meaning)


def of_studio(name, meaning):
    def filled(w):
        return {key: value_of(w, value) for key, value in DESCRIBE.items()}

    def stored(w):
        return getattr(Studio.objects.get(pk=w.studio.pk), name)

    return Field("clerk", "assessments:studio-edit", lambda w: [w.studio.pk], filled, lambda w: name, stored, meaning)


def area(typed):
    return int(typed) if typed.strip() else None


def worth(typed):
    return number(typed) or 0


def spent(typed):
    return -number(typed)


_STUDIO, _RESULT, _MONEY = ("studio",), "assessments:studio-result-new", "assessments:studio-money"
STUDIO_FIELDS = {
    "studio plan": of_row("union", "assessments:studio-new", ("unit",), FOUND, Studio, "plan", text),
    "studio day": of_row("union", "assessments:studio-new", ("unit",), FOUND, Studio, "founded_on", day),
    "studio aims": of_studio("aims", text),
    "studio place": of_studio("place", text),
    "studio area": of_studio("area", area),
    "studio equipment": of_studio("equipment", text),
    "studio skill": of_row("clerk", "assessments:studio-member-add", _STUDIO, JOIN, StudioMember, "skill", text),
    "studio rule": of_row("clerk", "assessments:studio-rule", ("studio", "study"), RULE, StudioRule, "text", text),
    "studio result": of_row("clerk", _RESULT, _STUDIO, RESULT, StudioResult, "name", text),
    "studio result day": of_row("clerk", _RESULT, _STUDIO, RESULT, StudioResult, "date", day),
    "studio result worth": of_row("clerk", _RESULT, _STUDIO, RESULT, StudioResult, "claimed", worth),
    "studio amount": of_row("clerk", _MONEY, _STUDIO, SPENT, StudioMoney, "amount", spent),
    "studio voucher": of_row("clerk", _MONEY, _STUDIO, SPENT, StudioMoney, "voucher", text),
}

"""The fields of the forms about clauses, awards and exclusions."""

from incentives.models import Adjustment, Clause, Exclusion
from tests.access.adjustment_deeds import CLAUSE, award
from tests.access.fields import Field, number, text, whole


def of_clause(name, meaning):
    def stored(w):
        return getattr(Clause.objects.latest("id"), name)

    return Field(
        "manager", "incentives:clause-add", lambda w: [w.unit.pk], lambda w: CLAUSE, lambda w: name, stored, meaning
    )


def of_award(name, column, meaning):
    def stored(w):
        return getattr(Adjustment.objects.latest("id"), column)

    page = ("leader", "incentives:adjustments", lambda w: [w.team.pk, w.open])
    return Field(*page, award, lambda w: name, stored, meaning)


def of_exclusion(name, column, meaning):
    def body(w):
        return {"user": w.colleague.pk, "reason": "试用期"}

    def stored(w):
        return getattr(Exclusion.objects.latest("id"), column)

    page = ("leader", "incentives:exclude", lambda w: [w.team.pk, w.open])
    return Field(*page, body, lambda w: name, stored, meaning)


def given(page, row, name):
    def stored(w):
        return Adjustment.objects.get(pk=getattr(w, row).pk).answer

    return Field("manager", page, lambda w: [getattr(w, row).pk], lambda w: {}, lambda w: name, stored, text)


ADJUSTMENT_FIELDS = {
    "clause code": of_clause("code", text),
    "clause name": of_clause("name", text),
    "clause least": of_clause("least", number),
    "clause most": of_clause("most", lambda typed: number(typed) or 2000),
    "clause note": of_clause("note", text),
    "award person": of_award("user", "user_id", whole),
    "award clause": of_award("clause", "clause_id", whole),
    "award amount": of_award("amount", "amount", number),
    "award reason": of_award("reason", "reason", text),
    "excluded person": of_exclusion("user", "user_id", whole),
    "excluded reason": of_exclusion("reason", "reason", text),
    "refused award": given("incentives:adjustment-refuse", "adjustment", "reason"),
    "revoked award": given("incentives:adjustment-revoke", "approved_adjustment", "reason"),
}

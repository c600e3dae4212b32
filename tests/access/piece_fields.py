"""The fields of the forms about piece work."""

from incentives.models import PieceItem, PieceRecord
from tests.access.fields import Field, number, text


def item_field(name, meaning):
    def body(w):
        return {"name": "清扫", "measure": "班", "points": "60"}

    def stored(w):
        return getattr(PieceItem.objects.latest("id"), name)

    return Field("manager", "incentives:piece-item-add", lambda w: [w.unit.pk], body, lambda w: name, stored, meaning)


def cell(w):
    return f"q-{w.person.pk}-{w.further_piece_item.pk}"


def entered(name, column, meaning):
    def body(w):
        return {cell(w): "2"}

    def stored(w):
        return getattr(PieceRecord.objects.latest("id"), column)

    page = ("leader", "incentives:piecework-day", lambda w: [w.team.pk, w.today])
    return Field(*page, body, name, stored, meaning)


PIECE_FIELDS = {
    "piece name": item_field("name", text),
    "piece measure": item_field("measure", text),
    "piece price": item_field("points", number),
    "piece quality": item_field("note", text),
    "piece quantity": entered(cell, "quantity", number),
    "piece note": entered(lambda w: "note", "note", text),
}

"""The deeds about piece work."""

from tests.access.deed import Deed, reason


def quantity(world):
    return {f"q-{world.person.pk}-{world.further_piece_item.pk}": "2"}


PIECE_DEEDS = {
    "incentives:piece-item-add": Deed("manager", "piece_item.added", {"name": "清扫", "measure": "班", "points": "60"}),
    "incentives:piece-items-install": Deed("manager", "piece_item.installed"),
    "incentives:piece-item-end piece_item": Deed("manager", "piece_item.ended"),
    "incentives:piecework-export": Deed("clerk", "piece.exported"),
    "incentives:piecework-day today": Deed("leader", "piece.entered", quantity),
    "incentives:piecework-accept today": Deed("assessor", "piece.accepted", {"record": "piece"}),
    "incentives:piece-void piece": Deed("clerk", "piece.voided", reason()),
    "incentives:piece-void checked_piece": Deed("manager", "piece.voided", reason()),
}

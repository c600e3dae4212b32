"""The deeds on the boards, part of tests/access/deeds.py."""

from bulletins.models import BoardPolicy
from bulletins.policies import policy_for, stamp_of
from tests.access.board_pages import NEW_DISPLAY, NEW_NOTICE, NEW_POLICY
from tests.access.deed import Deed, reason


def own_policy(world):
    return {"seen": stamp_of(BoardPolicy.objects.create(unit=world.unit))}


BOARD_DEEDS = {
    "bulletins:display-add": Deed("manager", "display.added", NEW_DISPLAY),
    "bulletins:display display": Deed("manager", "display.changed", NEW_DISPLAY),
    "bulletins:display-revoke display": Deed("admin", "display.revoked"),
    "bulletins:download board": Deed("worker", "board.exported"),
    "bulletins:sign board": Deed("worker", "board.signed"),
    "bulletins:sign-paper board": Deed("leader", "board.signed_on_paper", {"user": "colleague"}),
    "bulletins:notice-new": Deed("leader", "board.published", lambda w: NEW_NOTICE | {"place": f"team-{w.team.pk}"}),
    "bulletins:notice-withdraw notice": Deed("leader", "board.published", reason()),
    "bulletins:policy": Deed(
        "manager", "policy.changed", lambda w: NEW_POLICY | {"seen": stamp_of(policy_for(w.unit))}
    ),
    "bulletins:policy-drop": Deed(
        "manager",
        "policy.dropped",
        before=own_policy,
    ),
}

"""What is sent to the pages of activities and their kinds so that it succeeds, and what the trail then says."""

import uuid

from tests.access.activity_pages import ENTRY, KIND
from tests.access.deed import Deed

SENT = {"key": str(uuid.uuid4())}


ACTIVITY_DEEDS = {
    "activities:activity-export": Deed("worker", "activity.exported"),
    "activities:activity-record meeting": Deed("leader", "activity.recorded", ENTRY | SENT),
    "activities:activity-edit activity": Deed("deputy", "activity.edited", ENTRY),
    "activities:activity-void activity": Deed("leader", "activity.voided", {"reason": "记重了"}),
    "activities:sign-in-code activity": Deed("leader", "activity.sign_in_opened"),
    "activities:sign-in sign_in_key": Deed("clerk", "activity.signed_in"),
    "activities:follow-up-done follow_up": Deed("worker", "follow_up.ended", {"reason": "灯修好了"}),
    "activities:follow-up-drop follow_up": Deed("leader", "follow_up.ended", {"reason": "不用修了"}),
    "activities:activity-edit talk": Deed(
        "deputy",
        "activity.edited",
        {"title": "谈心谈话", "date": "today", "people": "person", "field-topic": "家里的事"},
    ),
    "activities:activity-void talk": Deed("deputy", "activity.voided", {"reason": "谈的是别的事"}),
    "activities:activity-edit draft_activity": Deed("leader", "activity.edited", ENTRY),
    "activities:kinds-install": Deed("admin", "activity_kind.installed", {"unit": "unit"}),
    "activities:kind-add": Deed("admin", "activity_kind.added", KIND | {"unit": "plant"}),
    "activities:kind-edit meeting": Deed("admin", "activity_kind.changed", KIND),
    "activities:kind-step meeting retire": Deed("admin", "activity_kind.retired"),
    "activities:kind-step retired_kind restore": Deed("admin", "activity_kind.restored"),
}

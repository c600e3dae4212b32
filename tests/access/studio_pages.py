"""The rows of the table about studios."""

from tests.access.page import NOBODY, SIGNED_IN, UNIT, Page

LEADER = frozenset({"clerk"})
"""Who leads the studio of the world; the worker belongs to it."""
RUN = frozenset({"manager", "union"})
KEEP = RUN | LEADER
INSIDE = UNIT | LEADER | {"worker", "safety"}
VERIFY = frozenset({"manager", "finance"})
WHY = {"reason": "核对无误"}
FOUND = {"leader": "studio_leader", "kind": "service", "founded_on": "2026-10-08"}
DESCRIBE = {"kind": "service", "place": "综合楼 203"}
JOIN = {"user": "newcomer_to_studio", "skill": "焊工", "joined_on": "today"}
RULE = {"text": "每月学一次", "set_on": "today"}
RESULT = {"kind": "project", "name": "研磨机", "text": "省工", "date": "today", "activity": "studio_record"}
SPENT = {"kind": "material", "amount": "12.50", "date": "today", "text": "砂纸", "voucher": "发票 7"}

STUDIO_PAGES = [
    Page("assessments:studios", get=SIGNED_IN),
    Page("assessments:studio-board", get=SIGNED_IN),
    Page("assessments:studio-figures", get=SIGNED_IN),
    Page("assessments:studio-figures-export", post=SIGNED_IN),
    Page("assessments:studio-new", ("unit",), get=RUN, post=RUN, sees=UNIT, body=FOUND),
    Page("assessments:studio", ("studio",), get=SIGNED_IN),
    Page("assessments:studio", ("rectifying_studio",), get=SIGNED_IN),
    Page("assessments:studio-edit", ("studio",), get=KEEP, post=KEEP, body=DESCRIBE),
    Page("assessments:studio-member-add", ("studio",), post=KEEP, body=JOIN),
    Page("assessments:studio-member-leave", ("studio_member",), post=KEEP, body={"left_on": "today"}),
    Page("assessments:studio-rule", ("studio", "study"), get=SIGNED_IN, post=KEEP, body=RULE),
    Page("assessments:studio-rule", ("studio", "food"), get=NOBODY, post=NOBODY, sees=NOBODY),
    Page("assessments:studio-result-new", ("studio",), get=KEEP, post=KEEP, body=RESULT),
    Page("assessments:studio-result", ("studio_result",), get=INSIDE),
    Page("assessments:studio-result-verify", ("studio_result",), post=VERIFY, body={"benefit": "1000"}),
    Page("assessments:studio-result-refuse", ("studio_result",), post=VERIFY, body=WHY),
    Page("assessments:studio-money", ("studio",), get=INSIDE, post=KEEP, body=SPENT),
    Page("assessments:studio-money-export", ("studio",), post=INSIDE),
    Page("assessments:studio-money-reverse", ("studio_grant",), post=RUN, body=WHY),
    Page("assessments:studio-money-reverse", ("studio_spending",), post=KEEP, body=WHY),
    Page("assessments:studio-rectify", ("named_studio",), post=RUN, body={"until": "later", "text": "台账不全"}),
    Page("assessments:studio-rename", ("studio",), post=RUN, body={"leader": "person", "text": "接班"}),
    Page("assessments:studio-step", ("studio", "mature"), post=RUN, body=WHY),
    Page("assessments:studio-step", ("named_studio", "keep"), post=RUN, body=WHY),
    Page("assessments:studio-step", ("rectifying_studio", "restore"), post=RUN, body=WHY),
    Page("assessments:studio-step", ("studio", "revoke"), post=RUN, body=WHY),
    Page("assessments:studio-step", ("studio", "name"), post=NOBODY, sees=NOBODY),
]

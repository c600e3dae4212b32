"""The rows of the table about Party building, the reserve of leaders and elections."""

from tests.access.page import MEMBERS, SIGNED_IN, STRANGER, TEAM, UNIT, Page

READ = UNIT | {"worker"}
"""Roles of the unit, and the worker, who is a Party member."""
KEEP = frozenset({"party"})
RUN = frozenset({"manager", "union"})
TRAIN = RUN | {"leader"}
"""The leader is the coach of the worker, who is on the reserve."""
SEE_RESERVE = UNIT | {"worker", "leader"}
GROUP = {"name": "二值党小组", "leader": "comrade", "formed_on": "2026-10-08"}
POST = {
    "kind": "model",
    "team": "team",
    "name": "汽机平台",
    "user": "person",
    "duties": "无渗漏",
    "started_on": "2026-10-08",
}
CHECK = {"quarter": "2", "result": "kept", "note": "做到了"}
CALL = {"team": "team", "post": "副班长", "posts": "1", "term_months": "24"}
CALL |= {"nominate_until": "in_two_days", "vote_until": "in_nine_days"}
PUT_OFF = {"nominate_until": "in_two_days", "vote_until": "in_nine_days", "reason": "有人出差"}
NEW_RESERVE = {"user": "comrade", "listed_on": "2026-10-08", "text": "肯干"}

PARTY_PAGES = [
    Page("activities:party", get=SIGNED_IN),
    Page(
        "activities:party-liaisons",
        ("unit",),
        get=READ,
        post=KEEP,
        sees=READ,
        body={"team": "team", "user": "committee", "started_on": "2026-10-08"},
    ),
    Page("activities:party-liaison-end", ("liaison",), post=KEEP, sees=READ),
    Page("activities:party-groups", ("unit",), get=READ, post=KEEP, sees=READ, body=GROUP),
    Page(
        "activities:party-group",
        ("party_group",),
        get=READ,
        post=KEEP,
        sees=READ,
        body={"number": "U-comrade", "speciality": "汽机", "joined_on": "today"},
    ),
    Page("activities:party-group-lead", ("party_group",), post=KEEP, sees=READ, body={"user": "fellow"}),
    Page("activities:party-group-end", ("party_group",), post=KEEP, sees=READ),
    Page("activities:party-group-leave", ("group_member",), post=KEEP, sees=READ),
    Page("activities:party-posts", ("unit",), get=READ, post=KEEP, sees=READ, body=POST),
    Page("activities:party-plaque", ("party_post",), get=TEAM, sees=TEAM),
    Page("activities:party-post-end", ("party_post",), post=KEEP, sees=READ, body={"outcome": "全年无渗漏"}),
    Page(
        "activities:party-commitments",
        ("unit", "this_year"),
        get=READ,
        post=KEEP | {"worker"},
        sees=READ,
        body={"user": "person", "text": "带两名新员工"},
    ),
    Page("activities:party-commitment-check", ("promise",), post=KEEP, sees=READ, body=CHECK),
    Page(
        "activities:party-mechanisms",
        ("unit", "this_year"),
        get=READ,
        post=KEEP,
        sees=READ,
        body={"preset": "four_ones"},
    ),
    Page(
        "activities:party-mechanism",
        ("mechanism",),
        get=READ,
        post=KEEP,
        sees=READ,
        body={"item": "一值", "percent": "60", "text": "又做了一步"},
    ),
    Page("activities:party-mechanism-item", ("mechanism",), post=KEEP, sees=READ, body={"name": "设备卫生", "aim": ""}),
    Page("activities:party-export", ("unit",), post=READ, sees=READ),
    Page("activities:reserves", get=SIGNED_IN),
    Page("activities:reserve-export", post=RUN | STRANGER),
    Page("activities:reserve-new", ("unit",), get=RUN, post=RUN, sees=UNIT, body=NEW_RESERVE),
    Page("activities:reserve", ("reserve",), get=TRAIN | {"worker"}, sees=SEE_RESERVE),
    Page(
        "activities:reserve-step",
        ("reserve",),
        post=TRAIN,
        sees=SEE_RESERVE,
        body={"stage": "listed", "text": "跟班一周"},
    ),
    Page("activities:reserve-coach", ("reserve",), post=RUN, sees=SEE_RESERVE, body={"coach": "comrade"}),
    Page("activities:elections", get=SIGNED_IN),
    Page("activities:election-call", get=RUN | STRANGER, post=RUN | STRANGER, body=CALL),
    Page("activities:election", ("election",), get=TEAM, sees=TEAM),
    Page("activities:election-export", ("election",), post=TEAM, sees=TEAM),
    Page("activities:election-nominate", ("election",), post=MEMBERS, sees=TEAM, body={"user": "comrade"}),
    Page("activities:election-answer", ("candidate",), post={"worker"}, sees=TEAM, body={"stands": "yes"}),
    Page("activities:election-vote", ("election",), get=MEMBERS, post=MEMBERS, sees=TEAM, body={"blank": "on"}),
    Page("activities:election-open", ("election",), post=RUN, sees=TEAM),
    Page("activities:election-count", ("election",), post=RUN, sees=TEAM),
    Page("activities:election-post", ("election",), post=RUN, sees=TEAM, body={"days": "5"}),
    Page("activities:election-appoint", ("election",), post={"manager"}, sees=TEAM),
    Page("activities:election-cancel", ("election",), post=RUN, sees=TEAM, body={"reason": "报名的人不够"}),
    Page("activities:election-put-off", ("election",), post=RUN, sees=TEAM, body=PUT_OFF),
]

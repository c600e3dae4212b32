"""The declared table: who may open which page. Every URL name must be here; tests/access/test_matrix.py checks each cell.

`get` and `post` name the identities that are let in; None means that the page does not know the method (405). Whoever is
not let in gets 403 when in `sees` (they know that the object exists), else 404; people without a session are sent to
sign in, and a newcomer to choose an own password. `args` are objects of the world (tests/access/world.py) or literals.
"""

from tests.access.page import (
    LEADERS,
    MEMBERS,
    NEIGHBOUR,
    NOBODY,
    PLANT,
    PUBLIC,
    SIGNED_IN,
    STRANGER,
    TEAM,
    UNIT,
    UNIT_ROLES,
    Page,
)
from tests.access.subjects import SUBJECT_PAGES

KEEPERS = LEADERS | {"safety", "clerk", "union_rep"}
PLANNERS = LEADERS | {"clerk"}
EXPORTERS = LEADERS | {"clerk", "manager", "finance", "assessor", "union"}
PEOPLE = frozenset({"admin", "security", "manager", "auditor"})
COEFFICIENTS = LEADERS | {"manager", "finance", "union", "assessor"}
BONUS = LEADERS | {"manager", "finance", "union"}
ADJUSTERS = LEADERS | {"manager"}
REVIEWERS = LEADERS | {"safety", "assessor"}
PRESENTERS = LEADERS | {"admin"}
CERTIFICATES = LEADERS | {"clerk", "manager", "admin"}
HONOURS = CERTIFICATES | {"union"}

DRAFTERS = frozenset({"assessor", "manager"})
ANALYSTS = frozenset({"manager", "assessor", "union"})
WEIGHERS = ANALYSTS | {"party"}
"""Who reads where points are lost: the branch plans by it, too."""

ROSTER = {"unit": "plant", "effective_on": "2026-11-01", "file": "roster_file"}
DUTY_RULES = {
    "mode-self_check": "on",
    "grace-self_check": "1",
    "mode-attendance_confirm": "above",
    "grace-attendance_confirm": "10",
}

VOTERS = MEMBERS - {"leader"}
RATING = {"item-0": "0", "item-1": "1", "item-2": "2", "item-3": "0", "words": "继续努力"}
NEW_ROUND = (
    {"preset": "appraisal_four_musts", "title": "四季度测评", "opens_on": "today", "ends_on": "later"}
    | {"least_answers": "3", "weight_self": "20", "weight_members": "40", "weight_superior": "40"}
    | {"grade_0": "90", "grade_1": "80", "grade_2": "70"}
)


WITHOUT_SESSION = frozenset({"anonymous", "deactivated"})
IDENTITIES = [*sorted(MEMBERS), *sorted(UNIT_ROLES), "neighbour", "stranger", "newcomer", *sorted(WITHOUT_SESSION)]


TABLE = [
    # The shell
    Page("home", get=PUBLIC),
    Page("login", get=PUBLIC, post=PUBLIC),
    Page("logout", post=SIGNED_IN),
    Page("password_change", get=SIGNED_IN, post=SIGNED_IN),
    Page("own-account", get=SIGNED_IN),
    Page("own-data", post=SIGNED_IN),
    Page("sign-out-everywhere", post=SIGNED_IN),
    Page("own-phone", get=SIGNED_IN, post=SIGNED_IN, body={"phone": "13800000000"}),
    Page("session-end", ("sign_in",), post={"worker"}, sees=NOBODY),
    Page("sign-in-code", get=SIGNED_IN, post=SIGNED_IN),
    Page("two-factors", get=SIGNED_IN, post=SIGNED_IN),
    Page("two-factors-codes", post=SIGNED_IN),
    Page("two-factors-off", post=SIGNED_IN),
    Page("security", get={"security", "auditor"}),
    Page("help", get=PUBLIC),
    Page("help-topic", ("closes",), get=PUBLIC),
    Page("health", get=PUBLIC),
    Page("health-ready", get=PUBLIC),
    # People and teams
    Page("teams:team-list", get=SIGNED_IN),
    Page("teams:team", ("team",), get=TEAM, sees=TEAM),
    Page("teams:passwords", ("team",), post={"admin"}, sees=TEAM),
    Page("teams:team-present", ("team",), get=PRESENTERS, post=PRESENTERS, sees=TEAM),
    Page("teams:team-photo", ("team",), post=PRESENTERS, sees=TEAM),
    Page("teams:skills", ("team",), get=CERTIFICATES, post=CERTIFICATES, sees=TEAM),
    Page("teams:history", ("team",), get=TEAM, sees=TEAM),
    Page("teams:history-export", ("team",), post=TEAM, sees=TEAM),
    Page("teams:certificates", ("team",), get=TEAM, post=CERTIFICATES, sees=TEAM),
    Page("teams:certificate-overview", get=CERTIFICATES | NEIGHBOUR | STRANGER),
    Page("teams:certificate-export", post=CERTIFICATES | NEIGHBOUR | STRANGER),
    Page("teams:certificate", ("certificate",), get=CERTIFICATES, post=CERTIFICATES, sees=TEAM),
    Page(
        "teams:certificate",
        ("office_certificate",),
        get={"manager", "admin"},
        post={"manager", "admin"},
        sees=PEOPLE,
    ),
    Page("teams:certificate-withdraw", ("certificate",), post=CERTIFICATES, sees=TEAM, body={"reason": "证件吊销"}),
    Page("teams:honours", ("team",), get=TEAM, post=HONOURS, sees=TEAM),
    Page("teams:team-honours-export", ("team",), post=HONOURS, sees=TEAM),
    Page("teams:honour-overview", get=HONOURS | NEIGHBOUR | STRANGER),
    Page("teams:honour-export", post=HONOURS | NEIGHBOUR | STRANGER),
    Page("teams:honour", ("honour",), get=HONOURS, post=HONOURS, sees=TEAM),
    Page("teams:honour", ("team_honour",), get=HONOURS, post=HONOURS, sees=TEAM),
    Page("teams:honour-withdraw", ("team_honour",), post=HONOURS, sees=TEAM, body={"reason": "荣誉被撤销"}),
    Page("teams:calendar-current", get=SIGNED_IN, post={"admin"}),
    Page("teams:calendar", ("2026",), get=SIGNED_IN, post={"admin"}),
    Page("teams:calendar-remove", ("2026",), post={"admin"}),
    Page("teams:roster-upload", get={"admin"}, post={"admin"}, body=ROSTER),
    Page("teams:roster-template", get={"admin"}),
    Page("teams:roster-preview", ("batch",), get={"admin"}, sees=PLANT),
    Page("teams:roster-progress", ("batch",), get={"admin"}, sees=PLANT),
    Page("teams:roster-problems", ("batch",), get={"admin"}, sees=PLANT),
    Page("teams:roster-apply", ("batch",), post={"admin"}, sees=PLANT, body={"without_bad_rows": "1"}),
    Page("teams:roster-discard", ("batch",), post={"admin"}, sees=PLANT),
    Page("teams:photo", ("photo",), get=TEAM, sees=TEAM),
    Page("teams:units", get={"admin"}),
    Page("teams:unit", ("unit",), get={"admin"}, post={"admin"}, sees=UNIT),
    Page("teams:unit-add", ("unit",), post={"admin"}, sees=UNIT),
    Page("teams:unit-close", ("unit",), post={"admin"}, sees=UNIT),
    Page("teams:team-add", ("unit",), get={"admin"}, post={"admin"}, sees=UNIT),
    Page("teams:team-edit", ("team",), get={"admin"}, post={"admin"}, sees=TEAM),
    Page("teams:team-disband", ("team",), post={"admin"}, sees=TEAM),
    Page("teams:people", get=PEOPLE | STRANGER),
    Page("teams:person", ("person",), get=PEOPLE, sees=NOBODY),
    Page("teams:person-move", ("person",), get={"admin"}, post={"admin"}, sees=PEOPLE),
    Page("teams:account-password", ("person",), post={"admin"}, sees=PEOPLE),
    Page("teams:account", ("person", "unlock"), post={"admin"}, sees=PEOPLE),
    Page("teams:account", ("person", "reset-second-factor"), post={"admin"}, sees=PEOPLE),
    Page("teams:phone", ("person",), post={"leader", "manager", "admin"}, sees=TEAM),
    Page("teams:account", ("person", "promote"), post=NOBODY, sees=PEOPLE - {"admin"}),
    Page("teams:roster-export", post={"admin"}),
    Page("teams:roles", get={"security"}, post={"security"}),
    Page("teams:role-end", ("given",), post={"security"}, sees=UNIT),
    Page("teams:coefficients", ("team",), get=COEFFICIENTS, post={"leader", "manager"}, sees=TEAM),
    Page("teams:coefficient-refuse", ("change",), post={"manager"}, sees=TEAM),
    Page("teams:coefficient-step", ("change", "approve"), post={"manager"}, sees=TEAM),
    Page("teams:coefficient-step", ("change", "withdraw"), post={"leader", "manager"}, sees=TEAM),
    Page("teams:coefficient-step", ("change", "undo"), post=NOBODY, sees=NOBODY),
    Page("trail", get={"auditor"}),
    Page("trail-export", post={"auditor"}),
    Page("trail-verify", get={"auditor"}),
    # Attendance
    Page("teams:attendance-current", get=SIGNED_IN),
    Page("teams:attendance-list", ("open",), get=SIGNED_IN),
    Page("teams:attendance-export-all", ("open",), post=EXPORTERS | NEIGHBOUR | STRANGER),
    Page("teams:attendance-day", ("team", "today"), get=TEAM, post=KEEPERS, sees=TEAM),
    Page("teams:attendance-export", ("team", "open"), post=EXPORTERS, sees=TEAM),
    Page("teams:attendance", ("team", "open"), get=TEAM, post=KEEPERS, sees=TEAM),
    Page("teams:attendance", ("team", "closed"), get=TEAM, post=KEEPERS, sees=TEAM),
    Page("teams:attendance-import", ("team", "open"), post=KEEPERS, sees=TEAM),
    Page("teams:attendance-confirm", ("team", "open"), post=LEADERS, sees=TEAM),
    Page("teams:attendance-approve", ("team", "open"), post={"manager"}, sees=TEAM),
    Page("teams:attendance-return", ("team", "open"), post={"manager"}, sees=TEAM),
    Page("teams:corrections", ("team", "closed"), get=TEAM, post=LEADERS | {"manager"}, sees=TEAM),
    Page("teams:correction-refuse", ("correction",), post={"manager"}, sees=TEAM, body={"reason": "核对无误"}),
    Page("teams:correction-step", ("correction", "approve"), post={"manager"}, sees=TEAM),
    Page("teams:correction-step", ("correction", "withdraw"), post=LEADERS | {"manager"}, sees=TEAM),
    Page("teams:correction-step", ("correction", "undo"), post=NOBODY, sees=NOBODY),
    Page("teams:watches", ("team", "next"), get=TEAM, post=PLANNERS, sees=TEAM, body={"w-1-night": "person"}),
    Page("teams:hand-overs", ("team", "open"), get=TEAM, sees=TEAM),
    Page(
        "teams:watch",
        ("watch",),
        get=TEAM,
        post=PLANNERS | {"worker"},
        sees=TEAM,
        body={"equipment-usual": "运行正常"},
    ),
    Page("teams:watch-take-over", ("handed_watch",), post=MEMBERS, sees=TEAM),
    Page(
        "teams:substitutions",
        ("team", "open"),
        get=TEAM,
        post=KEEPERS,
        sees=TEAM,
        body={"date": "today", "user": "person", "covered": "colleague"},
    ),
    Page("teams:substitutions-export", ("team", "open"), post=KEEPERS, sees=TEAM),
    Page("teams:substitution-withdraw", ("substitution",), post=KEEPERS, sees=TEAM, body={"reason": "记错人"}),
    # Duties
    Page("activities:duties", get=SIGNED_IN),
    Page("activities:duties-export", post=SIGNED_IN),
    Page("activities:duty-waive", ("duty",), post={"manager", "assessor"}, sees=TEAM, body={"reason": "停机检修"}),
    Page("activities:duty-ask-again", ("waived_duty",), post={"manager", "assessor"}, sees=TEAM),
    Page("activities:duty-rules", ("unit",), get={"assessor"}, post={"assessor"}, sees=UNIT, body=DUTY_RULES),
    Page("activities:compliance", ("unit", "open"), get=UNIT, sees=UNIT),
    Page("activities:compliance-export", ("unit", "open"), post=UNIT, sees=UNIT),
    # Checks
    Page("assessments:checks-current", get=SIGNED_IN),
    Page("assessments:checks", ("team", "open"), get=TEAM, sees=TEAM),
    Page("assessments:self-check", ("team",), get=LEADERS | {"safety"}, post=LEADERS | {"safety"}, sees=TEAM),
    Page("assessments:inspect", ("team",), get={"assessor"}, post={"assessor"}, sees=TEAM),
    # Checks to come, and who answers for which item
    Page("assessments:plans-current", get={"assessor"}),
    Page("assessments:plans", ("unit", "open"), get=UNIT, post={"assessor"}, sees=UNIT),
    Page("assessments:plans-draw-spot", ("unit",), post={"assessor"}, sees=UNIT),
    Page("assessments:plans-draw-mutual", ("unit", "open"), post={"assessor"}, sees=UNIT),
    Page("assessments:plan-cancel", ("plan",), post={"assessor"}, sees=UNIT, body={"reason": "停机检修"}),
    Page("assessments:mutual-check", ("mutual_plan",), get=LEADERS | {"safety"}, post=LEADERS | {"safety"}, sees=TEAM),
    Page("assessments:owners", ("team",), get=TEAM, post=LEADERS, sees=TEAM),
    Page("assessments:check", ("check",), get=TEAM, sees=TEAM),
    Page("assessments:check-void", ("check",), post={"assessor"}, sees=TEAM),
    Page("assessments:finding", ("finding",), get=TEAM, sees=TEAM),
    Page("assessments:finding-void", ("finding",), post={"assessor"}, sees=TEAM),
    Page("assessments:analysis-current", get=WEIGHERS | LEADERS | NEIGHBOUR | STRANGER),
    Page("assessments:analysis", ("units", "unit", "closed", "open"), get=WEIGHERS, sees=UNIT),
    Page("assessments:analysis", ("teams", "team", "closed", "open"), get=WEIGHERS | LEADERS, sees=TEAM),
    Page("assessments:analysis", ("plants", "unit", "closed", "open"), get=NOBODY, sees=NOBODY),
    Page("assessments:analysis-findings", ("units", "unit", "closed", "open"), get=WEIGHERS, sees=UNIT),
    Page("assessments:analysis-findings", ("teams", "team", "closed", "open"), get=WEIGHERS | LEADERS, sees=TEAM),
    Page("assessments:analysis-export", ("units", "unit", "closed", "open"), post=WEIGHERS, sees=UNIT),
    Page("assessments:analysis-export", ("teams", "team", "closed", "open"), post=WEIGHERS | LEADERS, sees=TEAM),
    Page("assessments:comparison-current", get=SIGNED_IN),
    Page("assessments:comparison", ("team", "closed"), get=TEAM, sees=TEAM),
    Page("assessments:comparison-export", ("team", "closed"), post=TEAM, sees=TEAM),
    Page("assessments:report-current", get=WEIGHERS | LEADERS | NEIGHBOUR | STRANGER),
    Page("assessments:report", ("units", "unit", "quarter", "closed"), get=WEIGHERS, sees=UNIT),
    Page("assessments:report", ("teams", "team", "month", "closed"), get=WEIGHERS | LEADERS, sees=TEAM),
    Page("assessments:report", ("teams", "team", "week", "closed"), get=NOBODY, sees=NOBODY),
    Page("assessments:report-export", ("units", "unit", "year", "closed"), post=WEIGHERS, sees=UNIT),
    Page("assessments:report-export", ("teams", "team", "month", "closed"), post=WEIGHERS | LEADERS, sees=TEAM),
    Page("assessments:signals", ("unit", "open"), get=WEIGHERS, sees=UNIT),
    # From finding to closure
    Page("assessments:statement", ("finding",), post={"worker"}, sees=TEAM, body={"text": "当时在抢修"}),
    Page("assessments:rectifications", get=SIGNED_IN),
    Page("assessments:rectification-export", post=SIGNED_IN),
    Page("assessments:rectification", ("rectification",), get=TEAM, sees=TEAM),
    Page(
        "assessments:rectification-assign",
        ("rectification",),
        post=LEADERS,
        sees=TEAM,
        body={"assignee": "person", "due_on": "today"},
    ),
    Page(
        "assessments:rectification-report",
        ("assigned_rectification",),
        post=LEADERS | {"worker"},
        sees=TEAM,
        body={"measure": "修好了"},
    ),
    Page("assessments:rectification-close", ("reported_rectification",), post=REVIEWERS, sees=TEAM),
    Page(
        "assessments:rectification-refuse",
        ("reported_rectification",),
        post=REVIEWERS,
        sees=TEAM,
        body={"reason": "没有修好"},
    ),
    Page(
        "assessments:rectification-extend",
        ("assigned_rectification",),
        post=REVIEWERS | {"manager"},
        sees=TEAM,
        body={"due_on": "later", "reason": "等备件"},
    ),
    # Leader appraisals: members vote, the leader rates himself, the manager rates, three roles see the figures
    Page("assessments:appraisals", get=SIGNED_IN),
    Page("assessments:appraisal-open", ("unit",), get={"manager"}, post={"manager"}, sees=UNIT, body=NEW_ROUND),
    Page("assessments:appraisal", ("appraisal",), get=ANALYSTS, sees=UNIT),
    Page("assessments:appraisal", ("closed_appraisal",), get=ANALYSTS, sees=UNIT),
    Page("assessments:appraisal-close", ("appraisal",), post={"manager"}, sees=UNIT, body={"early": "1"}),
    Page(
        "assessments:appraisal-extend",
        ("appraisal",),
        post={"manager"},
        sees=UNIT,
        body={"ends_on": "later", "reason": "夜班的人还没填"},
    ),
    Page("assessments:appraisal-cancel", ("appraisal",), post={"manager"}, sees=UNIT, body={"reason": "选错了内容"}),
    Page("assessments:appraisal-export", ("closed_appraisal",), post=ANALYSTS, sees=UNIT),
    Page("assessments:appraisal-leader", ("rated",), get=MEMBERS | ANALYSTS, sees=TEAM),
    Page("assessments:appraisal-leader", ("rated_before",), get=MEMBERS | ANALYSTS, sees=TEAM),
    Page("assessments:appraisal-self", ("rated",), get={"leader"}, post={"leader"}, sees=TEAM, body=RATING),
    Page("assessments:appraisal-vote", ("rated",), get=VOTERS, post=VOTERS, sees=TEAM, body=RATING),
    Page("assessments:appraisal-superior", ("rated",), get={"manager"}, post={"manager"}, sees=TEAM, body=RATING),
    # Standards hold downwards: everybody below reads those of the plant, only the own unit reads its own.
    Page("assessments:standards", get=SIGNED_IN),
    Page("assessments:standard-install", ("standard_5x44",), post={"assessor"}, sees=UNIT, body={"unit": "unit"}),
    Page("assessments:standard", ("root_version",), get=DRAFTERS | STRANGER, sees=NOBODY),
    Page("assessments:standard", ("version",), get=DRAFTERS, sees=NOBODY),
    Page("assessments:standard", ("root_settled",), get=SIGNED_IN),
    Page("assessments:standard", ("settled_version",), get=TEAM | NEIGHBOUR, sees=NOBODY),
    Page("assessments:standard-in-force", ("version",), post={"assessor"}, sees=DRAFTERS),
    Page("assessments:standard-in-force", ("root_version",), post=NOBODY, sees=NOBODY),
    Page("assessments:standard-delete", ("version",), post={"assessor"}, sees=DRAFTERS),
    Page("assessments:standard-delete", ("root_version",), post=NOBODY, sees=NOBODY),
    Page("assessments:standard-import", post={"assessor"}, sees=UNIT, body={"unit": "unit", "file": "standard_file"}),
    Page("assessments:standard-edit", ("version",), get={"assessor"}, post={"assessor"}, sees=DRAFTERS),
    Page("assessments:standard-edit", ("root_version",), get=NOBODY, post=NOBODY, sees=NOBODY),
    Page("assessments:standard-redraft", ("settled_version",), post={"assessor"}, sees=UNIT),
    Page("assessments:standard-hand-down", ("root_settled",), post={"assessor"}, sees=UNIT, body={"unit": "unit"}),
    Page("incentives:what-if", ("version",), get=DRAFTERS, sees=NOBODY),
    Page("incentives:what-if", ("root_version",), get=DRAFTERS | STRANGER, sees=NOBODY),
    Page("incentives:what-if-export", ("version",), post=DRAFTERS, sees=NOBODY),
    Page("incentives:what-if-export", ("root_version",), post=DRAFTERS | STRANGER, sees=NOBODY),
    Page("assessments:standard-compare", ("version",), get=DRAFTERS, sees=NOBODY),
    Page("assessments:standard-compare", ("root_settled",), get=SIGNED_IN),
    Page("assessments:standard-export", ("version",), get=DRAFTERS, sees=NOBODY),
    Page("assessments:standard-export", ("root_settled",), get=SIGNED_IN),
    # The monthly close and the scores
    Page("assessments:close-current", get=UNIT | STRANGER),
    Page("assessments:close-list", ("closed",), get=UNIT | STRANGER),
    Page("assessments:close-list-progress", ("open",), get=UNIT | STRANGER),
    Page("assessments:close-all", ("open", "compute"), get={"assessor"}, post={"assessor"}),
    Page("assessments:close-all", ("open", "confirm"), get={"assessor"}, post={"assessor"}),
    Page("assessments:close-all", ("open", "finish"), get={"assessor"}, post={"assessor"}),
    Page("assessments:close-all", ("open", "reopen"), get=NOBODY, post=NOBODY, sees=SIGNED_IN - {"assessor"}),
    Page("assessments:close", ("unit", "closed"), get=UNIT, sees=UNIT),
    Page("assessments:close", ("unit", "open"), get=UNIT, sees=UNIT),
    Page("assessments:close-progress", ("unit", "closed"), get=UNIT, sees=UNIT),
    Page("assessments:close-compute", ("unit", "open"), post={"assessor"}, sees=UNIT),
    Page("assessments:close-step", ("unit", "closed", "confirm"), post={"assessor"}, sees=UNIT),
    Page("assessments:close-step", ("unit", "closed", "take-back"), post={"assessor"}, sees=UNIT),
    Page("assessments:close-step", ("unit", "closed", "finish"), post={"assessor"}, sees=UNIT),
    Page("assessments:close-step", ("unit", "closed", "reopen"), post=NOBODY, sees=UNIT - {"assessor"}),
    Page("assessments:score-current", get=SIGNED_IN),
    Page("assessments:score", ("team", "closed"), get=TEAM, sees=TEAM),
    Page("assessments:score-progress", ("team", "open"), get=TEAM, sees=TEAM),
    Page("assessments:score-refresh", ("team", "open"), post=TEAM, sees=TEAM),
    Page("assessments:own-score-current", get=SIGNED_IN),
    Page("assessments:own-score", ("closed",), get=SIGNED_IN),
    Page("assessments:conditions", ("team", "open"), get={"assessor"}, post={"assessor"}, sees=TEAM),
    Page("assessments:veto-add", ("team", "open"), post={"assessor"}, sees=TEAM),
    Page("assessments:veto-remove", ("veto",), post={"assessor"}, sees=TEAM),
    # The bonus
    Page("incentives:current", get=BONUS | MEMBERS | NEIGHBOUR | STRANGER),
    Page("incentives:month", ("closed",), get=BONUS | NEIGHBOUR | STRANGER),
    Page("incentives:rules", get=BONUS | NEIGHBOUR | STRANGER),
    Page("incentives:rule-install", ("rule_attendance_work",), post={"finance"}, sees=UNIT, body={"unit": "unit"}),
    Page("incentives:rule-in-force", ("rule",), post={"finance"}, sees=UNIT),
    Page("incentives:rule-delete", ("rule",), post={"finance"}, sees=UNIT),
    Page("incentives:rule", ("rule",), get=TEAM | NEIGHBOUR, sees=NOBODY),
    Page("incentives:rule-compare", ("rule",), get=TEAM | NEIGHBOUR, sees=NOBODY),
    Page("incentives:rule-edit", ("rule",), get={"finance"}, post={"finance"}, sees=UNIT),
    Page("incentives:rule-redraft", ("settled_rule",), post={"finance"}, sees=UNIT),
    Page("incentives:rule-pass", ("rule",), post={"finance"}, sees=UNIT),
    Page("incentives:month-export", ("closed",), post=BONUS | NEIGHBOUR | STRANGER),
    Page("incentives:pools", ("unit", "closed"), get={"finance"}, post={"finance"}, sees=UNIT),
    Page("incentives:pools-template", ("unit", "closed"), get={"finance"}, sees=UNIT),
    Page("incentives:pools-import", ("unit", "closed"), post={"finance"}, sees=UNIT),
    Page("incentives:unit-pool", ("unit", "closed"), get={"finance"}, post={"finance"}, sees=UNIT),
    Page("incentives:unit-pool-release", ("unit", "closed"), post={"finance"}, sees=UNIT),
    Page("incentives:unit-pool-withdraw", ("unit", "closed"), post={"finance"}, sees=UNIT),
    Page("incentives:budgets-current", get={"finance", "manager", "union"} | STRANGER, post={"finance"}),
    Page("incentives:budgets", ("2026",), get={"finance", "manager", "union"} | STRANGER, post={"finance"}),
    Page("incentives:distribution", ("team", "closed"), get=BONUS, sees=TEAM),
    Page("incentives:draft", ("team", "closed"), post=LEADERS, sees=TEAM),
    Page("incentives:return", ("team", "closed"), post={"manager"}, sees=TEAM),
    Page("incentives:publish", ("team", "closed"), post={"manager"}, sees=TEAM),
    Page("incentives:preview", ("team", "closed"), get={"manager"}, sees=TEAM),
    Page("incentives:settle", ("team", "closed"), post={"finance"}, sees=TEAM),
    Page("incentives:settle-many", ("closed",), get={"finance"}, post={"finance"}),
    Page("incentives:sign", ("team", "closed"), get=MEMBERS, post=MEMBERS, sees=TEAM),
    Page("incentives:sign-paper", ("team", "closed"), post=LEADERS | {"union_rep"}, sees=TEAM),
    Page("incentives:step", ("team", "closed", "propose"), post=LEADERS, sees=TEAM),
    Page("incentives:step", ("team", "closed", "withdraw"), post=LEADERS, sees=TEAM),
    Page("incentives:step", ("team", "closed", "approve"), post={"manager"}, sees=TEAM),
    Page("incentives:step", ("team", "closed", "post"), post={"finance"}, sees=TEAM),
    Page("incentives:step", ("team", "closed", "undo"), post=NOBODY, sees=NOBODY),
    Page("incentives:explain", ("line",), get=BONUS | {"worker"}, sees=NOBODY),
    Page("incentives:adjustments", ("team", "closed"), get=BONUS, post=ADJUSTERS, sees=TEAM),
    Page("incentives:adjustment-step", ("adjustment", "approve"), post={"manager"}, sees=TEAM),
    Page("incentives:adjustment-step", ("adjustment", "withdraw"), post=ADJUSTERS, sees=TEAM),
    Page("incentives:adjustment-step", ("adjustment", "undo"), post=NOBODY, sees=NOBODY),
    Page("incentives:adjustment-refuse", ("adjustment",), post={"manager"}, sees=TEAM),
    Page("incentives:adjustment-revoke", ("approved_adjustment",), post={"manager"}, sees=TEAM),
    Page("incentives:exclude", ("team", "closed"), post=ADJUSTERS, sees=TEAM),
    Page("incentives:exclusion-remove", ("exclusion",), post=ADJUSTERS, sees=TEAM),
    *SUBJECT_PAGES,
]

OPEN_TO_NEWCOMERS = {"password_change", "logout"}


def expected(page, method, who):
    """The outcome that the table declares: "allow", 403, 404, 405, "sign in" or "own password"."""
    allowed = page.post if method == "POST" else page.get
    if who == "newcomer":
        if page.name not in OPEN_TO_NEWCOMERS:
            return "own password"
        who = "worker"
    if who in WITHOUT_SESSION and page.get != PUBLIC:
        return "sign in"
    if allowed is None:
        return 405
    if who in allowed:
        return "allow"
    return 403 if who in page.sees else 404

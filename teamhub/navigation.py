"""The main navigation: one table of pages, each shown to those who can use it.

Whoever reaches a single team goes straight to the team's month instead of a list with one row.
"""

from functools import cache

from django.urls import reverse

from teams import periods
from teams.access import access_of

ATTENDANCE = ("/attendance/", "/watches/", "/substitutions/")
TEAM_LIFE = ("/activities/", "/sign-in/")
LEARNING = ("/learning/", "/visions/", "/mentorships/", "/practice/", "/contests/")
HONOURS = ("/programmes/", "/rounds/", "/applications/", "/reviews/", "/challenges/", "/titles/")
PAGES = [
    # (label, URL name, icon, capability or None for everybody, URL prefixes that belong to it); a label stands where
    # it is allowed first: a phone shows four places, and who enters attendance needs it before the scores
    ("今日", "home", "house", None, ()),
    (
        "检查",
        "assessments:checks-current",
        "clipboard-check",
        "team.view",
        ("/checks/", "/findings/"),
    ),
    ("考勤", "teams:attendance-current", "calendar3", "attendance.confirm", ATTENDANCE),
    ("活动", "activities:activities", "journal-text", "attendance.confirm", TEAM_LIFE),
    ("公告栏", "bulletins:wall", "easel", None, ("/boards/",)),
    ("考勤", "teams:attendance-current", "calendar3", "attendance.enter", ATTENDANCE),
    ("得分", "assessments:score-current", "bar-chart", "team.view", ("/scores/", "/compare/", "/evidence/")),
    ("考勤", "teams:attendance-current", "calendar3", "team.view", ATTENDANCE),
    ("活动", "activities:activities", "journal-text", None, TEAM_LIFE),
    ("待办", "activities:duties", "check2-square", None, ("/duties/",)),
    ("整改", "assessments:rectifications", "tools", "team.view", ("/rectifications/",)),
    ("分析", "assessments:analysis-current", "graph-up", "check.analyse", ("/analysis/", "/signals/", "/reports/")),
    ("奖金", "incentives:current", "cash-coin", "bonus.view", ("/bonus/",)),
    ("奖金", "incentives:payslips", "cash-coin", "bonus.sign", ("/bonus/",)),
    ("费用", "incentives:expenses-current", "wallet2", "expense.view", ("/expenses/", "/awards/")),
    ("党员积分", "incentives:points", "patch-check", "points.enter", ("/points/",)),
    ("党建", "activities:party", "flag", None, ("/party/", "/reserves/", "/elections/")),
    ("账户", "incentives:accounts", "journal-text", "expense.view", ("/accounts/",)),
    ("月结", "assessments:close-current", "lock", "month.close", ("/closes/",)),
    ("月结", "assessments:close-current", "lock", "attendance.approve", ("/closes/",)),
    ("学习", "activities:learning", "mortarboard", None, LEARNING),
    ("班组", "teams:team-list", "people", "team.view", ("/teams/", "/roster/", "/certificates/", "/honours/")),
    ("班组风采", "activities:walls", "stars", None, ("/walls/",)),
    ("建议和目标", "activities:ideas", "lightbulb", None, ("/ideas/", "/goals/", "/tasks/")),
    ("创新工作室", "assessments:studios", "gear-wide-connected", None, ("/studios/",)),
    ("人员", "teams:people", "person-vcard", "people.view", ("/people/",)),
    ("单位", "teams:units", "diagram-3", "people.manage", ("/units/",)),
    ("职务", "teams:roles", "person-badge", "roles.manage", ("/roles/",)),
    ("班组长测评", "assessments:appraisals", "person-check", "team.view", ("/appraisals/",)),
    ("评选", "assessments:rounds", "award", None, HONOURS),
    ("考核标准", "assessments:standards", "list-check", "team.view", ("/standards/",)),
    ("异议", "bulletins:objections", "chat-left-text", "objection.file", ("/objections/",)),
    ("异议", "bulletins:objections", "chat-left-text", "objection.decide", ("/objections/",)),
    ("异议", "bulletins:objections", "chat-left-text", "trail.read", ("/objections/",)),
    ("知识库", "activities:knowledge", "book", "team.view", ("/knowledge/",)),
    ("通知", "bulletins:notices", "megaphone", "board.notice", ("/notices/",)),
    ("张榜规定", "bulletins:policy-current", "sliders", "board.policy", ("/policies/",)),
    ("大屏", "bulletins:displays", "tv", "display.manage", ("/displays/",)),
    ("工作日历", "teams:calendar-current", "calendar-week", None, ("/calendar/",)),
    ("安全策略", "security", "shield-lock", "security.view", ("/security/",)),
    ("留痕", "trail", "clock-history", "trail.read", ("/trail/",)),
]

FIRST = 4
"""Places that stand at the bottom of a phone; the others are grouped."""
GROUPS = {
    "班组日常": ("今日", "检查", "考勤", "活动", "待办", "整改"),
    "奖金和钱": ("奖金", "费用", "账户"),
    "考核": ("得分", "分析", "月结", "班组长测评", "考核标准"),
    "公布": ("公告栏", "异议", "通知", "张榜规定", "大屏"),
    "班组建设": ("班组", "班组风采", "学习", "知识库", "建议和目标", "创新工作室", "评选"),
    "党建": ("党建", "党员积分"),
    "管理": ("人员", "单位", "职务", "工作日历", "安全策略", "留痕"),
}
GROUP_OF = {label: group for group, labels in GROUPS.items() for label in labels}

OF_ONE_TEAM = {
    # URL name of the list: (URL name of one team's month, how many months back the work is)
    "teams:attendance-current": ("teams:attendance", 0),
    "incentives:current": ("incentives:distribution", -1),
    "incentives:expenses-current": ("incentives:expenses", 0),
}


def navigation(request):
    """Context processor: `nav` with the pages that the signed-in person can use, the first of them without a `group`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "held_back", False):
        return {"nav": []}
    access, shown = access_of(user), {}
    for label, name, icon, capability, prefixes in PAGES:
        if capability is None or access.has(capability):
            active = _active(request.path, address_of(name), prefixes)
            item = {"label": label, "url": _address(access, name, capability), "icon": icon, "active": active}
            shown.setdefault(label, item)
    items = list(shown.values())
    return {"nav": items[:FIRST] + _grouped(items[FIRST:])}


def _grouped(items):
    groups = list(GROUPS)
    return sorted(
        (item | {"group": GROUP_OF[item["label"]]} for item in items), key=lambda item: groups.index(item["group"])
    )


@cache
def address_of(name):
    """The address of a page that stands in PAGES; it is the same for everybody."""
    return reverse(name)


def _address(access, name, capability):
    team = _only_team(access, capability)
    if team is None or name not in OF_ONE_TEAM:
        return address_of(name)
    page, months = OF_ONE_TEAM[name]
    return reverse(page, args=[team, periods.shift(periods.current_period(), months)])


def _only_team(access, capability):
    """The id of the one team on which a person without a unit role has the capability, or None."""
    if access.unit_roles or capability is None:
        return None
    teams = access.duty_teams(capability)
    return teams[0] if len(teams) == 1 else None


def _active(path, url, prefixes):
    return path == url or any(path.startswith(prefix) for prefix in prefixes)

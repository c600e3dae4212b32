"""The main navigation: one table of pages, each shown to those who can use it."""

from django.urls import reverse

from teams.access import access_of

PAGES = [
    # (label, URL name, icon, capability or None for everybody, URL prefixes that belong to it)
    ("今日", "home", "house", None, ()),
    ("检查", "assessments:checks-current", "clipboard-check", "team.view", ("/checks/", "/findings/")),
    ("公告栏", "bulletins:wall", "easel", None, ("/boards/",)),
    ("得分", "assessments:score-current", "bar-chart", "team.view", ("/scores/",)),
    ("考勤", "teams:attendance-current", "calendar3", "team.view", ("/attendance/",)),
    ("奖金", "incentives:current", "cash-coin", "bonus.view", ("/bonus/",)),
    ("月结", "assessments:close-current", "lock", "month.close", ("/closes/",)),
    ("班组", "teams:team-list", "people", "team.view", ("/teams/", "/roster/")),
    ("考核标准", "assessments:standards", "list-check", "team.view", ("/standards/",)),
    ("留痕", "trail", "clock-history", "trail.read", ("/trail/",)),
]


def navigation(request):
    """Context processor: `nav` with the pages that the signed-in person can use."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.must_change_password:
        return {"nav": []}
    access = access_of(user)
    return {
        "nav": [
            {
                "label": label,
                "url": reverse(name),
                "icon": icon,
                "active": _active(request.path, reverse(name), prefixes),
            }
            for label, name, icon, capability, prefixes in PAGES
            if capability is None or access.has(capability)
        ]
    }


def _active(path, url, prefixes):
    return path == url or any(path.startswith(prefix) for prefix in prefixes)

"""The security policy in force, and what it meets: for the security administrator and the auditor."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from teams import account_state as state
from teams.access import people_in_reach, require
from teams.models import UnitRole
from teams.security import profile

FIGURES = [
    # (label, the people, filter of the list of people)
    ("还没有自己的密码", state.not_activated, "new"),
    (f"{state.IDLE_DAYS} 天没登录", state.idle, "idle"),
    ("现在锁定", state.locked, "locked"),
    ("已开两步验证", state.with_two_factors, ""),
    ("没开两步验证", state.without_two_factors, "one-factor"),
    ("该开没开两步验证", state.needing_two_factors, "needs-two"),
]


@require_safe
def policy(request):
    require(request.user, "security.view")
    people = people_in_reach(request.user, "security.view").order_by()
    figures = [
        (label, choose(people).values("pk").distinct().count(), state_name) for label, choose, state_name in FIGURES
    ]
    roles = [role.label for role in UnitRole.Role if role in profile().two_factor_roles]
    return render(request, "teams/security.html", {"profile": profile(), "figures": figures, "roles": roles})

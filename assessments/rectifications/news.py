"""What the home page tells people about findings: what they have to do, what is late, and what names them."""

import datetime
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Finding, Rectification
from assessments.rectifications.access import waiting_for
from assessments.rectifications.lists import circle_of, overdue_in

TITLES = {"unassigned": "分配整改", "assigned": "整改", "reported": "复核整改"}
SINGLE = 3
"""Up to so many of one kind stand one by one; more of them in one line that leads to the list."""
TOLD_FOR = datetime.timedelta(days=7)
"""How long people are told of a finding that names them."""


def news_for(user, led):
    """(title, detail, address, kind of state, word) of each line for this person's home page; `led` teams are the own."""
    yield from _turns(user)
    yield from _late(user, led)
    yield from _named(user)


def _turns(user):
    rows = waiting_for(user).select_related("team", "finding__criterion").order_by("state", "due_on", "id")
    for state, group in groupby(rows, key=lambda row: row.state):
        found = list(group)
        if len(found) > SINGLE:
            address = f"{reverse('assessments:rectifications')}?state={state}"
            count = f"有 {len(found)} 条{Rectification.State(state).label}，最早 {_day(found[0])} 到期"
            yield TITLES[state], count, address, "wait", "待办"
        else:
            yield from (_turn(row) for row in found)


def _turn(row):
    is_late = row.state != "reported" and row.due_on < timezone.localdate()
    state, word = ("bad", "已逾期") if is_late else ("wait", row.get_state_display())
    until = "" if row.state == "reported" else f"，{_day(row)} 到期"
    what = row.finding.note or row.finding.criterion.name
    address = reverse("assessments:rectification", args=[row.pk])
    return TITLES[row.state], f"{row.team.name}：{what}{until}", address, state, word


def _day(row):
    return f"{row.due_on:%Y-%m-%d}"


def _late(user, led):
    """One line for each team that a person leads, and one for the units or the plant of whose delays a person is told."""
    circle = circle_of(user)
    if not led and not circle.units:
        return
    told = Q(team__unit__in=circle.units, due_on__lt=circle.due_before)
    late = overdue_in(Rectification.objects.filter(Q(team__in=led) | told))
    for team in led:
        yield from _line(
            team.name, "tab=team&late=on", "过了期限还没整改", [row for row in late if row.team_id == team.pk]
        )
    yield from _line(
        "我管的单位", "tab=units&late=told", f"逾期满 {circle.after} 个工作日还没整改", filter(circle.has, late)
    )


def _line(where, asked, how_late, rows):
    rows = list(rows)
    if rows:
        told = f"{where}有 {len(rows)} 条{how_late}，最早 {_day(rows[0])} 到期"
        yield "整改逾期", told, f"{reverse('assessments:rectifications')}?{asked}", "bad", "已逾期"


def _named(user):
    """Findings of the last days that name the person; an imported month names nobody here, nor does what was answered."""
    since = timezone.now() - TOLD_FOR
    rows = Finding.objects.valid().filter(person=user, rectification__isnull=False, statement__isnull=True)
    for finding in rows.filter(on_sheet__submitted_at__gte=since).select_related("criterion"):
        address = reverse("assessments:finding", args=[finding.pk])
        what = finding.note or finding.criterion.name
        yield "有一条检查记录点到您", f"{finding.date:%Y-%m-%d} {what}，有话要说可以写情况说明", address, "warn", "请看"

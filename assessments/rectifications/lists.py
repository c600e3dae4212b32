"""Lists of rectifications: what waits for me, what my team and my units have open, what is closed; and how late it is."""

import datetime
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q
from django.utils import timezone

from assessments.models import Criterion, Rectification
from assessments.rectifications.access import rectifications_about, waiting_for
from assessments.rectifications.lateness import PLANT_AFTER, UNIT_AFTER, due_before, working_days_late
from teams.access import access_of
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import Attachment, Team, Unit
from teams.workdays import workdays_among

State = Rectification.State
TO_DO = (State.UNASSIGNED, State.ASSIGNED)
"""States in which lateness counts: what has been reported waits for the reviewer, not for the team."""
LOOK_BACK = datetime.timedelta(days=90)
"""So far back working days are counted; no holiday or shutdown makes the plant wait longer for them."""
TABS = {"mine": "待我办", "team": "本班组", "units": "我管的单位", "closed": "已闭环"}
STEP_WORDS = {"assigned": "分配", "reported": "报告整改", "refused": "退回", "closed": "复核通过", "extended": "延期"}
HEADERS = [
    *(
        "单位",
        "班组",
        "检查日期",
        "检查类型",
        "小项",
        "问题",
        "分值",
        "责任人",
        "状态",
        "整改人",
        "整改期限",
        "逾期工作日",
    ),
    *("整改情况", "报告人", "报告日期", "复核人", "闭环日期"),
]
TOTALS = ("分值",)
"""What an export adds up."""


def tabs_of(user):
    """{tab: its name} of the tabs that can have something in them for this person."""
    access = access_of(user)
    empty = {tab for tab, roles in {"team": access.team_roles, "units": access.unit_roles}.items() if not roles}
    return {tab: name for tab, name in TABS.items() if tab not in empty}


def rows_of(user, tab):
    """The rectifications of a tab with what the list shows of them; those of voided findings are in none."""
    rows = {"mine": waiting_for, "team": _of_team, "units": _of_units, "closed": _closed}[tab](user)
    order = [F("closed_at").desc(), "-id"] if tab == "closed" else ["due_on", "id"]
    shown = ("team__unit", "assignee", "reported_by", "closed_by", "finding__criterion", "finding__person")
    valid = rows.filter(finding__voided_at__isnull=True)
    return valid.select_related(*shown, "finding__on_sheet__checker").order_by(*order)


def _of_team(user):
    return Rectification.objects.exclude(state=State.CLOSED).filter(team__in=access_of(user).team_roles)


def _of_units(user):
    units = access_of(user).unit_ids("team.view")
    return Rectification.objects.exclude(state=State.CLOSED).filter(team__unit__in=units)


def _closed(user):
    access = access_of(user)
    reach = Q(team__in=access.team_roles) | Q(team__unit__in=access.unit_ids("team.view"))
    return Rectification.objects.filter(reach | Q(pk__in=rectifications_about(user).values("pk")), state=State.CLOSED)


def narrowed(user, rows, filters):
    """The rows that the filters let through: words, state, team, category, and only what is late or told of."""
    if filters.get("q"):
        rows = rows.filter(_said(filters["q"]))
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    if filters.get("late"):
        rows = rows.filter(**_late())
    if filters.get("late") == "told":
        circle = circle_of(user)
        rows = rows.filter(team__unit__in=circle.units, due_on__lt=circle.due_before)
    if filters.get("team"):
        rows = rows.filter(team=filters["team"])
    if filters.get("category"):
        rows = rows.filter(finding__criterion__category__name=filters["category"])
    return rows


def _said(words):
    criterion = Q(finding__criterion__name__icontains=words) | Q(finding__criterion__code=words)
    people = Q(assignee__name__icontains=words) | Q(finding__person__name__icontains=words)
    return criterion | people | Q(finding__note__icontains=words) | Q(measure__icontains=words)


def choices_in(rows):
    """The `teams` and the names of the `categories` that occur among the rows, for the filters."""
    teams = Team.objects.filter(pk__in=rows.order_by().values("team")).select_related("unit")
    criteria = Criterion.objects.filter(pk__in=rows.order_by().values("finding__criterion"))
    numbered = criteria.order_by("category__number").values_list("category__number", "category__name")
    return {"teams": list(teams), "categories": list(dict.fromkeys(name for _, name in numbered))}


def with_lateness(rows):
    """The rows in a list, each with `late`: working days after the due date, None when it is not late."""
    rows, today = list(rows), timezone.localdate()
    overdue = [row for row in rows if row.state in TO_DO and row.due_on < today]
    workdays = workdays_since(min((row.due_on for row in overdue), default=today), today)
    for row in rows:
        row.late = working_days_late(row.due_on, today, workdays) if row in overdue else None
    return rows


def workdays_since(first, today):
    """The working days from a date to today, sorted; asks for the calendar at once, and not at all for today alone."""
    days = [first + datetime.timedelta(days=number) for number in range((today - first).days + 1)]
    return sorted(day for day, is_workday in workdays_among(days).items() if is_workday) if len(days) > 1 else []


def overdue_in(rows):
    """The late ones among some rows, the latest first."""
    valid = rows.filter(finding__voided_at__isnull=True, **_late())
    return list(valid.select_related("team").order_by("due_on", "id"))


def _late():
    return {"state__in": TO_DO, "due_on__lt": timezone.localdate()}


@dataclass(frozen=True)
class Circle:
    """Of which units a person is told what is late, from how many working days on, and before which date that was due."""

    units: list
    after: int
    due_before: datetime.date

    def has(self, row):
        """Whether the person is told of a late row."""
        return row.team.unit_id in self.units and row.due_on < self.due_before


def circle_of(user):
    """The Circle of a person's unit roles: the whole plant with a role at its root, else the units of a manager."""
    access, today = access_of(user), timezone.localdate()
    units, after = access.unit_ids("rectification.review"), PLANT_AFTER
    if not Unit.objects.filter(pk__in=units, parent__isnull=True).exists():
        units, after = [unit for unit in units if "manager" in access.unit_roles[unit]], UNIT_AFTER
    workdays = workdays_since(today - LOOK_BACK, today) if units else []
    return Circle(list(units), after, due_before(after, workdays))


def history_of(rectification):
    """[(step, its word, its photos)] in order."""
    photos = Prefetch("photos", Attachment.objects.order_by("id"))
    steps = rectification.steps.select_related("actor").prefetch_related(photos)
    return [(step, STEP_WORDS[step.verb], list(step.photos.all())) for step in steps]


def exported(rows):
    """The rows as texts and figures for a workbook, in the order of HEADERS."""
    return [[*_found(row), *_done(row)] for row in with_lateness(rows)]


def _found(row):
    finding, sheet = row.finding, row.finding.on_sheet
    points = Figure(decimal_text(finding.points))
    told_of = [finding.criterion, finding.note, points, finding.person or "整个班组"]
    return [row.team.unit, row.team, finding.date, sheet.get_kind_display(), *told_of]


def _done(row):
    late = None if row.late is None else Figure(str(row.late))
    reported = row.reported_at and timezone.localtime(row.reported_at).date()
    closed = row.closed_at and timezone.localtime(row.closed_at).date()
    state = [row.get_state_display(), row.assignee, row.due_on, late]
    return [*state, row.measure, row.reported_by, reported, row.closed_by, closed]

"""Lists of objections: those that concern somebody or are in charge, what waits, what happened, and the workbook."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from bulletins.models import Objection
from bulletins.objections.access import SHOWN, STEPS, concerning, held_by, lines_for, reached, sees_names
from bulletins.objections.cells import holds
from bulletins.objections.deciding import desks_of
from bulletins.objections.lateness import with_deadlines
from teams.access import access_of
from teams.downloads import Figure
from teams.models import Unit
from teams.selectors import with_words

State = Objection.State
MINE = {"filed": "我提的和附议的", "waiting": "等我办的"}
NOBODY = "匿名"
TEAM_SEES_FOR = datetime.timedelta(days=92)
"""How long those who could have filed an objection find it in their list."""
SUPPORTED = (State.FILED, State.ACCEPTED)
"""States in which somebody else may still join."""
SEARCHED = ("number", "label", "reason", "bulletin__title", "bulletin__unit__name", "row_user__name")
STEP_WORDS = {
    State.FILED: "提出",
    State.ACCEPTED: "受理",
    State.UPHELD: "答复：应当更正",
    State.KEPT: "答复：维持",
    State.REFUSED: "不予受理",
    State.CORRECTED: "更正",
    State.WITHDRAWN: "撤回",
}
HEADERS = [
    *("编号", "公告", "单位", "班组", "谁的数", "栏目", "榜上的数", "认为应当是", "理由", "提出人", "附议人数"),
    *("提出日期", "状态", "受理期限", "答复期限", "答复人", "答复日期", "答复", "更正"),
]


def rows_of(user):
    """The objections that concern a person or that the person answers or reads, and those of the own team, the latest first."""
    ids = Objection.objects.filter(concerning(user) | reached(user)).values("pk")
    rows = Objection.objects.filter(Q(pk__in=ids) | Q(pk__in=_of_colleagues(user)))
    rows = rows.select_related(*SHOWN).defer("bulletin__content")
    return rows.annotate(supporters=Count("supports")).order_by("-filed_at", "-id")


def _of_colleagues(user):
    """Ids of the objections of the last months to boards of the own team that the person could have filed too."""
    since, lines = timezone.now() - TEAM_SEES_FOR, {}
    rows = Objection.objects.filter(bulletin__team__in=access_of(user).team_roles, filed_at__gte=since)
    found = rows.select_related("bulletin__team")
    for row in found:
        if row.bulletin_id not in lines:
            lines[row.bulletin_id] = lines_for(user, row.bulletin)
    return [row.pk for row in found if holds(lines[row.bulletin_id], row.row_user_id, row.column)]


def narrowed(rows, user, filters):
    """The rows that the filters let through: words, state, unit, month of the board, and whose."""
    asked = {"state": "state", "unit": "bulletin__unit", "period": "bulletin__period"}
    rows = rows.filter(**{path: filters[name] for name, path in asked.items() if filters.get(name)})
    if filters.get("mine") == "filed":
        rows = rows.filter(pk__in=Objection.objects.filter(held_by(user)).values("pk"))
    if filters.get("mine") == "waiting":
        rows = rows.filter(pk__in=[row.pk for row, _ in waiting_for(user)])
    return with_words(rows, filters.get("q", ""), *(f"{path}__icontains" for path in SEARCHED))


def waiting_for(user):
    """[(objection, whether it came to a unit above)] of those whose next step is this person's, the most urgent first."""
    units = access_of(user).unit_ids("objection.decide")
    if not units:
        return []
    rows = Objection.objects.filter(state__in=STEPS, bulletin__unit__in=units).select_related(*SHOWN)
    found = with_deadlines(rows.defer("bulletin__content"))
    desks = desks_of(found)
    turns = [(row, is_above) for row in found for is_above in _turns(user, row, desks[row.pk])]
    return sorted(turns, key=lambda turn: (turn[0].due_on is None, turn[0].due_on or turn[0].accept_by, turn[0].pk))


def _turns(user, objection, desks):
    """[False] at the desk that answers, [True] at the next one above it once it is late, else nothing."""
    if desks and user.pk in desks[0].people:
        return [False]
    return [True] if objection.escalated_at and len(desks) > 1 and user.pk in desks[1].people else []


def choices_in(rows):
    """The `units` and the `periods` of the boards among the rows, for the filters."""
    rows = rows.order_by()
    months = rows.order_by("-bulletin__period").values_list("bulletin__period", flat=True).distinct()
    return {"units": list(Unit.objects.filter(pk__in=rows.values("bulletin__unit"))), "periods": list(months)}


def number_open(kind, period, teams):
    """{team id: how many objections to its boards of a kind and month are open}; teams without one are not in it."""
    rows = Objection.objects.filter(bulletin__kind=kind, bulletin__period=period, bulletin__team__in=teams)
    found = rows.filter(state__in=Objection.OPEN).order_by().values("bulletin__team").annotate(number=Count("pk"))
    return {row["bulletin__team"]: row["number"] for row in found}


def on_board(user, bulletin):
    """The open objections to a board that a person could have filed too, each with `count` (how many hold it) and `own`."""
    rows = Objection.objects.filter(bulletin=bulletin, state__in=SUPPORTED).select_related("row_user", "bulletin")
    rows = rows.defer("bulletin__content")
    lines = lines_for(user, bulletin)
    found = [row for row in rows.prefetch_related("supports") if holds(lines, row.row_user_id, row.column)]
    for row in found:
        people = [row.filed_by_id, *(support.user_id for support in row.supports.all())]
        row.count, row.own = len(people), user.pk in people
    return found


@dataclass(frozen=True)
class Moment:
    """One step of an objection in words: what, when, by whom ("" for the system), and what was said."""

    state: str
    word: str
    at: object
    who: str
    note: str


def history_of(user, objection):
    """The Moments of an objection, in order, without the names that the person may not see."""
    hidden = set() if sees_names(user, objection) else involved_as_holders(objection)
    before, moments = None, []
    for step in objection.steps.select_related("actor"):
        moved = step.state != before
        word, note = (STEP_WORDS[step.state], step.note) if moved else (step.note, "")
        who = NOBODY if step.actor_id in hidden else str(step.actor or "系统")
        moments.append(Moment(step.state, word, step.at, who, note))
        before = step.state
    return moments


def involved_as_holders(objection):
    """Ids of those who filed or support it."""
    return {objection.filed_by_id, *objection.supports.values_list("user", flat=True)}


def names_of(user, objection):
    """Who filed it, and who supports it, in words: the names, or that they are not told."""
    if not sees_names(user, objection):
        return NOBODY, []
    return str(objection.filed_by), [str(support.user) for support in objection.supports.select_related("user")]


def exported(user, rows):
    """The rows as texts and figures for a workbook, in the order of HEADERS."""
    return [[*_said(user, row), *_done(row)] for row in rows]


def _said(user, row):
    place = [row.number, row.bulletin, row.bulletin.unit, row.bulletin.team, row.whose]
    filer = row.filed_by if sees_names(user, row) else NOBODY
    return [*place, row.label, row.shown, row.wanted, row.reason, filer, Figure(str(row.supporters))]


def _done(row):
    dates = [row.get_state_display(), row.accept_by, row.answer_by]
    return [_day(row.filed_at), *dates, row.decided_by, _day(row.decided_at), row.answer, row.correction]


def _day(moment):
    return moment and timezone.localtime(moment).date()

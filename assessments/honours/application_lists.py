"""Lists of applications: those in sight, the page of one, what waits for whom, the workbook of a desk."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from assessments.honours import application_access as reach
from assessments.honours.application_ends import line_of, on_home, over
from assessments.honours.application_grid import grid
from assessments.honours.application_lacks import Seen, Slot, full_of, lacks, oldest_day, self_total, slots_of, standing
from assessments.honours.application_proofs import address_of
from assessments.honours.application_queue import Desk, at_desk, desks_of
from assessments.honours.told_states import in_state, word_of
from assessments.models import Application
from teams import periods
from teams.downloads import Figure, Sheet, workbook_of
from teams.figures import short_text
from teams.models import Unit
from teams.selectors import with_words

State = Application.State
SOON = 7
"""A draft waits for its writer when its round closes within so many days."""
WORDS = ("number", "team__name", "user__name", "user__employee_no", "studio__name", "round__name", "unit__name")


def listed(user, *, q="", state="", whose=""):
    """Applications that the person may see, narrowed, the latest first."""
    rows = reach.visible_to(user)
    if whose == "own":
        rows = rows.filter(reach.own(user))
    if whose == "waiting":
        rows = rows.filter(pk__in=[row.pk for row in reach.waiting(user)])
    rows = in_state(rows, state) if state else rows
    found = with_words(rows, q, *(f"{path}__icontains" for path in (*WORDS, "round__programme__name")))
    return found.order_by("-id")


@dataclass(frozen=True)
class Row:
    """A line of the matrix: a criterion or material with its proofs, how it is proven, and what the applicant says of it."""

    slot: Slot
    proofs: list
    standing: str
    score: int | None
    note: str
    fields: tuple = ()

    @property
    def full(self):
        """The most that a scored criterion holds, in hundredths; None of a yes-no one."""
        return full_of(self.slot.row) if self.slot.row.get("method") == "score" else None


def matrix(application, form=None):
    """[Row] of the criteria and then of the materials; with a form its fields stand beside."""
    proofs = proofs_of(application)
    return [_row(application, slot, proofs, form) for slot in slots_of(application.round.frozen)]


def told(application):
    """What the page of an application shows of its criteria: {"rows", "grid", "scored": (own points, full marks)}."""
    rows = matrix(application)
    scored = self_total(application.round.frozen, application.self_scores)
    return {"rows": rows, "grid": grid(rows), "scored": scored}


def _row(application, slot, proofs, form):
    code = slot.row["code"]
    own = [proof for proof in proofs if proof.code == code]
    if slot.is_material:
        return Row(slot, own, "ok" if own else "empty", None, "")
    said = application.self_scores.get(code), application.answers.get(code, "")
    found = standing(slot.row, own, application.round.apply_until)
    return Row(slot, own, found, *said, form.pair(slot.place) if form else ())


def proofs_of(application):
    """The proofs of an application, each with `address`, where it is read, and `is_outdated`."""
    rows, oldest = list(application.proofs.select_related("file")), oldest_day(application.round.apply_until)
    for row in rows:
        row.address, row.is_outdated = address_of(application, row), bool(row.date and row.date < oldest)
    return rows


def lacks_of(application, draft):
    """What a draft still lacks, and how far it is scored: ([Lack], (own points, full marks))."""
    frozen, until = application.round.frozen, application.round.apply_until
    seen = [Seen(*row) for row in application.proofs.values_list("code", "kind", "date")]
    missing = lacks(frozen, draft, seen, until, is_returned=application.state == State.RETURNED)
    return missing, self_total(frozen, draft.self_scores)


def waiting_for(user):
    """Lines of the home page: (title, detail, address, state, word) of opinions to give, drafts to finish or too late."""
    for desk, rows in desks_of(user).items():
        names = "、".join(str(row.subject) for row in rows[:3])
        detail = f"{desk.round}：{names}{f'等 {len(rows)} 份' if len(rows) > 3 else ''}"
        yield f"{desk.name}推荐", detail, address_of_desk(desk), "wait", "待办"
    yield from _unfinished(user)


def _unfinished(user):
    today = timezone.localdate()
    for row in sorted(on_home(user).order_by("round__apply_until", "id"), key=lambda row: bool(over(row))):
        left = (row.round.apply_until - today).days
        until = periods.day_text(row.round.apply_until)
        address = reverse("assessments:application-edit", args=[row.pk])
        if over(row):
            yield line_of(row)
        elif row.state == State.RETURNED:
            yield "补充申报", f"{row.round}：{row.subject}被退回，请答复", address, "warn", "退回"
        elif 0 <= left <= SOON:
            yield "申报还没提交", f"{row.round}：{row.subject}，{until}截止", address, "wait", "待办"


def desk_of(application):
    """The desk where the application waits."""
    unit = Unit.objects.get(pk=reach.level_unit(application))
    return Desk(application.round, application.level, unit)


def address_of_desk(desk):
    """The page where the opinion is given."""
    return reverse("assessments:application-desk", args=[desk.round.pk, desk.level, desk.unit.pk])


HEADERS = ["编号", "单位", "申报对象", "一线", "自评分", "满分", "依据（条）", "状态", "提交时间"]


def workbook(desk):
    """The bytes of a workbook: who waits at the desk and who has passed it."""
    waiting, passed = at_desk(desk)
    rows = [[*_exported(row), word] for word, group in (("待推荐", waiting), ("已推荐", passed)) for row in group]
    before = [["批次", str(desk.round)], ["推荐单位", f"{desk.unit} {desk.name}"]]
    return workbook_of(Sheet("推荐名单", [*HEADERS, "本级"], rows, title=f"{desk.round}推荐名单", before=before))


def _exported(row):
    own, full = self_total(row.round.frozen, row.self_scores)
    figures = [Figure(short_text(own)), Figure(short_text(full)), Figure(str(row.proofs.count()))]
    at = f"{timezone.localtime(row.submitted_at):%Y-%m-%d %H:%M}"
    who = [row.number, row.unit, row.subject, "是" if row.is_front_line else "否"]
    return [*who, *figures, word_of(row), at]

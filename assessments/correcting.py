"""The entries that can correct what an objection to a board of scores or attendance was right about."""

from itertools import accumulate

from django.urls import reverse

from assessments.models import Check
from bulletins.models import Bulletin, Objection
from bulletins.objections.entries import Entry
from teams import periods
from teams.access import access_of
from teams.figures import signed_text
from teams.models import AttendanceCorrection, Membership

CAPABILITY = {Bulletin.Kind.SCORES: "check.inspect", Bulletin.Kind.ATTENDANCE: "attendance.approve"}
"""Kind of board: who corrects what it shows."""


HOW = {
    Bulletin.Kind.SCORES: "得分已经关账，不改。登记一张那个月的检查（日期和“迟到的记录”已经填好，日期可以改），计入下一个没有关账的月份：少算、多扣的，在“加分”里填补回的分，"
    "这个数是谁的，“加给谁”就选谁；漏扣、少扣的，在那一条里扣分。没有扣分、加分的改不了得分，不能用来更正。",
    Bulletin.Kind.ATTENDANCE: "考勤已经审批，不改。提出更正、由负责人审批后，计入下一个没有审批的月份。",
}

LONGEST = 150
"""Characters of what was corrected, on the board."""
INSTEAD = "请再登记一张：少算、多扣的，在“加分”里填补回的分，这个数是谁的，“加给谁”就选谁（已经调走的选整个班组）；漏扣、少扣的，在那一条里扣分。"
MISTAKEN = "登记错了的那张，打开它整张作废。"


def entries_for(objection):
    """The Entries for the month of the board made since the objection was filed, the latest first."""
    return {Bulletin.Kind.SCORES: _sheets, Bulletin.Kind.ATTENDANCE: _corrections}[objection.bulletin.kind](objection)


def _sheets(objection):
    return [_sheet(check, told) for check, told in _late_sheets(objection) if told]


def _late_sheets(objection):
    """[(Check, its Findings that correct the figure)] of the closed month's sheets that were entered since and count later."""
    team, period = objection.bulletin.team, objection.bulletin.period
    days = (periods.first_day(period), periods.last_day(period))
    late = Check.objects.valid().filter(team=team, date__range=days, period__gt=period)
    since = late.filter(submitted_at__gte=objection.filed_at).prefetch_related(
        "findings__person", "findings__criterion"
    )
    stays = list(Membership.objects.filter(team=team, user=objection.row_user_id)) if objection.row_user_id else []
    return [(check, _telling(check, objection.row_user_id, stays)) for check in since.order_by("-id")]


def _telling(check, person, stays):
    """Those that move the figure: with points, and of a person's only what names the person, or nobody once that one has left."""
    first = periods.first_day(check.period)
    has_left = all(stay.ended_on and stay.ended_on < first for stay in stays)
    named = {person, None} if has_left else {person}
    return [row for row in check.valid_findings if row.points and (person is None or row.person_id in named)]


def _sheet(check, told):
    text = f"{check.date:%Y-%m-%d} 的检查记录已更正：{_what(told)}，计入{periods.label(check.period)}"
    detail = "；".join("：".join(filter(None, [str(row.person or "整个班组"), row.note])) for row in told)
    return Entry(f"check-{check.pk}", text, detail, reverse("assessments:check", args=[check.pk]))


def _what(findings):
    """Items and points, as many as there is room for, and whose they are never: the words hang on the board."""
    said = [f"{row.criterion or '加分'} {signed_text(row.points)} 分" for row in findings]
    room = accumulate(len(text) + 1 for text in said)
    shown = [text for text, length in zip(said, room, strict=True) if length <= LONGEST]
    return "；".join(shown) + (f" 等 {len(said)} 条" if len(said) > len(shown) else "")


def left_out(objection):
    """[(sentence, address)] of sheets entered since that cannot correct the figure; the last says what to do instead."""
    if objection.bulletin.kind != Bulletin.Kind.SCORES:
        return []
    sheets = _late_sheets(objection)
    said = [_lacking(check, objection) for check, told in sheets if not told]
    instead = MISTAKEN if any(told for _, told in sheets) else INSTEAD + MISTAKEN
    return [*said, (instead, "")] if said else []


def _lacking(check, objection):
    has_points = any(row.points for row in check.valid_findings)
    lack = f"没有记到{objection.whose}名下的" if has_points else "没有"
    said = f"{periods.day_text(check.date)}的{check.get_kind_display()}{lack}扣分、加分，不能用来更正。"
    return said, reverse("assessments:check", args=[check.pk])


def _corrections(objection):
    team, period = objection.bulletin.team, objection.bulletin.period
    days = (periods.first_day(period), periods.last_day(period))
    rows = AttendanceCorrection.objects.filter(
        team=team, date__range=days, state=AttendanceCorrection.State.APPROVED, decided_at__gte=objection.filed_at
    )
    page = reverse("teams:corrections", args=[team.pk, period])
    return [_correction(row, page) for row in rows.select_related("user").order_by("-id")]


def _correction(row, page):
    counts = f"，计入{periods.label(row.counts_in)}" if row.counts_in else ""
    change = f"{row.user} {row.old_code or '空'} → {row.new_code or '空'}：{row.reason}"
    key = f"correction-{row.pk}"
    return Entry(key, f"{row.date:%Y-%m-%d} 的考勤已更正{counts}", change, f"{page}#{key}")


def ways_for(user, objection):
    """[(label, address)] where this person makes or links the correction (see bulletins.objections.corrections)."""
    bulletin, access = objection.bulletin, access_of(user)
    if bulletin.kind not in CAPABILITY or not bulletin.team:
        return []
    ways = [("按异议更正", address_of(objection))] if access.on_team(CAPABILITY[bulletin.kind], bulletin.team) else []
    if bulletin.kind == Bulletin.Kind.ATTENDANCE and access.on_team("attendance.correct", bulletin.team):
        ways.append(("去提考勤更正", reverse("teams:corrections", args=[bulletin.team_id, bulletin.period])))
    return ways


def address_of(objection):
    return reverse("assessments:objection-correct", args=[objection.pk])


def news_for(user):
    """(title, detail, address, kind of state, word) of each line for the home page: scores that this person corrects."""
    units = access_of(user).unit_ids(CAPABILITY[Bulletin.Kind.SCORES])
    waiting = {"state": Objection.State.UPHELD, "bulletin__kind": Bulletin.Kind.SCORES, "bulletin__unit__in": units}
    rows = Objection.objects.filter(**waiting, bulletin__team__isnull=False) if units else []
    for row in rows and rows.select_related("bulletin").defer("bulletin__content").order_by("decided_at"):
        yield "按异议更正得分", f"{row.bulletin}：{row.label}", address_of(row), "wait", "待更正"

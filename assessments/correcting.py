"""The entries that can correct what an objection to a board of scores or attendance was right about."""

from django.urls import reverse

from assessments.models import Check
from bulletins.models import Bulletin, Objection
from bulletins.objections.entries import Entry
from teams import periods
from teams.access import access_of
from teams.models import AttendanceCorrection

CAPABILITY = {Bulletin.Kind.SCORES: "check.inspect", Bulletin.Kind.ATTENDANCE: "attendance.approve"}
"""Kind of board: who corrects what it shows."""


HOW = {
    Bulletin.Kind.SCORES: "得分已经关账，不改。少算、多扣的，登记一张那个月的检查（日期和“迟到的记录”已经填好，日期可以改），计入下一个没有关账的月份。",
    Bulletin.Kind.ATTENDANCE: "考勤已经审批，不改。提出更正、由负责人审批后，计入下一个没有审批的月份。",
}


def entries_for(objection):
    """The Entries for the month of the board made since the objection was filed, the latest first."""
    return {Bulletin.Kind.SCORES: _sheets, Bulletin.Kind.ATTENDANCE: _corrections}[objection.bulletin.kind](objection)


def _sheets(objection):
    """Sheets of the closed month that were entered late and so count in an open one."""
    team, period = objection.bulletin.team, objection.bulletin.period
    days = (periods.first_day(period), periods.last_day(period))
    late = Check.objects.valid().filter(team=team, date__range=days, period__gt=period)
    since = late.filter(submitted_at__gte=objection.filed_at).prefetch_related(
        "findings__person", "findings__criterion"
    )
    return [_sheet(check) for check in since.order_by("-id")]


def _sheet(check):
    found = "；".join(str(finding) for finding in check.findings.all()) or "没有扣分、加分"
    text = f"{check.date:%Y-%m-%d} 的检查记录已更正，计入{periods.label(check.period)}"
    return Entry(f"check-{check.pk}", text, found, reverse("assessments:check", args=[check.pk]))


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

"""What the home page says to a person: what waits, the own score, the own bonus."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from activities import selectors as duties
from activities.cadence import CODE
from activities.duties import ATTENDANCE_CONFIRM, KINDS, RECTIFICATION, SELF_CHECK, SPOT_CHECK
from activities.news import news_for as team_life_news_for
from assessments import own_scores
from assessments.appraisals import news as appraisal_news
from assessments.correcting import news_for as correcting_news_for
from assessments.honours.news import news_for as honour_news_for
from assessments.models import Check, MonthClose
from assessments.plans.lists import due_today, mutual_for, owned_by
from assessments.rectifications.news import news_for
from assessments.services.closes import units_by_month
from assessments.services.standards import first_months
from bulletins.objections.news import news_for as objection_news_for
from bulletins.services.verification import found_broken as boards_broken
from bulletins.signatures import news_for as board_news_for
from incentives import selectors as incentive
from incentives.pay import to_decide
from incentives.piecework.news import news_for as piece_news_for
from incentives.points.news import news_for as point_news_for
from incentives.points.news import own_points
from incentives.progress import progress_of
from incentives.services.verification import found_broken
from incentives.spending import news as spending_news
from incentives.votes import waiting_for as unsigned
from teamhub.agenda import TODAY, sections
from teams import careers, periods
from teams.access import Access, access_of
from teams.attendance_day import filled_today
from teams.figures import coefficient_text, yuan_text
from teams.models import AttendanceCorrection, AttendanceMonth, CoefficientChange, User
from teams.once import once
from teams.periods import LAST
from teams.selectors import offices_of
from teams.services.watches import named
from teams.watch_plan import state_of, waiting_for

MONTHS_BACK = 3
"""How long a month that is not finished stays on the home page."""


@dataclass
class Visitor:
    """Who looks at the page, in which month; what several of its lines want to know is read once."""

    user: User
    access: Access
    current: int

    @cached_property
    def _reach(self):
        return list(self.access.teams("team.view", self.past[-1]).select_related("unit"))

    def teams_of_months(self, capability):
        """Teams of the months at hand, with their units, on which the person has the capability, disbanded since or not."""
        return [team for team in self._reach if self.access.on_team(capability, team)]

    def teams(self, capability):
        """The open ones of them."""
        return [team for team in self.teams_of_months(capability) if not team.disbanded_on]

    @cached_property
    def works(self):
        """Whether a date is worked."""
        return duties.calendar()

    @cached_property
    def past(self):
        """The past months that have to be finished, the latest first."""
        return [periods.shift(self.current, -back) for back in range(1, MONTHS_BACK + 1)]

    @cached_property
    def _since(self):
        units = {team.unit_id for team in self.teams("attendance.confirm")} | set(self.access.unit_ids("month.close"))
        return first_months(units)

    def has_to_finish(self, unit_id, month):
        """Whether a unit has to finish a past month: the one before this, earlier ones once a standard held for it.

        For then TeamHub was in use.
        """
        return month == self.past[0] or self._since.get(unit_id, LAST) <= month


def page_of(user):
    """Context of the home page; its many sources ask for the tree of units and the calendar, which are read once."""
    with once():
        return _page_of(user)


def _page_of(user):
    visitor, current = Visitor(user, access_of(user), periods.current_period()), periods.current_period()
    queue = [item for source in SOURCES for item in source(visitor)]
    membership = visitor.access.membership
    return {
        "membership": membership,
        "offices": offices_of(user),
        "today": timezone.localdate(),
        "period": current,
        "queue": queue,
        "sections": sections(queue),
        "score": own_scores.running(user, current),
        "line": incentive.latest_line(user),
        "points": own_points(user, membership and membership.team, current),
        "owned": owned_by(user, membership.team) if membership else [],
    }


def _item(title, detail, url, state="wait", word="待办"):
    return {"title": title, "detail": detail, "url": url, "state": state, "word": word}


def _checks(visitor):
    today = timezone.localdate()
    teams = duties.asked(SELF_CHECK, visitor.teams("check.self"), today, visitor.works)
    filed = Check.objects.valid().filter(team__in=teams, date=today, kind=Check.Kind.SELF)
    done = set(filed.values_list("team_id", flat=True))
    for team in teams:
        if team.pk in done:
            url = reverse("assessments:checks", args=[team.pk, visitor.current])
            yield _item("今日自查", f"{team.name}今天的自查已提交", url, "ok", "已完成")
        else:
            url = reverse("assessments:self-check", args=[team.pk])
            yield _item("今日自查", f"{team.name}今天还没有自查", url, word=TODAY)


def _cross_checks(visitor):
    own = visitor.access.duty_teams("check.mutual")
    for plan in mutual_for(own) if own else []:
        detail = f"{plan.by_team}去查{plan.team}，{periods.day_text(plan.due_on)}前交"
        yield _item("互查", detail, reverse("assessments:mutual-check", args=[plan.pk]))


def _planned_checks(visitor):
    """For the assessor one item for each unit with checks whose day has come."""
    due = defaultdict(list)
    for plan in due_today(visitor.access) if visitor.access.has("check.plan") else []:
        due[plan.unit].append(f"{plan.team}{plan.get_kind_display()}")
    for unit, names in due.items():
        url = reverse("assessments:plans", args=[unit.pk, visitor.current])
        yield _item("到日子的检查", f"{unit}：{'、'.join(names)}", url)


def _duties(visitor):
    """What is open and has no line of its own (checks, attendance, rectifications, activities); what others leave undone."""
    today = timezone.localdate()
    told = Q(kind=SELF_CHECK.code, due_on=today) | Q(kind=SPOT_CHECK.code, due_on__gte=today)
    told |= Q(kind__in=[ATTENDANCE_CONFIRM.code, RECTIFICATION.code]) | Q(kind__startswith=CODE)
    for duty in duties.still_open(duties.own_duties(visitor.user)).exclude(told).select_related("team"):
        detail = f"{duty.team.name}{duty.title}，{duty.due_on:%Y-%m-%d} 到期"
        yield _item(KINDS[duty.kind].name, detail, duties.address_of(duty), *duties.shown(duty, today))
    for unit, teams in duties.escalated(visitor.user, today, visitor.works).items():
        url = f"{reverse('activities:duties')}?state=overdue"
        yield _item("逾期待办", f"{unit.name} {teams} 个班组有逾期待办", url, "warn", "逾期")


def _team_life(visitor):
    return (_item(*news) for news in team_life_news_for(visitor.user, timezone.localdate()))


def _attendance_today(visitor):
    if not visitor.access.has("attendance.enter"):
        return
    for team, filled in filled_today(visitor.access.teams("attendance.enter")).items():
        url = reverse("teams:attendance-day", args=[team.pk, timezone.localdate()])
        if filled:
            yield _item("今天的考勤", f"{team.name}今天的考勤已填好", url, "ok", "已完成")
        else:
            yield _item("今天的考勤", f"{team.name}今天还有人没记考勤", url, word=TODAY)


def _months_of(visitor, teams):
    """[(team, month)] of the past months in which a team existed and that its unit has to finish, latest first."""
    pairs = [(team, month) for month in visitor.past for team in teams if visitor.has_to_finish(team.unit_id, month)]
    return [(team, month) for team, month in pairs if team.existed(periods.first_day(month), periods.last_day(month))]


def _attendance_to_confirm(visitor):
    teams = visitor.teams_of_months("attendance.confirm")
    asked = Q(period__in=visitor.past) | (Q(state=AttendanceMonth.State.DRAFT) & ~Q(question=""))
    months = {(row.team_id, row.period): row for row in AttendanceMonth.objects.filter(asked, team__in=teams)}
    returned = [(team, month) for team in teams for pk, month in months if pk == team.pk]
    for team, month in dict.fromkeys(_months_of(visitor, teams) + returned):
        row = months.get((team.pk, month))
        if row is None or row.state == AttendanceMonth.State.DRAFT:
            said = f"被退回：{row.question}" if row and row.question else "还没有确认"
            url = reverse("teams:attendance", args=[team.pk, month])
            yield _item("确认考勤", f"{team.name}{periods.label(month)}考勤{said}", url)


def _attendance_to_approve(visitor):
    months = AttendanceMonth.objects.filter(
        team__unit__in=visitor.access.unit_ids("attendance.approve"), state=AttendanceMonth.State.CONFIRMED
    ).select_related("team")
    for month in months:
        url = reverse("teams:attendance", args=[month.team_id, month.period])
        yield _item("审批考勤", f"{month.team.name}{periods.label(month.period)}", url)


def _closes(visitor):
    units = set(visitor.access.unit_ids("month.close"))
    if not units:
        return
    closed = MonthClose.objects.filter(period__in=visitor.past, state=MonthClose.State.CLOSED, unit__in=units)
    done = set(closed.values_list("unit_id", "period"))
    for month, found in units_by_month(visitor.past).items():
        for unit in found:
            if unit.pk in units and (unit.pk, month) not in done and visitor.has_to_finish(unit.pk, month):
                url = reverse("assessments:close", args=[unit.pk, month])
                yield _item("月结", f"{unit.name}{periods.label(month)}还没有关账", url)


STEPS = {
    "draft": "拟定奖金分配",
    "propose": "提交奖金分配",
    "approve": "批准奖金分配",
    "post": "奖金入账",
    "publish": "张榜公布",
}


def _bonuses(visitor):
    teams = visitor.teams_of_months("bonus.view")
    rows = progress_of(teams, visitor.past) if teams else []
    waiting = [(row, step) for row in rows for step in row.steps if row.waits_for(visitor.user, visitor.access, step)]
    without = [row for row, step in waiting if step == "pool" and row.period == visitor.past[0]]
    for unit, month, names in _by_unit(without):
        detail = f"{unit.name}{periods.label(month)}还没有下达：{names}"
        yield _item("下达奖金总额", detail, reverse("incentives:pools", args=[unit.pk, month]))
    for row, step in waiting:
        if step in STEPS:
            url = reverse("incentives:distribution", args=[row.team.pk, row.period])
            yield _item(STEPS[step], f"{row.team.name}{periods.label(row.period)}{_remark(row)}", url)
    for unit, month, names in _by_unit(row for row, step in waiting if step == "settle"):
        detail = f"{unit.name}{periods.label(month)}已入账，发放后登记：{names}"
        yield _item("奖金发放", detail, reverse("incentives:settle-many", args=[month]))


def _remark(row):
    """What a bonus's line says besides: why it came back, or how many members object."""
    if row.distribution and row.distribution.returned:
        return f"被退回：{row.distribution.question}"
    return f"，{row.votes.objected} 人不同意" if row.votes and row.votes.objected else ""


def _by_unit(rows):
    """(unit, month, names of the teams), one for each unit and month."""
    names = defaultdict(list)
    for row in rows:
        names[row.team.unit, row.period].append(row.team.name)
    return [(unit, month, "、".join(teams)) for (unit, month), teams in names.items()]


def _signatures(visitor):
    """The own amount of each proposed bonus that the person has to sign."""
    for line in unsigned(visitor.user):
        found = line.distribution
        detail = f"{found.team.name}{periods.label(found.period)}奖金分配，您的应得 {yuan_text(line.payable)} 元"
        yield _item("奖金会签", detail, reverse("incentives:sign", args=[found.team_id, found.period]), word="请会签")


def _ledger(visitor):
    if visitor.access.has("bonus.post") and found_broken():
        detail = "账目核验没有通过，已暂停张榜。请和系统管理员一起查清。"
        yield _item("账目核验", detail, reverse("incentives:accounts"), "bad", "不符")


def _chains(visitor):
    problems = boards_broken() if visitor.access.has("trail.read") else []
    if problems:
        detail = f"{len(problems)} 个单位的公告和张榜时不一致。{problems[0]}。请保留现场查清。"
        yield _item("核验公告", detail, f"{reverse('trail')}?verb=chain.broken", "bad", "不符")


def _coefficients(visitor):
    pending = CoefficientChange.objects.filter(
        team__in=visitor.access.teams("coefficient.decide"), state=CoefficientChange.State.PROPOSED
    )
    for change in pending.exclude(proposed_by=visitor.user).exclude(user=visitor.user).select_related("team", "user"):
        detail = f"{change.team}{change.user} {coefficient_text(change.old)} → {coefficient_text(change.new)}"
        yield _item("审批岗位系数", detail, reverse("teams:coefficients", args=[change.team_id]))


def _adjustments(visitor):
    teams = {team.pk: team for team in visitor.teams("adjustment.decide")}
    for pk, month, count in to_decide(visitor.user, teams) if teams else []:
        url = reverse("incentives:adjustments", args=[pk, month])
        yield _item("审批个人奖罚", f"{teams[pk].name}{periods.label(month)} {count} 条", url)


REMINDED = {"leader", "manager"}
"""Who is told of the certificates of others; whoever else keeps them looks them up."""
MOST_TEAMS = 3
"""The certificates of so many teams have a line each; those of more teams are one line that leads to their list."""


def _certificates(visitor):
    own = [certificate for certificate in careers.certificates_of([visitor.user]) if certificate.standing != "valid"]
    expired = sum(certificate.standing == "expired" for certificate in own)
    if own:
        yield _renewal("我的证书", len(own) - expired, expired, reverse("own-account"))
    teams = [team for team in visitor.teams("certificate.keep") if _roles(visitor.access, team) & REMINDED]
    found = careers.renewals(teams) if teams else {}
    if len(found) > MOST_TEAMS:
        counts = (sum(numbers) for numbers in zip(*found.values(), strict=True))
        yield _renewal(f"{len(found)} 个班组", *counts, reverse("teams:certificate-overview"))
        return
    for team in teams:
        if team.pk in found:
            yield _renewal(team.name, *found[team.pk], reverse("teams:certificates", args=[team.pk]))


def _renewal(whose, due, expired, url):
    state, word = ("bad", "已过期") if expired else ("warn", "快到期")
    return _item("换发证书", f"{whose}：{careers.renewal_text(due, expired)}", url, state, word)


def _roles(access, team):
    return {access.team_roles.get(team.pk), *access.unit_roles.get(team.unit_id, ())}


def _corrections(visitor):
    pending = AttendanceCorrection.objects.filter(
        team__in=visitor.access.teams("attendance.approve"), state=AttendanceCorrection.State.PROPOSED
    )
    for row in pending.exclude(proposed_by=visitor.user).exclude(user=visitor.user).select_related("team", "user"):
        url = reverse("teams:corrections", args=[row.team_id, periods.period_of(row.date)])
        yield _item("审批考勤更正", f"{row.team}{row.user} {row.date:%Y-%m-%d}：{row.reason}", url)


def _watches(visitor):
    own, waiting = waiting_for(visitor.user, list(visitor.access.team_roles))
    for row in own:
        today = row.date == timezone.localdate()
        title, word = ("今天您值班", TODAY) if today else ("值班还没有交班", state_of(row)[1])
        detail = f"{row.team.name}{named(row.date, row.shift)}，交班前写好交班记录"
        yield _item(title, detail, reverse("teams:watch", args=[row.pk]), state_of(row)[0], word)
    for row in waiting:
        detail = f"{row.team.name}{named(row.date, row.shift)}，{row.user}已交班，下一班是您"
        yield _item("待接班", detail, reverse("teams:watch", args=[row.pk]), word="待接班")


def _rectifications(visitor):
    return (_item(*news) for news in news_for(visitor.user, visitor.teams("rectification.assign")))


def _points(visitor):
    return (_item(*news) for news in point_news_for(visitor.access, visitor.past[0]))


def _told_by(*sources):
    """Lines of sources that want to know nothing but the person."""
    return lambda visitor: (_item(*news) for source in sources for news in source(visitor.user))


def _told_within(source):
    """Lines of a source that wants to know the person and what the person may do."""
    return lambda visitor: (_item(*news) for news in source(visitor.user, visitor.access))


SOURCES = [
    _watches,
    _duties,
    _attendance_today,
    _checks,
    _team_life,
    _rectifications,
    _told_by(appraisal_news.news_for, honour_news_for),
    _cross_checks,
    _planned_checks,
    _attendance_to_confirm,
    _attendance_to_approve,
    _closes,
    _ledger,
    _chains,
    _signatures,
    _told_by(board_news_for, objection_news_for, correcting_news_for),
    _bonuses,
    _told_within(spending_news.news_for),
    _points,
    _told_within(piece_news_for),
    _coefficients,
    _adjustments,
    _corrections,
    _certificates,
]

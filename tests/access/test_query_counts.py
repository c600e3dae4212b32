"""A page asks the database the same few questions whether it shows one row or three of everything."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import ActivityKind, Goal, Idea
from activities.services import duties
from assessments.models import Appraisal, Check, CheckPlan, ItemOwner, LeaderAppraisal, Rectification
from assessments.selectors import version_for
from assessments.services import plans, rectifications, standard_editing, standards
from bulletins.models import Bulletin, Display, Objection
from bulletins.services import notices
from bulletins.services.displays import add_display
from incentives.models import BonusRuleVersion, DistributionLine, Expense, PointEntry, PointScheme, SpecialAward
from incentives.services import ledger, publishing, rules
from teams import periods
from teams.models import Certificate, Honour, ImportBatch, SignIn, Watch
from teams.photos import store_photo
from teams.services import coefficients, corrections, papers, roster, substitutions, watches
from tests.access.world import picture
from tests.appraisals import two_rounds
from tests.awards import add_many as add_awards
from tests.factories import (
    PERIOD,
    STANDARD,
    approve_attendance,
    close_month,
    file_findings,
    give_role,
    make_attendance,
    make_member,
    make_rule,
    make_standard,
    make_team,
    make_unit,
    make_user,
    post_bonus,
)
from tests.ideas import add_many as add_ideas
from tests.objecting import object_to_all
from tests.pieces import add_many as add_piece_work
from tests.points import add_months
from tests.spending import add_many as add_spending
from tests.team_life import add_asked_kinds
from tests.workbooks import roster as roster_file

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 10, 3)

ROLES = ("assessor", "manager", "finance", "auditor", "admin", "security")
QUERIES = {
    "home": 101,
    "own-account": 12,
    "teams:team-list": 7,
    "teams:team": 12,
    "teams:skills": 7,
    "teams:history": 7,
    "teams:certificates": 9,
    "teams:certificate-overview": 9,
    "teams:honours": 12,
    "teams:honour-overview": 11,
    "teams:calendar-current": 8,
    "teams:units": 6,
    "teams:unit": 13,
    "teams:people": 11,
    "teams:person": 21,
    "teams:person-move": 12,
    "teams:roles": 8,
    "security": 11,
    "teams:coefficients": 8,
    "trail": 8,
    "trail-verify": 7,
    "teams:roster-upload": 9,
    "teams:roster-preview": 16,
    "teams:attendance-list": 7,
    "teams:attendance": 15,
    "teams:attendance-day": 15,
    "teams:corrections": 12,
    "teams:watches": 11,
    "teams:hand-overs": 9,
    "teams:watch": 9,
    "teams:substitutions": 12,
    "activities:duties": 15,
    "activities:compliance": 14,
    "activities:duty-rules": 11,
    "activities:calendar": 10,
    "activities:unit-calendar": 10,
    "activities:rotation": 16,
    "activities:ideas": 11,
    "activities:idea": 12,
    "activities:idea-year": 8,
    "activities:goals": 20,
    "activities:goal": 18,
    "activities:tasks": 12,
    "assessments:target": 9,
    "assessments:checks": 13,
    "assessments:check": 12,
    "assessments:self-check": 17,
    "assessments:plans": 18,
    "assessments:owners": 12,
    "assessments:analysis": 13,
    "assessments:analysis-findings": 9,
    "assessments:comparison": 18,
    "assessments:report": 23,
    "assessments:signals": 12,
    "assessments:rectifications": 10,
    "assessments:rectification": 11,
    "assessments:standards": 9,
    "assessments:standard": 11,
    "assessments:standard-compare": 21,
    "assessments:standard-edit": 12,
    "incentives:what-if": 24,
    "assessments:appraisals": 12,
    "assessments:appraisal-open": 11,
    "assessments:appraisal": 14,
    "assessments:appraisal-leader": 13,
    "assessments:close-list": 11,
    "assessments:close": 13,
    "assessments:score": 12,
    "assessments:close-all": 11,
    "assessments:own-score": 8,
    "assessments:conditions": 12,
    "incentives:month": 15,
    "incentives:settle-many": 8,
    "incentives:rules": 9,
    "incentives:rule": 10,
    "incentives:rule-compare": 12,
    "incentives:rule-edit": 17,
    "incentives:pools": 17,
    "incentives:unit-pool": 16,
    "incentives:budgets": 10,
    "incentives:expenses-current": 10,
    "incentives:expenses": 14,
    "incentives:reserve": 10,
    "incentives:expense-enter": 11,
    "incentives:expense": 11,
    "incentives:awards": 11,
    "incentives:award-propose": 9,
    "incentives:award": 8,
    "incentives:distribution": 22,
    "incentives:accounts": 13,
    "incentives:account": 15,
    "incentives:unit-money": 17,
    "incentives:pay-year": 10,
    "incentives:explain": 11,
    "incentives:payslips": 7,
    "incentives:clauses": 13,
    "incentives:adjustments": 17,
    "incentives:piecework": 13,
    "incentives:piecework-day": 15,
    "incentives:piece-items": 17,
    "incentives:points": 10,
    "incentives:point-scheme": 8,
    "incentives:point-scheme-edit": 8,
    "incentives:points-enter": 10,
    "incentives:points-month": 13,
    "incentives:points-preview": 13,
    "incentives:points-entries": 9,
    "incentives:points-year": 7,
    "incentives:point-entry": 9,
    "bulletins:wall": 9,
    "bulletins:board": 24,
    "bulletins:notices": 7,
    "bulletins:objections": 11,
    "bulletins:objection": 23,
    "bulletins:objection-new": 11,
    "bulletins:policy": 9,
    "incentives:preview": 31,
    "bulletins:displays": 9,
    "bulletins:display": 10,
    "bulletins:screen": 11,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def plant(request):
    """A plant with that many units, teams in each, members, sheets, findings, photos, standards, rules and boards."""
    many = request.param
    root = make_unit()
    chief = make_user()
    for role in ROLES:
        give_role(root, role, chief)
    for number in range(many):
        SignIn.objects.create(user=chief, session_key=f"elsewhere {number}")
    make_standard(root)
    make_rule(root)
    people = [[f"90000{number}", "张三", f"部门{number}", "一值"] for number in range(many)]
    roster.stage_roster(roster_file(*people), root=root, effective_on=DAY, actor=chief)
    units = [make_unit(parent=root) for _ in range(many)]
    for number, unit in enumerate(units):
        make_standard(unit)
        for _ in range(many - 1):
            standards.create_version(unit, STANDARD, actor=None)
            rules.install_preset("rule_attendance_work", unit, actor=chief)
        for position in range(many):
            team = make_team(unit)
            make_member(team, "leader", user=chief if number == position == 0 else None)
            for _ in range(many):
                make_member(team)
            _month_of(team, many, chief)
        close_month(unit)
        for team in unit.teams.all():
            post_bonus(team)
            publishing.publish_month(team, PERIOD, actor=chief)
            object_to_all(team, PERIOD, many)
        two_rounds(unit.teams.first(), give_role(unit, "manager"), None)
        _hang(unit, chief)
    screen = Display.objects.latest("id")
    Display.objects.filter(pk=screen.pk).update(token_hash=Display.digest("token"), seen_at=timezone.now())
    add_months(units[0].teams.first(), many, chief)
    for unit in units:
        for team in unit.teams.all():
            add_spending(team, many)
            add_awards(team, periods.shift(PERIOD, -1), many)
    add_ideas(units[0].teams.first(), many, chief)
    add_asked_kinds(root, many)
    duties.raise_due(timezone.localdate())
    duties.raise_records(timezone.localdate())
    return chief, units[0].teams.first()


def _hang(unit, chief):
    """A notice and a display for each team of a unit."""
    for team in unit.teams.all():
        wish = {"key": f"{team.pk:012x}", "title": "停水通知", "text": "明天停水。", "audience": 2, "days": 3}
        notices.post_notice({"team": team}, wish, actor=chief)
        shown = {"kinds": Bulletin.Kind.values, "seconds": 20, "teams": [team]}
        add_display(unit, name=str(team), **shown, actor=chief)


def _month_of(team, many, chief):
    make_attendance(team)
    approve_attendance(team)
    members = [membership.user for membership in team.memberships.all()]
    for membership in team.memberships.exclude(user=chief)[:many]:
        soon = timezone.localdate() + datetime.timedelta(days=20)
        facts = {"name": "焊工证", "number": "", "issued_on": None, "expires_on": soon}
        papers.add(Certificate, membership.user, actor=chief, **facts)
        _honours(membership.user, many, chief)
        day = timezone.localdate()
        coefficients.propose(membership, 123, effective_on=day, reason="考试合格", actor=chief)
        corrections.propose(team, membership.user, DAY, new_code="事", hours=0, reason="请假条补交", actor=chief)
    _honours(team, many, chief)
    for number in range(many):
        day, person = DAY + datetime.timedelta(days=number), members[1 + number]
        watch = Watch.objects.create(team=team, date=day, user=person)
        watches.hand_over(watch, "设备：运行正常", actor=person)
        watches.take_over(watch, actor=chief)
        found = substitutions.record(team, day, person, members[0], note="", actor=chief)
        substitutions.withdraw(found, "记错人", actor=chief)
    for number in range(many):
        day, neighbour = DAY + datetime.timedelta(days=number), team.unit.teams.exclude(pk=team.pk).first()
        days = {"due_from": day, "due_on": day, "shown_from": day}
        plan = CheckPlan.objects.create(unit=team.unit, team=team, by_team=neighbour, kind="mutual", **days)
        if number == 0:
            plans.cancel(plan, "停机", actor=chief)
        ItemOwner.objects.create(
            team=team, standard=version_for(team.unit, PERIOD).standard, code=f"1.{number}", user=members[0]
        )
    for day in range(many):
        codes = ["1.1", "1.2", "2.1"][:many]
        check = file_findings(team, *((code, -50, members[1]) for code in codes), day=5 + day)
        for finding in check.findings.all():
            finding.photos.set([store_photo(picture(), team=team, actor=chief) for _ in range(many)])
    _rectification_of(team, many, members[1], chief)
    add_piece_work(team, many, members[1], make_user(), DAY)


def _rectification_of(team, many, worker, chief):
    """One that was refused that often, besides those that nobody has yet; all of them late."""
    today, sheet = timezone.localdate(), file_findings(team, ("1.2", -50, worker), day=20)
    row = Rectification.objects.get(finding__on_sheet=sheet)
    rectifications.assign(row, worker, due_on=today, note="", actor=chief)
    for _ in range(many):
        photos = [store_photo(picture(), team=team, actor=worker) for _ in range(many)]
        rectifications.report(row, "擦干净了", photos=photos, actor=worker)
        rectifications.refuse(row, "还有油", actor=None)
    Rectification.objects.filter(team=team).update(due_on=today - datetime.timedelta(days=9))


def _honours(holder, many, chief):
    facts = {"level": "company", "granted_by": "集团", "granted_on": DAY, "actor": chief}
    for number in range(many):
        papers.add(Honour, holder, name=f"第 {number} 名", **facts)


def address(name, team):
    """The page of that name about the plant's first team."""
    line = DistributionLine.objects.filter(distribution__team=team).last()
    check = Check.objects.filter(team=team).last()
    work_on_one = name in ("assessments:standard-compare", "assessments:standard-edit", "incentives:what-if")
    draft = BonusRuleVersion.objects.filter(rule__unit=team.unit_id, state="draft").first()
    scheme = PointScheme.objects.get(published_at__isnull=False)
    rule = draft or rules.install_preset("rule_attendance_work", team.unit, actor=None)
    further = [standard_editing.redraft(check.version, actor=None).pk] if work_on_one else []
    arguments = {
        "teams:team": [team.pk],
        "teams:skills": [team.pk],
        "teams:history": [team.pk],
        "teams:certificates": [team.pk],
        "teams:honours": [team.pk],
        "teams:unit": [team.unit_id],
        "teams:roster-preview": [ImportBatch.objects.get().pk] if name == "teams:roster-preview" else [],
        "teams:person": [line.user_id],
        "teams:person-move": [line.user_id],
        "teams:coefficients": [team.pk],
        "teams:attendance-list": [PERIOD],
        "teams:attendance": [team.pk, PERIOD],
        "teams:attendance-day": [team.pk, DAY],
        "teams:corrections": [team.pk, PERIOD],
        "teams:watches": [team.pk, PERIOD],
        "teams:hand-overs": [team.pk, PERIOD],
        "teams:watch": [Watch.objects.filter(team=team).latest("date").pk],
        "teams:substitutions": [team.pk, PERIOD],
        "activities:compliance": [team.unit_id, periods.current_period()],
        "activities:calendar": [team.pk, periods.current_period()],
        "activities:unit-calendar": [team.unit_id, periods.current_period()],
        "activities:rotation": [ActivityKind.objects.filter(is_asked=True, subject="team").first().pk],
        "activities:duty-rules": [team.unit_id],
        "assessments:checks": [team.pk, PERIOD],
        "assessments:check": [check.pk],
        "assessments:self-check": [team.pk],
        "assessments:rectification": [Rectification.objects.filter(team=team, state="assigned").get().pk],
        "assessments:plans": [team.unit_id, PERIOD],
        "assessments:owners": [team.pk],
        "assessments:analysis": ["units", team.unit_id, PERIOD, PERIOD],
        "assessments:analysis-findings": ["units", team.unit_id, PERIOD, PERIOD],
        "assessments:comparison": [team.pk, PERIOD],
        "assessments:report": ["units", team.unit_id, "quarter", PERIOD],
        "assessments:signals": [team.unit_id, PERIOD],
        "assessments:standard": [check.version_id],
        "assessments:standard-compare": further,
        "assessments:standard-edit": further,
        "incentives:what-if": further,
        "assessments:appraisal-open": [team.unit_id],
        "assessments:appraisal": [Appraisal.objects.filter(unit=team.unit_id, state="closed").first().pk],
        "assessments:appraisal-leader": [LeaderAppraisal.objects.filter(team=team, total__isnull=False).first().pk],
        "assessments:close-list": [PERIOD],
        "assessments:close": [team.unit_id, PERIOD],
        "assessments:close-all": [PERIOD, "compute"],
        "assessments:own-score": [PERIOD],
        "assessments:target": [team.pk, PERIOD],
        "activities:idea": [Idea.objects.filter(team=team, state="adopted").first().pk],
        "activities:goal": [Goal.objects.filter(team=team, figure="score").first().pk],
        "assessments:score": [team.pk, PERIOD],
        "assessments:conditions": [team.pk, PERIOD],
        "incentives:rule": [rule.pk],
        "incentives:rule-compare": [rule.pk],
        "incentives:rule-edit": [rule.pk],
        **dict.fromkeys(("incentives:point-scheme", "incentives:points-enter", "incentives:points-year"), (scheme.pk,)),
        **dict.fromkeys(("incentives:points-month", "incentives:points-entries"), (scheme.pk, PERIOD)),
        "incentives:points-preview": [scheme.pk, 202609],
        "incentives:point-scheme-edit": [PointScheme.objects.get(published_at=None).pk],
        "incentives:point-entry": [PointEntry.objects.filter(state="proposed").latest("id").pk],
        "incentives:month": [PERIOD],
        "incentives:settle-many": [PERIOD],
        "incentives:pools": [team.unit_id, PERIOD],
        "incentives:unit-pool": [team.unit_id, PERIOD],
        "incentives:expenses": [team.pk, periods.current_period()],
        **dict.fromkeys(("incentives:reserve", "incentives:expense-enter", "incentives:award-propose"), (team.pk,)),
        "incentives:expense": [Expense.objects.filter(team=team, state="proposed").latest("id").pk],
        "incentives:award": [SpecialAward.objects.filter(team=team, state="approved").latest("id").pk],
        "incentives:budgets": [2026],
        "incentives:distribution": [team.pk, PERIOD],
        "incentives:account": [ledger.pool_account(team).pk],
        "incentives:unit-money": [team.unit_id, PERIOD],
        "incentives:pay-year": [team.pk, PERIOD // 100],
        "incentives:explain": [line.pk],
        "incentives:preview": [team.pk, PERIOD],
        "bulletins:policy": [team.unit_id],
        "incentives:clauses": [team.unit_id],
        "incentives:adjustments": [team.pk, periods.shift(PERIOD, -1)],
        "incentives:piecework": [team.pk, PERIOD],
        "incentives:piecework-day": [team.pk, DAY],
        "incentives:piece-items": [team.unit_id],
        "bulletins:board": [f"{PERIOD}J{team.pk:04d}-1"],
        "bulletins:display": [Display.objects.first().pk],
        "bulletins:objection": [Objection.objects.filter(bulletin__team=team).first().pk],
        "bulletins:objection-new": [f"{PERIOD}J{team.pk:04d}-1"],
        "bulletins:screen": ["token"],
    }
    return reverse(name, args=arguments.get(name, []))


def test_pages_ask_no_more_for_more_rows(plant, client, django_assert_num_queries):
    chief, team = plant
    client.force_login(chief)
    client.get(reverse("home"))  # the first visit notes the time in the session
    for name, queries in QUERIES.items():
        page = address(name, team)
        with django_assert_num_queries(queries, info=name):
            assert client.get(page).status_code == 200

"""The demo plant is whole: its months are closed and posted, its money balances, its people can sign in."""

import datetime
import io
import re
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone

from activities.models import Duty
from assessments.honours.title_days import AHEAD
from assessments.models import (
    Appraisal,
    BallotGiven,
    Check,
    CheckPlan,
    Finding,
    ItemOwner,
    LeaderAppraisal,
    MonthClose,
    NotApplicable,
    Rectification,
    StandardVersion,
    Statement,
    Studio,
    TeamScore,
    Title,
    Veto,
)
from assessments.plans.lists import owners_of
from assessments.rectifications.lists import overdue_in
from assessments.standards.content import line_of, standing
from bulletins.models import Bulletin, Objection, Signature
from bulletins.verification import flaw_of
from incentives.models import (
    Adjustment,
    Distribution,
    DistributionLine,
    PieceRecord,
    PointEntry,
    PointMonth,
    Pool,
    Transaction,
)
from incentives.selectors import balance
from incentives.votes import votes_of
from teamhub import demo
from teams import periods
from teams.access import access_of
from teams.models import AttendanceMonth, AuditEntry, Membership, Team, Unit, User
from teams.triggers import missing

CURRENT = periods.current_period()
PAST = [periods.shift(CURRENT, -2), periods.shift(CURRENT, -1)]


@pytest.fixture(scope="module", autouse=True)
def plant(django_db_setup, django_db_blocker):
    """The demo, loaded once for the module; each test's own changes are rolled back, then all of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        told = io.StringIO()
        call_command("load_demo", stdout=told)
        plant = Unit.objects.get(parent=None)
        plant.told = told.getvalue()
        connection.check_constraints()  # once for all: what is left open would be looked at again after every test
        yield plant
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def row_counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_the_plant_has_three_units_nine_teams_and_about_a_hundred_people(plant):
    assert Counter(Team.objects.values_list("unit__name", flat=True)) == {"运行部": 3, "检修部": 3, "燃料部": 3}
    assert Unit.objects.filter(parent=plant).count() == 3
    assert 95 <= User.objects.count() <= 115
    officers = Counter(Membership.objects.open().exclude(role="worker").values_list("role", flat=True))
    assert officers == {"leader": 9, "deputy": 9, "safety": 9, "clerk": 9, "union_rep": 9}
    assert set(Membership.objects.values_list("coefficient", flat=True)) <= set(range(90, 131, 5))


def test_two_months_are_closed_posted_and_published_and_one_is_running():
    assert set(MonthClose.objects.values_list("period", "state")) == {
        *((period, "closed") for period in PAST),
        (CURRENT, "open"),
    }
    assert Counter(Distribution.objects.values_list("period", "state")) == {
        (PAST[0], "settled"): 9,
        (PAST[1], "posted"): 8,
        (PAST[1], "proposed"): 1,
    }
    shown = Bulletin.objects.current().filter(kind__in=["scores", "attendance", "bonus"])
    boards = shown.values_list("period", "kind")
    assert sorted(Counter(Counter(boards).values()).items()) == [(8, 3), (9, 3)]
    assert TeamScore.objects.filter(period=CURRENT).count() == 9
    assert Pool.objects.filter(period=CURRENT).count() == 6


def test_the_running_month_reaches_up_to_today():
    today = timezone.localdate()
    assert Check.objects.filter(date__gt=today).count() == 0
    own = Check.objects.filter(date=today, kind=Check.Kind.SELF)
    assert not own.filter(team__name="运行一值").exists()


def test_the_story_has_a_veto_criteria_that_do_not_apply_a_voided_finding_and_photos():
    assert Veto.objects.get().team.name == "卸煤班"
    assert TeamScore.objects.get(vetoed=True).grade == "不合格"
    assert set(NotApplicable.objects.values_list("team__name", "period")) == {("化验班", p) for p in [*PAST, CURRENT]}
    assert Finding.objects.exclude(voided_at=None).get().void_reason
    assert Finding.objects.filter(photos__isnull=False).count() >= 3
    worker = Finding.objects.get(period=PAST[1], note="3 号给煤机平台未戴安全帽", person__employee_no="211006")
    assert (worker.points, worker.photos.count()) == (-200, 1)


def test_findings_of_the_last_weeks_are_in_every_state_and_some_are_late():
    rows = Rectification.objects.all()
    assert rows.earliest("finding__date").finding.date >= timezone.localdate() - datetime.timedelta(days=21)
    assert set(rows.values_list("state", flat=True)) == set(Rectification.State.values)
    assert overdue_in(rows)
    assert Statement.objects.filter(finding__rectification__state="closed").exists()
    own = [row for row in rows.filter(state="closed") if row.closed_by_id in (row.assignee_id, row.reported_by_id)]
    assert own == []


def test_a_branch_has_points_of_three_months_two_of_them_closed():
    months = list(PointMonth.objects.order_by("period"))
    assert [month.period for month in months] == PAST
    assert {month.scheme.unit.name for month in months} == {"运行部"}
    for month in months:
        assert {"周建国", "王磊"} <= {row["name"] for row in month.rows}
    waiting = PointEntry.objects.get(state="proposed")
    assert (waiting.user.employee_no, waiting.period) == ("211006", CURRENT)
    assert PointEntry.objects.get(state="refused").answer
    assert PointEntry.objects.filter(evidence__isnull=False).exists()
    assert not PointEntry.objects.filter(proposed_by=F("user")).exists()
    entries = PointEntry.objects.filter(state="confirmed").select_related("indicator__scheme__unit")
    keepers = {entry.decided_by: entry.indicator.scheme.unit_id for entry in entries}
    assert all(access_of(user).on_unit("points.enter", unit) for user, unit in keepers.items())


def test_a_round_of_appraisals_is_closed_with_results_and_one_is_open():
    assert set(Appraisal.objects.values_list("state", "unit__name")) == {("closed", "运行部"), ("open", "运行部")}
    closed = LeaderAppraisal.objects.filter(appraisal__state="closed")
    assert closed.count() == 3
    assert all(row.by_self and row.by_members and row.by_superior and row.grade for row in closed)
    running = LeaderAppraisal.objects.filter(appraisal__state="open")
    assert [row.own_scores for row in running] == [[]] * 3
    assert not BallotGiven.objects.filter(about__in=running, user__employee_no="211006").exists()


def test_the_duty_of_each_rectification_knows_its_due_day():
    days = {f"rectification:{row.finding_id}": row.due_on for row in Rectification.objects.all()}
    duties = Duty.objects.filter(kind="rectification", source__in=days)
    assert {duty.source: duty.due_on for duty in duties} == days


def test_checks_were_drawn_made_and_called_off_and_the_visitor_has_one_to_make():
    plans = CheckPlan.objects.all()
    assert plans.filter(kind=Check.Kind.MUTUAL).count() == 9
    coming = set(plans.filter(state="planned").values_list("kind", flat=True))
    assert coming == {Check.Kind.MUTUAL, Check.Kind.SPOT, Check.Kind.SPECIAL}
    assert plans.filter(by_team__name="运行一值", state="planned").exists()
    assert plans.filter(state="cancelled").get().unit.name == "燃料部"
    if timezone.localdate().day > 15:  # not yet in the first days of a month
        assert set(plans.values_list("state", flat=True)) == set(CheckPlan.State.values)
    assert not Check.objects.filter(kind=Check.Kind.MUTUAL, checker__employee_no="100004").exists()


def test_every_line_has_an_owner_but_three_of_the_first_team_and_those_of_who_moved():
    lines = StandardVersion.objects.get(state="frozen").criteria.count()
    owned = Counter(ItemOwner.objects.values_list("team__name", flat=True))
    assert owned.pop("运行一值") == lines - 3
    assert set(owned.values()) == {lines}
    team = Team.objects.get(name="卸煤班")
    assert any(row.gone for row in owners_of(team, ItemOwner.objects.first().standard_id).values())


def test_a_unit_has_its_own_edition_from_next_month_on_and_the_plant_a_draft():
    own = StandardVersion.objects.get(standard__unit__name="燃料部")
    assert (own.state, own.in_force_from) == ("in_force", periods.shift(CURRENT, 1))
    lines = own.criteria.select_related("origin")
    standings = Counter(standing(line_of(row), row.origin and line_of(row.origin)) for row in lines)
    assert standings == {"inherited": 41, "changed": 3, "own": 1}
    assert StandardVersion.objects.get(state="draft").number == 2
    assert {version.criteria.aggregate(sum=Sum("points"))["sum"] for version in StandardVersion.objects.all()} == {
        10000
    }


def test_one_pair_of_one_team_shares_a_name():
    names = Counter(Membership.objects.open().values_list("team__name", "user__name"))
    assert [key for key, number in names.items() if number > 1] == [("运行二值", "张伟")]


def test_somebody_moved_and_somebody_got_another_coefficient():
    former = Membership.objects.exclude(ended_on=None).select_related("user", "team")
    assert {(row.team.name, row.ended_on) for row in former} == {
        ("卸煤班", periods.first_day(PAST[1]) - datetime.timedelta(days=1)),
        ("电气检修班", periods.first_day(PAST[1]) - datetime.timedelta(days=1)),
    }
    assert Membership.objects.open().count() == Membership.objects.count() - 2


def test_every_posted_bonus_pays_out_exactly_its_pool_and_every_settled_one_is_paid():
    posted = Distribution.objects.filter(state__in=Distribution.IN_LEDGER)
    assert Transaction.objects.filter(source__startswith="distribution:").count() == posted.count() == 17
    for distribution in posted.select_related("pool"):
        entries = Transaction.objects.get(source=f"distribution:{distribution.pk}").entries
        received = entries.filter(target_account__user__isnull=False).aggregate(fen=Sum("amount"))["fen"]
        lines = DistributionLine.objects.filter(distribution=distribution).aggregate(fen=Sum("amount"))["fen"]
        assert received == lines == distribution.shared == distribution.pool.amount - distribution.reserve
        assert distribution.reserve == distribution.amount // 20
    assert [balance(f"pool:{team.pk}") for team in Team.objects.all()] == [0] * 9
    settled = posted.filter(state="settled").aggregate(fen=Sum("amount"), reserve=Sum("reserve"))
    assert balance("payroll") == settled["fen"] - settled["reserve"]


def test_a_team_spends_its_reserve_and_one_is_paid_by_the_piece():
    first = Team.objects.get(name="运行一值")
    reserved = Distribution.objects.filter(team=first, state__in=Distribution.IN_LEDGER).aggregate(fen=Sum("reserve"))
    assert balance(f"reserve:{first.pk}") == reserved["fen"] - 20_400 > 0
    today = PieceRecord.objects.filter(date=timezone.localdate())
    assert {(row.team.name, row.state) for row in today} == {("卸煤班", "proposed")}
    assert set(PieceRecord.objects.exclude(pk__in=today).values_list("state", flat=True)) <= {"approved"}


def test_the_members_have_signed_but_for_one_team_whose_month_waits():
    waiting = Distribution.objects.get(state="proposed")
    votes = votes_of([waiting.pk])[waiting.pk]
    assert (waiting.team.name, votes.agreed, votes.objected, votes.short > 0) == ("运行三值", 5, 1, True)
    assert waiting.sign_offs.exclude(kept_by=None).count() == 1
    others = Distribution.objects.exclude(pk=waiting.pk)
    assert all(row.agreed == row.heads for row in votes_of(others.values("pk")).values())


def test_notices_hang_boards_are_signed_and_objections_wait_and_were_right():
    assert (
        Bulletin.objects.filter(kind=Bulletin.Kind.NOTICE).count() == 4
    )  # one of an election, one of a round of honours
    signed = Signature.objects.filter(bulletin__team__name="运行一值", bulletin__period=PAST[1])
    assert Counter(signed.values_list("bulletin__kind", flat=True)).keys() == {"scores", "attendance", "bonus"}
    assert signed.exclude(kept_by=None).count() == 3
    assert not signed.filter(user__employee_no__lt="211007").exists()
    waiting, right = Objection.objects.order_by("number")
    assert (waiting.state, waiting.bulletin.kind, waiting.supports.count()) == ("filed", "bonus", 1)
    assert (right.state, right.bulletin.kind) == ("corrected", "scores")
    late = Check.objects.get(key="demo:late")
    assert (late.period, right.correction_url) == (CURRENT, reverse("assessments:check", args=[late.pk]))
    again = Bulletin.objects.get(revision=2)
    assert (again.kind, again.team, again.period) == ("scores", right.bulletin.team, PAST[1])


def test_titles_of_former_years_tell_their_own_days():
    titles = list(Title.objects.all())
    assert len(titles) == 6
    for title in titles:
        named, later = title.steps.order_by("at")[:2]
        is_over = title.state == Title.State.EXPIRED
        night = title.valid_to + datetime.timedelta(days=1) if is_over else title.rechecks.get().due_on - AHEAD
        assert (timezone.localdate(named.at), timezone.localdate(later.at)) == (title.valid_from, night)


def test_studios_tell_when_they_were_founded_and_named():
    studios = Studio.objects.prefetch_related("steps")
    assert len(studios) == 4
    for studio in studios:
        days = [timezone.localdate(step.at) for step in studio.steps.all()]
        assert days == sorted(days)
        assert days[0] == studio.founded_on
    for title in Title.objects.filter(studio__isnull=False):
        assert timezone.localdate(title.studio.steps.get(state="named").at) == title.valid_from


def test_the_boards_are_chained_and_whole():
    assert [flaw_of(unit) for unit in Unit.objects.all()] == [None] * 4


def test_no_guard_is_missing():
    assert missing(connection) == []


def test_everybody_did_what_is_theirs_to_do():
    """Each act of the trail was done by somebody who may do it there."""
    capabilities = {
        "attendance.saved": "attendance.enter",
        "attendance.confirmed": "attendance.confirm",
        "attendance.approved": "attendance.approve",
        "close.confirmed": "month.close",
        "close.closed": "month.close",
        "pool.set": "bonus.pool",
        "bonus.drafted": "bonus.draft",
        "bonus.proposed": "bonus.draft",
        "bonus.approved": "bonus.approve",
        "bonus.posted": "bonus.post",
        "bonus.settled": "bonus.settle",
        "board.published": "board.publish",
        "finding.voided": "finding.void",
    }
    by_others = (Bulletin.Kind.NOTICE, Bulletin.Kind.POINTS, Bulletin.Kind.CONTEST, Bulletin.Kind.NOMINATION)
    notices = Bulletin.objects.filter(kind__in=by_others).values("pk")
    told = AuditEntry.objects.filter(verb="board.published", object_id__in=notices)
    entries = AuditEntry.objects.filter(verb__in=capabilities).exclude(pk__in=told.values("pk"))
    acts = set(entries.values_list("verb", "actor", "unit"))
    people = User.objects.in_bulk({actor for _, actor, _ in acts})
    assert len(acts) == 9 * 4 + 3 * 6 + 3 * 2 + 1  # leaders, managers and the posts of the plant
    for verb, actor, unit in acts:
        access = access_of(people[actor])
        own = Team.objects.filter(pk__in=access.team_roles, unit=unit).exists()
        assert access.on_unit(capabilities[verb], unit) or (own and access.has(capabilities[verb])), verb


def test_a_late_month_waits_for_the_manager():
    month = AttendanceMonth.objects.get(state=AttendanceMonth.State.CONFIRMED)
    assert (month.team.name, month.period) == ("运行三值", periods.shift(CURRENT, -3))


def test_accounts_cover_every_role():
    roles = {role for account in demo.accounts() for role in access_of(_user(account)).roles}
    assert roles == {
        *("admin", "security", "auditor", "assessor", "manager", "union", "party", "finance"),
        *("leader", "deputy", "safety", "clerk", "union_rep", "worker"),
    }


def _user(account):
    return User.objects.get(employee_no=account.employee_no, name=account.name)


@pytest.mark.parametrize("account", demo.accounts(), ids=lambda account: account.employee_no)
def test_every_account_signs_in_and_sees_the_home_page(client, account):
    form = {"username": account.employee_no, "password": "Banzu-2026"}
    response = client.post(reverse("login"), form, follow=True)
    assert response.redirect_chain == [(reverse("home"), 302)]
    assert account.name in response.text


def test_a_display_hangs_whose_address_is_told_once(plant, client):
    address = re.search(r"/screens/\S+/", plant.told)[0]
    shown = client.get(address)
    assert shown.status_code == 200
    assert str(shown.context["turn"].bulletin) in shown.text


def test_loading_again_if_empty_changes_nothing_and_lists_the_accounts(capsys):
    before = row_counts()
    call_command("load_demo", if_empty=True)
    assert row_counts() == before
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(demo.accounts())
    assert lines[2].split() == ["系统管理员", "100001", "彭志明", "Banzu-2026", "建账号、设单位和班组、导入花名册"]


def test_loading_into_a_database_with_people_is_refused():
    before = row_counts()
    with pytest.raises(CommandError, match="^数据库里已经有人员，演示数据只能装进空的数据库。"):
        call_command("load_demo")
    assert row_counts() == before


def test_a_real_plant_is_not_told_demo_passwords(plant, capsys):
    plant.name = "别的厂"
    plant.save()
    call_command("load_demo", if_empty=True)
    assert capsys.readouterr().out == ""


def test_this_month_has_an_award_that_counts_and_a_deduction_that_waits():
    states = Adjustment.objects.filter(period=CURRENT).order_by("pk").values_list("state", "amount")
    assert list(states) == [("approved", 5000), ("proposed", -3000)]

"""Running scores on demand: once a minute, through the worker, never of a settled month; and the own score page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import tasks
from assessments.errors import AssessmentError, StaleState
from assessments.models import MonthClose, TeamScore
from assessments.services import closes, conditions
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(monkeypatch):
    monkeypatch.setattr("teams.periods.current_period", lambda: PERIOD)


@pytest.fixture
def asked(monkeypatch):
    calls = []
    monkeypatch.setattr(tasks.refresh_unit, "delay", lambda *args: calls.append(args))
    return calls


@pytest.fixture
def team():
    return make.make_ready_unit(teams=1).teams.get()


def request(team, period=PERIOD):
    closes.request_refresh(team.unit, period, actor=None)


def close_of(team):
    return closes.close_of(team.unit, PERIOD)


def rows():
    return AuditEntry.objects.filter(verb="close.refreshed").count()


def test_a_request_is_answered_by_the_worker(team):
    request(team)
    assert closes.is_refreshing(close_of(team))
    tasks.refresh_unit(team.unit_id, PERIOD)
    assert TeamScore.objects.get(team=team).score == 9850
    assert not closes.is_refreshing(close_of(team))
    assert (close_of(team).state, close_of(team).job, rows()) == ("open", "idle", 1)


def test_a_second_request_within_the_minute_is_refused_and_later_taken(team):
    request(team)
    with pytest.raises(StaleState, match="一分钟后才能再刷新"):
        request(team)
    assert rows() == 1
    MonthClose.objects.update(requested_at=timezone.now() - timedelta(seconds=61))
    request(team)
    assert rows() == 2


@pytest.mark.parametrize("settle", [make.compute_month, make.close_month])
def test_nobody_refreshes_a_settled_month(team, settle):
    close = settle(team.unit)
    MonthClose.objects.filter(pk=close.pk, state="computed").update(requested_at=None)
    with pytest.raises(StaleState, match=f"这个月的得分{close.get_state_display()}，不再刷新"):
        request(team)
    assert rows() == 0


@pytest.mark.parametrize("period", [202608, 202611, 209912])
def test_months_that_do_not_run_are_refused_and_leave_no_row(team, period):
    with pytest.raises(AssessmentError, match="只有本月和上个月"):
        request(team, period)
    assert not MonthClose.objects.filter(period=period).exists()


def test_without_a_standard_there_is_nothing_to_refresh():
    with pytest.raises(AssessmentError, match="没有执行中的考核标准"):
        request(make.make_team())


def test_a_month_that_is_being_computed_is_left_to_its_worker(team):
    close = close_of(team)
    closes.request_computation(close, actor=None)
    with pytest.raises(StaleState):
        request(team)
    assert closes.compute(close.pk)


def test_what_the_broker_lost_is_found_by_the_sweep_once(team, asked):
    request(team)
    tasks.sweep_closes()
    assert asked == [(team.unit_id, PERIOD)]
    tasks.refresh_unit(team.unit_id, PERIOD)
    tasks.sweep_closes()
    assert len(asked) == 1


def test_a_broker_out_of_reach_harms_nobody(monkeypatch, caplog):
    monkeypatch.setattr(tasks.refresh_unit, "delay", lambda *args: 1 / 0)
    tasks.wake_refresh(7, PERIOD)
    assert "the sweep will refresh unit 7" in caplog.text


def test_what_cannot_be_scored_is_said_and_stops_neither_the_sweep_nor_the_night(team, asked):
    make.leave_nothing_to_score(team)
    other = make.make_ready_unit(teams=1)
    request(team)
    tasks.refresh_running_scores()
    assert close_of(team).problem == f"得分没有更新：{team.name}没有一条小项适用，无法计分。"
    assert TeamScore.objects.filter(close__unit=other).exists()
    tasks.sweep_closes()
    assert asked == []
    conditions.set_not_applicable(team, PERIOD, [make.criterion(team, "1.1")], actor=None)
    tasks.refresh_running_scores()
    assert (close_of(team).problem, close_of(team).job) == ("", "idle")


def test_a_member_refreshes_from_the_page_and_sees_it_happen(client, team, asked):
    client.force_login(team.memberships.filter(role="worker").first().user)
    page = reverse("assessments:score", args=[team.pk, PERIOD])
    assert "立即刷新" in client.get(page).content.decode()
    shown = client.post(reverse("assessments:score-refresh", args=[team.pk, PERIOD]), follow=True).content.decode()
    assert asked == [(team.unit_id, PERIOD)]
    assert "正在按最新的记录重算" in shown
    assert "后台服务没有回应" not in shown
    assert "立即刷新" not in shown
    progress = reverse("assessments:score-progress", args=[team.pk, PERIOD])
    assert "HX-Refresh" not in client.get(progress)
    tasks.refresh_unit(team.unit_id, PERIOD)
    assert client.get(progress)["HX-Refresh"] == "true"
    refreshed = client.get(page).content.decode()
    assert "98.50" in refreshed
    assert 'disabled><i class="bi bi-arrow-clockwise" aria-hidden="true"></i>刚刷新过，一分钟后可再刷新' in refreshed
    MonthClose.objects.update(requested_at=timezone.now() - timedelta(seconds=61))
    assert "立即刷新" in client.get(page).content.decode()


def test_a_closed_month_has_no_button(client, team):
    make.close_month(team.unit)
    client.force_login(team.memberships.filter(role="worker").first().user)
    assert "立即刷新" not in client.get(reverse("assessments:score", args=[team.pk, PERIOD])).content.decode()


# -- The own score -----------------------------------------------------------------------------------------------------


def own_page(client, user):
    client.force_login(user)
    return client.get(reverse("assessments:own-score", args=[PERIOD])).content.decode()


def test_the_own_score_adds_up_from_the_base_line_by_line(client, team):
    worker, other = (row.user for row in team.memberships.filter(role="worker"))
    make.file_findings(team, ("2.1", -150, worker), ("2.2", -100, other), day=6)
    closes.refresh_running(team.unit, PERIOD)
    page = own_page(client, worker)
    assert "100.00" in page
    assert "−1.5" in page
    assert "98.50" in page
    assert "2.1 巡检" in page
    assert "2.2 缺陷" not in page
    assert "<dt>出勤</dt><dd>5 <small>天" in page


def test_a_score_kept_in_bounds_says_so(client, team):
    worker = team.memberships.filter(role="worker").first().user
    for _ in range(4):
        make.file_findings(team, (None, 600, worker))
    closes.refresh_running(team.unit, PERIOD)
    page = own_page(client, worker)
    assert "最低 0 分、最高 120 分" in page
    assert "−4</span>" in page
    assert "120.00" in page


def test_months_before_are_listed_also_those_of_another_team(client, team):
    worker = team.memberships.filter(role="worker").first().user
    former = make.make_ready_unit(202609, teams=1).teams.get()
    make.make_member(
        former, user=worker, started_on=make.datetime.date(2026, 9, 1), ended_on=make.datetime.date(2026, 9, 9)
    )
    closes.refresh_running(former.unit, 202609)
    page = own_page(client, worker)
    assert "2026年9月" in page
    assert former.name in page
    assert "没有得分" in page


def test_nobody_sees_the_score_of_another(client, team):
    closes.refresh_running(team.unit, PERIOD)
    assert "这个月还没有您的得分" in own_page(client, make.give_role(team.unit, "manager"))


def test_a_refresh_that_no_worker_takes_up_says_so(client, team, asked):
    request(team)
    MonthClose.objects.update(requested_at=timezone.now() - timedelta(seconds=31))
    client.force_login(team.memberships.filter(role="worker").first().user)
    assert (
        "后台服务没有回应" in client.get(reverse("assessments:score-progress", args=[team.pk, PERIOD])).content.decode()
    )


def test_a_computation_that_no_worker_takes_up_says_so(client, team):
    closes.request_computation(close_of(team), actor=None)
    client.force_login(make.give_role(team.unit, "assessor"))
    pages = [
        reverse("assessments:close-progress", args=[team.unit_id, PERIOD]),
        reverse("assessments:close-list-progress", args=[PERIOD]),
    ]
    assert ["后台服务没有回应" in client.get(page).content.decode() for page in pages] == [False, False]
    MonthClose.objects.update(requested_at=timezone.now() - timedelta(seconds=31))
    said = "后台服务没有回应。服务恢复后会自动接着算"
    assert [said in client.get(page).content.decode() for page in pages] == [True, True]


def test_the_lines_of_one_person_are_read_alone(client, team):
    make.file_findings(team, ("2.1", -100, team.memberships.filter(role="worker").first().user))
    make.compute_month(team.unit)
    member = team.memberships.filter(role="worker").first().user
    client.force_login(member)
    page = reverse("assessments:score", args=[team.pk, PERIOD])
    assert f'<a href="?person={member.pk}#lines">' in client.get(page).content.decode()
    alone = client.get(page, {"person": member.pk})
    assert [line["person"] for line in alone.context["lines"]] == [member.pk]
    assert f"记到{member.name}的记录" in alone.content.decode()
    for nobody in ("0", "x", "9" * 30):
        assert len(client.get(page, {"person": nobody}).context["lines"]) == 3

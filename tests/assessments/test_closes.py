"""The monthly close as a state machine: every state under every verb, and what a worker may and may not store."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import results, tasks
from assessments.errors import AssessmentError, StaleState
from assessments.inputs import fingerprint
from assessments.models import Finding, MemberScore, MonthClose, NotApplicable, TeamScore, Veto
from assessments.services import checks, closes, conditions
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
CLOSED_MONTH = (
    "已(确认|关账)，不能再登记。(查到的请考核员勾选“迟到的记录”登记"
    "|要改不适用和一票否决，先在月结里取消确认|不适用和一票否决关账以后不能再改)。$"
)


def set_row(close, **fields):
    MonthClose.objects.filter(pk=close.pk).update(**fields)


def minutes(number):
    return timezone.now() + timedelta(minutes=number)


def snapshot(close):
    """Everything that a refused verb must leave alone."""
    return [
        list(MonthClose.objects.filter(pk=close.pk).values()),
        list(TeamScore.objects.filter(close=close).order_by("pk").values()),
        list(MemberScore.objects.filter(close=close).order_by("pk").values()),
        AuditEntry.objects.count(),
    ]


# -- Every state × every verb -------------------------------------------------------------------------------------------


def queued(close):
    closes.request_computation(close, actor=None)


def running(close):
    queued(close)
    set_row(close, job="running", attempts=1, lease_until=minutes(1))


def stalled(close):
    queued(close)
    set_row(close, job="running", attempts=1, lease_until=minutes(-1))


def computed(close):
    queued(close)
    closes.compute(close.pk)


def confirmed(close):
    computed(close)
    closes.confirm(close, actor=None)


def closed(close):
    confirmed(close)
    closes.finish(close, actor=None)


def computed_and_queued(close):
    computed(close)
    queued(close)


STATES = {
    "open": lambda close: None,
    "failed": lambda close: set_row(close, job="failed", problem="断电"),
    "queued": queued,
    "running": running,
    "stalled": stalled,
    "computed": computed,
    "computed and queued": computed_and_queued,
    "confirmed": confirmed,
    "closed": closed,
}
VERBS = {
    "request": lambda close: closes.request_computation(close, actor=None),
    "compute": lambda close: closes.compute(close.pk),
    "refresh": lambda close: closes.refresh_running(close.unit, close.period),
    "confirm": lambda close: closes.confirm(close, actor=None),
    "take back": lambda close: closes.take_back(close, actor=None),
    "finish": lambda close: closes.finish(close, actor=None),
}
MOVES = {
    ("open", "request"): ("open", "queued"),
    ("failed", "request"): ("open", "queued"),
    ("computed", "request"): ("computed", "queued"),
    ("queued", "compute"): ("computed", "idle"),
    ("stalled", "compute"): ("computed", "idle"),
    ("computed and queued", "compute"): ("computed", "idle"),
    ("open", "refresh"): ("open", "idle"),
    ("failed", "refresh"): ("open", "failed"),
    ("computed", "confirm"): ("confirmed", "idle"),
    ("confirmed", "take back"): ("computed", "idle"),
    ("confirmed", "finish"): ("closed", "idle"),
}
QUIET = {"compute", "refresh"}
"""Verbs of the machine: where there is nothing to do they do nothing, without a word."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_moves_the_month_or_is_refused_and_changes_nothing(state, verb):
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    STATES[state](close)
    close.refresh_from_db()
    before = snapshot(close)
    if (state, verb) in MOVES:
        VERBS[verb](close)
        close.refresh_from_db()
        assert (close.state, close.job) == MOVES[state, verb]
        assert snapshot(close) != before
    elif verb in QUIET:
        assert VERBS[verb](close) is False
        assert snapshot(close) == before
    else:
        with pytest.raises(StaleState):
            VERBS[verb](close)
        assert snapshot(close) == before


# -- What stands in the way ---------------------------------------------------------------------------------------------


def test_a_unit_without_teams_is_not_computed():
    unit = make.make_unit("空车间")
    assert closes.obstacles(unit, PERIOD) == ["空车间在2026年10月没有班组。"]


def test_a_month_without_standard_and_attendance_says_both():
    unit = make.make_unit()
    for name in ("甲班", "乙班", "丙班"):
        make.make_team(unit, name)
    make.approve_attendance(unit.teams.get(name="乙班"))
    sentences = [
        "2026年10月没有执行中的考核标准，请先在“考核标准”里启用一个。",
        "考勤还没有审批的班组：甲班、丙班。请班组长确认、单位负责人审批后再计算。",
    ]
    assert closes.obstacles(unit, PERIOD) == sentences
    with pytest.raises(AssessmentError) as refused:
        closes.request_computation(closes.close_of(unit, PERIOD), actor=None)
    assert str(refused.value) == " ".join(sentences)


def test_nothing_stands_in_the_way_of_a_complete_month():
    assert closes.obstacles(make.make_ready_unit(), PERIOD) == []


def test_a_team_without_any_applicable_criterion_fails_with_a_sentence_that_names_it_and_can_be_corrected():
    unit = make.make_ready_unit(teams=1)
    team = unit.teams.get()
    make.leave_nothing_to_score(team)
    close = make.compute_month(unit)
    assert (close.state, close.job, close.problem) == (
        "open",
        "failed",
        (
            "计算没有完成，数据没有任何改动；请改正后重新计算，仍不成功请联系管理员。"
            f"原因：{team.name}没有一条小项适用，无法计分。"
        ),
    )
    conditions.set_not_applicable(team, PERIOD, [make.criterion(team, "1.1")], actor=None)
    assert make.compute_month(unit).state == "computed"


# -- The figures --------------------------------------------------------------------------------------------------------


def scores(close):
    return (
        list(
            TeamScore.objects.filter(close=close).order_by("team").values("team_id", "score", "grade", "rank", "lines")
        ),
        list(MemberScore.objects.filter(close=close).order_by("user").values("user_id", "score", "codes", "overtime")),
    )


def test_computing_twice_changes_nothing():
    unit = make.make_ready_unit()
    close = make.compute_month(unit)
    first = close.inputs_hash, scores(close)
    close = make.compute_month(unit)
    assert (close.inputs_hash, scores(close)) == first


def test_the_stored_scores_follow_from_the_frozen_inputs_alone():
    close = make.compute_month(make.make_ready_unit())
    assert fingerprint(close.inputs) == close.inputs_hash
    stored = TeamScore.objects.filter(close=close).values(*results.team_rows(close.inputs)[0])
    assert sorted(stored, key=lambda row: row["team_id"]) == results.team_rows(close.inputs)
    members = MemberScore.objects.filter(close=close).values(*results.member_rows(close.inputs)[0])
    assert sorted(members, key=lambda row: row["user_id"]) == sorted(
        results.member_rows(close.inputs), key=lambda row: row["user_id"]
    )


def test_a_fact_after_computing_must_be_computed_before_anybody_confirms():
    unit = make.make_ready_unit(teams=1)
    close = make.compute_month(unit)
    make.file_findings(unit.teams.get(), ("2.1", -100, None))
    with pytest.raises(AssessmentError, match="计算之后又有登记或改动"):
        closes.confirm(close, actor=None)
    close = make.compute_month(unit)
    closes.confirm(close, actor=None)
    # 20 points, lost 0.5 (first sheet) and 1: 18.5 / 20 = 92.5, plus 1 awarded.
    assert TeamScore.objects.get(close=close).score == 9350


def test_a_fact_that_slips_in_after_confirming_stops_the_close():
    unit = make.make_ready_unit(teams=1)
    close = make.compute_month(unit)
    closes.confirm(close, actor=None)
    Veto.objects.create(team=unit.teams.get(), period=PERIOD, reason="迟到的事故")
    with pytest.raises(AssessmentError, match="计算之后又有登记或改动"):
        closes.finish(close, actor=None)
    close.refresh_from_db()
    assert (close.state, close.version.state) == ("confirmed", "in_force")


@pytest.mark.parametrize("settle", [closes.confirm, closes.finish])
def test_nobody_settles_scores_that_the_page_did_not_show(settle):
    unit = make.make_ready_unit(teams=1)
    seen = make.compute_month(unit).inputs_hash
    make.file_findings(unit.teams.get(), ("2.1", -100, None))
    close = make.compute_month(unit)
    if settle is closes.finish:
        closes.confirm(close, actor=None)
    for shown in (seen, ""):
        with pytest.raises(StaleState, match="得分又重新算过。请看过新的得分再办。$"):
            settle(close, actor=None, seen=shown)
    settle(close, actor=None, seen=close.inputs_hash)
    assert close.state == {closes.confirm: "confirmed", closes.finish: "closed"}[settle]


def test_closing_freezes_the_standard():
    close = make.close_month(make.make_ready_unit())
    close.version.refresh_from_db()
    assert close.version.state == "frozen"


# -- Facts after the month was settled -----------------------------------------------------------------------------------


@pytest.mark.parametrize("settle", [confirmed, closed])
def test_no_fact_enters_a_settled_month(settle):
    unit = make.make_ready_unit(teams=1)
    team, close = unit.teams.get(), closes.close_of(unit, PERIOD)
    veto = conditions.add_veto(team, PERIOD, "违章", actor=None)
    settle(close)
    before = [model.objects.count() for model in (Finding, NotApplicable, Veto)]
    for attempt in (
        lambda: make.file_findings(team, ("1.1", -50, None)),
        lambda: checks.void_finding(Finding.objects.first(), "记错了", actor=None),
        lambda: conditions.set_not_applicable(team, PERIOD, [make.criterion(team, "1.1")], actor=None),
        lambda: conditions.add_veto(team, PERIOD, "事故", actor=None),
        lambda: conditions.remove_veto(veto, actor=None),
    ):
        with pytest.raises(AssessmentError, match=CLOSED_MONTH):
            attempt()
    assert [model.objects.count() for model in (Finding, NotApplicable, Veto)] == before
    assert Finding.objects.valid().count() == 2


def test_taken_back_the_month_takes_facts_again():
    unit = make.make_ready_unit(teams=1)
    close = closes.close_of(unit, PERIOD)
    confirmed(close)
    closes.take_back(close, actor=None)
    make.file_findings(unit.teams.get(), ("1.2", -100, None))
    assert make.compute_month(unit).inputs["teams"][0]["findings"][-1]["points"] == -100


# -- Leases -------------------------------------------------------------------------------------------------------------


FORGED = '{"forged":true}'


def test_a_run_whose_lease_passed_to_another_stores_nothing():
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    queued(close)
    stale = closes._claim(close.pk)
    set_row(close, lease_until=minutes(-1))
    assert closes._claim(close.pk).attempts == 2
    before = snapshot(close)
    assert closes._store(stale, stale.version, FORGED, None, ([], [])) is False
    closes._fail(stale, "不该出现")
    assert snapshot(close) == before


def test_a_run_of_an_earlier_request_stores_nothing_even_at_the_same_attempt():
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    queued(close)
    stale = closes._claim(close.pk)
    set_row(close, lease_until=minutes(-1))
    closes.compute(close.pk)
    queued(close)
    current = closes._claim(close.pk)
    assert (stale.attempts, current.attempts) == (1, 1)
    before = snapshot(close)
    assert closes._store(stale, stale.version, FORGED, None, ([], [])) is False
    assert snapshot(close) == before


def test_the_fifth_run_parks_the_month_with_a_sentence():
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    queued(close)
    for _ in range(closes.MAX_ATTEMPTS):
        assert closes._claim(close.pk) is not None
        set_row(close, lease_until=minutes(-1))
    assert closes.compute(close.pk) is False
    close.refresh_from_db()
    assert (close.state, close.job, close.problem) == (
        "open",
        "failed",
        "计算多次中断，已停止重试。请联系管理员查看日志后重新计算。",
    )
    assert make.compute_month(close.unit).state == "computed"


def test_a_fault_nobody_foresaw_is_noted_and_raised(monkeypatch):
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    queued(close)
    monkeypatch.setattr(results, "member_rows", lambda inputs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        closes.compute(close.pk)
    close.refresh_from_db()
    assert (close.state, close.job, TeamScore.objects.count()) == ("open", "failed", 0)
    assert close.problem.endswith("原因：division by zero")


# -- Tasks --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def woken(monkeypatch):
    ids = []
    monkeypatch.setattr(tasks.compute_close, "delay", ids.append)
    return ids


def test_the_task_may_run_as_often_as_it_likes():
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    queued(close)
    tasks.compute_close(close.pk)
    before = snapshot(close)
    tasks.compute_close(close.pk)
    tasks.compute_close(10**9)
    assert snapshot(close) == before


def test_the_sweep_sends_again_what_waits_or_stalled_and_nothing_else(woken):
    made = {state: closes.close_of(make.make_ready_unit(teams=1), PERIOD) for state in STATES}
    for state, close in made.items():
        STATES[state](close)
    tasks.sweep_closes()
    assert sorted(woken) == sorted(made[state].pk for state in ("queued", "stalled", "computed and queued"))


def test_a_broker_out_of_reach_harms_nobody(monkeypatch, caplog):
    monkeypatch.setattr(tasks.compute_close, "delay", lambda pk: 1 / 0)
    tasks.wake(7)
    assert "the sweep will pick up close 7" in caplog.text


def test_on_the_first_every_unit_is_asked_for_its_past_month(woken, monkeypatch):
    ready, waiting = make.make_ready_unit(), make.make_team().unit
    monkeypatch.setattr("teams.periods.current_period", lambda: 202611)
    tasks.request_past_month()
    tasks.request_past_month()
    assert woken == [closes.close_of(ready, PERIOD).pk]
    assert closes.close_of(waiting, PERIOD).problem.endswith(
        "自动计算没有开始：" + " ".join(closes.obstacles(waiting, PERIOD))
    )


def test_every_night_the_running_scores_follow_the_facts(monkeypatch):
    unit = make.make_ready_unit(teams=1)
    monkeypatch.setattr("teams.periods.current_period", lambda: PERIOD)
    tasks.refresh_running_scores()
    make.file_findings(unit.teams.get(), ("2.1", -100, None))
    tasks.refresh_running_scores()
    # 20 points, lost 0.5 and 1: 18.5 / 20 = 92.5, plus 1 awarded.
    assert TeamScore.objects.get(team=unit.teams.get(), period=PERIOD).score == 9350
    assert closes.close_of(unit, PERIOD).state == "open"

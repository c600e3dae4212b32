"""Twenty people press the same button at the same moment: it happens once, and everybody else is told so politely.

Each race has its control, the same deed written the naive way (look first, then act), which must happen more than once.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.errors import AlreadyFiled
from assessments.models import Ballot, BallotGiven, Check, CheckPlan, Finding, MonthClose
from assessments.plans import draws
from assessments.services import appraisals, checks, closes, plans
from bulletins.models import Bulletin
from incentives.models import Transaction
from incentives.services import approvals, ledger, publishing
from teams import audit, periods
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry
from teams.services import roster
from tests import factories as make
from tests.appraisals import make_round, scores
from tests.data import CASE
from tests.factories import PERIOD
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)
POSTGRES = connection.vendor == "postgresql"
THREADS = 20
MONEY_THREADS = 50
"""How many press where money is at stake."""


@dataclass
class Race:
    """`prepare` makes the subject, `deed` is raced, `effects` counts what it left; `naive` is the control."""

    prepare: Any
    deed: Any
    naive: Any
    effects: Any
    refusal: str
    runners: int = THREADS


def trail(verb):
    return lambda subject: AuditEntry.objects.filter(verb=verb).count()


def look_then_act(field, old, new, verb, **others):
    """The naive way: read the state, think for a moment, write the new one."""

    def deed(row):
        with transaction.atomic():
            row.refresh_from_db()
            if getattr(row, field) not in old:
                raise StaleState
            time.sleep(0.2)
            for name, value in {field: new, **others}.items():
                setattr(row, name, value)
            row.save()
            audit.record(verb, row, actor=None)

    return deed


def ready_close():
    return closes.close_of(make.make_ready_unit(teams=1), PERIOD)


def computed_close():
    return make.compute_month(make.make_ready_unit(teams=1))


def proposed():
    return make.propose_bonus(make.make_closed_team().team)


def approved():
    row = proposed()
    approvals.approve(row, actor=None)
    return row


def post_naively(row):
    with transaction.atomic():
        if Transaction.objects.filter(memo="绩效奖金").exists():
            raise StaleState
        time.sleep(0.05)
        movement = (ledger.company_account(), ledger.pool_account(row.team), row.amount)
        source = f"naive:{threading.get_ident()}"
        ledger.post(source, [movement], period=row.period, memo="绩效奖金", actor=None)


def settle_naively(row):
    with transaction.atomic():
        if Transaction.objects.filter(memo="发放").exists():
            raise StaleState
        time.sleep(0.05)
        accounts = ledger.member_accounts([line.user for line in row.lines.select_related("user")])
        movements = [(account, ledger.payroll_account(), 1) for account in accounts.values()]
        source = f"naive:{threading.get_ident()}"
        ledger.post(source, movements, period=row.period, memo="发放", actor=None)


def staged_roster():
    with (CASE / "roster.xlsx").open("rb") as file:
        first = periods.first_day(PERIOD)
        return roster.stage_roster(file, root=make.make_unit(), effective_on=first, actor=None)


RACES = {
    "request": Race(
        ready_close,
        lambda row: closes.request_computation(row, actor=None),
        look_then_act("job", ["idle"], "queued", "close.requested"),
        trail("close.requested"),
        "这个月正在计算，或者已经确认。请刷新页面再看。",
    ),
    "confirm": Race(
        computed_close,
        lambda row: closes.confirm(row, actor=None),
        look_then_act("state", ["computed"], "confirmed", "close.confirmed"),
        trail("close.confirmed"),
        "这个月刚刚有人办过，状态已经变了。请看过现在的状态再办。",
    ),
    "approve": Race(
        proposed,
        lambda row: approvals.approve(row, actor=None),
        look_then_act("state", ["proposed"], "approved", "bonus.approved", approved_at=timezone.now()),
        trail("bonus.approved"),
        "这条记录刚刚被别人改过了，请刷新页面再看。",
        MONEY_THREADS,
    ),
    "post": Race(
        approved,
        lambda row: approvals.post(row, actor=None),
        post_naively,
        lambda row: Transaction.objects.count(),
        "这条记录刚刚被别人改过了，请刷新页面再看。",
        MONEY_THREADS,
    ),
    "settle": Race(
        lambda: make.post_bonus(make.make_closed_team().team),
        lambda row: approvals.settle(row, paid_on=timezone.localdate(), actor=None),
        settle_naively,
        lambda row: Transaction.objects.filter(memo__endswith="发放").count(),
        "这条记录刚刚被别人改过了，请刷新页面再看。",
        MONEY_THREADS,
    ),
    "propose": Race(
        lambda: make.make_bonus(make.make_closed_team().team),
        lambda row: approvals.propose(row, actor=None),
        look_then_act("state", ["draft"], "proposed", "bonus.proposed"),
        trail("bonus.proposed"),
        "这条记录刚刚被别人改过了，请刷新页面再看。",
    ),
    "import": Race(
        staged_roster,
        lambda row: roster.apply_roster(row, actor=None, without_bad_rows=True),
        look_then_act("state", ["previewed"], "applied", "roster.imported"),
        trail("roster.imported"),
        "这份花名册已经导入或放弃了，不用再确认一次。",
    ),
}


@pytest.mark.parametrize("name", RACES)
def test_what_many_press_at_once_happens_once(name):
    case = RACES[name]
    subject = case.prepare()
    told = race(case.deed, subject, case.runners)
    assert told == ["done", *[f"polite: {case.refusal}"] * (case.runners - 1)]
    assert case.effects(subject) == 1


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets only one transaction at a time begin")
@pytest.mark.broken_ledger
@pytest.mark.parametrize("name", RACES)
def test_control_the_naive_way_it_happens_more_than_once(name):
    case = RACES[name]
    subject = case.prepare()
    outcomes = race(case.naive, subject, case.runners)
    assert case.effects(subject) == outcomes.count("done") > 1


# -- Deeds that give the later ones the same answer ---------------------------------------------------------------------


def posted():
    row = approved()
    approvals.post(row, actor=None)
    return row


def publish(row):
    publishing.publish_month(row.team, row.period, actor=None)


def test_what_many_post_on_the_wall_at_once_hangs_once():
    assert race(publish, posted()) == ["done"] * THREADS
    assert sorted(Bulletin.objects.values_list("kind", "revision")) == [("attendance", 1), ("bonus", 1), ("scores", 1)]


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets only one transaction at a time begin")
def test_control_without_the_lock_the_database_has_to_step_in(monkeypatch):
    """Whether two of them meet is chance, so it is tried until they do."""
    subjects = []

    def steps_in():
        subjects.append(posted())
        return any("IntegrityError" in outcome for outcome in race(publish, subjects[-1]))

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    assert any(steps_in() for _ in range(20))
    assert Bulletin.objects.count() == 3 * len(subjects)


def test_a_sheet_sent_many_times_at_once_is_stored_once():
    team = make.make_ready_unit(teams=1).teams.get()
    item, day = make.criterion(team, "2.1"), periods.first_day(PERIOD)

    def send(team):
        deviations = [checks.Deviation(item, -100)]
        checks.file_check(team, kind="spot", date=day, deviations=deviations, key="phone-1", actor=None)

    assert race(send, team) == ["done"] * THREADS
    assert trail("check.filed")(team) == 2  # this one and that of make_ready_unit


def test_two_self_checks_of_a_shift_are_never_both_stored():
    team, day = make.make_ready_unit(teams=1).teams.get(), periods.first_day(PERIOD)

    def send(team):
        key = f"phone-{threading.get_ident()}"
        checks.file_check(team, kind="self", date=day, deviations=[], key=key, actor=None)

    outcomes = race(send, team)
    sentence = f"polite: {AlreadyFiled(Check.objects.get(team=team, kind='self'))}"
    assert outcomes == ["done", *[sentence] * (THREADS - 1)]


def ballots_of_one():
    """(a leader in a round, the deed of one member who votes); the member is the same in every thread."""
    team = make.make_team()
    make.make_member(team, "leader")
    voter = make.make_member(team)
    about = make_round(team.unit).leaders.get()
    return about, lambda row: appraisals.vote(row, scores(row), "", actor=voter), voter


def test_a_ballot_given_many_times_at_once_is_counted_once():
    about, vote, _ = ballots_of_one()
    refusal = "polite: 您已经测评过了。每人一次，交了不能改。"
    assert race(vote, about) == ["done", *[refusal] * (THREADS - 1)]
    assert (Ballot.objects.count(), trail("appraisal.voted")(about)) == (1, 1)


def test_control_a_ballot_given_the_naive_way_is_counted_more_than_once():
    about, _, voter = ballots_of_one()

    def look_then_vote(row):
        if BallotGiven.objects.filter(about=row, user=voter).exists():
            raise StaleState
        time.sleep(0.05)
        Ballot.objects.create(about=row, scores=scores(row))

    race(look_then_vote, about)
    assert Ballot.objects.count() > 1


def draw_spot(unit):
    plans.draw_spot_checks(unit, plans.monday_of(timezone.localdate()), number=1, actor=None)


def drawn_spot_checks():
    return CheckPlan.objects.filter(kind="spot").count()


def test_a_week_drawn_many_times_at_once_is_drawn_once():
    unit = make.make_ready_unit(teams=2)
    unit.teams.update(shift_pattern="rotating")
    assert race(draw_spot, unit) == ["done"] * THREADS
    assert (drawn_spot_checks(), trail("plan.drawn")(unit)) == (2, 1)


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets only one transaction at a time begin")
def test_control_without_the_lock_a_week_is_drawn_more_than_once_or_breaks_off(monkeypatch):
    def slowly(*args):
        time.sleep(0.05)
        return at_once(*args)

    unit, at_once = make.make_ready_unit(teams=2), draws.days
    unit.teams.update(shift_pattern="rotating")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    monkeypatch.setattr(draws, "days", slowly)
    told = race(draw_spot, unit)
    assert (told, trail("plan.drawn")(unit)) != (["done"] * THREADS, 1)


def test_a_month_sent_to_many_workers_is_computed_once():
    close = ready_close()
    closes.request_computation(close, actor=None)
    assert race(lambda row: closes.compute(row.pk), close, runners=50) == ["done"] * 50
    assert trail("close.computed")(close) == 1
    assert MonthClose.objects.get(pk=close.pk).attempts == 1


def test_a_month_closed_by_fifty_people_at_once_is_closed_once():
    close = computed_close()
    closes.confirm(close, actor=None)
    outcomes = race(lambda row: closes.finish(row, actor=None), close, runners=50)
    assert outcomes.count("done") == 1
    assert {outcome for outcome in outcomes if outcome != "done"} == {
        "polite: 这个月刚刚有人办过，状态已经变了。请看过现在的状态再办。"
    }
    assert trail("close.closed")(close) == 1


def test_opening_the_same_month_many_times_at_once_makes_one_row():
    unit = make.make_ready_unit(teams=1)
    assert race(lambda row: closes.close_of(row, PERIOD), unit) == ["done"] * THREADS
    assert MonthClose.objects.filter(unit=unit).count() == 1


# -- Facts against the close --------------------------------------------------------------------------------------------


def test_whatever_was_stored_while_the_month_was_being_closed_is_in_its_scores():
    close = computed_close()
    team, day, turns = close.unit.teams.get(), periods.first_day(PERIOD), count()

    def finish(row):
        """Confirm and close as soon as nothing came in since the last computation."""
        while row.state != "closed":
            with suppress(TeamError):
                closes.confirm(row, actor=None)
                closes.finish(row, actor=None)
                return
            closes.request_computation(row, actor=None)
            closes.compute(row.pk)

    def file(row):
        for number in range(3):
            key = f"phone-{threading.get_ident()}-{number}"
            checks.file_check(team, kind="spot", date=day, deviations=[checks.Deviation(None, 1)], key=key, actor=None)

    outcomes = race(lambda row: file(row) if next(turns) else finish(row), close)
    refusals = {
        f"polite: {team}2026年10月{word}，不能再登记。查到的请考核员勾选“迟到的记录”登记。"
        for word in ("已确认", "已关账")
    }
    assert set(outcomes) <= {"done", *refusals}
    close.refresh_from_db()
    assert close.state == "closed"
    counted = {finding["id"] for finding in close.inputs["teams"][0]["findings"]}
    assert counted == set(Finding.objects.valid().filter(team=team).values_list("pk", flat=True))

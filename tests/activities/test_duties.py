"""Duties are raised by the calendar once, done by doing the thing itself, and missed when their grace has run out."""

import datetime

import pytest
from django.utils import timezone

from activities import selectors
from activities.duties import DAY, RECTIFICATION, SELF_CHECK, Occasion
from activities.models import Duty, DutyRule
from activities.services import duties
from activities.services.rules import set_rules
from assessments.models import Check
from assessments.services import checks
from teamhub.tasks import keep_duties
from teams.errors import StaleState, TeamError
from teams.models import Attendance, AttendanceMonth, AuditEntry, Team, WorkDay
from teams.services import attendance
from tests import factories as make
from tests.races import at_once, race

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 10, 9)
NATIONAL_DAY = datetime.date(2026, 10, 1)
LAST = datetime.date(2026, 10, 31)


def at(day, hour=8):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


@pytest.fixture
def clock(monkeypatch):
    """Sets today: the Beijing date and the moment, eight in the morning."""

    def turn(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(day))

    turn(FRIDAY)
    return turn


def states(team, kind="self_check"):
    """{day of the month of the due date: state}."""
    return {duty.due_on.day: duty.state for duty in Duty.objects.filter(team=team, kind=kind)}


def self_check(team, day, shift="day"):
    key = f"{team.pk} {day} {shift}"
    leader = team.memberships.get(role="leader").user
    facts = {"kind": Check.Kind.SELF, "date": day, "shift": shift, "deviations": [], "key": key}
    return checks.file_check(team, actor=leader, checker=leader, **facts)


@pytest.fixture
def team():
    """A team on day shift with a leader, under the small standard."""
    unit = make.make_unit()
    make.make_standard(unit)
    team = make.make_team(unit)
    Team.objects.filter(pk=team.pk).update(shift_pattern="day")
    make.make_member(team, "leader")
    return Team.objects.get(pk=team.pk)


# -- Raising ------------------------------------------------------------------------------------------------------------


def test_a_day_is_raised_once_however_often_it_is_asked_for(team):
    assert [duties.raise_due(FRIDAY) for _ in range(2)] == [1, 0]
    duty = Duty.objects.get()
    assert (duty.source, duty.title) == (f"self_check:{team.pk}:2026-10-09", "10月9日自查")
    assert (duty.team, duty.unit, duty.period, duty.state) == (team, team.unit, 202610, "open")


def test_a_team_on_day_shift_is_not_asked_on_holidays_and_days_of_a_shutdown(team):
    rotating = make.make_team(team.unit)
    WorkDay.objects.create(date=FRIDAY, is_workday=False, note="停产检修")
    for number in range(10):
        duties.raise_due(NATIONAL_DAY + number * DAY)
    assert (list(states(team)), list(states(rotating))) == ([8, 10], list(range(1, 11)))


def test_only_teams_that_exist_are_asked(team):
    young = make.make_team(team.unit, formed_on=FRIDAY + DAY)
    gone = make.make_team(team.unit)
    Team.objects.filter(pk=gone.pk).update(disbanded_on=FRIDAY - DAY)
    duties.raise_due(FRIDAY)
    assert set(Duty.objects.values_list("team", flat=True)) == {team.pk}
    duties.raise_due(FRIDAY + DAY)
    assert set(states(young)) == {10}
    assert states(gone) == {}


def test_attendance_is_raised_on_the_last_day_of_the_month(team):
    assert [duties.raise_due(LAST - DAY), duties.raise_due(LAST)] == [1, 1]
    duty = Duty.objects.get(kind="attendance_confirm")
    assert (duty.source, duty.period) == (f"attendance_confirm:{team.pk}:202610", 202610)
    assert (duty.opens_on, duty.due_on) == (LAST, datetime.date(2026, 11, 4))


def test_raising_asks_no_more_for_more_teams(team, django_assert_num_queries):
    with django_assert_num_queries(6):
        duties.raise_due(FRIDAY)
    for _ in range(30):
        make.make_team(team.unit)
    with django_assert_num_queries(6):
        assert duties.raise_due(FRIDAY + DAY) == 31


# -- The nightly run -----------------------------------------------------------------------------------------------------


def runs():
    return [entry.after for entry in AuditEntry.objects.filter(verb="duty.raised").order_by("id")]


def test_the_first_run_asks_for_nothing_of_the_days_before(team):
    duties.keep(FRIDAY)
    assert states(team) == {9: "open"}


def test_a_run_may_be_repeated_and_leaves_one_row_in_the_trail(team):
    for _ in range(3):
        duties.keep(FRIDAY)
    assert runs() == [{"day": "2026-10-09", "raised": 1, "resting": 0, "missed": 0}]


def test_days_on_which_the_worker_was_down_are_caught_up_and_what_ran_out_is_missed(team, clock):
    duties.keep(FRIDAY)
    clock(FRIDAY + 4 * DAY)
    duties.keep(FRIDAY + 4 * DAY)
    assert states(team) == {9: "missed", 10: "missed", 12: "missed", 13: "open"}
    assert runs()[-1] == {"day": "2026-10-13", "raised": 3, "resting": 0, "missed": 3}


def test_no_more_than_thirty_one_days_are_caught_up(team, clock):
    rotating = make.make_team(team.unit)
    duties.keep(FRIDAY)
    clock(FRIDAY + 40 * DAY)
    duties.keep(FRIDAY + 40 * DAY)
    days = set(Duty.objects.filter(team=rotating, kind="self_check").values_list("due_on", flat=True))
    assert days == {FRIDAY} | {FRIDAY + number * DAY for number in range(9, 41)}


def test_nobody_is_asked_for_a_self_check_before_there_is_a_standard(team, clock):
    bare = make.make_team()
    make.make_member(bare, "leader")
    keep_duties()
    assert (states(team), states(bare)) == ({9: "open"}, {})
    make.make_standard(bare.unit, 202611)
    clock(datetime.date(2026, 11, 2))
    keep_duties()
    assert min(states(bare)) == 1
    assert Duty.objects.filter(team=bare, kind="self_check", period=202610).count() == 0


def test_a_day_on_which_the_whole_team_rested_is_waived(team, clock):
    rotating = make.make_team(team.unit)
    members = [make.make_member(rotating, "leader"), make.make_member(rotating)]
    duties.keep(FRIDAY)
    codes = {1: ("休", "休"), 2: ("休", "√")}
    for back, pair in codes.items():
        for user, code in zip(members, pair, strict=True):
            day = FRIDAY + back * DAY
            Attendance.objects.create(user=user, team=rotating, period=202610, date=day, code=code)
    clock(FRIDAY + 4 * DAY)
    duties.keep(FRIDAY + 4 * DAY)
    assert states(rotating) == {9: "missed", 10: "waived", 11: "missed", 12: "missed", 13: "open"}
    assert Duty.objects.get(state="waived").reason == "考勤上这天全班没有人出勤"
    assert runs()[-1]["resting"] == 1


# -- Done by doing it ----------------------------------------------------------------------------------------------------


def test_filing_the_check_fulfils_the_duty_of_that_day(team, clock):
    duties.raise_due(FRIDAY)
    check = self_check(team, FRIDAY)
    duty = Duty.objects.get()
    assert (duty.state, duty.done_at, duty.done_by) == ("done", at(FRIDAY), check.checker)


def test_filing_today_fulfils_even_where_the_night_has_not_been(team, clock):
    self_check(team, FRIDAY)
    duties.keep(FRIDAY)
    assert states(team) == {9: "done"}


def test_a_check_of_another_kind_fulfils_nothing(team, clock):
    duties.raise_due(FRIDAY)
    make.file_findings(team, ("1.1", -50, None), day=9)
    assert states(team) == {9: "open"}


@pytest.mark.parametrize(("grace", "outcome"), [(0, "missed"), (1, "late"), (2, "late")])
def test_a_check_filed_the_next_day_is_late_within_the_grace_and_too_late_after_it(team, clock, grace, outcome):
    DutyRule.objects.create(unit=team.unit, kind="self_check", grace_days=grace)
    duties.raise_due(FRIDAY)
    clock(FRIDAY + DAY)
    self_check(team, FRIDAY)
    assert states(team)[9] == outcome
    assert Duty.objects.get(due_on=FRIDAY).done_at == at(FRIDAY + DAY)


def test_a_void_check_reopens_the_duty_while_there_is_grace(team, clock):
    duties.raise_due(FRIDAY)
    check = self_check(team, FRIDAY)
    checks.void_check(check, "班次错了", actor=check.checker)
    assert states(team) == {9: "open"}
    assert Duty.objects.get().done_at is None
    clock(FRIDAY + DAY)
    duties.settle(FRIDAY + DAY)
    assert states(team) == {9: "missed"}


def test_a_check_voided_after_the_grace_leaves_the_duty_missed(team, clock):
    duties.raise_due(FRIDAY)
    check = self_check(team, FRIDAY)
    clock(FRIDAY + DAY)
    checks.void_check(check, "不是本班组的", actor=check.checker)
    assert states(team) == {9: "missed"}


def test_a_duty_stays_done_while_another_shift_has_checked(team, clock):
    first, second = self_check(team, FRIDAY, "morning"), self_check(team, FRIDAY, "night")
    checks.void_check(first, "班次错了", actor=first.checker)
    assert states(team) == {9: "done"}
    checks.void_check(second, "班次错了", actor=second.checker)
    assert states(team) == {9: "open"}


def test_a_refused_check_leaves_the_duty_open(team, clock):
    duties.raise_due(FRIDAY)
    wrong = checks.Deviation(None, -50)
    leader = team.memberships.get(role="leader").user
    with pytest.raises(TeamError):
        checks.file_check(team, kind="self", date=FRIDAY, deviations=[wrong], key="x", actor=leader)
    assert states(team) == {9: "open"}


def confirm(team, period, day):
    month = attendance.month_of(team, period)
    AttendanceMonth.objects.filter(pk=month.pk).update(state="confirmed", confirmed_at=at(day, 23))


@pytest.mark.parametrize(("day", "outcome"), [(4, "done"), (5, "late"), (18, "late"), (19, "missed")])
def test_attendance_is_done_on_the_day_of_its_confirmation_whenever_that_is_noticed(team, clock, day, outcome):
    duties.raise_due(LAST)
    confirm(team, 202610, datetime.date(2026, 11, day))
    clock(datetime.date(2026, 11, 25))
    duties.settle(datetime.date(2026, 11, 25))
    assert list(states(team, "attendance_confirm").values()) == [outcome]


def test_a_draft_does_not_count_as_confirmed(team, clock):
    duties.raise_due(LAST)
    attendance.month_of(team, 202610)
    duties.notice_attendance()
    assert list(states(team, "attendance_confirm").values()) == ["open"]


def test_another_floor_raises_what_the_calendar_does_not_know(team, clock):
    member = make.make_member(team)
    occasion = Occasion(team, 45, "地面油污整改", FRIDAY + 3 * DAY, member)
    assert [duties.raise_once(RECTIFICATION, [occasion]) for _ in range(2)] == [1, 0]
    duty = Duty.objects.get()
    assert (duty.opens_on, duty.due_on, duty.grace_until) == (FRIDAY, FRIDAY + 3 * DAY, datetime.date(2026, 10, 19))
    assert list(selectors.own_duties(member)) == [duty]
    assert selectors.address_of(duty) == "/findings/45/"
    assert not selectors.own_duties(team.memberships.get(role="leader").user)
    duties.fulfil("rectification:45", actor=member)
    assert Duty.objects.get().state == "done"


# -- Waived --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def duty(team):
    duties.raise_due(FRIDAY)
    return Duty.objects.get()


def test_a_waived_duty_can_be_asked_again(duty, clock):
    manager = make.give_role(duty.unit, "manager")
    duties.waive(duty, "停机检修", actor=manager)
    assert (states(duty.team), Duty.objects.get().reason) == ({9: "waived"}, "停机检修")
    duties.ask_again(Duty.objects.get(), actor=manager)
    assert (states(duty.team), Duty.objects.get().reason) == ({9: "open"}, "")
    verbs = AuditEntry.objects.filter(actor=manager).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["duty.waived", "duty.asked_again"]


def test_a_missed_duty_that_is_asked_again_is_missed_again(duty, clock):
    clock(FRIDAY + DAY)
    duties.settle(FRIDAY + DAY)
    duties.waive(duty, "无班", actor=None)
    duties.ask_again(Duty.objects.get(), actor=None)
    assert states(duty.team) == {9: "missed"}


def test_what_was_done_all_the_same_comes_to_light_when_it_is_asked_again(duty, clock):
    duties.waive(duty, "无班", actor=None)
    self_check(duty.team, FRIDAY)
    assert states(duty.team) == {9: "waived"}
    duties.ask_again(Duty.objects.get(), actor=None)
    assert states(duty.team) == {9: "done"}


def test_a_waived_duty_stays_waived_when_its_check_is_void(duty, clock):
    duties.waive(duty, "无班", actor=None)
    check = self_check(duty.team, FRIDAY)
    checks.void_check(check, "班次错了", actor=check.checker)
    assert states(duty.team) == {9: "waived"}


def test_what_is_done_or_waived_already_is_not_waived(duty, clock):
    stale = Duty.objects.get()
    duties.waive(duty, "无班", actor=None)
    with pytest.raises(StaleState):
        duties.waive(stale, "停机", actor=None)
    duties.ask_again(Duty.objects.get(), actor=None)
    with pytest.raises(StaleState):
        duties.ask_again(stale, actor=None)
    self_check(duty.team, FRIDAY)
    with pytest.raises(StaleState):
        duties.waive(stale, "停机", actor=None)
    assert AuditEntry.objects.filter(verb="duty.waived").count() == 1


# -- Rules ---------------------------------------------------------------------------------------------------------------


def test_the_nearest_unit_upwards_says_what_is_asked(team):
    plant, sub = team.unit, make.make_unit(parent=team.unit)
    below = make.make_team(sub)
    set_rules(plant, {"self_check": (False, 0)}, actor=None)
    duties.raise_due(FRIDAY)
    assert (states(team), states(below)) == ({}, {})
    set_rules(sub, {"self_check": (True, 2)}, actor=None)
    duties.raise_due(FRIDAY)
    assert (states(team), states(below)) == ({}, {9: "open"})
    assert Duty.objects.get().grace_until == datetime.date(2026, 10, 12)
    set_rules(sub, {"self_check": None}, actor=None)
    assert not selectors.rules_for([sub.pk])[sub.pk]["self_check"].is_on
    assert selectors.asked(SELF_CHECK, [below], FRIDAY, selectors.calendar()) == []


def test_a_rule_that_is_what_it_was_is_refused(team):
    set_rules(team.unit, {"self_check": (True, 2)}, actor=None)
    with pytest.raises(TeamError):
        set_rules(team.unit, {"self_check": (True, 2)}, actor=None)
    (entry,) = AuditEntry.objects.filter(verb="duty_rule.set")
    assert (entry.before["班前自查"], entry.after["班前自查"]) == ("按上级", "要办，宽限 2 个工作日")


# -- Two at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_workers_raise_every_duty_once(team):
    make.make_team(team.unit)
    assert at_once(*[lambda: duties.keep(FRIDAY)] * 8) == ["done"] * 8
    assert (Duty.objects.count(), runs()) == (2, [{"day": "2026-10-09", "raised": 2, "resting": 0, "missed": 0}])


@pytest.mark.django_db(transaction=True)
def test_eight_managers_waive_it_once(team):
    duties.raise_due(FRIDAY)
    found = Duty.objects.get()
    refusal = "polite: 这件事已经办了，或者已经免办，请刷新页面再看。"
    assert race(lambda duty: duties.waive(duty, "无班", actor=None), found, 8) == ["done", *[refusal] * 7]
    assert AuditEntry.objects.filter(verb="duty.waived").count() == 1

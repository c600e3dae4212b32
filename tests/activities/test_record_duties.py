"""Kinds that are asked become duties of teams by their cadence; recording does them, and a record that is gone undoes them."""

import datetime

import pytest
from django.utils import timezone

from activities import asked, selectors
from activities.duties import DAY
from activities.models import Duty, DutyRule
from activities.services import activities, duties, kinds
from activities.services.activities import Content
from activities.services.rules import set_rules
from teams.models import Attendance, AuditEntry, Shift, Team, Watch
from tests import factories as make
from tests.races import at_once
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 10, 9)
MONDAY, SUNDAY = FRIDAY - 4 * DAY, FRIDAY + 2 * DAY


def at(day, hour=8):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Sets today: the Beijing date and the moment, eight in the morning."""

    def turn(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(day))

    turn(FRIDAY)
    return turn


@pytest.fixture
def team():
    team = make.make_team(make.make_unit("本厂"), "一值")
    team.leader = make.make_member(team, "leader")
    return team


def ask(team, cadence="weekly", **fields):
    return make_kind(team.unit, cadence=cadence, is_asked=True, **fields)


def states(kind, team=None):
    """{(month, day) on which it is due: state}."""
    rows = Duty.objects.filter(kind=f"activity:{kind.pk}", **({"team": team} if team else {}))
    return {(row.due_on.month, row.due_on.day): row.state for row in rows.order_by("due_on")}


def keep(kind, team, day=FRIDAY, **content):
    return make_activity(kind, team, actor=team.leader, day=day.day, period=day.year * 100 + day.month, **content)


def content_of(day, **facts):
    return Content(title="改过的", date=day, **facts)


# -- Raising ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        *[("daily", (10, 9)), ("shift", (10, 9)), ("weekly", (10, 11)), ("twice_weekly", (10, 11))],
        *[("monthly", (10, 31)), ("quarterly", (12, 31)), ("half_yearly", (12, 31)), ("yearly", (12, 31))],
    ],
)
def test_a_kind_is_due_at_the_end_of_the_days_in_which_it_is_done_once(team, cadence, due):
    kind = ask(team, cadence)
    assert [duties.raise_records(FRIDAY) for _ in range(2)] == [1, 0]
    assert states(kind) == {due: "open"}


def test_only_the_kinds_that_are_asked_of_teams_and_only_below_their_unit_are_raised(team):
    other = make.make_team(make.make_unit("别厂"))
    below = make.make_team(make.make_unit("运行部", team.unit))
    kind = ask(team)
    for fields in ({"is_asked": False}, {"subject": "unit"}, {"retired_on": FRIDAY}):
        make_kind(team.unit, cadence="weekly", **{"is_asked": True} | fields)
    assert duties.raise_records(FRIDAY) == 2
    assert set(Duty.objects.values_list("kind", "team")) == {(f"activity:{kind.pk}", t.pk) for t in (team, below)}
    assert not Duty.objects.filter(team=other)


def test_a_unit_below_may_be_spared_or_given_grace(team):
    sub = make.make_unit("运行部", team.unit)
    below, kind = make.make_team(sub), ask(team, grace_days=2)
    set_rules(team.unit, {f"activity:{kind.pk}": (False, 0)}, actor=None)
    assert duties.raise_records(FRIDAY) == 0
    set_rules(sub, {f"activity:{kind.pk}": (True, 1)}, actor=None)
    duties.raise_records(FRIDAY)
    assert Duty.objects.get(team=below).grace_until == datetime.date(2026, 10, 12)
    assert (
        AuditEntry.objects.filter(verb="duty_rule.set").order_by("-id")[0].after[kind.name] == "要办，宽限 1 个工作日"
    )


def test_what_comes_by_the_day_is_not_asked_of_a_day_team_on_a_holiday(team):
    Team.objects.filter(pk=team.pk).update(shift_pattern="day")
    kind = ask(team, "daily")
    for number in range(4):
        duties.raise_records(datetime.date(2026, 10, 6) + number * DAY)
    assert list(states(kind)) == [(10, 8), (10, 9)]


def test_per_shift_it_is_asked_for_each_planned_shift_and_once_on_a_day_without_a_plan(team):
    kind, user = ask(team, "shift"), make.make_member(team)
    for shift in (Shift.NIGHT, Shift.MORNING):
        Watch.objects.create(team=team, date=FRIDAY, shift=shift, user=user)
    duties.raise_records(FRIDAY - DAY)
    duties.raise_records(FRIDAY)
    found = Duty.objects.filter(kind=f"activity:{kind.pk}").order_by("due_on", "id")
    assert [row.title for row in found] == [f"{kind}（10月{day}）" for day in ("8日", "9日早班", "9日夜班")]
    keep(kind, team, shift="night")
    assert [row.state for row in found.all()] == ["open", "open", "done"]
    keep(kind, team)
    assert [row.state for row in found.all()] == ["open", "done", "done"]


def test_a_kind_new_since_the_last_night_is_not_asked_for_the_nights_that_were_missed(team, clock):
    old = ask(team, "daily", grace_days=30)
    duties.keep(FRIDAY)
    new = ask(team, "daily")
    clock(FRIDAY + 3 * DAY)
    duties.keep(FRIDAY + 3 * DAY)
    assert list(states(old)) == [(10, 9), (10, 10), (10, 11), (10, 12)]
    assert list(states(new)) == [(10, 12)]


def test_the_first_night_asks_for_no_span_that_is_over(team):
    kind = ask(team, "weekly")
    duties.keep(FRIDAY)
    assert states(kind) == {(10, 11): "open"}


def test_weeks_follow_each_other_and_run_out(team, clock):
    kind = ask(team, "weekly", grace_days=1)
    duties.keep(FRIDAY)
    for number in range(1, 13):
        clock(FRIDAY + number * DAY)
        duties.keep(FRIDAY + number * DAY)
    assert states(kind) == {(10, 11): "missed", (10, 18): "missed", (10, 25): "open"}


def test_raising_asks_no_more_for_more_teams_and_kinds(team, django_assert_num_queries):
    for cadence in ("daily", "shift"):
        ask(team, cadence)
    ask(team, "cycle", cycle_days=10)
    with django_assert_num_queries(12):
        assert duties.raise_records(FRIDAY) == 3
    for _ in range(9):
        make.make_team(team.unit)
    for cadence in ("daily", "shift", "weekly", "monthly"):
        ask(team, cadence)
    with django_assert_num_queries(12):
        assert duties.raise_records(FRIDAY + DAY) == 9 + 20 + 20 + 20


def test_a_day_on_which_the_whole_team_rested_is_waived(team, clock):
    daily, weekly = ask(team, "daily", grace_days=3), ask(team)
    duties.keep(FRIDAY)
    Attendance.objects.create(user=team.leader, team=team, period=202610, date=FRIDAY, code="休")
    clock(FRIDAY + DAY)
    duties.keep(FRIDAY + DAY)
    assert states(daily) == {(10, 9): "waived", (10, 10): "open"}
    assert states(weekly) == {(10, 11): "open"}


# -- Done by recording ---------------------------------------------------------------------------------------------------


def test_a_record_does_the_duty_of_its_days_and_names_who_wrote_it(team):
    kind = ask(team)
    duties.raise_records(FRIDAY)
    keep(kind, team, MONDAY)
    duty = Duty.objects.get()
    assert (duty.state, duty.done_at, duty.done_by) == ("done", at(FRIDAY), team.leader)


def test_a_record_does_nothing_for_another_kind_another_team_or_other_days(team, clock):
    kind, other = ask(team), ask(team)
    make.make_team(team.unit)
    duties.raise_records(FRIDAY)
    keep(other, team)
    keep(kind, team, MONDAY - DAY)
    assert states(kind) == {(10, 11): "open"}
    assert Duty.objects.filter(state="done").count() == 1


def test_a_record_of_today_does_it_before_the_night_has_come(team):
    kind = ask(team)
    keep(kind, team)
    assert states(kind, team) == {(10, 11): "done"}
    duties.keep(FRIDAY)
    assert states(kind, team) == {(10, 11): "done"}


@pytest.mark.parametrize(("wait", "outcome"), [(0, "done"), (1, "late"), (3, "missed")])
def test_written_down_later_it_is_late_within_the_grace_and_too_late_after_it(team, clock, wait, outcome):
    kind = ask(team, "daily", grace_days=1)
    duties.keep(FRIDAY)
    clock(FRIDAY + wait * DAY)
    duties.settle(FRIDAY + wait * DAY)
    keep(kind, team)
    assert states(kind)[10, 9] == outcome
    assert Duty.objects.get(kind=f"activity:{kind.pk}", due_on=FRIDAY).done_at == at(FRIDAY + wait * DAY)


def test_a_record_that_was_there_before_the_duty_does_it_when_it_is_raised(team, clock):
    kind = make_kind(team.unit, cadence="weekly")
    keep(kind, team, MONDAY)
    clock(SUNDAY + DAY)
    keep(kind, team, SUNDAY)
    type(kind).objects.update(is_asked=True)
    assert duties.raise_records(FRIDAY) == 1
    duty = Duty.objects.get()
    assert (duty.state, duty.done_by) == ("done", team.leader)


def test_a_draft_does_it_only_when_it_is_kept_and_from_then_on(team, clock):
    kind = ask(team, "daily", grace_days=2)
    duties.raise_records(FRIDAY)
    draft = keep(kind, team, as_draft=True)
    assert states(kind) == {(10, 9): "open"}
    clock(FRIDAY + DAY)
    activities.edit(draft, content_of(FRIDAY), actor=team.leader)
    assert states(kind)[10, 9] == "late"


def test_voiding_leaves_it_undone_unless_another_record_is_left(team, clock):
    kind = ask(team, "daily")
    first, second = keep(kind, team), keep(kind, team)
    activities.void(first, "记重了", actor=team.leader)
    assert states(kind) == {(10, 9): "done"}
    activities.void(second, "没有开", actor=team.leader)
    assert states(kind) == {(10, 9): "open"}
    assert Duty.objects.get().done_by is None


def test_voided_after_the_grace_it_is_missed(team, clock):
    kind = ask(team, "daily")
    kept = keep(kind, team)
    clock(FRIDAY + DAY)
    activities.void(kept, "没有开", actor=team.leader)
    assert states(kind)[10, 9] == "missed"


def test_a_record_moved_to_other_days_does_those(team, clock):
    kind = ask(team, "daily", grace_days=5)
    duties.raise_records(FRIDAY - DAY)
    kept = keep(kind, team)
    clock(FRIDAY + DAY)
    activities.edit(kept, content_of(FRIDAY - DAY), actor=team.leader)
    assert (states(kind)[10, 8], states(kind)[10, 9]) == ("late", "open")
    assert Duty.objects.get(due_on=FRIDAY - DAY).done_at == at(FRIDAY)


def test_a_correction_keeps_the_moment_of_the_record_it_corrects(team, clock, monkeypatch):
    kind = ask(team, "daily")
    kept = keep(kind, team)
    Duty.objects.update(done_at=None, done_by=None, state="missed")
    clock(FRIDAY + 5 * DAY)
    monkeypatch.setattr("activities.services.activities.is_settled", lambda activity: True)
    facts = {"actor": team.leader, "reason": "主题错了", "source": "b" * 32}
    activities.correct(kept, content_of(FRIDAY), **facts)
    assert states(kind)[10, 9] == "done"
    assert Duty.objects.get(due_on=FRIDAY).done_at == at(FRIDAY)


def test_a_waived_duty_stays_waived(team):
    kind = ask(team)
    duties.raise_records(FRIDAY)
    duties.waive(Duty.objects.get(), "停机", actor=None)
    keep(kind, team)
    assert states(kind) == {(10, 11): "waived"}


def test_the_duty_of_a_confidential_kind_names_nobody(team):
    kind = ask(team, privacy="confidential")
    duties.raise_records(FRIDAY)
    keep(kind, team, title="和张三谈心")
    assert Duty.objects.values_list("state", "done_by", "title").get() == ("done", None, f"{kind}（10月5日至11日）")


# -- Kinds that change ---------------------------------------------------------------------------------------------------


def test_a_kind_is_due_as_soon_as_it_is_asked_and_no_longer_when_it_is_not(team):
    kind = make_kind(team.unit, cadence="weekly")
    for is_asked, due in ((True, {(10, 11): "open"}), (False, {}), (True, {(10, 11): "open"})):
        kinds.change(kind, actor=None, is_asked=is_asked)
        assert states(kind) == due
    kinds.retire(kind, actor=None)
    assert states(kind) == {}


def test_a_kind_that_is_added_is_due_at_once(team):
    fields = {"code": "x", "name": "周例会", "group": "meeting", "fields": [], "recorders": ["leader"]}
    kinds.add(team.unit, actor=None, cadence="monthly", is_asked=True, **fields)
    (duty,) = selectors.still_open(selectors.own_duties(team.leader))
    assert (duty.title, duty.due_on) == ("周例会（2026年10月）", datetime.date(2026, 10, 31))


def test_another_cadence_takes_back_what_is_open_and_leaves_what_is_done(team):
    done, undone = ask(team), ask(team)
    duties.raise_records(FRIDAY)
    keep(done, team)
    for kind in (done, undone):
        kinds.change(kind, actor=None, cadence="monthly")
    assert states(done) == {(10, 11): "done", (10, 31): "done"}
    assert states(undone) == {(10, 31): "open"}


def test_a_name_of_a_kind_that_is_gone_stays_with_its_duties(team):
    kind = ask(team, "daily")
    keep(kind, team)
    kinds.retire(kind, actor=None)
    assert asked.kinds_by_code()[f"activity:{kind.pk}"].name == kind.name
    shown, rows, _ = selectors.compliance_of(team.unit, 202610)
    assert ([one.name for one in shown], rows[0].total.done) == ([kind.name], 1)


# -- Whose it is ---------------------------------------------------------------------------------------------------------


def test_those_of_the_team_who_record_it_are_asked_and_not_an_officer_of_the_unit_who_could(team):
    kind = ask(team, recorders=["leader", "safety", "party"])
    duties.raise_records(FRIDAY)
    duty = Duty.objects.get()
    own = {role: make.make_member(team, role) for role in ("safety", "worker")}
    assert list(selectors.own_duties(own["safety"])) == [duty]
    for stranger in (own["worker"], make.give_role(team.unit, "party")):
        assert list(selectors.own_duties(stranger)) == []
    assert selectors.address_of(duty) == f"/activities/new/{kind.pk}/?for=team-{team.pk}"


def test_what_only_officers_of_the_unit_record_is_theirs(team):
    ask(team, recorders=["party"])
    duties.raise_records(FRIDAY)
    officer = make.give_role(team.unit, "party")
    assert list(selectors.own_duties(officer)) == list(Duty.objects.all())
    assert list(selectors.own_duties(team.leader)) == []


def test_what_is_overdue_is_written_down_for_its_day_and_shift(team, clock):
    kind = ask(team, "shift", grace_days=5)
    Watch.objects.create(team=team, date=FRIDAY, shift="night", user=team.leader)
    duties.raise_records(FRIDAY)
    clock(FRIDAY + DAY)
    address = f"/activities/new/{kind.pk}/?for=team-{team.pk}&shift=night&date=2026-10-09"
    assert selectors.address_of(Duty.objects.get()) == address


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("date=2026-10-08&shift=night", ("2026-10-08", "night")),
        ("date=2026-13-40&shift=x", ("2026-10-09", "morning")),
        ("date=\0", ("2026-10-09", "morning")),
        ("", ("2026-10-09", "morning")),
    ],
)
def test_the_form_begins_with_the_day_and_shift_that_are_due(client, team, query, first):
    kind = ask(team, "shift")
    client.force_login(team.leader)
    form = client.get(f"/activities/new/{kind.pk}/?for=team-{team.pk}&{query}").context["form"]
    assert (str(form["date"].value()), form["shift"].value()) == first


# -- Two at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_workers_raise_every_duty_once(team):
    ask(team)
    DutyRule.objects.create(unit=team.unit, kind="self_check", is_on=False)
    assert at_once(*[lambda: duties.keep(FRIDAY)] * 8) == ["done"] * 8
    assert Duty.objects.count() == 1
    assert AuditEntry.objects.filter(verb="duty.raised").count() == 1

"""Checks to come: drawn, set, hidden until their day, done by the sheet they asked for, missed, cancelled."""

import datetime
import random
from collections import Counter

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments import tasks
from assessments.errors import AssessmentError, StaleState
from assessments.models import Check, CheckPlan
from assessments.plans import lists as plan_lists
from assessments.services import checks, plan_outcomes, plans
from teams import periods
from teams.access import Access
from teams.models import AuditEntry, Team, WorkDay
from tests import factories as make

pytestmark = pytest.mark.django_db
MONDAY = datetime.date(2026, 10, 12)
FRIDAY = MONDAY + datetime.timedelta(days=4)
SUNDAY = MONDAY + datetime.timedelta(days=6)
PERIOD = 202610
State = CheckPlan.State


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Monday 2026-10-12, or the day that a test makes it."""
    clock, date_of = {"day": MONDAY}, timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda *moment: date_of(*moment) if moment else clock["day"])
    return lambda day: clock.update(day=day)


@pytest.fixture
def unit():
    """Three teams with a leader each; the first is a day team."""
    unit = make.make_unit("运行部", parent=make.make_unit("本厂"))
    make.make_standard(unit)
    for name in ("甲班", "乙班", "丙班"):
        make.make_member(make.make_team(unit, name), "leader")
    Team.objects.filter(name="甲班").update(shift_pattern="day")
    return unit


def team_of(unit, name="甲班"):
    return unit.teams.select_related("unit").get(name=name)


def draw(unit, **options):
    return plans.draw_spot_checks(unit, MONDAY, actor=None, rng=random.Random(3), **options)


def leader_of(team):
    return team.memberships.get(role="leader").user


def seen_by(user, unit):
    return set(plan_lists.plans_of(Q(unit=unit), PERIOD, Access(user)))


def file(team, kind, day, checker, **more):
    facts = {"kind": kind, "date": day, "deviations": [], "key": f"{team.pk}{kind}{day}{checker}", "actor": checker}
    return checks.file_check(team, **facts, checker=checker, **more)


# -- Spot checks -------------------------------------------------------------------------------------------------------


def test_each_team_gets_two_days_of_the_week_and_the_trail_names_none(unit):
    assert draw(unit) == 3
    assert Counter(CheckPlan.objects.values_list("team__name", flat=True)) == {"甲班": 2, "乙班": 2, "丙班": 2}
    assert all(plan.due_from == plan.due_on == plan.shown_from for plan in CheckPlan.objects.all())
    row = AuditEntry.objects.get(verb="plan.drawn")
    assert (row.unit, row.after) == (unit, {"kind": "spot", "week": "2026-10-12", "teams": 3, "each": 2})


def test_drawing_the_same_week_again_adds_nothing(unit):
    draw(unit)
    assert draw(unit, number=5) == 0
    assert (CheckPlan.objects.count(), AuditEntry.objects.filter(verb="plan.drawn").count()) == (6, 1)


def test_what_was_cancelled_is_not_drawn_again(unit):
    draw(unit)
    for plan in CheckPlan.objects.filter(team__name="甲班"):
        plans.cancel(plan, "停机", actor=None)
    assert draw(unit) == 0


def test_a_day_team_is_drawn_on_working_days_only_and_a_rotating_team_on_all(unit):
    WorkDay.objects.create(date=MONDAY, is_workday=False, note="停产")
    WorkDay.objects.create(date=SUNDAY, is_workday=True, note="补班")
    days = {team.name: [day.weekday() for day in found] for team, found in plans.days_to_draw(unit, MONDAY).items()}
    assert days == {"甲班": [1, 2, 3, 4, 6], "乙班": list(range(7)), "丙班": list(range(7))}


def test_days_that_are_past_are_not_drawn(unit, today):
    today(SUNDAY)
    assert draw(unit) == 2  # the day team has no working day left
    assert set(CheckPlan.objects.values_list("team__name", "due_on")) == {("乙班", SUNDAY), ("丙班", SUNDAY)}


def test_a_spot_check_is_hidden_from_everybody_but_the_assessor_until_its_day(unit, today):
    assessor, manager = make.give_role(unit, "assessor"), make.give_role(unit, "manager")
    team = team_of(unit, "乙班")
    plan = CheckPlan.objects.create(
        unit=unit, team=team, kind="spot", due_from=FRIDAY, due_on=FRIDAY, shown_from=FRIDAY
    )
    assert seen_by(assessor, unit) == {plan}
    assert seen_by(manager, unit) == seen_by(leader_of(team), unit) == set()
    today(FRIDAY)
    assert seen_by(manager, unit) == seen_by(leader_of(team), unit) == {plan}


def test_an_assessor_who_belongs_to_the_team_does_not_see_its_spot_checks(unit):
    team = team_of(unit)
    assessor = make.give_role(unit, "assessor", make.make_member(team))
    draw(unit)
    assert seen_by(assessor, unit) == set(CheckPlan.objects.exclude(team=team).exclude(shown_from__gt=SUNDAY))


def test_no_page_of_those_who_are_checked_tells_a_spot_check_before_its_day(unit, client, today):
    team = team_of(unit, "乙班")
    CheckPlan.objects.create(unit=unit, team=team, kind="spot", due_from=FRIDAY, due_on=FRIDAY, shown_from=FRIDAY)
    manager = make.give_role(unit, "manager")
    told = {"2026-10-16", "抽查）"}

    def pages(user):
        client.force_login(user)
        names = [("home", []), ("assessments:checks", [team.pk, PERIOD]), ("teams:team", [team.pk])]
        names += [("assessments:plans", [unit.pk, PERIOD])] if user == manager else []
        return "".join(client.get(reverse(name, args=args)).content.decode() for name, args in names)

    assert not any(word in pages(user) for user in (leader_of(team), manager) for word in told)
    today(FRIDAY)
    assert all("2026-10-16" in pages(user) for user in (leader_of(team), manager))


def test_the_week_is_drawn_by_itself_where_a_standard_is_in_force(unit):
    other = make.make_team()
    tasks.draw_spot_checks()
    tasks.draw_spot_checks()
    assert Counter(CheckPlan.objects.values_list("unit", flat=True)) == {unit.pk: 6}
    assert not CheckPlan.objects.filter(team=other).exists()
    assert AuditEntry.objects.filter(verb="plan.drawn").count() == 1


# -- Cross-checks ------------------------------------------------------------------------------------------------------


def draw_pairs(unit, period=PERIOD, **options):
    return plans.draw_mutual_checks(unit, period, actor=None, rng=random.Random(5), **options)


def pairs(period=PERIOD):
    rows = CheckPlan.objects.filter(kind="mutual", due_on=periods.last_day(period)).exclude(state="cancelled")
    return dict(rows.values_list("by_team__name", "team__name"))


def test_cross_checks_of_a_month_pair_every_team_with_another(unit):
    assert draw_pairs(unit) == 3
    drawn = pairs()
    assert sorted(drawn) == sorted(drawn.values()) == sorted(["甲班", "乙班", "丙班"])
    plan = CheckPlan.objects.first()
    assert (plan.due_from, plan.due_on, plan.shown_from) == (MONDAY, datetime.date(2026, 10, 31), MONDAY)
    assert AuditEntry.objects.get(verb="plan.drawn").after["period"] == PERIOD


def test_the_next_month_repeats_no_pair(unit):
    draw_pairs(unit)
    draw_pairs(unit, 202611)
    assert not pairs().items() & pairs(202611).items()


def test_a_month_is_drawn_once_and_again_when_all_of_it_was_cancelled(unit):
    draw_pairs(unit)
    with pytest.raises(AssessmentError, match="运行部2026年10月的互查已经抽过"):
        draw_pairs(unit)
    for plan in CheckPlan.objects.all():
        plans.cancel(plan, "重抽", actor=None)
    assert draw_pairs(unit) == 3


def test_a_past_month_and_a_lone_team_cannot_be_drawn(unit):
    with pytest.raises(AssessmentError, match="已经过去"):
        draw_pairs(unit, 202609)
    with pytest.raises(AssessmentError, match="至少要有两个班组"):
        draw_pairs(make.make_team().unit)


def test_sister_units_check_each_other(unit):
    sister = make.make_unit("检修部", parent=unit.parent)
    names = ("一班", "二班", "三班")
    for name in names:
        make.make_team(sister, name)
    assert draw_pairs(unit, sister=sister) == 6
    assert all((checker in names) != (checked in names) for checker, checked in pairs().items())
    assert {plan.unit_id for plan in CheckPlan.objects.filter(team__name__in=names)} == {sister.pk}
    with pytest.raises(AssessmentError, match="已经抽过"):
        draw_pairs(sister)


def test_a_unit_of_others_takes_part_in_no_draw(unit, client):
    other = make.make_team(make.make_unit("外厂")).unit
    client.force_login(make.give_role(unit, "assessor"))
    address = reverse("assessments:plans-draw-mutual", args=[unit.pk, PERIOD])
    assert "不是您管的兄弟单位" in client.post(address, {"sister": other.pk}, follow=True).content.decode()
    assert not CheckPlan.objects.exists()


def mutual_plan(unit):
    """甲班 checks 乙班 this month."""
    last = periods.last_day(PERIOD)
    return CheckPlan.objects.create(
        unit=unit,
        team=team_of(unit, "乙班"),
        by_team=team_of(unit),
        kind="mutual",
        due_from=MONDAY,
        due_on=last,
        shown_from=MONDAY,
    )


def sheet(checker, day=MONDAY, key="m1"):
    return {"date": day, "deviations": [], "key": key, "actor": checker, "checker": checker}


def test_the_drawn_team_files_the_cross_check_and_the_plan_is_done(unit):
    plan = mutual_plan(unit)
    check = plans.file_mutual(plan, **sheet(leader_of(plan.by_team)))
    plan.refresh_from_db()
    assert (plan.state, plan.check_made, check.team.name, check.kind) == (State.DONE, check, "乙班", "mutual")
    assert [row.verb for row in AuditEntry.objects.all() if row.verb.startswith(("check.", "plan."))] == ["check.filed"]


def test_the_second_cross_check_of_a_plan_is_not_stored(unit):
    plan = mutual_plan(unit)
    plans.file_mutual(plan, **sheet(leader_of(plan.by_team)))
    deputy = make.make_member(plan.by_team, "deputy")
    with pytest.raises(StaleState, match="已经有人交了"):
        plans.file_mutual(plan, **sheet(deputy, key="m2"))
    assert Check.objects.count() == 1


@pytest.mark.parametrize("who", ["worker of the team", "assessor", "leader of a third team"])
def test_a_cross_check_by_anybody_else_does_not_do_the_plan(unit, who):
    plan = mutual_plan(unit)
    other = {
        "worker of the team": lambda: make.make_member(plan.by_team),
        "assessor": lambda: make.give_role(unit, "assessor"),
        "leader of a third team": lambda: leader_of(team_of(unit, "丙班")),
    }[who]()
    file(plan.team, Check.Kind.MUTUAL, MONDAY, other)
    plan.refresh_from_db()
    assert plan.state == State.PLANNED


def test_nobody_checks_the_own_team_but_in_a_self_check(unit):
    team = team_of(unit)
    person = leader_of(team)
    for kind in set(Check.Kind) - {Check.Kind.SELF}:
        with pytest.raises(AssessmentError, match="不能检查自己的班组"):
            file(team, kind, MONDAY, person)
    file(team, Check.Kind.SELF, MONDAY, person)
    assert Check.objects.count() == 1


def test_the_sheet_of_a_cross_check(unit, client):
    plan = mutual_plan(unit)
    client.force_login(leader_of(plan.by_team))
    address = reverse("assessments:mutual-check", args=[plan.pk])
    html = client.get(address).content.decode()
    assert "互查乙班" in html
    assert "c-award" not in html
    assert "检查类型" not in html
    early = client.post(address, {"key": "k", "date": "2026-10-11", "shift": "day"})
    assert "这次互查安排在 2026-10-12 到 2026-10-31" in early.content.decode()
    right = {"key": "k", "date": "2026-10-12", "shift": "day"}
    assert client.post(address, right).status_code == client.post(address, right).status_code == 302
    assert Check.objects.get().checker == leader_of(plan.by_team)
    told = client.post(address, right | {"key": "k2"}, follow=True).content.decode()
    assert "乙班的这次互查已检查，现在不能填" in told
    assert f"/checks/sheet/{Check.objects.get().pk}/" in told


@pytest.mark.parametrize(("day", "word"), [(datetime.date(2026, 11, 1), "已经过期"), (MONDAY, "已取消")])
def test_a_closed_cross_check_cannot_be_filed(unit, client, today, day, word):
    plan = mutual_plan(unit)
    if word == "已取消":
        plans.cancel(plan, "停机", actor=None)
    client.force_login(leader_of(plan.by_team))
    today(day)
    answer = client.post(reverse("assessments:mutual-check", args=[plan.pk]), {"key": "k"}, follow=True)
    assert word in answer.content.decode()
    assert not Check.objects.exists()


# -- What becomes of a plan --------------------------------------------------------------------------------------------


def spot_plan(unit, day=MONDAY):
    team = team_of(unit)
    return CheckPlan.objects.create(unit=unit, team=team, kind="spot", due_from=day, due_on=day, shown_from=day)


def test_a_sheet_of_the_kind_on_the_day_does_the_plan(unit):
    plan, other_day = spot_plan(unit), spot_plan(unit, FRIDAY)
    assessor = make.give_role(unit, "assessor")
    file(plan.team, Check.Kind.SUPERIOR, MONDAY, assessor)
    assert set(CheckPlan.objects.values_list("state", flat=True)) == {State.PLANNED}
    check = file(plan.team, Check.Kind.SPOT, MONDAY, assessor)
    assert CheckPlan.objects.get(state=State.DONE).check_made == check
    file(plan.team, Check.Kind.SPOT, MONDAY, None)
    other_day.refresh_from_db()
    assert other_day.state == State.PLANNED


def test_what_is_past_and_not_done_is_missed_once(unit, today):
    plan = spot_plan(unit)
    tasks.settle_plans()
    plan.refresh_from_db()
    assert plan.state == State.PLANNED
    today(MONDAY + datetime.timedelta(days=1))
    tasks.settle_plans()
    tasks.settle_plans()
    plan.refresh_from_db()
    assert plan.state == State.MISSED
    assert AuditEntry.objects.filter(verb="plan.missed").count() == 1


def test_a_sheet_entered_late_for_the_day_still_does_the_plan(unit, today):
    plan = spot_plan(unit)
    today(FRIDAY)
    plan_outcomes.settle(FRIDAY)
    check = file(plan.team, Check.Kind.SPOT, MONDAY, make.give_role(unit, "assessor"))
    plan.refresh_from_db()
    assert (plan.state, plan.check_made) == (State.DONE, check)


@pytest.mark.parametrize(("day", "state"), [(MONDAY, State.PLANNED), (FRIDAY, State.MISSED)])
def test_voiding_the_sheet_opens_the_plan_again_or_leaves_it_missed(unit, today, day, state):
    plan = spot_plan(unit)
    check = file(plan.team, Check.Kind.SPOT, MONDAY, None)
    today(day)
    checks.void_check(check, "填错班组", actor=None)
    plan.refresh_from_db()
    assert (plan.state, plan.check_made) == (state, None)


def test_a_plan_by_hand_is_known_at_once_and_cancelled_once(unit):
    team = team_of(unit)
    plan = plans.add_plan(team, Check.Kind.SPECIAL, MONDAY, FRIDAY, actor=None)
    assert plan.shown_from == MONDAY
    with pytest.raises(AssessmentError, match="甲班 2026-10-16 已经安排了专项检查"):
        plans.add_plan(team, Check.Kind.SPECIAL, FRIDAY, FRIDAY, actor=None)
    with pytest.raises(AssessmentError, match="已经过去"):
        plans.add_plan(team, Check.Kind.SPECIAL, MONDAY, MONDAY - datetime.timedelta(days=1), actor=None)
    plans.cancel(plan, "停机", actor=None)
    with pytest.raises(StaleState):
        plans.cancel(plan, "停机", actor=None)
    assert plans.add_plan(team, Check.Kind.SPECIAL, FRIDAY, FRIDAY, actor=None)
    trail = [row.verb for row in AuditEntry.objects.filter(verb__startswith="plan.").order_by("id")]
    assert trail == ["plan.added", "plan.cancelled", "plan.added"]


def test_today_names_what_is_due(unit, client):
    assessor = make.give_role(unit, "assessor")
    plan, mutual = spot_plan(unit), mutual_plan(unit)
    spot_plan(unit, FRIDAY)
    client.force_login(assessor)
    assert "运行部：甲班抽查" in client.get(reverse("home")).content.decode()
    client.force_login(leader_of(mutual.by_team))
    html = client.get(reverse("home")).content.decode()
    assert "甲班去查乙班，10月31日前交" in html
    assert f"{plan.team}抽查" not in html


def test_the_list_of_the_month_is_narrowed_and_tells_why_something_was_cancelled(unit, client):
    plan = spot_plan(unit)
    mutual_plan(unit)
    plans.cancel(plan, "全厂停机", actor=None)
    client.force_login(make.give_role(unit, "assessor"))
    address = reverse("assessments:plans", args=[unit.pk, PERIOD])
    everything = client.get(address).content.decode()
    assert "全厂停机" in everything
    assert "乙班" in client.get(address, {"kind": "mutual"}).content.decode().split("<tbody>")[1]
    assert "全厂停机" not in client.get(address, {"state": "planned"}).content.decode()
    assert "没有这个状态" in client.get(address, {"state": "nonsense"}).content.decode()


def test_a_disbanded_team_is_not_drawn(unit):
    team = team_of(unit, "丙班")
    Team.objects.filter(pk=team.pk).update(disbanded_on=MONDAY)
    assert draw_pairs(unit) == 2
    assert draw(unit) == 2

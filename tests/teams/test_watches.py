"""The duty roster: planned by two people at once without loss, proposed from last week or in turn, read by all."""

from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from teams.errors import TeamError
from teams.models import AuditEntry, Membership, Shift, Watch
from teams.services import watches
from teams.services.attendance import ChangedMeanwhile
from teams.watch_plan import WatchPlan
from tests import factories as make
from tests.factories import PERIOD
from tests.teamhub.test_races import THREADS, race, trail
from tests.teams.watching import DAY, MIDDLE, MORNING, NIGHT, TODAY, october_of, on_watch, person, put, stored, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: TODAY)


@pytest.fixture
def team():
    return team_of("周燕敏", "宋明远", "黄波海")


# -- Planning ----------------------------------------------------------------------------------------------------------


def test_planning_writes_the_changed_cells_with_one_trail_row(team):
    leader = person("周燕敏")
    assert put(team, (14, DAY, "周燕敏"), (15, DAY, "宋明远"), actor=leader) == 2
    assert put(team, (15, DAY, "黄波海"), (14, DAY, None), (16, DAY, "宋明远"), actor=leader) == 3
    assert stored(team) == {(15, DAY): "黄波海", (16, DAY): "宋明远"}
    entry, _ = AuditEntry.objects.filter(verb="watch.planned")
    assert (entry.actor, entry.object_id, entry.unit) == (leader, team.pk, team.unit)
    assert entry.before == {"2026-10-14 白班": "周燕敏", "2026-10-15 白班": "宋明远", "2026-10-16 白班": None}
    assert entry.after == {"2026-10-14 白班": None, "2026-10-15 白班": "黄波海", "2026-10-16 白班": "宋明远"}


def test_planning_what_stands_there_already_leaves_no_trail(team):
    put(team, (15, DAY, "宋明远"))
    same = person("宋明远").pk
    assert watches.plan(team, {(october_of(15), DAY): (None, same)}, actor=None) == 0
    assert AuditEntry.objects.filter(verb="watch.planned").count() == 1


def test_days_that_are_past_are_not_planned(team):
    with pytest.raises(TeamError, match="^10月13日白班已经过去，不能再排。$"):
        put(team, (13, DAY, "宋明远"), (15, DAY, "宋明远"))
    assert stored(team) == {}


def test_nobody_is_on_watch_on_a_day_outside_the_team(team):
    Membership.objects.filter(user__name="黄波海").update(ended_on=october_of(20))
    put(team, (20, DAY, "黄波海"))
    with pytest.raises(TeamError, match="^10月21日白班选的人那天不在运行一值，请重新选。$"):
        put(team, (21, DAY, "黄波海"))
    stranger = make.make_member(make.make_team(), user=make.make_user(name="外人"))
    with pytest.raises(TeamError, match="那天不在运行一值"):
        put(team, (22, DAY, stranger.name))
    assert stored(team) == {(20, DAY): "黄波海"}


def test_two_planners_keep_what_the_other_changed(team):
    put(team, (15, DAY, "周燕敏"), (16, DAY, "周燕敏"))
    song, zhou = person("宋明远").pk, person("周燕敏").pk
    watches.plan(team, {(october_of(15), DAY): (zhou, song)}, actor=None)
    watches.plan(team, {(october_of(16), DAY): (zhou, song), (october_of(17), DAY): (None, song)}, actor=None)
    assert stored(team) == {(day, DAY): "宋明远" for day in (15, 16, 17)}


@pytest.mark.parametrize(
    ("shown", "now", "said"),
    [
        ("周燕敏", "黄波海", "10月15日白班已排给黄波海"),
        ("周燕敏", None, "10月15日白班已空出"),
        (None, "黄波海", "10月15日白班已排给黄波海"),
    ],
)
def test_a_cell_that_another_planner_changed_stops_everything(team, shown, now, said):
    if now:
        put(team, (15, DAY, now))
    stale = {(october_of(15), DAY): (shown and person(shown).pk, person("宋明远").pk)}
    fresh = {(october_of(16), DAY): (None, person("宋明远").pk)}
    with pytest.raises(
        ChangedMeanwhile, match=f"^您排班的时候，{said}。什么都没有保存，请核对标红的格子再保存。$"
    ) as refused:
        watches.plan(team, stale | fresh, actor=None)
    assert refused.value.cells == [(october_of(15), DAY)]
    assert stored(team) == ({(15, DAY): now} if now else {})


def test_a_watch_that_is_handed_over_is_not_planned_again(team):
    put(team, (14, DAY, "宋明远"))
    watches.hand_over(Watch.objects.get(), "设备：运行正常", actor=person("宋明远"))
    for name in ("黄波海", None):
        with pytest.raises(ChangedMeanwhile, match="10月14日白班已经交班"):
            put(team, (14, DAY, name))
    assert stored(team) == {(14, DAY): "宋明远"}


# -- Shifts and proposals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "planned", "chosen", "shifts"),
    [
        ("day", [], [], [DAY]),
        ("day", [NIGHT], [], [DAY, NIGHT]),
        ("rotating", [], [], [MORNING, MIDDLE, NIGHT]),
        ("rotating", [NIGHT], [], [MORNING, MIDDLE, NIGHT]),
        ("rotating", [DAY], [], [DAY, NIGHT]),
        ("rotating", [DAY, MIDDLE], [], [DAY, MORNING, MIDDLE, NIGHT]),
        ("rotating", [], [NIGHT, DAY], [DAY, NIGHT]),
        ("rotating", [MORNING], [NIGHT], [MORNING, NIGHT]),
    ],
)
def test_the_shifts_of_a_month_follow_from_pattern_plan_and_choice(pattern, planned, chosen, shifts):
    team = team_of("周燕敏", pattern=pattern)
    for shift in planned:
        on_watch(team, 20, "周燕敏", shift)
    assert WatchPlan(team, PERIOD, shifts=chosen).shifts == shifts


def test_a_new_month_has_the_shifts_of_the_month_before():
    team = team_of("周燕敏", pattern="rotating")
    on_watch(team, 30, "周燕敏", DAY)
    on_watch(team, 30, "周燕敏", NIGHT)
    assert WatchPlan(team, 202611).shifts == [DAY, NIGHT]


def proposed(plan):
    """{day: name} of the cells that are proposed."""
    names = {member.user_id: member.user.name for member in plan.members}
    return {day.date.day: names[cell.chosen] for day in plan.days for cell in day.cells if cell.proposed}


def test_last_week_is_carried_forward_over_the_empty_cells(team):
    on_watch(team, 8, "周燕敏")
    on_watch(team, 9, "宋明远")
    put(team, (16, DAY, "黄波海"))
    Membership.objects.filter(user__name="周燕敏").update(ended_on=october_of(22))
    plan = WatchPlan(team, PERIOD)
    plan.propose_week()
    assert proposed(plan) == {15: "周燕敏", 22: "周燕敏", 23: "黄波海", 30: "黄波海"}
    assert (plan.proposed, stored(team)) == (4, {(8, DAY): "周燕敏", (9, DAY): "宋明远", (16, DAY): "黄波海"})


def test_last_week_reaches_over_the_end_of_the_month(team):
    on_watch(team, 28, "周燕敏")
    plan = WatchPlan(team, 202611)
    plan.propose_week()
    assert proposed(plan) == {4: "周燕敏", 11: "周燕敏", 18: "周燕敏", 25: "周燕敏"}


def test_people_take_turns_from_the_chosen_one_on(team):
    put(team, (15, DAY, "周燕敏"))
    Membership.objects.filter(user__name="黄波海").update(ended_on=october_of(16))
    plan = WatchPlan(team, PERIOD)
    plan.propose_turn(person("宋明远").pk)
    turns = proposed(plan)
    assert [turns[day] for day in (14, 16, 17, 18, 19)] == ["宋明远", "黄波海", "周燕敏", "宋明远", "周燕敏"]
    assert set(turns) == {14, *range(16, 32)}
    assert stored(team) == {(15, DAY): "周燕敏"}


def test_the_next_in_turn_comes_after_the_last_one_planned(team):
    assert WatchPlan(team, PERIOD).next_in_turn is None
    put(team, (15, DAY, "宋明远"), (16, DAY, "黄波海"))
    assert WatchPlan(team, PERIOD).next_in_turn == person("周燕敏").pk


# -- The page ----------------------------------------------------------------------------------------------------------


def open_plan(client, team, name="周燕敏", **query):
    client.force_login(person(name))
    return client.get(reverse("teams:watches", args=[team.pk, PERIOD]), query)


def save(client, team, shown="", follow=True, **fields):
    client.force_login(person("周燕敏"))
    body = {"shown": shown} | {name.replace("_", "-"): value for name, value in fields.items()}
    return client.post(reverse("teams:watches", args=[team.pk, PERIOD]), body, follow=follow)


def test_only_changed_cells_are_saved(client, team):
    put(team, (15, DAY, "周燕敏"))
    shown = open_plan(client, team).context["sheet"].shown
    assert shown == f"w-15-day {person('周燕敏').pk}"
    put(team, (15, DAY, "黄波海"))
    page = save(client, team, shown, w_15_day=person("周燕敏").pk, w_16_day=person("宋明远").pk)
    assert "值班表已保存，改了 1 个班。" in page.content.decode()
    assert stored(team) == {(15, DAY): "黄波海", (16, DAY): "宋明远"}


def test_a_refused_page_keeps_what_was_chosen_and_saves_on_the_second_try(client, team):
    shown = open_plan(client, team).context["sheet"].shown
    put(team, (15, DAY, "黄波海"))
    wish = {"w_15_day": person("宋明远").pk, "w_16_day": person("宋明远").pk}
    page = save(client, team, shown, **wish)
    sheet = page.context["sheet"]
    chosen = {day.date.day: cell.chosen for day in sheet.days for cell in day.cells if cell.chosen}
    assert chosen == {15: person("宋明远").pk, 16: person("宋明远").pk}
    assert [cell.name for day in sheet.days for cell in day.cells if cell.wrong] == ["w-15-day"]
    save(client, team, sheet.shown, **wish)
    assert stored(team) == {(15, DAY): "宋明远", (16, DAY): "宋明远"}


@pytest.mark.parametrize("field", ["w-32-day", "w-1-noon", "w-x", "w-"])
def test_fields_that_no_roster_has_are_refused(client, team, field):
    page = save(client, team, **{field: "1"})
    assert "这一页已经过时了，请刷新页面后重新排。" in page.content.decode()


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 30, "１", "1e3", "0"])
def test_what_is_no_person_is_refused(client, team, typed):
    page = save(client, team, w_15_day=typed)
    assert "10月15日白班选的人那天不在运行一值，请重新选。" in page.content.decode()
    assert stored(team) == {}


def test_a_proposal_is_stored_by_saving_only(client, team):
    on_watch(team, 8, "周燕敏")
    page = open_plan(client, team, fill="week")
    assert "已替您填好 3 个空格，还没有保存。核对后点“保存”才算数。" in page.content.decode()
    assert stored(team) == {(8, DAY): "周燕敏"}
    page = open_plan(client, team, fill="turn", start=person("宋明远").pk)
    assert "已替您填好 18 个空格" in page.content.decode()
    assert page.context["sheet"].days[13].cells[0].chosen == person("宋明远").pk


def test_nothing_to_propose_is_said(client, team):
    assert "没有能填的空格" in open_plan(client, team, fill="week").content.decode()


@pytest.mark.parametrize(
    "query", [{"fill": "x"}, {"fill": "turn", "start": "9" * 40}, {"shift": "noon"}, {"start": ""}]
)
def test_a_wish_that_makes_no_sense_does_no_harm(client, team, query):
    assert open_plan(client, team, **query).status_code == 200


def test_members_read_the_roster_without_fields_and_proposals(client, team):
    put(team, (15, DAY, "黄波海"))
    page = open_plan(client, team, "黄波海", fill="turn")
    html = page.content.decode()
    assert "<select" not in html.split("watch-table")[1]
    assert "帮我排" not in html
    assert not page.context["sheet"].proposed
    assert "黄波海" in html


def test_weekends_and_holidays_are_marked(team):
    off = {day.date.day for day in WatchPlan(team, PERIOD).days if day.off}
    assert off == {1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 24, 25, 31}


# -- Races -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_many_plan_at_once_is_planned_once():
    team = team_of("周燕敏", *[f"组员{number}" for number in range(THREADS)])
    people, turn = [person(f"组员{number}").pk for number in range(THREADS)], count()
    outcomes = race(
        lambda row: watches.plan(row, {(TODAY, Shift.DAY): (None, people[next(turn)])}, actor=None),
        team,
    )
    assert outcomes.count("done") == trail("watch.planned")(team) == 1
    refusals = [outcome for outcome in outcomes if outcome.startswith("polite: 您排班的时候，10月14日白班已排给组员")]
    assert len(refusals) == THREADS - 1

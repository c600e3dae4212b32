"""Goals: lamps, who sees and keeps them, what they may support, progress, measures, ends, figures, the task board."""

import datetime
import io
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from activities.errors import ActivityError
from activities.goals import access as reach
from activities.goals import lamps, lists, tasks
from activities.goals.chart import chart_of
from activities.goals.figures import series_of
from activities.models import FollowUp, Goal, GoalMeasure, GoalProgress
from activities.services import follow_ups, goals
from activities.services.goals import Content
from teams import periods
from teams.errors import StaleState
from teams.models import AuditEntry
from tests.ideas import Scene
from tests.races import at_once
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2026, 1, 1)


def goal_of(**facts):
    """A goal of a hundred days from 0 to 100, as lamps read it."""
    usual = {"state": "open", "baseline": 0, "target": 10000, "lower_is_better": False}
    return SimpleNamespace(**usual | {"starts_on": FIRST, "due_on": FIRST + 100 * DAY} | facts)


# -- Lamps, without a database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "latest", "day", "key"),
    [
        ({}, None, 10, "unknown"),
        ({}, 5000, 50, "on_track"),
        ({}, 4999, 50, "behind"),
        ({}, 0, 0, "on_track"),
        ({}, 10000, 10, "reached"),
        ({}, 9999, 101, "late"),
        ({}, 9999, 100, "behind"),
        ({}, None, 101, "late"),
        ({"baseline": None}, 9999, 50, "short"),
        ({"baseline": None}, 10000, 50, "reached"),
        ({"lower_is_better": True, "baseline": 1000, "target": 0}, 500, 50, "on_track"),
        ({"lower_is_better": True, "baseline": 1000, "target": 0}, 501, 50, "behind"),
        ({"lower_is_better": True, "baseline": 1000, "target": 0}, 0, 50, "reached"),
        ({"lower_is_better": True, "baseline": None, "target": 300}, 400, 50, "short"),
        ({"state": "reached"}, 0, 500, "ended"),
    ],
)
def test_lamps(facts, latest, day, key):
    assert lamps.lamp_of(goal_of(**facts), latest, FIRST + day * DAY).key == key


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(0, 100))
def test_what_is_expected_lies_between_baseline_and_target_and_goes_the_right_way(baseline, target, day):
    goal = goal_of(baseline=baseline, target=target, lower_is_better=target < baseline)
    here, next_day = (lamps.expected(goal, FIRST + number * DAY) for number in (day, day + 1))
    assert min(baseline, target) <= here <= max(baseline, target)
    assert abs(next_day - baseline) >= abs(here - baseline)
    assert lamps.expected(goal, goal.due_on) == target
    assert lamps.lamp_of(goal, here, FIRST + day * DAY).key in ("on_track", "reached")


@pytest.mark.parametrize(
    ("baseline", "target", "latest", "share"),
    [(0, 200, 50, 25), (200, 0, 50, 75), (0, 100, -5, 0), (0, 100, 900, 100), (None, 9, 9, None), (0, 9, None, None)],
)
def test_the_share_of_the_way(baseline, target, latest, share):
    assert lamps.share_of(goal_of(baseline=baseline, target=target), latest) == share


def test_a_chart_keeps_its_points_inside():
    goal = goal_of(baseline=0, target=500)
    chart = chart_of(goal, [(FIRST, 0), (FIRST + 50 * DAY, 900), (FIRST + 120 * DAY, 100)])
    assert all(chart.left <= x <= chart.right and 0 < y < chart.height for x, y in chart.points)
    assert 0 < chart.target < chart.height
    assert chart_of(goal, []) is None


# -- Goals ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def scene():
    found = Scene()
    found.leader, found.manager = found.owner, found.reviewer
    return found


def content(**facts):
    today = timezone.localdate()
    usual = {"horizon": "short", "title": "得分 90", "measure": "月度得分", "target": 9000, "baseline": 8000}
    return Content(**usual | {"starts_on": today - 50 * DAY, "due_on": today + 50 * DAY} | facts)


def three(scene):
    """A goal of the unit, one of the team under it, one of the author under that."""
    unit = goals.set_goal(content(title="单位目标"), unit=scene.unit, actor=scene.manager)
    team = goals.set_goal(content(title="班组目标", parent=unit), unit=scene.unit, team=scene.team, actor=scene.leader)
    own = {"unit": scene.unit, "user": scene.author, "actor": scene.author}
    return unit, team, goals.set_goal(content(title="个人目标", parent=team), **own)


def test_who_sees_and_who_keeps(scene):
    people = ("author", "mate", "leader", "manager", "neighbour", "stranger")
    sees, keeps = [], []
    for goal in three(scene):
        sees.append({who for who in people if reach.visible_to(getattr(scene, who)).filter(pk=goal.pk).exists()})
        keeps.append({who for who in people if reach.may_keep(getattr(scene, who), goal)})
    team = {"author", "mate", "leader", "manager"}
    assert sees == [team | {"neighbour"}, team, {"author", "leader", "manager"}]
    assert keeps == [{"manager"}, {"leader", "manager"}, {"author", "leader", "manager"}]


def test_whoever_has_a_measure_sees_its_goal(scene):
    _, team, _ = three(scene)
    assert lists.goal_for(scene.neighbour, team.pk) is None
    goals.add_measure(team, "传授经验", scene.neighbour, timezone.localdate(), actor=scene.leader)
    assert lists.goal_for(scene.neighbour, team.pk) == team


def test_the_tree(scene):
    assert [(node.depth, node.goal.title) for node in lists.listed(scene.author)] == []
    three(scene)
    whole = [(0, "单位目标"), (1, "班组目标"), (2, "个人目标")]
    assert [(node.depth, node.goal.title) for node in lists.listed(scene.author)] == whole
    assert [(node.depth, node.goal.title) for node in lists.listed(scene.mate)] == whole[:2]
    assert [(node.depth, node.goal.title) for node in lists.listed(scene.author, level="person")] == [(0, "个人目标")]
    assert [node.goal.title for node in lists.listed(scene.author, q="班组")] == ["班组目标"]
    assert lists.listed(scene.author, state="reached") == lists.listed(scene.author, lamp="late") == []


def test_what_a_goal_may_support(scene):
    unit, team, own = three(scene)
    above = goals.set_goal(content(title="公司目标", horizon="long"), unit=scene.root, actor=scene.manager)
    long = goals.set_goal(content(title="三年", horizon="long"), unit=scene.unit, team=scene.team, actor=scene.leader)

    def offered(*owner):
        return set(reach.parents_of(*owner))

    assert offered(scene.unit, None, None) == {above}
    assert offered(scene.unit, scene.team, None) == {above, unit, long}
    assert offered(scene.unit, scene.other_team, None) == {above, unit}
    assert offered(scene.unit, None, scene.author) == {above, unit, team, long}
    assert own not in offered(scene.unit, None, scene.mate)


FORM = {"horizon": "short", "title": "全年无违章", "measure": "违章次数", "target": "0", "lower_is_better": "on"}


def posted(scene, client, who, name, args, **more):
    client.force_login(who)
    today = timezone.localdate()
    return client.post(
        reverse(f"activities:{name}", args=args), FORM | {"starts_on": today, "due_on": today + DAY} | more
    )


def test_setting_goals_on_the_page(client, scene):
    for who, name, pk, status in (
        (scene.manager, "goal-unit", scene.unit.pk, 302),
        (scene.leader, "goal-team", scene.team.pk, 302),
        (scene.author, "goal-person", scene.author.pk, 302),
        (scene.leader, "goal-person", scene.author.pk, 302),
        (scene.author, "goal-team", scene.team.pk, 403),
        (scene.mate, "goal-person", scene.author.pk, 403),
        (scene.neighbour, "goal-person", scene.author.pk, 404),
        (scene.stranger, "goal-team", scene.team.pk, 404),
    ):
        before = Goal.objects.count()
        assert posted(scene, client, who, name, [pk]).status_code == status
        assert Goal.objects.count() == before + (status == 302)
    row = AuditEntry.objects.filter(verb="goal.set").first()
    assert row.unit == scene.unit
    answer = posted(scene, client, scene.manager, "goal-unit", [scene.unit.pk], title="全年无事故")
    assert answer.url == reverse("activities:goal", args=[Goal.objects.latest("id").pk])
    before = Goal.objects.count()
    again = posted(scene, client, scene.manager, "goal-unit", [scene.unit.pk], title="全年无事故")
    assert (again.url, Goal.objects.count()) == (answer.url, before)


def test_a_goal_to_come_takes_no_progress_yet(client, scene):
    first = timezone.localdate() + DAY
    facts = {"starts_on": first, "due_on": first + DAY}
    goal = goals.set_goal(content(**facts), unit=scene.unit, team=scene.team, actor=scene.leader)
    client.force_login(scene.leader)
    assert client.get(reverse("activities:goal", args=[goal.pk])).context["progress_form"] is None
    with pytest.raises(ActivityError, match="到那天再登记"):
        goals.enter_progress(goal, first, 100, actor=scene.leader)


@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        ({"target": "很多"}, "不是数字"),
        ({"target": ""}, "请填目标值"),
        ({"due_on": "2020-01-01"}, "要在开始日期之后"),
        ({"figure": "love"}, "没有这一项"),
        ({"parent": "foreign"}, "不在可选的范围里"),
        ({"title": "a\0b"}, "控制字符"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client, scene, slip, sentence):
    foreign = goals.set_goal(content(), unit=scene.unit, team=scene.other_team, actor=scene.manager)
    if slip.get("parent"):
        slip = {"parent": foreign.pk}
    answer = posted(scene, client, scene.leader, "goal-team", [scene.team.pk], **slip)
    assert sentence in answer.content.decode()
    assert Goal.objects.count() == 1


def test_a_long_goal_does_not_hang_under_another_of_its_own(client, scene):
    long = goals.set_goal(content(horizon="long"), unit=scene.unit, team=scene.team, actor=scene.leader)
    answer = posted(scene, client, scene.leader, "goal-team", [scene.team.pk], horizon="long", parent=long.pk)
    assert "只能由短期目标来支撑" in answer.content.decode()
    assert posted(scene, client, scene.leader, "goal-team", [scene.team.pk], parent=long.pk).status_code == 302


def test_changing_leaves_what_it_said_before(client, scene):
    _, team, _ = three(scene)
    body = {"title": "更高的目标", "target": "95", "lower_is_better": ""}
    assert posted(scene, client, scene.leader, "goal-edit", [team.pk], **body).status_code == 302
    team.refresh_from_db()
    assert (team.title, team.target, team.lower_is_better) == ("更高的目标", 9500, False)
    row = AuditEntry.objects.get(verb="goal.changed")
    assert (row.before["target"], row.after["target"]) == (9000, 9500)


def test_progress_and_the_lamp(client, scene):
    _, team, _ = three(scene)
    today = timezone.localdate()
    client.force_login(scene.leader)
    page = reverse("activities:goal", args=[team.pk])
    assert client.get(page).context["node"].lamp.key == "unknown"
    for value, key in (("84", "behind"), ("85", "on_track"), ("90.5", "reached")):
        client.post(reverse("activities:goal-progress", args=[team.pk]), {"date": today, "value": value})
        assert client.get(page).context["node"].lamp.key == key
    assert "90.5" in client.get(page).content.decode()
    for day in (today + DAY, team.starts_on - DAY):
        with pytest.raises(ActivityError, match="日期要在"):
            goals.enter_progress(team, day, 100, actor=scene.leader)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        GoalProgress.objects.update(value=1)


def test_measures(client, scene):
    _, team, _ = three(scene)
    today = timezone.localdate()
    client.force_login(scene.leader)
    body, add = {"text": "每周讲一次规程", "owner": scene.mate.pk, "due_on": today}, {"args": [team.pk]}
    gone = client.post(reverse("activities:goal-measure", **add), body | {"due_on": today - DAY}, follow=True)
    assert "日期已经过去了" in gone.content.decode()
    client.post(reverse("activities:goal-measure", **add), body)
    measure = GoalMeasure.objects.get()
    goals.move_measure(measure, scene.mate, today - DAY, actor=scene.leader)
    foreign = client.post(
        reverse("activities:goal-measure", args=[team.pk]), body | {"owner": scene.neighbour.pk}, follow=True
    )
    assert "负责人不在名单里" in foreign.content.decode()
    assert [row[0] for row in lists.news_for(scene.mate)] == ["目标措施"]
    assert next(lists.news_for(scene.mate))[3:] == ("warn", "逾期")
    done = reverse("activities:measure-done", args=[measure.pk])
    client.force_login(scene.author)
    assert client.post(done, {"reason": "做了"}).status_code == 403
    client.force_login(scene.leader)
    move = reverse("activities:measure-move", args=[measure.pk])
    client.post(move, {"owner": scene.author.pk, "due_on": today + 30 * DAY})
    assert list(lists.news_for(scene.mate)) == list(lists.news_for(scene.author)) == []
    client.force_login(scene.author)
    assert client.post(done, {"reason": "讲了四次"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.done_on, measure.outcome, measure.owner) == (today, "讲了四次", scene.author)
    with pytest.raises(StaleState):
        goals.finish_measure(measure, "又做", actor=scene.author)
    with pytest.raises(StaleState):
        goals.move_measure(measure, scene.mate, today, actor=scene.leader)


def test_an_ended_goal_stays_as_it_is(client, scene):
    _, team, _ = three(scene)
    measure = goals.add_measure(team, "讲课", scene.mate, timezone.localdate(), actor=scene.leader)
    client.force_login(scene.leader)
    end = reverse("activities:goal-end", args=[team.pk])
    assert "请写总结" in client.post(end, {"state": "reached"}, follow=True).content.decode()
    client.post(end, {"state": "reached", "outcome": "全年 91 分"})
    team.refresh_from_db()
    assert (team.state, team.outcome) == ("reached", "全年 91 分")
    assert "已达到：全年 91 分" in client.get(reverse("activities:goal", args=[team.pk])).content.decode()
    today = timezone.localdate()
    for deed in (
        partial(goals.end, team, "missed", "改口"),
        partial(goals.change, team, content()),
        partial(goals.enter_progress, team, today, 1),
        partial(goals.add_measure, team, "再做", scene.mate, today),
        partial(goals.finish_measure, measure, "做了"),
    ):
        with pytest.raises(StaleState):
            deed(actor=scene.leader)
    assert lists.measures_waiting(scene.mate).count() == 0


def test_the_database_refuses_a_goal_of_two_and_an_end_without_words(scene):
    _, team, _ = three(scene)
    for wrong in ({"user": scene.author}, {"state": "missed"}, {"due_on": team.starts_on}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Goal.objects.filter(pk=team.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_of_two_ends_one_holds():
    scene = Scene()
    goal = goals.set_goal(content(), unit=scene.unit, actor=scene.reviewer)
    deeds = [partial(goals.end, goal, state, "总结", actor=scene.reviewer) for state in ("reached", "missed")]
    outcomes = at_once(*deeds)
    assert outcomes[0] == "done"
    assert outcomes[1].startswith("polite: 这个目标已经结束")
    assert AuditEntry.objects.filter(verb__in=goals.VERBS.values()).count() == 1


# -- Real figures --------------------------------------------------------------------------------------------------------


def test_ideas_are_counted_for_a_unit_a_team_and_a_person(scene):
    scene.submitted()
    scene.submitted(authors=[])
    scene.withdrawn()
    last = periods.last_day(periods.shift(periods.current_period(), -1))
    read = {"figure": "ideas", "baseline": 0, "starts_on": last.replace(day=1)}
    owners = ({}, {"team": scene.team}, {"team": scene.other_team}, {"user": scene.author}, {"user": scene.mate})
    rows = [goals.set_goal(content(**read), unit=scene.unit, actor=scene.manager, **owner) for owner in owners]
    series = series_of(rows)
    today = timezone.localdate()
    assert [series[row.pk] for row in rows] == [[(last, 0), (today, count)] for count in (200, 200, 0, 200, 100)]
    with pytest.raises(ActivityError, match="系统读取"):
        goals.enter_progress(rows[0], today, 100, actor=scene.manager)


def test_the_trees_workbook(client, scene):
    three(scene)
    client.force_login(scene.leader)
    answer = client.post(reverse("activities:goal-export"), {"level": "team"})
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert head == lists.HEADERS
    assert [row[0], row[1], row[3]] == ["班组", "一值", "班组目标"]
    assert (row[2], row[9]) == ("", 90)
    answer = client.post(reverse("activities:goal-export"), {"level": "person"})
    _, own = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert own[1:3] == [scene.author.name, scene.author.employee_no]


# -- The task board ------------------------------------------------------------------------------------------------------


def test_the_board_shows_measures_and_follow_ups_the_most_overdue_first(client, scene):
    _, team, own = three(scene)
    today = timezone.localdate()
    later = goals.add_measure(team, "讲课", scene.mate, today + DAY, actor=scene.leader)
    goals.add_measure(own, "考证", scene.author, today - DAY, actor=scene.author)
    kind = make_kind(scene.unit)
    secret = make_kind(scene.unit, privacy="confidential")
    todo = {"owner": scene.author, "due_on": today - 9 * DAY}
    period = periods.current_period()
    for one, text in ((kind, "补油"), (secret, "家访")):
        make_activity(one, scene.team, actor=scene.leader, day=1, period=period, follow_ups=[todo | {"text": text}])

    def shown(who, **filters):
        return [(task.text, task.late) for task in tasks.open_tasks(who, **filters)]

    assert shown(scene.leader) == [("家访", 9), ("补油", 9), ("考证", 1), ("讲课", 0)]
    assert shown(scene.mate) == [("补油", 9), ("讲课", 0)]
    assert shown(scene.leader, late="late", team=scene.team, q="补") == [("补油", 9)]
    assert shown(scene.mate, owner="own") == [("讲课", 0)]
    assert shown(scene.neighbour) == [("补油", 9)]
    assert shown(scene.stranger) == []
    client.force_login(scene.leader)
    page = client.get(reverse("activities:tasks"), {"team": scene.team.pk})
    assert {person.pk for person in page.context["idle"]} == {scene.leader.pk}
    assert b"xl/" in client.post(reverse("activities:task-export"), {"late": "late"}).content
    goals.finish_measure(later, "讲了", actor=scene.mate)
    for row in FollowUp.objects.all():
        follow_ups.finish(row, "办完了", actor=scene.leader)
    assert shown(scene.mate) == []

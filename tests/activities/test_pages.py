"""The pages of duties: whose are listed, how they are filtered, the rate of a month, waiving, the rules, escalation."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities import selectors
from activities.duties import DAY
from activities.models import Duty
from activities.services import duties
from assessments.models import Finding
from teamhub import home
from teams.models import AuditEntry, WorkDay
from tests import factories as make

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 10, 9)
OCTOBER = 202610
LIST = "/duties/"


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: FRIDAY)


@pytest.fixture
def plant():
    """Two units below a plant, a team in each with its leader; every duty of the eighth and ninth is raised."""
    root = make.make_unit("本厂")
    teams = [
        make.make_team(make.make_unit(name, root), team) for name, team in (("运行部", "一值"), ("检修部", "锅炉班"))
    ]
    leaders = [make.make_member(team, "leader") for team in teams]
    for back in (1, 0):
        duties.raise_due(FRIDAY - back * DAY)
    return root, teams, leaders


def listed(client, user, **filters):
    """[(team, title)] that the person's list shows."""
    client.force_login(user)
    page = client.get(LIST, filters).context["page"]
    return [(duty.team.name, duty.title) for duty in page.object_list]


def done(team, day):
    """The self check of that day is done in time."""
    rows = Duty.objects.filter(team=team, due_on=day)
    rows.update(state="done", done_at=timezone.make_aware(datetime.datetime.combine(day, datetime.time(8))))


# -- The list ------------------------------------------------------------------------------------------------------------


def test_a_leader_sees_the_own_team_and_a_manager_the_own_unit(client, plant):
    root, (team, _other), (leader, _) = plant
    own = [("一值", "10月8日自查"), ("一值", "10月9日自查")]
    assert listed(client, leader) == listed(client, make.give_role(team.unit, "manager")) == own
    assert len(listed(client, make.give_role(root, "assessor"))) == 4
    assert listed(client, make.make_member(team)) == []


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        ({}, [9]),
        ({"state": "open"}, [9]),
        ({"state": "overdue"}, []),
        ({"state": "done"}, [8]),
        ({"state": "all"}, [8, 9]),
        ({"state": "all", "kind": "self_check", "period": "2026-10"}, [8, 9]),
        ({"state": "all", "period": "2026-09"}, []),
        ({"state": "all", "kind": "attendance_confirm"}, []),
        ({"state": "all", "q": "一值 9日"}, [9]),
        ({"state": "all", "q": "锅炉"}, []),
    ],
)
def test_the_list_is_narrowed(client, plant, filters, days):
    _, (team, _), (leader, _) = plant
    done(team, FRIDAY - DAY)
    assert listed(client, leader, **filters) == [("一值", f"10月{day}日自查") for day in days]


@pytest.mark.parametrize(
    "filters", [{"state": "lost"}, {"kind": "x"}, {"period": "2026-13"}, {"team": "9" * 30}, {"q": "\0"}]
)
def test_a_wrong_filter_is_said_and_shows_nothing(client, plant, filters):
    _, _, (leader, _) = plant
    assert listed(client, leader, **filters) == []
    assert "alert-danger" in client.get(LIST, filters).content.decode()


def test_a_team_out_of_reach_is_no_filter(client, plant):
    _, (team, other), (leader, _) = plant
    assert listed(client, leader, team=team.pk) != []
    assert listed(client, leader, team=other.pk) == []


def test_overdue_says_until_when_it_can_still_be_done(client, plant):
    _, (_team, _), (leader, _) = plant
    Duty.objects.filter(due_on=FRIDAY - DAY).update(grace_until=FRIDAY + DAY)
    assert listed(client, leader, state="overdue") == [("一值", "10月8日自查")]
    assert "10月10日前还能补办" in client.get(LIST).content.decode()


def test_attendance_just_confirmed_is_no_longer_listed(client, plant):
    _, (team, _), (leader, _) = plant
    duties.raise_due(datetime.date(2026, 9, 30))
    assert ("一值", "2026年9月考勤确认") in listed(client, leader)
    make.approve_attendance(team, 202609)
    assert ("一值", "2026年9月考勤确认") not in listed(client, leader)


def test_what_still_has_to_be_done_is_listed_when_its_grace_is_over_the_oldest_first(client, plant):
    _, (team, _), _ = plant
    make.make_standard(team.unit)
    person = make.make_member(team)
    day = FRIDAY - 9 * DAY
    make.file_findings(team, ("1.2", -100, person), day=day.day, period=202609)
    (finding,) = Finding.objects.all()
    late = Duty.objects.filter(kind="rectification")
    late.update(state="missed", opens_on=day, due_on=day, grace_until=day)
    Duty.objects.filter(team=team, due_on=FRIDAY - DAY).update(state="missed")
    title = late.get().title
    manager = make.give_role(team.unit, "manager")
    assert listed(client, manager) == [("一值", title), ("一值", "10月9日自查")]
    page = client.get(LIST).content.decode()
    for address in (
        reverse("assessments:finding", args=[finding.pk]),
        reverse("assessments:checks", args=[team.pk, OCTOBER]),
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code in (200, 302)
    late.update(done_at=timezone.now())
    assert listed(client, manager) == [("一值", "10月9日自查")]


def test_the_filtered_list_can_be_taken_away(client, plant):
    root, (team, _), _ = plant
    done(team, FRIDAY - DAY)
    user = make.give_role(root, "assessor")
    client.force_login(user)
    assert 'name="state" value="done"' in client.get(LIST, {"state": "done"}).content.decode()
    answer = client.post(f"{LIST}export/", {"state": "done"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[:4] for row in rows if row[0] == "运行部"] == [["运行部", "一值", "班前自查", "10月8日自查"]]
    entry = AuditEntry.objects.get(verb="duty.exported")
    assert (entry.actor, entry.after) == (user, {"rows": 1})


# -- Waiving -------------------------------------------------------------------------------------------------------------


def test_a_waiver_needs_a_reason_and_leads_back_to_the_filtered_list(client, plant):
    _, (team, _), _ = plant
    duty = Duty.objects.filter(team=team).first()
    client.force_login(make.give_role(team.unit, "manager"))
    address = reverse("activities:duty-waive", args=[duty.pk])
    response = client.post(address, {"reason": " ", "filters": "state=all"}, follow=True)
    assert "请写明原因" in response.content.decode()
    assert Duty.objects.get(pk=duty.pk).state == "open"
    response = client.post(address, {"reason": "停机检修", "filters": "state=waived&next=//evil.example"})
    assert response.headers["Location"] == "/duties/?state=waived&next=%2F%2Fevil.example"
    assert Duty.objects.get(pk=duty.pk).state == "waived"


# -- The rate ------------------------------------------------------------------------------------------------------------


def table_of(client, user, unit, period=OCTOBER):
    client.force_login(user)
    return client.get(reverse("activities:compliance", args=[unit.pk, period])).context


def test_the_rate_is_what_was_done_in_time_of_what_had_to_be_done_by_now(client, plant):
    root, (team, _other), _ = plant
    for back in range(2, 14):
        duties.raise_due(FRIDAY - back * DAY)
    Duty.objects.exclude(due_on=FRIDAY).update(state="done", done_at=timezone.now())
    Duty.objects.filter(team=team, period=OCTOBER, due_on=FRIDAY - DAY).update(state="late")
    Duty.objects.filter(team=team, period=OCTOBER, due_on=FRIDAY - 2 * DAY).update(state="missed")
    Duty.objects.filter(team=team, period=OCTOBER, due_on=FRIDAY - 3 * DAY).update(state="waived", reason="停机")
    context = table_of(client, make.give_role(root, "manager"), root)
    first, second = [row.total for row in context["rows"]]
    assert (first.done, first.asked, first.percent, first.waived) == (5, 7, 71, 1)
    assert first.shown == ("bad", "没有办 1，迟办 1，免办 1")
    assert (second.done, second.asked, second.percent, second.shown) == (8, 8, 100, ("ok", "全部按时"))
    assert (context["total"].done, context["total"].asked) == (13, 15)


def test_a_hundred_percent_is_only_said_when_nothing_is_left():
    assert selectors.Tally(done=199, missed=1).percent == 99
    assert selectors.Tally(done=1999, missed=1).percent == 99
    halves = [
        selectors.Tally(done=done, missed=asked - done).percent for done, asked in ((7, 9), (13, 15), (1, 8), (1, 200))
    ]
    assert halves == [78, 87, 13, 1]
    assert selectors.Tally(waived=3).percent is None


def test_a_unit_shows_what_is_below_it_and_nothing_else(client, plant):
    root, (team, _other), _ = plant
    assert [row.team for row in table_of(client, make.give_role(root, "manager"), team.unit)["rows"]] == [team]


def test_the_workbook_has_a_line_a_team_and_kind(client, plant):
    root, (team, _other), _ = plant
    done(team, FRIDAY - DAY)
    client.force_login(make.give_role(root, "manager"))
    response = client.post(reverse("activities:compliance-export", args=[root.pk, OCTOBER]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["运行部", "一值", "班前自查", 1, 1, 0, 0, 0, 0, 100]
    assert rows[2] == ["检修部", "锅炉班", "班前自查", 1, 0, 0, 0, 1, 0, 0]
    assert AuditEntry.objects.get(verb="duty.exported").after == {"period": OCTOBER, "rows": 2}


# -- The rules -----------------------------------------------------------------------------------------------------------


def rules(**changes):
    fields = {"mode-self_check": "above", "grace-self_check": "0", "mode-attendance_confirm": "above"}
    return fields | {"grace-attendance_confirm": "10"} | {name.replace("__", "-"): v for name, v in changes.items()}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mode__self_check": "x"}, "班前自查：请选择按上级、要办还是不要求。"),
        ({"mode__self_check": "on", "grace__self_check": "31"}, "班前自查：宽限请填 0 到 30 的整数。"),
        ({"mode__self_check": "on", "grace__self_check": "1.5"}, "班前自查：宽限请填 0 到 30 的整数。"),
        ({"mode__self_check": "on", "grace__self_check": ""}, "班前自查：请填宽限几个工作日，没有宽限填 0。"),
        ({"mode__weekly": "on"}, "请刷新页面后重新填写"),
        ({}, "和现在的规则一样，没有要改的。"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(client, plant, changes, sentence):
    root, _, _ = plant
    client.force_login(make.give_role(root, "assessor"))
    response = client.post(reverse("activities:duty-rules", args=[root.pk]), rules(**changes))
    assert sentence in response.content.decode()
    assert selectors.rules_for([root.pk])[root.pk]["self_check"].is_on


def test_a_unit_below_may_have_its_own_rule(client, plant):
    root, (team, _), _ = plant
    assessor = make.give_role(root, "assessor")
    client.force_login(assessor)
    for unit, mode in ((root, "off"), (team.unit, "on")):
        body = rules(mode__self_check=mode, grace__self_check="2")
        assert client.post(reverse("activities:duty-rules", args=[unit.pk]), body).status_code == 302
    page = client.get(reverse("activities:duty-rules", args=[team.unit_id])).content.decode()
    assert "不要求" in page
    found = selectors.rules_for([root.pk, team.unit_id])
    assert [found[unit]["self_check"].is_on for unit in (root.pk, team.unit_id)] == [False, True]


# -- 今日 ----------------------------------------------------------------------------------------------------------------


def queue(user, title):
    vars(user).pop("_access", None)
    return [item["detail"] for item in home.page_of(user)["queue"] if item["title"] == title]


def test_one_line_for_todays_check_and_one_for_each_day_that_can_be_made_up(plant):
    _, (_team, _), (leader, _) = plant
    Duty.objects.filter(due_on=FRIDAY - DAY).update(grace_until=FRIDAY + DAY)
    assert queue(leader, "今日自查") == ["一值今天还没有自查"]
    assert queue(leader, "班前自查") == ["一值10月8日自查，2026-10-08 到期"]


def test_a_check_that_is_waived_does_not_wait(plant):
    _, (team, _), (leader, _) = plant
    duties.waive(Duty.objects.get(team=team, due_on=FRIDAY), "停机", actor=None)
    assert queue(leader, "今日自查") == []


def overdue(team, due_on):
    """Open and overdue since that day, with grace for weeks."""
    Duty.objects.filter(team=team).update(state="done", done_at=timezone.now())
    row = Duty.objects.filter(team=team).first()
    days = {"opens_on": due_on, "due_on": due_on, "grace_until": FRIDAY + 30 * DAY}
    Duty.objects.filter(pk=row.pk).update(state="open", done_at=None, **days)


@pytest.mark.parametrize(
    ("due_on", "told_unit", "told_plant"), [(30, False, False), (29, True, False), (23, True, False), (22, True, True)]
)
def test_the_manager_is_told_on_the_third_working_day_and_the_plant_on_the_seventh(
    plant, due_on, told_unit, told_plant
):
    """Friday the 9th of October is the second working day after the holiday; the 25th of September was a holiday too."""
    root, (team, other), _ = plant
    for each in (team, other):
        Duty.objects.filter(team=each).update(state="done", done_at=timezone.now())
    overdue(team, datetime.date(2026, 9, due_on))
    manager, chief = make.give_role(team.unit, "manager"), make.give_role(root, "manager")
    line = ["运行部 1 个班组有逾期待办"]
    assert queue(manager, "逾期待办") == (line if told_unit else [])
    assert queue(chief, "逾期待办") == (line if told_plant else [])


def test_a_shutdown_keeps_it_with_the_team(plant):
    _root, (team, other), _ = plant
    Duty.objects.filter(team=other).update(state="done", done_at=timezone.now())
    overdue(team, datetime.date(2026, 9, 29))
    manager = make.give_role(team.unit, "manager")
    assert queue(manager, "逾期待办")
    WorkDay.objects.create(date="2026-09-30", is_workday=False, note="停产检修")
    assert queue(manager, "逾期待办") == []

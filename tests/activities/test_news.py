"""What of activities waits on the home page: what is due soon, what one took on, what one has begun; units' own activities."""

import datetime

import pytest
from django.urls import reverse

from activities import news
from activities.duties import DAY
from activities.models import Duty
from activities.services import duties
from activities.unit_due import unit_dues
from teamhub import home
from tests import factories as make
from tests.recording import write
from tests.team_life import make_kind

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 10, 9)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def turn(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)

    turn(FRIDAY)
    return turn


@pytest.fixture
def team():
    team = make.make_team(make.make_unit("运行部"), "一值")
    team.leader, team.worker = make.make_member(team, "leader"), make.make_member(team)
    return team


def ask(unit, name, **fields):
    return make_kind(unit, name=name, is_asked=True, **{"cadence": "weekly"} | fields)


def details(lines):
    return [(title, detail) for title, detail, *_ in lines]


def test_what_is_due_within_a_week_leads_to_the_form_and_what_is_due_later_waits_in_the_list(team):
    kind = ask(team.unit, "安全活动日")
    ask(team.unit, "每月工作会议", cadence="monthly")
    duties.raise_records(FRIDAY)
    address = f"/activities/new/{kind.pk}/?for=team-{team.pk}"
    line = ("安全活动日", "一值安全活动日（10月5日至11日），2026-10-11 到期", address, "wait", "待办")
    assert list(news.due_records(team.leader, FRIDAY)) == [line]
    assert list(news.due_records(team.worker, FRIDAY)) == []


def test_several_of_a_kind_are_one_line_that_leads_to_the_oldest(team, clock):
    kind = ask(team.unit, "班前会", cadence="daily", grace_days=5)
    for back in (2, 1, 0):
        duties.raise_records(FRIDAY - back * DAY)
    (line,) = news.due_records(team.leader, FRIDAY)
    assert line[1] == "一值班前会（10月7日），2026-10-07 到期，另外还有 2 次"
    assert line[2].endswith("&date=2026-10-07")
    assert line[3:] == ("warn", "逾期")
    assert kind.name == line[0]


def test_of_many_teams_there_is_one_line(team):
    officer = make.give_role(team.unit, "party")
    kind = ask(team.unit, "走访", recorders=["party"])
    for number in range(3):
        make.make_team(team.unit, f"又{number}")
    duties.raise_records(FRIDAY)
    line = ("走访", "4 个班组还没有记", f"/duties/?kind=activity:{kind.pk}", "wait", "待办")
    assert list(news.due_records(officer, FRIDAY)) == [line]


def test_what_one_took_on_and_what_one_has_begun(team):
    kind = make_kind(team.unit, name="周例会")
    todo = [
        {"text": text, "owner": team.worker, "due_on": FRIDAY + days * DAY}
        for text, days in (("补药品", 2), ("以后的", 20))
    ]
    kept = write(kind, team, actor=team.leader, follow_ups=todo)
    draft = write(kind, team, actor=team.leader, as_draft=True, title="下周的")
    line = ("跟进事项", "补药品，2026-10-11 前完成", f"/activities/{kept.pk}/", "wait", "待办")
    assert list(news.follow_ups(team.worker, FRIDAY)) == [line]
    assert list(news.follow_ups(team.leader, FRIDAY)) == list(news.drafts(team.worker, FRIDAY)) == []
    line = ("活动草稿", "周例会 2026-10-09：下周的", f"/activities/{draft.pk}/edit/", "wait", "未登记")
    assert list(news.drafts(team.leader, FRIDAY)) == [line]


def test_a_unit_is_asked_for_its_own_activities_until_it_has_recorded_them(team):
    kind = ask(team.unit, "恳谈会", subject="unit", recorders=["manager"], cadence="weekly")
    manager, clerk = make.give_role(team.unit, "manager"), make.give_role(team.unit, "finance")
    address = f"/activities/new/{kind.pk}/?for=unit-{team.unit_id}"
    line = ("恳谈会", "运行部还没有记，2026-10-11 到期", address, "wait", "待办")
    assert list(news.due_of_units(manager, FRIDAY)) == [line]
    assert list(news.due_of_units(clerk, FRIDAY)) == list(news.due_of_units(team.leader, FRIDAY)) == []
    write(kind, None, unit=team.unit, actor=manager)
    assert list(news.due_of_units(manager, FRIDAY)) == []
    (due,) = unit_dues([team.unit], FRIDAY)
    assert (due.is_done, due.latest, due.shown) == (True, FRIDAY, ("ok", "已完成"))
    (due,) = unit_dues([team.unit], FRIDAY + 3 * DAY)
    assert (due.is_done, due.due_on) == (False, FRIDAY + 9 * DAY)


def test_the_list_of_duties_names_what_ones_unit_has_still_to_record(client, team):
    kind = ask(team.unit, "恳谈会", subject="unit", recorders=["manager"], cadence="weekly")
    manager = make.give_role(team.unit, "manager")

    def shown(user, **filters):
        client.force_login(user)
        page = client.get(reverse("activities:duties"), filters).content.decode()
        return "单位自己的活动" in page and f"/activities/new/{kind.pk}/?for=unit-{team.unit_id}" in page

    assert (shown(manager), shown(manager, state="done"), shown(team.leader)) == (True, False, False)
    write(kind, None, unit=team.unit, actor=manager)
    assert not shown(manager)


def test_a_units_cycle_begins_with_its_last_record(team):
    kind = ask(team.unit, "体系自评", subject="unit", cadence="cycle", cycle_days=10, recorders=["manager"])
    write(kind, None, unit=team.unit, actor=make.give_role(team.unit, "manager"), date=FRIDAY - 4 * DAY)
    (due,) = unit_dues([team.unit], FRIDAY)
    assert (due.is_done, due.due_on) == (False, FRIDAY + 6 * DAY)


def test_units_ask_for_nothing_that_does_not_hold_there(team):
    other = make.make_unit("检修部")
    ask(team.unit, "恳谈会", subject="unit")
    ask(team.unit, "谈心", subject="unit", privacy="confidential")
    assert unit_dues([other], FRIDAY) == []
    assert [due.kind.name for due in unit_dues([team.unit], FRIDAY)] == ["恳谈会"]


def test_the_home_page_shows_it_once(team):
    ask(team.unit, "安全活动日")
    duties.raise_records(FRIDAY)
    titles = [item["title"] for item in home.page_of(team.leader)["queue"]]
    assert titles.count("安全活动日") == 1


def test_the_compliance_page_shows_what_the_unit_itself_has_to_record(client, team):
    ask(team.unit, "恳谈会", subject="unit", recorders=["manager"])
    client.force_login(make.give_role(team.unit, "manager"))
    page = client.get(f"/duties/units/{team.unit_id}/2026-10/").content.decode()
    assert "运行部自己的活动" in page
    assert "恳谈会" in page
    assert "恳谈会" not in client.get(f"/duties/units/{team.unit_id}/2026-09/").content.decode()


def test_what_is_recorded_today_is_told_as_done(team):
    kind = ask(team.unit, "班前会", cadence="daily")
    ask(team.unit, "安全活动日")
    duties.raise_records(FRIDAY)
    assert list(news.done_today(team.leader, FRIDAY)) == []
    write(kind, team, actor=team.leader, people=[team.worker])
    Duty.objects.filter(kind=f"activity:{kind.pk}").update(state="done")  # in time, by the clock of the test
    address = reverse("activities:activity-month", args=[team.pk, 202610])
    line = ("班前会", "一值班前会（10月9日）已登记", address, "ok", "已完成")
    assert list(news.done_today(team.leader, FRIDAY)) == [line]
    assert list(news.done_today(team.worker, FRIDAY)) == []


def test_the_heading_of_the_home_page_names_the_office(client, team):
    client.force_login(make.give_role(team.unit, "manager"))
    assert "运行部 · 单位负责人" in client.get(reverse("home")).content.decode()

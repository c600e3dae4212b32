"""The pages of work points: the price list, a day with its grid and its checks, a month, the workbook, 今日."""

import datetime
import io

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Bulletin
from incentives.models import PieceItem, PieceRecord
from incentives.piecework import news, selectors
from incentives.services import publishing
from teams import periods
from teams.access import access_of
from teams.models import AuditEntry, Team, User
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD
from tests.pieces import DAY, accept, checked, enter, make_closed_crew, make_crew

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return make_crew()


def day_of(team, day=DAY, **query):
    return reverse("incentives:piecework-day", args=[team.pk, day], query=query or None)


def as_user(client, user):
    client.force_login(user)
    return client


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def cell(user, item):
    return f"q-{user.pk}-{item.pk}"


# -- A day ---------------------------------------------------------------------------------------------------------------


def test_one_form_enters_several_people_and_lines(crew, client):
    as_user(client, crew.leader)
    body = {cell(crew.one, crew.cut): "12.5", cell(crew.other, crew.load): "３", cell(crew.other, crew.cut): " "}
    response = client.post(day_of(crew.team), body | {"note": "夜班"})
    assert response.status_code == 302
    assert told(response) == ["已登记 2 条，共 625 分，等别人验收。"]
    assert sorted(PieceRecord.objects.values_list("user", "quantity", "note")) == sorted(
        [(crew.one.pk, 1250, "夜班"), (crew.other.pk, 300, "夜班")]
    )


@pytest.mark.parametrize("by", ["item", "person"])
def test_both_orders_have_the_same_fields(crew, client, by):
    html = as_user(client, crew.leader).get(day_of(crew.team, by=by)).content.decode()
    people = [crew.leader, crew.deputy, crew.clerk, crew.one, crew.other]
    names = [f'name="{cell(user, item)}"' for user in people for item in (crew.cut, crew.load)]
    assert all(html.count(name) == 1 for name in names)


def test_what_is_entered_is_shut_in_the_grid_until_it_is_voided(crew, client):
    (record,) = enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)])
    html = as_user(client, crew.leader).get(day_of(crew.team)).content.decode()
    assert f'name="{cell(crew.one, crew.cut)}"' not in html
    assert "已登记 1 架" in html
    client.post(reverse("incentives:piece-void", args=[record.pk]), {"reason": "数错了"})
    assert f'name="{cell(crew.one, crew.cut)}"' in client.get(day_of(crew.team)).content.decode()


def test_wrong_figures_are_marked_and_nothing_is_stored(crew, client):
    body = {cell(crew.one, crew.cut): "两架", cell(crew.other, crew.cut): "-1", cell(crew.one, crew.load): "2"}
    response = as_user(client, crew.leader).post(day_of(crew.team), body)
    assert response.status_code == 200
    assert list(response.context["form"].non_field_errors()) == [
        f"{crew.one.name}的“割煤”：“两架”不是数字。请写成 2 或者 2.5 这样。",
        f"{crew.other.name}的“割煤”：数量要大于 0，不超过 10000。请写成 2 或者 2.5 这样。",
    ]
    assert response.content.decode().count("is-invalid") == 2
    assert 'value="2"' in response.content.decode(), "what was right stays typed"
    assert not PieceRecord.objects.exists()


def test_an_empty_form_and_strangers_in_it_are_refused(crew, client):
    as_user(client, crew.leader)
    stranger, ended = (
        make.make_member(make.make_team()),
        PieceItem.objects.create(unit=make.make_unit(), name="别处的", measure="件", points=100),
    )
    for body, sentence in (
        ({}, "一个数量也没有填"),
        ({cell(stranger, crew.cut): "1"}, "表里有的已经不能登记"),
        ({cell(crew.one, ended): "1"}, "表里有的已经不能登记"),
        ({"q-x": "1"}, "表里有的已经不能登记"),
    ):
        assert sentence in client.post(day_of(crew.team), body).content.decode()
    assert not PieceRecord.objects.exists()


def test_the_same_form_sent_twice_enters_once(crew, client):
    body = {cell(crew.one, crew.cut): "1"}
    as_user(client, crew.leader).post(day_of(crew.team), body)
    assert "已经登记过" in client.post(day_of(crew.team), body).content.decode()
    assert PieceRecord.objects.count() == 1


def test_a_day_to_come_is_not_there(crew, client):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert as_user(client, crew.leader).get(day_of(crew.team, tomorrow)).status_code == 404


def test_only_what_others_entered_and_did_can_be_ticked(crew, client):
    own, _ = enter(crew.team, crew.deputy, [(crew.one, crew.cut, 100), (crew.clerk, crew.load, 100)])
    assert as_user(client, crew.deputy).get(day_of(crew.team)).context["checkable"] == set()
    assert as_user(client, crew.clerk).get(day_of(crew.team)).context["checkable"] == {own.pk}
    assert as_user(client, crew.one).get(day_of(crew.team)).context["checkable"] == set()
    assert len(as_user(client, crew.manager).get(day_of(crew.team)).context["checkable"]) == 2


def test_ticked_records_are_accepted_in_one_go(crew, client):
    records = enter(crew.team, crew.leader, [(crew.one, crew.cut, 100), (crew.other, crew.load, 100)])
    address = reverse("incentives:piecework-accept", args=[crew.team.pk, DAY])
    response = as_user(client, crew.assessor).post(address, {"record": [row.pk for row in records]})
    assert told(response) == ["已验收 2 条。"]
    assert told(client.post(address))[-1] == "还没有选。请勾选看过的工分，再点“验收选中的”。"
    for body in ({"record": "x"}, {"record": records[0].pk}, {"record": "9" * 30}):
        assert "选中的工分里有已经验收或者作废的" in told(client.post(address, body))[-1]
    assert AuditEntry.objects.filter(verb="piece.accepted").count() == 1


def test_voiding_what_was_counted_tells_in_which_month_it_is_taken_back(client):
    closed = make_closed_crew()
    (record,) = checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    make.post_bonus(closed.team)
    as_user(client, closed.leader)
    address = reverse("incentives:piece-void", args=[record.pk])
    assert told(client.post(address, {"reason": ""})) == ["请写明原因。"]
    response = client.post(address, {"reason": "多记一件"})
    assert told(response)[-1] == "奖金已按它分过，在2026年11月冲减 200 分，等别人验收。"
    html = client.get(day_of(closed.team)).content.decode()
    assert "计入2026年11月" in html
    assert "现在登记这一天的活，计入2026年11月" in html


# -- A month -------------------------------------------------------------------------------------------------------------


def test_the_month_shows_everybody_and_counts_only_what_is_checked(crew, client):
    checked(crew.team, crew.leader, crew.clerk, [(crew.one, crew.cut, 150), (crew.one, crew.load, 100)])
    enter(crew.team, crew.leader, [(crew.other, crew.cut, 100)])
    page = as_user(client, crew.one).get(reverse("incentives:piecework", args=[crew.team.pk, PERIOD]))
    table = page.context["table"]
    assert [(row.user, row.points, row.waiting, len(row.dates)) for row in table.rows if row.points or row.waiting] == [
        (crew.one, 20_300, 0, 1),
        (crew.other, 0, 200, 0),
    ]
    assert (table.points, table.waiting, len(table.rows)) == (20_300, 200, 5)
    assert "割煤 1.5 架" in page.content.decode()


def test_the_workbook_has_members_and_records(crew, client):
    checked(crew.team, crew.leader, crew.clerk, [(crew.one, crew.cut, 150)])
    address = reverse("incentives:piecework-export", args=[crew.team.pk, PERIOD])
    sheets = read_workbook(io.BytesIO(as_user(client, crew.finance).post(address).content))
    assert list(sheets) == ["工分表", "工分记录"]
    assert [crew.one.employee_no, crew.one.name, 1, 1.5, 3, 0] in sheets["工分表"]
    row = sheets["工分记录"][1]
    assert row[:8] == ["2026-10-12", crew.one.employee_no, crew.one.name, "割煤", 1.5, "架", 2, 3]
    assert row[10:12] == ["已验收", crew.leader.name]
    assert AuditEntry.objects.get(verb="piece.exported").after == {"period": PERIOD}


def test_who_has_one_team_gets_its_month_others_the_list(crew, client):
    address = reverse("incentives:piecework-current")
    response = as_user(client, crew.one).get(address)
    assert response.url == reverse("incentives:piecework", args=[crew.team.pk, periods.current_period()])
    make.make_team(crew.unit, "另一个班")
    page = as_user(client, crew.manager).get(address)
    assert len(page.context["rows"]) == 2


# -- What follows --------------------------------------------------------------------------------------------------------


def test_the_bonus_table_has_a_column_only_where_the_rule_asks(client):
    closed = make_closed_crew()
    checked(
        closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100), (closed.other, closed.cut, 50)]
    )
    make.post_bonus(closed.team)
    publishing.publish_month(closed.team, PERIOD, actor=closed.manager)
    content = Bulletin.objects.get(team=closed.team, kind="bonus").content
    assert "work_points" in [column["key"] for column in content["columns"]]
    assert [row["cells"]["work_points"] for row in content["rows"]] == ["0", "200", "1"]
    assert content["total"]["work_points"] == "201"
    page = as_user(client, closed.leader).get(reverse("incentives:distribution", args=[closed.team.pk, PERIOD]))
    assert 'data-label="工分（分）"' in page.content.decode()
    other = make.make_closed_team()
    make.post_bonus(other.team)
    page = as_user(client, other.members[0]).get(reverse("incentives:distribution", args=[other.team.pk, PERIOD]))
    assert "工分" not in page.content.decode()


def test_the_explanation_names_each_record_with_who_entered_and_who_checked(client):
    closed = make_closed_crew()
    checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 150)])
    found = make.post_bonus(closed.team)
    html = (
        as_user(client, closed.one)
        .get(reverse("incentives:explain", args=[found.lines.get(user=closed.one).pk]))
        .content.decode()
    )
    assert "10月12日 装大件 1.5 件 × 200 分" in html
    assert f"{closed.leader.name}登记，{closed.manager.name}验收" in html


def test_today_tells_who_has_to_check(crew):
    records = enter(crew.team, crew.leader, [(crew.one, crew.cut, 100), (crew.deputy, crew.cut, 100)])

    def said(user):
        return [detail for _, detail, _ in news.news_for(user, access_of(User.objects.get(pk=user.pk)))]

    assert said(crew.manager) == [f"{crew.team.name}2026年10月 2 条"]
    assert said(crew.deputy) == [f"{crew.team.name}2026年10月 1 条"]
    assert said(crew.leader) == said(crew.one) == []
    accept(records, crew.manager)
    assert said(crew.clerk) == []


def test_today_asks_who_enters_work_points_where_the_team_wrote_some_lately(crew):
    today = timezone.localdate()

    def asked(user):
        said = news.news_for(user, access_of(User.objects.get(pk=user.pk)))
        return [(detail, address) for title, detail, address in said if title == "今天的工分"]

    enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)], day=today - news.LATELY - datetime.timedelta(days=1))
    assert asked(crew.leader) == []
    enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)], day=today - news.LATELY)
    line = (f"{crew.team.name}今天还没有登记工分", reverse("incentives:piecework-day", args=[crew.team.pk, today]))
    assert [asked(user) for user in (crew.leader, crew.deputy, crew.clerk)] == [[line]] * 3
    assert [asked(user) for user in (crew.one, crew.manager)] == [[], []]
    enter(crew.team, crew.clerk, [(crew.other, crew.cut, 100)], day=today)
    assert asked(crew.leader) == []


def test_today_tells_of_many_teams_in_one_line(crew):
    for _ in range(4):
        team = make.make_team(crew.unit)
        leader = make.make_member(team, "leader")
        enter(team, leader, [(leader, crew.cut, 100)])
    ((_, detail, address),) = news.news_for(crew.manager, access_of(crew.manager))
    assert (detail, address) == ("4 个班组，共 4 条", reverse("incentives:piecework-current"))


# -- The price list ------------------------------------------------------------------------------------------------------


def test_the_manager_adds_lines_for_all_or_for_one_team(crew, client):
    add = reverse("incentives:piece-item-add", args=[crew.unit.pk])
    body = {"name": "清扫", "measure": "班", "points": "60", "note": "不留死角"}
    as_user(client, crew.manager)
    assert client.post(add, body).status_code == 302
    assert client.post(add, body | {"team": crew.team.pk, "points": "65.5"}).status_code == 302
    assert list(PieceItem.objects.filter(name="清扫").values_list("points", "team")) == [
        (6000, None),
        (6550, crew.team.pk),
    ]
    assert "“清扫”已经有了" in client.post(add, body).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"points": "0"}, "工分要大于 0"),
        ({"points": "-1"}, "工分要大于 0"),
        ({"points": "10001"}, "不超过 10000"),
        ({"points": ""}, "请填工分"),
        ({"points": "六十"}, "不是数字"),
        ({"name": " "}, "请填项目"),
        ({"measure": "字" * 11}, "最多 10 个字"),
        ({"team": "0"}, "这个班组不在本单位"),
        ({"team": "x"}, "这个班组不在本单位"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_in_words(crew, client, change, sentence):
    body = {"name": "清扫", "measure": "班", "points": "60"} | change
    response = as_user(client, crew.manager).post(reverse("incentives:piece-item-add", args=[crew.unit.pk]), body)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert PieceItem.objects.count() == 2


def test_a_team_of_another_unit_gets_no_line_here(crew, client):
    foreign = make.make_team()
    body = {"name": "清扫", "measure": "班", "points": "60", "team": foreign.pk}
    response = as_user(client, crew.manager).post(reverse("incentives:piece-item-add", args=[crew.unit.pk]), body)
    assert "这个班组不在本单位" in response.content.decode()


def test_an_ended_line_is_shown_as_such_and_offered_no_more(crew, client):
    as_user(client, crew.manager).post(reverse("incentives:piece-item-end", args=[crew.cut.pk]))
    assert (
        f"{timezone.localdate()} 停用"
        in client.get(reverse("incentives:piece-items", args=[crew.unit.pk])).content.decode()
    )
    assert list(selectors.items_for(Team.objects.get(pk=crew.team.pk))) == [crew.load]


def test_the_list_of_teams_asks_no_more_for_more_teams(crew, client, django_assert_num_queries):
    as_user(client, crew.manager).get(reverse("home"))
    for _ in range(2):
        for _ in range(3):
            make.make_team(crew.unit)
        with django_assert_num_queries(8):
            client.get(reverse("incentives:piecework-current"))

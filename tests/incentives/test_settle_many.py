"""Finance marks many teams as paid in one go: ticked, named with their total, each done by itself, and again without harm."""

import datetime
import re

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Bulletin
from bulletins.objections.access import lines_for
from bulletins.services import objections
from incentives.errors import StaleState
from incentives.models import Distribution, Transaction
from incentives.selectors import balance
from incentives.services import approvals
from incentives.settlements import settled_by
from teams.models import AuditEntry, Team, User
from tests import factories as make
from tests.bulletins.posting import post
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
ADDRESS = reverse("incentives:settle-many", args=[PERIOD])


@pytest.fixture
def unit():
    """Three teams of a closed month whose bonuses are posted."""
    unit = make.make_ready_unit(teams=3)
    make.close_month(unit)
    for team in unit.teams.all():
        make.post_bonus(team)
    return unit


@pytest.fixture
def finance(unit, client):
    client.person = make.give_role(unit, "finance")
    client.force_login(client.person)
    return client


def rows(user):
    return list(settled_by(user, PERIOD))


def ticks(*chosen, **more):
    today = {"paid_on": f"{timezone.localdate()}", "note": "随十一月工资"}
    return today | {f"team-{row.team_id}": row.seen for row in chosen} | more


def settled():
    return set(Distribution.objects.filter(state="settled").values_list("team", flat=True))


def test_the_list_ticks_all_that_waits(finance):
    page = finance.get(ADDRESS)
    assert page.text.count(" checked") == 3
    assert "选中 <b>3</b> 个班组，共 <b data-sum>30,000.03</b> 元" in page.text
    assert page.text.count('data-fen="1000001"') == 3
    assert "登记发放（3）" in finance.get(reverse("incentives:month", args=[PERIOD])).text


def test_the_teams_stand_in_the_order_of_their_unit(unit, finance):
    names = ["运行二值", "运行一值", "运行三值"]
    for number, (team, name) in enumerate(zip(unit.teams.all(), names, strict=True)):
        Team.objects.filter(pk=team.pk).update(name=name, position=number)
    assert [row.team.name for row in rows(finance.person)] == names
    assert '<th scope="col">班组</th>' in finance.get(ADDRESS).text


def test_before_anything_is_done_the_chosen_teams_are_named_with_their_total(finance):
    one, two, three = rows(finance.person)
    page = finance.post(ADDRESS, ticks(one, three))
    named = {
        name for name in (one.team.name, two.team.name, three.team.name) if f'<th scope="row">{name}<' in page.text
    }
    assert named == {one.team.name, three.team.name}
    assert ("20,000.02 <small>元" in page.text, "登记这 2 个班组已发放" in page.text) == (True, True)
    assert (settled(), balance("payroll")) == (set(), 0)


def test_an_open_objection_to_the_board_is_said_before_anything_is_done(finance):
    one, two, _ = rows(finance.person)
    for row in (one, two):
        post(row.team, [make.make_member(row.team)], kind="bonus", period=PERIOD)
    bulletin = Bulletin.objects.get(team=one.team, kind="bonus")
    filer = User.objects.get(pk=bulletin.content["rows"][0]["user"])
    cell = lines_for(filer, bulletin)[0].cells[0]
    objection = objections.file(bulletin, cell, wanted="", reason="少算了", evidence=[], actor=filer)
    page = finance.get(ADDRESS)
    assert (page.text.count(" checked"), page.text.count("1 件没有办结")) == (2, 1)
    assert "选中 <b>2</b> 个班组，共 <b data-sum>20,000.02</b> 元" in page.text
    assert re.search(rf'name="team-{one.team_id}" value="[^"]*" data-fen="1000001">', page.text)
    page = finance.post(ADDRESS, ticks(one, two))
    assert page.text.count("奖金表还有 1 件异议没有办结") == 1
    assert "1 个班组的奖金表还有异议没有办结" in page.text
    distribution = reverse("incentives:distribution", args=[one.team_id, PERIOD])
    assert "奖金表还有 1 件异议没有办结，办结后的更正记在以后的月份。" in finance.get(distribution).text
    objections.withdraw(objection, actor=filer)
    assert "没有办结" not in finance.post(ADDRESS, ticks(one, two)).text
    assert "没有办结" not in finance.get(distribution).text


def test_the_confirmed_ones_are_paid_and_the_others_wait(finance):
    one, two, three = rows(finance.person)
    page = finance.post(ADDRESS, ticks(one, three, confirmed="yes"), follow=True)
    assert f"已登记 2 个班组发放，共 20,000.02 元：{one.team.name}、{three.team.name}。" in page.text
    assert (settled(), balance("payroll")) == ({one.team_id, three.team_id}, 2_000_002)
    assert [row.team for row in page.context["page"]] == [two.team]
    assert AuditEntry.objects.filter(verb="bonus.settled", after__note="随十一月工资").count() == 2


def test_done_again_it_names_what_is_done_and_pays_nobody_twice(finance):
    one, two, _ = rows(finance.person)
    for body in (ticks(one, confirmed="yes"), ticks(one, two, confirmed="yes")):
        page = finance.post(ADDRESS, body, follow=True)
    assert f"{one.team}没有登记：已经登记过发放，不用再登记。" in page.text
    assert f"已登记 1 个班组发放，共 10,000.01 元：{two.team.name}。" in page.text
    assert (Transaction.objects.filter(source__startswith="settlement:").count(), balance("payroll")) == (2, 2_000_002)


def test_one_refusal_stops_nobody_else(finance):
    one, two, three = rows(finance.person)
    body = ticks(one, two, three, confirmed="yes") | {f"team-{two.team_id}": "0:other"}
    page = finance.post(ADDRESS, body, follow=True)
    assert f"{two.team}没有登记：您打开页面之后，这份分配又重新拟定过。" in page.text
    assert settled() == {one.team_id, three.team_id}


def test_control_in_one_transaction_a_refusal_stops_all(finance):
    one, two, three = rows(finance.person)

    def all_or_nobody():
        for row, seen in ((one, one.seen), (two, "0:other"), (three, three.seen)):
            approvals.settle(row, paid_on=timezone.localdate(), actor=None, seen=seen)

    with pytest.raises(StaleState):
        transaction.atomic(all_or_nobody)()
    assert settled() == set()


WRONG = {
    "nobody": ({}, "请至少选一个班组。"),
    "no day": ({"paid_on": ""}, "请选择日期。"),
    "the year twenty": ({"paid_on": "0020-01-01"}, "日期无效"),
    "a day to come": ({"paid_on": f"{timezone.localdate() + datetime.timedelta(days=1)}"}, "发放日期还没有到"),
    "a hidden sign": ({"note": "a\0b"}, "控制字符"),
    "before it was posted": ({"paid_on": f"{timezone.localdate() - datetime.timedelta(days=1)}"}, "在入账之前"),
}


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}], ids=["named", "confirmed"])
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_nobody_is_paid(finance, name, confirmed):
    changes, sentence = WRONG[name]
    chosen = rows(finance.person)[:2] if changes else []
    page = finance.post(ADDRESS, ticks(*chosen) | changes | confirmed)
    assert sentence in page.text
    assert page.text.count(" checked") == (len(chosen) or 3)
    assert settled() == set()


def test_an_empty_form_is_refused(finance):
    assert "请选择日期。" in finance.post(ADDRESS, {}).text


@pytest.mark.parametrize("name", ["team-x", "team-", "team-99999999999999999999", "team-²", "team--1"])
def test_a_name_that_is_no_team_ticks_nothing(finance, name):
    page = finance.post(ADDRESS, ticks(**{name: "1", "confirmed": "yes"}))
    assert "请至少选一个班组。" in page.text


def test_nobody_settles_for_the_teams_of_another_unit(finance):
    foreign = make.post_bonus(make.make_closed_team().team)
    assert "请至少选一个班组。" in finance.post(ADDRESS, ticks(foreign, confirmed="yes")).text
    foreign.refresh_from_db()
    assert foreign.state == "posted"


def test_a_bonus_that_is_not_posted_is_refused(finance):
    other = make.make_closed_team()
    draft = make.make_bonus(other.team)
    make.give_role(other.unit, "finance", finance.person)
    page = finance.post(ADDRESS, ticks(draft, confirmed="yes"), follow=True)
    assert f"{other.team}没有登记：这条记录刚刚被别人改过了" in page.text
    assert settled() == set()


def test_a_team_that_is_disbanded_is_paid_as_well(finance, unit):
    team = unit.teams.first()
    team.disbanded_on = timezone.localdate()
    team.save()
    assert team in [row.team for row in finance.get(ADDRESS).context["page"]]


def test_a_month_without_anything_to_pay_says_so(finance):
    page = finance.get(reverse("incentives:settle-many", args=[202501]))
    assert "这个月没有等发放的奖金" in page.text

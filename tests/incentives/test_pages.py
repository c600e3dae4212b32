"""The pages of the bonus: what a form that was opened too early may still do, and what a page says afterwards."""

import pytest
from django.urls import reverse

from bulletins.objections.access import lines_for
from bulletins.services import objections
from incentives.models import Distribution, Pool
from incentives.services import approvals, pools
from tests import factories as make
from tests.bulletins.posting import post
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make.make_ready_unit(teams=3)


def send(client, user, name, args, **body):
    client.force_login(user)
    return client.post(reverse(f"incentives:{name}", args=args), body, follow=True).text


def send_pools(client, unit, amounts, shown):
    """Post the pools of the unit's teams as finance; `shown` is what the page said when it was opened."""
    finance = make.give_role(unit, "finance")
    body = {f"team-{team.pk}": text for team, text in zip(unit.teams.all(), amounts, strict=True)}
    body |= {f"was-{team.pk}": text for team, text in zip(unit.teams.all(), shown, strict=True)}
    return send(client, finance, "pools", [unit.pk, PERIOD], **body)


def stored():
    return list(Pool.objects.order_by("team").values_list("amount", flat=True))


def test_the_page_counts_what_really_changed(client, unit):
    assert "：已下达 2 个班组，无变化 1 个。" in send_pools(client, unit, ["10", "20", ""], ["", "", ""])
    html = send_pools(client, unit, ["10", "", "30"], ["10.00", "20.00", ""])
    assert "：已下达 1 个班组，收回 1 个，无变化 1 个。" in html
    assert stored() == [1000, 3000]


def test_an_amount_that_the_page_did_not_show_is_neither_overwritten_nor_taken_back(client, unit):
    send_pools(client, unit, ["10", "", ""], ["", "", ""])
    for amount in ("", "20"):
        assert "有人刚刚改过奖金总额" in send_pools(client, unit, [amount, "", ""], ["", "", ""])
    assert stored() == [1000]


def test_a_form_that_lacks_its_fields_takes_nothing_back(client, unit):
    send_pools(client, unit, ["10", "", ""], ["", "", ""])
    send(client, make.give_role(unit, "finance"), "pools", [unit.pk, PERIOD])
    assert stored() == [1000]


def test_an_approved_pool_stays_and_the_page_says_why(client, unit):
    make.close_month(unit)
    approvals.approve(make.propose_bonus(unit.teams.first(), amount=1000), actor=None)
    html = send_pools(client, unit, ["", "20", ""], ["10.00", "", ""])
    assert "不能收回。 一个也没有保存。" in html
    assert stored() == [1000]


@pytest.mark.parametrize("amount", ["1e9", "1,5", "0x10"])
def test_what_only_a_computer_calls_a_number_is_no_pool(client, unit, amount):
    assert "不是数字" in send_pools(client, unit, [amount, "", ""], ["", "", ""])
    assert stored() == []


def test_an_old_page_approves_nothing(client, unit):
    make.close_month(unit)
    team, manager = unit.teams.first(), make.give_role(unit, "manager")
    seen = make.make_bonus(team).seen
    newer = make.propose_bonus(team, amount=99)
    for shown in (seen, ""):
        html = send(client, manager, "step", [team.pk, PERIOD, "approve"], seen=shown)
        assert "请看过新的金额再办。" in html
    assert Distribution.objects.get().state == "proposed"
    assert f'name="seen" value="{newer.seen}"' in html
    assert "分配已批准。" in send(client, manager, "step", [team.pk, PERIOD, "approve"], seen=newer.seen)


def test_an_old_page_of_a_draft_that_is_gone_says_so(client, unit):
    make.close_month(unit)
    team, manager = unit.teams.first(), make.give_role(unit, "manager")
    seen = make.make_bonus(team).seen
    pools.set_pool(team, PERIOD, 5, actor=None)
    assert "这份分配刚刚被撤掉了" in send(client, manager, "step", [team.pk, PERIOD, "approve"], seen=seen)
    assert "这份分配刚刚被撤掉了" in send(client, manager, "return", [team.pk, PERIOD], seen=seen, reason="为什么")


def test_a_returned_draft_offers_the_manager_nothing_to_approve(client, unit):
    make.close_month(unit)
    team, manager = unit.teams.first(), make.give_role(unit, "manager")
    draft = make.propose_bonus(team)
    html = send(client, manager, "return", [team.pk, PERIOD], seen=draft.seen, reason="工时不对")
    assert "退回意见：工时不对" in html
    assert reverse("incentives:step", args=[team.pk, PERIOD, "approve"]) not in html
    client.force_login(team.memberships.get(role="leader").user)
    assert "重新拟定" in client.get(reverse("incentives:distribution", args=[team.pk, PERIOD])).text


def test_after_a_step_the_page_leads_to_the_next_team(client, unit):
    make.close_month(unit)
    first, second, _ = unit.teams.all()
    manager, draft = make.give_role(unit, "manager"), make.propose_bonus(first)
    make.propose_bonus(second)
    html = send(client, manager, "step", [first.pk, PERIOD, "approve"], seen=draft.seen)
    assert f"下一个：{second.name}" in html
    assert "回到今日" in html


def test_the_address_of_the_bonus_leads_everybody_to_what_is_theirs(client, unit):
    team, address = unit.teams.first(), reverse("incentives:current")
    client.force_login(team.memberships.filter(role="worker").first().user)
    assert client.get(address).headers["Location"] == reverse("incentives:payslips")
    client.force_login(team.memberships.get(role="leader").user)
    assert client.get(address).status_code == 200
    client.force_login(make.give_role(unit, "assessor"))
    assert client.get(address).status_code == 403


def test_whoever_posts_a_bonus_is_told_of_open_objections_to_its_board(client, unit):
    make.close_month(unit)
    team, finance = unit.teams.first(), make.give_role(unit, "finance")
    approvals.approve(make.propose_bonus(team), actor=None)
    filer = make.make_member(team)
    board = post(team, [filer], kind="bonus")
    page = reverse("incentives:distribution", args=[team.pk, PERIOD])
    client.force_login(finance)
    asked = "入账后写入总账，只能冲销、不能修改。"
    assert f'data-confirm="{asked}"' in client.get(page).text
    cell = lines_for(filer, board)[0].cells[0]
    objection = objections.file(board, cell, wanted="", reason="少算了", evidence=[], actor=filer)
    assert f'data-confirm="{asked}奖金表还有 1 件异议没有办结。"' in client.get(page).text
    objections.withdraw(objection, actor=filer)
    assert f'data-confirm="{asked}"' in client.get(page).text

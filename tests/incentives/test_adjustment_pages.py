"""The pages of clauses, personal awards and exclusions: what they offer to whom, and what they say at once."""

import pytest
from django.urls import reverse

from incentives.models import Adjustment, Clause, Exclusion
from incentives.services import adjustments, clauses
from incentives.services.clauses import preset
from teams.models import AuditEntry
from tests import factories as make
from tests.access.world import picture
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
NEW = {"code": "F1", "name": "巡检不带工具", "kind": "deduction", "least": "30", "most": "", "note": ""}


@pytest.fixture
def closed():
    found = make.make_closed_team()
    found.leader, found.worker, found.other = found.members
    found.manager = make.give_role(found.unit, "manager")
    facts = {"name": "材料使用好", "kind": "award", "least": 2000, "most": 5000, "note": "", "actor": found.manager}
    found.good = clauses.add(found.unit, code="J1", **facts)
    found.address = reverse("incentives:adjustments", args=[found.team.pk, PERIOD])
    return found


@pytest.fixture
def leader(closed, client):
    client.force_login(closed.leader)
    return client


@pytest.fixture
def manager(closed, client):
    client.force_login(closed.manager)
    return client


def award(closed, **more):
    return {"user": closed.worker.pk, "clause": closed.good.pk, "amount": "30", "reason": "回收配件"} | more


def offered(answer):
    return set(answer.context["form"].fields["user"].queryset)


# -- Awards and deductions -----------------------------------------------------------------------------------------------


def test_the_leader_may_choose_everybody_else_and_the_manager_the_leader_too(closed, leader):
    assert offered(leader.get(closed.address)) == {closed.worker, closed.other}
    leader.force_login(closed.manager)
    assert offered(leader.get(closed.address)) == set(closed.members)


def test_a_deputy_does_not_propose_for_the_leader(closed, client):
    client.force_login(make.make_member(closed.team, "deputy"))
    assert offered(client.get(closed.address)) == {closed.worker, closed.other}
    page = client.post(closed.address, award(closed, user=closed.leader.pk)).text
    assert "这个人的奖罚您不能提，或者他这个月不在本班组，请重新选择。" in page


def test_a_proposal_keeps_its_photos_and_waits_on_the_managers_home_page(closed, leader):
    leader.post(closed.address, award(closed, photos=[picture(), picture("二.png", size=(20, 20))]))
    found = Adjustment.objects.get()
    assert (found.amount, found.proposed_by, found.evidence.count()) == (3000, closed.leader, 2)
    assert "审批个人奖罚" not in leader.get(reverse("home")).text
    leader.force_login(closed.manager)
    page = leader.get(reverse("home")).text
    assert "审批个人奖罚" in page
    assert f"{closed.team.name}2026年10月 1 条" in page
    assert "批准" in leader.get(closed.address).text


def test_a_fixed_amount_need_not_be_typed(closed, leader):
    facts = {
        "name": "巡检不带工具",
        "kind": "deduction",
        "least": 3000,
        "most": 3000,
        "note": "",
        "actor": closed.manager,
    }
    fixed = clauses.add(closed.unit, code="F1", **facts)
    assert "算上 <strong" in leader.get(closed.address, award(closed, clause=fixed.pk, amount="")).text
    leader.post(closed.address, award(closed, clause=fixed.pk, amount=""))
    assert Adjustment.objects.get().amount == -3000


def test_what_does_not_fit_is_said_beside_the_field_and_nothing_is_kept(closed, leader):
    foreign = Clause.objects.create(unit=make.make_unit(), code="X", name="外单位", kind="award", least=1, most=9)
    stranger = make.make_member(make.make_team())
    for wrong, said in (
        ({"amount": "十"}, "不是数字"),
        ({"amount": ""}, "请填金额：“J1 材料使用好”每次奖 20.00 元到 50.00 元。"),
        ({"amount": "60"}, "60.00 元不在范围里"),
        ({"amount": "-30"}, "不在范围里"),
        ({"reason": ""}, "请填事由。"),
        ({"clause": foreign.pk}, "这一条已经停用，或者不适用本班组，请重新选择。"),
        ({"clause": "abc"}, "这一条已经停用，或者不适用本班组，请重新选择。"),
        ({"user": stranger.pk}, "请重新选择。"),
        ({"photos": [picture() for _ in range(4)]}, "照片最多 3 张，现在有 4 张。"),
    ):
        answer = leader.post(closed.address, award(closed, **wrong))
        assert (answer.status_code, said in answer.text) == (200, True), wrong
    assert (Adjustment.objects.count(), AuditEntry.objects.filter(verb="adjustment.proposed").count()) == (0, 0)


def test_the_form_says_at_once_what_a_line_does(closed, leader):
    typed = {"user": closed.worker.pk, "clause": closed.good.pk, "amount": "30"}
    assert "分配还没有拟定。批准以后" in leader.get(closed.address, typed).text
    line = make.make_bonus(closed.team).lines.get(user=closed.worker)
    assert line.amount == 303_449
    assert "3,034.49 → 3,064.49 元" in leader.get(closed.address, typed).text
    facts = {"user": closed.worker, "clause": closed.good, "amount": 2000, "reason": "好", "actor": closed.leader}
    adjustments.approve(adjustments.propose(closed.team, PERIOD, **facts), actor=closed.manager)
    assert "3,054.49 → 3,084.49 元" in leader.get(closed.address, typed).text
    assert "每次奖 20.00 元到 50.00 元" in leader.get(closed.address, typed | {"amount": "60"}).text
    assert "这里马上写出" in leader.get(closed.address, typed | {"amount": "x"}).text


def test_a_month_that_is_proposed_shows_no_forms_and_says_why(closed, leader):
    make.propose_bonus(closed.team)
    page = leader.get(closed.address).text
    assert "这个月的分配待批准，奖罚和不参加分配的人都不能再改。" in page
    assert "adjustment-form" not in page
    leader.post(closed.address, award(closed))
    assert Adjustment.objects.count() == 0


def test_an_exclusion_is_recorded_shown_and_taken_back(closed, leader):
    address = reverse("incentives:exclude", args=[closed.team.pk, PERIOD])
    assert "请填原因。" in leader.post(address, {"user": closed.other.pk, "reason": ""}).text
    leader.post(address, {"user": closed.other.pk, "reason": "长期外派"})
    assert "长期外派" in leader.get(closed.address).text
    make.make_bonus(closed.team)
    distribution = leader.get(reverse("incentives:distribution", args=[closed.team.pk, PERIOD])).text
    assert f"不参加分配：{closed.other.name}（长期外派）" in distribution
    leader.post(reverse("incentives:exclusion-remove", args=[Exclusion.objects.get().pk]))
    assert Exclusion.objects.count() == 0


# -- The price list ------------------------------------------------------------------------------------------------------


def test_members_read_the_list_of_their_unit_and_of_those_above_and_search_it(closed, client):
    plant = make.make_unit()
    closed.unit.parent = plant
    closed.unit.save()
    clauses.add(plant, actor=None, code="F9", name="违章作业", kind="deduction", least=10_000, most=10_000, note="")
    client.force_login(closed.worker)
    address = reverse("incentives:clauses", args=[closed.unit.pk])
    page = client.get(address).text
    assert ("材料使用好" in page, "违章作业" in page, "加一条" in page) == (True, True, False)
    assert "−100.00" in page
    found = client.get(address, {"q": "违章"}).text
    assert ("材料使用好" in found, "违章作业" in found) == (False, True)
    assert "没有这样的条款" in client.get(address, {"q": "没有的"}).text
    assert client.get(reverse("incentives:clauses-current"), follow=True).status_code == 200
    client.force_login(make.make_member(make.make_team()))
    assert client.get(address).status_code == 404


def test_clauses_are_added_replaced_and_ended_but_stay_readable(closed, manager):
    manager.post(reverse("incentives:clause-add", args=[closed.unit.pk]), NEW)
    clause = Clause.objects.get(code="F1")
    assert (clause.least, clause.most) == (3000, 3000)
    again = manager.post(reverse("incentives:clause-add", args=[closed.unit.pk]), NEW).text
    assert "编号“F1”已经用过了，请换一个编号，或者替换原来那一条。" in again
    manager.post(reverse("incentives:clause-replace", args=[clause.pk]), NEW | {"least": "30", "most": "80"})
    old, new = Clause.objects.filter(code="F1").order_by("pk")
    assert (bool(old.ended_on), new.ended_on, new.most) == (True, None, 8000)
    for name in ("clause-end", "clause-end"):
        manager.post(reverse(f"incentives:{name}", args=[new.pk]))
    address = reverse("incentives:clauses", args=[closed.unit.pk])
    assert "已经停用或者替换过了" in manager.get(address).text
    assert "巡检不带工具" not in manager.get(address).text
    assert manager.get(address, {"all": "on"}).text.count("停用</small>") == 2
    verbs = AuditEntry.objects.filter(verb__startswith="clause.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["clause.added", "clause.added", "clause.replaced", "clause.ended"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"least": "0"}, "金额要大于 0"),
        ({"least": "50", "most": "20"}, "最多不能小于最少"),
        ({"least": "1e3"}, "不是数字"),
        ({"least": "10000000.01"}, "金额要大于 0，不超过 10,000,000.00 元。"),
        ({"kind": "gift"}, "只有奖和罚"),
        ({"code": ""}, "请填编号。"),
        ({"name": "长" * 101}, "条款最多 100 个字。"),
    ],
)
def test_a_clause_that_makes_no_sense_is_refused(closed, manager, typed, said):
    answer = manager.post(reverse("incentives:clause-add", args=[closed.unit.pk]), NEW | typed)
    assert (answer.status_code, said in answer.text, Clause.objects.count()) == (200, True, 1)


def test_the_shipped_clauses_are_installed_once_and_skip_codes_in_use(closed, manager):
    address = reverse("incentives:clauses-install", args=[closed.unit.pk])
    manager.post(address)
    assert Clause.objects.filter(unit=closed.unit).count() == len(preset())  # J1 was there
    assert {clause.kind for clause in Clause.objects.all()} == {"award", "deduction"}
    assert "没有可以再装的" in manager.post(address, follow=True).text
    assert AuditEntry.objects.filter(verb="clause.installed").count() == 1

"""Putting a bonus right by objection: no clause is needed, the amount is computed, and every paper names the objection."""

from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from bulletins.services import objections
from incentives.correcting import entries_for
from incentives.errors import IncentiveError
from incentives.inputs import figures_behind
from incentives.models import Adjustment, Clause, Remedy, Transaction
from incentives.redoing import redone
from incentives.rules.definition import read_rule
from incentives.services import adjustments
from incentives.statements.payslip_papers import _sheet
from tests import factories as make
from tests.factories import PERIOD
from tests.remedying import make_scene, remedy, upheld

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


def by_hand(line, hours):
    """Fen of the line's share in the shipped rule, exactly, if it had other hours (hundredths)."""
    lines = list(line.distribution.lines.all())
    weights = {row.pk: (row.coefficient * row.days, row.coefficient * row.hours * row.score) for row in lines}
    weights[line.pk] = (line.coefficient * line.days, line.coefficient * hours * line.score)
    shares = [Fraction(weights[line.pk][part], sum(weight[part] for weight in weights.values())) for part in (0, 1)]
    return line.distribution.amount * (3 * shares[0] + 7 * shares[1]) / 10


def test_the_form_takes_over_objection_reason_and_the_amount_that_is_missing(scene, client):
    objection = upheld(scene)
    client.force_login(scene.manager)
    page = client.get(scene.address, {"objection": objection.pk})
    first = page.context["form"].initial
    missing = by_hand(scene.line, 5000) - scene.line.amount
    assert missing > 100
    assert abs(round(float(first["amount"]) * 100) - missing) < 2
    assert (first["user"], first["clause"]) == (scene.worker.pk, "award")
    assert objection.number in first["reason"]
    assert f"按异议 {objection.number} 补发" in page.text
    assert "别人已经分到的不变" in page.text
    assert not Clause.objects.exists()
    told = client.get(reverse("incentives:objection-correct", args=[objection.pk])).text
    assert "按当时的办法重算：工时" in told


def test_what_was_too_much_is_taken_back_and_money_is_compared_as_money(scene):
    less = redone(upheld(scene, "hours", "10 小时"))
    assert (less.difference < 0, abs(by_hand(scene.line, 1000) - less.after) < 2) == (True, True)
    added = redone(upheld(scene, "score", "多 8 分"))
    assert added.figure == "得分（分） 100.00 改为 108"
    more = redone(upheld(scene, "amount", "9,999.99元"))
    assert more.difference == 999_999 - scene.line.payable


@pytest.mark.parametrize(
    "wanted", ["", "多算 6 小时", "少 6 小时", "40 或者 50", "少算了一个夜班", "99999999999999", "1.234"]
)
def test_what_names_no_single_figure_is_left_to_whoever_proposes(scene, client, wanted):
    objection = upheld(scene, "hours", wanted)
    assert redone(objection) is None
    client.force_login(scene.manager)
    page = client.get(scene.address, {"objection": objection.pk})
    assert "amount" not in page.context["form"].initial
    assert "系统算不出这个数值多少钱" in page.text
    assert reverse("incentives:explain", args=[scene.line.pk]) in page.text


def test_a_figure_that_the_rule_does_not_weigh_makes_no_difference(scene, client):
    objection = upheld(scene, "days", str(scene.line.days))
    assert "应得不变" in str(redone(objection))
    assert redone(upheld(scene, "coefficient", "0")).after < scene.line.amount


def test_it_is_proposed_once_without_a_clause_and_every_paper_names_the_objection(scene, client):
    objection = upheld(scene)
    client.force_login(scene.manager)
    posted = {"user": scene.worker.pk, "clause": "award", "amount": "65.44", "reason": "更正"}
    assert client.post(f"{scene.address}?objection={objection.pk}", posted).status_code == 302
    found = Adjustment.objects.get()
    assert (found.clause, found.objection, found.amount) == (None, objection, 6544)
    again = client.post(f"{scene.address}?objection={objection.pk}", posted).text
    assert f"异议 {objection.number} 已经给{scene.worker}提过更正" in again
    adjustments.approve(found, actor=scene.second)
    said = f"按异议 {objection.number} 补发"
    distribution = make.post_bonus(scene.team, PERIOD)
    line = distribution.lines.get(user=scene.worker)
    for name in ("explain", "payslip"):
        assert f"更正：{said}" in client.get(reverse(f"incentives:{name}", args=[line.pk])).text
    factors = figures_behind(distribution, distribution.lines.select_related("user"))
    sheet = _sheet(line, read_rule(distribution.rule_version.definition), factors)
    assert f"更正：{said}" in [row["label"] for row in sheet["lines"]]
    assert f"含异议 {objection.number} 的更正" in Transaction.objects.get(source=f"distribution:{distribution.pk}").memo
    assert line.payable - line.amount == 6544


def test_the_effect_is_shown_while_an_amount_is_typed(scene, client):
    objection = upheld(scene)
    make.make_bonus(scene.team, PERIOD)
    client.force_login(scene.manager)
    typed = {"objection": objection.pk, "user": scene.worker.pk, "clause": "deduction", "amount": "1"}
    assert "应得 <strong" in client.get(scene.address, typed).text
    assert (
        "请选补发还是扣回。" in client.post(f"{scene.address}?objection={objection.pk}", typed | {"clause": "x"}).text
    )


def test_only_an_upheld_objection_to_the_teams_bonus_is_a_reason(scene):
    objection, other = upheld(scene), upheld(scene, "score", "100")
    objections.link_correction(objection, "已补发", "", actor=scene.manager)
    with pytest.raises(IncentiveError, match="现在不用更正"):
        remedy(scene, objection)
    foreign = make.make_team(scene.unit)
    facts = {"user": make.make_member(foreign), "clause": Remedy(other, "award"), "amount": 1, "reason": "更正"}
    with pytest.raises(IncentiveError, match="现在不用更正"):
        adjustments.propose(foreign, PERIOD, **facts, actor=scene.manager)


def test_one_taken_back_can_be_proposed_anew(scene):
    objection = upheld(scene)
    first = remedy(scene, objection)
    with pytest.raises(IncentiveError, match="已经给"):
        remedy(scene, objection, 6000)
    adjustments.withdraw(first, actor=scene.manager)
    assert remedy(scene, objection, 6000).amount == 6000
    assert remedy(scene, objection, 6000, "deduction", user=scene.other).basis.kind == "deduction"


def test_the_database_refuses_what_rests_on_nothing_on_both_or_twice_on_one(scene):
    objection = upheld(scene)
    clause = Clause.objects.create(unit=scene.unit, code="J1", name="补", kind="award", least=1, most=9)
    remedy(scene, objection)
    facts = {"team": scene.team, "period": PERIOD, "user": scene.worker, "amount": 5, "reason": "补"}
    facts |= {"proposed_by": scene.manager}
    for basis in ({}, {"clause": clause, "objection": objection}, {"objection": objection}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Adjustment.objects.create(**facts, **basis)
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        Adjustment.objects.filter(objection=objection).update(objection=upheld(scene, "score", "100"))


def test_an_entry_for_another_objection_does_not_correct_this_one(scene):
    objection, other = upheld(scene), upheld(scene, "score", "100")
    row = remedy(scene, objection)
    adjustments.approve(row, actor=scene.second)
    assert [entry.key for entry in entries_for(objection)] == [f"adjustment-{row.pk}"]
    assert entries_for(other) == []


def test_once_an_entry_is_made_the_objection_leads_to_linking_it_alone(scene, client):
    objection = upheld(scene)
    page = reverse("bulletins:objection", args=[objection.pk])
    client.force_login(scene.manager)
    assert "去补发、扣回" in client.get(page).text
    adjustments.approve(remedy(scene, objection), actor=scene.second)
    shown = client.get(page).text
    assert ("去补发、扣回" in shown, "按异议更正" in shown) == (False, True)
    form = client.get(reverse("incentives:objection-correct", args=[objection.pk])).context["form"]
    assert form["entry"].value() == form.fields["entry"].choices[0][0]


def test_what_corrected_it_is_linked_for_those_who_may_open_it(scene, client):
    objection = upheld(scene)
    found = remedy(scene, objection)
    adjustments.approve(found, actor=scene.second)
    client.force_login(scene.manager)
    linking = reverse("incentives:objection-correct", args=[objection.pk])
    client.post(linking, {"entry": f"adjustment-{found.pk}"})
    page, link = reverse("bulletins:objection", args=[objection.pk]), "看更正的记录</a>"
    assert link in client.get(page).text
    client.force_login(scene.worker)
    assert link not in client.get(page).text

"""The pages of studios: everybody sees what a studio is, those inside its money and proofs, each button where it works."""

import itertools

import pytest
from django.db import transaction
from django.urls import reverse

from assessments.honours.studio_moves import MOVES, WITH_REASON
from assessments.models import Studio, StudioResult
from assessments.services import studio_results, studios
from teams.photos import store_photo
from tests import factories as make
from tests.recording import picture, status_of
from tests.studios import Scene

pytestmark = pytest.mark.django_db
OFFERED = (*WITH_REASON, "rectify", "rename")
HANDS = ("union", "manager", "finance", "auditor", "leader", "mate", "stranger")


@pytest.fixture
def scene():
    return Scene()


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"assessments:{name}", args=args))


def page(client, user, name, *args):
    answer = get(client, user, name, *args)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, user, page_name, *args, **body):
    client.force_login(user)
    return client.post(reverse(f"assessments:{page_name}", args=args), body, follow=True)


def told(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def body_of(scene, name):
    """What is posted for a move."""
    if name == "rectify":
        return {"until": f"{scene.today.replace(year=scene.today.year + 1)}", "text": "台账不全"}
    return {"leader": scene.mate.pk, "text": "接班"} if name == "rename" else {"reason": "写明理由"}


def send(client, scene, studio, hand, name):
    if name in ("rectify", "rename"):
        return post(client, getattr(scene, hand), f"studio-{name}", studio.pk, **body_of(scene, name))
    return post(client, getattr(scene, hand), "studio-step", studio.pk, name, **body_of(scene, name))


@pytest.mark.parametrize("state", Studio.State.values)
def test_who_may_make_which_move_in_which_state(scene, client, state):
    studio = scene.whole() if state == "growing" else scene.in_state(state)
    steps = studio.steps.count()
    for name, hand in itertools.product(MOVES, HANDS):
        with transaction.atomic():
            answer = send(client, scene, studio, hand, name)
            made, status = studio.steps.count() - steps, answer.status_code
            transaction.set_rollback(True)
        runs = hand in ("union", "manager")
        expected = 404 if name not in OFFERED else 200 if runs else 403
        assert (status, made) == (expected, int(expected == 200 and state in MOVES[name].sources)), (name, hand)


def test_a_studio_is_founded_under_its_leaders_name(scene, client):
    body = {"leader": scene.leader.employee_no, "kind": "technique", "founded_on": f"{scene.today}"}
    answer = post(client, scene.union, "studio-new", scene.unit.pk, **body)
    assert "工作室已登记" in told(answer)
    assert Studio.objects.get().name == f"{scene.leader.name}创新工作室"
    again = post(client, scene.union, "studio-new", scene.unit.pk, **body).content.decode()
    assert "已经领着" in again
    unknown = post(client, scene.union, "studio-new", scene.unit.pk, **body | {"leader": "999999"}).content.decode()
    assert "没有工号“999999”的人" in unknown


def test_the_page_shows_what_is_missing_and_offers_each_what_is_theirs(scene, client):
    studio = scene.growing()
    words = ("改资料", "加成员", "认定成熟")
    for user, offered in ((scene.mate, ()), (scene.leader, words[:2]), (scene.union, words)):
        html = page(client, user, "studio", studio.pk)
        assert "没有挂牌照片" in html
        assert [word for word in words if word in html] == list(offered)


def test_money_and_proofs_are_for_those_inside(scene, client):
    studio = scene.whole()
    result = studio.results.get()
    for name, key in (("studio-money", studio.pk), ("studio-result", result.pk)):
        for user in (scene.leader, scene.mate, scene.auditor, scene.finance):
            assert get(client, user, name, key).status_code == 200
        for user in (scene.stranger, make.make_member(scene.team)):
            assert get(client, user, name, key).status_code == 403


def test_a_plaque_is_seen_by_everybody_and_a_proof_inside(scene, client):
    studio, stranger = scene.growing(), scene.stranger
    plaque, proof = (store_photo(picture(), team=None, actor=scene.union) for _ in range(2))
    studios.describe(studio, plaque=plaque, actor=scene.union)
    scene.result(studio, files=[proof])
    for user, photo, status in ((stranger, plaque, 200), (stranger, proof, 404), (scene.leader, proof, 200)):
        client.force_login(user)
        assert status_of(client, reverse("teams:photo", args=[photo.pk])) == status


def test_the_leader_enters_spendings_and_no_grants(scene, client):
    studio = scene.growing()
    scene.grant(studio, 100_000)
    row = {"date": f"{scene.today}", "text": "砂纸", "voucher": "发票 7"}
    answer = post(client, scene.leader, "studio-money", studio.pk, kind="unit_grant", amount="5", **row)
    assert "没有这一项" in answer.content.decode()
    post(client, scene.leader, "studio-money", studio.pk, kind="material", amount="12.50", **row)
    assert [money.amount for money in studio.money.all()] == [100_000, -1250]
    grant = studio.money.first()
    assert post(client, scene.leader, "studio-money-reverse", grant.pk, reason="错").status_code == 403


def test_a_result_goes_from_the_leader_to_finance(scene, client):
    studio = scene.growing()
    row = {"kind": "project", "name": "研磨机", "text": "省工", "date": f"{scene.today}", "claimed": "5000"}
    assert "没有证明" in post(client, scene.leader, "studio-result-new", studio.pk, **row).content.decode()
    answer = post(client, scene.leader, "studio-result-new", studio.pk, **row, files=picture())
    assert "等财务" in told(answer)
    result = StudioResult.objects.get()
    assert "核实年效益" not in page(client, scene.leader, "studio-result", result.pk)
    assert post(client, scene.leader, "studio-result-verify", result.pk, benefit="5000").status_code == 403
    assert "写明原因" in told(post(client, scene.finance, "studio-result-verify", result.pk, benefit="4000"))
    post(client, scene.finance, "studio-result-verify", result.pk, benefit="4000", text="少算一个月")
    result.refresh_from_db()
    assert (result.state, result.benefit) == ("verified", 400_000)
    assert "4,000.00" in page(client, scene.mate, "studios")


def test_nobody_verifies_for_a_studio_of_their_own(scene, client):
    studio = scene.growing()
    studios.add_member(studio, scene.finance, skill="核算", joined_on=scene.today, actor=scene.union)
    result = scene.result(studio)
    assert post(client, scene.finance, "studio-result-verify", result.pk, benefit="5000").status_code == 403
    studios.add_member(studio, scene.manager, skill="", joined_on=scene.today, actor=scene.union)
    assert post(client, scene.manager, "studio-step", studio.pk, "revoke", reason="x").status_code == 403


def test_a_record_of_another_studio_is_no_proof(scene, client):
    studio, other = scene.growing(), scene.growing(scene.mate)
    foreign = scene.log(other, scene.today, host=scene.mate)
    row = {"kind": "project", "name": "研磨机", "text": "省工", "date": f"{scene.today}", "activity": foreign.pk}
    html = post(client, scene.leader, "studio-result-new", studio.pk, **row).content.decode()
    assert "不在工作室的台账里" in html
    assert not StudioResult.objects.exists()


def test_the_gallery_is_narrowed_and_leaves_out_the_revoked(scene, client):
    studio = scene.growing()
    gone = scene.growing(scene.mate)
    studios.revoke(gone, "不办了", actor=scene.union)
    html = page(client, scene.third, "studios")
    assert studio.name in html
    assert gone.name not in html
    client.force_login(scene.third)
    for query, found in (("kind=service", False), ("q=" + scene.leader.name, True), ("state=revoked", False)):
        html = client.get(reverse("assessments:studios") + "?" + query).content.decode()
        assert (studio.name in html) is found
    assert "没有这一项" in client.get(reverse("assessments:studios") + "?kind=x").content.decode()


def test_the_board_has_a_lamp_for_each_of_the_seven(scene, client):
    scene.whole()
    html = page(client, scene.stranger, "studio-board")
    assert html.count("is-lit") == 7


def test_the_figures_count_verified_results_of_the_year(scene, client):
    studio = scene.growing()
    scene.verified(studio, date=scene.today)
    scene.verified(studio, date=scene.today, kind="training", people=12, claimed=0)
    refused = scene.result(studio, date=scene.today)
    studio_results.refuse(refused, "重复", actor=scene.finance)
    html = page(client, scene.stranger, "studio-figures")
    assert "5,000.00" in html
    assert 'data-label="培训人数" class="num">12<' in html
    assert 'data-label="攻关项目" class="num">1<' in html
    assert post(client, scene.union, "studio-figures-export", year=f"{scene.today.year}").status_code == 200

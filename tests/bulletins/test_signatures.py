"""核对签字: who may say it, once, until when; what is kept from paper; who is still asked for it."""

from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Closing, Objection, Signature
from bulletins.services import closings, notices, signatures
from bulletins.services.receipts import read_by
from bulletins.signatures import attention_of, waiting_for
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.bulletins.objecting import Scene
from tests.bulletins.posting import let_run_out, post
from tests.races import at_once, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def people(team):
    return [make.make_member(team, role) for role in ("leader", "worker", "worker")]


@pytest.fixture
def board(team, people):
    return post(team, people)


def verbs():
    return list(AuditEntry.objects.filter(verb__startswith="board.signed").values_list("verb", flat=True))


def test_a_member_signs_once(board, people):
    signatures.sign(board, actor=people[1])
    row = Signature.objects.get()
    assert (row.user, row.kept_by, verbs()) == (people[1], None, ["board.signed"])
    with pytest.raises(BulletinError, match="已经核对签字了"):
        signatures.sign(board, actor=people[1])


def test_a_signature_on_paper_is_kept_by_somebody_else(board, people):
    leader, worker, _ = people
    signatures.keep_paper(board, worker, actor=leader)
    assert (Signature.objects.get().kept_by, verbs()) == (leader, ["board.signed_on_paper"])
    with pytest.raises(BulletinError, match=f"{worker.name}已经核对签字了"):
        signatures.keep_paper(board, worker, actor=leader)
    with pytest.raises(BulletinError, match="自己的签字请点"):
        signatures.keep_paper(board, leader, actor=leader)


@pytest.mark.parametrize("state", [Objection.State.KEPT, Objection.State.REFUSED, Objection.State.WITHDRAWN])
def test_nobody_signs_a_row_that_is_contested_until_there_is_an_answer(client, state):
    scene = Scene()
    objection = scene.filed()
    client.force_login(scene.filer)

    def asked():
        page = client.get(reverse("bulletins:board", args=[scene.bulletin.serial])).content.decode()
        return "我已核对" in page, "有了结果再核对签字" in page, waiting_for(scene.filer, [scene.team]) != []

    assert asked() == (False, True, False)
    with pytest.raises(BulletinError, match="异议还没有办完"):
        signatures.sign(scene.bulletin, actor=scene.filer)
    signatures.sign(scene.bulletin, actor=scene.colleague)
    scene.advance(objection, state)
    assert asked() == (True, False, True)
    signatures.sign(scene.bulletin, actor=scene.filer)


def test_who_is_not_on_the_board_signs_nothing(team, board, people):
    newcomer = make.make_member(team)
    with pytest.raises(BulletinError, match="没有您的一行"):
        signatures.sign(board, actor=newcomer)
    with pytest.raises(BulletinError, match=f"没有{newcomer.name}的一行"):
        signatures.keep_paper(board, newcomer, actor=people[0])
    assert verbs() == []


def test_only_the_latest_revision_is_signed(team, board, people):
    signatures.sign(board, actor=people[1])
    second = post(team, people, score="91.00")
    with pytest.raises(StaleState, match="新的一版"):
        signatures.sign(board, actor=people[2])
    signatures.sign(second, actor=people[1])
    assert Signature.objects.count() == 2


def test_after_the_notice_it_is_signed_until_it_is_closed(board, people):
    let_run_out(board)
    signatures.sign(board, actor=people[1])
    closings.close(board.pk)
    with pytest.raises(StaleState, match="公示已经结束"):
        signatures.sign(board, actor=people[2])


def test_who_has_read_and_signed_is_counted(board, people):
    leader, worker, other = people
    stranger = make.make_member(make.make_team())
    for reader in (worker, worker, other, stranger):
        read_by(board, reader)
    signatures.sign(board, actor=other)
    found = attention_of(board, with_people=True)
    assert (found.concerned, found.readers, found.signed, found.unsigned) == (3, 2, 1, 2)
    assert [(person.user, bool(person.signature), person.has_read) for person in found.people] == [
        (leader, False, False),
        (worker, False, True),
        (other, True, True),
    ]
    assert attention_of(board).people == []


def test_people_are_asked_until_they_sign_or_it_is_closed(team, board, people):
    worker, other = people[1:]
    later = post(team, people, period=202611)
    notices.post_notice(
        {"team": team}, {"key": "a" * 12, "title": "停水", "text": "停", "audience": 3, "days": 1}, actor=None
    )
    assert waiting_for(worker, [team.pk]) == [board, later]
    assert waiting_for(make.make_member(team), [team.pk]) == []
    signatures.sign(board, actor=worker)
    assert waiting_for(worker, [team.pk]) == [later]
    let_run_out(board, later)
    closings.close_due()
    assert waiting_for(other, [team.pk]) == []


# -- The pages ----------------------------------------------------------------------------------------------------------


def test_the_home_page_reminds_and_the_board_takes_the_signature(client, team, board, people):
    client.force_login(people[1])
    assert "考核得分榜" in client.get("/").content.decode()
    html = client.get(f"/boards/{board.serial}/").content.decode()
    assert "我已核对" in html
    html = client.post(f"/boards/{board.serial}/sign/", follow=True).content.decode()
    assert "已记下您的核对签字" in html
    assert "我已核对" not in html
    assert "核对签字：" not in client.get("/").content.decode()


def test_a_board_shows_which_others_of_the_month_wait_for_the_own_signature(client, team, board, people):
    other = post(team, people, kind="attendance")
    client.force_login(people[1])
    page = f"/boards/{board.serial}/"
    assert "请核对</span></a>" in client.get(page).content.decode()
    signatures.sign(other, actor=people[1])
    assert "请核对</span></a>" not in client.get(page).content.decode()


def test_the_leader_sees_who_has_not_signed_and_keeps_paper(client, board, people):
    leader, worker, other = people
    signatures.sign(board, actor=other)
    client.force_login(leader)
    html = client.get(f"/boards/{board.serial}/").content.decode()
    assert "还有 2 人没有签" in html
    assert f'<option value="{worker.pk}">' in html
    assert f'<option value="{other.pk}">' not in html
    page = client.post(f"/boards/{board.serial}/sign-paper/", {"user": worker.pk}, follow=True)
    assert f"已登记{worker.name}的纸面签字" in page.content.decode()


@pytest.mark.parametrize("user", ["", "abc", "0", "99999999999999999999999", "\x00"])
def test_a_wrong_choice_from_paper_is_refused(client, board, people, user):
    client.force_login(people[0])
    page = client.post(f"/boards/{board.serial}/sign-paper/", {"user": user}, follow=True)
    assert page.status_code == 200
    assert "请" in page.content.decode()
    assert not Signature.objects.exists()


def test_names_of_who_signed_are_for_the_team(client, team, board, people):
    signatures.sign(board, actor=people[1])
    neighbour = make.make_member(make.make_team(team.unit))
    for user, named in ((people[0], True), (neighbour, False), (None, False)):
        client.force_login(user) if user else client.logout()
        html = client.get(f"/boards/{board.serial}/").content.decode()
        assert (people[2].name in html) is named
        assert "3 人" in html


def test_who_left_the_team_still_sees_and_signs_the_own_row_and_no_other(client, team, board, people):
    _, worker, other = people
    beside = post(team, people, kind="attendance")
    Membership.objects.filter(user=worker).update(ended_on="2026-11-01")
    for place in (None, make.make_team(), make.make_team(team.unit)):
        Membership.objects.filter(user=worker, ended_on=None).update(ended_on="2026-11-02")
        if place:
            make.make_member(place, user=worker, started_on="2026-11-02")
        client.force_login(worker)
        assert f"{team}2026年10月：考核得分榜" in client.get("/").content.decode()
        html = client.get(f"/boards/{board.serial}/").content.decode()
        assert (worker.name in html, "88.00" in html, "有异议" in html, "我已核对" in html) == (True,) * 4
        assert (other.name in html, "请核对</span></a>" in html) == (False, True)
        assert client.get(f"/boards/{board.serial}/objections/new/").status_code == 200
        if place is None or place.unit != team.unit:
            lines = client.get(f"/boards/{board.serial}/download/?as=csv").content.decode()
            assert (worker.name in lines, other.name in lines) == (True, False)
    client.post(f"/boards/{board.serial}/sign/")
    assert Signature.objects.get().user == worker
    assert waiting_for(worker, [team.pk]) == [beside]


# -- Races --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_taps_sign_once():
    team = make.make_team()
    member = make.make_member(team)
    board = post(team, [member])
    outcomes = race(lambda row: signatures.sign(row, actor=member), board)
    assert (outcomes.count("done"), len(verbs())) == (1, 1)
    assert all(outcome.startswith("polite: 您已经核对签字了") for outcome in outcomes if outcome != "done")


@pytest.mark.django_db(transaction=True)
def test_a_certificate_counts_every_signature_given():
    team = make.make_team()
    people = [make.make_member(team) for _ in range(6)]
    board = post(team, people)
    let_run_out(board)
    outcomes = at_once(
        partial(closings.close, board.pk), *(partial(signatures.sign, board, actor=who) for who in people)
    )
    given = Signature.objects.count()
    assert (Closing.objects.get().signed, outcomes.count("done")) == (given, given + 1)


def sign_naively(board, user):
    """The control: looks whether it is closed, and writes without holding anything."""
    if not Closing.objects.filter(bulletin=board).exists():
        with transaction.atomic():
            Signature.objects.create(bulletin=board, user=user)


def test_control_a_signature_after_the_look_is_not_in_the_certificate(board, people, monkeypatch):
    let_run_out(board)
    looked = Closing.objects.filter(bulletin=board).exists()
    closings.close(board.pk)
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda *args: looked)
    sign_naively(board, people[1])
    assert Closing.objects.get().signed != Signature.objects.count()


def test_the_page_says_which_signatures_are_on_paper_and_who_entered_them(board, people, client):
    leader, one, other = people
    signatures.keep_paper(board, one, actor=leader)
    signatures.sign(board, actor=other)
    client.force_login(one)
    page = client.get(f"/boards/{board.serial}/").text
    assert (page.count("签在纸上"), page.count(f"{leader.name}登记")) == (1, 1)
    assert f"{leader.name} " in page
    assert "按纸面登记了您的签字。" in page
    client.force_login(other)
    page = client.get(f"/boards/{board.serial}/").text
    assert ("已核对签字。" in page, "按纸面登记了您的签字" in page) == (True, False)
    client.logout()
    page = client.get(f"/boards/{board.serial}/").text
    assert ("榜上 3 人，看过 2 人，核对签字 2 人。" in page, "签在纸上" in page, leader.name in page) == (
        True,
        False,
        False,
    )

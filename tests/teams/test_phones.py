"""Phone numbers: shown whole to their owner and to who asks for one, which the trail keeps; masked to everybody else."""

import pytest
from django.test import Client

from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, User
from teams.phones import is_phone, masked
from teams.services import accounts
from tests import factories as make

pytestmark = pytest.mark.django_db

NUMBER = "13812341234"


@pytest.fixture
def unit():
    return make.make_unit("运行部")


@pytest.fixture
def worker(unit):
    person = make.make_member(make.make_team(unit))
    User.objects.filter(pk=person.pk).update(phone=NUMBER)
    person.refresh_from_db()
    return person


def client_of(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("", ""), (NUMBER, "138****1234"), ("+8613812341234", "+86****1234"), ("0351-555", "****55"), ("12345", "****45")],
)
def test_a_masked_number_can_be_recognised_but_not_dialled(phone, shown):
    assert masked(phone) == shown


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (NUMBER, True),
        ("+86-351-5551234", True),
        ("1234", False),
        ("打不通", False),
        ("1" * 21, False),
        ("１２３４５", False),
    ],
)
def test_what_is_a_phone_number(text, right):
    assert is_phone(text) == right


def test_the_page_of_a_person_shows_the_number_masked(unit, worker):
    page = client_of(make.give_role(unit, "manager")).get(f"/people/{worker.pk}/").content.decode()
    assert ("138****1234" in page, NUMBER in page) == (True, False)


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_who_has_to_call_sees_the_number_and_leaves_a_trail(unit, worker, role):
    asker = make.give_role(unit, role)
    page = client_of(asker).post(f"/people/{worker.pk}/phone/").content.decode()
    assert NUMBER in page
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id, entry.unit) == ("phone.revealed", asker, worker.pk, unit)
    assert NUMBER not in f"{entry.before}{entry.after}{entry.label}"


def test_a_part_of_the_page_is_answered_with_the_part(unit, worker):
    client = client_of(make.give_role(unit, "manager"))
    part = client.post(f"/people/{worker.pk}/phone/", headers={"HX-Request": "true"}).content.decode()
    assert NUMBER in part
    assert "<html" not in part


def test_a_leader_sees_the_own_members_and_nobody_elses(unit, worker):
    team = worker.memberships.get().team
    leader, other = make.make_member(team, "leader"), make.make_member(make.make_team(unit), "leader")
    colleague, security = make.make_member(team), make.give_role(unit, "security")
    asked = {
        who: client_of(who).post(f"/people/{worker.pk}/phone/").status_code
        for who in (leader, other, colleague, security)
    }
    assert asked == {leader: 200, other: 404, colleague: 403, security: 403}
    assert [entry.actor for entry in AuditEntry.objects.filter(verb="phone.revealed")] == [leader]


@pytest.mark.parametrize("address", ["/people/99999999999999999999999999/phone/", "/people/0/phone/"])
def test_an_impossible_person_is_not_found(unit, address):
    assert client_of(make.give_role(unit, "manager")).post(address).status_code == 404


def test_without_a_number_the_page_says_so(unit):
    newcomer = make.make_member(make.make_team(unit))
    page = client_of(make.give_role(unit, "manager")).post(f"/people/{newcomer.pk}/phone/").content.decode()
    assert "没有登记电话" in page


# -- The own number ----------------------------------------------------------------------------------------------------


def test_the_own_number_is_whole_and_can_be_corrected(worker):
    client = client_of(worker)
    assert NUMBER in client.get("/me/").content.decode()
    assert client.post("/me/phone/", {"phone": " １３９ 0000 5678 "}).headers["Location"] == "/me/"
    worker.refresh_from_db()
    assert worker.phone == "13900005678"
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.before, entry.after) == (
        "phone.changed",
        {"phone": "138****1234"},
        {"phone": "139****5678"},
    )


def test_a_number_may_be_taken_away(worker):
    client_of(worker).post("/me/phone/", {"phone": ""})
    worker.refresh_from_db()
    assert worker.phone == ""


@pytest.mark.parametrize("typed", ["abc", "12", "1" * 21, "138\0", "<script>", NUMBER])
def test_what_is_no_new_number_is_refused_with_a_sentence(worker, typed):
    page = client_of(worker).post("/me/phone/", {"phone": typed})
    assert page.status_code == 200
    assert "invalid-feedback" in page.content.decode() or "alert-danger" in page.content.decode()
    assert not AuditEntry.objects.exists()


def test_a_number_that_somebody_else_has_just_corrected_is_not_overwritten(worker):
    User.objects.filter(pk=worker.pk).update(phone="13700000000")
    with pytest.raises(StaleState, match="号码刚刚被别人改过"):
        accounts.change_phone(worker, "13900005678", actor=worker, unit=None)
    with pytest.raises(TeamError, match="没有改动"):
        accounts.change_phone(worker, NUMBER, actor=worker, unit=None)
    assert not AuditEntry.objects.exists()

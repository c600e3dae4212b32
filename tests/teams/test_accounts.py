"""Accounts and roles: who is out stays out, and the three administrators stay three."""

import pytest
from django.test import Client

from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, UnitRole, User
from teams.services import accounts
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make.make_unit("电厂")


@pytest.fixture
def admin(unit):
    return make.give_role(unit, "admin")


def signed_in(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def is_in(client):
    return client.get("/teams/").status_code == 200


def test_a_deactivated_person_is_out_at_once_and_stays_out_when_reactivated(unit, admin):
    worker = make.make_member(make.make_team(unit))
    old = signed_in(worker)
    assert is_in(old)
    accounts.deactivate(worker, actor=admin, unit=unit)
    assert not is_in(old)
    accounts.reactivate(worker, actor=admin, unit=unit)
    assert not is_in(old)
    assert is_in(signed_in(worker))


def test_ending_all_sessions_ends_each_of_them_and_nobody_elses(unit, admin):
    worker, colleague = (make.make_member(make.make_team(unit)) for _ in range(2))
    phones, other = [signed_in(worker), signed_in(worker)], signed_in(colleague)
    accounts.end_sessions(worker, actor=admin, unit=unit)
    assert [is_in(client) for client in (*phones, other)] == [False, False, True]


def test_everybody_can_sign_out_everywhere(unit):
    worker = make.make_member(make.make_team(unit))
    lost, here = signed_in(worker), signed_in(worker)
    assert here.post("/me/sign-out/").headers["Location"] == "/login/"
    assert [is_in(client) for client in (lost, here)] == [False, False]
    assert AuditEntry.objects.get().verb == "account.signed_out"


def test_an_account_changes_state_once(unit, admin):
    worker = make.make_user()
    accounts.deactivate(worker, actor=admin, unit=unit)
    with pytest.raises(StaleState):
        accounts.deactivate(worker, actor=admin, unit=unit)
    accounts.reactivate(worker, actor=admin, unit=unit)
    with pytest.raises(StaleState):
        accounts.reactivate(worker, actor=admin, unit=unit)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor")) == [
        ("account.deactivated", admin.pk),
        ("account.reactivated", admin.pk),
    ]


def test_nobody_deactivates_the_own_account(unit, admin):
    with pytest.raises(TeamError, match="^不能停用自己的账号。$"):
        accounts.deactivate(admin, actor=admin, unit=unit)


def test_unlocking_lets_the_person_try_again(unit, admin):
    worker = make.make_user("000123", password="Right-2026")
    for _ in range(5):
        Client().post("/login/", {"username": "000123", "password": "wrong"})
    locked = Client().post("/login/", {"username": "000123", "password": "Right-2026"})
    accounts.unlock(worker, actor=admin, unit=unit)
    after = Client().post("/login/", {"username": "000123", "password": "Right-2026"})
    assert (locked.status_code, after.status_code) == (429, 302)


@pytest.mark.parametrize("held", sorted(accounts.ADMINISTRATORS))
@pytest.mark.parametrize("wanted", sorted(UnitRole.Role.values))
def test_nobody_holds_two_of_the_three_administrators(unit, admin, held, wanted):
    person = make.give_role(unit, held)
    if wanted == held:
        sentence = "已经是"
    elif wanted in accounts.ADMINISTRATORS:
        sentence = "要由三个人分别担任"
    else:
        assert accounts.give_role(person, unit, wanted, actor=admin).role == wanted
        return
    with pytest.raises(TeamError, match=sentence):
        accounts.give_role(person, unit, wanted, actor=admin)
    assert list(person.unit_roles.values_list("role", flat=True)) == [held]


def test_nobody_gives_a_role_to_oneself(unit):
    security = make.give_role(unit, "security")
    with pytest.raises(TeamError, match="^不能给自己授职务"):
        accounts.give_role(security, unit, "manager", actor=security)


def test_a_role_ends_once_and_the_last_security_administrator_stays(unit, admin):
    security, manager = (make.give_role(unit, role).unit_roles.get() for role in ("security", "manager"))
    accounts.end_role(manager, actor=admin)
    with pytest.raises(StaleState):
        accounts.end_role(manager, actor=admin)
    with pytest.raises(TeamError, match="最后一位安全管理员"):
        accounts.end_role(security, actor=admin)
    make.give_role(unit, "security")
    accounts.end_role(security, actor=admin)
    assert UnitRole.objects.filter(ended_on__isnull=True, role="security").count() == 1

"""The security policy: what is in force, whom it concerns, and the lists behind the figures."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import User
from teams.security import PROFILES
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    """A plant with one person for each state of an account, all in one team; `people` by state."""
    root = make.make_unit("电厂")
    team, now = make.make_team(root), timezone.now()
    people = {
        state: make.make_member(team, user=make.make_user(name=state)) for state in ("used", "new", "idle", "closed")
    }
    User.objects.update(last_login=now)
    User.objects.filter(pk=people["new"].pk).update(must_change_password=True)
    User.objects.filter(pk=people["idle"].pk).update(last_login=now - timedelta(days=91))
    User.objects.filter(pk=people["closed"].pk).update(is_active=False)
    people["locked"] = make.make_member(team, user=make.make_user("900123", "locked", "Gangban-2026"))
    User.objects.filter(pk=people["locked"].pk).update(last_login=now)
    for _ in range(5):
        Client().post("/login/", {"username": "900123", "password": "falsch"})
    make.make_second_factor(people["used"])
    return root


def client_of(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    return client


def verified(user):
    """A client of that person, signed in with a second factor."""
    client, device = client_of(user), make.make_second_factor(user)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    return client


def figures(client):
    return {label: count for label, count, _ in client.get("/security/").context["figures"]}


def test_the_policy_shows_its_figures(plant):
    client = client_of(make.give_role(plant, "security"))
    assert figures(client) == {
        "还没有自己的密码": 1,
        "90 天没登录": 1,
        "现在锁定": 1,
        "已开两步验证": 1,
        "没开两步验证": 4,
        "该开没开两步验证": 0,
    }


def test_at_level_three_those_who_lack_a_second_factor_are_counted(plant, settings):
    settings.SECURITY_LEVEL = 3
    client = verified(make.give_role(plant, "security"))
    make.give_role(plant, "finance")
    make.make_second_factor(make.give_role(plant, "manager"))
    assert figures(client)["该开没开两步验证"] == 1
    people = client.get("/people/?state=needs-two").context["page"]
    assert [person.open_roles[0].role for person in people] == ["finance"]


@pytest.mark.parametrize("state", ["new", "idle", "locked", "closed"])
def test_the_list_of_people_finds_them(plant, state):
    page = client_of(make.give_role(plant, "security")).get(f"/people/?state={state}")
    assert [person.name for person in page.context["page"]] == [state]


def test_the_person_page_tells_how_the_account_stands(plant):
    admin = client_of(make.give_role(plant, "admin"))

    def page(name):
        return admin.get(f"/people/{User.objects.get(name=name).pk}/").content.decode()

    assert "已锁定" in page("locked")
    assert "重置两步验证" in page("used")
    assert "重置两步验证" not in page("idle")
    assert [name for name in ("locked", "used", "idle") if "解除锁定" in page(name)] == ["locked"]


@pytest.mark.parametrize("level", PROFILES)
def test_the_policy_in_force_is_read_on_the_page(plant, settings, level):
    settings.SECURITY_LEVEL = level
    page, rules = verified(make.give_role(plant, "security")).get("/security/").content.decode(), PROFILES[level]
    figures = (f"至少 {rules.password_length} 位", f"{rules.idle_minutes} 分钟后", f"最多 {rules.session_hours} 小时")
    assert [text for text in (rules.name, *figures) if text not in page] == []
    assert ("后登录的让先登录的退出" in page) == rules.one_session


def test_what_level_three_asks_is_never_less_than_level_two():
    two, three = PROFILES[2], PROFILES[3]
    assert three.password_length >= two.password_length
    assert three.idle_minutes < two.idle_minutes
    assert three.session_hours < two.session_hours
    assert three.one_time_password_days < two.one_time_password_days
    assert (two.one_session, three.one_session) == (False, True)
    assert two.two_factor_roles < three.two_factor_roles

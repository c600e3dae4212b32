"""Passwords: how old, how often, how long a one-time password waits; the same rules at both levels but for the figures."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from teams.models import AuditEntry, FormerPassword, User
from teams.passwords import KindsValidator, NotUsedBeforeValidator
from teams.security import PROFILES
from teams.services.passwords import choose_password, issue_passwords
from tests import factories as make

pytestmark = pytest.mark.django_db

PASSWORD = "Gangban-2026"


@pytest.fixture
def person():
    return make.make_member(make.make_team(), user=make.make_user("900017", "王强", PASSWORD))


def sign_in(password=PASSWORD, client=None):
    client = client or Client()
    return client.post("/login/", {"username": "900017", "password": password})


def aged(person, **age):
    User.objects.filter(pk=person.pk).update(password_set_at=timezone.now() - timedelta(**age))


def signed_in(person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    return client


# -- Age ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", PROFILES)
def test_a_password_of_ninety_days_is_changed_before_anything_else(person, settings, level):
    settings.SECURITY_LEVEL = level
    aged(person, days=89, hours=23)
    assert signed_in(person).get("/teams/").status_code == 200
    aged(person, days=90)
    client = signed_in(person)
    for address in ("/", "/teams/", "/boards/", "/me/"):
        assert client.get(address).headers["Location"] == "/password/"
    page = client.get("/password/").content.decode()
    assert "该换密码了" in page
    assert "已满 90 天" in page
    assert "不改了" not in page
    own = {"old_password": PASSWORD, "new_password1": "Chengdu+77zz", "new_password2": "Chengdu+77zz"}
    assert client.post("/password/", own).headers["Location"] == "/"
    assert client.get("/teams/").status_code == 200


def test_a_password_of_unknown_age_counts_from_the_next_sign_in(person):
    assert person.password_set_at is None
    client = Client()
    before = timezone.now()
    sign_in(client=client)
    assert client.get("/teams/").status_code == 200
    person.refresh_from_db()
    assert before <= person.password_set_at <= timezone.now()
    aged(person, days=30)
    sign_in()
    person.refresh_from_db()
    assert person.password_set_at < timezone.now() - timedelta(days=29)


@pytest.mark.parametrize(("level", "days"), [(2, 30), (3, 7)])
def test_a_one_time_password_waits_that_long_and_no_longer(person, settings, level, days):
    settings.SECURITY_LEVEL = level
    [(_, password)] = issue_passwords([person], actor=None, unit=None)
    aged(person, days=days, minutes=-1)
    assert sign_in(password).status_code == 302
    aged(person, days=days)
    refused = sign_in(password)
    sentence = f"这个一次性密码已经过期（发放后 {days} 天内有效）。请找系统管理员再发一个。"
    assert (refused.status_code, sentence in refused.content.decode()) == (200, True)
    assert AuditEntry.objects.filter(verb="account.sign_in_failed").get().after == {"reason": "一次性密码已过期"}


def test_an_expired_one_time_password_is_told_only_to_who_has_it(person):
    issue_passwords([person], actor=None, unit=None)
    aged(person, days=31)
    assert "过期" not in sign_in("falsch").content.decode()


# -- History -----------------------------------------------------------------------------------------------------------


def refused(person, password):
    try:
        NotUsedBeforeValidator().validate(password, User.objects.get(pk=person.pk))
    except ValidationError as error:
        return error.message
    return None


def test_the_last_five_passwords_do_not_come_again(person):
    chosen = [f"Gangban-{year}" for year in range(2030, 2037)]
    for password in chosen:
        choose_password(person, password, actor=person, unit=None)
    assert [refused(person, password) is None for password in chosen] == [True, True, *[False] * 5]
    assert refused(person, chosen[-1]).startswith("这个密码用过了：")
    assert FormerPassword.objects.filter(user=person).count() == 5


def test_the_present_password_is_refused_even_if_nobody_kept_it(person):
    assert refused(person, PASSWORD)
    assert not refused(person, "Gangban-2027")
    body = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "这个密码用过了" in signed_in(person).post("/password/", body).content.decode()


def test_the_history_of_one_person_is_none_of_anothers(person):
    choose_password(make.make_user(), "Gangban-2030", actor=None, unit=None)
    assert not refused(person, "Gangban-2030")


def test_a_change_keeps_no_secret_in_the_trail(person):
    choose_password(person, "Gangban-2030", actor=person, unit=None)
    entry = AuditEntry.objects.get(verb="password.changed")
    assert (entry.before, entry.after) == ({}, {})


@pytest.mark.parametrize(("password", "kinds"), [("abc", 1), ("abC", 2), ("abC1", 3), ("abC1-", 4)])
def test_kinds_of_signs_are_counted(password, kinds):
    for least in (1, 2, 3, 4):
        if kinds >= least:
            KindsValidator(least).validate(password)
        else:
            with pytest.raises(ValidationError, match=f"至少要有{'零一二三四'[least]}种"):
                KindsValidator(least).validate(password)

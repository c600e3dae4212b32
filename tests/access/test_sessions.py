"""Signing in, being locked out, and how a session ends."""

import datetime
import time

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client

from teams.models import User
from teams.services.passwords import issue_passwords
from tests.access.test_bad_input import NASTY
from tests.factories import make_member, make_team, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "Gangban-2026"
OFFICE, WORKSHOP = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def person():
    return make_member(make_team(), user=make_user("000017", "王强", PASSWORD))


def sign_in(number="000017", password=PASSWORD, address=OFFICE, client=None, **headers):
    client = client or Client(REMOTE_ADDR=address)
    return client.post("/login/", {"username": number, "password": password}, REMOTE_ADDR=address, **headers)


def signed_in(user, **session):
    """A client of that person, whose session holds these values."""
    client = Client()
    client.force_login(user)
    kept = client.session
    kept.update(session)
    kept.save()
    return client


def is_in(client):
    return client.get("/teams/").status_code == 200


# -- Signing in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["000017", "17", "0017", " 17 ", "000 017"])
def test_leading_zeros_may_be_left_out(person, number):
    assert sign_in(number).headers["Location"] == "/"


@pytest.mark.parametrize("number", ["170", "7", "000018", "王强", ""])
def test_another_number_is_another_person(person, number):
    assert sign_in(number).status_code == 200


def test_signing_in_changes_the_session_key(person):
    client = Client()
    client.get("/login/")
    client.session.save()
    before = client.session.session_key
    sign_in(client=client)
    assert is_in(client)
    assert client.session.session_key != before


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(person):
    cookie = sign_in().cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 12 * 3600)


def test_unknown_numbers_and_wrong_passwords_are_told_the_same(person):
    def page(response):
        text = response.content.decode()
        return text[text.index("alert") :].replace("000017", "").replace("999999", "")

    wrong, unknown = sign_in(password="falsch"), sign_in("999999")
    assert "工号或密码不对" in page(wrong)
    assert page(wrong) == page(unknown)


@pytest.mark.parametrize("kind", NASTY)
def test_nasty_numbers_and_passwords_are_refused(person, kind):
    for response in (sign_in(NASTY[kind]), sign_in(password=NASTY[kind])) if kind != "lone surrogate" else ():
        assert response.status_code == 200
        assert "invalid-feedback" in response.content.decode() or "alert" in response.content.decode()


# -- Being locked out ----------------------------------------------------------------------------------------------------


def guess(times=5, **how):
    return [sign_in(password="falsch", **how).status_code for _ in range(times)]


def test_five_wrong_passwords_lock_this_person_at_this_address(person):
    assert guess() == [200, 200, 200, 200, 429]
    locked = sign_in()
    assert locked.status_code == 429
    assert "这个工号暂时锁定了" in locked.content.decode()


def test_a_colleague_at_the_same_address_is_not_locked(person):
    make_user("000018", "李敏", PASSWORD)
    guess()
    assert sign_in("18").status_code == 302


def test_the_same_person_at_another_address_is_not_locked(person):
    guess()
    assert sign_in(address=WORKSHOP).status_code == 302


def test_all_ways_to_write_a_number_count_as_one_person(person):
    for number in ("17", "017", "0017", "00017"):
        guess(1, number=number)
    assert guess(1, number="000017") == [429]
    assert sign_in("17").status_code == 429


def test_an_address_that_a_client_makes_up_does_not_help_guessing(person):
    answers = [guess(1, HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, 5.6.7.{n}")[0] for n in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_behind_a_proxy_its_word_counts_and_nothing_to_the_left_of_it(person, settings):
    settings.TRUSTED_PROXIES = 1
    answers = [guess(1, HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, {OFFICE}")[0] for n in range(5)]
    assert answers[-1] == 429
    assert sign_in(HTTP_X_FORWARDED_FOR=f"1.2.3.9, {WORKSHOP}").status_code == 302


def test_the_lock_opens_after_a_quarter_of_an_hour(person):
    guess()
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= datetime.timedelta(minutes=14)
        attempt.save()
    assert sign_in().status_code == 429
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= datetime.timedelta(minutes=2)
        attempt.save()
    assert sign_in().status_code == 302


def test_a_right_password_forgives_the_wrong_ones_before(person):
    guess(4)
    assert sign_in().status_code == 302
    assert guess(4) == [200] * 4


# -- How a session ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "stays"), [(0, True), (29, True), (31, False), (24 * 60, False)])
def test_half_an_hour_without_a_click_ends_the_session(person, minutes, stays):
    client = signed_in(person, seen=int(time.time()) - minutes * 60)
    assert is_in(client) == stays
    if not stays:
        assert "请重新登录" in client.get("/login/").content.decode()


@pytest.mark.parametrize(("hours", "stays"), [(0, True), (11, True), (13, False)])
def test_no_session_lives_longer_than_twelve_hours_however_busy_it_is(person, hours, stays):
    client = signed_in(person, seen=int(time.time()), since=int(time.time()) - hours * 3600)
    assert is_in(client) == stays


def test_a_form_sent_too_late_leads_back_to_a_page_that_can_be_opened(person):
    client = signed_in(person, seen=int(time.time()) - 3600)
    assert client.post("/roster/1/apply/").headers["Location"] == "/login/?next=/"


REFERERS = {
    "": "/",
    "http://testserver/closes/1/2026-10/?page=2": "/closes/1/2026-10/%3Fpage%3D2",
    "http://evil.example/closes/": "/",
    "http://testserver/login/": "/",
}


@pytest.mark.parametrize("referer", REFERERS)
def test_after_signing_in_a_late_form_is_answered_with_the_page_that_held_it(person, referer):
    late = signed_in(person, seen=int(time.time()) - 3600)
    for client in (late, Client()):
        location = client.post("/closes/1/2026-10/compute/", headers={"referer": referer}).headers["Location"]
        assert location == f"/login/?next={REFERERS[referer]}"


def test_an_address_that_takes_only_forms_says_so(person):
    response = signed_in(person).get("/closes/1/2026-10/compute/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "这个网址不能直接打开" in response.content.decode()


def test_a_filter_is_kept_through_signing_in(person):
    assert Client().get("/teams/?q=一值").headers["Location"].startswith("/login/?next=/teams/%3Fq%3D")


def test_a_deactivated_person_is_out_at_once_and_cannot_come_back(person):
    client = signed_in(person)
    assert is_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/teams/").headers["Location"] == "/login/?next=/teams/"
    assert sign_in().status_code == 200


def test_signing_out_ends_the_session_on_the_server(person):
    client = signed_in(person)
    stolen = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.post("/logout/").headers["Location"] == "/login/"
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert not is_in(thief)


def test_a_newcomer_chooses_an_own_password_first(person):
    (_, password), *_ = issue_passwords([person], actor=None, unit=None)
    client = Client()
    assert sign_in(password=password, client=client).status_code == 302
    for address in ("/", "/teams/", "/boards/", "/trail/"):
        assert client.get(address).headers["Location"] == "/password/"
    weak = {"old_password": password, "new_password1": "12345678", "new_password2": "12345678"}
    assert "密码太简单" in client.post("/password/", weak).content.decode()
    assert not is_in(client)
    own = {"old_password": password, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post("/password/", own).headers["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Kurz-1", "密码太短，至少要有 8 位。"),
        ("Wangqiang-2026", "密码跟您的姓名、工号或电话太像"),
        ("password1", "这个密码用的人太多"),
    ],
)
def test_a_weak_password_is_refused_in_our_own_words(person, password, sentence):
    User.objects.filter(pk=person.pk).update(name="Wangqiang-2026")
    body = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert sentence in signed_in(person).post("/password/", body).content.decode()


def test_a_changed_or_reset_password_ends_the_other_sessions(person):
    person.set_password("Alt-2026-alt")
    person.save()
    here, elsewhere = signed_in(person), signed_in(person)
    body = {"old_password": "Alt-2026-alt", "new_password1": PASSWORD, "new_password2": PASSWORD}
    here.post("/password/", body)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    issue_passwords([person], actor=None, unit=None)
    assert not is_in(here)

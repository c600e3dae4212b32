"""The second factor: asked for before anything else, not to be guessed, not to be used twice, and never in the trail."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, SignIn, User
from teams.security import POWERFUL
from teams.services import second_factor
from tests import factories as make
from tests.factories import code_of, make_second_factor

pytestmark = pytest.mark.django_db

PASSWORD = "Gangban-2026"
ADDRESSES = ("/", "/teams/", "/boards/", "/me/", "/me/two-factors/", "/password/", "/login/")


@pytest.fixture
def person():
    return make.make_member(make.make_team(make.make_unit()), user=make.make_user("900017", "王强", PASSWORD))


def sign_in(client=None, next_page=""):
    client = client or Client()
    client.answer = client.post(f"/login/{next_page}", {"username": "900017", "password": PASSWORD})
    return client


def signed_in(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def is_in(client):
    return client.get("/teams/").status_code == 200


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def set_up(client):
    """Turn it on in the browser; the key and the recovery codes as the pages showed them."""
    client.get("/me/two-factors/")
    device = TOTPDevice(key=client.session["two_factor_key"])
    page = client.post("/me/two-factors/", {"code": code_of(device)}).content.decode()
    return device.key, re.findall(r"<li>(\w{5}-\w{5})</li>", page)


# -- Setting up --------------------------------------------------------------------------------------------------------


def test_it_is_set_up_with_a_picture_or_a_key_and_a_code(person):
    client = signed_in(person)
    page = client.get("/me/two-factors/").content.decode()
    assert 'src="data:image/svg+xml' in page
    key, codes = set_up(client)
    device = TOTPDevice.objects.get(user=person)
    assert (device.key, device.confirmed) == (key, True)
    assert len(set(codes)) == second_factor.RECOVERY_CODES == 10
    assert is_in(client)
    assert verbs() == ["second_factor.turned_on"]
    assert "两步验证的二维码" not in client.get("/me/two-factors/").content.decode()


def test_opening_the_page_stores_nothing_and_keeps_the_key(person):
    client = signed_in(person)
    client.get("/me/two-factors/")
    key = client.session["two_factor_key"]
    client.get("/me/two-factors/")
    assert client.session["two_factor_key"] == key
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "000000000000000000000000", "１２", "12\x0034"])
def test_a_wrong_code_turns_nothing_on(person, code):
    client = signed_in(person)
    client.get("/me/two-factors/")
    assert "invalid-feedback" in client.post("/me/two-factors/", {"code": code}).content.decode()
    assert not TOTPDevice.objects.exists()
    assert verbs() == []


def test_turning_it_on_ends_the_other_sessions(person):
    here, elsewhere = signed_in(person), signed_in(person)
    set_up(here)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_it_is_turned_on_once(person):
    stale, key = User.objects.get(pk=person.pk), "00" * 20
    code = code_of(TOTPDevice(key=key))
    second_factor.turn_on(person, key=key, code=code, actor=person, unit=None)
    for user in (person, stale):
        with pytest.raises(StaleState, match="刚刚已经开启"):
            second_factor.turn_on(user, key=key, code=code, actor=user, unit=None)
    assert TOTPDevice.objects.count() == 1


def test_no_secret_is_in_the_trail_and_no_recovery_code_in_the_database(person):
    key, codes = set_up(signed_in(person))
    trail = "".join(f"{entry.before}{entry.after}{entry.label}" for entry in AuditEntry.objects.all())
    kept = set(StaticToken.objects.values_list("token", flat=True))
    typed = {code.replace("-", "") for code in codes}
    assert not any(secret in trail for secret in (key, *typed))
    assert not kept & typed


# -- Signing in --------------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(person):
    make_second_factor(person)
    client = sign_in()
    assert client.answer.headers["Location"] == "/login/code/?next=%2F"
    for address in ADDRESSES:
        assert client.get(address).headers["Location"].startswith("/login/code/?next="), address
        assert client.post(address).status_code in (302, 405)
    assert verbs() == []
    assert not SignIn.objects.exists()


def test_the_code_opens_the_page_that_was_asked_for(person):
    device = make_second_factor(person)
    client = sign_in(next_page="?next=/teams/")
    answer = client.post(client.answer.headers["Location"], {"code": f" {code_of(device)[:3]} {code_of(device)[3:]} "})
    assert answer.headers["Location"] == "/teams/"
    assert is_in(client)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.after["factor"]) == ("account.signed_in", person, "密码和验证码")
    assert SignIn.objects.get(user=person).session_key == client.session.session_key


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_code_never_leads_to_another_site(person, target):
    device = make_second_factor(person)
    client = sign_in()
    assert client.post(f"/login/code/?next={target}", {"code": code_of(device)}).headers["Location"] == "/"


def test_a_session_that_does_not_know_of_the_second_factor_asks(person):
    make_second_factor(person)
    assert not is_in(signed_in(person))


def test_signing_out_needs_no_code(person):
    make_second_factor(person)
    client = sign_in()
    assert client.post("/logout/").headers["Location"] == "/login/"


def test_a_code_is_good_for_one_sign_in(person):
    device = make_second_factor(person)
    first, second = sign_in(), sign_in()
    code = code_of(device)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    assert "验证码不对" in second.post("/login/code/", {"code": code}).content.decode()


@pytest.mark.parametrize("code", ["", "12345", "abcdefghij", "9" * 21, "12\x003456", "一二三四五六"])
def test_a_wrong_code_is_refused_with_a_sentence(person, code):
    make_second_factor(person)
    client = sign_in()
    assert "invalid-feedback" in client.post("/login/code/", {"code": code}).content.decode()
    assert not is_in(client)


def test_wrong_codes_make_wait_longer_each_time_and_are_kept_in_the_trail(person):
    device = make_second_factor(person)
    client = sign_in()
    wrong = f"{(int(code_of(device)) + 5) % 1_000_000:06d}"
    for times in (1, 2, 3):
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))
        assert "验证码不对" in client.post("/login/code/", {"code": wrong}).content.decode()
        hasty = client.post("/login/code/", {"code": code_of(device)}).content.decode()
        assert f"验证码连续输错 {times} 次，请等 {2 ** (times - 1)} 秒再试。" in hasty
    assert verbs() == ["account.sign_in_failed"] * 3
    assert {entry.after["reason"] for entry in AuditEntry.objects.all()} == {"验证码不对"}
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))
    assert client.post("/login/code/", {"code": code_of(device)}).status_code == 302


# -- Recovery codes ----------------------------------------------------------------------------------------------------


def test_a_recovery_code_works_once(person):
    _, codes = set_up(signed_in(person))
    assert sign_in().post("/login/code/", {"code": codes[3].upper()}).headers["Location"] == "/"
    assert AuditEntry.objects.get(verb="account.signed_in").after["factor"] == "密码和恢复码"
    assert "验证码不对" in sign_in().post("/login/code/", {"code": codes[3]}).content.decode()
    assert second_factor.codes_left(person) == 9


def test_new_recovery_codes_void_the_old_ones_and_want_the_password(person):
    client = signed_in(person)
    _, old = set_up(client)
    refused = client.post("/me/two-factors/codes/", {"password": "falsch"}, follow=True).content.decode()
    assert "现在的密码不对" in refused
    assert "falsch" not in refused
    page = client.post("/me/two-factors/codes/", {"password": PASSWORD}).content.decode()
    new = re.findall(r"<li>(\w{5}-\w{5})</li>", page)
    assert len(set(new) - set(old)) == 10
    assert "验证码不对" in sign_in().post("/login/code/", {"code": old[0]}).content.decode()
    StaticDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert sign_in().post("/login/code/", {"code": new[0]}).status_code == 302
    assert verbs().count("second_factor.codes_renewed") == 1


# -- Turning it off ----------------------------------------------------------------------------------------------------


def test_it_is_turned_off_with_the_password_alone(person):
    client = signed_in(person)
    set_up(client)
    refused = client.post("/me/two-factors/off/", {"password": "falsch"}, follow=True).content.decode()
    assert "现在的密码不对" in refused
    assert "falsch" not in refused
    assert TOTPDevice.objects.exists()
    done = client.post("/me/two-factors/off/", {"password": PASSWORD}, follow=True).content.decode()
    assert "两步验证已关闭" in done
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert is_in(client)
    assert is_in(sign_in())
    with pytest.raises(StaleState, match="本来就没有开启"):
        second_factor.turn_off(person, actor=person, unit=None)


def test_an_administrator_resets_it_and_the_person_signs_in_anew(person):
    admin = make.give_role(person.memberships.get().team.unit, "admin")
    client = signed_in(person)
    set_up(client)
    answer = signed_in(admin).post(f"/people/{person.pk}/reset-second-factor/", follow=True)
    assert "两步验证已重置" in answer.content.decode()
    assert not is_in(client)
    assert is_in(sign_in())
    assert verbs().count("second_factor.reset") == 1
    with pytest.raises(TeamError, match="请另一位系统管理员办理"):
        second_factor.reset(admin, actor=admin, unit=None)


# -- Roles that need it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["admin", "security", "auditor", "manager", "finance", "assessor", "union", "party"])
@pytest.mark.parametrize("level", [2, 3])
def test_at_level_three_powerful_roles_are_led_to_set_it_up(settings, level, role):
    settings.SECURITY_LEVEL = level
    client = signed_in(make.give_role(make.make_unit(), role))
    is_held = level == 3 and role in POWERFUL
    assert client.get("/").status_code == (302 if is_held else 200)
    if not is_held:
        return
    for address in ("/", "/teams/", "/me/", "/boards/"):
        assert client.get(address).headers["Location"] == "/me/two-factors/"
    page = client.get("/me/two-factors/").content.decode()
    assert "您担任的职务要开两步验证" in page
    assert "先不开" not in page
    set_up(client)
    assert is_in(client)


def test_at_level_three_a_worker_may_choose(settings, person):
    settings.SECURITY_LEVEL = 3
    assert is_in(signed_in(person))

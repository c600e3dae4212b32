"""Sign-ins as people, administrators and the trail see them: where somebody is signed in, who failed, who was locked."""

import datetime
import time

import pytest
from django.test import Client

from teams.models import AuditEntry, SignIn, User
from teams.services import accounts, sessions
from teams.services.passwords import issue_passwords
from tests.access.test_sessions import OFFICE, PASSWORD, guess, is_in, sign_in, signed_in
from tests.factories import make_member, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_member(make_team(), user=make_user("000017", "王强", PASSWORD))


# -- Sign-ins that people see and end ------------------------------------------------------------------------------------

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
OFFICE_PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


def arrived(device=PHONE, **how):
    """A client that signed in by the form."""
    client = Client(REMOTE_ADDR=OFFICE, headers={"user-agent": device})
    sign_in(client=client, **how)
    assert is_in(client)
    return client


def living():
    return list(SignIn.objects.filter(ended_at__isnull=True).values_list("session_key", flat=True))


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_signing_in_is_one_row_of_each(person):
    client = arrived()
    row, entry = SignIn.objects.get(), AuditEntry.objects.get()
    assert (row.user, row.session_key, row.address) == (person, client.session.session_key, OFFICE)
    assert (entry.verb, entry.actor, entry.address) == ("account.signed_in", person, OFFICE)
    assert entry.after == {"device": "Chrome · 安卓手机", "factor": "密码"}


def test_the_own_sessions_are_listed_with_this_device_first(person):
    phone, office = arrived(), arrived(OFFICE_PC)
    page = phone.get("/me/").content.decode()
    assert page.index("Chrome · 安卓手机（本机）") < page.index("Edge · Windows 电脑")
    assert page.count("退出这台</button>") == 1
    kept = office.session
    kept["seen"] = int(time.time()) - 31 * 60
    kept.save()
    assert "Edge · Windows 电脑" not in phone.get("/me/").content.decode()


def test_one_device_is_ended_and_the_others_stay(person):
    phone, office = arrived(), arrived(OFFICE_PC)
    row = SignIn.objects.get(session_key=phone.session.session_key)
    answer = office.post(f"/me/sessions/{row.pk}/end/", follow=True).content.decode()
    assert "Chrome · 安卓手机已退出。" in answer
    assert (is_in(phone), is_in(office)) == (False, True)
    again = office.post(f"/me/sessions/{row.pk}/end/", follow=True).content.decode()
    assert "这台设备已经退出了" in again
    assert verbs().count("account.session_ended") == 1


def test_nobody_ends_somebody_elses_session(person):
    phone = arrived()
    row = SignIn.objects.get()
    assert signed_in(make_user("900003")).post(f"/me/sessions/{row.pk}/end/").status_code == 404
    assert is_in(phone)


def test_every_end_is_noted(person):
    def ended(deed):
        arrived()
        deed()
        return living()

    assert ended(lambda: accounts.end_sessions(person, actor=person, unit=None)) == []
    assert ended(lambda: issue_passwords([person], actor=None, unit=None)) == []
    User.objects.update(password=make_user("900001", password=PASSWORD).password, must_change_password=False)
    admin = make_user("900002")
    assert ended(lambda: accounts.deactivate(person, actor=admin, unit=None)) == []


def test_signing_out_is_noted_and_kept_in_the_trail(person):
    client = arrived()
    client.post("/logout/")
    assert (living(), verbs()) == ([], ["account.signed_in", "account.left"])


def test_running_out_is_noted(person):
    client = arrived()
    kept = client.session
    kept["seen"] = int(time.time()) - 31 * 60
    kept.save()
    client.get("/teams/")
    assert living() == []


def test_a_changed_password_keeps_this_device_and_ends_the_others(person):
    here, elsewhere = arrived(), arrived(OFFICE_PC)
    body = {"old_password": PASSWORD, "new_password1": "Chengdu+77", "new_password2": "Chengdu+77"}
    here.post("/password/", body)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert living() == [here.session.session_key]


def test_old_rows_are_forgotten_and_lost_ones_are_closed(person):
    now = datetime.datetime.now(datetime.UTC)
    ages = {"old": 181, "recent": 179, "lost": 1, "new": 0}
    for key, days in ages.items():
        row = SignIn.objects.create(user=person, session_key=key, ended_at=now if key in ("old", "recent") else None)
        SignIn.objects.filter(pk=row.pk).update(started_at=now - datetime.timedelta(days=days))
    sessions.forget_old()
    sessions.forget_old()
    rows = dict(SignIn.objects.values_list("session_key", "ended_at"))
    assert set(rows) == {"recent", "lost", "new"}
    assert (rows["lost"] is None, rows["new"] is None) == (False, True)


# -- Failures in the trail -----------------------------------------------------------------------------------------------


def test_failures_of_a_known_person_and_the_lock_are_kept_without_the_password(person):
    guess(7)
    assert verbs() == ["account.sign_in_failed"] * 4 + ["account.locked"]
    for entry in AuditEntry.objects.all():
        assert (entry.actor, entry.label, entry.object_id) == (None, "王强", person.pk)
        assert (entry.after, entry.unit_id) == ({"reason": "密码不对"}, person.memberships.get().team.unit_id)


def test_failures_of_unknown_numbers_leave_nothing(person):
    guess(number="999999")
    sign_in(password="")
    sign_in("", "")
    assert verbs() == []


# -- Level three ---------------------------------------------------------------------------------------------------------


def test_at_level_three_a_new_sign_in_ends_the_older_one_and_says_so(person, settings):
    settings.SECURITY_LEVEL = 3
    phone = arrived()
    office = arrived(OFFICE_PC)
    assert phone.get("/teams/").headers["Location"] == "/login/?next=/teams/"
    assert "您的工号刚在另一台设备上登录" in phone.get("/login/").content.decode()
    assert is_in(office)
    assert AuditEntry.objects.latest("id").after["ended_elsewhere"] == 1
    assert living() == [office.session.session_key]


def test_control_at_level_two_both_stay(person):
    phone, office = arrived(), arrived(OFFICE_PC)
    assert (is_in(phone), is_in(office)) == (True, True)


@pytest.mark.parametrize(("minutes", "hours", "stays"), [(14, 7, True), (16, 7, False), (14, 9, False)])
def test_at_level_three_sessions_are_shorter(person, settings, minutes, hours, stays):
    settings.SECURITY_LEVEL = 3
    now = int(time.time())
    assert is_in(signed_in(person, seen=now - minutes * 60, since=now - hours * 3600)) == stays

"""Twenty people hold the same recovery code, or press 开启 at the same moment: it counts once."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from teams.models import AuditEntry
from teams.services import second_factor
from tests import factories as make
from tests.teamhub.test_races import THREADS, race

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "0123456789abcdef" * 2


def turn_on(person):
    return second_factor.turn_on(person, key=KEY, code=make.code_of(TOTPDevice(key=KEY)), actor=person, unit=None)


def use(code):
    return lambda person: second_factor.verify(person, code, unit=None)


def test_a_recovery_code_that_many_hold_lets_one_of_them_in():
    person = make.make_user()
    _, codes = turn_on(person)
    outcomes = race(use(codes[0]), person)
    assert outcomes.count("done") == 1
    assert all(outcome.startswith("polite: 验证码") for outcome in outcomes if outcome != "done")
    assert second_factor.codes_left(person) == 9


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets only one transaction at a time begin")
def test_control_without_the_lock_it_lets_in_more(monkeypatch):
    """Whether two of them meet is chance, so it is tried until they do."""

    def lets_in_more():
        person = make.make_user()
        _, codes = turn_on(person)
        return any(race(use(code), person).count("done") > 1 for code in codes)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    assert any(lets_in_more() for _ in range(20))


def test_it_is_turned_on_once_however_many_press():
    person = make.make_user()
    outcomes = race(turn_on, person)
    assert outcomes == ["done", *["polite: 两步验证刚刚已经开启了，请刷新页面再看。"] * (THREADS - 1)]
    assert TOTPDevice.objects.count() == AuditEntry.objects.count() == 1

"""What modules share is made once, is given to each as it was made, and is gone when nobody shares it."""

import datetime

import pytest
from django.utils import timezone

from teams.models import Team, Unit
from tests import factories as make
from tests.shared import Shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    shared = Shared()
    yield shared
    shared.keep(0)


@pytest.fixture
def made():
    """How often each was made."""
    return {"unit": 0, "team": 0}


@pytest.fixture
def unit(made):
    def unit():
        made["unit"] += 1
        return make.make_unit("本厂")

    return unit


@pytest.fixture
def team(made):
    def team(unit):
        made["team"] += 1
        return make.make_team(unit, "一值")

    return team


def rows():
    return Unit.objects.filter(name="本厂").count(), Team.objects.count()


def test_each_module_finds_it_as_it_was_made(shared, made, unit, team):
    for _ in range(2):
        with shared.lent(unit, team) as found:
            assert (found.name, found.unit.name, rows()) == ("一值", "本厂", (1, 1))
            found.name, found.unit.name = "二值", "外厂"
            found.save()
            found.unit.save()
    assert made == {"unit": 1, "team": 1}


def test_a_module_sees_no_more_than_it_shares(shared, made, unit, team):
    with shared.lent(unit, team):
        assert rows() == (1, 1)
    with shared.lent(unit):
        assert rows() == (1, 0)
    shared.keep(0)
    assert rows() == (0, 0)
    with shared.lent(unit, team):
        assert made == {"unit": 2, "team": 2}


def test_on_another_day_it_is_made_anew(shared, made, unit, monkeypatch):
    with shared.lent(unit):
        pass
    following = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: following)
    with shared.lent(unit):
        assert (made["unit"], rows()) == (2, (1, 0))


def test_what_fails_to_be_made_leaves_nothing(shared, unit):
    def fails(unit):
        make.make_team(unit)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"), shared.lent(unit, fails):
        pass
    assert rows() == (1, 0)
    shared.keep(0)
    assert rows() == (0, 0)

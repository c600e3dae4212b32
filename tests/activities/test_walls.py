"""The walls of teams: what everybody of the plant sees there, and what stays within."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from teams.models import Honour
from teams.photos import store_photo
from teams.services import papers, units
from tests import factories as make
from tests.access.world import picture
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db
TODAY = {"period": timezone.localdate().year * 100 + timezone.localdate().month, "day": 1}


@pytest.fixture
def team():
    return make.make_team(make.make_unit("运行部"), name="运行一值")


@pytest.fixture
def leader(team):
    return make.make_member(team, "leader")


@pytest.fixture
def guest():
    """Somebody of another unit."""
    return make.make_member(make.make_team(make.make_unit("检修部")))


def page(client, user, name="wall", args=(), **asked):
    client.force_login(user)
    return client.get(reverse(f"activities:{name}", args=args), asked).content.decode()


def test_the_list_finds_teams_by_what_they_say_of_themselves(team, leader, guest, client):
    units.change_team(team, actor=leader, slogan="平稳保当班")
    assert "平稳保当班" in page(client, guest, "walls")
    assert "运行一值" in page(client, guest, "walls", q="保当班")
    assert "没有符合条件的班组" in page(client, guest, "walls", q="没有这样的话")
    assert "运行一值" not in page(client, guest, "walls", unit=make.make_team().unit_id)


def test_a_wall_shows_words_honours_and_the_months_grade(team, leader, guest, client):
    units.change_team(team, actor=leader, vision="人人有绝活", style="严细实")
    papers.add(Honour, team, actor=leader, name="工人先锋号", level="province", granted_by="省总工会", **given())
    papers.add(Honour, leader, actor=leader, name="技术能手", level="company", granted_by="公司", **given())
    found = page(client, guest, args=[team.pk])
    for words in ("人人有绝活", "严细实", "工人先锋号", "技术能手"):
        assert words in found


def given():
    return {"granted_on": timezone.localdate(), "document": "", "expires_on": None}


def test_a_closed_month_tells_grade_and_rank(guest, client):
    closed = make.make_closed_team()
    found = page(client, guest, args=[closed.team.pk])
    assert "10月等级" in found
    assert "第 1 名" in found


def test_records_and_their_photos_are_shown_to_those_who_may_see_them(team, leader, guest, client):
    record_with_photo(team, leader)
    secret = make_activity(
        make_kind(team.unit, privacy="confidential"), team, actor=leader, title="某人的烦恼", **TODAY
    )
    inside, outside = page(client, leader, args=[team.pk]), page(client, guest, args=[team.pk])
    assert "冬季消防演练" in inside
    assert "活动瞬间" in inside
    assert "冬季消防演练" not in outside
    assert "活动瞬间" not in outside
    assert secret.title not in inside + outside


def test_a_wall_counts_what_is_done_every_day_but_tells_of_the_rest_and_of_all_honours(team, leader, client):
    daily = make_kind(team.unit, cadence="shift", group="safety")
    make_activity(daily, team, actor=leader, title="每天都开的会", **TODAY)
    record_with_photo(team, leader)
    papers.add(Honour, team, actor=leader, name="工人先锋号", level="province", granted_by="省总工会", **given())
    papers.add(Honour, leader, actor=leader, name="技术能手", level="company", granted_by="公司", **given())
    found = page(client, leader, args=[team.pk])
    assert "每天都开的会" not in found
    assert "2 次" in found
    assert "2 项" in found


def record_with_photo(team, leader):
    photo = store_photo(picture(), team=team, actor=leader)
    kind = make_kind(team.unit, group="safety")
    return make_activity(kind, team, actor=leader, title="冬季消防演练", photos=[photo], **TODAY)


def test_the_photo_of_the_team_is_there_for_everybody(team, leader, guest, client):
    units.set_photo(team, SimpleUploadedFile("合影.png", picture().read(), "image/png"), actor=leader)
    team.refresh_from_db()
    address = reverse("teams:photo", args=[team.photo_id])
    assert address in page(client, guest, args=[team.pk])
    answer = client.get(address)
    answer.close()
    assert answer.status_code == 200


def test_a_disbanded_team_has_no_wall(team, leader, guest, client):
    type(team).objects.filter(pk=team.pk).update(disbanded_on=timezone.localdate())
    client.force_login(guest)
    assert client.get(reverse("activities:wall", args=[team.pk])).status_code == 404

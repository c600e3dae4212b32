"""办理调动 on a person's page: by the rules of the roster, once, and only as the administrator has seen it."""

import datetime
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from teams.errors import StaleState, TeamError
from teams.models import Attendance, AuditEntry, Membership
from teams.services.moves import move
from tests import factories as make
from tests.races import race

pytestmark = pytest.mark.django_db
BEGIN = datetime.date(2026, 9, 1)


class Scene:
    def __init__(self):
        self.plant = make.make_unit("本厂")
        self.unit, self.other = (make.make_unit(name, parent=self.plant) for name in ("运行部", "检修部"))
        self.old, self.new = make.make_team(self.unit, "一值"), make.make_team(self.other, "汽机班")
        self.admin = make.give_role(self.plant, "admin")
        self.person = make.make_member(self.old, "deputy", started_on=BEGIN, coefficient=120)

    @property
    def place(self):
        return Membership.objects.open().filter(user=self.person).first()

    def move(self, team=None, day=None, **changes):
        facts = {"role": "worker", "effective_on": day or timezone.localdate(), "seen": self.place and self.place.pk}
        move(self.person, team or self.new, actor=self.admin, **facts | changes)

    def logged(self, day):
        period = day.year * 100 + day.month
        Attendance.objects.create(user=self.person, team=self.old, period=period, date=day, code="√")


@pytest.fixture
def scene():
    return Scene()


def test_a_move_ends_one_membership_and_begins_another_with_one_trail_row(scene):
    today = timezone.localdate()
    scene.move()
    rows = scene.person.memberships.order_by("started_on").values_list("team", "role", "coefficient", "ended_on")
    assert list(rows) == [
        (scene.old.pk, "deputy", 120, today - datetime.timedelta(days=1)),
        (scene.new.pk, "worker", 120, None),
    ]
    entry = AuditEntry.objects.get(verb="person.moved")
    assert (entry.actor, entry.object_id, entry.unit) == (scene.admin, scene.person.pk, scene.other)
    assert entry.before == {"unit": "运行部", "team": "一值", "role": "deputy"}
    assert entry.after == {"unit": "检修部", "team": "汽机班", "role": "worker", "effective_on": f"{today}"}


def test_somebody_without_a_team_is_put_into_one(scene):
    scene.person = make.make_user("700001", "新来的")
    scene.move()
    assert (scene.place.team, scene.place.coefficient) == (scene.new, 100)


def test_days_that_the_old_team_has_logged_stand_in_the_way(scene):
    today = timezone.localdate()
    scene.logged(today)
    with pytest.raises(TeamError, match=f"^这些天的考勤已经记了：{scene.person} {today} 共 1 天的考勤已经记在一值。"):
        scene.move()
    scene.move(day=today + datetime.timedelta(days=1))
    assert scene.place.team == scene.new


def test_what_a_roster_would_refuse_or_leave_alone_is_refused(scene):
    make.make_member(scene.new, "leader")
    with pytest.raises(TeamError, match="^班组已有班长：现任班长工号"):
        scene.move(role="leader")
    with pytest.raises(TeamError, match="现在就是一值的副班长，没有要改的"):
        scene.move(scene.old, role="deputy")
    scene.person.is_active = False
    scene.person.save()
    with pytest.raises(TeamError, match="账号已停用。请先启用账号"):
        scene.move()
    assert (scene.place.team, AuditEntry.objects.filter(verb="person.moved").count()) == (scene.old, 0)


def test_only_what_was_seen_is_moved(scene):
    seen = scene.place.pk
    scene.move()
    with pytest.raises(StaleState, match="^打开页面之后"):
        scene.move(scene.old, seen=seen)
    assert scene.place.team == scene.new


@pytest.mark.django_db(transaction=True)
def test_many_at_once_move_once():
    scene = Scene()
    facts = {"role": "worker", "effective_on": timezone.localdate(), "seen": scene.place.pk}
    outcomes = race(partial(_move, scene, facts), scene.place)
    assert (outcomes.count("done"), scene.person.memberships.count()) == (1, 2)
    assert all(outcome.startswith("polite: ") for outcome in outcomes if outcome != "done")


def _move(scene, facts, _):
    move(scene.person, scene.new, actor=scene.admin, **facts)


# -- The page -----------------------------------------------------------------------------------------------------------


def test_the_person_page_leads_to_the_form_and_the_form_back(scene, client):
    client.force_login(scene.admin)
    address = reverse("teams:person-move", args=[scene.person.pk])
    assert address in client.get(reverse("teams:person", args=[scene.person.pk])).content.decode()
    page = client.get(address).content.decode()
    assert ("一值</option>" in page, "汽机班</option>" in page) == (True, False)
    page = client.get(address, {"unit": scene.other.pk}).content.decode()
    assert ("一值</option>" in page, "汽机班</option>" in page) == (False, True)
    today = timezone.localdate()
    body = {"team": scene.new.pk, "role": "worker", "effective_on": today, "seen": scene.place.pk}
    page = client.post(f"{address}?unit={scene.other.pk}", body, follow=True).content.decode()
    assert f"{scene.person}从 {today} 起是汽机班的人。" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"team": ""}, "请选择班组。"),
        ({"team": "99999999999999999999"}, "请从列表里选一个班组"),
        ({"team": "\x00"}, "里面有看不见的控制字符"),
        ({"role": "king"}, "请从列表里选"),
        ({"effective_on": ""}, "请选择日期。"),
        ({"effective_on": "0020-01-01"}, "日期无效，请重新选择。"),
        ({"seen": ""}, "打开页面之后，这个人的班组或职务有变动"),
        ({"seen": "x"}, "打开页面之后，这个人的班组或职务有变动"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_in_a_sentence(scene, client, change, sentence):
    client.force_login(scene.admin)
    body = {"team": scene.new.pk, "role": "worker", "effective_on": timezone.localdate(), "seen": scene.place.pk}
    address = reverse("teams:person-move", args=[scene.person.pk])
    page = client.post(f"{address}?unit={scene.other.pk}", body | change)
    assert (page.status_code, sentence in page.content.decode()) == (200, True)
    assert scene.place.team == scene.old


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [*((typed, "没有这个单位，请从列表里选。") for typed in ("x", "0", "9" * 20)), ("\x00", "里面有看不见的控制字符")],
)
def test_a_unit_that_is_not_there_is_said(scene, client, unit, sentence):
    client.force_login(scene.admin)
    page = client.get(reverse("teams:person-move", args=[scene.person.pk]), {"unit": unit})
    assert sentence in page.content.decode()

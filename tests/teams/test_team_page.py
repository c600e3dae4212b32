"""The page of a team: how it presents itself, who came and went, and what of a colleague is everybody's business."""

import datetime
import io
import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from teams import careers
from teams.errors import StaleState
from teams.models import Attachment, AuditEntry, Team, User
from teams.selectors import members_of
from teams.services import units
from tests import factories as make
from tests.access.world import picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["leader", "worker", "clerk", "manager", "party", "admin", "finance", "auditor"])
def test_the_political_status_is_for_those_who_work_with_it(who, client):
    team = make.make_team()
    make.make_member(team)
    duty = who in ("leader", "worker", "clerk")
    client.force_login(make.make_member(team, who) if duty else make.give_role(team.unit, who))
    shown = "政治面貌" in client.get(f"/teams/{team.pk}/").content.decode()
    assert shown == (who in ("leader", "manager", "party", "admin"))


# -- The profile -------------------------------------------------------------------------------------------------------


def page_for(client, team, user):
    client.force_login(user)
    return client.get(f"/teams/{team.pk}/").content.decode()


def test_the_profile_counts_heads_years_levels_and_party_members(monkeypatch):
    monkeypatch.setattr(careers.timezone, "localdate", lambda: datetime.date(2026, 10, 5))
    team = make.make_team()
    facts = [
        ("senior", "party_member", datetime.date(2016, 10, 5)),
        ("senior", "probationary", datetime.date(2021, 10, 5)),
        ("technician", "league_member", None),
        ("", "masses", None),
    ]
    for level, status, hired in facts:
        user = make.make_member(team)
        User.objects.filter(pk=user.pk).update(skill_level=level, political_status=status, hired_on=hired)
    profile = careers.profile_of(members_of(team))
    assert (profile.heads, profile.tenure, profile.party) == (4, 7.5, 2)
    assert profile.skills == [("技师", 1), ("高级工", 2)]
    assert careers.profile_of([]).tenure is None


@pytest.mark.parametrize("who", ["leader", "worker", "clerk", "manager", "party", "admin", "finance"])
def test_coefficients_are_for_those_who_may_see_them(who, client):
    team = make.make_team()
    make.make_member(team, coefficient=137)
    duty = who in ("leader", "worker", "clerk")
    shown = "1.37" in page_for(client, team, make.make_member(team, who) if duty else make.give_role(team.unit, who))
    assert shown == (who in ("leader", "manager", "finance"))


def test_the_leader_writes_slogan_and_vision_and_nothing_else(client):
    team = make.make_team(name="一值")
    client.force_login(make.make_member(team, "leader"))
    body = {"slogan": "安全每一天", "vision": "人人有绝活", "style": "严细实", "name": "改名", "shift_pattern": "day"}
    client.post(f"/teams/{team.pk}/present/", body)
    team.refresh_from_db()
    assert (team.slogan, team.vision, team.style, team.name) == ("安全每一天", "人人有绝活", "严细实", "一值")
    assert "安全每一天" in page_for(client, team, make.make_member(team))
    said = {"slogan": "安全每一天", "vision": "人人有绝活", "style": "严细实"}
    assert AuditEntry.objects.get(verb="team.changed").after == said


def test_another_photo_replaces_the_first_which_stays_an_attachment(client):
    team = make.make_team()
    client.force_login(make.make_member(team, "leader"))
    for colour in ("a", "b"):
        client.post(f"/teams/{team.pk}/photo/", {"photo": picture(size=(40, 30 + ord(colour)))})
    first, second = Attachment.objects.filter(team=team).order_by("id")
    team.refresh_from_db()
    assert team.photo == second
    rows = AuditEntry.objects.filter(verb="team.pictured").order_by("id").values_list("before", "after")
    assert list(rows) == [
        ({"photo": None}, {"photo": first.pk}),
        ({"photo": first.pk}, {"photo": second.pk}),
    ]
    assert b"".join(client.get(f"/photos/{second.pk}/").streaming_content)[:2] == b"\xff\xd8"


def test_a_photo_that_meets_another_new_one_is_refused_and_leaves_no_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    team = make.make_team()
    leader = make.make_member(team, "leader")
    seen = Team.objects.get(pk=team.pk)
    units.set_photo(team, picture(), actor=leader)
    with pytest.raises(StaleState, match="刚刚被别人换过了"):
        units.set_photo(seen, picture(size=(50, 50)), actor=leader)
    assert Attachment.objects.filter(team=team).count() == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("upload", [None, b"", b"GIF89a", b"no photo"])
def test_what_is_no_photo_is_refused_with_a_sentence(client, upload):
    team = make.make_team()
    client.force_login(make.make_member(team, "leader"))
    body = {} if upload is None else {"photo": SimpleUploadedFile("合影.jpg", upload)}
    page = client.post(f"/teams/{team.pk}/photo/", body, follow=True).content.decode()
    assert "alert-danger" in page
    assert not Attachment.objects.exists()


def test_links_lead_only_to_pages_that_exist(client):
    team = make.make_team()
    page = page_for(client, team, make.make_member(team, "leader"))
    targets = set(re.findall(r'href="(/(?!static)[^"]*)"', page))
    assert f"/teams/{team.pk}/history/" in targets
    assert [target for target in sorted(targets) if client.get(target).status_code == 404] == []


# -- Skill levels ------------------------------------------------------------------------------------------------------


def levels(client, team, *changes):
    """Post the page with (user, shown, new) for each."""
    body = {f"level-{user.pk}": new for user, _, new in changes}
    body |= {f"initial-level-{user.pk}": shown for user, shown, _ in changes}
    return client.post(f"/teams/{team.pk}/skills/", body, follow=True).content.decode()


def test_levels_are_changed_for_those_whose_line_was_changed(client):
    team = make.make_team()
    clerk, worker = make.make_member(team, "clerk"), make.make_member(team)
    client.force_login(clerk)
    assert "已保存" in levels(client, team, (clerk, "", ""), (worker, "", "senior"))
    assert "刚刚被别人改过了" in levels(client, team, (worker, "", "junior"))
    assert list(User.objects.filter(skill_level="senior")) == [worker]
    assert AuditEntry.objects.filter(verb="skills.set").count() == 1


@pytest.mark.parametrize("level", ["wizard", "\0", "9" * 5000])
def test_an_unknown_level_is_refused(client, level):
    team = make.make_team()
    clerk = make.make_member(team, "clerk")
    client.force_login(clerk)
    assert "请从列表里选" in levels(client, team, (clerk, level, level + "!"))


def test_a_person_of_another_team_is_refused(client):
    team, stranger = make.make_team(), make.make_member(make.make_team())
    client.force_login(make.make_member(team, "clerk"))
    assert "请刷新页面" in levels(client, team, (stranger, "", "senior"))
    assert not User.objects.filter(skill_level="senior").exists()


# -- Who came and went -------------------------------------------------------------------------------------------------


def day(number, month=6):
    return datetime.date(2026, month, number)


@pytest.fixture
def busy():
    """A team that 张三 joined, where he rose and earned more, which he left for another, and came back to."""
    unit = make.make_unit("运行部")
    team, other = make.make_team(unit, "一值"), make.make_team(unit, "二值")
    user = make.make_user("000001", "张三")
    for place, role, coefficient, first, last in [
        (team, "worker", 100, day(1, 1), day(9)),
        (team, "deputy", 100, day(10), day(14)),
        (team, "deputy", 120, day(15), day(30)),
        (other, "deputy", 120, day(1, 7), day(5, 7)),
        (team, "worker", 100, day(6, 7), day(10, 7)),
        (team, "worker", 100, day(20, 7), None),
    ]:
        make.make_member(place, role, user=user, coefficient=coefficient, started_on=first, ended_on=last)
    return SimpleNamespace(team=team, other=other, user=user)


def told(team, with_coefficients=True):
    steps = careers.steps_of(team, with_coefficients=with_coefficients)
    return [(f"{step.date:%m-%d}", step.what, step.detail) for step in steps]


def test_every_step_is_told_newest_first(busy):
    assert told(busy.team) == [
        ("07-20", "加入", "组员"),
        ("07-10", "离开", ""),
        ("07-06", "加入", "从二值调来，组员"),
        ("06-30", "离开", "调往二值"),
        ("06-15", "系数变更", "1.0 → 1.2"),
        ("06-10", "换职务", "组员 → 副班长"),
        ("01-01", "加入", "组员"),
    ]
    assert told(busy.other) == [("07-05", "离开", "调往一值"), ("07-01", "加入", "从一值调来，副班长")]


def test_coefficients_are_left_out_for_those_who_may_not_see_them(busy, client):
    assert "系数变更" not in {what for _, what, _ in told(busy.team, with_coefficients=False)}
    for user, seen in ((make.make_member(busy.team, "leader"), True), (make.make_member(busy.team), False)):
        client.force_login(user)
        assert ("1.0 → 1.2" in client.get(f"/teams/{busy.team.pk}/history/").content.decode()) == seen
        data = client.post(f"/teams/{busy.team.pk}/history/export/").content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        assert ("1.0 → 1.2" in {row[-1] for row in rows}) == seen
        assert ["2026-07-06", "张三", "000001", "加入", "从二值调来，组员"] in rows


def test_the_history_narrows_by_year(busy, client):
    make.make_member(busy.team, started_on=datetime.date(2024, 3, 1))
    client.force_login(busy.user)

    def years(**query):
        page = client.get(f"/teams/{busy.team.pk}/history/", query).context["page"]
        return {step.date.year for step in page}

    assert (years(), years(year=2024), years(year="x")) == ({2024, 2026}, {2024}, set())


@pytest.mark.parametrize("who", ["leader", "worker", "clerk", "manager", "admin", "finance"])
def test_phones_are_for_those_who_may_call_and_then_masked(who, client):
    team = make.make_team()
    colleague = make.make_member(team)
    User.objects.filter(pk=colleague.pk).update(phone="13812345678")
    duty = who in ("leader", "worker", "clerk")
    page = page_for(client, team, make.make_member(team, who) if duty else make.give_role(team.unit, who))
    assert ("138****5678" in page) == (who in ("leader", "manager", "admin"))
    assert "13812345678" not in page

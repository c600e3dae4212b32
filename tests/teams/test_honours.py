"""Honours: of a team or of a person, shown while they are valid, corrected without losing the old, withdrawn with a reason."""

import datetime
import io

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from teams import honours
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, Honour
from teams.services import papers
from tests import factories as make

pytestmark = pytest.mark.django_db
GIVEN = datetime.date(2026, 5, 1)


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def clerk(team):
    return make.make_member(team, "clerk")


FACTS = {"name": "技术能手", "level": "city", "granted_by": "市总工会", "granted_on": GIVEN}


def given(holder, **facts):
    return papers.add(Honour, holder, actor=make.make_user(), **FACTS | facts)


def in_days(number):
    return timezone.localdate() + datetime.timedelta(days=number)


# -- The services ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["team", "person"])
def test_an_honour_is_recorded_once_a_holder_and_day(team, clerk, whose):
    holder = {"team": team, "person": clerk}[whose]
    honour = given(holder)
    with pytest.raises(TeamError, match=rf"^{holder}的“技术能手”（2026-05-01 授予）已经登记过了。$"):
        given(holder)
    assert given(holder, granted_on=GIVEN.replace(year=2025)).pk
    row = AuditEntry.objects.filter(verb="honour.recorded").earliest("id")
    assert (honour.holder, row.label, row.unit) == (holder, f"{holder} 技术能手", team.unit)
    assert (row.after["level"], row.after["granted_on"]) == ("city", "2026-05-01")
    assert AuditEntry.objects.filter(verb="honour.recorded").count() == 2


def test_an_honour_that_ends_before_it_was_granted_is_refused(team):
    with pytest.raises(TeamError, match="^有效期不能早于授予日期"):
        given(team, expires_on=GIVEN - datetime.timedelta(days=1))
    assert not Honour.objects.exists()
    assert not AuditEntry.objects.filter(verb="honour.recorded").exists()


def test_a_correction_withdraws_the_old_and_records_the_new_in_one_step(team, clerk):
    old = given(team)
    new = papers.correct(old, actor=clerk, **FACTS | {"level": "province"})
    old.refresh_from_db()
    assert (old.level, old.withdrawn_on, new.holder, new.level) == ("city", timezone.localdate(), team, "province")
    row = AuditEntry.objects.get(verb="honour.corrected")
    assert (row.object_id, row.before, row.after) == (new.pk, {"level": "city"}, {"level": "province"})


def test_a_withdrawn_honour_is_neither_corrected_nor_withdrawn_again(team, clerk):
    old = given(team)
    papers.withdraw(old, "撤销称号", actor=clerk)
    with pytest.raises(StaleState, match="^这项荣誉刚刚被别人更正或注销了"):
        papers.withdraw(old, "撤销称号", actor=clerk)
    with pytest.raises(StaleState):
        papers.correct(old, actor=clerk, **FACTS | {"name": "劳动模范"})
    assert Honour.objects.count() == 1
    assert AuditEntry.objects.get(verb="honour.withdrawn").after == {"reason": "撤销称号"}
    assert given(team).pk


# -- What is valid -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "standing"), [(None, "valid"), (0, "valid"), (1, "valid"), (-1, "ended")])
def test_an_honour_is_valid_through_its_last_day(clerk, days, standing):
    given(clerk, granted_on=in_days(-400), expires_on=None if days is None else in_days(days))
    assert [row.standing for row in honours.honours_of([clerk])] == [standing]


def test_a_team_page_hands_out_what_is_valid_newest_first(team, clerk):
    given(team, name="五星级班组", granted_on=in_days(-500), expires_on=in_days(-1))
    papers.withdraw(given(team, name="登错的"), "登记错", actor=clerk)
    given(team, name="先锋号")
    given(clerk, name="旧的", granted_on=in_days(-700))
    given(clerk, name="新的", granted_on=in_days(-1))
    given(make.make_member(make.make_team()), name="别人的")
    make.make_member(team)
    members = list(team.memberships.order_by("pk"))
    assert [row.name for row in honours.hand_out(team, members)] == ["先锋号"]
    assert [[row.name for row in member.honours] for member in members] == [["新的", "旧的"], []]


def test_the_page_of_a_team_shows_valid_honours_only(team, clerk, client):
    given(team, name="五星级班组", granted_on=in_days(-500), expires_on=in_days(-1))
    for number in range(5):
        given(team, name=f"先锋号{number}")
        given(clerk, name=f"能手{number}", granted_on=in_days(-number))
    client.force_login(clerk)
    page = client.get(f"/teams/{team.pk}/").content.decode()
    assert "五星级班组" not in page
    assert ("能手0" in page, "能手1" in page, "等 5 项" in page, "全部 5 项" in page) == (True, False, True, True)
    assert f"/teams/{team.pk}/honours/?q={clerk.employee_no}" in page


def test_levels_are_counted_from_the_highest_down(team, clerk):
    given(team, level="unit")
    given(clerk, level="national")
    given(clerk, name="标兵", level="unit")
    assert honours.count_levels(honours.honours_in([team], {})) == [("国家级", 1), ("本单位", 2)]


# -- The pages ---------------------------------------------------------------------------------------------------------

BODY = {"name": "安全标兵", "level": "company", "granted_by": "集团", "granted_on": "2026-05-01"}


def post(client, team, **more):
    return client.post(f"/teams/{team.pk}/honours/", BODY | {"holder": "whole"} | more)


def test_an_honour_is_for_the_team_or_for_a_member(team, clerk, client):
    client.force_login(clerk)
    assert post(client, team).status_code == 302
    assert post(client, team, holder=team.memberships.get().pk).status_code == 302
    assert [honour.holder for honour in Honour.objects.order_by("pk")] == [team, clerk]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"holder": ""}, "请选择获奖班组或个人"),
        ({"holder": "999999"}, "已不在本班组"),
        ({"name": " "}, "请填荣誉名称"),
        ({"level": "galactic"}, "没有这个级别"),
        ({"granted_by": "字" * 61}, "最多 60 个字"),
        ({"granted_on": ""}, "请选择日期"),
        ({"granted_on": "0020-01-01"}, "日期无效"),
        ({"expires_on": "2026-04-30"}, "有效期不能早于授予日期"),
        ({"document": "字" * 41}, "最多 40 个字"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(team, clerk, client, more, sentence):
    client.force_login(clerk)
    assert sentence in post(client, team, **more).content.decode()
    assert not Honour.objects.exists()


def test_an_honour_that_is_granted_tomorrow_is_not_held_yet(team, clerk, client):
    client.force_login(clerk)
    assert "授予日期还没到" in post(client, team, granted_on=in_days(1)).content.decode()
    assert post(client, team, granted_on=in_days(0)).status_code == 302


def test_a_member_of_another_team_cannot_be_slipped_in(team, clerk, client):
    other = make.make_team(team.unit)
    make.make_member(other)
    client.force_login(clerk)
    assert "已不在本班组" in post(client, team, holder=other.memberships.get().pk).content.decode()
    assert not Honour.objects.exists()


def test_members_read_the_list_and_change_nothing(team, client):
    given(team)
    client.force_login(make.make_member(team))
    page = client.get(f"/teams/{team.pk}/honours/").content.decode()
    assert ("技术能手" in page, "更正或注销" in page, "登记荣誉" in page) == (True, False, False)


@pytest.fixture
def several(team, clerk):
    """Honours of two teams of a unit, of a member, of somebody who left and of a team elsewhere."""
    second = make.make_team(team.unit, "二班")
    given(team, name="先锋号", granted_on=datetime.date(2024, 3, 1), expires_on=datetime.date(2025, 3, 1))
    given(clerk, name="技术能手", level="national", document="人社〔2026〕1 号")
    given(second, name="文明岗", granted_on=datetime.date(2025, 3, 8))
    given(make.make_member(team, ended_on=in_days(-1)), name="走了的人的")
    given(make.make_team(), name="别的单位的")
    return second


def names(client, address, **filters):
    return [row.name for row in client.get(address, filters).context["page"]]


def test_the_list_of_a_team_narrows_by_level_year_state_and_words(team, clerk, client, several):
    client.force_login(clerk)
    address = f"/teams/{team.pk}/honours/"
    assert names(client, address) == ["技术能手", "先锋号"]
    for filters in ({"level": "national"}, {"year": "2026"}, {"q": f"能手 {clerk.employee_no}"}, {"state": "valid"}):
        assert names(client, address, **filters) == ["技术能手"], filters
    assert names(client, address, state="ended") == names(client, address, q=team.name) == ["先锋号"]
    for nonsense in ({"level": "x"}, {"year": "2019"}, {"state": "due"}, {"q": "没有"}, {"q": "\x00"}):
        assert names(client, address, **nonsense) == [], nonsense
    papers.withdraw(Honour.objects.get(name="技术能手"), "撤销", actor=clerk)
    assert (names(client, address), names(client, address, state="withdrawn")) == (["先锋号"], ["技术能手"])


def test_the_overview_reaches_the_unit_and_narrows_to_a_unit_of_it(team, client, several):
    client.force_login(make.give_role(team.unit, "union"))
    assert names(client, "/honours/") == ["技术能手", "文明岗", "先锋号"]
    assert names(client, "/honours/", unit=team.unit_id, year="2025") == ["文明岗"]
    foreign = Honour.objects.get(name="别的单位的").team.unit_id
    response = client.get("/honours/", {"unit": foreign})
    assert "没有这个单位" in response.content.decode()
    assert list(response.context["page"]) == []


@pytest.mark.parametrize("address", ["/honours/export/", "/teams/{}/honours/export/"])
def test_an_export_holds_what_the_list_shows(team, clerk, client, several, address):
    client.force_login(make.give_role(team.unit, "manager"))
    data = client.post(address.format(team.pk), {"state": "valid", "year": "2026"}).content
    (row,) = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    assert row[2:8] == [clerk.name, clerk.employee_no, "技术能手", "国家级", "市总工会", "人社〔2026〕1 号"]
    assert row[8:] == ["2026-05-01", "长期", "有效"]
    assert AuditEntry.objects.get(verb="honour.exported").after == {"rows": 1}


def test_the_page_of_a_person_shows_them_and_the_buttons_to_those_who_keep_them(team, client):
    office = make.give_role(team.unit, "assessor")
    honour = given(office)
    for role, buttons in (("manager", True), ("security", False), ("auditor", False)):
        client.force_login(make.give_role(team.unit, role))
        page = client.get(f"/people/{office.pk}/").content.decode()
        assert ("技术能手" in page, f"/honours/{honour.pk}/" in page) == (True, buttons)


def test_the_own_account_lists_the_own_honours(clerk, client):
    given(clerk)
    given(make.make_user(), name="劳动模范")
    client.force_login(clerk)
    page = client.get("/me/").content.decode()
    assert ("技术能手" in page, "劳动模范" in page) == (True, False)


def test_a_correction_on_the_page_starts_from_what_is_held(team, clerk, client):
    honour = given(team, expires_on=in_days(30), document="〔2026〕8 号")
    client.force_login(clerk)
    form = client.get(f"/honours/{honour.pk}/").context["form"]
    body = {name: form[name].value() or "" for name in form.fields}
    assert "内容没有变" in client.post(f"/honours/{honour.pk}/", body).content.decode()
    assert client.post(f"/honours/{honour.pk}/", body | {"name": "劳动模范"}).status_code == 302
    assert client.get(f"/honours/{honour.pk}/").status_code == 404
    new = Honour.objects.get(withdrawn_on__isnull=True)
    assert (new.team, new.name, new.document, new.expires_on) == (team, "劳动模范", "〔2026〕8 号", in_days(30))


def test_the_same_honour_recorded_twice_is_refused_on_the_page(team, clerk, client):
    client.force_login(clerk)
    post(client, team)
    assert "已经登记过了" in post(client, team).content.decode()
    assert Honour.objects.count() == 1

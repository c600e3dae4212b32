"""Certificates: recorded once, corrected without losing the old, withdrawn with a reason, and due in good time."""

import datetime
import io

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from teams import careers
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, Certificate
from teams.services import papers
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def clerk(team):
    return make.make_member(team, "clerk")


def held(user, actor=None, *, name="高压电工证", number="T1", issued_on=None, expires_on=None):
    facts = {"name": name, "number": number, "issued_on": issued_on, "expires_on": expires_on}
    return papers.add(Certificate, user, actor=actor or user, **facts)


def in_days(number):
    return timezone.localdate() + number * DAY


# -- The services ------------------------------------------------------------------------------------------------------


def test_a_certificate_is_recorded_once(clerk):
    held(clerk)
    with pytest.raises(TeamError, match=r"的“高压电工证”（T1）已经登记过了。$"):
        held(clerk)
    assert (Certificate.objects.count(), AuditEntry.objects.filter(verb="certificate.recorded").count()) == (1, 1)


def test_a_certificate_that_ends_before_it_begins_is_refused(clerk):
    with pytest.raises(TeamError, match="^有效期不能早于发证日期"):
        held(clerk, issued_on=in_days(0), expires_on=in_days(-1))
    assert not Certificate.objects.exists()


def test_a_correction_withdraws_the_old_and_records_the_new_in_one_step(clerk):
    old = held(clerk)
    new = papers.correct(old, actor=clerk, name="高压电工证", number="T2", issued_on=None, expires_on=None)
    old.refresh_from_db()
    assert (old.number, old.withdrawn_on, new.number, new.withdrawn_on) == ("T1", timezone.localdate(), "T2", None)
    row = AuditEntry.objects.get(verb="certificate.corrected")
    assert (row.object_id, row.before, row.after) == (new.pk, {"number": "T1"}, {"number": "T2"})


def test_a_correction_that_is_refused_leaves_the_old_in_force(clerk):
    old = held(clerk)
    held(clerk, number="T2")
    values = {"name": "高压电工证", "number": "T2", "issued_on": None, "expires_on": None}
    with pytest.raises(TeamError, match="已经登记过了"):
        papers.correct(old, actor=clerk, **values)
    with pytest.raises(TeamError, match="^内容没有变"):
        papers.correct(old, actor=clerk, **values | {"number": "T1"})
    assert Certificate.objects.filter(withdrawn_on__isnull=True).count() == 2


def test_a_withdrawn_certificate_is_neither_corrected_nor_withdrawn_again(clerk):
    old = held(clerk)
    papers.withdraw(old, "吊销", actor=clerk)
    with pytest.raises(StaleState):
        papers.withdraw(old, "吊销", actor=clerk)
    with pytest.raises(StaleState):
        papers.correct(old, actor=clerk, name="焊工证", number="", issued_on=None, expires_on=None)
    assert Certificate.objects.count() == 1
    assert AuditEntry.objects.get(verb="certificate.withdrawn").after == {"reason": "吊销"}


def test_a_withdrawn_certificate_may_be_recorded_again(clerk):
    papers.withdraw(held(clerk), "登记错", actor=clerk)
    assert held(clerk).pk


def test_skill_levels_are_set_against_what_the_page_showed(team, clerk):
    other = make.make_member(team)
    papers.set_skill_levels(team, {clerk: ("", "senior")}, actor=clerk)
    with pytest.raises(StaleState, match="刚刚被别人改过了"):
        papers.set_skill_levels(team, {other: ("", "junior"), clerk: ("", "technician")}, actor=clerk)
    other.refresh_from_db()
    assert other.skill_level == ""
    (row,) = AuditEntry.objects.filter(verb="skills.set")
    assert (row.before, row.after) == (
        {clerk.employee_no: {"skill_level": ""}},
        {clerk.employee_no: {"skill_level": "senior"}},
    )


# -- What holds, what ends ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "standing"),
    [(None, "valid"), (61, "valid"), (60, "due"), (0, "due"), (-1, "expired"), (-4000, "expired")],
)
def test_the_standing_follows_from_the_last_day(clerk, days, standing):
    held(clerk, expires_on=None if days is None else in_days(days))
    assert [row.standing for row in careers.certificates_of([clerk])] == [standing]


def test_what_ends_first_stands_in_front_and_what_never_ends_last(clerk):
    for number, days in enumerate([None, 300, -5, 20]):
        held(clerk, number=str(number), expires_on=days and in_days(days))
    assert [row.number for row in careers.certificates_of([clerk])] == ["2", "3", "1", "0"]


def test_renewals_are_counted_by_the_present_team(team, clerk):
    elsewhere = make.make_member(make.make_team(), user=None)
    left = make.make_member(team, ended_on=in_days(-1))
    for user in (clerk, elsewhere, left):
        held(user, expires_on=in_days(10))
    held(clerk, number="T2", expires_on=in_days(-1))
    papers.withdraw(held(clerk, number="T3", expires_on=in_days(-1)), "吊销", actor=clerk)
    assert careers.renewals([team]) == {team.pk: (1, 1)}
    assert careers.renewals([make.make_team()]) == {}


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((3, 0), "3 本证书 60 天内到期"),
        ((0, 2), "2 本证书已过期"),
        ((3, 2), "3 本证书 60 天内到期，2 本已过期"),
    ],
)
def test_renewals_in_words(counts, text):
    assert careers.renewal_text(*counts) == text


# -- The pages ---------------------------------------------------------------------------------------------------------


def test_numbers_are_for_those_who_keep_them(team, clerk, client):
    worker = make.make_member(team)
    held(worker, number="T130402198901010011")
    for user, shown in ((clerk, True), (worker, False), (make.make_member(team), False)):
        client.force_login(user)
        page = client.get(f"/teams/{team.pk}/certificates/").content.decode()
        assert ("T130402198901010011" in page, "高压电工证" in page) == (shown, True)


def test_the_page_of_a_person_shows_them_to_those_who_keep_them(team, client):
    office = make.give_role(team.unit, "assessor")
    held(office)
    for role, shown in (("manager", True), ("security", False), ("auditor", False)):
        client.force_login(make.give_role(team.unit, role))
        page = client.get(f"/people/{office.pk}/").content.decode()
        assert ("高压电工证" in page, "更正或注销" in page) == (shown, shown)


def post(client, team, **more):
    holder = more.pop("holder", None) or team.memberships.first().pk
    return client.post(f"/teams/{team.pk}/certificates/", {"holder": holder, "name": "焊工证"} | more)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"issued_on": "2999-01-01"}, "日期无效"),
        ({"issued_on": "明天"}, "日期无效"),
        ({"expires_on": "0001-01-01"}, "日期无效"),
        ({"issued_on": "2026-05-01", "expires_on": "2026-04-30"}, "有效期不能早于发证日期"),
        ({"name": " "}, "请填证书名称"),
        ({"number": "字" * 41}, "最多 40 个字"),
        ({"holder": 999_999}, "已不在本班组"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(team, clerk, client, more, sentence):
    client.force_login(clerk)
    assert sentence in post(client, team, **more).content.decode()
    assert not Certificate.objects.exists()


def test_a_member_of_another_team_cannot_be_slipped_in(team, clerk, client):
    other = make.make_team(team.unit)
    make.make_member(other)
    client.force_login(clerk)
    assert "已不在本班组" in post(client, team, holder=other.memberships.get().pk).content.decode()
    assert not Certificate.objects.exists()


def test_the_overview_narrows_by_words_and_state_and_exports_the_same(team, clerk, client):
    leader = make.make_member(team, "leader", user=make.make_user("000777", "秦刚"))
    held(leader, number="000123", expires_on=in_days(10))
    held(clerk, name="焊工证", expires_on=in_days(-10))
    held(make.make_member(make.make_team(team.unit)), number="T9", expires_on=in_days(10))
    client.force_login(leader)

    def names(**filters):
        return [row.name for row in client.get("/certificates/", filters).context["page"]]

    assert names() == ["焊工证", "高压电工证"]
    assert names(q="秦刚 电工") == names(state="due") == names(q="000777") == ["高压电工证"]
    papers.withdraw(Certificate.objects.get(name="焊工证"), "吊销", actor=leader)
    assert (names(), names(state="withdrawn")) == (["高压电工证"], ["焊工证"])
    assert names(state="nonsense") == names(q="没有") == []
    data = client.post("/certificates/export/", {"state": "due"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[2:6] + row[-1:] for row in rows[1:]] == [["秦刚", "000777", "高压电工证", "000123", "60 天内到期"]]
    assert AuditEntry.objects.get(verb="certificate.exported").after == {"rows": 1}


def test_the_manager_sees_all_teams_of_the_unit_and_none_of_another(team, clerk, client):
    held(clerk)
    held(make.make_member(make.make_team(team.unit)))
    held(make.make_member(make.make_team()))
    client.force_login(make.give_role(team.unit, "manager"))
    assert len(client.get("/certificates/").context["page"].object_list) == 2


def test_suggestions_are_the_names_in_use(clerk):
    papers.withdraw(held(clerk, name="错的"), "登记错", actor=clerk)
    for number in "12":
        held(clerk, name="焊工证", number=number)
    assert list(careers.names_of(Certificate)) == ["焊工证"]

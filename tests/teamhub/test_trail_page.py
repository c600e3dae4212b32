"""The trail as auditors read it: narrowed by person, object, deed and days, told in words, exported as it is shown."""

import datetime
import io

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from teamhub.changes import changes_of, kinds
from teams import audit
from teams.models import AuditEntry, Certificate
from teams.services import papers, trail
from teams.triggers import without_triggers
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(client):
    """A unit with two deeds of 秦刚 and one of nobody, read by an auditor."""
    unit = make.make_unit("电厂")
    team, actor = make.make_team(unit, "一值"), make.make_user("000777", "秦刚")
    audit.record("team.changed", team, actor=actor, unit=unit, before={"slogan": "旧"}, after={"slogan": "新"})
    audit.record("unit.changed", unit, actor=actor, unit=unit, before={"name": "厂"}, after={"name": "电厂"})
    audit.record("access.refused", team, actor=None, unit=unit, after={"method": "GET", "path": "/roles/"})
    client.force_login(make.give_role(unit, "auditor"))
    return unit


def verbs(client, **filters):
    return [entry.verb for entry in client.get("/trail/", filters).context["page"]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["access.refused", "unit.changed", "team.changed"]),
        ({"who": "秦"}, ["unit.changed", "team.changed"]),
        ({"who": "000777", "kind": "teams.team"}, ["team.changed"]),
        ({"kind": "teams.unit"}, ["unit.changed"]),
        ({"what": "一值"}, ["access.refused", "team.changed"]),
        ({"verb": "unit.changed"}, ["unit.changed"]),
        ({"refused": "on"}, ["access.refused"]),
        ({"refused": "on", "verb": "unit.changed"}, []),
        ({"verb": "unit"}, []),
        ({"kind": "nonsense"}, []),
    ],
)
def test_the_trail_narrows_by_each_filter(plant, client, filters, found):
    assert verbs(client, **filters) == found
    assert f"{len(found)} 条" in client.get("/trail/", filters).content.decode()


def test_days_are_those_of_beijing_and_both_included(plant, client):
    midnight = datetime.datetime(2026, 10, 5, tzinfo=timezone.get_default_timezone())
    with without_triggers():
        for verb, seconds in (("team.changed", -1), ("unit.changed", 0), ("access.refused", 24 * 3600 - 1)):
            AuditEntry.objects.filter(verb=verb).update(at=midnight + datetime.timedelta(seconds=seconds))
    assert sorted(verbs(client, since="2026-10-05", until="2026-10-05")) == ["access.refused", "unit.changed"]
    assert verbs(client, until="2026-10-04") == ["team.changed"]
    assert verbs(client, since="2026-10-06") == []


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"since": "明天"}, "起始日期无效，请写成 2026-10-05 这样。"),
        ({"until": "9999-12-31"}, "日期无效"),
        ({"since": "0001-01-01"}, "日期无效"),
        ({"since": "2026-10-06", "until": "2026-10-05"}, "截止日期早于起始日期"),
        ({"who": "字" * 61}, "搜索的内容太长"),
    ],
)
def test_a_filter_without_sense_gets_a_sentence_and_no_entries(plant, client, filters, sentence):
    page = client.get("/trail/", filters)
    assert (page.status_code, list(page.context["page"])) == (200, [])
    assert sentence in page.content.decode()


def test_the_export_holds_what_the_filters_let_through(plant, client):
    data = client.post("/trail/export/", {"verb": "team.changed"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[1:7] for row in rows[1:]] == [["秦刚", "000777", "改班组", "一值", "口号：旧", "口号：新"]]
    assert AuditEntry.objects.get(verb="trail.exported").after == {"rows": 1}


def test_an_entry_tells_fields_by_the_names_of_the_forms():
    holder = make.make_member(make.make_team())
    facts = {"name": "焊工证", "number": "T1", "issued_on": None, "expires_on": datetime.date(2027, 1, 31)}
    papers.add(Certificate, holder, actor=holder, **facts)
    told = [(change.label, change.new) for change in changes_of(AuditEntry.objects.get())]
    assert told == [("名称", "焊工证"), ("证书编号", "T1"), ("发证日期", ""), ("有效期至", "2027-01-31")]


def test_every_kind_of_object_has_a_name_in_chinese():
    assert [kind for kind, name in kinds().items() if name.isascii() and not kind.count("_")] == []
    assert kinds()["teams.team"] == "班组"


def test_verifying_tells_the_outcome_and_its_time_on_the_page_itself(plant, client):
    trail.seal(now=timezone.now() + datetime.timedelta(hours=1))
    piece = client.get("/trail/verify/", headers={"HX-Request": "true"}).content.decode()
    assert "核验通过" in piece
    assert f"{timezone.localtime():%Y-%m-%d %H:}" in piece
    assert "<h1" not in piece
    with without_triggers():
        AuditEntry.objects.filter(verb="unit.changed").update(label="改过")
    assert "核验没有通过" in client.get("/trail/verify/", headers={"HX-Request": "true"}).content.decode()


def test_nobody_empties_it_by_post(plant, client):
    for address in ("/trail/", "/trail/verify/"):
        assert client.post(address).status_code == 405
    assert AuditEntry.objects.count() == 3

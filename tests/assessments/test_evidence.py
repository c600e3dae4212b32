"""Evidence: records stand for lines of the standard, by their kind or picked, one for several lines."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities.services import activities
from assessments.errors import AssessmentError, StaleState
from assessments.evidence import lists
from assessments.models import Evidence
from assessments.services import evidence
from teams import periods
from teams.models import AuditEntry
from tests import factories as make
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db
NOW = {"period": periods.current_period(), "day": 1}


@pytest.fixture
def team():
    unit = make.make_unit()
    make.make_standard(unit)
    return make.make_team(unit)


@pytest.fixture
def leader(team):
    return make.make_member(team, "leader")


def line(team, code="1.1"):
    return lists.criterion_of(team, code)


def standing(user, team, code="1.1"):
    return list(lists.standing_for(user, line(team, code), team))


def test_a_record_stands_for_several_lines(team, leader):
    record = make_activity(make_kind(team.unit), team, actor=leader, **NOW)
    for code in ("1.1", "1.2"):
        assert evidence.pick(team, line(team, code), [record], actor=leader) == 1
    assert standing(leader, team) == standing(leader, team, "1.2") == [record]
    rows = {row.criterion.code: row for row in lists.rows_of(leader, team, lists.version_of(team))}
    assert [(rows[code].count, rows[code].latest) for code in ("1.1", "1.2")] == [(1, record)] * 2
    assert rows["2.1"].count == 0


def test_records_of_a_kind_that_supports_a_line_stand_for_it_without_picking(team, leader):
    record = make_activity(make_kind(team.unit, criterion="1.1"), team, actor=leader, **NOW)
    assert standing(leader, team) == [record]
    assert not Evidence.objects.exists()
    assert record not in lists.candidates(leader, line(team), team)


def test_picked_twice_it_stands_once(team, leader):
    record = make_activity(make_kind(team.unit), team, actor=leader, **NOW)
    assert [evidence.pick(team, line(team), [record], actor=leader) for _ in range(2)] == [1, 0]
    assert AuditEntry.objects.filter(verb="evidence.picked").count() == 1


def test_what_is_voided_later_no_longer_stands(team, leader):
    record = make_activity(make_kind(team.unit), team, actor=leader, **NOW)
    evidence.pick(team, line(team), [record], actor=leader)
    activities.void(record, "记错了", actor=leader)
    assert standing(leader, team) == []


def test_confidential_voided_and_other_teams_records_are_refused(team, leader):
    other = make.make_team(team.unit)
    boss = make.make_member(other, "leader")
    secret = make_activity(make_kind(team.unit, privacy="confidential"), team, actor=leader, **NOW)
    voided = make_activity(make_kind(team.unit), team, actor=leader, **NOW)
    activities.void(voided, "记错了", actor=leader)
    foreign = make_activity(make_kind(team.unit), other, actor=boss, **NOW)
    for record in (secret, voided, foreign):
        with pytest.raises(AssessmentError, match="请刷新页面重新选"):
            evidence.pick(team, line(team), [record], actor=leader)
        assert record not in lists.candidates(leader, line(team), team)
    assert not Evidence.objects.exists()


def test_taken_back_it_stands_no_more_and_only_once(team, leader):
    record = make_activity(make_kind(team.unit), team, actor=leader, **NOW)
    evidence.pick(team, line(team), [record], actor=leader)
    evidence.take_back(team, line(team), record, actor=leader)
    assert standing(leader, team) == []
    with pytest.raises(StaleState):
        evidence.take_back(team, line(team), record, actor=leader)


def test_the_picker_finds_by_words_and_kind_and_a_new_kind_is_there_at_once(team, leader, client):
    client.force_login(leader)
    kind = make_kind(team.unit, name="反事故演习")
    make_activity(kind, team, actor=leader, title="全厂停电演习", **NOW)
    make_activity(make_kind(team.unit), team, actor=leader, title="班前会", **NOW)
    address = reverse("assessments:evidence", args=[team.pk, "1.1"])
    page = client.get(address, {"q": "停电", "kind": kind.pk}).content.decode()
    assert "全厂停电演习" in page
    assert 'for="r-' in page
    assert ">班前会 <small" not in page


def test_ticked_records_are_added_and_shown(team, leader, client):
    client.force_login(leader)
    record = make_activity(make_kind(team.unit), team, actor=leader, title="月度例会", **NOW)
    address = reverse("assessments:evidence", args=[team.pk, "1.1"])
    answer = client.post(address, {"records": [record.pk]}, follow=True).content.decode()
    assert "已加上 1 条佐证。" in answer
    assert "挑选的" in answer
    assert "请先勾选记录。" in client.post(address, {}).content.decode()


def test_lines_without_evidence_can_be_asked_for(team, leader, client):
    client.force_login(leader)
    record = make_activity(make_kind(team.unit), team, actor=leader, **NOW)
    evidence.pick(team, line(team), [record], actor=leader)
    rows = client.get(reverse("assessments:evidence-lines", args=[team.pk]), {"show": "lacking"}).context["rows"]
    assert "1.1" not in [row.criterion.code for row in rows]
    assert all(row.count == 0 for row in rows)


def test_the_workbook_has_every_line_and_its_records(team, leader):
    record = make_activity(make_kind(team.unit), team, actor=leader, title="月度例会", **NOW)
    evidence.pick(team, line(team), [record], actor=leader)
    version = lists.version_of(team)
    rows = read(lists.workbook(leader, team, version))
    assert sum("月度例会" in row for row in rows) == 1
    assert {row[1] for row in rows} >= set(version.criteria.values_list("code", flat=True))


def test_records_older_than_a_year_do_not_stand(team, leader):
    long_ago = timezone.localdate().replace(day=1)
    kind = make_kind(team.unit, criterion="1.1")
    record = make_activity(kind, team, actor=leader, **NOW)
    type(record).objects.filter(pk=record.pk).update(date=long_ago.replace(year=long_ago.year - 1))
    assert standing(leader, team) == []


def read(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

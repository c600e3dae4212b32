"""The workbook of one election: what is known by now, and nothing of who voted for whom."""

import io

import pytest
from django.urls import reverse

from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import electing

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return electing.make_team_to_vote()


def downloaded(client, user, election):
    """All lines of the workbook, as texts."""
    client.force_login(user)
    answer = client.post(reverse("activities:election-export", args=[election.pk]))
    assert answer["Content-Type"].endswith("sheet")
    (rows,) = read_workbook(io.BytesIO(answer.content)).values()
    return [[f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row if cell != ""] for row in rows]


def test_the_record_of_an_appointment_holds_days_turnout_and_votes(client, town):
    election = electing.appointed(town)
    lines = downloaded(client, town.union, election)
    winner, other = town.workers[:2]
    assert lines[0] == [f"{town.unit} {election}"]
    assert ["状态", "已任命"] in lines
    assert ["投票", "5 人里 5 人投过，弃权 0 张"] in lines
    assert ["候选人", "工号", "推荐（人）", "参选", "得票", "结果"] in lines
    assert [winner.name, winner.employee_no, "1", "参选", "5", "当选"] in lines
    assert [other.name, other.employee_no, "1", "参选", "0", "未当选"] in lines
    assert AuditEntry.objects.filter(verb="election.exported", actor=town.union).count() == 1


def test_nobody_is_named_who_only_voted(client, town):
    election = electing.counted(town)
    text = str(downloaded(client, town.union, election))
    assert "没有谁投给谁的记录" in text
    for voter in town.workers[2:]:
        assert voter.employee_no not in text


def test_before_the_count_no_vote_is_told(client, town):
    election = electing.voting(town)
    electing.cast(election, town, [0], [0], [0])
    lines = downloaded(client, town.union, election)
    assert ["投票", "5 人里 3 人投过"] in lines
    one = town.workers[0]
    assert [one.name, one.employee_no, "1", "参选"] in lines
    assert not any(line[:1] == ["计票"] for line in lines)


def test_a_cancelled_election_says_why(client, town):
    lines = downloaded(client, town.manager, electing.cancelled(town))
    assert ["取消原因", "报名的人不够"] in lines

"""Quick phrases: the team's own words of late, the most used first."""

import datetime

import pytest

from assessments.models import Finding
from assessments.phrases import LONGEST, quick_phrases
from assessments.services import checks
from tests import factories as make
from tests.rewriting import rewrite

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 31)
ITEM = ("1.1", "班前会")


@pytest.fixture
def team():
    unit = make.make_unit()
    make.make_standard(unit)
    return make.make_team(unit)


def note(team, *texts, code="1.1", day=5):
    points = 50 if code is None else -50
    sheet = make.file_findings(team, *((code, points, None) for _ in texts), day=day)
    for finding, text in zip(sheet.findings.all(), texts, strict=True):
        rewrite(Finding.objects.filter(pk=finding.pk), note=text)
    return sheet


def test_the_most_used_notes_come_first_and_are_at_most_four(team):
    note(team, "地面有油", "缺人", "缺人", "没记录", "迟到", "早退", "早退", "早退")
    assert quick_phrases(team, TODAY) == {ITEM: ["早退", "缺人", "地面有油", "没记录"]}


def test_each_item_and_the_award_have_their_own(team):
    note(team, "缺人")
    note(team, "发现隐患", code=None)
    assert quick_phrases(team, TODAY) == {ITEM: ["缺人"], None: ["发现隐患"]}


def test_empty_long_old_voided_and_foreign_notes_are_none(team):
    note(team, "", "很" * (LONGEST + 1))
    note(make.make_team(team.unit), "别的班组的话")
    voided = note(team, "记错的话")
    checks.void_check(voided, "填错了", actor=None)
    assert quick_phrases(team, TODAY) == {}
    note(team, "缺人", day=5)
    assert quick_phrases(team, datetime.date(2027, 1, 3)) == {ITEM: ["缺人"]}
    assert quick_phrases(team, datetime.date(2027, 1, 4)) == {}

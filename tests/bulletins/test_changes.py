"""What changed since the month before: figures by how much, words by what they were."""

import pytest

from bulletins.board_page import summary_of
from bulletins.changes import change_of, with_changes
from bulletins.selectors import family_of
from tests import factories as make
from tests.bulletins.posting import post
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [
        ("90.50", "89.30", "↑1.20"),
        ("89.30", "90.50", "↓1.20"),
        ("90.50", "90.50", "持平"),
        ("90.50", "90.5", "持平"),
        ("12 人", "14 人", "↓2"),
        ("23,456.00 元", "21,000.50 元", "↑2,455.50"),
        ("−13.40", "10.00", "↓23.40"),
        ("第 2 名", "第 5 名", "↑上月第 5 名"),
        ("第 5 名", "第 2 名", "↓上月第 2 名"),
        ("优秀", "良好", "上月 良好"),
        ("8 / 10", "9 / 10", "上月 9 / 10"),
        ("12 人", "12.00 元", "上月 12.00 元"),
    ],
)
def test_a_change_in_words(new, old, said):
    assert str(change_of(new, old)) == said


@pytest.mark.parametrize(("new", "old"), [("", "1"), ("1", ""), ("优秀", "优秀"), ("", "")])
def test_where_nothing_can_be_said_nothing_is(new, old):
    assert change_of(new, old) is None


def test_a_number_too_long_for_a_figure_is_a_word():
    assert str(change_of("1" * 30, "2")) == "上月 2"


def test_the_month_before_is_the_latest_revision_of_the_same_kind_and_team():
    team, people = make.make_team(), []
    board = post(team, people)
    assert family_of(board).earlier is None
    post(make.make_team(team.unit), people, period=PERIOD - 1)
    post(team, people, period=PERIOD - 1, kind="attendance")
    post(team, people, period=PERIOD - 2)
    post(team, people, period=PERIOD - 1)
    latest = post(team, people, period=PERIOD - 1, score="91.00")
    assert family_of(board).earlier == latest


def seen(own="88.00", mine=True):
    return {
        "facts": [{"label": "得分", "value": own}],
        "columns": [
            {"key": "name", "label": "姓名", "numeric": False, "unit": ""},
            {"key": "score", "label": "得分", "numeric": True, "unit": "分"},
        ],
        "rows": [{"own": mine, "cells": {"name": "张三", "score": own}}, {"own": False, "cells": {"score": "1.00"}}],
    }


def test_changes_stand_at_the_facts_and_in_the_own_row_alone():
    board = with_changes(seen("90.00"), seen("88.00"))
    assert str(board["facts"][0]["change"]) == "↑2.00"
    assert {key: str(change) for key, change in board["rows"][0]["changes"].items()} == {"score": "↑2.00"}
    assert "changes" not in board["rows"][1]
    assert with_changes(seen(), seen(mine=False))["rows"][0]["changes"] == {}


def test_the_summary_says_the_team_and_oneself():
    assert summary_of(seen("90.00")) == ["得分 90.00。", "我的得分 90.00 分。"]
    changed = with_changes(seen("90.00"), seen("88.00"))
    assert summary_of(changed) == ["得分 90.00（比上月 ↑2.00）。", "我的得分 90.00 分（比上月 ↑2.00）。"]
    assert summary_of(with_changes(seen(), seen()))[0] == "得分 88.00（和上月持平）。"
    assert summary_of(seen(mine=False)) == ["得分 88.00。"]
    assert summary_of(seen() | {"facts": [], "rows": []}) == []

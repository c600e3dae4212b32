"""The pages of the boards: what a download is called."""

from urllib.parse import unquote

import pytest

from bulletins.services import publish
from bulletins.tables import Board, Column, Fact, Row
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(name="运行一值")


def post(team, kind="bonus", period=PERIOD, value="1", title="运行一值奖金表"):
    rows = [Row(1, {"name": "张三"})]
    board = Board(kind, title, [Fact("得分", value)], [Column("name", "姓名", numeric=False)], rows)
    return publish(board, team=team, period=period, actor=None)


@pytest.mark.parametrize(
    ("title", "values", "name"),
    [
        ("运行一值2026年10月奖金表", ["1"], "运行一值2026年10月奖金表.xlsx"),
        ("奖金表", ["1", "2"], "奖金表第2版.xlsx"),
        ('../a"b\r\n奖金表', ["1"], "..ab奖金表.xlsx"),
    ],
)
def test_a_download_is_named_after_the_board(team, client, title, values, name):
    for value in values:
        bulletin = post(team, value=value, title=title)
    response = client.get(f"/boards/{bulletin.serial}/download/")
    disposition = unquote(response.headers["Content-Disposition"])
    assert disposition == f"attachment; filename*=utf-8''{name}"

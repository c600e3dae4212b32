"""The pages of the boards: what a download is called, and the screen that stays on."""

from urllib.parse import unquote

import pytest

from bulletins.services import publish
from bulletins.tables import Board, Column, Fact, Row
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db

KINDS = ["scores", "attendance", "bonus"]


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


def turns(client, team, count):
    """The kinds that a screen shows when it follows its own way `count` times."""
    address, kinds = f"/screens/{team.pk}/", []
    for _ in range(count):
        response = client.get(address)
        assert 'data-rotate="30"' in response.content.decode()
        kinds.append(response.context["bulletin"].kind)
        address = f"/screens/{team.pk}/{response.context['next']}"
    return kinds


def test_a_screen_shows_the_boards_in_turn_for_ever(team, client):
    for kind in reversed(KINDS):
        post(team, kind)
    assert turns(client, team, 7) == [*KINDS, *KINDS, "scores"]


def test_a_screen_shows_the_newest_month_and_the_newest_revision(team, client):
    for period, value in ((PERIOD - 1, "1"), (PERIOD, "2"), (PERIOD, "3")):
        newest = post(team, period=period, value=value)
    assert client.get(f"/screens/{team.pk}/").context["bulletin"] == newest
    assert client.get(f"/screens/{team.pk}/?turn=" + "9" * 30).context["bulletin"] == newest


def test_a_screen_shows_no_person_whoever_is_signed_in(team, client):
    post(team)
    client.force_login(make.make_member(team))
    assert "张三" not in client.get(f"/screens/{team.pk}/").content.decode()


def test_a_screen_waits_for_the_first_board(team, client):
    html = client.get(f"/screens/{team.pk}/").content.decode()
    assert "还没有张榜" in html
    assert team.name not in html
    assert 'data-rotate="30"' in html
    assert client.get("/screens/999999/").status_code == 404

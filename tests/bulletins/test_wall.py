"""The wall: unit, team and month; filters and words; what stands there when there is nothing."""

import pytest

from bulletins.selectors import by_team, wall
from bulletins.services import notices
from tests import factories as make
from tests.bulletins.posting import let_run_out, post
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make.make_unit("运行部", parent=make.make_unit("本厂"))


@pytest.fixture
def team(unit):
    return make.make_team(unit, "运行一值")


def test_boards_hang_by_unit_team_and_month(unit, team):
    other = make.make_team(unit, "运行二值")
    first = [post(team, [], kind=kind) for kind in ("attendance", "scores")]
    earlier = post(team, [], period=PERIOD - 1)
    beside = post(other, [])
    wish = {"key": "a" * 12, "title": "停水", "text": "停", "audience": 0, "days": 1}
    whole = notices.post_notice({"unit": unit}, wish, actor=None)
    hung = dict(by_team(wall({})))
    assert dict(hung[unit]) == {
        team: [(PERIOD, first[::-1]), (PERIOD - 1, [earlier])],
        other: [(PERIOD, [beside])],
        None: [(whole.period, [whole])],
    }


def test_filters_and_words(unit, team):
    scores, attendance = post(team, []), post(team, [], kind="attendance")
    elsewhere = post(make.make_team(make.make_unit("检修部"), "汽机班"), [])
    found = {
        "unit above": wall({"unit": unit.parent}),
        "kind": wall({"kind": "attendance"}),
        "team": wall({"q": "汽机"}),
        "title": wall({"q": "得分 一值"}),
        "nothing": wall({"q": "没有"}),
    }
    assert {name: set(boards) for name, boards in found.items()} == {
        "unit above": {scores, attendance},
        "kind": {attendance},
        "team": {elsewhere},
        "title": {scores, attendance},
        "nothing": set(),
    }


@pytest.mark.parametrize(
    ("state", "shown"), [("running", "/202610Q"), ("over", "/202610K"), ("disputed", None), ("x", None)]
)
def test_the_state_is_a_filter(client, team, state, shown):
    let_run_out(post(team, []))
    post(team, [], kind="attendance")
    html = client.get("/boards/", {"state": state, "q": ""}).content.decode()
    assert [kind for kind in ("/202610K", "/202610Q") if kind in html] == ([shown] if shown else [])
    assert ("没有符合条件的公告" in html) is (shown is None)


def hung(page, *boards):
    """Those of the boards that a page of the wall leads to, in the order of the page."""
    html = page.content.decode()
    found = [board for board in boards if f"/boards/{board.serial}/" in html]
    return sorted(found, key=lambda board: html.index(f"/boards/{board.serial}/"))


def test_a_notice_of_this_month_does_not_hide_the_tables_of_the_last(client, team):
    tables, earlier = post(team, []), post(team, [], period=PERIOD - 1)
    let_run_out(tables, earlier)
    wish = {"key": "a" * 12, "title": "班务会", "text": "来", "audience": 0, "days": 1}
    running = notices.post_notice({"team": team}, wish, actor=None)
    over = notices.post_notice({"team": team}, wish | {"key": "b" * 12}, actor=None)
    let_run_out(over)
    assert set(hung(client.get("/boards/"), tables, earlier, running, over)) == {tables, running}


@pytest.mark.parametrize("kind", ["contest", "nomination", "naming"])
def test_whatever_is_under_notice_hangs_whatever_month_is_the_latest(client, team, kind):
    """A list of a later month, over or not, hides neither the boards under notice nor the last month of the teams."""
    scores, attendance = post(team, []), post(team, [], kind="attendance", period=PERIOD - 1)
    let_run_out(scores)
    later = post(team, [], kind=kind, period=PERIOD + 1)
    assert set(hung(client.get("/boards/"), scores, attendance, later)) == {scores, attendance, later}
    let_run_out(later, attendance)
    page = client.get("/boards/")
    assert hung(page, scores, attendance, later) == [scores]
    assert "公示中的和最近一个月的" in page.content.decode()
    assert set(hung(client.get("/boards/?period="), scores, attendance, later)) == {scores, attendance, later}


def test_the_own_team_hangs_first(client, unit):
    first, second = (make.make_team(unit, name) for name in ("运行一值", "运行二值"))
    theirs, own = post(first, []), post(second, [], period=PERIOD - 1)
    assert hung(client.get("/boards/"), theirs, own) == [theirs, own]
    client.force_login(make.make_member(second))
    assert hung(client.get("/boards/"), theirs, own) == [own, theirs]


def test_an_empty_wall_says_what_will_hang_there(client):
    assert "还没有张榜" in client.get("/boards/").content.decode()


def test_a_board_of_a_whole_unit_has_no_team(client, unit):
    wish = {"key": "a" * 12, "title": "停水通知", "text": "停", "audience": 0, "days": 1}
    notices.post_notice({"unit": unit}, wish, actor=None)
    html = client.get("/boards/").content.decode()
    assert "全单位" in html
    assert "停水通知" in html

"""The page of a board: what it says to whom, what everybody's copy is kept by, and what is never kept."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulletins.models import CorrectionNote
from bulletins.page_cache import edition, stamp_of
from bulletins.services import closings, publish, signatures
from bulletins.services.receipts import read_by
from bulletins.tables import Audience, Board, Column, Row
from tests import factories as make
from tests.bulletins.posting import let_run_out, post
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def people(team):
    return [make.make_member(team) for _ in range(2)]


@pytest.fixture
def board(team, people):
    return post(team, people)


@pytest.fixture
def url(board):
    return f"/boards/{board.serial}/"


def html_of(client, url):
    return client.get(url).content.decode()


# -- What it says --------------------------------------------------------------------------------------------------------


def test_a_member_reads_what_changed_and_where_figures_come_from(client, team, people, url):
    post(team, people, period=PERIOD - 1, score="89.50", own="88.50")
    client.force_login(people[0])
    html = html_of(client, url)
    assert "得分 90.50（比上月 ↑1.00），名次 第 2 名（和上月持平）。我的得分 88.00 分（比上月 ↓0.50）。" in html
    assert 'href="/scores/" aria-label="得分 90.50，这个数怎么来的"' in html
    assert html.count('href="/scores/own/"') == 2  # the own figure, and the words below it


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (Audience.OWN, "按张榜规定，各人只看到自己的一行，请"),
        (Audience.TEAM, "个人数据只给{team}的人和管理这个班组的人看，请"),
        (Audience.UNIT, "个人数据只给{team.unit}的人看，请"),
        (Audience.SIGNED_IN, "个人数据登录以后看，请"),
    ],
)
def test_a_table_out_of_sight_says_whom_it_is_for(client, team, people, audience, said):
    rows = [Row(people[0].pk, {"amount": "1.00"})]
    board = Board("scores", "得分榜", [], [Column("amount", "应得", audience=audience)], rows)
    board = publish(board, team=team, period=PERIOD, actor=None)
    assert said.format(team=team) in html_of(client, f"/boards/{board.serial}/")


def test_without_signing_in_there_are_no_ways_to_explanations(client, team, people, url):
    post(team, people, period=PERIOD - 1, score="89.50")
    html = html_of(client, url)
    assert "比上月 ↑1.00" in html
    assert "这个数怎么来的" not in html
    assert people[0].name not in html


def test_how_long_the_notice_runs_is_said(client, board, url):
    assert "还有 3 个工作日" in html_of(client, url)


def test_words_of_a_correction_are_for_the_team(client, board, people, url):
    CorrectionNote.objects.create(bulletin=board, text="张三的得分应为 91.00")
    html = html_of(client, url)
    assert "有一条更正说明" in html
    assert "张三" not in html
    client.force_login(people[0])
    assert "张三的得分应为 91.00" in html_of(client, url)


def test_the_own_row_of_a_wide_table_comes_first(client, team, people):
    wide = post(team, people, kind="attendance")
    client.force_login(people[1])
    table = html_of(client, f"/boards/{wide.serial}/").partition("<tbody>")[2]
    assert table.index(people[1].name) < table.index(people[0].name)


def test_a_board_about_nobody_asks_for_no_signature(client, team, people):
    board = post(team, [], kind="expenses")
    client.force_login(people[0])
    html = html_of(client, f"/boards/{board.serial}/")
    assert "我已核对" not in html
    assert "已有 1 人登录看过" in html


@pytest.mark.parametrize("serial", ["none", "x" * 200])
def test_there_is_no_such_board(client, people, serial):
    assert client.get(f"/boards/{serial}/").status_code == 404
    client.force_login(people[0])
    assert client.get(f"/boards/{serial}/").status_code == 404


# -- Everybody's copy ----------------------------------------------------------------------------------------------------


def test_who_has_the_page_is_not_sent_it_again(client, url):
    first = client.get(url)
    assert (first.headers["Cache-Control"], "Cookie" in first.headers["Vary"]) == ("no-cache", True)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_the_kept_page_costs_one_query_and_is_the_same(client, url):
    cache.clear()
    made = client.get(url).content
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).content == made
    assert len(queries) == 1


def test_another_address_gets_its_own_copy(client, settings, url):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    pages = [client.get(url, headers={"Host": host}).content for host in ("a.example", "b.example")]
    assert pages[0] != pages[1]


def test_pages_of_people_are_never_kept(client, people, url):
    everybodys = client.get(url)
    client.force_login(people[0])
    own = client.get(url, headers={"If-None-Match": everybodys.headers["ETag"]})
    assert (own.status_code, own.headers["Cache-Control"], "ETag" in own.headers) == (200, "no-store", False)
    assert people[0].name in own.content.decode()
    client.logout()
    assert people[0].name not in html_of(client, url)


def test_a_page_with_a_message_is_not_kept(client, url):
    clean = client.get(url).content
    client.cookies["messages"] = "forged"
    response = client.get(url)
    assert "ETag" not in response.headers
    client.cookies.clear()
    assert client.get(url).content == clean


def revised(board, people):
    post(board.team, people, score="91.00")


def corrected(board, people):
    CorrectionNote.objects.create(bulletin=board, text="更正")


def closed(board, people):
    let_run_out(board)
    closings.close(board.pk)


NEWS = {
    "a signature": lambda board, people: signatures.sign(board, actor=people[0]),
    "a reader": lambda board, people: read_by(board, people[0]),
    "a correction": corrected,
    "a revision": revised,
    "a certificate": closed,
    "the month before": lambda board, people: post(board.team, people, period=PERIOD - 1),
    "another name of the unit": lambda board, people: type(board.unit).objects.update(name="新名"),
}


@pytest.mark.parametrize("news", NEWS.values(), ids=NEWS)
def test_whatever_changes_the_page_changes_its_stamp(client, board, people, url, news):
    before = client.get(url)
    news(board, people)
    after = client.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_the_next_day_is_another_state(board, monkeypatch):
    today = stamp_of(board.serial)
    assert stamp_of(board.serial) == today
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: board.notice_ends_on)
    assert stamp_of(board.serial) != today


def test_for_a_few_seconds_the_state_is_not_asked_again(client, settings, board, people, url):
    settings.BOARD_STAMP_SECONDS = 5
    cache.clear()
    first = client.get(url).headers["ETag"]
    signatures.sign(board, actor=people[0])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers={"If-None-Match": first}).status_code == 304
    assert len(queries) == 0
    client.force_login(people[1])
    assert "签了 1 人" in html_of(client, url)
    cache.clear()


def test_a_new_release_is_another_state(board, monkeypatch):
    stamp = stamp_of(board.serial)
    assert len(edition()) == 16
    monkeypatch.setattr("bulletins.page_cache.edition", lambda: "next")
    assert stamp_of(board.serial) != stamp


def test_while_templates_are_worked_on_nothing_is_kept(client, settings, url):
    settings.DEBUG = True
    assert "ETag" not in client.get(url).headers

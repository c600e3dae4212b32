"""csv, workbook and feed of boards: no more than one may see, nothing that a table program computes."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from bulletins.models import Bulletin
from bulletins.services import notices, publish
from bulletins.sheets import csv_text, workbook
from bulletins.tables import ANONYMOUS, Audience, Board, Column, Fact, Row, Viewer, seen_by
from teams.models import AuditEntry
from tests import factories as make
from tests.bulletins.posting import post
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def people(team):
    return [make.make_member(team) for _ in range(2)]


def lines(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_csv_holds_the_table_with_its_proof(team, people):
    board = post(team, people)
    text = csv_text(board, seen_by(board.content, Viewer(people[0].pk, Audience.TEAM)))
    assert text.startswith("\ufeff")
    rows = lines(text)
    assert rows[:3] == [["考核得分榜"], ["得分", "90.50"], ["名次", "第 2 名"]]
    assert ["姓名", "得分（分）"] in rows
    assert [people[0].name, "88.00"] in rows
    assert board.serial in rows[-1][0]


@pytest.mark.parametrize("text", ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"])
def test_nothing_becomes_a_formula(team, people, text):
    columns = [Column("name", "姓名", numeric=False, audience=Audience.TEAM)]
    board = Board("contest", text or "x", [Fact("说明", text)], columns, [Row(None, {"name": text})])
    bulletin = publish(board, team=team, period=PERIOD, actor=None)
    found = [
        cell for row in lines(csv_text(bulletin, seen_by(bulletin.content, Viewer(1, Audience.TEAM)))) for cell in row
    ]
    assert len([cell for cell in found if text.strip() in cell]) == 3
    assert not [cell for cell in found if cell.lstrip()[:1] in "=+@＝" and cell]
    assert "-2+3" not in found


@pytest.mark.parametrize("text", ["-13.40", "+1.00", "1,234.56", "0", "−13.40", "-"])
def test_a_number_stays_a_number(team, text):
    board = Board("contest", "榜", [Fact("数", text)], [], [])
    bulletin = publish(board, team=team, period=PERIOD, actor=None)
    assert ["数", text] in lines(csv_text(bulletin, seen_by(bulletin.content, ANONYMOUS)))


def test_expenses_and_what_is_no_number_become_a_workbook(team):
    columns = [Column("name", "事由", numeric=False), Column("fen", "金额", unit="元")]
    texts = ["−1,091.00", "+3.00", "", "第 3 名", ",", "12"]
    rows = [Row(None, {"name": f"第 {number} 笔", "fen": text}) for number, text in enumerate(texts)]
    bulletin = publish(Board("expenses", "榜", [], columns, rows), team=team, period=PERIOD, actor=None)
    seen = seen_by(bulletin.content, Viewer(1, Audience.TEAM))
    table = CalamineWorkbook.from_filelike(io.BytesIO(workbook(bulletin, seen))).get_sheet_by_index(0).to_python()
    assert [row[1] for row in table if str(row[0]).endswith("笔")] == [-1091, 3, "", "第 3 名", ",", 12]
    assert ["第 0 笔", "-1,091.00"] in lines(csv_text(bulletin, seen))


def test_a_download_holds_what_one_may_see(client, team, people):
    board = post(team, people)
    url = f"/boards/{board.serial}/download/"
    response = client.get(url, {"as": "csv"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert people[0].name not in response.content.decode()
    assert not AuditEntry.objects.filter(verb="board.exported").exists()
    client.force_login(people[0])
    assert client.get(url).headers["Location"] == f"/boards/{board.serial}/"
    response = client.post(url, {"as": "csv"})
    assert people[1].name in response.content.decode()
    assert AuditEntry.objects.get(verb="board.exported").actor == people[0]


# -- The feed -------------------------------------------------------------------------------------------------------------


def entries(client):
    response = client.get("/boards/feed/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content).findall("a:entry", ATOM)


def texts(entry):
    return [entry.find(f"a:{name}", ATOM).text for name in ("title", "summary")]


def test_the_feed_tells_public_facts_of_the_latest_revision(client, team, people):
    post(team, people, score="90.50")
    board = post(team, people, score="91.00")
    (entry,) = entries(client)
    assert texts(entry) == ["考核得分榜", "得分 91.00；名次 第 2 名"]
    assert entry.find("a:link", ATOM).get("href") == f"http://testserver/boards/{board.serial}/"
    assert people[0].name not in client.get("/boards/feed/").content.decode()


def notice(team, audience, key):
    wish = {"key": key * 12, "title": "停水<b>\x0b", "text": "明天\x01停水", "audience": audience, "days": 1}
    return notices.post_notice({"team": team}, wish, actor=None)


def test_a_notice_for_everybody_is_in_the_feed_and_no_other(client, team):
    notice(team, Audience.PUBLIC, "a")
    notice(team, Audience.TEAM, "b")
    assert [texts(entry) for entry in entries(client)] == [["停水<b>", "明天停水"]]
    assert Bulletin.objects.count() == 2


def test_the_feed_of_an_empty_wall(client):
    assert entries(client) == []
    assert client.post("/boards/feed/").status_code == 405

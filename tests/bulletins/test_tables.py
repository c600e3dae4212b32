"""What of a board who may see: every audience under every nearness, and nothing that leaks sideways."""

import io
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser

from bulletins.models import Bulletin
from bulletins.selectors import viewer_of
from bulletins.services import publish
from bulletins.sheets import workbook
from bulletins.tables import ANONYMOUS, Audience, Board, Column, Fact, Row, Viewer, seen_by
from teams.models import User
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD

AUDIENCES = [Audience.PUBLIC, Audience.SIGNED_IN, Audience.UNIT, Audience.TEAM, Audience.OWN]
BOARD = Board(
    "bonus",
    "绩效奖金表",
    facts=[Fact(audience.name, "1", audience) for audience in AUDIENCES[:4]],
    columns=[Column(audience.name, audience.name, audience=audience) for audience in AUDIENCES],
    rows=[
        Row(user, {audience.name: f"{audience.name}{user}" for audience in AUDIENCES}, f"/x/{user}") for user in (1, 2)
    ],
    total={audience.name: "3" for audience in AUDIENCES},
)
CONTENT = BOARD.content()


def names(audience):
    """The names of the audiences that somebody as near as `audience` belongs to."""
    return [other.name for other in AUDIENCES[:4] if other <= audience]


@pytest.mark.parametrize("nearness", AUDIENCES[:4], ids=lambda audience: audience.name)
@pytest.mark.parametrize("user", [None, 1, 9], ids=["nobody", "a person of the board", "another person"])
def test_a_viewer_sees_what_is_meant_for_him_and_no_more(nearness, user):
    seen = seen_by(CONTENT, Viewer(user, nearness))
    everybody, own = names(nearness), [] if user is None else ["OWN"]
    of_row = [audience.name for audience in AUDIENCES] if user == 1 else everybody + own
    assert [fact["label"] for fact in seen["facts"]] == everybody
    assert [column["key"] for column in seen["columns"]] == of_row
    assert set(seen["total"]) == set(everybody)
    assert seen["rows"] == [
        {
            "own": user == row,
            "link": f"/x/{row}" if user == row else "",
            "cells": {key: f"{key}{row}" for key in (of_row if user == row else everybody)},
        }
        for row in (1, 2)
    ]
    assert seen["hidden"] is (len(everybody + own) < len(AUDIENCES))


def test_without_any_column_for_the_viewer_there_are_no_rows_either():
    board = Board("scores", "", [Fact("得分", "90.50")], [Column("name", "姓名")], [Row(1, {"name": "张三"})])
    assert seen_by(board.content(), ANONYMOUS) == {
        "facts": [{"label": "得分", "value": "90.50", "audience": 0}],
        "columns": [],
        "rows": [],
        "total": {},
        "notes": [],
        "chart": None,
        "hidden": True,
        "personal": False,
        "others": False,
    }


@pytest.mark.django_db
def test_no_person_of_the_plant_is_on_a_board_without_signing_in(case):
    people = set(User.objects.values_list("name", flat=True))
    assert Bulletin.objects.count() == 18
    for bulletin in Bulletin.objects.all():
        shown = str(seen_by(bulletin.content, ANONYMOUS))
        assert [name for name in people if name in shown] == []
        assert any(name in str(seen_by(bulletin.content, Viewer(None, Audience.TEAM))) for name in people)


@pytest.mark.django_db
def test_how_near_somebody_is_follows_from_duties_and_roles():
    unit = make.make_unit(parent=make.make_unit())
    team, neighbour, stranger = make.make_team(unit), make.make_team(unit), make.make_team()
    bulletin = publish(BOARD, team=team, period=PERIOD, actor=None)
    expected = [
        (AnonymousUser(), Audience.PUBLIC),
        (make.make_user(), Audience.SIGNED_IN),
        (make.make_member(stranger), Audience.SIGNED_IN),
        (make.make_member(neighbour), Audience.UNIT),
        (make.make_member(team), Audience.TEAM),
        (make.give_role(unit, "finance"), Audience.TEAM),
        (make.give_role(unit.parent, "manager"), Audience.TEAM),
        (make.give_role(stranger.unit, "manager"), Audience.SIGNED_IN),
    ]
    assert [viewer_of(user, bulletin) for user, _ in expected] == [
        Viewer(user.pk, nearness) for user, nearness in expected
    ]


FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "＝1+1", "http://example.com"]


@pytest.mark.django_db
def test_a_workbook_holds_texts_and_figures_but_never_a_formula():
    rows = [Row(number, {"name": text, "amount": "1,234.50"}) for number, text in enumerate(FORMULAS)]
    columns = [Column("name", "姓名", numeric=False), Column("amount", "应得", unit="元")]
    board = Board(
        "bonus", "=标题", [Fact("奖金总额", "=2+2")], columns, rows, ["=依据"], {"name": "合计", "amount": "9,876.00"}
    )
    bulletin = publish(board, team=make.make_team(), period=PERIOD, actor=None)
    content = workbook(bulletin, seen_by(bulletin.content, Viewer(0, Audience.TEAM)))
    assert b"<f>" not in b"".join(archive_members(content))
    (sheet,) = read_workbook(io.BytesIO(content)).values()
    texts = [row[:2] for row in sheet]
    assert texts[:3] == [["=标题", ""], ["奖金总额", "=2+2"], ["", ""]]
    assert texts[3:-4] == [
        ["姓名", "应得（元）"],
        *[[text, 1234.5] for text in FORMULAS],
        ["合计", 9876.0],
    ]
    assert texts[-3][0] == "=依据"
    assert texts[-2][0].startswith(f"公示期 {bulletin.notice_starts_on} 至 ")
    assert texts[-1][0] == f"编号 {bulletin.serial}　指纹 {bulletin.content_hash}"


@pytest.mark.django_db
def test_figures_keep_the_decimals_of_the_board_and_money_has_separators():
    columns = [
        Column("name", "姓名", numeric=False),
        Column("coefficient", "岗位系数"),
        Column("days", "出勤", unit="天"),
        Column("amount", "应得", unit="元"),
    ]
    rows = [Row(1, {"name": "张三", "coefficient": "1.05", "days": "22", "amount": "1,234.50"})]
    bulletin = publish(Board("bonus", "奖金表", [], columns, rows), team=make.make_team(), period=PERIOD, actor=None)
    content = workbook(bulletin, seen_by(bulletin.content, Viewer(0, Audience.TEAM)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert all(f'formatCode="{code}"' in styles for code in ("0.00", "#,##0.00"))
    assert 'numFmtId="1"' in styles  # what every table program knows as 0


def archive_members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]

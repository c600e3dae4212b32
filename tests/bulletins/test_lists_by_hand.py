"""Lists posted by hand: of those proposed, named or ranked, with a table out of a workbook, for as long as the policy says."""

import pytest

from bulletins.errors import BulletinError
from bulletins.models import Bulletin
from bulletins.notice_sheets import MOST_ROWS, read_table
from bulletins.services import notices
from bulletins.tables import ANONYMOUS, Audience, seen_by
from teams.workbooks import NO_VALUE, WorkbookRefused, read_workbook
from tests import factories as make
from tests.bulletins.test_notices import body, wish
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db
LIST = [["名次", "班组", "得分"], ["1", "锅炉一值", "98.5"], ["2", "汽机二值", "97"]]


@pytest.fixture
def unit():
    return make.make_unit(parent=make.make_unit())


@pytest.fixture
def union(unit, client):
    person = make.give_role(unit, "union")
    client.force_login(person)
    return person


def ranked(unit, **changes):
    words = {
        "kind": "contest",
        "title": "三季度竞赛",
        "audience": "0",
        "days": "3",
        "file": workbook({"成绩": LIST}, "成绩.xlsx"),
    }
    return body(f"unit-{unit.pk}") | words | changes


def test_a_ranking_out_of_a_workbook_hangs_as_a_table(unit, union, client):
    assert client.post("/notices/new/", ranked(unit)).status_code == 302
    board = Bulletin.objects.get()
    assert (board.kind, board.serial[6], board.published_by) == ("contest", "S", union)
    seen = seen_by(board.content, ANONYMOUS)
    assert [(column["label"], column["numeric"]) for column in seen["columns"]] == [
        ("名次", True),
        ("班组", False),
        ("得分", True),
    ]
    assert [list(row["cells"].values()) for row in seen["rows"]] == LIST[1:]
    assert "锅炉一值" in client.get(f"/boards/{board.serial}/").content.decode()
    html = client.get("/notices/").content.decode()
    assert "竞赛评比板" in html
    assert "撤回原因" not in html


def test_the_text_stands_before_the_table_and_thousands_are_figures(unit, union, client):
    table = [["班组", "产量"], ["锅炉一值", "1,204.5"], ["汽机二值", "-3"]]
    client.post("/notices/new/", ranked(unit, text="结果如下", file=workbook({"成绩": table}, "成绩.xlsx")))
    board = Bulletin.objects.get()
    assert [column["numeric"] for column in board.content["columns"]] == [False, True]
    html = client.get(f"/boards/{board.serial}/").text
    assert html.index("结果如下") < html.index("锅炉一值")


@pytest.mark.parametrize("file", [True, False])
def test_strangers_are_told_whom_the_list_is_for(unit, union, client, file):
    posted = ranked(unit, audience=f"{Audience.UNIT}")
    client.post("/notices/new/", posted if file else {name: posted[name] for name in posted if name != "file"})
    client.logout()
    html = client.get(f"/boards/{Bulletin.objects.get().serial}/").text
    assert f"{'正文和名单' if file else '正文'}只给{unit}的人看，请" in html


def test_a_list_of_those_proposed_hangs_at_least_as_long_as_the_policy_says(unit, union, client):
    short = ranked(unit, kind="nomination", days="4")
    assert (
        "评选公示至少张贴 5 个工作日（见张榜规定），请改天数。" in client.post("/notices/new/", short).content.decode()
    )
    assert not Bulletin.objects.exists()
    assert client.post("/notices/new/", ranked(unit, kind="nomination", days="5")).status_code == 302


def test_a_team_posts_notices_only(unit, client):
    team = make.make_team(unit)
    client.force_login(make.make_member(team, "leader"))
    page = client.post("/notices/new/", body(f"team-{team.pk}") | {"kind": "naming"}).content.decode()
    assert "评选公示、命名公告和竞赛评比板由单位张" in page
    assert not Bulletin.objects.exists()


def test_the_same_list_sent_twice_hangs_once_and_another_under_its_key_is_refused(unit):
    table = (LIST[0], LIST[1:])
    first = wish(kind="contest", audience=Audience.UNIT, days=3, table=table)
    assert notices.post_notice({"unit": unit}, first, actor=None) == notices.post_notice(
        {"unit": unit}, first, actor=None
    )
    with pytest.raises(BulletinError, match="已经张榜，不能再改"):
        notices.post_notice({"unit": unit}, first | {"table": (LIST[0], LIST[2:])}, actor=None)


WRONG = {
    "nothing": ([[""]], "文件里没有内容"),
    "no label": ([["名次", "", "得分"], ["1", "一值", "9"]], "第一行要写列名，中间不能空"),
    "too wide": ([[f"列{n}" for n in range(9)], ["1"] * 9], "最多 8 列"),
    "no lines": ([["名次", "班组"]], "要有 1 到 300 行，现在有 0 行"),
    "too long": ([["名次"], *([["1"]] * (MOST_ROWS + 1))], "现在有 301 行"),
    "too many signs": ([["名次", "班组"], ["1", "值" * 61]], "B2 有 61 个字，最多 60 个"),
    "a formula without result": ([["名次"], [NO_VALUE]], "A2 是没有算出结果的公式"),
}


@pytest.mark.parametrize(("rows", "words"), WRONG.values(), ids=WRONG)
def test_a_table_that_cannot_be_read_is_refused_with_its_cell(rows, words):
    with pytest.raises(WorkbookRefused, match=words):
        read_table({"表": rows})


def test_a_list_with_gaps_is_read_line_by_line():
    sheets = read_workbook(
        workbook({"空的": [], "名单": [["姓名", "单位"], ["张三", ""], [], ["李四", "二值"]]}, "名单.xlsx")
    )
    assert read_table(sheets) == (["姓名", "单位"], [["张三", ""], ["李四", "二值"]])


# -- Looked at before it hangs -------------------------------------------------------------------------------------------


def shown_fields(page):
    """What the browser sends of the form that a page shows; no file."""
    return {field.html_name: field.value() for field in page.context["form"] if field.value() is not None} | {
        "file": ""
    }


def test_who_would_see_a_list_is_looked_at_before_it_hangs(unit, union, client):
    page = client.post("/notices/new/", ranked(unit, audience=f"{Audience.UNIT}", text="结果如下", look="unit"))
    assert page.text.index("结果如下") < page.text.index('scope="row">1') < page.text.index("每一栏谁能看到")
    assert "名单 2 行已经读入" in page.text
    assert [f'value="{eyes}"' in page.text for eyes in ("unit", "public", "tv", "team", "own")] == [True] * 3 + [
        False
    ] * 2
    again = client.post("/notices/new/", shown_fields(page) | {"look": "public"})
    assert "正文和名单这些人看不到，只看到标题。" in again.text
    assert "锅炉一值" not in again.text
    assert not Bulletin.objects.exists()
    assert client.post("/notices/new/", shown_fields(again)).status_code == 302
    assert [list(row["cells"].values()) for row in Bulletin.objects.get().content["rows"]] == LIST[1:]


def test_another_file_takes_the_place_of_the_one_that_was_looked_at(unit, union, client):
    page = client.post("/notices/new/", ranked(unit, look="unit"))
    other = workbook({"成绩": [*LIST[:1], ["1", "化水班", "99"]]}, "成绩.xlsx")
    client.post("/notices/new/", shown_fields(page) | {"file": other})
    assert [row["cells"]["c1"] for row in Bulletin.objects.get().content["rows"]] == ["化水班"]


def test_what_could_not_hang_is_said_when_it_is_looked_at(unit, union, client):
    short = client.post("/notices/new/", ranked(unit, kind="nomination", days="4", look="unit"))
    assert ("评选公示至少张贴 5 个工作日" in short.text, "每一栏谁能看到" in short.text) == (True, False)
    assert "请填标题" in client.post("/notices/new/", ranked(unit, title="", look="unit")).text
    assert not Bulletin.objects.exists()


def test_a_list_that_nobody_read_is_no_list(unit, union, client):
    """Control: what the page says of a list is only taken as it was signed."""
    page = client.post("/notices/new/", ranked(unit, look="unit"))
    forged = shown_fields(page)
    forged["read"] = f"{forged['read'][:-2]}xx"
    assert "读入的名单不完整，请重新选文件。" in client.post("/notices/new/", forged).text
    assert not Bulletin.objects.exists()


def test_a_notice_of_a_team_is_looked_at_through_the_eyes_of_the_team(unit, client):
    team = make.make_team(unit)
    client.force_login(make.make_member(team, "leader"))
    page = client.post("/notices/new/", body(f"team-{team.pk}") | {"look": "x"})
    assert [key for key, _ in page.context["all_eyes"].items()] == ["team", "unit", "signed-in", "public", "tv"]
    assert page.context["eyes"] == "team"


# -- Objections ----------------------------------------------------------------------------------------------------------


def test_an_objection_to_a_list_asks_which_cell(unit, union, client):
    client.post("/notices/new/", ranked(unit, audience=f"{Audience.UNIT}"))
    board = Bulletin.objects.get()
    client.force_login(make.make_member(make.make_team(unit)))
    new = f"/boards/{board.serial}/objections/new/"
    page = client.get(new).text
    assert ("哪一格" in page, "哪个数" in page) == (True, False)
    assert "请选是哪一格。" in client.post(new, {"cell": "", "reason": "错了"}).text
    assert "这张榜上没有这一格" in client.post(new, {"cell": "x", "reason": "错了"}).text
    objection = client.post(new, {"cell": "0:c2", "reason": "是 99 分"}, follow=True)
    assert "班组的数" not in objection.text
    assert "1 · 得分" in objection.text
    listed = client.get("/objections/").text
    assert ("1 · 得分" in listed, "班组的数" in listed) == (True, False)

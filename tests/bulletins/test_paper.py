"""Boards on paper: the sheet as it was looked at once, every sign drawn or refused by name, and nobody's figures for strangers."""

from pathlib import Path
from urllib.parse import unquote

import pytest
import segno
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from bulletins.models import Bulletin, ChainHead, Closing, CorrectionNote, Receipt, Signature
from bulletins.paper import printing
from bulletins.paper.glyphs import covered, missing_from
from bulletins.paper.printing import PaperRefused, pdf
from bulletins.paper.sheets import sheet_of
from bulletins.selectors import viewer_of
from bulletins.services import publish
from bulletins.tables import ANONYMOUS, Audience, Board, Column, Fact, Row
from tests import factories as make
from tests.bulletins.paper import ADDRESS, difference, grid_of_days, images, modules, sheet
from tests.factories import PERIOD

GOLDEN = Path(__file__).parents[1] / "data" / "paper"
TOLERANCE = 10
RARE = "䶮㛃骉龑"
PAGES = {
    "bonus": lambda: images(sheet(), watermark="张三 006 2026-11-21 16:40")[0],
    "second_page": lambda: images(sheet(60))[1],
    "attendance_a3": lambda: images(grid_of_days(), size="a3", ppi=36)[0],
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_was_looked_at(name):
    """Without a stored image it is stored, and fails once: look at it before it is kept."""
    page, stored = PAGES[name](), GOLDEN / f"{name}.png"
    if not stored.exists():
        page.save(stored, optimize=True)
        pytest.fail(f"{stored} is new")
    assert difference(page, Image.open(stored)) < TOLERANCE


def test_control_another_amount_is_another_picture():
    stored = Image.open(GOLDEN / "bonus.png")
    other = images(sheet(amount="1,284.56"), watermark="张三 006 2026-11-21 16:40")[0]
    assert difference(other, stored) > 2 * TOLERANCE


def test_header_rows_stand_on_every_page():
    first, second = images(sheet(60))
    plain = images(sheet(60, columns=[], rows=[], total=[]))[0]
    shaded = [page.histogram()[237] > 2000 for page in (first, second, plain)]
    assert shaded == [True, True, False]


def test_the_code_on_the_page_leads_to_where_the_board_is_verified():
    page = images(sheet(), ppi=254)[0]
    wanted = [[bool(cell) for cell in row] for row in segno.make(ADDRESS, error="m").matrix]
    right, top, side = page.width - 140, 120, 200  # ten dots a millimetre
    assert modules(page, right - side, top, side, len(wanted)) == wanted
    other = segno.make(ADDRESS.replace("J", "K"), error="m").matrix
    assert modules(page, right - side, top, side, len(wanted)) != [[bool(cell) for cell in row] for row in other]


def test_a_long_title_stays_in_one_line_and_a_notice_is_read_from_a_step_away():
    def ink(text, **changes):
        page = images(sheet(title=text, facts=[], columns=[], rows=[], total=[], bars=[], remarks=[], **changes))[0]
        return (
            page.crop((0, 0, page.width - 90, page.height - 60))
            .point(lambda shade: 255 if shade < 120 else 0)
            .getbbox()
        )

    short, long = ink("运行一值2026年10月绩效奖金表"), ink("运行一值2026年10月班组费用明细表")
    assert abs(short[3] - long[3]) <= 2
    assert ink("通知", notes=["停水" * 60], prose=True)[3] > ink("通知", notes=["停水" * 60])[3] + 20


def test_the_text_of_a_list_stands_before_its_table():
    def head_of_table(**changes):
        """How far down the grey head of the table begins."""
        page = images(sheet(count=1, facts=[], remarks=[], bars=[], total=[], **changes))[0].convert("L")
        grey = page.point(lambda shade: 255 if 230 <= shade <= 242 else 0)
        return next(
            y for y in range(page.height) if grey.crop((0, y, page.width, y + 1)).histogram()[255] > page.width / 2
        )

    words = ["停水" * 60]
    assert head_of_table(notes=words, prose=True) > head_of_table(notes=words) + 40
    assert head_of_table(notes=[], prose=True) == head_of_table(notes=words)


def test_rare_signs_of_names_are_drawn():
    assert missing_from(RARE + "张三·—，。：；？“”（）√") == []
    blank = images(sheet(title="　"))[0]
    drawn = [images(sheet(title=sign))[0] for sign in [*RARE, "𠮷"]]
    assert all(difference(page, blank) > 50 for page in drawn[:-1])
    assert all(difference(one, other) > 2 * TOLERANCE for one in drawn for other in drawn if one is not other)
    assert ord("𠮷") not in covered()


def test_a_sign_that_the_font_lacks_is_refused_by_name():
    with pytest.raises(PaperRefused, match=r"《运行一值奖金表》里的“𠮷”（U\+20BB7）、“🙂”（U\+1F642）打印字库里没有"):
        pdf([sheet(title="运行一值奖金表", notes=["𠮷野的🙂"])], title="奖金表")


def test_too_much_or_too_long_is_refused(monkeypatch):
    with pytest.raises(PaperRefused, match="40004 格，超过 40000 格"):
        pdf([sheet(10_001)], title="奖金表")
    monkeypatch.setattr(printing, "SECONDS", 0.01)
    with pytest.raises(PaperRefused, match="PDF 没有生成"):
        pdf([sheet()], title="奖金表")


def test_what_is_text_stays_text():
    marks = "#panic() $x$ *粗* \\ @a <b> _c_"
    assert pdf([sheet(title=marks, notes=[marks])], title=marks).startswith(b"%PDF-")


@pytest.fixture
def team(db):
    return make.make_team(name="运行一值")


@pytest.fixture
def member(team):
    return make.make_member(team, user=make.make_user("211006", "张三"))


def post(team, member, kind="bonus"):
    columns = [Column("name", "姓名", numeric=False), Column("amount", "应得", unit="元")]
    rows = [Row(member.pk, {"name": member.name, "amount": "1,234.56"})]
    facts = [Fact("奖金总额", "1,234.56 元")]
    board = Board(kind, f"运行一值{kind}表", facts, columns, rows, ["办法\n第一版\u200b"], {"name": "合计"})
    return publish(board, team=team, period=PERIOD, actor=None)


def labels(found):
    return [column["label"] for column in found["columns"]]


def test_a_sheet_holds_what_its_reader_may_see(team, member):
    bulletin = post(team, member)
    shown = sheet_of(bulletin, viewer_of(member, bulletin), ADDRESS)
    assert (labels(shown), shown["rows"]) == (["姓名", "应得", "核对签字"], [["张三", "1,234.56", ""]])
    assert shown["notes"] == ["办法 第一版"]
    strange = sheet_of(bulletin, ANONYMOUS, ADDRESS)
    assert (labels(strange), strange["rows"], strange["total"]) == ([], [], [])
    assert strange["facts"] == [["奖金总额", "1,234.56 元"]]


def test_in_a_table_of_own_rows_the_signature_is_the_own(team, member):
    other = make.make_member(team)
    columns = [Column("name", "姓名", numeric=False, audience=Audience.OWN)]
    rows = [Row(user.pk, {"name": user.name}) for user in (other, member)]
    board = Board("bonus", "奖金表", [], columns, rows)
    bulletin = publish(board, team=team, period=PERIOD, actor=None)
    Signature.objects.create(bulletin=bulletin, user=other)
    assert sheet_of(bulletin, viewer_of(member, bulletin), ADDRESS)["rows"] == [["张三", ""]]


def test_a_sheet_carries_what_was_said_to_it_since(team, member):
    bulletin = post(team, member)
    Signature.objects.create(bulletin=bulletin, user=member)
    CorrectionNote.objects.create(bulletin=bulletin, text="得分应为 91.00")
    ChainHead.objects.create(
        unit=team.unit, date="2026-11-03", bulletin=bulletin, content_hash=bulletin.content_hash, count=1
    )
    shown = sheet_of(bulletin, viewer_of(member, bulletin), ADDRESS)
    assert shown["rows"][0][2][2] == "-"
    assert shown["remarks"][0].endswith("：得分应为 91.00")
    assert shown["remarks"][1] == "核对签字：1 人中已有 1 人签字。"
    assert shown["head"] == f"榜链之首 2026-11-03 {bulletin.content_hash[:8]}"
    assert sheet_of(bulletin, ANONYMOUS, ADDRESS)["remarks"][0].endswith("：本班组的人登录后看得到。")
    Closing.objects.create(bulletin=bulletin, concerned=1, signed=1, objections=0)
    shown = sheet_of(Bulletin.objects.get(), viewer_of(member, bulletin), ADDRESS)
    assert shown["remarks"][1].endswith("结束，1 人中 1 人核对签字，没有异议。")


def test_a_signature_kept_from_paper_is_told_from_one_given_on_the_phone(team, member):
    leader, other = make.make_member(team, "leader"), make.make_member(team)
    rows = [Row(user.pk, {"name": user.name}) for user in (member, other)]
    board = Board("scores", "榜", [], [Column("name", "姓名", numeric=False, mask="name", plain=Audience.TEAM)], rows)
    bulletin = publish(board, team=team, period=PERIOD, actor=None)
    Signature.objects.create(bulletin=bulletin, user=member, kept_by=leader)
    Signature.objects.create(bulletin=bulletin, user=other)
    shown = sheet_of(bulletin, viewer_of(member, bulletin), ADDRESS)
    assert shown["rows"][0][1] == f"纸面 {timezone.localdate():%m-%d}"
    assert "纸面" not in shown["rows"][1][1]
    assert shown["remarks"] == [f"核对签字：2 人中已有 2 人签字，其中 1 人签在纸上，由{leader.name}登记。"]
    assert sheet_of(bulletin, ANONYMOUS, ADDRESS)["remarks"] == ["核对签字：2 人中已有 2 人签字，其中 1 人签在纸上。"]


def test_a_sheet_reads_the_snapshot_and_what_hangs_on_it_alone(team, member):
    viewer = viewer_of(member, post(team, member))
    bulletin = Bulletin.objects.select_related("unit").get()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        sheet_of(bulletin, viewer, ADDRESS)
    tables = {query["sql"].partition("FROM ")[2].split()[0].strip('"') for query in queries.captured_queries}
    assert {table.split("_")[0] for table in tables} == {"bulletins"}


def test_a_board_is_handed_out_as_pdf(team, member, client):
    bulletin = post(team, member)
    response = client.get(f"/boards/{bulletin.serial}/paper/?size=a3")
    assert response.content.startswith(b"%PDF-")
    assert unquote(response.headers["Content-Disposition"]) == "inline; filename*=utf-8''运行一值bonus表.pdf"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert client.get("/boards/nothing/paper/").status_code == 404


@pytest.fixture
def printed(monkeypatch):
    """What reaches the typesetter, without typesetting."""
    calls = []
    monkeypatch.setattr(
        "bulletins.views.paper.pdf", lambda sheets, **options: calls.append((sheets, options)) or b"%PDF"
    )
    return calls


def test_a_month_is_printed_in_one_go(team, member, client, printed):
    for kind in ("bonus", "attendance", "scores", "scores"):
        post(team, member, kind)
    client.get(f"/boards/{team.pk}/2026-10/paper/?size=letter")
    sheets, options = printed[0]
    assert [entry["title"] for entry in sheets] == ["运行一值scores表", "运行一值attendance表", "运行一值bonus表"]
    assert options == {"title": "运行一值2026年10月公告", "size": "a4", "watermark": ""}
    assert sheets[0]["address"] == f"http://testserver/verify/{sheets[0]['serial']}/"
    assert client.get(f"/boards/{team.pk}/2026-11/paper/").status_code == 404


def test_whoever_prints_figures_of_people_stands_on_the_sheet(team, member, client, printed):
    bulletin, colleague = post(team, member), make.make_member(team, user=make.make_user("211009", "李四"))
    for user in (colleague, make.make_user("900001", "王五")):
        client.force_login(user)
        client.get(f"/boards/{bulletin.serial}/paper/")
    assert [options["watermark"].split(" ")[:2] for _, options in printed] == [["李四", "009"], [""]]
    assert list(Receipt.objects.values_list("user", flat=True)) == [colleague.pk]


def test_a_sheet_that_cannot_be_made_says_why(team, client):
    bulletin = post(team, make.make_member(team, user=make.make_user(name="𠮷野")))
    client.force_login(make.make_member(team))
    response = client.get(f"/boards/{bulletin.serial}/paper/", follow=True)
    assert "“𠮷”（U+20BB7）打印字库里没有" in response.content.decode()

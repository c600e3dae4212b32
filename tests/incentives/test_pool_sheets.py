"""The workbook of pools: out, filled in, looked at, confirmed; every cell that is wrong is named."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from incentives.models import Pool
from incentives.pools import rows as pool_rows
from incentives.pools import sheets as pool_sheets
from incentives.services import pools, unit_pools
from teams.models import AuditEntry
from teams.workbooks import WorkbookRefused, read_workbook
from tests import factories as make
from tests.factories import PERIOD
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db
HEADER = ["班组编号", "班组", "奖金总额（元）"]


@pytest.fixture
def unit():
    unit = make.make_unit("运行部")
    for name in ("一值", "二值", "三值"):
        make.make_member(make.make_team(unit, name))
    return unit


@pytest.fixture
def teams(unit):
    return list(unit.teams.all())


def read(teams, *rows, header=None):
    """What a sheet with these rows says; the header is its first row."""
    return pool_sheets.read_pools({"表": [header or HEADER, *rows]}, teams, PERIOD)


def wrong(teams, *row):
    """(column, reason) of what is wrong with a sheet of this one row."""
    amounts, problems = read(teams, [*row])
    assert amounts == {} or problems == []
    return [(problem.row, problem.column, problem.reason) for problem in problems]


# -- Reading -----------------------------------------------------------------------------------------------------------


def test_what_goes_out_comes_back_as_it_was(unit, teams):
    pools.set_pool(teams[0], PERIOD, 1_234_567, actor=None)
    pools.set_pool(teams[1], PERIOD - 1, 900, actor=None)
    rows = pool_rows.rows_of(teams, PERIOD, pool_rows.brought_in(teams, PERIOD))
    sheets = read_workbook(io.BytesIO(pool_sheets.template(unit, PERIOD, rows)))
    assert sheets["奖金总额"][2:4] == [
        ["班组编号", "班组", "人数", "上月（元）", "奖金总额（元）"],
        [str(teams[0].pk), "一值", 1.0, "", 12345.67],
    ]
    assert sheets["奖金总额"][4][3] == 9.0
    assert pool_sheets.read_pools(sheets, teams, PERIOD) == ({teams[0].pk: 1_234_567}, [])


def test_a_table_of_ones_own_needs_no_numbers_and_totals_are_skipped(teams):
    found = read(
        teams, [" 一 值 ", "1,000.50"], ["二值", 20.1 + 0.2], ["三值", ""], ["合计", 9], ["", ""], header=HEADER[1:]
    )
    assert found == ({teams[0].pk: 100_050, teams[1].pk: 2_030}, [])


def test_every_wrong_cell_is_named(teams):
    one, two, _ = teams
    assert wrong(teams, str(one.pk), "二值", 5) == [(2, "B", f"编号 {one.pk} 是一值，这里写的是二值，分不清是哪个班组")]
    assert wrong(teams, "999999", "一值", 5) == [(2, "A", "这个单位这个月没有编号“999999”的班组")]
    assert wrong(teams, "", "四值", 5) == [(2, "B", "这个单位这个月没有叫“四值”的班组")]
    assert wrong(teams, str(one.pk), "", 5) == [(2, "B", "没有写班组")]
    assert wrong(teams, "", "一值", "一千") == [(2, "C", "“一千”不是数字")]
    assert wrong(teams, "", "一值", 1.005) == [(2, "C", "“1.005”最多只能有两位小数")]
    assert wrong(teams, "", "一值", 1e15) == [(2, "C", "“1000000000000000”太大")]
    for amount in (0, -1, 10_000_000_001):
        assert "应大于 0、不超过 100 亿元" in wrong(teams, "", "一值", amount)[0][2]
    _, problems = read(teams, ["", "一值", 5], [str(two.pk), "二值", ""], ["", "一值", 6], ["", "二值", "x"])
    assert [(problem.row, problem.column, problem.reason) for problem in problems] == [
        (4, "B", "一值在第 2 行已经有了，一个班组只能写一行"),
        (5, "C", "“x”不是数字"),
        (5, "B", "二值在第 3 行已经有了，一个班组只能写一行"),
    ]


def test_a_formula_without_a_value_is_named(teams):
    buffer = workbook({"表": [HEADER, ["", "一值", "=1+1"]]})
    _, problems = pool_sheets.read_pools(read_workbook(buffer), teams, PERIOD)
    assert [problem.column for problem in problems] in (["C"], [])
    assert problems or read_workbook(buffer)["表"][1][2] == 0


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"表": [["你好"]]}, "没有找到奖金总额表：表头要有“班组”和“奖金总额（元）”两列"),
        ({"甲": [HEADER], "乙": [HEADER]}, "文件里有 2 张表像奖金总额：甲、乙"),
        ({"表": [["运行部2026年9月奖金总额"], HEADER]}, "标题写的是2026年9月，这里是2026年10月"),
        ({"表": [[*HEADER, "班组"]]}, "有 2 列都叫“班组”"),
    ],
)
def test_a_sheet_that_is_not_clear_is_refused(teams, sheets, sentence):
    with pytest.raises(WorkbookRefused, match=sentence):
        pool_sheets.read_pools(sheets, teams, PERIOD)


# -- The pages ---------------------------------------------------------------------------------------------------------


def upload(client, unit, *rows, header=None):
    client.force_login(make.give_role(unit, "finance"))
    content = workbook({"奖金": [header or HEADER, *rows]}).getvalue()
    body = {"file": SimpleUploadedFile("<b>奖金.xlsx", content)}
    return client.post(reverse("incentives:pools-import", args=[unit.pk, PERIOD]), body, follow=True)


def fields_of(response):
    """What the form of the preview sends on."""
    sent = {}
    for name, value, was, shown in response.context["fields"]:
        sent |= {name: value, was: shown}
    return sent


def test_the_preview_shows_changes_and_confirming_sets_all_of_them(client, unit, teams):
    pools.set_pool(teams[0], PERIOD, 500, actor=None)
    pools.set_pool(teams[2], PERIOD, 900, actor=None)
    trail = AuditEntry.objects.count()
    preview = upload(client, unit, ["", "一值", 5], ["", "二值", 70])
    assert "1 个班组有改动，2 个不变，下达后合计 84.00 元" in preview.text
    assert (Pool.objects.count(), AuditEntry.objects.count()) == (2, trail)
    html = client.post(reverse("incentives:pools", args=[unit.pk, PERIOD]), fields_of(preview), follow=True).text
    assert "已下达 1 个班组，无变化 2 个" in html
    assert list(Pool.objects.order_by("team").values_list("amount", flat=True)) == [500, 7000, 900]


def test_with_one_wrong_cell_nothing_can_be_confirmed(client, unit):
    preview = upload(client, unit, ["", "一值", 5], ["", "四值", 70])
    assert "有 1 处不对，一个也没有保存" in preview.text
    assert ["第 3 行" in preview.text, "没有叫“四值”的班组" in preview.text] == [True, True]
    assert ('name="team-' in preview.text, "<b>奖金" in preview.text) == (False, False)


def test_what_somebody_changed_after_the_preview_is_not_overwritten(client, unit, teams):
    preview = upload(client, unit, ["", "一值", 5])
    pools.set_pool(teams[0], PERIOD, 800, actor=None)
    html = client.post(reverse("incentives:pools", args=[unit.pk, PERIOD]), fields_of(preview), follow=True).text
    assert ("有人刚刚改过奖金总额" in html, Pool.objects.get().amount) == (True, 800)


def test_a_workbook_does_not_change_what_is_part_of_a_unit_pool(client, unit):
    unit_pools.divide(unit, PERIOD, 300, "heads", actor=None)
    preview = upload(client, unit, ["", "一值", 5])
    html = client.post(reverse("incentives:pools", args=[unit.pk, PERIOD]), fields_of(preview), follow=True).text
    assert "出自单位总额" in html
    assert set(Pool.objects.values_list("amount", flat=True)) == {100}


def test_a_workbook_that_changes_nothing_says_so(client, unit):
    preview = upload(client, unit, ["", "一值", ""])
    assert ("和系统里一样，没有要下达的。" in preview.text, 'name="team-' in preview.text) == (True, False)


@pytest.mark.parametrize("content", [b"", b"PK\3\4nothing", b"hello"])
def test_what_is_no_workbook_leads_back_with_a_sentence(client, unit, content):
    client.force_login(make.give_role(unit, "finance"))
    body = {"file": SimpleUploadedFile("a.xlsx", content)}
    response = client.post(reverse("incentives:pools-import", args=[unit.pk, PERIOD]), body, follow=True)
    assert ("alert-danger" in response.text, response.redirect_chain[-1][0]) == (
        True,
        reverse("incentives:pools", args=[unit.pk, PERIOD]),
    )


def test_five_hundred_teams_go_out_and_come_in_within_one_request(client, django_assert_max_num_queries):
    unit = make.make_unit()
    teams = [make.make_team(unit) for _ in range(500)]
    with django_assert_max_num_queries(40):
        preview = upload(client, unit, *(["", team.name, 100 + index] for index, team in enumerate(teams)))
    assert "500 个班组有改动" in preview.text
    html = client.post(reverse("incentives:pools", args=[unit.pk, PERIOD]), fields_of(preview), follow=True).text
    assert "已下达 500 个班组" in html
    assert Pool.objects.count() == 500

"""Before an import: who comes, moves, changes or is missing, in groups; who leaves on purpose; and what goes back as a sheet."""

import datetime
import io

import pytest
from django.urls import reverse

from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, ImportBatch, Membership, User
from teams.roster_diff import groups_of
from teams.roster_problems import REASONS, problem_workbook
from teams.services.roster import apply_roster, stage_roster, staged_plan
from teams.workbooks import read_workbook
from tests import factories as make
from tests.hostile import ODD, without_results
from tests.workbooks import HEADER, roster, workbook

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)
NOW = [
    ["700001", "张三", "运行部", "一值", "班长", "1.3"],
    ["700002", "李四", "运行部", "一值"],
    ["700003", "王五", "运行部", "二值"],
    ["700004", "赵六", "检修部", "一班"],
]


@pytest.fixture
def root():
    return make.make_unit("本厂")


def stage(root, *people, on=NOVEMBER, header=None):
    return stage_roster(roster(*people, header=header), root=root, effective_on=on, actor=None)


@pytest.fixture
def plant(root):
    """Four people in three teams of two units, since October."""
    apply_roster(stage(root, *NOW, on=OCTOBER), actor=None)
    return root


def groups(batch, words=""):
    """{label: names} of the groups that are not empty."""
    found = groups_of(staged_plan(batch), words)
    return {group.label: [line.name for line in group.lines] for group in found if group.lines}


def changes(batch, label):
    (group,) = (group for group in groups_of(staged_plan(batch)) if group.label == label)
    return [line.changes for line in group.lines]


# -- Groups -------------------------------------------------------------------------------------------------------------


def test_everybody_stands_in_one_group(plant):
    batch = stage(
        plant,
        ["700001", "张三", "运行部", "一值", "班长", "1.4", "群众"],
        ["700002", "李四", "检修部", "一班", "", "1.1"],
        ["700003", "王五", "运行部", "二值", "", "", "群众"],
        ["700004", "赵六", "检修部", "一班"],
        ["700005", "钱七", "运行部", "三值"],
        ["", "孙八", "运行部", "一值"],
    )
    assert groups(batch) == {
        "有错": ["孙八"],
        "新进": ["钱七"],
        "调动": ["李四"],
        "系数变更": ["张三"],
        "其他变更": ["王五"],
        "无变化": ["赵六"],
    }
    assert changes(batch, "调动") == [[("班组", "运行部 · 一值", "检修部 · 一班"), ("岗位系数", "1.0", "1.1")]]
    assert changes(batch, "系数变更") == [[("岗位系数", "1.3", "1.4"), ("政治面貌", "", "群众")]]


def test_somebody_without_a_team_moves_from_nowhere(plant):
    Membership.objects.filter(user__employee_no="700003").update(ended_on=OCTOBER)
    batch = stage(plant, ["700003", "王五", "运行部", "二值"])
    assert changes(batch, "调动")[0][0] == ("班组", "", "运行部 · 二值")


def test_the_missing_are_sought_in_the_units_of_the_sheet_only(plant):
    assert groups(stage(plant, NOW[0])) == {"无变化": ["张三"], "表里没有": ["李四", "王五"]}
    assert groups(stage(plant, NOW[0], NOW[3])) == {"无变化": ["张三", "赵六"], "表里没有": ["李四", "王五"]}


def test_people_are_found_by_a_part_of_name_or_number(plant):
    batch = stage(plant, *NOW[:2])
    assert groups(batch, "李") == {"无变化": ["李四"]}
    assert groups(batch, "0003") == {"表里没有": ["王五"]}
    assert groups(batch, "无此人") == {}


def test_five_thousand_rows_stay_pages_of_fifty_with_few_queries(plant, client, django_assert_max_num_queries):
    people = [[f"{100000 + n}", f"员工{n}", f"部门{n // 500}", f"班组{n // 10}"] for n in range(5000)]
    batch = stage(plant, *people)
    client.force_login(make.give_role(plant, "admin"))
    client.get(reverse("home"))
    address = reverse("teams:roster-preview", args=[batch.pk])
    with django_assert_max_num_queries(20):
        page = client.get(address).content.decode()
    assert (page.count("<tr>"), "第 1 / 100 页" in page, "班组 500 个" in page) == (51, True, True)
    assert len(page) < 100_000
    last = client.get(f"{address}?group=added&page=100").content.decode()
    assert ("员工4999" in last, "员工100<" in last) == (True, False)
    found = client.get(f"{address}?q=104321").content.decode()
    assert (found.count("<tr>"), "员工4321" in found) == (2, True)


# -- What should be looked at -------------------------------------------------------------------------------------------


def previewed(plant, client, *people, query=""):
    client.force_login(make.give_role(plant, "admin"))
    return client.get(reverse("teams:roster-preview", args=[stage(plant, *people).pk]) + query).content.decode()


def test_a_new_team_is_named_with_the_one_it_resembles_before_it_is_made(plant, client):
    make.make_team(plant.children.get(name="运行部"), "运行一值")
    page = previewed(
        plant,
        client,
        ["700002", "李四", "运行部", "运行1值"],
        ["700003", "王五", "化学部", "水处理班"],
        ["700004", "赵六", "检休部", "一班"],
    )
    assert "运行部 · 运行1值<strong>（已有“运行一值”，是不是它？）</strong>" in page
    assert "单位 2 个：化学部、检休部<strong>（已有“检修部”，是不是它？）</strong>" in page
    assert "化学部 · 水处理班、" in page
    assert "新建单位 2 个（化学部、检休部），新建班组 3 个（运行部 · 运行1值、" in page


def test_another_name_under_a_known_number_is_a_warning_and_asked_about(plant, client):
    page = previewed(plant, client, ["700003", "王垒", "运行部", "二值"])
    assert "第 2 行：工号 700003 原来是王五，导入后改名为王垒。不是改名就是工号填错了，请核对。" in page
    assert "改姓名 1 人。确认导入吗？" in page
    assert "不是改名就是工号" not in previewed(plant, client, NOW[2])


def test_two_rows_of_one_number_name_each_other(plant, client):
    page = previewed(plant, client, NOW[2], ["700003", "王五", "运行部", "一值"])
    assert "与第 2 行相同" in page
    assert "第 2 行和第 3 行的工号相同，现在会用第 2 行。请核对哪一行是对的" in page


@pytest.mark.parametrize(
    ("query", "said"), [("?group=added", "这一组一个人也没有"), ("?group=added&q=王", "没有姓名或工号里含")]
)
def test_a_group_without_anybody_is_empty_and_no_other_group(query, said, plant, client):
    page = previewed(plant, client, NOW[2], ["", "没号", "运行部", "一值"], query=query)
    assert (said in page, "缺工号" in page) == (True, False)


@pytest.mark.parametrize(
    ("place", "cell", "allowed"),
    [
        (4, "值长", "可以填班长、副班长、安全员、核算员、工会小组长、组员，空着就是组员或不变"),
        (8, "打不通", "只能有数字、+ 和 -，5 到 20 个，只填一个号码，或空着"),
        (6, "无", "可以填中共党员、预备党员、共青团员、民主党派、群众，或空着"),
        (0, "工号1", "只能用数字、字母和 -，最多 20 个"),
    ],
)
def test_a_wrong_cell_says_what_may_stand_there(place, cell, allowed, plant, client):
    row = [*NOW[2], "", "", "", "", ""]
    row[place] = cell
    assert f"，{allowed}</small>" in previewed(plant, client, row)


def test_the_rows_that_were_left_out_are_named_after_the_import(plant, client):
    batch = stage(plant, ["700001", "张三", "运行部", "一值", "班长", "1.4"], ["", "没号", "运行部", "一值"])
    apply_roster(batch, actor=None, without_bad_rows=True)
    client.force_login(make.give_role(plant, "admin"))
    page = client.get(reverse("teams:roster-preview", args=[batch.pk])).content.decode()
    assert ("没号" in page, "第 3 行：A（工号）：缺工号" in page) == (True, True)


# -- Leaving ------------------------------------------------------------------------------------------------------------


def test_who_is_not_in_the_sheet_stays_unless_it_is_wished(plant):
    apply_roster(stage(plant, *NOW[:2]), actor=None)
    assert Membership.objects.open().count() == 4


def test_leaving_ends_the_membership_and_closes_the_account_with_one_trail_row(plant):
    batch = stage(plant, *NOW[:2])
    apply_roster(batch, actor=None, absent=staged_plan(batch).absent_mark)
    left = User.objects.get(employee_no="700003")
    assert left.memberships.get().ended_on == datetime.date(2026, 10, 31)
    assert (left.is_active, left.sessions_ended) == (False, 1)
    assert User.objects.filter(is_active=True).count() == 3
    entry = AuditEntry.objects.get(verb="roster.imported", object_id=batch.pk)
    assert entry.before == {"700003": {"unit": "运行部", "team": "二值", "is_active": True}}
    assert entry.after == {"700003": {"ended_on": "2026-10-31", "is_active": False}}
    assert ImportBatch.objects.get(pk=batch.pk).result["left"] == 1


def test_who_joined_after_the_day_leaves_on_the_first_day(plant):
    late = make.make_member(
        Membership.objects.get(user__employee_no="700002").team, started_on=datetime.date(2026, 11, 9)
    )
    batch = stage(plant, *NOW[:3])
    apply_roster(batch, actor=None, absent=staged_plan(batch).absent_mark)
    assert late.memberships.get().ended_on == datetime.date(2026, 11, 9)


def test_a_leader_who_leaves_makes_room_for_no_one_by_himself_but_for_the_sheet_of_next_month(plant):
    batch = stage(plant, *NOW[1:3])
    apply_roster(batch, actor=None, absent=staged_plan(batch).absent_mark)
    after = stage(plant, ["700002", "李四", "运行部", "一值", "班长"], on=datetime.date(2026, 12, 1))
    apply_roster(after, actor=None)
    assert Membership.objects.open().get(role="leader").user.employee_no == "700002"


@pytest.mark.parametrize("without_bad_rows", [True, False])
def test_while_rows_are_wrong_nobody_leaves(without_bad_rows, plant):
    batch = stage(plant, *NOW[:2], ["7000o3?", "王五", "运行部", "二值"])
    mark = staged_plan(batch).absent_mark
    with pytest.raises(TeamError, match="有错"):
        apply_roster(batch, actor=None, absent=mark, without_bad_rows=without_bad_rows)
    assert User.objects.filter(is_active=False).count() == 0


def test_only_those_leave_who_were_shown(plant):
    batch = stage(plant, *NOW[:2])
    mark = staged_plan(batch).absent_mark
    newcomer = make.make_member(Membership.objects.get(user__employee_no="700002").team)
    with pytest.raises(StaleState, match="^打开页面之后，表里没有的人有变动"):
        apply_roster(batch, actor=None, absent=mark)
    assert User.objects.get(pk=newcomer.pk).is_active
    apply_roster(batch, actor=None, absent=staged_plan(batch).absent_mark)
    assert not User.objects.get(pk=newcomer.pk).is_active


def test_the_administrator_does_not_let_himself_go(plant):
    actor = User.objects.get(employee_no="700003")
    batch = stage(plant, *NOW[:2])
    with pytest.raises(TeamError, match="^您自己也不在表里"):
        apply_roster(batch, actor=actor, absent=staged_plan(batch).absent_mark)
    assert Membership.objects.open().count() == 4


def test_leaving_is_off_until_the_box_is_ticked_and_then_asks_with_the_number(plant, client):
    client.force_login(make.give_role(plant, "admin"))
    address = reverse("teams:roster-preview", args=[stage(plant, *NOW[:2]).pk])
    page = client.get(address).content.decode()
    assert ("表里没有的 1 人办理离开" in page, 'name="absent"' in page, "停用账号。确认导入吗" in page) == (
        True,
        False,
        False,
    )
    page = client.get(f"{address}?group=absent&leave=1").content.decode()
    assert ('name="absent"' in page, "给表里没有的 1 人办理离开并停用账号。确认导入吗" in page) == (True, True)
    assert "王五" in page
    bad = stage(plant, *NOW[:2], ["", "王五", "运行部", "二值"])
    page = client.get(reverse("teams:roster-preview", args=[bad.pk]) + "?leave=1").content.decode()
    assert ('name="absent"' in page, "要先改正才能办理离开" in page) == (False, True)


@pytest.mark.parametrize(
    ("people", "button", "note"),
    [
        (NOW, False, "和系统里一样，没有要导入的"),
        ([*NOW, ["", "没号", "运行部", "一值"]], False, "其余的和系统里一样，先改正有错的行"),
        (
            [*NOW[1:], ["700001", "张三", "运行部", "一值", "班长", "1.4"]],
            True,
            "将新增 0 人、变动 1 人。确认导入吗？",
        ),
    ],
)
def test_nothing_is_offered_when_nothing_would_change(people, button, note, plant, client):
    client.force_login(make.give_role(plant, "admin"))
    batch = stage(plant, *people)
    page = client.get(reverse("teams:roster-preview", args=[batch.pk])).content.decode()
    assert (reverse("teams:roster-apply", args=[batch.pk]) in page, note in page) == (button, True)


# -- The error sheet ----------------------------------------------------------------------------------------------------

FULL = ["备注", *HEADER]
WRONG = [
    ["临时", "17", "张 三", "运行部", "一值", "", "高", "", datetime.date(2008, 7, 1)],
    ["", "700002", "李四", "运行部", "一值"],
    ["", "700002", "李四", "运行部", "一值"],
]


def sheet_of(content):
    (rows,) = read_workbook(io.BytesIO(content)).values()
    return rows


def test_the_wrong_rows_come_back_as_they_were_with_the_reason(root):
    file = workbook({"说明": [["请看下表"]], "名单": [["某厂花名册"], FULL, *WRONG]})
    bad = staged_plan(stage_roster(file, root=root, effective_on=OCTOBER, actor=None)).bad
    rows = sheet_of(problem_workbook(read_workbook(file), bad))
    assert rows == [
        [*FULL, REASONS],
        [*WRONG[0][:8], "2008-07-01", "", "第 3 行：G（岗位系数）：岗位系数不是数字"],
        [*WRONG[2], "", "", "", "", "", "第 5 行：工号重复（与第 4 行相同）"],
    ]


def test_all_rows_can_be_had_instead(root):
    file = roster(*WRONG, header=FULL)
    bad = staged_plan(stage_roster(file, root=root, effective_on=OCTOBER, actor=None)).bad
    rows = sheet_of(problem_workbook(read_workbook(file), bad, every=True))
    assert [bool(row[-1]) for row in rows] == [True, True, False, True]


def test_a_corrected_error_sheet_is_imported_and_its_reasons_are_not_read(root):
    batch = stage(root, *WRONG, header=FULL)
    rows = sheet_of(problem_workbook(read_workbook(io.BytesIO(batch.content)), staged_plan(batch).bad))
    rows[1][6], rows[2][1] = "1.2", "700003"
    again = stage_roster(workbook({"花名册": rows}), root=root, effective_on=OCTOBER, actor=None)
    assert groups(again) == {"新进": ["张三", "李四"]}
    once_more = sheet_of(problem_workbook(read_workbook(workbook({"花名册": rows})), [], every=True))
    assert once_more[0].count(REASONS) == 1


def test_numbers_and_formulas_go_back_as_text(root):
    batch = stage(root, ["=1+1", 17.0, "", "一值", "厂长", 1.35])
    (row,) = sheet_of(problem_workbook(read_workbook(io.BytesIO(batch.content)), staged_plan(batch).bad))[1:]
    assert row[:6] == ["0", "17", "", "一值", "厂长", "1.35"]


def test_the_error_sheet_is_there_while_the_import_waits_and_gone_afterwards(root, client):
    client.force_login(make.give_role(root, "admin"))
    batch = stage(root, *NOW, ["", "无号", "运行部", "一值"])
    address = reverse("teams:roster-problems", args=[batch.pk])
    assert sheet_of(client.get(address).content)[1][1] == "无号"
    assert len(sheet_of(client.get(f"{address}?all=1").content)) == 6
    apply_roster(batch, actor=None, without_bad_rows=True)
    assert "原来的内容已经不保存了" in client.get(address, follow=True).content.decode()


# -- Strange but real workbooks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ODD)
def test_a_roster_that_looks_strange_is_read(name, root):
    file = ODD[name](HEADER[:4], ["700001", "张三", "运行部", "一值"])
    batch = stage_roster(file, root=root, effective_on=OCTOBER, actor=None)
    plan = staged_plan(batch)
    assert ([row.values["employee_no"] for row in plan.added], plan.bad) == (["700001"], [])


def test_a_formula_without_a_result_is_named_with_its_column(root):
    file = without_results(roster(["700001", "张三", "运行部", "一值", "", "1.3"]), "A2", "F2")
    (row,) = staged_plan(stage_roster(file, root=root, effective_on=OCTOBER, actor=None)).bad
    assert [problem.column for problem in row.problems] == ["A（工号）", "F（岗位系数）"]
    assert row.problems[0].reason.startswith("是没有算出结果的公式，请在表格软件里打开、保存后重新上传")


def test_two_columns_of_one_name_are_refused_with_both_letters(root):
    with pytest.raises(TeamError, match="有 2 列都叫“岗位系数”（F、J 列）"):
        stage(root, NOW[0], header=[*HEADER, "岗位系数"])


# -- The tree -----------------------------------------------------------------------------------------------------------


def test_a_unit_deep_in_the_tree_is_found_by_its_name(plant):
    deep = make.make_unit("三车间", parent=plant.children.get(name="检修部"))
    batch = stage(plant, ["700002", "李四", "三车间", "钳工班"])
    assert staged_plan(batch).new_units == []
    apply_roster(batch, actor=None)
    assert Membership.objects.open().get(user__employee_no="700002").team.unit == deep


def test_two_units_of_one_name_are_not_guessed_between(plant):
    make.make_unit("三车间", parent=plant)
    make.make_unit("三车间", parent=plant.children.get(name="检修部"))
    (row,) = staged_plan(stage(plant, ["700002", "李四", "三车间", "钳工班"])).bad
    assert [problem.reason for problem in row.problems] == ["部门重名"]


def test_a_person_of_another_plant_is_not_taken_away(plant):
    make.make_member(make.make_team(make.make_unit("别的厂")), user=make.make_user("700009", "外厂人"))
    (row,) = staged_plan(stage(plant, ["700009", "外厂人", "运行部", "一值"])).bad
    assert [problem.reason for problem in row.problems] == ["工号已在别的厂"]


def test_a_phone_is_masked_in_the_preview_and_in_the_trail(plant):
    batch = stage(plant, ["700002", "李四", "运行部", "一值", "", "", "", "", "13812345678"])
    assert changes(batch, "其他变更") == [[("联系电话", "", "138****5678")]]
    apply_roster(batch, actor=None)
    assert User.objects.get(employee_no="700002").phone == "13812345678"
    assert "13812345678" not in str(list(AuditEntry.objects.values("before", "after")))

"""The roster: what its rows say, what is wrong with them, and what importing them changes."""

import datetime
import io

import pytest

from teams.errors import StaleState, TeamError
from teams.models import ImportBatch, Membership, Team, Unit, User
from teams.roster import COLUMNS, EXAMPLE, read_date, read_roster
from teams.roster_plan import plan_import
from teams.roster_template import HINTS, roster_template
from teams.services.roster import apply_roster, discard_batch, stage_roster, staged_plan
from teams.workbooks import WorkbookRefused, read_workbook
from tests import factories as make
from tests.data import CASE, EXPECTED
from tests.hostile import HOSTILE
from tests.workbooks import HEADER, named, roster, workbook

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)


def person(number, name, team="一值", role="", coefficient="", political="", hired="", phone="", unit="运行部"):
    return [number, name, unit, team, role, coefficient, political, hired, phone]


def read(*people, **options):
    rows, _ = read_roster(read_workbook(roster(*people, **options)))
    return rows


def problems(row):
    return [(problem.column, problem.reason) for problem in row.problems]


def places():
    """{employee number: (unit, team, role, coefficient)} of everybody now in a team."""
    rows = Membership.objects.open().select_related("user", "team__unit")
    return {row.user.employee_no: (row.team.unit.name, row.team.name, row.role, row.coefficient) for row in rows}


@pytest.fixture
def root():
    return make.make_unit("本厂")


def import_roster(root, *people, on=OCTOBER, **options):
    batch = stage_roster(roster(*people), root=root, effective_on=on, actor=None)
    return apply_roster(batch, actor=None, **options)


# -- Reading ------------------------------------------------------------------------------------------------------------


def test_the_roster_of_the_case_holds_68_people_and_five_bad_rows(root):
    with (CASE / "roster.xlsx").open("rb") as file:
        rows, skipped = read_roster(read_workbook(file))
    plan = plan_import(rows, root)
    assert (len(plan.added), skipped) == (68, [78])
    bad = [{"row": row.number, "reason": row.problems[0].reason} for row in plan.bad]
    assert bad == EXPECTED["roster_errors"]
    assert all(row.problems[0].column != "" or row.problems[0].detail for row in plan.bad)


def test_the_examples_of_the_template_are_nobody():
    sheets = read_workbook(io.BytesIO(roster_template()))
    assert read_roster(sheets) == ([], [2, 3])
    assert set(HINTS) == set(COLUMNS)


def test_the_examples_of_the_template_are_without_mistakes():
    sheets = read_workbook(io.BytesIO(roster_template()))
    for row in sheets["花名册"][1:]:
        row[1] = row[1].removesuffix(EXAMPLE)
    rows, skipped = read_roster(sheets)
    assert [(row.values["employee_no"], row.problems) for row in rows] == [("000101", []), ("000102", [])]
    assert skipped == []


def test_a_full_row_becomes_plain_values():
    assert [
        row.values for row in read(person("8182", "刘\u3000洋", "一 值", "班长", 1.3, "党员", "1998.6", "0351-555"))
    ] == [
        {
            "employee_no": "008182",
            "name": "刘洋",
            "unit": "运行部",
            "team": "一值",
            "role": "leader",
            "coefficient": 130,
            "political_status": "party_member",
            "hired_on": "1998-06-01",
            "phone": "0351-555",
        }
    ]


def test_somebody_of_whom_only_name_and_team_are_known_is_a_worker_with_coefficient_one(root):
    import_roster(root, person("000001", "张三"))
    assert places() == {"000001": ("运行部", "一值", "worker", 100)}
    assert list(User.objects.values("political_status", "hired_on", "phone")) == [
        {"political_status": "", "hired_on": None, "phone": ""}
    ]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (8182, "008182"),
        (8182.0, "008182"),
        ("8182", "008182"),
        ("008182", "008182"),
        (" 00 8182 ", "008182"),
        ("A-17", "A-17"),
    ],
)
def test_an_employee_number_keeps_its_leading_zeros(cell, number):
    assert read(person(cell, "张三"))[0].values["employee_no"] == number


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime.date(1998, 6, 1), "1998-06-01"),
        (datetime.datetime(1998, 6, 1, 8, 30), "1998-06-01"),  # noqa: DTZ001
        ("1998-06-01", "1998-06-01"),
        ("1998/6/1", "1998-06-01"),
        ("1998.6", "1998-06-01"),
        ("1998年6月", "1998-06-01"),
        ("1998年6月15日", "1998-06-15"),
        ("", ""),
    ],
)
def test_a_date_may_be_written_in_many_ways(cell, day):
    assert read_date(cell) == day


@pytest.mark.parametrize("cell", ["1998-13-01", "1998-02-30", "去年", "1998", "06-01", 36000, True])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValueError, match="^日期无效$"):
        read_date(cell)


def test_rows_that_are_no_persons_are_skipped_and_counted():
    rows, skipped = read_roster(
        read_workbook(
            workbook(
                {
                    "说明": [["请先看"]],
                    "名单": [["某厂花名册"], [], HEADER, person("1", "张三"), [], ["", "", "合计 1 人"]],
                }
            )
        )
    )
    assert ([(row.number, row.values["name"]) for row in rows], skipped) == ([(4, "张三")], [6])


@pytest.mark.parametrize(
    ("number", "name", "read"),
    [("合计", "", "skipped"), ("备注：53 人", "", "skipped"), ("000009", "", "bad"), ("九号", "张三", "bad")],
)
def test_a_total_in_the_column_of_numbers_is_no_person_but_a_slip_is_told(number, name, read):
    people, skipped = read_roster({"名单": [HEADER, [number, name, *[""] * 7]]})
    assert ("skipped" if skipped == [2] else "bad" if people[0].problems else "good") == read


def test_two_rosters_in_one_workbook_are_not_guessed_between():
    sheets = {"运行部": [HEADER, person(1, "张三")], "说明": [["请先看"]], "检修部": [HEADER, person(2, "李四")]}
    with pytest.raises(WorkbookRefused, match="^工作表“运行部”、“检修部”都有花名册的表头，分不清用哪一张。请合成一张"):
        read_roster(sheets)


def test_columns_may_stand_in_any_order_and_others_may_stand_between():
    (row,) = read(["x", "一值", "张三", "运行部", 7], header=["备注", "班组", "姓名", "部门", "工号"])
    assert (row.values["employee_no"], row.values["name"], row.values["unit"], row.values["team"], row.problems) == (
        "000007",
        "张三",
        "运行部",
        "一值",
        [],
    )


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"number": ""}, "A（工号）", "缺工号"),
        ({"number": "工号1"}, "A（工号）", "工号无效：工号1"),
        ({"name": " "}, "B（姓名）", "缺姓名"),
        ({"unit": ""}, "C（部门）", "缺部门"),
        ({"team": ""}, "D（班组）", "缺班组"),
        ({"role": "厂长"}, "E（班组职务）", "班组职务无效：厂长"),
        ({"coefficient": "高"}, "F（岗位系数）", "岗位系数不是数字"),
        ({"coefficient": "1.005"}, "F（岗位系数）", "岗位系数最多两位小数"),
        ({"coefficient": "0"}, "F（岗位系数）", "岗位系数应在 0.01 到 9.99 之间"),
        ({"coefficient": "10"}, "F（岗位系数）", "岗位系数应在 0.01 到 9.99 之间"),
        ({"political": "无"}, "G（政治面貌）", "政治面貌无效：无"),
        ({"hired": "1998-13"}, "H（参加工作时间）", "日期无效"),
        ({"phone": "打不通"}, "I（联系电话）", "联系电话无效"),
    ],
)
def test_a_wrong_cell_is_named_by_column_and_reason(changes, column, reason):
    (row,) = read(person(**({"number": "000001", "name": "张三"} | changes)))
    assert problems(row) == [(column, reason)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_leaves_nothing_behind(name, root):
    content, sentence = HOSTILE[name]
    with pytest.raises(TeamError, match=sentence):
        stage_roster(named(content), root=root, effective_on=OCTOBER, actor=None)
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"名单": [["姓名", "班组"], ["张三", "一值"]]}, "^没有找到花名册："),
        ({"名单": [HEADER]}, "^表头下面一个人也没有。"),
    ],
)
def test_a_workbook_without_people_is_refused(sheets, sentence, root):
    with pytest.raises(TeamError, match=sentence):
        stage_roster(workbook(sheets), root=root, effective_on=OCTOBER, actor=None)


def test_a_workbook_without_header_is_a_refused_workbook():
    with pytest.raises(WorkbookRefused):
        read_roster({"名单": [["张三"]]})


# -- Contradictions -----------------------------------------------------------------------------------------------------


def test_a_number_twice_keeps_the_first_row(root):
    plan = plan_import(read(person(1, "张三"), person("000001", "李四")), root)
    assert [row.values["name"] for row in plan.added] == ["张三"]
    assert [(row.number, problems(row), row.problems[0].detail) for row in plan.bad] == [
        (3, [("", "工号重复")], "与第 2 行相同")
    ]


def test_a_team_has_one_leader_in_the_sheet(root):
    plan = plan_import(read(person(1, "张三", role="班长"), person(2, "李四", role="班长")), root)
    assert [(row.number, problems(row)) for row in plan.bad] == [(3, [("", "班组已有班长")])]


def test_the_present_leader_counts_unless_the_sheet_moves_him(root):
    import_roster(root, person(1, "张三", role="班长"))
    plan = plan_import(read(person(2, "李四", role="班长")), root)
    assert [row.problems[0].detail for row in plan.bad] == ["现任班长工号 000001，一个班组只能有一位班长"]
    plan = plan_import(read(person(2, "李四", role="班长"), person(1, "张三", role="副班长")), root)
    assert plan.bad == []


# -- Applying -----------------------------------------------------------------------------------------------------------


def test_an_import_makes_units_teams_people_and_places(root):
    import_roster(root, person(1, "张三", role="班长", coefficient=1.3), person(2, "李四", "二值", unit="检修部"))
    assert places() == {"000001": ("运行部", "一值", "leader", 130), "000002": ("检修部", "二值", "worker", 100)}
    assert sorted(Unit.objects.filter(parent=root).values_list("name", flat=True)) == ["检修部", "运行部"]
    assert set(Team.objects.values_list("formed_on", flat=True)) == {OCTOBER}


def test_importing_the_same_roster_again_changes_nothing(root):
    people = [person(1, "张三", role="班长", hired="1998.6"), person(2, "李四", coefficient=1.05, phone="555-555")]
    import_roster(root, *people)
    before = list(Membership.objects.values()), list(User.objects.values())
    plan = import_roster(root, *people, on=NOVEMBER)
    assert (plan.added, plan.changed, len(plan.unchanged)) == ([], [], 2)
    assert (list(Membership.objects.values()), list(User.objects.values())) == before


def test_an_empty_cell_changes_nothing(root):
    import_roster(root, person(1, "张三", political="群众", hired="1998.6", phone="555-555"))
    plan = import_roster(root, person(1, "张三"), on=NOVEMBER)
    assert plan.changed == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"coefficient": 1.2}, ("运行部", "一值", "worker", 120)),
        ({"role": "安全员"}, ("运行部", "一值", "safety", 100)),
        ({"team": "二值"}, ("运行部", "二值", "worker", 100)),
        ({"unit": "检修部"}, ("检修部", "一值", "worker", 100)),
    ],
)
def test_a_change_of_place_closes_the_row_and_opens_another(change, place, root):
    import_roster(root, person(1, "张三"))
    import_roster(root, person(1, "张三", **change), on=NOVEMBER)
    rows = Membership.objects.order_by("started_on").values_list("started_on", "ended_on", "coefficient")
    assert list(rows) == [(OCTOBER, datetime.date(2026, 10, 31), 100), (NOVEMBER, None, place[3])]
    assert places() == {"000001": place}


def test_a_change_on_the_first_day_replaces_the_row(root):
    import_roster(root, person(1, "张三"))
    import_roster(root, person(1, "张三", coefficient=1.2))
    assert list(Membership.objects.values_list("started_on", "ended_on", "coefficient")) == [(OCTOBER, None, 120)]


def test_two_leaders_change_places_in_one_sheet(root):
    import_roster(root, person(1, "张三", role="班长"), person(2, "李四", "二值", role="班长"))
    import_roster(root, person(1, "张三", "二值", role="班长"), person(2, "李四", "一值", role="班长"), on=NOVEMBER)
    assert places() == {"000001": ("运行部", "二值", "leader", 100), "000002": ("运行部", "一值", "leader", 100)}


def test_a_successor_takes_over_from_a_leader_who_steps_down_further_below(root):
    import_roster(root, person(1, "张三", role="班长"), person(2, "李四"))
    import_roster(root, person(2, "李四", role="班长"), person(1, "张三", role="副班长"), on=NOVEMBER)
    assert places() == {"000001": ("运行部", "一值", "deputy", 100), "000002": ("运行部", "一值", "leader", 100)}


def test_a_corrected_name_is_no_new_person(root):
    import_roster(root, person(1, "张叁"))
    plan = import_roster(root, person(1, "张三"), on=NOVEMBER)
    assert [change for _, change in plan.changed] == [{"name": ["张叁", "张三"]}]
    assert list(User.objects.values_list("employee_no", "name")) == [("000001", "张三")]
    assert Membership.objects.count() == 1


def test_who_is_not_mentioned_stays_where_he_is_and_is_named(root):
    import_roster(root, person(1, "张三"), person(2, "李四"))
    plan = import_roster(root, person(1, "张三", coefficient=1.1), on=NOVEMBER)
    assert [membership.user.name for membership in plan.absent] == ["李四"]
    assert places()["000002"] == ("运行部", "一值", "worker", 100)


def test_bad_rows_stop_the_import_unless_they_are_left_out(root):
    people = [person(1, "张三"), person(2, "")]
    with pytest.raises(TeamError, match="^还有 1 行有错，一行也没有导入。"):
        import_roster(root, *people)
    assert (User.objects.count(), Team.objects.count(), ImportBatch.objects.get().state) == (0, 0, "previewed")
    import_roster(root, *people, without_bad_rows=True)
    assert list(places()) == ["000001"]


def test_a_batch_is_applied_or_discarded_once(root):
    batch = stage_roster(roster(person(1, "张三")), root=root, effective_on=OCTOBER, actor=None)
    apply_roster(batch, actor=None)
    for again in (apply_roster, discard_batch):
        with pytest.raises(StaleState):
            again(batch, actor=None)
    assert (User.objects.count(), ImportBatch.objects.get().state) == (1, "applied")


def test_a_discarded_batch_changes_nothing(root):
    batch = stage_roster(roster(person(1, "张三")), root=root, effective_on=OCTOBER, actor=None)
    discard_batch(batch, actor=None)
    with pytest.raises(StaleState):
        apply_roster(batch, actor=None)
    assert (User.objects.count(), ImportBatch.objects.get().state) == (0, "discarded")


def test_a_staged_batch_is_checked_against_the_data_of_today(root):
    batch = stage_roster(roster(person(2, "李四", role="班长")), root=root, effective_on=OCTOBER, actor=None)
    assert staged_plan(batch).bad == []
    import_roster(root, person(1, "张三", role="班长"))
    assert [row.problems[0].reason for row in staged_plan(batch).bad] == ["班组已有班长"]


def test_people_of_another_plant_are_left_alone(root):
    other = make.make_unit("别的厂")
    import_roster(other, person(1, "张三"))
    import_roster(root, person(2, "李四"))
    assert Team.objects.filter(name="一值").count() == 2

"""A standard as a workbook: what goes out comes back the same; what is wrong is named by row, column and reason."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import StandardVersion
from assessments.services import standard_editing, standards
from assessments.standards import sheet as standard_sheet
from assessments.standards.content import content_of, content_of_preset, line_of, standing
from assessments.standards.sheet import SheetRefused, read_standard, workbook_with
from teams.workbooks import NO_VALUE, WorkbookRefused
from tests import factories as make
from tests.workbooks import named, workbook

HEADER = ["大项", "小项", "满分", "方式", "一票否决"]


def lines(*rows, header=None):
    return workbook({"小项": [header or HEADER, *rows]}, "标准.xlsx")


@pytest.mark.parametrize("key", standards.presets())
def test_every_preset_comes_back_as_it_went_out(key):
    preset = standards.presets()[key]
    content = content_of_preset(preset)
    assert read_standard(named(workbook_with(preset["name"], content))) == (preset["name"], content)


def test_a_bare_table_is_enough():
    name, content = read_standard(
        lines(["安全", "班前会 记录", 3], ["", "违章", "4.5", "是否", "是"], ["生产", "巡检", 5.0])
    )
    assert name == ""
    assert [(chapter.name, [line.name for line in chapter.lines]) for chapter in content.chapters] == [
        ("安全", ["班前会 记录", "违章"]),
        ("生产", ["巡检"]),
    ]
    second = content.coded["1.2"]
    assert (second.points, second.step, second.method, second.veto, second.may_be_na) == (450, 50, "yes_no", True, True)
    assert content.grades == (("优秀", 9000), ("良好", 8000), ("合格", 7000))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["安全", "", 3]], "第 2 行“小项”（B 列）：请填写"),
        ([["安全", "班前会", "三"]], "第 2 行“满分”（C 列）：“三”不是数字，请写成 12.50 这样"),
        ([["安全", "班前会", 3], ["", "违章", 0]], "第 3 行“满分”（C 列）：要大于 0、不超过 1000 分"),
        ([["安全", "班前会", 3, "随便"]], "第 2 行“方式”（D 列）：要在扣分、是否、打分、加分里选一个"),
        ([["安全", "班前会", 3, "加分", "是"]], "第 2 行“一票否决”（E 列）：加分的小项不能一票否决，请去掉其中一样"),
        ([["安全", "班前会", 3, "扣分", "对"]], "第 2 行“一票否决”（E 列）：要填“是”或“否”"),
        ([["", "班前会", 3]], "第 2 行“大项”（A 列）：请填写"),
        ([["安全", "会", 3], ["安" * 61, "票", 3]], "第 3 行“大项”（A 列）：最多 60 个字，现在有 61 个"),
        ([], "表头下面没有小项"),
    ],
)
def test_a_wrong_row_is_named(rows, sentence):
    with pytest.raises(SheetRefused) as refused:
        read_standard(lines(*rows))
    assert str(refused.value) == f"标准没有导入，请改正后重新上传。{sentence}。"


def test_many_wrong_rows_are_told_to_a_point():
    with pytest.raises(SheetRefused, match="第 21 行.*；还有 5 处。$"):
        read_standard(lines(*[["安全", f"第 {number} 条", "x"] for number in range(25)]))


def test_wrong_figures_are_named_by_their_sheet():
    file = workbook(
        {
            "小项": [HEADER, ["安全", "会", 3]],
            "设置": [["每月加分上限", "", "十"], ["等级", "优", 80], ["等级", "良", 90]],
        }
    )
    with pytest.raises(SheetRefused, match="“设置”表“每月加分上限”：“十”不是数字.*“设置”表“等级 2 最低分”"):
        read_standard(file)


def settings_of(*rows):
    """What the importer makes of a sheet of settings."""
    return read_standard(workbook({"小项": [HEADER, ["安全", "会", 3]], "设置": list(rows)}))[1]


def test_stars_choices_and_ratios_of_ranks_are_read_by_their_words():
    content = settings_of(
        ["星级", "五星", 90],
        ["星级", "三星", 70.5],
        ["一票否决的后果", "等级最高只到某一级", ""],
        ["否决后最高等级", "合格", ""],
        ["不适用的小项", "按满分算", ""],
        ["名次折算", 3, 1],
        ["名次折算", "4", "0.98"],
    )
    assert (content.stars, content.rank_points) == (((5, 9000), (3, 7050)), ((3, 100), (4, 98)))
    assert (content.veto_effect, content.veto_cap, content.na_rule) == ("cap", "合格", "full")
    assert (content.league, content.ties) == ("unit", "shared")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["星级", "六星", 95], "“设置”表“星级”：“六星”要写成五星、四星、三星、二星、一星里的一个。"),
        (["不适用的小项", "随便", ""], "“设置”表“不适用的小项”：要在“不进分母”、“按满分算”里选一个"),
        (["名次折算", "前三名", 1], "“设置”表“名次折算”：“前三名｜1”要写成“到第几名｜折算”"),
    ],
)
def test_wrong_settings_are_named(row, sentence):
    with pytest.raises(SheetRefused) as refused:
        settings_of(row)
    assert sentence in str(refused.value)


def test_a_formula_without_result_is_refused(monkeypatch):
    sheet = {"小项": [HEADER[:3], ["安全", "会", NO_VALUE]]}
    monkeypatch.setattr(standard_sheet, "read_workbook", lambda file: sheet)
    with pytest.raises(SheetRefused, match="第 2 行“满分”（C 列）：是没有算出结果的公式"):
        read_standard(None)


def test_a_missing_header_and_what_is_no_workbook_are_refused():
    with pytest.raises(SheetRefused, match="没有找到标准：前 10 行里要有一行表头"):
        read_standard(lines(["安全", "会", 3], header=["项目", "内容", "分"]))
    with pytest.raises(WorkbookRefused):
        read_standard(named(b"no workbook"))


def test_too_many_lines_are_refused():
    with pytest.raises(SheetRefused, match="最多 300 条小项，表里有 301 条"):
        read_standard(lines(*[["安全", f"第 {number} 条", 1] for number in range(301)]))


# -- Through the browser ---------------------------------------------------------------------------------------------------


@pytest.fixture
def assessor(db, client):
    unit = make.make_unit()
    client.force_login(make.give_role(unit, "assessor"))
    return client, unit


def send(assessor, content, name=""):
    client, unit = assessor
    file = SimpleUploadedFile("标准.xlsx", content)
    return client.post(
        reverse("assessments:standard-import"), {"unit": unit.pk, "name": name, "file": file}, follow=True
    )


def test_an_exported_standard_is_imported_as_a_draft(assessor):
    client, unit = assessor
    version = make.make_standard(unit)
    exported = client.get(reverse("assessments:standard-export", args=[version.pk]))
    assert "attachment" in exported.headers["Content-Disposition"]
    assert "5 条小项，基础分 20 分。" in send(assessor, exported.content).content.decode()
    again = StandardVersion.objects.latest("id")
    assert (again.standard, again.number, again.state) == (version.standard, 2, "draft")
    assert content_of(again) == content_of(version)


def test_a_nameless_standard_needs_a_name(assessor):
    content = lines(["安全", "会", 3]).read()
    assert "请写明标准名称，最多 80 个字。" in send(assessor, content).content.decode()
    assert StandardVersion.objects.count() == 0
    send(assessor, content, name="新标准")
    assert StandardVersion.objects.get().standard.name == "新标准"


# -- Into a lower unit -----------------------------------------------------------------------------------------------------


@pytest.fixture
def above(db):
    """The standard in force of a plant."""
    return make.make_standard(make.make_unit())


def exported(version, changes=None):
    """(name, Content) of the workbook of a version, written and read again; `changes` are {code: {field: value}}."""
    content = content_of(version)
    chapters = (
        replace(
            chapter,
            lines=tuple(
                replace(line, **(changes or {}).get(f"{number}.{position}", {}))
                for position, line in enumerate(chapter.lines, start=1)
            ),
        )
        for number, chapter in enumerate(content.chapters, start=1)
    )
    return read_standard(named(workbook_with(version.standard.name, replace(content, chapters=tuple(chapters)))))


def taken_in(unit, name, content):
    """{code: how the line stands to the upper unit's} of the draft that the content becomes."""
    version = standard_editing.take_in(unit, name, content, actor=None, source="标准.xlsx")
    rows = version.criteria.select_related("origin")
    return {row.code: standing(line_of(row), row.origin and line_of(row.origin)) for row in rows}


def test_lines_from_above_keep_their_origin_through_a_workbook(above):
    unit = make.make_unit(parent=above.standard.unit)
    copy = standard_editing.hand_down(above, unit, actor=None)
    changed = exported(copy, {"1.2": {"points": 600}, "2.1": {"name": "巡回检查"}})
    others = dict.fromkeys(("1.1", "2.2", "2.3"), "inherited")
    assert taken_in(unit, *changed) == others | {"1.2": "changed", "2.1": "own"}
    origins = dict(above.criteria.values_list("code", "pk"))
    again = StandardVersion.objects.latest("id")
    assert (again.number, again.criteria.get(code="1.2").origin_id) == (2, origins["1.2"])


def test_the_first_standard_of_a_lower_unit_is_joined_to_the_one_above(above):
    unit = make.make_unit(parent=make.make_unit(parent=above.standard.unit))
    assert set(taken_in(unit, *exported(above)).values()) == {"inherited"}


def test_a_line_put_in_before_does_not_part_the_others_from_their_origin(above):
    unit = make.make_unit(parent=above.standard.unit)
    name, content = exported(above)
    first = content.chapters[0]
    more = replace(first, lines=(replace(first.lines[0], name="新的一条"), *first.lines))
    found = taken_in(unit, name, replace(content, chapters=(more, *content.chapters[1:])))
    assert found == {"1.1": "own", **dict.fromkeys(("1.2", "1.3", "2.1", "2.2", "2.3"), "inherited")}


def test_lines_of_one_name_are_told_apart_by_their_place(above):
    unit = make.make_unit(parent=above.standard.unit)
    name, content = exported(above)
    twice = replace(content.chapters[0], lines=(*content.chapters[0].lines, content.chapters[0].lines[0]))
    found = taken_in(unit, name, replace(content, chapters=(twice, content.chapters[1])))
    assert (found["1.1"], found["1.3"]) == ("inherited", "own")


def test_a_standard_of_the_own_of_a_foreign_unit_or_a_draft_above_is_no_origin(above):
    root = above.standard.unit
    assert set(taken_in(root, *exported(above)).values()) == {"own"}
    assert set(taken_in(make.make_unit(), *exported(above)).values()) == {"own"}
    _, content = exported(above)
    standards.draft(root, "只有草案", content, actor=None)
    assert set(taken_in(make.make_unit(parent=root), "只有草案", content).values()) == {"own"}

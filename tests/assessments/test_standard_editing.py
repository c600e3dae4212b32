"""Drafts of standards: saved as a whole by one of two, begun anew, handed down, compared."""

from dataclasses import replace

import pytest

from assessments.errors import AssessmentError, StaleState
from assessments.forms.standards import DraftForm, sums_of
from assessments.models import Criterion, StandardVersion
from assessments.services import standard_editing, standards
from assessments.standards.changes import differences, figures_changed
from assessments.standards.content import (
    Chapter,
    Content,
    Line,
    award_points,
    content_of,
    content_of_preset,
    fingerprint,
    standing,
)
from assessments.standards.tree import Tree
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import STANDARD

SMALL = content_of_preset(STANDARD)


def with_lines(content, chapter, *lines):
    """The content with other lines in one chapter (0 is the first)."""
    chapters = list(content.chapters)
    chapters[chapter] = replace(chapters[chapter], lines=lines)
    return replace(content, chapters=tuple(chapters))


def draft(unit=None):
    return standards.create_version(unit or make.make_unit(), STANDARD, actor=None)


def save(version, content, shown=None):
    return standard_editing.save(version, content, shown or fingerprint(content_of(version)), actor=None)


def edits():
    return AuditEntry.objects.filter(verb="standard.edited")


# -- Saving ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_saved_is_what_is_read_with_codes_from_the_order():
    version = draft()
    line = Line(
        "动火票",
        200,
        100,
        "yes_no",
        "没有票不得分",
        (("好", "有", 200), ("差", "没有", 0)),
        "照片",
        "安环部",
        True,
        False,
    )
    content = with_lines(SMALL, 0, line, *SMALL.chapters[0].lines)
    save(version, content)
    assert content_of(version) == content
    codes = list(version.criteria.order_by("category__number", "number").values_list("code", "name"))
    assert codes[:3] == [("1.1", "动火票"), ("1.2", "班前会"), ("1.3", "违章")]


@pytest.mark.django_db
def test_one_row_in_the_trail_tells_counts_sums_and_changed_lines():
    version = draft()
    first, second = SMALL.chapters[0].lines
    content = with_lines(
        SMALL, 0, replace(first, points=500), replace(second, name="无违章"), Line("革新", 100, method="award")
    )
    save(version, content)
    entry = edits().get()
    assert entry.before == {"lines": 5, "points": "20", "award_points": "0"}
    assert (entry.after["lines"], entry.after["points"], entry.after["award_points"]) == (6, "22", "1")
    assert entry.after["changes"] == ["1.1 班前会：满分 3 → 5", "1.2 无违章：小项 违章 → 无违章", "增加 1.3 革新"]


@pytest.mark.django_db
def test_the_figures_of_a_draft_are_saved_with_it():
    version = draft()
    told = save(version, replace(SMALL, awards_cap=500, grades=(("好", 8000),), member_max=11000))
    version.refresh_from_db()
    assert (version.awards_cap, version.grades, version.member_max) == (500, [["好", 8000]], 11000)
    assert told[0] == "每月加分上限：10 → 5"


@pytest.mark.django_db
def test_saving_what_is_there_leaves_no_trail():
    version = draft()
    before = list(version.criteria.values_list("pk", flat=True))
    assert save(version, content_of(version)) == []
    assert (list(version.criteria.values_list("pk", flat=True)), edits().count()) == (before, 0)


@pytest.mark.django_db
def test_of_two_assessors_the_second_is_told_and_changes_nothing():
    version = draft()
    shown = fingerprint(content_of(version))
    mine, theirs = replace(SMALL, awards_cap=100), replace(SMALL, awards_cap=200)
    save(version, mine, shown)
    with pytest.raises(StaleState, match="^这个草案刚在别的页面上改过"):
        save(version, theirs, shown)
    version.refresh_from_db()
    assert (version.awards_cap, edits().count()) == (100, 1)
    save(version, theirs)  # the control: after looking again it goes
    assert edits().count() == 2


@pytest.mark.django_db
def test_a_version_in_force_or_deleted_is_not_saved():
    version = make.make_standard(make.make_unit())
    with pytest.raises(StaleState, match="已经执行或删除了"):
        save(version, replace(SMALL, awards_cap=100))
    gone = draft()
    shown = fingerprint(content_of(gone))
    standards.discard(StandardVersion.objects.get(pk=gone.pk), actor=None)
    with pytest.raises(StaleState, match="已经执行或删除了"):
        save(gone, SMALL, shown)
    assert edits().count() == 0


@pytest.mark.django_db
def test_a_standard_of_awards_alone_is_not_put_in_force():
    version = draft()
    save(version, replace(SMALL, chapters=(Chapter("加分", (Line("革新", 100, method="award"),)),)))
    with pytest.raises(AssessmentError, match="还没有小项（加分的不算）"):
        standards.put_in_force(version, make.PERIOD, actor=None)


# -- A further version, and one for a lower unit ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_further_version_says_the_same_and_is_told_in_one_row():
    version = make.make_standard(make.make_unit())
    rows = AuditEntry.objects.count()
    again = standard_editing.redraft(version, actor=None)
    assert (again.standard, again.number, again.state) == (version.standard, 2, "draft")
    assert content_of(again) == content_of(version)
    entry = AuditEntry.objects.latest("id")
    assert (AuditEntry.objects.count(), entry.verb, entry.after) == (
        rows + 1,
        "standard.drafted",
        {"source": str(version)},
    )


@pytest.mark.django_db
def test_a_draft_is_edited_not_drafted_again_nor_handed_down():
    root = make.make_unit()
    version = draft(root)
    with pytest.raises(AssessmentError, match="还是草案，直接改"):
        standard_editing.redraft(version, actor=None)
    with pytest.raises(AssessmentError, match="执行以后才能下发"):
        standard_editing.hand_down(version, make.make_unit(parent=root), actor=None)


@pytest.mark.django_db
def test_a_lower_unit_gets_lines_that_know_where_they_come_from():
    root = make.make_unit()
    version = make.make_standard(root)
    copy = standard_editing.hand_down(version, make.make_unit(parent=make.make_unit(parent=root)), actor=None)
    origins = dict(copy.criteria.values_list("code", "origin__code"))
    assert origins == {code: code for code in ("1.1", "1.2", "2.1", "2.2", "2.3")}
    assert set(copy.criteria.values_list("origin__version", flat=True)) == {version.pk}
    content = content_of(copy)
    first = content.chapters[0].lines[0]
    save(copy, with_lines(content, 0, replace(first, points=700), Line("动火票", 100)))
    kept = copy.criteria.select_related("origin").order_by("category__number", "number")
    assert [(row.code, row.origin and row.origin.code) for row in kept][:3] == [
        ("1.1", "1.1"),
        ("1.2", None),
        ("2.1", "2.1"),
    ]
    standards.put_in_force(copy, make.PERIOD, actor=None)
    again = standard_editing.redraft(copy, actor=None)
    assert again.criteria.get(code="1.1").origin == kept[0].origin


@pytest.mark.django_db
def test_nothing_is_handed_to_the_own_a_foreign_or_a_higher_unit():
    root = make.make_unit()
    unit = make.make_unit(parent=root)
    version = make.make_standard(unit)
    for other in (unit, root, make.make_unit(parent=root)):
        with pytest.raises(AssessmentError, match="不是.*的下级单位"):
            standard_editing.hand_down(version, other, actor=None)
    assert StandardVersion.objects.count() == 1


def test_a_line_stands_to_its_origin_as_inherited_changed_or_own():
    line = Line("班前会", 300)
    assert standing(replace(line, origin=7), line) == "inherited"
    assert standing(replace(line, points=400, origin=7), line) == "changed"
    assert standing(line, None) == "own"


# -- Comparing -------------------------------------------------------------------------------------------------------------


def test_lines_belong_together_by_origin_then_name_then_code():
    first, second = SMALL.chapters[0].lines
    assert differences(SMALL, SMALL) == []
    moved = with_lines(SMALL, 0, second, first)
    assert differences(SMALL, moved) == []
    renamed = with_lines(SMALL, 0, replace(first, name="班前班后会"), second)
    assert [str(change) for change in differences(SMALL, renamed)] == ["1.1 班前班后会：小项 班前会 → 班前班后会"]
    inserted = with_lines(SMALL, 0, Line("动火票", 100), first, second)
    assert [str(change) for change in differences(SMALL, inserted)] == ["增加 1.1 动火票"]
    assert [str(change) for change in differences(inserted, SMALL)] == ["删去 1.1 动火票"]
    crossed = with_lines(SMALL, 0, replace(second, name="动火票"), replace(first, points=400))
    told = [str(change) for change in differences(SMALL, crossed, {"1.1": "1.2", "1.2": "1.1"})]
    assert told == ["1.1 动火票：小项 违章 → 动火票", "1.2 班前会：满分 3 → 4"]


def test_changed_figures_and_chapters_are_told():
    new = replace(SMALL, grades=(("优", 9500),), chapters=(*SMALL.chapters, Chapter("加分")))
    assert figures_changed(SMALL, new) == [
        ("等级线", "优秀 ≥ 90、良好 ≥ 80、合格 ≥ 70", "优 ≥ 95"),
        ("大项", "安全、生产", "安全、生产、加分"),
    ]


# -- The page's tree and its forms -----------------------------------------------------------------------------------------


def tree(content=SMALL):
    return Tree.read(Tree.of(content).fields())


def names(tree):
    return [(name, [line["name"] for line in lines]) for name, lines in tree.chapters]


@pytest.mark.parametrize(
    ("step", "chapters"),
    [
        ("up-2", [("生产", ["巡检", "缺陷", "设备卫生"]), ("安全", ["班前会", "违章"])]),
        ("down-1", [("生产", ["巡检", "缺陷", "设备卫生"]), ("安全", ["班前会", "违章"])]),
        ("up-1-2", [("安全", ["违章", "班前会"]), ("生产", ["巡检", "缺陷", "设备卫生"])]),
        ("down-1-2", [("安全", ["班前会"]), ("生产", ["违章", "巡检", "缺陷", "设备卫生"])]),
        ("up-2-1", [("安全", ["班前会", "违章", "巡检"]), ("生产", ["缺陷", "设备卫生"])]),
        ("delete-2-2", [("安全", ["班前会", "违章"]), ("生产", ["巡检", "设备卫生"])]),
        ("delete-1", [("生产", ["巡检", "缺陷", "设备卫生"])]),
        ("add-1", [("安全", ["班前会", "违章", ""]), ("生产", ["巡检", "缺陷", "设备卫生"])]),
        ("add", [("安全", ["班前会", "违章"]), ("生产", ["巡检", "缺陷", "设备卫生"]), ("", [""])]),
    ],
)
def test_a_step_arranges_the_tree(step, chapters):
    page = tree()
    page.arrange(step, {})
    assert names(page) == chapters


@pytest.mark.parametrize(
    "step",
    [
        "",
        "save",
        "up-1",
        "down-2",
        "up-1-1",
        "down-2-3",
        "delete-9",
        "delete-1-9",
        "up-0",
        "restore-1-1",
        "up",
        "x-1",
        "add-99999999999999999999",
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(step):
    page = tree()
    page.arrange(step, {})
    assert page == tree()


@pytest.mark.django_db
def test_a_line_is_put_back_to_the_words_of_the_upper_unit():
    root = make.make_unit()
    version = make.make_standard(root)
    copy = standard_editing.hand_down(version, make.make_unit(parent=root), actor=None)
    origins = {str(row.pk): row for row in Criterion.objects.filter(version=version)}
    page = tree(content_of(copy))
    page.chapters[0][1][0] |= {"name": "我们的班前会", "points": "9", "veto": "on"}
    form = DraftForm(page, origins)
    assert [line.standing for line in form.lines] == ["changed", *["inherited"] * 4]
    page.arrange("restore-1-1", origins)
    form = DraftForm(page, origins)
    assert form.errors() == []
    assert form.content() == content_of(copy)


def test_what_the_page_shows_can_be_sent_as_it_is():
    for preset in standards.presets().values():
        form = DraftForm(tree(content_of_preset(preset)), {})
        assert (form.errors(), form.content()) == ([], content_of_preset(preset))


OUT_OF_REACH = "不能超过 110 分：满分 100 分，每月加分最多 10 分。"
CAP = "要填等级线里的一个等级，要比最高一等低。要直接最低的，上一项选“等级直接最低”。"


def refused(chapter=None, line=None, **figures):
    """The sentences about the small standard with some texts typed differently."""
    page = tree()
    page.figures |= {
        name.replace("_n", "-") if name[:5] in ("grade", "least") else name: text for name, text in figures.items()
    }
    page.chapters[0][1][0] |= line or {}
    page.chapters[0][0] = page.chapters[0][0] if chapter is None else chapter
    return [text for _, text in DraftForm(page, {}).errors()]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"name": ""}, "1.1 “小项”：请填写。"),
        ({"name": "长" * 101}, "1.1 “小项”：最多 100 个字，现在有 101 个。"),
        ({"guidance": "看\0不见"}, "1.1 “评分说明”：有看不见的控制字符，请删掉后重填。"),
        ({"points": "三"}, "1.1 “满分”：“三”不是数字，请写成 12.50 这样。"),
        ({"points": "0"}, "1.1 “满分”：要大于 0、不超过 1000 分。"),
        ({"points": "1000.01"}, "1.1 “满分”：要大于 0、不超过 1000 分。"),
        ({"step": "3.5"}, "1.1 “每次至少”：要大于 0、不超过满分 3 分。"),
        ({"method": "guess"}, "1.1 “方式”：要在扣分、是否、打分、加分里选一个。"),
        ({"method": "award", "veto": "on"}, "1.1 “一票否决”：加分的小项不能一票否决，请去掉其中一样。"),
        ({"levels": "好 5"}, "1.1 “分级说明”：“好 5”要写成“名称｜说明｜分值”，例如“好｜天天做到｜5”。"),
        ({"levels": "好|做到|x"}, "1.1 “分级说明”：“好|做到|x”：“x”不是数字，分值请写成 5 或 4.5 这样。"),
        ({"levels": "差|没做到|1\n好|做到|3"}, "1.1 “分级说明”：各级的分值要从高到低，不重复、不小于 0、不超过满分。"),
        ({"levels": "好|做到|4"}, "1.1 “分级说明”：各级的分值要从高到低，不重复、不小于 0、不超过满分。"),
        ({"origin": "4711"}, "1.1 继承的那一条不是上级标准里的，请刷新页面后重新填写。"),
    ],
)
def test_a_wrong_line_is_named(line, sentence):
    assert refused(line=line) == [sentence]


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"awards_cap": "-1"}, "“每月加分上限”：要在 0 到 1000 分之间。"),
        ({"member_min": "110"}, "“个人基础分”：要不低于个人最低分、不高于个人最高分。"),
        ({"lowest_grade": ""}, "“最低等级”：请填写。"),
        ({"grade_n4": "较差"}, "“等级 4”：名称和最低分要么都填，要么都不填。"),
        ({"least_n2": "90"}, "“等级 2 最低分”：各等级的最低分要从高到低，不能相同：这里要低于 90 分。"),
        ({"least_n3": "85"}, "“等级 3 最低分”：各等级的最低分要从高到低，不能相同：这里要低于 80 分。"),
        ({"least_n3": "-5"}, "“等级 3 最低分”：要大于 0 分。"),
        ({"least_n1": "110.01"}, f"“等级 1 最低分”：{OUT_OF_REACH}"),
        ({"star-5": "150"}, f"“五星最低分”：{OUT_OF_REACH}"),
        ({"grade_n1": "不合格"}, "“等级 1”：等级的名称不能相同，也不能和最低等级相同。"),
        ({"grade_n1": "合格"}, "“等级 3”：等级的名称不能相同，也不能和最低等级相同。"),
        ({"star-5": "90", "star-3": "90"}, "“三星最低分”：星级越高最低分要越高，不能相同：这里要低于 90 分。"),
        ({"star-4": "0"}, "“四星最低分”：要大于 0 分。"),
        ({"veto_effect": ""}, "“一票否决的后果”：请选择。"),
        ({"ties": "x"}, f"“同分怎么排”：要在“{'”、“'.join(StandardVersion.Ties.labels)}”里选一个。"),
        ({"veto_effect": "cap"}, f"“否决后最高等级”：{CAP}"),
        ({"veto_effect": "cap", "veto_cap": "优秀"}, f"“否决后最高等级”：{CAP}"),
        ({"rank_points": "三｜1"}, "“名次折算”：“三｜1”要写成“到第几名｜折算”，例如“3｜1”或“4｜0.98”。"),
        ({"rank_points": "3 1"}, "“名次折算”：“3 1”要写成“到第几名｜折算”，例如“3｜1”或“4｜0.98”。"),
        ({"rank_points": "1.5｜1"}, "“名次折算”：“1.5｜1”要写成“到第几名｜折算”，例如“3｜1”或“4｜0.98”。"),
        ({"rank_points": "3｜1\n3｜0.9"}, "“名次折算”：名次要一档比一档大，在 1 到 999 之间，不能相同。"),
        ({"rank_points": "3｜0.9\n4｜1"}, "“名次折算”：折算要在 0 到 10 之间，名次靠后的不能比靠前的高。"),
        ({"rank_points": "3｜98"}, "“名次折算”：折算要在 0 到 10 之间，名次靠后的不能比靠前的高。"),
        ({"rank_points": "1｜1\n" * 21}, "“名次折算”：最多 20 档，现在有 21 档。"),
    ],
)
def test_wrong_figures_are_named(figures, sentence):
    assert refused(**figures) == [sentence]


def test_what_can_just_be_reached_is_accepted():
    assert refused(least_n1="110") == []
    assert refused(least_n1="110", awards_cap="9.99") != []
    assert refused(least_n1="110", awards_cap="x") == ["“每月加分上限”：“x”不是数字，请写成 12.50 这样。"]


def test_a_chapter_without_a_name_and_too_many_lines_are_named():
    assert refused(chapter="") == ["第 1 大项“大项”：请填写。"]
    page = tree()
    page.chapters[0][1] *= 151
    assert [text for _, text in DraftForm(page, {}).errors()] == ["一个标准最多 300 条小项，现在有 305 条。"]


def test_sums_are_said_with_awards_apart():
    content = Content(1000, (), "差", 0, 0, 0, (Chapter("安全", (Line("会", 300), Line("革新", 150, method="award"))),))
    assert sums_of(content) == "2 条小项，基础分 3 分，加分小项 1.5 分。"
    assert award_points(content.coded.values()) == 150

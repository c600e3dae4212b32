"""Standards: versions of plain data; the nearest unit's latest one holds; in force it changes no more."""

import re

import pytest
from django.urls import reverse

from assessments.errors import AssessmentError, StaleState
from assessments.models import Category, Criterion, Standard, StandardVersion
from assessments.selectors import version_for, yardstick_of
from assessments.services import standards
from assessments.standards.content import base_points, content_of, content_of_preset
from teams import periods
from teams.figures import hundredths
from tests import factories as make
from tests.factories import PERIOD, STANDARD

pytestmark = pytest.mark.django_db


def test_the_shipped_standard_has_5_chapters_44_criteria_and_100_points():
    version = standards.install_preset("standard_5x44", make.make_unit(), actor=None)
    criteria = Criterion.objects.filter(version=version)
    assert (Category.objects.filter(version=version).count(), criteria.count()) == (5, 44)
    assert sum(criteria.values_list("points", flat=True)) == 10000
    assert (version.state, version.number) == ("draft", 1)


def test_a_version_becomes_the_numbers_that_scores_are_made_of():
    yardstick = yardstick_of(make.make_standard(make.make_unit()))
    assert yardstick.criteria == {
        "1.1": (1, 300, "deduct", False),
        "1.2": (1, 400, "deduct", False),
        "2.1": (2, 500, "deduct", False),
        "2.2": (2, 500, "deduct", False),
        "2.3": (2, 300, "deduct", False),
    }
    assert (yardstick.grades, yardstick.lowest_grade) == ((("优秀", 9000), ("良好", 8000), ("合格", 7000)), "不合格")
    assert (yardstick.awards_cap, yardstick.member_base, yardstick.member_min, yardstick.member_max) == (
        1000,
        10000,
        0,
        12000,
    )


def test_the_nearest_unit_and_then_the_latest_month_decides():
    root = make.make_unit()
    near, far = make.make_unit(parent=root), make.make_unit(parent=root)
    old, new = make.make_standard(root, 202601), make.make_standard(root, 202610)
    own = make.make_standard(near, 202609)
    assert [version_for(unit, 202609) for unit in (root, near, far)] == [old, own, old]
    assert [version_for(unit, 202610) for unit in (root, near, far)] == [new, own, new]
    assert version_for(near, 202608) == old
    assert version_for(root, 202512) is None


def test_a_draft_holds_nowhere():
    unit = make.make_unit()
    standards.create_version(unit, STANDARD, actor=None)
    assert version_for(unit, PERIOD) is None


@pytest.mark.parametrize(
    ("role", "listed"), [("assessor", True), ("manager", True), ("union", False), ("worker", False)]
)
def test_a_draft_stands_in_the_list_of_those_who_write_or_try_it(client, role, listed):
    team = make.make_team()
    draft = standards.install_preset("standard_5x44", team.unit, actor=None)
    held = make.make_standard(team.unit)
    client.force_login(make.make_member(team) if role == "worker" else make.give_role(team.unit, role))
    page = client.get(reverse("assessments:standards"))
    assert [version in page.context["versions"] for version in (held, draft)] == [True, listed]


def test_a_version_for_a_later_month_is_still_to_come():
    unit, current = make.make_unit(), periods.current_period()
    versions = [make.make_standard(unit, month) for month in (current, periods.shift(current, 1))]
    draft = standards.create_version(unit, STANDARD, actor=None)
    assert [version.is_to_come for version in (*versions, draft)] == [False, True, False]


def test_a_draft_is_compared_with_the_version_that_holds_first(client):
    unit = make.make_unit()
    holds = make.make_standard(unit)
    draft, _ = (standards.create_version(unit, STANDARD, actor=None) for _ in range(2))
    client.force_login(make.give_role(unit, "assessor"))
    assert client.get(reverse("assessments:standard-compare", args=[draft.pk])).context["other"] == holds


@pytest.mark.parametrize(("role", "seen"), [("worker", False), ("finance", False), ("assessor", True)])
def test_a_draft_is_opened_and_compared_only_by_those_whose_list_has_it(client, role, seen):
    team = make.make_team()
    holds = make.make_standard(team.unit)
    draft = standards.create_version(team.unit, STANDARD, actor=None)
    client.force_login(make.make_member(team) if role == "worker" else make.give_role(team.unit, role))
    for page in ("standard", "standard-compare", "standard-export"):
        answer = client.get(reverse(f"assessments:{page}", args=[draft.pk]))
        assert answer.status_code == (200 if seen else 404), page
    others = client.get(reverse("assessments:standard-compare", args=[holds.pk])).context["others"]
    assert (draft in others) is seen


def test_two_versions_cannot_hold_from_the_same_month():
    unit = make.make_unit()
    make.make_standard(unit, 202601)
    second = standards.create_version(unit, STANDARD, actor=None)
    with pytest.raises(AssessmentError, match="^2026年1月起已有另一个版本执行，请换一个月份。$"):
        standards.put_in_force(second, 202601, actor=None)
    standards.put_in_force(second, 202602, actor=None)
    assert list(StandardVersion.objects.order_by("number").values_list("number", "in_force_from")) == [
        (1, 202601),
        (2, 202602),
    ]


def test_a_version_is_put_in_force_once():
    version = make.make_standard(make.make_unit(), 202601)
    with pytest.raises(StaleState):
        standards.put_in_force(version, 202602, actor=None)
    version.refresh_from_db()
    assert (version.state, version.in_force_from) == ("in_force", 202601)


def test_an_empty_version_cannot_be_put_in_force():
    version = standards.create_version(make.make_unit(), STANDARD | {"categories": []}, actor=None)
    with pytest.raises(AssessmentError, match="^这个版本还没有小项（加分的不算），不能执行。$"):
        standards.put_in_force(version, PERIOD, actor=None)


# -- Months that are taken, and drafts that nobody wants -----------------------------------------------------------------


def test_a_closed_month_keeps_its_standard():
    close = make.make_closed_team().close
    version = standards.create_version(close.unit, STANDARD, actor=None)
    for month in (202602, PERIOD):
        with pytest.raises(AssessmentError, match="2026年10月已经关账，不能换标准。这个版本最早从2026年11月起执行。$"):
            standards.put_in_force(version, month, actor=None)
    assert version_for(close.unit, PERIOD) == close.version
    standards.put_in_force(version, 202611, actor=None)


def test_a_standard_from_above_takes_no_closed_month_from_the_units_below():
    root = make.make_unit()
    below = make.make_unit(parent=root)
    make.make_standard(root)
    make.make_member(make.make_team(below))
    make.approve_attendance(below.teams.get())
    make.close_month(below)
    with pytest.raises(AssessmentError, match="已经关账，不能换标准"):
        standards.put_in_force(standards.create_version(root, STANDARD, actor=None), PERIOD, actor=None)
    with pytest.raises(AssessmentError, match="已经关账，不能换标准"):
        standards.put_in_force(standards.create_version(below, STANDARD, actor=None), PERIOD, actor=None)


def test_months_of_a_nearer_or_later_version_are_not_taken():
    close = make.make_closed_team().close
    close.unit.parent = make.make_unit()
    close.unit.save()
    make.make_standard(close.unit.parent, PERIOD)
    make.make_standard(close.unit, 202512)  # holds until the version of 2026-01
    assert version_for(close.unit, PERIOD) == close.version


def test_people_do_not_replace_the_standard_of_sheets_already_filed(monkeypatch):
    monkeypatch.setattr(periods, "current_period", lambda: PERIOD)
    unit = make.make_ready_unit(teams=1)
    version = standards.create_version(unit, STANDARD, actor=None)
    with pytest.raises(
        AssessmentError, match="已经按“班组考核标准 第 1 版”登记了检查，不能换标准。.*2026年11月起执行。$"
    ):
        standards.put_in_force_by_hand(version, PERIOD, actor=None)
    standards.put_in_force_by_hand(version, 202611, actor=None)


@pytest.mark.parametrize("months", [-13, 13, 600])
def test_people_put_nothing_in_force_far_from_today(months):
    version = standards.create_version(make.make_unit(), STANDARD, actor=None)
    with pytest.raises(AssessmentError, match="离现在太远了，请选.*之间的月份。$"):
        standards.put_in_force_by_hand(version, periods.shift(periods.current_period(), months), actor=None)
    version.refresh_from_db()
    assert version.state == "draft"


@pytest.mark.parametrize("months", [-12, 0, 12])
def test_people_put_in_force_what_is_near(months):
    version = standards.create_version(make.make_unit(), STANDARD, actor=None)
    standards.put_in_force_by_hand(version, periods.shift(periods.current_period(), months), actor=None)
    assert version.state == "in_force"


def test_a_draft_is_deleted_and_its_standard_with_the_last_one():
    unit = make.make_unit()
    first, second = (standards.create_version(unit, STANDARD, actor=None) for _ in range(2))
    standards.discard(first, actor=None)
    assert (Standard.objects.count(), list(StandardVersion.objects.all())) == (1, [second])
    standards.discard(second, actor=None)
    assert [model.objects.count() for model in (Standard, StandardVersion, Category, Criterion)] == [0, 0, 0, 0]
    with pytest.raises(StaleState):
        standards.discard(second, actor=None)


def test_a_standard_in_force_is_not_deleted():
    version = make.make_standard(make.make_unit())
    with pytest.raises(StaleState, match="已经执行或删除了"):
        standards.discard(version, actor=None)
    assert version.criteria.count() == 5


def test_the_first_month_of_a_unit_is_that_of_any_standard_above_it():
    root = make.make_unit()
    near, far = make.make_unit(parent=root), make.make_unit()
    make.make_standard(root, 202603)
    make.make_standard(root, 202601)
    make.make_standard(near, 202602)
    assert standards.first_months([root.pk, near.pk, far.pk]) == {root.pk: 202601, near.pk: 202601}


# -- Presets ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "preset"), standards.presets().items())
def test_a_preset_holds_what_its_first_line_says(key, preset):
    content = content_of_preset(preset)
    lines = content.coded.values()
    first = (standards.PRESETS / f"{key}.toml").read_text(encoding="utf-8").splitlines()[0]
    chapters, count, points = re.search(r"(\d+) 大项 (\d+) 小项，满分 (\d+(?:\.\d+)?)", first).groups()
    assert (len(content.chapters), len(lines)) == (int(chapters), int(count))
    assert base_points(lines) == hundredths(points) == hundredths(preset["total"])
    assert preset["purpose"].endswith("。")
    assert len({line.name for line in lines}) == len(lines)


@pytest.mark.django_db
def test_every_preset_is_installed_as_a_draft():
    unit = make.make_unit()
    for key, preset in standards.presets().items():
        version = standards.install_preset(key, unit, actor=None)
        assert (version.state, content_of(version)) == ("draft", content_of_preset(preset))


def test_the_coal_table_is_ten_lines_of_one_point_in_three_fields():
    content = content_of_preset(standards.presets()["standard_coal_safety"])
    assert [(chapter.name, len(chapter.lines)) for chapter in content.chapters] == [
        ("制度", 1),
        ("组织", 5),
        ("现场", 4),
    ]
    assert {line.points for line in content.coded.values()} == {100}

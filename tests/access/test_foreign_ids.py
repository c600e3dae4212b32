"""Ids inside a posted page that belong to somebody else are refused, and nothing is changed."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Check
from assessments.selectors import version_for
from incentives.models import Clause
from teams.models import Unit
from teams.services import roster
from tests.access.adjustment_deeds import award
from tests.access.world import client_of, watching_writes
from tests.data import CASE

pytestmark = pytest.mark.django_db

OLD_PAGE = "请刷新页面"
OTHER_STANDARD = "这一天执行的是另一版标准"


def sheet(**fields):
    """A posted check sheet of today on which everything is in order."""
    return {"key": "foreign", "date": timezone.localdate(), "shift": "day", "kind": "spot"} | fields


def deviation(criterion, **fields):
    return {f"c-{criterion.pk}": "1", f"c-{criterion.pk}-points": "0.5"} | {
        f"c-{criterion.pk}-{name}": value for name, value in fields.items()
    }


def in_force(world):
    return world.check.version.criteria.first()


def foreign_criterion(world):
    return world.version.criteria.first()


def foreigner(world):
    return world.people["neighbour"].pk


def foreign_clause(world):
    facts = {"code": "X", "name": "外单位的", "kind": "award", "least": 1000, "most": 9000}
    return Clause.objects.create(unit=world.other_unit, **facts).pk


def foreign_batch(world):
    plant = Unit.objects.create(name="外厂")
    with (CASE / "roster.xlsx").open("rb") as file:
        return roster.stage_roster(file, root=plant, effective_on=timezone.localdate(), actor=None)


REFUSED = {
    # what is slipped in: who, URL name, args, body of the world, the sentence or the status
    "install a standard elsewhere": (
        "assessor",
        "assessments:standard-install",
        lambda w: ["standard_5x44"],
        lambda w: {"unit": w.other_unit.pk},
        404,
    ),
    "install a rule elsewhere": (
        "finance",
        "incentives:rule-install",
        lambda w: ["rule_attendance_work"],
        lambda w: {"unit": w.other_unit.pk},
        404,
    ),
    "a password for somebody of another team": (
        "admin",
        "teams:passwords",
        lambda w: [w.team.pk],
        lambda w: {"user": foreigner(w)},
        404,
    ),
    "blame somebody of another team": (
        "leader",
        "assessments:self-check",
        lambda w: [w.team.pk],
        lambda w: sheet(**deviation(in_force(w), person=foreigner(w))),
        "选的责任人不是本班组成员",
    ),
    "a check of a team of another unit": (
        "assessor",
        "assessments:plans",
        lambda w: [w.unit.pk, w.open],
        lambda w: {"team": w.other_team.pk, "kind": "special", "first": w.today, "last": w.today},
        "这个班组不在这个单位里",
    ),
    "an item for somebody of another team": (
        "leader",
        "assessments:owners",
        lambda w: [w.team.pk],
        lambda w: {f"o-{in_force(w).code}": foreigner(w)},
        "选的人不是本班组成员",
    ),
    "a criterion of another version": (
        "leader",
        "assessments:self-check",
        lambda w: [w.team.pk],
        lambda w: sheet(**deviation(foreign_criterion(w))),
        OTHER_STANDARD,
    ),
    "an award in a self check": (
        "leader",
        "assessments:self-check",
        lambda w: [w.team.pk],
        lambda w: sheet() | {"c-award": "1", "c-award-points": "5"},
        OTHER_STANDARD,
    ),
    "a self check by the assessor": (
        "assessor",
        "assessments:inspect",
        lambda w: [w.team.pk],
        lambda w: sheet(kind="self"),
        "alert-danger",
    ),
    "attendance of somebody of another team": (
        "clerk",
        "teams:attendance",
        lambda w: [w.team.pk, w.open],
        lambda w: {f"a-{foreigner(w)}-1": "√"},
        OLD_PAGE,
    ),
    "overtime of somebody of another team": (
        "clerk",
        "teams:attendance",
        lambda w: [w.team.pk, w.open],
        lambda w: {f"o-{foreigner(w)}": "8"},
        OLD_PAGE,
    ),
    "a watch for somebody of another team": (
        "leader",
        "teams:watches",
        lambda w: [w.team.pk, w.next],
        lambda w: {"w-1-night": foreigner(w)},
        "选的人那天不在",
    ),
    "a substitution for somebody of another team": (
        "leader",
        "teams:substitutions",
        lambda w: [w.team.pk, w.open],
        lambda w: {"date": w.today, "user": foreigner(w), "covered": w.person.pk},
        "没有这一项，请从列表里选",
    ),
    "a rectification for somebody of another team": (
        "leader",
        "assessments:rectification-assign",
        lambda w: [w.rectification.pk],
        lambda w: {"assignee": foreigner(w), "due_on": w.today},
        "这个人今天不在本班组",
    ),
    "the pool of another unit's team": (
        "finance",
        "incentives:pools",
        lambda w: [w.unit.pk, w.open],
        lambda w: {f"team-{w.other_team.pk}": "100"},
        OLD_PAGE,
    ),
    "the budget of another unit": (
        "finance",
        "incentives:budgets",
        lambda w: [2026],
        lambda w: {f"unit-{w.other_unit.pk}": "100"},
        "您管的单位刚刚有变动",
    ),
    "an award for somebody of another team": (
        "leader",
        "incentives:adjustments",
        lambda w: [w.team.pk, w.open],
        lambda w: award(w) | {"user": foreigner(w)},
        "他这个月不在本班组",
    ),
    "a clause of another unit": (
        "leader",
        "incentives:adjustments",
        lambda w: [w.team.pk, w.open],
        lambda w: award(w) | {"clause": foreign_clause(w)},
        "不适用本班组，请重新选择。",
    ),
    "somebody of another team takes no part": (
        "leader",
        "incentives:exclude",
        lambda w: [w.team.pk, w.open],
        lambda w: {"user": foreigner(w), "reason": "试用期"},
        "这个人这个月不在本班组，请重新选择。",
    ),
    "an inapplicable criterion of another version": (
        "assessor",
        "assessments:conditions",
        lambda w: [w.team.pk, w.open],
        lambda w: {"criteria": foreign_criterion(w).pk},
        "alert-danger",
    ),
    "a name of another round on a list": (
        "union",
        "assessments:name-list",
        lambda w: [w.judged_round.pk],
        lambda w: {"do": "shortlist", "chosen": w.listed_second.pk},
        "不归您定的",
    ),
    "a roster for a unit that is no plant": (
        "admin",
        "teams:roster-upload",
        lambda w: [],
        lambda w: {"unit": w.unit.pk, "effective_on": "2026-11-01", "file": (CASE / "roster.xlsx").open("rb")},
        "没有这一项，请从列表里选",
    ),
    "a roster that another plant uploaded": (
        "admin",
        "teams:roster-apply",
        lambda w: [foreign_batch(w).pk],
        lambda w: {"without_bad_rows": "1"},
        404,
    ),
}


@pytest.mark.parametrize("case_name", REFUSED)
def test_what_belongs_to_others_is_refused(world, case_name):
    who, name, args, body, refusal = REFUSED[case_name]
    with transaction.atomic():
        address, body = reverse(name, args=args(world)), body(world)
        with watching_writes() as writes:
            response = client_of(world, who).post(address, body)
        transaction.set_rollback(True)
    if "file" in body:
        body["file"].close()
    assert writes == []
    assert response.status_code == refusal if refusal == 404 else refusal in response.content.decode()


def test_the_key_of_another_teams_sheet_neither_shows_that_sheet_nor_stores_one(world):
    foreign = Check.objects.filter(team=world.other_team).first()
    before = Check.objects.count()
    address = reverse("assessments:self-check", args=[world.team.pk])
    response = client_of(world, "leader").post(address, sheet(key=foreign.key))
    assert (response.status_code, Check.objects.count()) == (200, before)
    assert "alert-danger" in response.content.decode()


def test_the_uploads_of_another_plant_are_not_listed(world):
    foreign_batch(world)
    page = client_of(world, "admin").get(reverse("teams:roster-upload")).content.decode()
    assert "roster.xlsx" in page
    assert "外厂" not in page


def test_fields_that_no_form_has_are_not_stored(world):
    """Mass assignment: a member cannot name its own points, checker or period."""
    criterion = in_force(world)
    extra = {"checker": foreigner(world), "period": 202601, "team": world.other_team.pk, "version": world.version.pk}
    body = sheet(key="mass") | deviation(criterion) | extra
    assert client_of(world, "leader").post(reverse("assessments:self-check", args=[world.team.pk]), body)
    check = Check.objects.get(key="mass")
    assert (check.team, check.checker, check.kind) == (world.team, world.people["leader"], "self")
    assert (check.version, check.period) == (version_for(world.unit, world.open), world.open)

"""A sheet whose date belongs to another version of the standard: nothing that was ticked is lost on the way."""

import datetime

import pytest
from django.urls import reverse

from assessments.models import Criterion
from assessments.services import standards
from tests import factories as make
from tests.factories import STANDARD

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 10, 5)


@pytest.fixture
def team():
    """A team under one version until October and under another, without line 1.2, from November on."""
    team = make.make_team()
    make.make_standard(team.unit)
    first, *others = STANDARD["categories"]
    fewer = {"name": first["name"], "criteria": first["criteria"][:1]}
    make.make_standard(team.unit, 202611, title="新标准", categories=[fewer, *others])
    return team


def line(period, name):
    return Criterion.objects.get(version__in_force_from=period, name=name)


def posted(criterion, **fields):
    return {f"c-{criterion.pk}": "1"} | {f"c-{criterion.pk}-{name}": value for name, value in fields.items()}


def submit(client, team, *rows):
    client.force_login(make.give_role(team.unit, "assessor"))
    sheet = {"key": "k1", "date": DAY, "shift": "day", "kind": "spot"}
    page = client.post(
        reverse("assessments:inspect", args=[team.pk]), sheet | {k: v for row in rows for k, v in row.items()}
    )
    return page.content.decode(), {row["key"]: row for group in page.context["form"].groups() for row in group["rows"]}


def names():
    return Criterion.objects.filter(version__in_force_from=202611).values_list("name", flat=True)


def test_what_was_ticked_goes_to_the_lines_of_the_same_name(client, team):
    name = names()[0]
    page, rows = submit(client, team, posted(line(202611, name), points="1.50", note="没有签名"))
    row = rows[str(line(202601, name).pk)]
    assert (row["on"], row["points"], row["note"]) == (True, "1.50", "没有签名")
    assert "1 条已经搬到同名的小项，照片要重新选，请核对后再提交。" in page


def test_lines_that_the_version_does_not_have_are_named(client, team):
    gone = Criterion.objects.filter(version__in_force_from=202601).exclude(name__in=names()).first()
    client.force_login(make.give_role(team.unit, "assessor"))
    sheet = {"key": "k1", "date": datetime.date(2026, 11, 5), "shift": "day", "kind": "spot"}
    page = client.post(reverse("assessments:inspect", args=[team.pk]), sheet | posted(gone, points="1"))
    assert f"“{gone}”那一版里没有，请重新勾选后再提交。" in page.content.decode()


def test_names_of_a_draft_are_not_told(client, team):
    draft = standards.create_version(team.unit, STANDARD | {"title": "草案里的"}, actor=None)
    secret = draft.criteria.first()
    page, rows = submit(client, team, posted(secret, points="1"), {"c-" + "9" * 40: "1"})
    assert f"“{secret}”" not in page
    assert not any(row["on"] for row in rows.values())
    assert "项目已换成那一版，请重新勾选后再提交。" in page

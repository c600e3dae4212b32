"""Questions put together once: they answer like the querysets they are made of, each time for the values named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams.models import Membership, Team
from teams.prepared import Given, Prepared
from tests import factories as make

pytestmark = pytest.mark.django_db

TEAMS = Prepared(lambda: Team.objects.filter(unit=Given("unit")).order_by("pk").defer("name"))
ROLES = Prepared(
    lambda: Membership.objects.filter(role__in=[Given("one"), Given("other")], team=Given("team")).values_list("user")
)


def test_models_answer_for_the_values_of_each_time():
    first, second = make.make_unit(), make.make_unit()
    teams = [make.make_team(first), make.make_team(second), make.make_team(first)]
    assert TEAMS.models(unit=first.pk) == [teams[0], teams[2]]
    assert TEAMS.models(unit=second.pk) == [teams[1]]
    assert TEAMS.models(unit=0) == []


def test_a_deferred_field_is_read_when_it_is_wanted():
    team = make.make_team()
    with CaptureQueriesContext(connection) as asked:
        (found,) = TEAMS.models(unit=team.unit_id)
    assert len(asked) == 1
    assert found.get_deferred_fields() == {"name"}
    assert found.name == team.name


def test_rows_answer_for_several_values_in_their_places():
    team = make.make_team()
    leader, clerk, _ = make.make_member(team, "leader"), make.make_member(team, "clerk"), make.make_member(team)
    assert ROLES.rows(one="leader", other="safety", team=team.pk) == [(leader.pk,)]
    assert sorted(ROLES.rows(one="clerk", other="leader", team=team.pk)) == [(leader.pk,), (clerk.pk,)]


def test_a_value_is_a_value_and_never_part_of_the_question():
    team = make.make_team()
    make.make_member(team)
    assert ROLES.rows(one="worker", other="", team=team.pk)
    assert ROLES.rows(one="x' OR '1'='1", other="", team=team.pk) == []


def test_a_question_is_put_together_once():
    made = []
    question = Prepared(lambda: made.append(1) or Team.objects.filter(pk=Given("pk")))
    assert [question.models(pk=0) for _ in range(3)] == [[], [], []]
    assert made == [1]

"""The nightly run over titles is killed at every single SQL statement; afterwards no title is half ended, and the next run mends it."""

import signal
from functools import partial

import pytest

from assessments.models import Recheck, Title
from assessments.services import naming, title_checks
from teams.models import AuditEntry
from tests import titles as make_titles
from tests.factories import make_member, make_team
from tests.sampling import by_turns
from tests.titles import DAY, Scene
from tests.workers import do_in_a_child

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def name_two(scene, number):
    """(a title whose day is over, one that is due to be looked at again), of teams of their own."""
    round_ = make_titles.applying.open_round(scene.programme, scene.company, name=f"第{number}批")
    for _ in range(2):
        team = make_team(scene.unit)
        make_member(team, "leader")
        make_titles.shortlist(round_, team, scene.leader)
    make_titles.post_list(round_, scene.company)
    over, due = naming.name_round(round_, f"{number}号", scene.today, actor=scene.company)
    for title, back in ((over, 400), (due, 340)):
        days = {name: getattr(title, name) - back * DAY for name in ("valid_from", "valid_to")}
        Title.objects.filter(pk=title.pk).update(**days)
    return over, due


def left_behind(title):
    """(state, steps, rows in the trail, open rechecks) of a title: all of a deed's, or none."""
    told = AuditEntry.objects.filter(object_type="assessments.title", object_id=title.pk)
    state = Title.objects.get(pk=title.pk).state
    return state, title.steps.count(), told.count(), Recheck.objects.filter(title=title).count()


@pytest.mark.parametrize("moment", by_turns(["before", "after"], 2))
def test_killed_at_any_statement_each_title_is_untouched_or_done_and_the_next_run_mends_it(moment):
    scene, outcome, number, untouched = Scene(), signal.SIGKILL, 0, 0
    fresh, ended, asked = ("valid", 1, 0, 0), ("expired", 2, 1, 0), ("valid", 2, 1, 1)
    while outcome == signal.SIGKILL:
        number += 1
        over, due = name_two(scene, number)
        outcome = do_in_a_child(partial(title_checks.keep, scene.today), number, moment)
        assert left_behind(over) in (fresh, ended)
        assert left_behind(due) in (fresh, asked)
        untouched += left_behind(over) == fresh
        for _ in range(2):
            title_checks.keep(scene.today)
            assert (left_behind(over), left_behind(due)) == (ended, asked)
    assert number > 15
    assert untouched > 0

"""The nightly run is killed at every single SQL statement: afterwards nothing is there or all of it, and the next run mends it."""

import datetime
import signal
from functools import partial

import pytest

from activities.duties import DAY
from activities.models import Duty
from activities.services import duties
from teams.models import AuditEntry
from tests import factories as make
from tests.sampling import by_turns
from tests.team_life import make_kind
from tests.workers import do_in_a_child

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]
BEFORE = datetime.date(2026, 10, 30)


def left_behind():
    """{state: how many duties}, and the days of the runs in the trail."""
    states = list(Duty.objects.order_by("source").values_list("source", "state"))
    trail = AuditEntry.objects.filter(verb="duty.raised").order_by("id")
    return states, [entry.after for entry in trail]


@pytest.mark.parametrize("moment", by_turns(["before", "after"], 2))
def test_killed_at_any_statement_the_run_is_untouched_or_complete_and_recovers(moment):
    unit = make.make_unit()
    make.make_team(unit)
    make.make_team(unit)
    kind = make_kind(unit, cadence="daily", is_asked=True)
    outcome, number, day = signal.SIGKILL, 0, BEFORE
    duties.keep(day)
    while outcome == signal.SIGKILL:
        number, day = number + 1, day + DAY
        (states, runs), new = left_behind(), sources_of(day, kind)
        outcome = do_in_a_child(partial(duties.keep, day), number, moment)
        assert left_behind() == (states, runs) or {duty for duty, _ in left_behind()[0]} >= new
        duties.keep(day)
        found = left_behind()
        duties.keep(day)
        assert left_behind() == found
        assert {source for source, state in found[0] if state == "open"} >= new
        assert [run["day"] for run in found[1]] == [f"{BEFORE + back * DAY}" for back in range(number + 1)]
    assert number > 10


def sources_of(day, kind):
    """What the run of a day must raise at least: of every team a self check and a record of the kind that is asked."""
    teams = set(Duty.objects.values_list("team", flat=True))
    return {f"{code}:{team}:{day}" for team in teams for code in ("self_check", f"activity:{kind.pk}")}

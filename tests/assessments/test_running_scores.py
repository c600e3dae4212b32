"""The own running score: what has been found since it was computed stands beside it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import own_scores
from assessments.models import MonthClose
from assessments.services import closes
from teams import periods
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_came_after_the_computation_is_counted_apart(client):
    today = timezone.localdate()
    place = {"day": today.day, "period": periods.period_of(today)}
    team = make.make_team()
    make.make_standard(team.unit)
    worker, other = make.make_member(team), make.make_member(team)
    assert own_scores.running(worker, place["period"]) is None
    make.file_findings(team, ("1.1", -50, worker), **place)
    closes.refresh_running(team.unit, place["period"])
    assert own_scores.running(worker, place["period"]).still_out == 0
    make.file_findings(team, ("1.2", -100, worker), ("1.2", -100, other), ("1.1", -50, None), **place)
    score = own_scores.running(worker, place["period"])
    assert (len(score.lines), score.still_out) == (1, 1)
    client.force_login(worker)
    assert "另有 1 条还没有算进去" in client.get(reverse("home")).content.decode()
    MonthClose.objects.update(computed_at=timezone.now() + datetime.timedelta(minutes=1))
    assert own_scores.running(worker, place["period"]).still_out == 0

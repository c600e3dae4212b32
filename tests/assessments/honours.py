"""Programmes and rounds for tests."""

import datetime

from django.utils import timezone

from assessments.models import Application
from assessments.services import programmes, rounds

DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def make_programme(unit, actor=None, code="six_good", **changes):
    """A shipped programme in a unit, with changes."""
    programme = programmes.install_preset(code, unit, actor=actor)
    if changes:
        type(programme).objects.filter(pk=programme.pk).update(**changes)
        programme.refresh_from_db()
    return programme


def prepared(programme, actor, **changes):
    """A round that may begin today and takes applications for two weeks."""
    facts = {
        "name": "2026年度",
        "opens_on": today(),
        "apply_until": today() + 13 * DAY,
        "review_until": today() + 27 * DAY,
        "invitation": "",
    }
    return rounds.prepare(programme, actor=actor, **facts | changes)


def opened(programme, actor, **changes):
    """A round that takes applications."""
    found = prepared(programme, actor, **changes)
    rounds.open_round(found, actor=actor)
    found.refresh_from_db()
    return found


def filed(round_, team, actor, state="submitted", **changes):
    """An application of a team in some state, handed in unless it is a draft."""
    facts = {"unit": team.unit, "team": team, "state": state, "filed_by": actor}
    facts |= {"submitted_at": None if state == "draft" else timezone.now()}
    facts |= {"number": f"T{Application.objects.count() + 1:05}"}
    return Application.objects.create(round=round_, **facts | changes)

"""Opinions at a level of recommendation: sent up, recommended at the last level, returned with a question, refused."""

from django.db import transaction

from assessments.errors import AssessmentError, StaleState
from assessments.honours.application_access import level_unit
from assessments.honours.application_queue import tally
from assessments.honours.transitions import TRANSITIONS
from assessments.models import Application, Round
from assessments.services.applications import step, tell
from teams import audit

VERBS = {
    "return": "application.returned",
    "refuse": "application.refused",
    "pass_up": "application.passed_up",
    "recommend": "application.recommended",
}


@transaction.atomic
def turn_down(application, action, text, *, actor):
    """Return an application with a question, or refuse it with a reason, at the level where it waits."""
    place = level_unit(application)
    _require_open(application.round)
    _move(application, action, level=application.level)
    tell(action, application, VERBS[action], actor=actor, text=text, unit=place)


@transaction.atomic
def send_up(desk, chosen, text, *, actor):
    """Send a list from its desk to the next level, or recommend it for review at the last one.

    Raises AssessmentError when the list, with those that went before, breaks the quota or a bar: it says which.
    """
    _require_open(desk.round)
    if not chosen:
        raise AssessmentError("请先勾选要推荐的申报。")
    broken = tally(desk, chosen).problems
    if broken:
        raise AssessmentError(f"名单还不能往上送：{''.join(broken)}")
    action = "recommend" if desk.is_last else "pass_up"
    for application in chosen:
        _move(application, action, level=desk.level, to=desk.level + 1)
        step(action, application, actor=actor, text=text, unit=desk.unit.pk)
    subject = chosen[0] if len(chosen) == 1 else desk.round
    facts = {"text": text, "level": desk.name, "applications": [str(row) for row in chosen]}
    audit.record(VERBS[action], subject, actor=actor, unit=desk.unit, after=facts)


def _require_open(opened):
    """The round stands still until the end of the transaction, and so do the other lists that fill its quota."""
    found = Round.objects.select_for_update().get(pk=opened.pk)
    if found.state != Round.State.OPEN:
        raise StaleState(f"{found}现在是“{found.get_state_display()}”，不能再推荐。")


def _move(application, action, *, level, to=None):
    """Compare-and-set along the declared table, at the level where the opinion is given."""
    move = TRANSITIONS[action]
    rows = Application.objects.filter(pk=application.pk, state__in=move.sources, level=level)
    if not rows.update(state=move.target, level=level if to is None else to):
        raise StaleState(f"{application}刚刚有了进展，请刷新页面再看。")
    application.refresh_from_db()

"""What everybody may read of an application: what was decided about its place on a list only once that list is posted."""

from django.db.models import Q

from assessments.models import Application, Round

State = Application.State
UNTOLD = (State.SHORTLISTED, State.RESERVE, State.NOT_CHOSEN)
DECISIONS = ("shortlist", "reserve", "pass_over", "reconsider", "strike_off", "step_in")
"""Actions of which the history tells only once the list is posted."""


def is_silent(round_):
    """Whether the list of a round is still between the union staff: never posted, and the round not called off."""
    return not round_.bulletin and round_.state != Round.State.CANCELLED


def told(state, round_):
    """The state of an application of a round as everybody may read it."""
    return State.REVIEWING if state in UNTOLD and is_silent(round_) else State(state)


def word_of(application):
    """The state of an application in words, as everybody may read it."""
    return told(application.state, application.round).label


def in_state(rows, state):
    """Applications that everybody may read as being in this state."""
    silent = Q(round__bulletin="") & ~Q(round__state=Round.State.CANCELLED)
    if state in UNTOLD:
        return rows.filter(~silent, state=state)
    read_so = [state, *UNTOLD] if state == State.REVIEWING else [state]
    return rows.filter(Q(state=state) | silent & Q(state__in=read_so))


def told_steps(application):
    """The steps of an application's history as everybody may read them."""
    rows = application.steps.select_related("actor", "unit")
    return rows.exclude(action__in=DECISIONS) if is_silent(application.round) else rows

"""The list of a round: names put on it, the list that stands, its public notice, and changes while it hangs."""

from django.db import transaction

from assessments.errors import AssessmentError, StaleState
from assessments.honours import name_lists as reads
from assessments.honours.name_list_boards import board_of_names
from assessments.honours.name_list_proposals import addable
from assessments.honours.quotas import quota_of
from assessments.honours.transitions import TRANSITIONS
from assessments.models import Application, Round
from assessments.services.applications import step
from assessments.services.reviews import fix_scores
from bulletins.models import Bulletin
from bulletins.policies import notice_days, policy_for
from bulletins.services.publishing import publish
from teams import audit, periods

State = Round.State
VERBS = {
    "shortlist": "application.shortlisted",
    "reserve": "application.reserved",
    "pass_over": "application.passed_over",
    "reconsider": "application.reconsidered",
    "strike_off": "application.struck_off",
    "step_in": "application.stepped_in",
}
DECISIONS = ("shortlist", "reserve", "pass_over", "reconsider")
"""Actions taken on several applications at once while the list is being made."""


@transaction.atomic
def decide(round_, action, chosen, reason="", *, actor):
    """Take one of DECISIONS on applications of a round in review: a step for each, one row in the trail for all.

    Raises AssessmentError without anybody chosen or without a reason that is asked for, StaleState when one has moved.
    """
    held, move = hold(round_), TRANSITIONS[action]
    if not chosen:
        raise AssessmentError("请先勾选申报。")
    if move.needs_reason and not reason:
        raise AssessmentError(f"“{move.name}”要写明理由，公示以后申报人看得到。")
    for application in chosen:
        advance(held, application, action, reason, actor=actor)
    facts = {"applications": [str(row) for row in chosen]} | ({"reason": reason} if reason else {})
    subject = chosen[0] if len(chosen) == 1 else held
    audit.record(VERBS[action], subject, actor=actor, unit=held.programme.unit, after=facts)


def hold(round_):
    """The round as it is now; it stands still until the end of the transaction."""
    return Round.objects.select_for_update(of=("self",)).select_related("programme__unit").get(pk=round_.pk)


def advance(held, application, action, text="", *, actor):
    """One application along the declared table, in a round that is held; with the step of its history.

    Raises StaleState when the round or the application is no longer where the action begins.
    """
    move = TRANSITIONS[action]
    if held.state not in move.during:
        raise StaleState(f"{held}现在是“{held.get_state_display()}”，不能{move.name}，请刷新页面再看。")
    rows = Application.objects.filter(pk=application.pk, round=held, state__in=move.sources)
    if not rows.update(state=move.target):
        application.refresh_from_db()
        said = f"{application.subject}现在是“{application.get_state_display()}”"
        raise StaleState(f"{said}，不能{move.name}，请刷新页面再看。")
    application.refresh_from_db()
    step(action, application, actor=actor, text=text, unit=held.programme.unit_id)


@transaction.atomic
def fix(round_, *, actor):
    """The list of a round in review stands: scores and places are written. Raises AssessmentError with all it lacks."""
    held = hold(round_)
    _require(held, State.REVIEWING)
    lines = reads.lines_of(held)
    _refuse("名单还不能定", reads.lacking(held, lines))
    fix_scores(lines)
    move(held, [State.REVIEWING], State.SHORTLISTED)
    _note("round.listed", held, actor, names=[str(row.subject) for row in reads.names_of(held)])


def _require(held, *states):
    if held.state not in states:
        raise StaleState(f"{held}现在是“{held.get_state_display()}”，不能这样做了，请刷新页面再看。")


def _refuse(what, sentences):
    if sentences:
        raise AssessmentError(f"{what}：{''.join(sentences)}")


def move(held, sources, state, **fields):
    """Compare and set a held round; raises StaleState when it is no longer in one of the states."""
    _require(held, *sources)
    if not Round.objects.filter(pk=held.pk, state__in=sources).update(state=state, **fields):
        raise StaleState(f"{held}刚刚有了进展，请刷新页面再看。")
    held.refresh_from_db()


def _note(verb, held, actor, **after):
    audit.record(verb, held, actor=actor, unit=held.programme.unit, after=after)


@transaction.atomic
def reopen(round_, reason, *, actor):
    """Back to the review, with a reason, as long as the list has never been posted."""
    held = hold(round_)
    if held.bulletin:
        raise AssessmentError("名单已经公示过，不能再退回评审。有问题的可以取消，由备选递补。")
    move(held, [State.SHORTLISTED], State.REVIEWING)
    _note("round.reopened", held, actor, reason=reason)


@transaction.atomic
def post(round_, *, actor):
    """Hang the list on the board and begin its notice; a changed list is a further revision with a notice of its own.

    The board is the deed's row in the trail. Raises AssessmentError for a list that must not be posted, StaleState for one
    that hangs already. Returns the Bulletin.
    """
    held = hold(round_)
    _require(held, State.SHORTLISTED)
    _refuse("名单还不能公示", reads.weak_points(held, reads.lines_of(held)))
    unit, before = held.programme.unit, reads.board_of(held)
    days = max(held.frozen["notice_days"], notice_days(policy_for(unit), Bulletin.Kind.NOMINATION))
    period = before.period if before else periods.current_period()
    place = {"unit": unit, "period": period, "topic": reads.topic_of(held)}
    board = board_of_names(held, actor, days)
    bulletin = publish(board, actor=actor, days=days, anew=True, **place)
    move(held, [State.SHORTLISTED], State.POSTED, bulletin=bulletin.serial)
    return bulletin


@transaction.atomic
def strike_off(application, reason, *, actor):
    """Take a name off the list that stands, with a reason; a list that hangs has to be posted anew without it."""
    held = hold(application.round)
    take_off(held, application, reason, actor=actor)
    facts = {"application": str(application), "reason": reason}
    audit.record(VERBS["strike_off"], application, actor=actor, unit=held.programme.unit, after=facts)


def take_off(held, application, reason, *, actor):
    """As strike_off, without the row in the trail, in a round that is held."""
    advance(held, application, "strike_off", reason, actor=actor)
    if held.state == State.POSTED:
        move(held, [State.POSTED], State.SHORTLISTED)


@transaction.atomic
def step_in(application, *, actor):
    """A reserve name takes a place that has become free. Raises AssessmentError when the quota or a bar is against it."""
    held = hold(application.round)
    if held.state in TRANSITIONS["step_in"].during:
        _require_room(held, application)
    advance(held, application, "step_in", actor=actor)
    facts = {"application": str(application)}
    audit.record(VERBS["step_in"], application, actor=actor, unit=held.programme.unit, after=facts)


def _require_room(held, application):
    lines = {row.application.pk: row for row in reads.lines_of(held)}
    found = lines.pop(application.pk)
    listed = [row.nominee for row in lines.values() if row.application.state == Application.State.SHORTLISTED]
    if found.against:
        raise AssessmentError(f"{application.subject}不能递补：{'；'.join(found.against)}。")
    if not addable(quota_of(held.frozen["quota"]), listed, found.nominee):
        raise AssessmentError(f"{application.subject}不能递补：名额满了，或者单位名额、一线比例不够，请选别的备选。")

"""Challenges to posted names: filed during the notice, real-name or sealed, investigated and answered by somebody else."""

from django.db import transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.challenge_access import IN_HAND
from assessments.honours.name_lists import board_of
from assessments.models import Application, Challenge, Round
from assessments.services.name_lists import hold, take_off
from teams import audit

State = Challenge.State
SEALED = "不公开姓名的异议"
"""What a sealed challenge is called in the trail."""


@transaction.atomic
def file(application, text, files=(), *, is_sealed=False, actor):
    """Doubt a name of a posted list, with stored files (Attachments); returns the Challenge.

    A sealed one stands in the trail without who filed it and from where. Raises AssessmentError outside the notice and
    while the same person's challenge to the same name is open.
    """
    held = hold(application.round)
    if said := refusal(held, application):
        raise AssessmentError(said)
    if Challenge.objects.filter(application=application, filed_by=actor, state=State.OPEN).exists():
        raise AssessmentError("您对这个名字的异议正在调查，不用再提。要补充材料，请联系主办单位。")
    facts = {"is_sealed": is_sealed, "text": text, "filed_by": actor}
    challenge = Challenge.objects.create(application=application, **facts)
    challenge.files.set(files)
    _record_filing(challenge, held.programme.unit, actor)
    return challenge


def refusal(round_, application):
    """Why nobody can doubt a name now; None during the notice."""
    listed = Application.objects.filter(pk=application.pk, state=Application.State.SHORTLISTED).exists()
    if round_.state != Round.State.POSTED or not listed:
        return "名单有了变动，请回到批次页面再看。"
    last = board_of(round_).notice_ends_on
    return f"公示期 {last} 已经结束，不能再提异议。" if timezone.localdate() > last else None


def _record_filing(challenge, unit, actor):
    about = {"unit": unit, "after": {"application": str(challenge.application)}}
    if not challenge.is_sealed:
        audit.record("challenge.filed", challenge, actor=actor, label=f"{challenge.application}", **about)
        return
    address = audit.current_address.set(None)
    try:
        audit.record("challenge.filed", challenge, actor=None, label=SEALED, **about)
    finally:
        audit.current_address.reset(address)


@transaction.atomic
def uphold(challenge, answer, *, actor):
    """It is true: the name leaves the list with the answer as the reason; a list that hangs has to be posted anew."""
    application = challenge.application
    held = _held(challenge, answer, actor)
    _answer(challenge, State.UPHELD, answer, actor)
    application.refresh_from_db()
    if application.state == Application.State.SHORTLISTED:
        take_off(held, application, answer, actor=actor)
    _note("challenge.upheld", challenge, held, actor)


@transaction.atomic
def dismiss(challenge, answer, *, actor):
    """It is not true, or does not matter for the honour; whoever filed it reads the answer."""
    held = _held(challenge, answer, actor)
    _answer(challenge, State.DISMISSED, answer, actor)
    _note("challenge.dismissed", challenge, held, actor)


def _held(challenge, answer, actor):
    held = hold(challenge.application.round)
    if held.state not in IN_HAND:
        raise StaleState(f"{held}现在是“{held.get_state_display()}”，异议不再调查。")
    if challenge.filed_by_id == actor.pk:
        raise AssessmentError("自己提的异议要由别人调查。")
    if challenge.is_sealed and (challenge.filed_by.name in answer or challenge.filed_by.employee_no in answer):
        raise AssessmentError("提出人要求不公开姓名，调查结果里不要写提出人的姓名和工号。")
    return held


def _answer(challenge, state, answer, actor):
    facts = {"state": state, "answer": answer, "answered_by": actor, "answered_at": timezone.now()}
    if not Challenge.objects.filter(pk=challenge.pk, state=State.OPEN).update(**facts):
        raise StaleState("这件异议已经有了结果，请刷新页面再看。")
    challenge.refresh_from_db()


def _note(verb, challenge, held, actor):
    label = SEALED if challenge.is_sealed else f"{challenge.application}"
    after = {"application": str(challenge.application), "answer": challenge.answer}
    audit.record(verb, challenge, actor=actor, unit=held.programme.unit, after=after, label=label)

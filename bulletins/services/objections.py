"""Objections: filed during the notice, seconded, taken up, answered by somebody else, and corrected where they were right."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Bulletin, Objection, ObjectionStep, ObjectionSupport
from bulletins.objections.access import holds_it
from bulletins.objections.deciding import desks_of, is_involved
from bulletins.objections.lateness import overdue
from bulletins.policies import policy_for
from bulletins.services.corrections import note_correction
from teams import audit
from teams.models import Unit
from teams.workdays import last_day_of_notice

State = Objection.State
GROUNDS = {
    "late": "提得太晚，过了公示期",
    "unwritten": "没有写清楚是哪个数、错在哪里",
    "outside": "不在这次公示的范围里",
    "evidence": "没有凭据",
}
"""The usual reasons for which an objection is not taken up."""


def refusal_of(bulletin):
    """Why nobody can object to a board now, and to whom to turn instead; None during its notice."""
    today = timezone.localdate()
    if not Bulletin.objects.current().filter(pk=bulletin.pk).exists():
        return "这张榜已经有了新的一版，请在新的一版上提。"
    if today > bulletin.notice_ends_on:
        return (
            f"公示期 {bulletin.notice_ends_on} 已经结束，不能再提异议。确实有错，请找班组长或{bulletin.unit}负责人，"
            "在下个月的榜上更正。"
        )
    return None


@transaction.atomic
def file(bulletin, cell, *, wanted, reason, evidence, actor):
    """Object to one Cell of a board, with photos (Attachments) as evidence; returns the Objection.

    Raises BulletinError when the notice is over, a newer revision hangs, or the same person's objection to it is open.
    """
    if said := refusal_of(bulletin):
        raise BulletinError(said)
    policy = policy_for(bulletin.unit)
    facts = {"row_user_id": cell.row_user, "column": cell.column, "label": cell.label, "shown": cell.shown}
    objection = _created(
        bulletin=bulletin,
        **facts,
        wanted=wanted,
        reason=reason,
        anonymous=policy.anonymous_objections,
        filed_by=actor,
        accept_by=_within(policy.accept_days),
    )
    objection.evidence.set(evidence)
    _record("objection.filed", objection, reason, actor, column=cell.label, shown=cell.shown, wanted=wanted)
    return objection


def _created(**facts):
    try:
        with transaction.atomic():
            return Objection.objects.create(number=_number(facts["bulletin"].period), **facts)
    except IntegrityError as error:
        raise BulletinError("这个数您已经提过异议，还在办。在“我的异议”里看办到哪一步。") from error


def _number(period):
    """YY202610-003: the third objection to a board of that month. Held until the end of the transaction."""
    list(Unit.objects.select_for_update().filter(parent__isnull=True).order_by("pk"))
    numbers = Objection.objects.filter(number__startswith=f"YY{period}-").values_list("number", flat=True)
    last = max((int(number.rpartition("-")[2]) for number in numbers), default=0)
    return f"YY{period}-{last + 1:03d}"


def _within(days):
    """The last of so many full working days from tomorrow on."""
    return last_day_of_notice(timezone.localdate() + datetime.timedelta(days=1), days)


@transaction.atomic
def support(objection, *, actor):
    """Hold the same as whoever filed it. Raises StaleState once it is answered, BulletinError for a second time."""
    held = _held(objection, State.FILED, State.ACCEPTED)
    if held.filed_by_id == actor.pk:
        raise BulletinError("这条异议就是您提的，不用附议。")
    try:
        with transaction.atomic():
            ObjectionSupport.objects.create(objection=held, user=actor)
    except IntegrityError as error:
        raise BulletinError("您已经附议过了。") from error
    _record("objection.supported", held, "附议", actor)


@transaction.atomic
def withdraw(objection, *, actor):
    """Whoever filed it takes it back while it is not answered."""
    if objection.filed_by_id != actor.pk:
        raise BulletinError("异议只能由提出人撤回。")
    held = _move(objection, State.WITHDRAWN, State.FILED, State.ACCEPTED)
    _record("objection.withdrawn", held, "", actor)


@transaction.atomic
def accept(objection, *, actor):
    """Take it up; from tomorrow on the days for the answer run."""
    held = _decided(objection, State.FILED, actor)
    days = policy_for(held.bulletin.unit).answer_days
    held = _move(held, State.ACCEPTED, State.FILED, answer_by=_within(days), escalated_at=None)
    _record("objection.accepted", held, f"最迟 {held.answer_by} 答复", actor, answer_by=f"{held.answer_by}")


@transaction.atomic
def refuse(objection, ground, note, *, actor):
    """Do not take it up, for one of GROUNDS; `note` may say more."""
    held = _decided(objection, State.FILED, actor)
    answer = GROUNDS[ground] + (f"：{note}" if note else "")
    moved = _answered(held, State.REFUSED, State.FILED, answer, actor)
    _record("objection.refused", moved, answer, actor, answer=answer)


@transaction.atomic
def keep(objection, answer, *, actor):
    """The figure stays as it hangs, with the answer why."""
    moved = _answered(_decided(objection, State.ACCEPTED, actor), State.KEPT, State.ACCEPTED, answer, actor)
    _record("objection.kept", moved, answer, actor, answer=answer)


@transaction.atomic
def uphold(objection, answer, *, actor):
    """The objection is right: the figure has to be corrected."""
    moved = _answered(_decided(objection, State.ACCEPTED, actor), State.UPHELD, State.ACCEPTED, answer, actor)
    _record("objection.upheld", moved, answer, actor, answer=answer)


def _answered(held, to, wanted, answer, actor):
    return _move(held, to, wanted, answer=answer, decided_by=actor, decided_at=timezone.now())


@transaction.atomic
def link_correction(objection, text, url, *, actor):
    """Say where an upheld objection was corrected; the board gets a note with the text.

    `url` (a path of this site, or "") leads to the correcting entry. Called by whoever makes that entry.
    """
    if actor and holds_it(actor, objection):
        raise BulletinError("提出、附议异议的人不能自己登记更正，请别的负责人办理。")
    held = _move(objection, State.CORRECTED, State.UPHELD, correction=text, correction_url=url)
    further = note_correction(held.bulletin, f"{text}（异议 {held.number}）", actor=actor)
    posted = {"posted": {further.serial: further.content_hash}} if further else {}
    _record("objection.corrected", held, text, actor, correction=text, **posted)


def escalate():
    """Every night: what is overdue is told to the unit above, once for each deadline. May run twice."""
    late = overdue(Objection.objects.filter(escalated_at__isnull=True)).select_related("bulletin__unit")
    found = list(late)
    desks = desks_of(found)
    for objection in found:
        _escalate(objection, desks[objection.pk])


@transaction.atomic
def _escalate(objection, desks):
    still = overdue(Objection.objects.filter(pk=objection.pk, escalated_at__isnull=True, state=objection.state))
    if still.update(escalated_at=timezone.now()):
        told = f"，已报{desks[1].unit}" if len(desks) > 1 else ""
        _record("objection.escalated", objection, f"逾期没有办{told}", None)


def _decided(objection, wanted, actor):
    """The objection, held, for somebody who may answer it."""
    held = _held(objection, wanted)
    if is_involved(actor, held):
        raise BulletinError("提出、附议异议的人，和拟定、检查、批准这些数的人，都不能答复它，请别的负责人办理。")
    return held


def _held(objection, *wanted):
    """The row as it is now, held until the end of the transaction, in one of these states."""
    rows = Objection.objects.select_for_update(of=("self",)).select_related("bulletin__unit")
    held = rows.get(pk=objection.pk)
    if held.state not in wanted:
        raise _stale(held)
    return held


def _move(objection, to, *wanted, **fields):
    """Change its state if it is still one of those wanted; returns the row as it is then."""
    moved = Objection.objects.filter(pk=objection.pk, state__in=wanted).update(state=to, **fields)
    found = Objection.objects.select_related("bulletin__unit").get(pk=objection.pk)
    if not moved:
        raise _stale(found)
    return found


def _stale(objection):
    return StaleState(f"这条异议刚刚有了进展，现在是“{objection.get_state_display()}”。请看过再办。")


def _record(verb, objection, note, actor, **after):
    """The step, for those who read the objection, and the one row of the trail; neither names whoever filed it."""
    ObjectionStep.objects.create(objection=objection, state=objection.state, actor=actor, note=note[:500])
    audit.record(verb, objection, actor=actor, unit=objection.bulletin.unit, after=after)

"""Rounds of a programme: prepared, opened (which freezes the programme), put off, closed for applications, called off."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.content import frozen_of
from assessments.honours.transitions import TRANSITIONS
from assessments.models import ApplicationStep, Round
from bulletins.models import Bulletin
from bulletins.services import notices
from bulletins.services.corrections import note_correction
from bulletins.tables import Audience
from teams import audit

State = Round.State
CANCELLABLE = (State.DRAFT, State.OPEN, State.REVIEWING, State.SHORTLISTED)
"""From the public notice on, names are struck off one by one; the round itself stands."""
SAME_NAME = "这个项目已有同名的批次，请换一个名称。"
NOTICE_DAYS = 5
"""Full working days that an invitation hangs."""


@transaction.atomic
def prepare(programme, *, actor, name, opens_on, apply_until, review_until, invitation):
    """Make the draft of a round; returns it. Raises AssessmentError for a retired programme and for a name that is used."""
    if programme.retired_on:
        raise AssessmentError("这个项目已经停用，不能再开批次。请先恢复使用。")
    days = {"opens_on": opens_on, "apply_until": apply_until, "review_until": review_until}
    _require_order(**days)
    found = Round(programme=programme, name=name, invitation=invitation, created_by=actor, **days)
    _save(found)
    audit.record("round.prepared", found, actor=actor, unit=programme.unit, after=_told(found))
    return found


@transaction.atomic
def change(round_, *, actor, **fields):
    """Change the draft of a round. Raises StaleState once it is opened."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    if held.state != State.DRAFT:
        raise StaleState("这个批次已经不在筹备，不能再改了。截止日期可以推迟。")
    before = _told(held)
    for name, value in fields.items():
        setattr(held, name, value)
    _require_order(held.opens_on, held.apply_until, held.review_until)
    if _told(held) == before:
        raise AssessmentError("和现在的一样，没有要改的。")
    _save(held)
    audit.record("round.changed", held, actor=actor, unit=held.programme.unit, before=before, after=_told(held))


def _save(found):
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise AssessmentError(SAME_NAME) from error


def _require_order(opens_on, apply_until, review_until):
    if not opens_on <= apply_until <= review_until:
        raise AssessmentError("日期要一个比一个晚：申报开始、申报截止、评审截止，请核对。")


def _told(found):
    days = {name: f"{getattr(found, name)}" for name in ("opens_on", "apply_until", "review_until")}
    return days | {"name": found.name, "invitation": found.invitation}


@transaction.atomic
def open_round(round_, *, actor):
    """Begin a round today: what the programme says now is what this round goes by, for good.

    Raises AssessmentError when its last day for applications is over or its programme is retired.
    """
    held = Round.objects.select_for_update().select_related("programme").get(pk=round_.pk)
    today = timezone.localdate()
    if held.state == State.DRAFT and held.apply_until < today:
        raise AssessmentError(f"申报截止日 {held.apply_until} 已经过了，请先改日期再开始。")
    if held.programme.retired_on:
        raise AssessmentError("这个项目已经停用，不能开始。请先恢复使用。")
    _move(held, [State.DRAFT], State.OPEN, opens_on=today, frozen=frozen_of(held.programme))
    audit.record("round.opened", held, actor=actor, unit=held.programme.unit, after={"until": f"{held.apply_until}"})


def invite(round_, *, actor):
    """Post the invitation of an open round as a notice in the unit and all below; sent again it is the same. Returns it."""
    if round_.state != State.OPEN:
        raise AssessmentError("申报中的批次才能发通知。")
    text = round_.invitation or f"{round_.programme.unit}开始评选{round_.programme.title}。"
    lines = [text, f"申报时间：{round_.opens_on} 到 {round_.apply_until}。在“评选”里打开本批次申报。"]
    wish = {"key": invitation_key(round_), "title": f"{round_}申报通知", "text": "\n".join(lines)}
    wish |= {"audience": Audience.SIGNED_IN, "days": NOTICE_DAYS}
    return notices.post_notice({"unit": round_.programme.unit}, wish, actor=actor)


def invitation_key(round_):
    """Under which key the invitation of a round hangs."""
    return f"round-{round_.pk}"


@transaction.atomic
def put_off(round_, apply_until, review_until, reason, *, actor):
    """Put the last day for applications off, and that of the review with it if need be, while the round is open."""
    held = Round.objects.select_for_update().select_related("programme__unit").get(pk=round_.pk)
    if apply_until <= held.apply_until or apply_until < timezone.localdate():
        raise AssessmentError(f"新的截止日期要晚于现在的 {held.apply_until}，也不能早于今天。")
    _require_order(held.opens_on, apply_until, review_until)
    before = {"apply_until": f"{held.apply_until}", "review_until": f"{held.review_until}"}
    _move(held, [State.OPEN], State.OPEN, apply_until=apply_until, review_until=review_until)
    after = {"apply_until": f"{apply_until}", "review_until": f"{review_until}", "reason": reason}
    audit.record("round.put_off", held, actor=actor, unit=held.programme.unit, before=before, after=after)


@transaction.atomic
def begin_review(round_, *, actor, early=False):
    """Take no further applications; those that are recommended come to the review.

    Before the end of the last day only when that is said (`early`).
    """
    held = Round.objects.select_for_update().select_related("programme__unit").get(pk=round_.pk)
    if held.apply_until >= timezone.localdate() and not early:
        raise AssessmentError(f"申报 {held.apply_until} 才截止。要提前进入评审，请刷新页面后确认。")
    _move(held, [State.OPEN], State.REVIEWING)
    count = _take_to_review(held, actor)
    after = {"early": early, "applications": count}
    audit.record("round.reviewing", held, actor=actor, unit=held.programme.unit, after=after)


def _take_to_review(held, actor):
    """Recommended applications come to the review, each with a step of its history. Returns how many."""
    move = TRANSITIONS["review"]
    rows = held.applications.filter(state__in=move.sources)
    facts = {"action": move.action, "state": move.target, "unit": held.programme.unit, "actor": actor}
    steps = [ApplicationStep(application=row, level=row.level, **facts) for row in rows]
    ApplicationStep.objects.bulk_create(steps)
    rows.update(state=move.target)
    return len(steps)


@transaction.atomic
def cancel(round_, reason, *, actor):
    """Call a round off while no list hangs; everybody who applied reads why. A list that hung before gets a note on its board."""
    held = Round.objects.select_for_update().select_related("programme__unit").get(pk=round_.pk)
    _move(held, CANCELLABLE, State.CANCELLED, reason=reason)
    if held.bulletin:
        note_correction(Bulletin.objects.get(serial=held.bulletin), f"这一批评选已经取消：{reason}", actor=actor)
    audit.record("round.cancelled", held, actor=actor, unit=held.programme.unit, after={"reason": reason})


def _move(held, sources, state, **fields):
    """Compare and set; raises StaleState when the round is no longer in one of the states."""
    if not Round.objects.filter(pk=held.pk, state__in=sources).update(state=state, **fields):
        raise StaleState(f"这个批次现在是“{held.get_state_display()}”，不能这样做了，请刷新页面再看。")
    held.refresh_from_db()

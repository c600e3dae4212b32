"""Agreements of mentor and apprentice: proposed, confirmed by both, examined by somebody else; or ended before, with a reason."""

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.learning.mentorships import may_object_until
from activities.models import Mentorship
from teams import audit

State = Mentorship.State
OPEN = [State.PROPOSED, State.RUNNING]
STALE = "这份师徒协议刚刚有变动，请刷新页面再看。"


@transaction.atomic
def propose(team, *, mentor, apprentice, aims, starts_on, ends_on, actor):
    """Propose an agreement for an apprentice of a team; it waits for both of them. Returns the Mentorship."""
    if mentor == apprentice:
        raise ActivityError("师傅和徒弟不能是同一个人。")
    if ends_on <= starts_on:
        raise ActivityError("结束日期要在开始日期以后。")
    facts = {"mentor": mentor, "apprentice": apprentice, "aims": aims, "starts_on": starts_on, "ends_on": ends_on}
    try:
        with transaction.atomic():
            mentorship = Mentorship.objects.create(team=team, proposed_by=actor, **facts)
    except IntegrityError as error:
        raise ActivityError(f"{apprentice}已有一份没有结束的师徒协议，先结束那一份再签新的。") from error
    after = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    _note("mentorship.proposed", mentorship, actor, after)
    return mentorship


@transaction.atomic
def agree(mentorship, *, actor):
    """The mentor or the apprentice confirms; once both have, the agreement runs."""
    part = {mentorship.mentor_id: "mentor", mentorship.apprentice_id: "apprentice"}.get(actor.pk)
    if part is None:
        raise ActivityError("师徒协议只由师傅和徒弟本人确认。")
    other = {"mentor": "apprentice", "apprentice": "mentor"}[part]
    waiting = {"pk": mentorship.pk, "state": State.PROPOSED, f"{part}_agreed_at__isnull": True}
    whole = When(**{f"{other}_agreed_at__isnull": False}, then=Value(State.RUNNING))
    state = Case(whole, default=F("state"))
    changed = Mentorship.objects.filter(**waiting).update(**{f"{part}_agreed_at": timezone.now()}, state=state)
    _noted(changed, "mentorship.agreed", mentorship, actor, {"part": part})


@transaction.atomic
def object_to(mentorship, reason, *, actor):
    """The mentor or the apprentice does not want it, before it runs or within its first month; that ends it."""
    if actor.pk not in (mentorship.mentor_id, mentorship.apprentice_id):
        raise ActivityError("只有师傅和徒弟本人能提出不合适。")
    last = may_object_until(mentorship)
    if last and timezone.localdate() > last:
        raise ActivityError(f"磨合期到 {last} 为止，现在请找班长商量提前结束。")
    changed = _open(mentorship).update(state=State.ENDED, outcome=f"{actor}提出不合适：{reason}"[:300])
    _noted(changed, "mentorship.objected", mentorship, actor, {"reason": reason})


@transaction.atomic
def end(mentorship, reason, *, actor):
    """End an agreement before its exam, with a reason."""
    changed = _open(mentorship).update(state=State.ENDED, outcome=reason)
    _noted(changed, "mentorship.ended", mentorship, actor, {"reason": reason})


@transaction.atomic
def examine(mentorship, *, exam_on, score, passed, outcome, actor):
    """Somebody else than the two has examined the apprentice: a score of at most 100 (hundredths), passed or not."""
    if actor.pk in (mentorship.mentor_id, mentorship.apprentice_id):
        raise ActivityError("考核人不能是师傅或徒弟本人，请换人考核。")
    if not mentorship.starts_on <= exam_on <= timezone.localdate():
        raise ActivityError(f"考核日期要在 {mentorship.starts_on}（协议开始）到今天之间。")
    state = State.PASSED if passed else State.FAILED
    facts = {"exam_on": exam_on, "exam_score": score, "examiner": actor, "outcome": outcome}
    changed = Mentorship.objects.filter(pk=mentorship.pk, state=State.RUNNING).update(state=state, **facts)
    after = {"exam_on": exam_on.isoformat(), "score": score}
    _noted(changed, "mentorship.examined", mentorship, actor, after)


def _open(mentorship):
    return Mentorship.objects.filter(pk=mentorship.pk, state__in=OPEN)


def _noted(changed, verb, mentorship, actor, after):
    """Note a change in the trail; raises StaleState where nothing was changed."""
    if not changed:
        raise StaleState(STALE)
    mentorship.refresh_from_db()
    _note(verb, mentorship, actor, after)


def _note(verb, mentorship, actor, after):
    after = after | {"state": mentorship.get_state_display()}
    audit.record(verb, mentorship, actor=actor, unit=mentorship.team.unit, after=after)

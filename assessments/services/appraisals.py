"""Leader appraisals: opened for a unit, answered from three sides, closed into results that stand."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.appraisals.figures import appraise
from assessments.appraisals.lists import last_answer
from assessments.errors import AssessmentError, StaleState
from assessments.inputs import fingerprint
from assessments.models import Appraisal, Ballot, BallotGiven, LeaderAppraisal
from assessments.scoring import reached
from teams import audit
from teams.access import subtree_ids
from teams.models import Membership, Team, Unit

State = Appraisal.State
OVER = "这一轮测评已经结束，不能再填了。"
LONGEST = datetime.timedelta(days=92)
"""From the first day of a round to its last."""


def leaders_below(unit):
    """Present leaders of the teams of a unit and of all units below it, in display order."""
    rows = Membership.objects.open().filter(role=Membership.Role.LEADER, team__in=teams_below(unit))
    return rows.select_related("user", "team__unit").order_by("team")


def teams_below(unit):
    """Teams of a unit and of all units below it that are not disbanded."""
    return Team.objects.open().filter(unit__in=subtree_ids(unit))


@transaction.atomic
def open_round(unit, *, actor, title, opens_on, ends_on, items, weights, least_answers, grades, lowest_grade):
    """Begin an appraisal of all present leaders; returns the Appraisal.

    `items`, `weights` and `grades` are those of a preset, perhaps changed. Raises AssessmentError without any leader
    and for a name that the unit has used: sent twice, a round is still one.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if Appraisal.objects.filter(unit=unit, title=title).exclude(state=State.CANCELLED).exists():
        raise AssessmentError(f"{unit}已经发起过“{title}”。要再发起一轮，请换一个名称。")
    leaders = list(leaders_below(unit))
    if not leaders:
        raise AssessmentError(f"{unit}下面还没有班组长，没有发起。请先在花名册里定好班组长。")
    facts = {"title": title, "opens_on": opens_on, "ends_on": ends_on, "least_answers": least_answers}
    shares = {f"weight_{side}": percent for side, percent in weights.items()}
    scale = {"items": [list(item) for item in items], "grades": [list(grade) for grade in grades]}
    found = Appraisal.objects.create(unit=unit, opened_by=actor, lowest_grade=lowest_grade, **facts, **shares, **scale)
    LeaderAppraisal.objects.bulk_create(
        LeaderAppraisal(appraisal=found, leader_id=row.user_id, team_id=row.team_id) for row in leaders
    )
    after = {"leaders": len(leaders), "weights": weights, "days": f"{opens_on} – {ends_on}"}
    audit.record("appraisal.opened", found, actor=actor, unit=unit, after=after)
    return found


@transaction.atomic
def rate_oneself(about, scores, words, *, actor, seen=None):
    """The leader's own answer; it can be changed until the last day. `seen` as in rate_as_superior."""
    require_days(_held(about.appraisal_id))
    _require_seen(about, "self", seen, actor)
    _answer(about, own_scores=scores, own_words=words)
    audit.record("appraisal.self_rated", about, actor=actor, unit=about.team.unit)


@transaction.atomic
def rate_as_superior(about, scores, words, *, actor, seen=None):
    """The answer of a manager of the team's unit; it can be changed until the round is closed.

    Never the leader's own, nor that of somebody who has given a ballot: nobody counts on two sides. `seen` is the
    seen_of what the page showed, None where nothing was shown; raises StaleState when somebody has answered since.
    """
    if actor.pk == about.leader_id:
        raise AssessmentError("不能给自己做上级评价，请上一级单位的负责人来评。")
    require_begun(_held(about.appraisal_id))
    if BallotGiven.objects.filter(about=about, user=actor).exists():
        raise AssessmentError("您已经作为组员测评过了，一个人只算一方。上级评价请另一位负责人来做。")
    _require_seen(about, "superior", seen, actor)
    _answer(about, superior_scores=scores, superior_words=words, superior=actor)
    audit.record("appraisal.superior_rated", about, actor=actor, unit=about.team.unit)


def seen_of(about, side):
    """What a page remembers of the answer that it shows, "self" or "superior"; "" while there is none."""
    own = (about.own_scores, about.own_words)
    scores, *rest = own if side == "self" else (about.superior_scores, about.superior_words, about.superior_id)
    return fingerprint([scores, *rest]) if scores else ""


def _require_seen(about, side, seen, actor):
    """Raise StaleState unless the answer is the one that the page showed; the round is locked."""
    if seen is None or seen == seen_of(LeaderAppraisal.objects.get(pk=about.pk), side):
        return
    who = _who_answered(last_answer(about, side), actor)
    raise StaleState(f"{who}，这里没有保存。您选的、写的还留在这一页，请先看过保存的那一份再改。")


def _who_answered(last, actor):
    if last is None:
        return "别人先评了"
    at = timezone.localtime(last.at)
    return (
        f"您 {at:%Y-%m-%d %H:%M} 在别的页面保存过"
        if last.actor == actor
        else f"{last.actor} {at:%Y-%m-%d %H:%M} 先评了"
    )


def _answer(about, **fields):
    rows = LeaderAppraisal.objects.filter(pk=about.pk, appraisal__state=State.OPEN)
    if not rows.update(**fields):
        raise StaleState(OVER)


@transaction.atomic
def vote(about, scores, words, *, actor):
    """A member's answer, once and for good.

    What was answered is kept apart from who answered; the trail has the deed alone. Raises StaleState the second time,
    and AssessmentError for whoever has answered as superior.
    """
    require_days(_held(about.appraisal_id))
    if LeaderAppraisal.objects.filter(pk=about.pk, superior=actor).exists():
        raise AssessmentError("您已经做了上级评价，一个人只算一方，不再参加民主测评。")
    try:
        with transaction.atomic():
            BallotGiven.objects.create(about=about, user=actor)
    except IntegrityError as error:
        raise StaleState("您已经测评过了。每人一次，交了不能改。") from error
    Ballot.objects.create(about=about, scores=scores, words=words)
    audit.record("appraisal.voted", about, actor=actor, unit=about.team.unit)


def _held(pk):
    """The round, locked against being closed in between; raises StaleState when it is over."""
    held = Appraisal.objects.select_for_update(no_key=True).get(pk=pk)
    require_open(held)
    return held


def require_open(appraisal):
    """Raise StaleState unless the round is still open."""
    if appraisal.state != State.OPEN:
        raise StaleState(OVER)


def require_begun(appraisal):
    """As require_open; raises AssessmentError before the first day, too."""
    require_open(appraisal)
    if not appraisal.has_begun:
        raise AssessmentError(f"测评 {appraisal.opens_on:%Y-%m-%d} 才开始，到那天再填。")


def require_days(appraisal):
    """As require_begun; raises AssessmentError after the last day, too."""
    require_begun(appraisal)
    if appraisal.is_past:
        raise AssessmentError(f"测评 {appraisal.ends_on:%Y-%m-%d} 已经截止，不能再填了。")


@transaction.atomic
def close(appraisal, *, actor, early=False):
    """End a round and fix every leader's result. Before the end of its last day only when that is said (`early`)."""
    held = _held(appraisal.pk)
    if not held.is_past and not early:
        raise AssessmentError(f"{held.ends_on:%Y-%m-%d} 才截止。要提前结束，请刷新页面后点“提前结束”并确认。")
    rows = list(held.leaders.prefetch_related("ballots"))
    for row in rows:
        _settle(held, row)
    LeaderAppraisal.objects.bulk_update(rows, ["by_self", "by_members", "by_superior", "total", "grade"])
    _end(held, State.CLOSED, actor)
    audit.record("appraisal.closed", held, actor=actor, unit=held.unit, after={"leaders": len(rows), "early": early})


def _settle(held, row):
    result = result_of(held, row)
    row.by_self, row.by_members, row.by_superior = result.sides.values()
    row.total = result.total
    row.grade = "" if result.total is None else reached(held.grades, result.total, held.lowest_grade)


def result_of(appraisal, row):
    """The Result of one leader from the answers that are there; `row.ballots` had better be prefetched."""
    answers = {
        "self": [row.own_scores] if row.own_scores else [],
        "members": [ballot.scores for ballot in row.ballots.all()],
        "superior": [row.superior_scores] if row.superior_scores else [],
    }
    weights = {side: getattr(appraisal, f"weight_{side}") for side in answers}
    full = sum(points for _, _, points in appraisal.items)
    return appraise(full, weights, answers, appraisal.least_answers)


@transaction.atomic
def extend(appraisal, ends_on, reason, *, actor):
    """Put the last day off, also when it is over, as long as the round is open."""
    held = _held(appraisal.pk)
    before, (earliest, latest) = held.ends_on, days_to_extend(held)
    if ends_on < earliest:
        raise AssessmentError(f"新的截止日期要晚于现在的 {before:%Y-%m-%d}，也不能早于今天。")
    if ends_on > latest:
        raise AssessmentError(f"一轮测评最长 {LONGEST.days} 天，最晚到 {latest:%Y-%m-%d}。")
    if not Appraisal.objects.filter(pk=held.pk, state=State.OPEN, ends_on=before).update(ends_on=ends_on):
        raise StaleState(OVER)
    figures = {"before": {"ends_on": f"{before}"}, "after": {"ends_on": f"{ends_on}", "reason": reason}}
    audit.record("appraisal.extended", held, actor=actor, unit=held.unit, **figures)


def days_to_extend(appraisal):
    """(earliest, latest) day that the last day may be put off to; the earliest is the later one where it may not."""
    day = datetime.timedelta(days=1)
    return max(appraisal.ends_on + day, timezone.localdate()), appraisal.opens_on + LONGEST


@transaction.atomic
def cancel(appraisal, reason, *, actor):
    """Call a round off: nobody ever sees what was answered."""
    held = _held(appraisal.pk)
    _end(held, State.CANCELLED, actor)
    audit.record("appraisal.cancelled", held, actor=actor, unit=held.unit, after={"reason": reason})


def _end(held, state, actor):
    ended = {"state": state, "closed_by": actor, "closed_at": timezone.now()}
    if not Appraisal.objects.filter(pk=held.pk, state=State.OPEN).update(**ended):
        raise StaleState(OVER)

"""班组长后备: listed, trained step by step, appointed or let go. A step is written down by somebody else."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import Reserve, ReserveStep
from teams import audit

Stage = Reserve.Stage
OVER = (Stage.APPOINTED, Stage.LEFT)
NEXT = {
    Stage.LISTED: [Stage.TRAINING, Stage.LEFT],
    Stage.TRAINING: [Stage.ACTING, Stage.READY, Stage.LEFT],
    Stage.ACTING: [Stage.TRAINING, Stage.READY, Stage.LEFT],
    Stage.READY: [Stage.ACTING, Stage.APPOINTED, Stage.LEFT],
    Stage.APPOINTED: [],
    Stage.LEFT: [],
}
"""stage -> the stages that may follow."""


@transaction.atomic
def enlist(unit, user, *, coach, listed_on, text, actor):
    """Put a person on the reserve of a unit, with the reason as the first step; returns the Reserve."""
    if listed_on > timezone.localdate():
        raise ActivityError("入库日期还没到，请填今天或以前的日期。")
    if user.pk == actor.pk:
        raise ActivityError("不能把自己放进后备，请别的负责人或工会来办。")
    _require_another(user, coach)
    try:
        with transaction.atomic():
            reserve = Reserve.objects.create(unit=unit, user=user, coach=coach, listed_on=listed_on)
    except IntegrityError as error:
        raise ActivityError(f"{user}已在后备库里，不用再加。") from error
    ReserveStep.objects.create(reserve=reserve, stage=Stage.LISTED, text=text, actor=actor)
    audit.record("reserve.listed", reserve, actor=actor, unit=unit, after={"reason": text})
    return reserve


@transaction.atomic
def step(reserve, stage, text, *, actor):
    """Write a step of the training down, in the same stage or a next one; the last ones take the person off the reserve."""
    if reserve.user_id == actor.pk:
        raise ActivityError("自己的培养情况要由别人来登记。")
    if stage != reserve.stage and stage not in NEXT[reserve.stage]:
        raise ActivityError(f"“{reserve.get_stage_display()}”以后不能直接到“{Stage(stage).label}”。")
    ended = {"ended_on": timezone.localdate()} if stage in OVER else {}
    rows = Reserve.objects.filter(pk=reserve.pk, stage=reserve.stage, ended_on__isnull=True)
    if not rows.update(stage=stage, **ended):
        raise StaleState("阶段刚刚变过或者已经出库，请刷新页面再看。")
    ReserveStep.objects.create(reserve=reserve, stage=stage, text=text, actor=actor)
    told = {"before": {"stage": reserve.get_stage_display()}, "after": {"stage": Stage(stage).label, "text": text}}
    audit.record("reserve.stepped", reserve, actor=actor, unit=reserve.unit, **told)


@transaction.atomic
def set_coach(reserve, coach, *, actor):
    """Let another person, or nobody, coach a reserve leader."""
    if reserve.user_id == actor.pk:
        raise ActivityError("自己的培养人要由别人来定。")
    _require_another(reserve.user, coach)
    held = Reserve.objects.select_for_update(of=("self",)).select_related("coach").get(pk=reserve.pk)
    if held.ended_on:
        raise StaleState("此人已经出库，不用再定培养人。")
    if held.coach == coach:
        raise ActivityError("培养人没有变。")
    Reserve.objects.filter(pk=held.pk).update(coach=coach)
    told = {"before": {"coach": _name(held.coach)}, "after": {"coach": _name(coach)}}
    audit.record("reserve.coached", held, actor=actor, unit=held.unit, **told)


def _name(user):
    return user.name if user else ""


def _require_another(user, coach):
    if coach and coach.pk == user.pk:
        raise ActivityError("培养人要请另外的人。")

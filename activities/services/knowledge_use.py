"""What others do with published knowledge: teams try and adopt it, people sign that they have read it."""

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.knowledge.access import current
from activities.models import Adoption, ReadReceipt
from teams import audit

State = Adoption.State


@transaction.atomic
def adopt(version, team, *, actor):
    """Note that a team tries what the version says. Raises ActivityError for one's own, an old or a retired one."""
    _require_holding(version)
    if version.item.team_id == team.pk:
        raise ActivityError("这是本班组自己写的，不用登记采用。")
    facts = {"started_by": actor, "started_on": timezone.localdate()}
    adoption, is_new = Adoption.objects.get_or_create(version=version, team=team, defaults=facts)
    if not is_new:
        raise ActivityError(f"{team}已经登记采用这一版了。")
    audit.record("adoption.started", adoption, actor=actor, unit=team.unit, after={"title": version.title})
    return adoption


@transaction.atomic
def conclude(adoption, state, feedback, *, actor):
    """Say what came of a trial: `state` is adopted or dropped, with feedback for those who wrote it."""
    if state not in (State.ADOPTED, State.DROPPED):
        raise ActivityError("请选“采用”或“不适用”。")
    if not feedback:
        raise ActivityError("请写几句反馈：效果怎样，哪里不合适。")
    rows = Adoption.objects.filter(pk=adoption.pk, state=State.TRYING)
    if not rows.update(state=state, feedback=feedback, ended_at=timezone.now()):
        raise StaleState("这次试用已经有结论了。")
    adoption.refresh_from_db()
    told = {"title": adoption.version.title, "state": adoption.get_state_display(), "feedback": feedback}
    audit.record("adoption.concluded", adoption, actor=actor, unit=adoption.team.unit, after=told)


@transaction.atomic
def sign(version, *, actor):
    """Note that the person has read the version. Raises StaleState when it is signed or holds no longer."""
    _require_holding(version)
    receipt, is_new = ReadReceipt.objects.get_or_create(version=version, user=actor)
    if not is_new:
        raise StaleState("您已经签收过了。")
    told = {"title": version.title, "number": version.number}
    audit.record("knowledge.signed", receipt, actor=actor, unit=version.item.unit, after=told)


def _require_holding(version):
    if not current().filter(pk=version.pk, item__retired_on=None).exists():
        raise StaleState("这一版已经停用，或者出了新版，请刷新页面再看。")

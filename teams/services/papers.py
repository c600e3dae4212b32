"""Keeping papers (certificates, honours) and skill levels. A paper is never rewritten: it is withdrawn and recorded anew."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from teams import audit
from teams.access import home_unit
from teams.errors import StaleState, TeamError
from teams.models import Team, User


@transaction.atomic
def add(model, holder, *, actor, **values):
    """Record a Certificate of a person or an Honour of a person or a team, `values` being its fields; returns it.

    Raises TeamError when the holder has the same one already or it ends before it began.
    """
    paper = recorded(model, holder, actor=actor, **values)
    _note("recorded", paper, actor, after={name: _text(value) for name, value in values.items()})
    return paper


@transaction.atomic
def correct(paper, *, actor, **values):
    """Withdraw a paper and record it anew with these `values` of all its fields, in one step; returns the new one.

    Raises TeamError when nothing differs, StaleState when it was withdrawn meanwhile.
    """
    changed = [name for name, value in values.items() if getattr(paper, name) != value]
    if not changed:
        raise TeamError("内容没有变，不用更正。")
    withdrawn(paper)
    new = recorded(type(paper), paper.holder, actor=actor, **values)
    before, after = ({name: _text(getattr(row, name)) for name in changed} for row in (paper, new))
    _note("corrected", new, actor, before=before, after=after)
    return new


@transaction.atomic
def withdraw(paper, reason, *, actor):
    """The paper no longer counts from today on, for a reason. Raises StaleState when it was withdrawn already."""
    withdrawn(paper)
    _note("withdrawn", paper, actor, after={"reason": reason})


@transaction.atomic
def set_skill_levels(team, changes, *, actor):
    """Change skill levels of a team's members; `changes` is {User: (level that the page showed, new level)}.

    Raises StaleState, and changes nobody's, when somebody else has changed one of them meanwhile.
    """
    if not changes:
        return
    for user, (shown, new) in changes.items():
        if not User.objects.filter(pk=user.pk, skill_level=shown).update(skill_level=new):
            raise StaleState(f"{user}的技能等级刚刚被别人改过了，请刷新页面核对后再改。")
    before, after = (
        {user.employee_no: {"skill_level": pair[which]} for user, pair in changes.items()} for which in (0, 1)
    )
    audit.record("skills.set", team, actor=actor, unit=team.unit, before=before, after=after)


def recorded(model, holder, *, actor, **values):
    """As add, inside a deed that leaves a trail row of its own."""
    held_by = {"team" if isinstance(holder, Team) else "user": holder}
    paper = model(**held_by, recorded_by=actor, **values)
    since = getattr(paper, model.SINCE)
    if since and paper.expires_on and paper.expires_on < since:
        began = model._meta.get_field(model.SINCE).verbose_name
        raise TeamError(f"有效期不能早于{began}，请核对两个日期。")
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError as error:
        raise TeamError(f"{holder}的{paper.title}已经登记过了。") from error
    return paper


def withdrawn(paper):
    """As withdraw, inside a deed that leaves a trail row of its own."""
    held = type(paper).objects.filter(pk=paper.pk, withdrawn_on__isnull=True)
    if not held.update(withdrawn_on=timezone.localdate()):
        raise StaleState(f"{paper.THIS}刚刚被别人更正或注销了，请刷新页面再看。")


def _note(deed, paper, actor, **what):
    """The trail entry of a deed about a paper, in the unit of its holder."""
    holder = paper.holder
    unit = holder.unit if isinstance(holder, Team) else home_unit(holder)
    audit.record(f"{paper._meta.model_name}.{deed}", paper, actor=actor, unit=unit, **what)


def _text(value):
    return "" if value is None else str(value)

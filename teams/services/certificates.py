"""Keeping people's certificates and skill levels. A certificate is never rewritten: it is withdrawn and recorded anew."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from teams import audit
from teams.access import home_unit
from teams.errors import StaleState, TeamError
from teams.models import Certificate, User


@transaction.atomic
def add(user, *, actor, **values):
    """Record a certificate (`name`, `number`, `issued_on`, `expires_on`) of a person; returns it.

    Raises TeamError when the person has the same one already or it ends before it was issued.
    """
    certificate = _recorded(user, actor, values)
    after = {name: _text(value) for name, value in values.items()}
    audit.record("certificate.recorded", certificate, actor=actor, unit=home_unit(user), after=after)
    return certificate


@transaction.atomic
def correct(certificate, *, actor, **values):
    """Withdraw a certificate and record it anew with other values, in one step; returns the new one.

    Raises TeamError when nothing differs, StaleState when it was withdrawn meanwhile.
    """
    changed = [name for name, value in values.items() if getattr(certificate, name) != value]
    if not changed:
        raise TeamError("内容没有变，不用更正。")
    _withdraw(certificate)
    new = _recorded(certificate.user, actor, values)
    before, after = ({name: _text(getattr(row, name)) for name in changed} for row in (certificate, new))
    unit = home_unit(certificate.user)
    audit.record("certificate.corrected", new, actor=actor, unit=unit, before=before, after=after)
    return new


@transaction.atomic
def withdraw(certificate, reason, *, actor):
    """The certificate no longer counts from today on, for a reason. Raises StaleState when it was withdrawn already."""
    _withdraw(certificate)
    unit, after = home_unit(certificate.user), {"reason": reason}
    audit.record("certificate.withdrawn", certificate, actor=actor, unit=unit, after=after)


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


def _recorded(user, actor, values):
    if values["issued_on"] and values["expires_on"] and values["expires_on"] < values["issued_on"]:
        raise TeamError("有效期不能早于发证日期，请核对两个日期。")
    try:
        with transaction.atomic():
            return Certificate.objects.create(user=user, recorded_by=actor, **values)
    except IntegrityError as error:
        number = f"（{values['number']}）" if values["number"] else ""
        raise TeamError(f"{user}的“{values['name']}”{number}已经登记过了。") from error


def _withdraw(certificate):
    held = Certificate.objects.filter(pk=certificate.pk, withdrawn_on__isnull=True)
    if not held.update(withdrawn_on=timezone.localdate()):
        raise StaleState("这本证书刚刚被别人更正或注销了，请刷新页面再看。")


def _text(value):
    return "" if value is None else str(value)

"""Accounts and unit roles: who can sign in, and who may do what for a unit."""

from axes.utils import reset
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import UnitRole, User
from teams.phones import masked
from teams.services.sessions import close_rows

ADMINISTRATORS = {UnitRole.Role.ADMIN.value, UnitRole.Role.SECURITY.value, UnitRole.Role.AUDITOR.value}
"""Three separate administrators: nobody holds two of these (GB/T 22239, 三员分立)."""


@transaction.atomic
def deactivate(user, *, actor, unit):
    """Close an account: nobody signs in with it, and its sessions end at once and stay ended."""
    if user.pk == actor.pk:
        raise TeamError("不能停用自己的账号。")
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise StaleState("这个账号已经停用了。")
    end_every_session(user)
    audit.record("account.deactivated", user, actor=actor, unit=unit)


@transaction.atomic
def reactivate(user, *, actor, unit):
    """Open a closed account again; old sessions stay ended."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise StaleState("这个账号本来就是启用的。")
    audit.record("account.reactivated", user, actor=actor, unit=unit)


@transaction.atomic
def end_sessions(user, *, actor, unit):
    """Sign a person out everywhere."""
    end_every_session(user)
    audit.record("account.signed_out", user, actor=actor, unit=unit)


def end_every_session(user):
    """No session of the person is worth anything from now on; part of a deed that leaves the trail entry."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    close_rows(user)


@transaction.atomic
def change_phone(user, phone, *, actor, unit):
    """Correct a person's phone number; the trail keeps no more of it than can be recognised."""
    if phone == user.phone:
        raise TeamError("这就是现在登记的号码，没有改动。")
    if not User.objects.filter(pk=user.pk, phone=user.phone).update(phone=phone):
        raise StaleState("这个号码刚刚被别人改过了，请刷新页面再看。")
    before, after = {"phone": masked(user.phone)}, {"phone": masked(phone)}
    audit.record("phone.changed", user, actor=actor, unit=unit, before=before, after=after)


@transaction.atomic
def reveal_phone(user, *, actor, unit):
    """The whole phone number of a person, for somebody who has to call; the trail keeps who asked."""
    audit.record("phone.revealed", user, actor=actor, unit=unit)
    return user.phone


@transaction.atomic
def unlock(user, *, actor, unit):
    """Lift the lock that wrong passwords brought, at every address."""
    reset(username=user.employee_no)
    audit.record("account.unlocked", user, actor=actor, unit=unit)


@transaction.atomic
def give_role(user, unit, role, *, actor):
    """Give a person a unit role from today on.

    Raises TeamError when the person has it already, when the giver is the person, or when the three administrators would
    fall together.
    """
    if user.pk == actor.pk:
        raise TeamError("不能给自己授职务，请另一位安全管理员办理。")
    held = set(UnitRole.objects.filter(user=user, ended_on__isnull=True).values_list("role", flat=True))
    clash = (held & ADMINISTRATORS) - {role} if role in ADMINISTRATORS else set()
    if clash:
        names = "、".join(UnitRole.Role(other).label for other in sorted(clash))
        raise TeamError(f"{user}已经是{names}。系统管理员、安全管理员、审计员要由三个人分别担任。")
    try:
        with transaction.atomic():
            given = UnitRole.objects.create(user=user, unit=unit, role=role, started_on=timezone.localdate())
    except IntegrityError as error:
        raise TeamError(f"{user}在{unit}已经是{UnitRole.Role(role).label}。") from error
    audit.record("role.given", given, actor=actor, unit=unit)
    return given


@transaction.atomic
def end_role(given, *, actor):
    """End a unit role today. The last security administrator of a unit cannot be ended."""
    if given.role == UnitRole.Role.SECURITY and not _others(given).exists():
        raise TeamError("这是最后一位安全管理员，先授给另一个人再结束。")
    if not UnitRole.objects.filter(pk=given.pk, ended_on__isnull=True).update(ended_on=timezone.localdate()):
        raise StaleState("这个职务已经结束了。")
    audit.record("role.ended", given, actor=actor, unit=given.unit)


def _others(given):
    return UnitRole.objects.filter(role=given.role, ended_on__isnull=True, user__is_active=True).exclude(pk=given.pk)

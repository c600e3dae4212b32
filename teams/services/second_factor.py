"""The second factor: a code from an app on the phone, and recovery codes for the day on which the phone is gone."""

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import User
from teams.passwords import one_time_password
from teams.services.accounts import end_every_session
from teams.services.sessions import note_failure

RECOVERY_CODES = 10
WRONG = "验证码不对。请看手机上现在的 6 位数字，或者填一个没用过的恢复码。"


def device_of(user):
    """The app that gives a person's codes, or None: no second factor."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user):
    """How many recovery codes a person has not used."""
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def turn_on(user, *, key, code, actor, unit):
    """Ask for a code from now on; every session of the person ends. Returns (device, recovery codes to be shown once).

    `key` is the hexadecimal secret that the app holds. Raises TeamError when `code` is not what the app shows.
    """
    claimed = User.objects.filter(pk=user.pk, sessions_ended=user.sessions_ended)
    if device_of(user) or not claimed.update(sessions_ended=user.sessions_ended + 1):
        raise StaleState("两步验证刚刚已经开启了，请刷新页面再看。")
    device = TOTPDevice.objects.create(user=user, name="验证器", key=key)
    if not device.verify_token(code):
        raise TeamError("验证码不对。请核对手机的时间，再填验证器现在显示的 6 位数字。")
    user.sessions_ended += 1
    audit.record("second_factor.turned_on", user, actor=actor, unit=unit)
    return device, _new_codes(user)


@transaction.atomic
def renew_codes(user, *, actor, unit):
    """Replace the recovery codes; the old ones are void. Returns the new ones, which is the only time they can be read."""
    if not TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True):
        raise StaleState("两步验证没有开启，没有恢复码可换。")
    audit.record("second_factor.codes_renewed", user, actor=actor, unit=unit)
    return _new_codes(user)


@transaction.atomic
def turn_off(user, *, actor, unit):
    """From now on the password alone is enough, unless the rules want two factors of the person."""
    _forget_devices(user)
    audit.record("second_factor.turned_off", user, actor=actor, unit=unit)


@transaction.atomic
def reset(user, *, actor, unit):
    """Take the second factor from a person who lost the phone; every session of the person ends."""
    if user.pk == actor.pk:
        raise TeamError("不能重置自己的两步验证，请另一位系统管理员办理。")
    _forget_devices(user)
    end_every_session(user)
    audit.record("second_factor.reset", user, actor=actor, unit=unit)


def verify(user, code, *, unit):
    """The device that a typed code proves to be at hand; a recovery code is used up.

    Raises TeamError when the code is wrong, which the trail keeps, or typed too soon after a wrong one.
    """
    device, kept = _device_and_token(user, code)
    if device is None:
        raise TeamError("两步验证刚刚被重置了，请重新登录。")
    _refuse_haste(device)
    with transaction.atomic():
        verified = verify_token(user, device.persistent_id, kept)
        if verified is None:
            note_failure(user, locked=False, reason="验证码不对", unit=unit)
    if verified is None:
        raise TeamError(WRONG)
    return verified


def is_recovery(device):
    """Whether the device stands for the recovery codes."""
    return isinstance(device, StaticDevice)


def _device_and_token(user, code):
    """Six digits come from the app, everything else is taken for a recovery code."""
    recovery = None if code.isdecimal() and len(code) == 6 else StaticDevice.objects.filter(user=user).first()
    return (recovery, _kept(code)) if recovery else (device_of(user), code)


def _refuse_haste(device):
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = int((why["locked_until"] - timezone.now()).total_seconds()) + 1
        wait = f"{seconds} 秒" if seconds < 100 else f"{seconds // 60 + 1} 分钟"
        raise TeamError(f"验证码连续输错 {why['failure_count']} 次，请等 {wait}再试。")


def _new_codes(user):
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码")
    codes = [one_time_password() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_kept(code)) for code in codes)
    return codes


def _kept(code):
    """What the database keeps of a recovery code: nothing that can be typed."""
    return salted_hmac("teams.recovery_code", code, algorithm="sha256").hexdigest()[:16]


def _forget_devices(user):
    if not TOTPDevice.objects.filter(user=user).delete()[0]:
        raise StaleState("两步验证本来就没有开启。")
    StaticDevice.objects.filter(user=user).delete()

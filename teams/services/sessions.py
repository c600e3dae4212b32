"""Sign-ins: each is one row, from signing in to its end, so that people see where they are signed in and can end it."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from teams import audit
from teams.errors import StaleState
from teams.models import SignIn, User
from teams.security import profile

KEPT_DAYS = 180
"""How long an ended sign-in can be looked up."""


@transaction.atomic
def begin(user, *, session_key, device, factor, unit):
    """Note that a person has signed in completely; where the rules allow one session only, the older ones end.

    `device` is what the browser says of itself in words, `factor` how the person proved to be it. Returns the SignIn.
    """
    ended = close_rows(user) if profile().one_session else 0
    User.objects.filter(pk=user.pk, password_set_at__isnull=True).update(password_set_at=timezone.now())
    row = SignIn.objects.create(
        user=user, session_key=session_key, address=audit.current_address.get(), device=device[:200]
    )
    after = {"device": device, "factor": factor} | ({"ended_elsewhere": ended} if ended else {})
    audit.record("account.signed_in", user, actor=user, unit=unit, after=after)
    return row


@transaction.atomic
def leave(user, session_key, *, unit):
    """Note that a person signs out of this session."""
    close_rows(user, session_key=session_key)
    audit.record("account.left", user, actor=user, unit=unit)


@transaction.atomic
def end(sign_in, *, actor, unit):
    """End one session; whoever holds that device is signed out at the next click."""
    if not SignIn.objects.filter(pk=sign_in.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        raise StaleState("这台设备已经退出了。")
    Session.objects.filter(session_key=sign_in.session_key).delete()
    device = {"device": sign_in.device}
    audit.record("account.session_ended", sign_in.user, actor=actor, unit=unit, before=device)


def close_rows(user, **which):
    """Mark sign-ins of a person as ended, all of them or those that match; part of a deed that ends the sessions too."""
    return SignIn.objects.filter(user=user, ended_at__isnull=True, **which).update(ended_at=timezone.now())


@transaction.atomic
def keep_only(user, before, now):
    """All other sign-ins of a person have ended; this session goes on under another key."""
    SignIn.objects.filter(user=user, ended_at__isnull=True).exclude(session_key=before).update(ended_at=timezone.now())
    SignIn.objects.filter(session_key=before).update(session_key=now)


def was_ended(session_key):
    """Whether a newer sign-in has ended this session."""
    return SignIn.objects.filter(session_key=session_key, ended_at__isnull=False).exists()


@transaction.atomic
def note_failure(user, *, locked, reason, unit):
    """Keep in the trail that somebody failed to sign in as this person, and whether that locked the number."""
    if locked:
        audit.record("account.locked", user, actor=None, unit=unit, after={"reason": reason})
    else:
        audit.record("account.sign_in_failed", user, actor=None, unit=unit, after={"reason": reason})


@transaction.atomic
def forget_old():
    """Mark what ran out unseen as ended, and remove what ended long ago."""
    now = timezone.now()
    run_out = SignIn.objects.filter(
        ended_at__isnull=True, started_at__lt=now - timedelta(hours=profile().session_hours)
    )
    run_out.update(ended_at=now)
    SignIn.objects.filter(ended_at__isnull=False, started_at__lt=now - timedelta(days=KEPT_DAYS)).delete()

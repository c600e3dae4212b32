"""Displays: TVs that show boards through an address of their own, told once and good until it is revoked."""

import datetime
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Display
from teams import audit

SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""What is told apart on a TV and typed with a remote control."""
GROUPS = 4
SEEN_EVERY = datetime.timedelta(minutes=1)
FIELDS = ("name", "kinds", "seconds")


@transaction.atomic
def add_display(unit, *, name, teams, kinds, seconds, actor):
    """Set up a display that shows boards of these teams (none: all below the unit); returns it and its token, told once.

    Raises BulletinError when the unit has another of this name in use.
    """
    token = "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(GROUPS))
    display = Display(unit=unit, name=name, kinds=kinds, seconds=seconds, created_by=actor)
    display.token_hash = Display.digest(token)
    _write(display.save, name)
    display.teams.set(teams)
    audit.record("display.added", display, actor=actor, unit=unit, after=_told(display))
    return display, token


@transaction.atomic
def change_display(display, *, name, teams, kinds, seconds, actor):
    """Let a display show other boards; its address stays.

    Raises StaleState when it is revoked by now, BulletinError when nothing would change or the name is taken.
    """
    held = Display.objects.in_use().select_for_update().filter(pk=display.pk).first()
    if held is None:
        raise _revoked(display)
    before = _told(held)
    _write(lambda: Display.objects.in_use().filter(pk=held.pk).update(name=name, kinds=kinds, seconds=seconds), name)
    held.teams.set(teams)
    held.refresh_from_db()
    after = _told(held)
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        raise BulletinError("没有改动：大屏现在就是这样。")
    before, after = ({key: side[key] for key in changed} for side in (before, after))
    audit.record("display.changed", held, actor=actor, unit=held.unit, before=before, after=after)


@transaction.atomic
def revoke_display(display, *, actor):
    """The address shows nothing any more, for good. Raises StaleState when it was revoked before."""
    if not Display.objects.in_use().filter(pk=display.pk).update(revoked_at=timezone.now()):
        raise _revoked(display)
    audit.record("display.revoked", display, actor=actor, unit=display.unit)


def note_seen(display):
    """A display has asked for a board; kept once a minute."""
    now = timezone.now()
    if display.seen_at is None or display.seen_at < now - SEEN_EVERY:
        Display.objects.filter(pk=display.pk).update(seen_at=now)


def _write(write, name):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        raise BulletinError(f"这个单位已经有叫“{name}”的大屏，请换个名称。") from error


def _revoked(display):
    return StaleState(f"大屏“{display.name}”已经停用了。要再用，请重新添加一块。")


def _told(display):
    """What the trail says of a display; never its token."""
    teams = sorted(display.teams.values_list("name", flat=True))
    return {name: getattr(display, name) for name in FIELDS} | {"teams": teams}

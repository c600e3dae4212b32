"""Keeping the unit tree and its teams: nothing with history is deleted, it is closed from a day on."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from teams import audit
from teams.access import subtree_ids
from teams.errors import StaleState, TeamError
from teams.models import Membership, Team, Unit
from teams.photos import storing_photos


@transaction.atomic
def add_unit(parent, name, *, actor):
    """A new unit below `parent`. Raises TeamError when a sibling has the name or the parent is closed."""
    _require_open(parent)
    unit = _saved(Unit(parent=parent, name=name, position=parent.children.count() + 1), f"{parent}下面已有“{name}”。")
    audit.record("unit.added", unit, actor=actor, unit=unit, after={"parent": parent.name})
    return unit


@transaction.atomic
def change_unit(unit, *, name, parent, actor):
    """Rename a unit and move it below another one. Raises TeamError for a loop, a taken name, a closed unit or parent."""
    _hold_tree()
    if Unit.objects.get(pk=unit.pk).closed_on:
        raise TeamError(f"{unit}已经撤销，不能再改。")
    before = {"name": unit.name, "parent": unit.parent and unit.parent.name}
    if parent is not None:
        _require_open(parent)
        if parent.pk in subtree_ids(unit):
            raise TeamError(f"{parent}在{unit}下面，{unit}不能移到那里。")
    unit.name, unit.parent = name, parent
    _saved(unit, f"同一上级下面已有“{name}”。", "name", "parent")
    after = {"name": name, "parent": parent and parent.name}
    if before != after:
        audit.record("unit.changed", unit, actor=actor, unit=unit, before=before, after=after)


@transaction.atomic
def close_unit(unit, *, actor):
    """Close an empty unit from today on; its history stays. Raises TeamError while units or teams are below it."""
    if not Unit.objects.filter(pk=unit.pk, closed_on__isnull=True).update(closed_on=timezone.localdate()):
        raise StaleState("这个单位已经撤销了。")
    below = [*unit.children.filter(closed_on__isnull=True), *unit.teams.filter(disbanded_on__isnull=True)]
    if below:
        names = "、".join(str(row) for row in below[:5])
        raise TeamError(f"{unit}下面还有{names}{'等' if len(below) > 5 else ''}，请先移走或撤销它们。")
    audit.record("unit.closed", unit, actor=actor, unit=unit)


def _hold_tree():
    """One move at a time: two that each look right could make a loop together. Always in the same order, so none waits
    for the other for ever."""
    list(Unit.objects.select_for_update().order_by("pk").values_list("pk"))


def _require_open(unit):
    """Refuse a closed unit; an open one stays open until this transaction ends."""
    if Unit.objects.select_for_update().get(pk=unit.pk).closed_on:
        raise TeamError(f"{unit}已经撤销，不能再往下加。")


def _saved(row, taken, *fields):
    """Save a new row, or the named fields of one that exists; `taken` is the sentence when the name is in use."""
    try:
        with transaction.atomic():
            row.save(update_fields=fields or None)
    except IntegrityError as error:
        raise TeamError(taken) from error
    return row


@transaction.atomic
def add_team(unit, *, name, actor, **values):
    """A new team in a unit: shift_pattern and formed_on, and what else is given. Raises TeamError for a taken name."""
    _require_open(unit)
    team = Team(unit=unit, name=name, position=unit.teams.count() + 1, **values)
    _saved(team, f"{unit}已有名为“{name}”的班组。")
    audit.record("team.added", team, actor=actor, unit=unit)
    return team


TEAM_FIELDS = ("name", "unit", "shift_pattern", "trade", "slogan", "vision", "style")


@transaction.atomic
def change_team(team, *, actor, **values):
    """Change a team's name, unit, shift pattern, trade, slogan, vision or style; only what is given. Trail keeps old and new.

    Raises TeamError for a taken name and for a team that is disbanded.
    """
    if not Team.objects.select_for_update().filter(pk=team.pk, disbanded_on__isnull=True):
        raise TeamError(f"{team}已经撤销，不能再改。")
    changed = {name: values[name] for name in TEAM_FIELDS if name in values and getattr(team, name) != values[name]}
    if not changed:
        return
    before = {name: str(getattr(team, name)) for name in changed}
    for name, value in changed.items():
        setattr(team, name, value)
    _saved(team, f"{team.unit}已有名为“{team.name}”的班组。", *changed)
    after = {name: str(value) for name, value in changed.items()}
    audit.record("team.changed", team, actor=actor, unit=team.unit, before=before, after=after)


def set_photo(team, upload, *, actor):
    """Put another photo on a team's page; the one before stays an attachment.

    Raises TeamError for anything but a photo, StaleState when somebody else has just put one there.
    """
    with storing_photos(team=team, actor=actor) as store:
        _hang(team, store(upload), actor)


@transaction.atomic
def _hang(team, photo, actor):
    if not Team.objects.filter(pk=team.pk, photo=team.photo_id).update(photo=photo):
        raise StaleState("合影刚刚被别人换过了，请刷新页面看过再换。")
    before = {"photo": team.photo_id}
    audit.record("team.pictured", team, actor=actor, unit=team.unit, before=before, after={"photo": photo.pk})


@transaction.atomic
def disband_team(team, *, actor):
    """Disband a team without members from today on; its history stays. Raises TeamError while anybody belongs to it."""
    members = Membership.objects.open().filter(team=team).count()
    if members:
        raise TeamError(f"{team}还有 {members} 名成员，请先用花名册把他们调到别的班组。")
    today = timezone.localdate()
    if not Team.objects.filter(pk=team.pk, disbanded_on__isnull=True).update(disbanded_on=max(today, team.formed_on)):
        raise StaleState("这个班组已经撤销了。")
    audit.record("team.disbanded", team, actor=actor, unit=team.unit)

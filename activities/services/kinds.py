"""Kinds of activities: shipped as a file, added and changed by administrators; records keep the fields they were made by."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.fields import definition_problems
from activities.models import ActivityKind
from teams import audit

PRESETS = Path(__file__).resolve().parent.parent / "presets" / "kinds.toml"


def presets():
    """The shipped kinds as dicts of ActivityKind's fields, in the order of the file."""
    return tomllib.loads(PRESETS.read_text())["kind"]


@transaction.atomic
def install_presets(unit, *, actor):
    """Add the shipped kinds that a unit does not have yet; returns how many are new."""
    have = set(ActivityKind.objects.filter(unit=unit).values_list("code", flat=True))
    new = [ActivityKind(unit=unit, created_by=actor, **preset) for preset in presets() if preset["code"] not in have]
    ActivityKind.objects.bulk_create(new)
    if new:
        audit.record("activity_kind.installed", unit, actor=actor, unit=unit, after={"count": len(new)})
    return len(new)


@transaction.atomic
def add(unit, *, actor, **fields):
    """Add a kind of one's own to a unit; it can be recorded at once. Raises ActivityError for fields that cannot be."""
    _require_fields(fields["fields"])
    kind = ActivityKind(unit=unit, created_by=actor, **fields)
    kind.save()
    audit.record("activity_kind.added", kind, actor=actor, unit=unit, after=_told(kind))
    return kind


@transaction.atomic
def change(kind, *, actor, **fields):
    """Change a kind for what is recorded from now on. Raises ActivityError when nothing would change."""
    _require_fields(fields.get("fields", kind.fields))
    kind = ActivityKind.objects.select_for_update().get(pk=kind.pk)
    before = _told(kind)
    for name, value in fields.items():
        setattr(kind, name, value)
    if _told(kind) == before:
        raise ActivityError("和现在的一样，没有要改的。")
    kind.save()
    audit.record("activity_kind.changed", kind, actor=actor, unit=kind.unit, before=before, after=_told(kind))


@transaction.atomic
def retire(kind, *, actor):
    """Nothing more is recorded of the kind; what there is stays."""
    rows = ActivityKind.objects.filter(pk=kind.pk, retired_on__isnull=True)
    if not rows.update(retired_on=timezone.localdate()):
        raise StaleState("这个种类已经停用了。")
    kind.refresh_from_db()
    audit.record("activity_kind.retired", kind, actor=actor, unit=kind.unit)


def _require_fields(fields):
    problems = definition_problems(fields)
    if problems:
        raise ActivityError("".join(problems))


TOLD = ("name", "group", "purpose", "agenda", "fields", "subject", "recorders", "taking_part", "cadence", "cycle_days")
FIGURES = ("photos_needed", "votes", "privacy", "hours", "points", "criterion")


def _told(kind):
    return {name: getattr(kind, name) for name in TOLD + FIGURES}

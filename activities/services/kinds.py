"""Kinds of activities: shipped as a file, added and changed by administrators; records keep the fields they were made by."""

import tomllib
import uuid
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.fields import definition_problems
from activities.models import ActivityKind
from activities.services import record_duties
from teams import audit
from teams.access import line_of

PRESETS = Path(__file__).resolve().parent.parent / "presets" / "kinds.toml"
PRACTICES = {*map(str, range(1, 187)), "140a", "140b", "140c"}
"""The numbers of the practices that a product for teams has to serve (docs/coverage.md)."""
SAME_NAME = "已有同名的活动种类，请换个名称。"


def presets():
    """The shipped kinds as dicts of ActivityKind's fields, in the order of the file."""
    return tomllib.loads(PRESETS.read_text())["kind"]


def new_presets(unit):
    """The shipped kinds that neither a unit nor one above it has yet, by code or by name."""
    rows = ActivityKind.objects.filter(unit__in=line_of(unit)).values_list("code", "name")
    codes, names = ({row[place] for row in rows} for place in (0, 1))
    return [preset for preset in presets() if preset["code"] not in codes and preset["name"] not in names]


@transaction.atomic
def install_presets(unit, *, actor):
    """Add the shipped kinds that a unit does not have yet; returns how many are new. Raises ActivityError when none is."""
    new = [ActivityKind(unit=unit, created_by=actor, **preset) for preset in new_presets(unit)]
    if not new:
        raise ActivityError("预置的活动种类都已经有了，没有要加的。")
    try:
        with transaction.atomic():
            ActivityKind.objects.bulk_create(new)
    except IntegrityError as error:
        raise StaleState("预置的活动种类刚刚有人加过了，请刷新页面再看。") from error
    audit.record("activity_kind.installed", unit, actor=actor, unit=unit, after={"count": len(new)})
    record_duties.renew(new)
    return len(new)


@transaction.atomic
def add(unit, *, actor, **fields):
    """Add a kind of one's own to a unit; it can be recorded at once. Raises ActivityError for what cannot be."""
    kind = ActivityKind(unit=unit, created_by=actor, **{"code": f"own_{uuid.uuid4().hex[:12]}"} | fields)
    _save(kind)
    audit.record("activity_kind.added", kind, actor=actor, unit=unit, after=_told(kind))
    record_duties.renew([kind])
    return kind


@transaction.atomic
def change(kind, *, actor, **fields):
    """Change a kind for what is recorded from now on: records keep their fields and who may see them.

    Returns the kind as it is now. Raises ActivityError when nothing would change and for what cannot be.
    """
    kind = ActivityKind.objects.select_for_update().get(pk=kind.pk)
    before = _told(kind)
    for name, value in fields.items():
        setattr(kind, name, value)
    if _told(kind) == before:
        raise ActivityError("和现在的一样，没有要改的。")
    _save(kind)
    audit.record("activity_kind.changed", kind, actor=actor, unit=kind.unit, before=before, after=_told(kind))
    record_duties.renew([kind])
    return kind


@transaction.atomic
def retire(kind, *, actor):
    """Nothing more is recorded of the kind; what there is stays."""
    rows = ActivityKind.objects.filter(pk=kind.pk, retired_on__isnull=True)
    if not rows.update(retired_on=timezone.localdate()):
        raise StaleState("这个种类已经停用了。")
    kind.refresh_from_db()
    audit.record("activity_kind.retired", kind, actor=actor, unit=kind.unit)
    record_duties.renew([kind])


@transaction.atomic
def restore(kind, *, actor):
    """Let a retired kind be recorded again. Raises ActivityError when another one has its name by now."""
    rows = ActivityKind.objects.filter(pk=kind.pk, retired_on__isnull=False)
    try:
        with transaction.atomic():
            brought_back = rows.update(retired_on=None)
    except IntegrityError as error:
        raise ActivityError(SAME_NAME) from error
    if not brought_back:
        raise StaleState("这个种类没有停用。")
    kind.refresh_from_db()
    audit.record("activity_kind.restored", kind, actor=actor, unit=kind.unit)
    record_duties.renew([kind])


def _save(kind):
    problems = definition_problems(kind.fields)
    if not kind.recorders:
        problems.append("还没有选谁来记。")
    if kind.is_confidential and kind.taking_part == ActivityKind.TakingPart.SIGNED:
        problems.append("保密的活动不扫码签到，参加人请改为“点名”。")
    if kind.cadence == ActivityKind.Cadence.CYCLE and not kind.cycle_days:
        problems.append("按周期的活动要写明几天一次（1 到 1100 天）。")
    unknown = [number for number in kind.practices if number not in PRACTICES]
    if unknown:
        problems.append(f"没有编号是{'、'.join(unknown)}的做法。")
    try:
        kind.validate_constraints()
    except ValidationError as error:
        problems += error.messages
    if problems:
        raise ActivityError("".join(problems))
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as error:
        raise ActivityError(SAME_NAME) from error


TOLD = ("name", "group", "purpose", "agenda", "fields", "subject", "recorders", "taking_part", "cadence", "cycle_days")
FIGURES = ("is_asked", "grace_days", "photos_needed", "votes", "privacy", "hours", "points", "criterion")


def _told(kind):
    return {name: getattr(kind, name) for name in TOLD + FIGURES}

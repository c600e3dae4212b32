"""Programmes of honours: installed from a preset or written by hand, changed for rounds opened later, retired and restored."""

import uuid

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.content import CONTENT, FIGURES, FROZEN, problems
from assessments.honours.presets import presets
from assessments.models import Programme
from teams import audit
from teams.access import line_of

SAME_NAME = "本单位已有同名的评选项目，请换个名称，或者先停用那一个。"
SHORT = ("name", "title", "purpose", *FIGURES)
"""Fields that the trail keeps in full; of longer ones it keeps how many rows they have."""


def programmes_over(unit):
    """Programmes that hold in a unit: its own and those of the units above it, retired ones as well."""
    return Programme.objects.filter(unit__in=line_of(unit))


def new_presets(unit):
    """The shipped programmes, as fields of Programme, that neither a unit nor one above it has yet."""
    codes = set(programmes_over(unit).values_list("code", flat=True))
    return [preset for code, preset in presets().items() if code not in codes]


@transaction.atomic
def install_preset(code, unit, *, actor):
    """Add a shipped programme to a unit; returns it.

    Raises AssessmentError when it holds there already, or when the programme that it chooses from does not.
    """
    preset = presets()[code]
    if programmes_over(unit).filter(code=code).exists():
        raise AssessmentError(f"“{preset['name']}”已经有了，不用再加。")
    return _add(unit, actor, preset | {"pool": _pool(preset["pool"], unit)})


def _pool(code, unit):
    pool = programmes_over(unit).filter(code=code).first() if code else None
    if code and pool is None:
        raise AssessmentError(f"要从“{presets()[code]['name']}”评上的里面选，请先把它加上。")
    return pool


@transaction.atomic
def add(unit, *, actor, **fields):
    """Add a programme of one's own to a unit; returns it. Raises AssessmentError for what cannot be."""
    return _add(unit, actor, fields | {"code": f"own_{uuid.uuid4().hex[:12]}"})


def _add(unit, actor, fields):
    programme = Programme(unit=unit, created_by=actor, **fields)
    _save(programme)
    audit.record("programme.added", programme, actor=actor, unit=unit, after=_told(programme))
    return programme


@transaction.atomic
def change(programme, *, actor, **fields):
    """Change what a programme says to rounds that are opened later; returns it as it is now.

    Raises AssessmentError when nothing would change and for what cannot be.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    before, said = _told(programme), _all(programme)
    for name, value in fields.items():
        setattr(programme, name, value)
    if _all(programme) == said:
        raise AssessmentError("和现在的一样，没有要改的。")
    _save(programme)
    audit.record(
        "programme.changed", programme, actor=actor, unit=programme.unit, before=before, after=_told(programme)
    )
    return programme


def _save(programme):
    """Store a programme that says what it may. Raises AssessmentError with every complaint."""
    content = {name: getattr(programme, name) for name in CONTENT}
    complaints = problems(programme.subject, content, programme.pass_line)
    complaints += _wrong_pool(programme) + _wrong_fields(programme)
    if complaints:
        raise AssessmentError("".join(complaints))
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError as error:
        raise AssessmentError(SAME_NAME) from error


def _wrong_pool(programme):
    pool = programme.pool
    if pool is None or (pool.pk != programme.pk and pool.subject == programme.subject):
        return []
    return ["从哪个称号里选，要选评的对象相同的另一个项目。"]


def _wrong_fields(programme):
    """Sentences of the model about ranges and names that are taken."""
    try:
        programme.validate_constraints()
    except ValidationError as error:
        return error.messages
    return []


def _all(programme):
    return {name: getattr(programme, name) for name in (*FROZEN, *FIGURES, "pool_id", "practices")}


def _told(programme):
    counts = {name: len(getattr(programme, name)) for name in ("levels", "criteria", "conditions", "materials")}
    figures = {name: getattr(programme, name) for name in ("quota", "review", "recheck")}
    return {name: getattr(programme, name) for name in SHORT} | counts | figures


@transaction.atomic
def retire(programme, *, actor):
    """No further round of the programme; what runs and what was named stays."""
    rows = Programme.objects.filter(pk=programme.pk, retired_on__isnull=True)
    if not rows.update(retired_on=timezone.localdate()):
        raise StaleState("这个项目已经停用了。")
    audit.record("programme.retired", programme, actor=actor, unit=programme.unit)


@transaction.atomic
def restore(programme, *, actor):
    """Let a retired programme be called again. Raises AssessmentError when another one has its name by now."""
    rows = Programme.objects.filter(pk=programme.pk, retired_on__isnull=False)
    try:
        with transaction.atomic():
            brought_back = rows.update(retired_on=None)
    except IntegrityError as error:
        raise AssessmentError(SAME_NAME) from error
    if not brought_back:
        raise StaleState("这个项目没有停用。")
    audit.record("programme.restored", programme, actor=actor, unit=programme.unit)

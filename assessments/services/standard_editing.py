"""Drafts of standards: saved as a whole, begun from a version that holds, handed down to a lower unit, read from a workbook."""

from dataclasses import replace

from django.db import transaction

from assessments.errors import AssessmentError, StaleState
from assessments.models import StandardVersion
from assessments.services import standards
from assessments.standards.changes import differences, figures_changed
from assessments.standards.content import (
    Chapter,
    award_points,
    base_points,
    content_of,
    fingerprint,
    line_of,
    with_origins,
)
from teams import access, audit
from teams.figures import short_text

DRAFT = StandardVersion.State.DRAFT
MOST_TOLD = 40


@transaction.atomic
def save(version, content, shown, *, actor):
    """Replace what a draft says. `shown` is the fingerprint of what the page showed before. Returns the changes as texts.

    Saving what is there already changes nothing and leaves no trail. Raises StaleState when the draft was put in force,
    deleted, or changed by somebody else meanwhile.
    """
    before = _held(version, shown)
    told = changes_between(before, content)
    if content == before:
        return told
    standards.erase_lines(version)
    if not StandardVersion.objects.filter(pk=version.pk, state=DRAFT).update(**content.figures):
        raise StaleState("这个版本刚刚执行了，不能再改。请另起一版。")
    standards.write_lines(version, content)
    after = _summary(content) | {"changes": told[:MOST_TOLD]}
    unit = version.standard.unit
    audit.record("standard.edited", version, actor=actor, unit=unit, before=_summary(before), after=after)
    return told


def _held(version, shown):
    """The Content of the draft, locked until the end of the transaction, if it still is what the page showed."""
    held = StandardVersion.objects.select_for_update().filter(pk=version.pk, state=DRAFT).first()
    if held is None:
        raise StaleState("这个版本已经执行或删除了，不能再改。要改请另起一版。")
    before = content_of(held)
    if fingerprint(before) != shown:
        raise StaleState(
            "这个草案刚在别的页面上改过，您的改动没有保存，还在这一页上。请另开一页看看现在的草案，核对后在那一页上改。"
        )
    return before


def changes_between(old, new):
    """What differs, one sentence each: lines first, then the version's own figures; moves alone are told as such."""
    told = [str(change) for change in differences(old, new)]
    told += [f"{label}：{before or '无'} → {after or '无'}" for label, before, after in figures_changed(old, new)]
    return told or (["调整了顺序"] if old != new else [])


def _summary(content):
    lines = content.coded.values()
    points, awards = short_text(base_points(lines)), short_text(award_points(lines))
    return {"lines": len(lines), "points": points, "award_points": awards}


def redraft(version, *, actor):
    """A new draft of the same standard that says what this version says. Raises AssessmentError for a draft."""
    if version.state == DRAFT:
        raise AssessmentError("这一版还是草案，直接改就行，不用另起一版。")
    standard = version.standard
    return standards.draft(standard.unit, standard.name, content_of(version), actor=actor, source=str(version))


def hand_down(version, unit, *, actor):
    """A new draft for a lower unit, in which every line knows the line of this version that it was copied from."""
    if version.state == DRAFT:
        raise AssessmentError("草案还会改，执行以后才能下发到下级单位。")
    if version.standard.unit_id not in access.line_of(unit)[1:]:
        raise AssessmentError(f"{unit}不是{version.standard.unit}的下级单位，请重新选择。")
    content = replace(content_of(version), chapters=tuple(map(_inherited, _chapters(version))))
    source = f"{version.standard.unit} {version}"
    return standards.draft(unit, version.standard.name, content, actor=actor, source=source)


def take_in(unit, name, content, *, actor, source):
    """A new draft from a workbook, in which the lines that the unit has from above still know where they come from."""
    content = with_origins(content, _known(unit, name))
    return standards.draft(unit, name, content, actor=actor, source=source)


def _known(unit, name):
    """(code, name, origin) of the lines from above in the unit's latest version, else of the nearest standard above it."""
    versions = StandardVersion.objects.filter(standard__name=name).order_by("-number")
    own = versions.filter(standard__unit=unit).first()
    if own:
        return list(own.criteria.filter(origin__isnull=False).values_list("code", "name", "origin"))
    settled = versions.exclude(state=DRAFT)
    held = (settled.filter(standard__unit=above).first() for above in access.line_of(unit)[1:])
    above = next(filter(None, held), None)
    return list(above.criteria.values_list("code", "name", "pk")) if above else []


def _chapters(version):
    return version.categories.prefetch_related("criteria")


def _inherited(category):
    return Chapter(category.name, tuple(replace(line_of(row), origin=row.pk) for row in category.criteria.all()))

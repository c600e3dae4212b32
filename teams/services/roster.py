"""Importing a roster: staged upload, then one transaction that applies all of it or nothing."""

import datetime
import hashlib
from dataclasses import astuple

from django.db import transaction
from django.utils import timezone

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import ImportBatch, Membership, Team, Unit, User
from teams.roster import Problem, RosterRow, plan_import, read_roster
from teams.workbooks import read_workbook

PERSON_FIELDS = ("name", "political_status", "hired_on", "phone")
PLACE_FIELDS = ("unit", "team", "role", "coefficient")


def stage_roster(file, *, root, effective_on, actor):
    """Read an uploaded roster for the tree below `root` and keep it for confirmation; returns the ImportBatch.

    Nothing else changes. Raises WorkbookRefused when the file is no roster.
    """
    rows, skipped = read_roster(read_workbook(file))
    if not rows:
        raise TeamError("表头下面一个人也没有。请核对文件后重新上传。")
    file.seek(0)
    return ImportBatch.objects.create(
        kind=ImportBatch.Kind.ROSTER,
        unit=root,
        effective_on=effective_on,
        filename=file.name[-200:],
        sha256=hashlib.sha256(file.read()).hexdigest(),
        rows={"people": [_packed(row) for row in rows], "skipped": skipped},
        uploaded_by=actor,
    )


def _packed(row):
    problems = [astuple(problem) for problem in row.problems]
    return {"number": row.number, "values": row.values, "problems": problems}


def staged_plan(batch):
    """The RosterPlan of a staged batch against today's data."""
    rows = [
        RosterRow(row["number"], row["values"], [Problem(*problem) for problem in row["problems"]])
        for row in batch.rows["people"]
    ]
    return plan_import(rows, batch.unit)


@transaction.atomic
def apply_roster(batch, *, actor, without_bad_rows=False):
    """Carry out a staged roster: units, teams, people and memberships; all rows, or all but the bad ones if so wished.

    Checks again against today's data. Returns the plan that was carried out. Raises TeamError when bad rows stand in
    the way, StaleState when the batch was already applied.
    """
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEWED)
    if not claimed.update(state=ImportBatch.State.APPLIED):
        raise StaleState("这份花名册已经导入或放弃了，不用再确认一次。")
    plan = staged_plan(batch)
    if plan.bad and not without_bad_rows:
        raise TeamError(f"还有 {len(plan.bad)} 行有错，一行也没有导入。请改正后重新上传，或选择“跳过有错的行”。")
    teams = _teams(plan, batch.unit, batch.effective_on)
    _step_down(plan, batch.effective_on)
    for row in plan.added:
        _add(row.values, teams, batch.effective_on)
    for row, changes in plan.changed:
        _change(row.values, changes, teams, batch.effective_on)
    batch.result = {"added": len(plan.added), "changed": len(plan.changed), "bad": len(plan.bad)}
    batch.state = ImportBatch.State.APPLIED
    batch.save(update_fields=["result"])
    _leave_trail(batch, plan, actor)
    return plan


def _leave_trail(batch, plan, actor):
    audit.record(
        "roster.imported",
        batch,
        actor=actor,
        unit=batch.unit,
        before={row.values["employee_no"]: {k: old for k, (old, _) in change.items()} for row, change in plan.changed},
        after={row.values["employee_no"]: {k: new for k, (_, new) in change.items()} for row, change in plan.changed}
        | {row.values["employee_no"]: row.values for row in plan.added},
    )


def _teams(plan, root, effective_on):
    """{(unit name, team name): Team} after creating what is new."""
    for position, name in enumerate(plan.new_units, start=root.children.count() + 1):
        Unit.objects.create(parent=root, name=name, position=position)
    units = {unit.name: unit for unit in Unit.objects.open().filter(parent=root)}
    for position, (unit, name) in enumerate(plan.new_teams, start=Team.objects.count() + 1):
        Team.objects.create(unit=units[unit], name=name, position=position, formed_on=effective_on)
    return {(team.unit.name, team.name): team for team in Team.objects.open().filter(unit__parent=root)}


def _step_down(plan, effective_on):
    """Close the rows of leaders who give up the duty first, so that a successor finds the place free."""
    numbers = [row.values["employee_no"] for row, changes in plan.changed if set(changes) & set(PLACE_FIELDS)]
    for membership in Membership.objects.open().filter(role="leader", user__employee_no__in=numbers):
        _end(membership, effective_on)


def _end(membership, effective_on):
    """End a membership the day before; one that started on that very day was never in force."""
    if membership.started_on >= effective_on:
        membership.delete()
        return
    membership.ended_on = effective_on - datetime.timedelta(days=1)
    membership.save(update_fields=["ended_on"])


def _add(values, teams, effective_on):
    person = {name: values[name] for name in PERSON_FIELDS} | {"hired_on": values["hired_on"] or None}
    user = User.objects.create_user(values["employee_no"], **person)
    _join(user, values, teams, effective_on)


def _change(values, changes, teams, effective_on):
    user = User.objects.get(employee_no=values["employee_no"])
    personal = [name for name in PERSON_FIELDS if name in changes]
    for name in personal:
        setattr(user, name, values[name])
    if personal:
        user.save(update_fields=personal)
    if set(changes) & set(PLACE_FIELDS):
        for membership in Membership.objects.open().filter(user=user):
            _end(membership, effective_on)
        _join(user, values, teams, effective_on)


def _join(user, values, teams, effective_on):
    Membership.objects.create(
        user=user,
        team=teams[values["unit"], values["team"]],
        role=values["role"],
        coefficient=values["coefficient"],
        started_on=effective_on,
    )


@transaction.atomic
def discard_batch(batch, *, actor):
    """Give up a staged import; nothing of it is carried out. Raises StaleState when it was already decided."""
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEWED)
    if not claimed.update(state=ImportBatch.State.DISCARDED):
        raise StaleState("这份文件已经导入或放弃了。")
    audit.record("import.discarded", batch, actor=actor, unit=batch.unit)


def month_start():
    """The default day from which imported changes hold: the first of the current month."""
    return timezone.localdate().replace(day=1)

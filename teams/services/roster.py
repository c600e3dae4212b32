"""Importing a roster: staged rows, then one transaction that applies all of them or nothing."""

import datetime
import hashlib
from dataclasses import astuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import ImportBatch, Membership, Team, Unit, User
from teams.phones import masked
from teams.roster import Problem, RosterRow, read_roster
from teams.roster_logged import way_out
from teams.roster_plan import PLACE, plan_import, teams_below, units_below
from teams.roster_problems import reasons_of
from teams.workbooks import read_workbook

PERSON_FIELDS = ("name", "political_status", "hired_on", "phone")
AT_ONCE = 500
TOLD = 200
"""So many of the rows that were left out are kept with the result; the uploaded file itself is not kept."""
State = ImportBatch.State


def stage_roster(file, *, root, effective_on, actor):
    """Read a roster for the tree below `root` here and now and keep it for confirmation; returns the ImportBatch.

    Nothing else changes. Raises WorkbookRefused when the file is no roster. Pages let a worker do it (services/imports.py).
    """
    rows = staged_rows(file)
    return ImportBatch.objects.create(rows=rows, **batch_fields(file, root, effective_on, actor))


def batch_fields(file, root, effective_on, actor):
    """What an ImportBatch keeps of an upload, whoever reads it."""
    file.seek(0)
    content = file.read()
    return {
        "kind": ImportBatch.Kind.ROSTER,
        "unit": root,
        "effective_on": effective_on,
        "filename": file.name[-200:],
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": content,
        "uploaded_by": actor,
    }


def staged_rows(file):
    """What an ImportBatch keeps of the rows. Raises WorkbookRefused or TeamError when there is no roster in the file."""
    rows, skipped = read_roster(read_workbook(file))
    if not rows:
        raise TeamError("表头下面一个人也没有。请核对文件后重新上传。")
    return {"people": [_packed(row) for row in rows], "skipped": skipped}


def _packed(row):
    problems = [astuple(problem) for problem in row.problems]
    return {"number": row.number, "values": row.values, "problems": problems}


def staged_plan(batch):
    """The RosterPlan of a staged batch against today's data."""
    rows = [
        RosterRow(row["number"], row["values"], [Problem(*problem) for problem in row["problems"]])
        for row in batch.rows["people"]
    ]
    return plan_import(rows, batch.unit, batch.effective_on)


def apply_roster(batch, *, actor, without_bad_rows=False, absent=""):
    """Carry out a staged roster here and now; see `carry_out`."""
    ready = ImportBatch.objects.filter(pk=batch.pk, state=State.PREVIEWED)
    return carry_out(ready, batch, actor=actor, without_bad_rows=without_bad_rows, absent=absent)


@transaction.atomic
def carry_out(ready, batch, *, actor, without_bad_rows=False, absent=""):
    """Units, teams, people and memberships of a batch: all rows, or all but the bad ones if so wished.

    `ready` is the query that the batch must still meet. `absent` is the `absent_mark` of the people who are not in the
    sheet and shall leave: their memberships end the day before and their accounts are closed; "" leaves them alone.
    Checks again against today's data. Returns the plan that was carried out. Raises TeamError when something stands in
    the way, StaleState when the batch was decided already.
    """
    if not ready.update(state=State.APPLIED, content=None, problem="", lease_until=None):
        raise StaleState("这份花名册已经导入或放弃了，不用再确认一次。")
    plan = staged_plan(batch)
    leaving = plan.absent if absent else []
    refuse_unfit(plan, actor, without_bad_rows, absent)
    write(plan, leaving, batch.unit, batch.effective_on)
    figures = {"added": len(plan.added), "changed": len(plan.changed), "bad": len(plan.bad), "left": len(leaving)}
    batch.result = figures | {"wrong": [_told(row) for row in plan.bad[:TOLD]]}
    batch.state = State.APPLIED
    batch.save(update_fields=["result"])
    _leave_trail(batch, plan, leaving, actor)
    return plan


def _told(row):
    return [row.values.get("name", ""), row.values.get("employee_no", ""), reasons_of(row)]


def refuse_unfit(plan, actor, without_bad_rows, absent):
    """Raise TeamError when a plan cannot be carried out as wished."""
    if plan.bad and not without_bad_rows:
        raise TeamError(f"还有 {len(plan.bad)} 行有错，一行也没有导入。请改正后重新上传，或选择“跳过有错的行”。")
    if not absent:
        return
    if plan.bad:
        raise TeamError("还有有错的行，分不清谁真的不在表里，一行也没有导入。请先改正有错的行，再办理离开。")
    if plan.held:
        raise TeamError(f"{held_sentence(plan)}。一行也没有导入。")
    if absent != plan.absent_mark:
        raise StaleState("打开页面之后，表里没有的人有变动，一行也没有导入。请看过新的名单再确认。")
    if actor and any(member.user_id == actor.pk for member in plan.absent):
        raise TeamError("您自己也不在表里，不能给自己办理离开，一行也没有导入。请把自己加进表里，或不勾选“办理离开”。")


def held_sentence(plan):
    """Who of the absent cannot leave from that day on, and why, the first few of them in full."""
    told = [
        way_out(member.user.name, plan.held[member.user_id]) for member in plan.absent if member.user_id in plan.held
    ]
    return "；".join(told[:2]) + (f"（这样的共有 {len(told)} 人）" if len(told) > 2 else "")


def _leave_trail(batch, plan, leaving, actor):
    changed = {row.values["employee_no"]: change for row, change in plan.changed}
    before = {no: {name: old for name, (old, _) in change.items()} for no, change in changed.items()}
    after = {no: {name: new for name, (_, new) in change.items()} for no, change in changed.items()}
    after |= {row.values["employee_no"]: dict(row.values) for row in plan.added}
    for member in leaving:
        before[member.user.employee_no] = {"unit": member.team.unit.name, "team": member.team.name, "is_active": True}
        after[member.user.employee_no] = {"ended_on": str(member.ended_on), "is_active": False}
    for kept in (*before.values(), *after.values()):
        if "phone" in kept:
            kept["phone"] = masked(kept["phone"])
    audit.record("roster.imported", batch, actor=actor, unit=batch.unit, before=before, after=after)


def write(plan, leaving, root, effective_on):
    """Carry out what a plan says below `root` from a day on, and let these memberships end. Leaves no trail."""
    teams = _teams(plan, root, effective_on)
    people = {user.employee_no: user for user in _present(plan)}
    moving = [row.values for row, changes in plan.changed if set(changes) & set(PLACE)]
    _end([people[values["employee_no"]].pk for values in moving], effective_on)
    _let_go(leaving, effective_on)
    _update(plan, people)
    people |= {user.employee_no: user for user in _add([row.values for row in plan.added])}
    _join([*(row.values for row in plan.added), *moving], people, teams, effective_on)


def _present(plan):
    return User.objects.filter(employee_no__in=[row.values["employee_no"] for row, _ in plan.changed])


def _teams(plan, root, effective_on):
    """{(unit name, team name): Team} after creating what is new."""
    position = root.children.count() + 1
    Unit.objects.bulk_create(
        Unit(parent=root, name=name, position=number) for number, name in enumerate(plan.new_units, start=position)
    )
    units, _ = units_below(root)
    position = Team.objects.count() + 1
    Team.objects.bulk_create(
        Team(unit=units[unit], name=name, position=number, formed_on=effective_on)
        for number, (unit, name) in enumerate(plan.new_teams, start=position)
    )
    return teams_below(root)


def _end(user_ids, effective_on):
    """End memberships the day before; one that started on that very day or later was never in force."""
    rows = Membership.objects.open().filter(user__in=user_ids)
    rows.filter(started_on__gte=effective_on).delete()
    rows.update(ended_on=effective_on - datetime.timedelta(days=1))


def _let_go(leaving, effective_on):
    """End the memberships of people who leave, on their first day at the earliest, and close their accounts."""
    for member in leaving:
        member.ended_on = max(member.started_on, effective_on - datetime.timedelta(days=1))
    Membership.objects.bulk_update(leaving, ["ended_on"], batch_size=AT_ONCE)
    accounts = User.objects.filter(pk__in=[member.user_id for member in leaving], is_active=True)
    accounts.update(is_active=False, sessions_ended=F("sessions_ended") + 1)


def _add(rows):
    """New people; nobody can sign in until a password is issued."""
    return User.objects.bulk_create(
        [User(employee_no=row["employee_no"], password=make_password(None), **_person(row)) for row in rows], AT_ONCE
    )


def _person(values):
    return {name: values[name] for name in PERSON_FIELDS} | {"hired_on": values["hired_on"] or None}


def _update(plan, people):
    """Names, dates and phones that differ."""
    renamed = [(row.values, changes) for row, changes in plan.changed if set(changes) & set(PERSON_FIELDS)]
    for values, changes in renamed:
        for name in set(changes) & set(PERSON_FIELDS):
            setattr(people[values["employee_no"]], name, values[name])
    User.objects.bulk_update([people[values["employee_no"]] for values, _ in renamed], PERSON_FIELDS, AT_ONCE)


def _join(rows, people, teams, effective_on):
    Membership.objects.bulk_create(
        [
            Membership(
                user=people[row["employee_no"]],
                team=teams[row["unit"], row["team"]],
                role=row["role"],
                coefficient=row["coefficient"],
                started_on=effective_on,
            )
            for row in rows
        ],
        AT_ONCE,
    )


@transaction.atomic
def discard_batch(batch, *, actor):
    """Give up an upload that waits to be read or confirmed; nothing of it is carried out. Raises StaleState when it was already decided."""
    ready = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.READING, State.PREVIEWED])
    if not ready.update(state=State.DISCARDED, content=None, lease_until=None):
        raise StaleState("这份文件已经导入或放弃了。")
    audit.record("import.discarded", batch, actor=actor, unit=batch.unit)

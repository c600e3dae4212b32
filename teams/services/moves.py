"""办理调动: one person goes into a team, or gets another duty there, by the rules of the roster and without a workbook."""

from django.db import IntegrityError, transaction

from teams import audit
from teams.access import line_of
from teams.errors import StaleState, TeamError
from teams.models import Membership, Unit, User
from teams.roster import RosterRow
from teams.roster_plan import plan_import
from teams.services.roster import write

MEANWHILE = "打开页面之后，这个人的班组或职务有变动。请看过现在的情况再办。"


def move(person, team, *, role, effective_on, seen, actor):
    """Let somebody belong to a team with a duty from a day on, as a roster of this one row would; the coefficient stays.

    `seen` is the id of the open membership that the actor has seen, or None. Raises TeamError for what is a wrong row in
    a roster and where nothing would change, StaleState when the person was moved meanwhile.
    """
    try:
        with transaction.atomic():
            _move(person, team, role, effective_on, seen, actor)
    except IntegrityError as error:
        raise StaleState(MEANWHILE) from error


def _move(person, team, role, effective_on, seen, actor):
    _require_as_seen(person, seen)
    [root] = Unit.objects.filter(pk=line_of(team.unit)[-1])
    values = {"employee_no": person.employee_no, "name": person.name, "unit": team.unit.name, "team": team.name}
    plan = plan_import([RosterRow(0, values | {"role": role, "coefficient": ""})], root, effective_on)
    _refuse(plan, person, team, role)
    write(plan, [], root, effective_on)
    [(_, change)] = plan.changed
    before = {name: old for name, (old, _) in change.items()}
    after = {name: new for name, (_, new) in change.items()} | {"effective_on": effective_on.isoformat()}
    audit.record("person.moved", person, actor=actor, unit=team.unit, before=before, after=after)


def _require_as_seen(person, seen):
    """Holds the person, so that of two moves at once the second sees the first."""
    held = User.objects.select_for_update().get(pk=person.pk)
    if not held.is_active:
        raise TeamError(f"{held}的账号已停用。请先启用账号，再办理调动。")
    if Membership.objects.open().filter(user=held).values_list("pk", flat=True).first() != seen:
        raise StaleState(MEANWHILE)


def _refuse(plan, person, team, role):
    problems = [problem for row in plan.bad for problem in row.problems]
    if problems:
        raise TeamError("；".join(f"{problem.reason}：{problem.detail}。" for problem in problems))
    if not plan.changed:
        raise TeamError(f"{person}现在就是{team}的{Membership.Role(role).label}，没有要改的。")

"""Piece work for tests: a team with prices, who enters and who checks."""

import datetime
from types import SimpleNamespace

from incentives.models import PieceRecord
from incentives.services import piece_items, piecework, rules
from teams.triggers import without_triggers
from tests import factories as make

DAY = datetime.date(2026, 10, 12)
F9 = "rule_f09_piece_points"


def add_item(unit, name="割煤", points=200, *, measure="架", actor=None, **terms):
    """A line of a unit's price list; the PieceItem."""
    return piece_items.add(unit, name=name, measure=measure, points=points, actor=actor, **({"note": ""} | terms))


def make_crew(unit=None):
    """A team with a leader, a deputy, a clerk and two workers, its manager, and two lines of a price list."""
    team = make.make_team(unit)
    people = {role: make.make_member(team, role) for role in ("leader", "deputy", "clerk")}
    people |= {name: make.make_member(team) for name in ("one", "other")}
    people |= {role: make.give_role(team.unit, role) for role in ("manager", "assessor", "finance")}
    cut, load = add_item(team.unit), add_item(team.unit, "装大件", 20_000, measure="件")
    return SimpleNamespace(team=team, unit=team.unit, cut=cut, load=load, **people)


def enter(team, actor, quantities, day=DAY, note=""):
    """Enter quantities [(user, item, hundredths)]; returns the records by primary key."""
    return piecework.enter(team, day, {(user, item): n for user, item, n in quantities}, note=note, actor=actor)


def accept(records, actor):
    piecework.accept(records[0].team, [record.pk for record in records], actor=actor)


def checked(team, enterer, checker, quantities, day=DAY):
    """As enter, and checked by somebody else."""
    records = enter(team, enterer, quantities, day)
    accept(records, checker)
    return records


def use_piece_rule(unit, period=202601):
    """F9 in force: 30 % by coefficient × days, 70 % by work points."""
    version = rules.install_preset(F9, unit, actor=None)
    rules.put_in_force(version, period, actor=None)
    return version


def make_closed_crew():
    """A team whose October is closed, divided by F9; nobody has entered any work."""
    closed = make.make_closed_team()
    use_piece_rule(closed.unit, make.PERIOD)
    closed.cut, closed.load = add_item(closed.unit), add_item(closed.unit, "装大件", 20_000, measure="件")
    closed.leader, closed.one, closed.other = closed.members
    closed.manager = make.give_role(closed.unit, "manager")
    return closed


def add_counted(team, enterer, checker, user, day=DAY):
    """A checked record of a month whose bonus is proposed, as if it was divided by it."""
    facts = {"user": user, "item": add_item(team.unit), "date": day, "period": 202610, "state": "approved"}
    found = {"quantity": 100, "points": 200, "proposed_by": enterer, "decided_by": checker}
    with without_triggers():
        return PieceRecord.objects.create(team=team, **facts, **found)


def add_to_world(world):
    """A line of the world's unit; of today a record that waits and one that is checked, both the worker's."""
    people = world.people
    world.piece_item = add_item(world.unit, actor=people["manager"])
    other, world.further_piece_item = (
        add_item(world.unit, name, 20_000, measure="件") for name in ("装大件", "装小件")
    )
    quantities = [(world.person, world.piece_item, 300), (world.person, other, 100)]
    world.piece, world.checked_piece = enter(world.team, people["safety"], quantities, world.today)
    accept([world.checked_piece], people["assessor"])


def add_many(team, many, enterer, checker, day):
    """Of that many lines what that many members did on a day; what was done by the first line is checked."""
    items = [add_item(team.unit, f"{team}项目{number}") for number in range(many)]
    people = [row.user for row in team.memberships.exclude(user__in=[enterer, checker]).select_related("user")]
    quantities = [(user, item, 100) for user in people[:many] for item in items]
    records = enter(team, enterer, quantities, day)
    accept([record for record in records if record.item == items[0]], checker)

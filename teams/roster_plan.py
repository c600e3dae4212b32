"""What importing a roster would change: the rows of a sheet compared with the people, teams and units of today."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from teams.access import subtree_ids
from teams.models import Membership, Team, Unit, User
from teams.roster import Problem
from teams.roster_logged import logged_since, way_out

PLACE = ("unit", "team", "role", "coefficient")
"""What of a row is kept in a membership: a change of it ends one and begins another."""


@dataclass
class RosterPlan:
    """What an import would do: rows to refuse, people to add, to change ({field: [old, new]}), to leave alone.

    `absent` are present memberships in the units of the sheet whose people the sheet does not mention; they leave only if
    so wished, and not while one of them is `held`: {user id: Logged since the day on which they would leave}.
    `doubled` is {row number: numbers of later rows with the same employee number}, `places` {unit name: names of its teams}
    as they are today.
    """

    bad: list
    added: list
    changed: list
    unchanged: list
    absent: list
    new_units: list
    new_teams: list
    held: dict
    doubled: dict
    places: dict

    @property
    def may_let_go(self):
        """Whether the absent could leave: it is certain who they are, and no day of theirs would get lost."""
        return bool(self.absent) and not self.bad and not self.held

    @property
    def renamed(self):
        """[(row, old name)] of people who have another name than before: perhaps another person's number."""
        return [(row, change["name"][0]) for row, change in self.changed if "name" in change]

    @property
    def changes_something(self):
        """Whether there is anybody to add or to change."""
        return bool(self.added or self.changed)

    @property
    def absent_mark(self):
        """What stands for exactly these absent people, so that nobody else is let go in their stead."""
        numbers = " ".join(sorted(member.user.employee_no for member in self.absent))
        return hashlib.sha256(numbers.encode()).hexdigest()[:16]


def plan_import(rows, root, effective_on=None):
    """Compare rows with the people, teams and units below `root` today. Reads only; returns a RosterPlan.

    Rows that contradict an earlier row (a number twice, a second leader) are bad; the earlier row stands. So are rows
    that from `effective_on` on take somebody out of a team that has logged attendance of that person since.
    """
    units, twins = units_below(root)
    teams = teams_below(root)
    people = _present(rows)
    _mark_foreign(rows, people, subtree_ids(root), twins)
    for row in rows:
        if not row.problems:
            _fill_gaps(row.values, people.get(row.values["employee_no"]))
    _mark_logged(rows, people, teams, effective_on)
    _mark_contradictions(rows, teams, people)
    bad = [row for row in rows if row.problems]
    good = [row for row in rows if not row.problems]
    changes = [(row, _changes(row.values, people.get(row.values["employee_no"]))) for row in good]
    wanted = dict.fromkeys((row.values["unit"], row.values["team"]) for row in good)
    absent = _absent(rows, [units[name] for name in {unit for unit, _ in wanted} & set(units)])
    return RosterPlan(
        bad=bad,
        added=[row for row, change in changes if change is None],
        changed=[(row, change) for row, change in changes if change],
        unchanged=[row for row, change in changes if change == {}],
        absent=absent,
        new_units=[name for name in dict.fromkeys(unit for unit, _ in wanted) if name not in units],
        new_teams=[key for key in wanted if key not in teams],
        held=logged_since([member.user_id for member in absent], effective_on),
        doubled=_doubled(rows),
        places=_places(units, teams),
    )


def _places(units, teams):
    places = {name: [] for name in units}
    for unit, team in teams:
        places.setdefault(unit, []).append(team)
    return places


def units_below(root):
    """({name: open unit} of the tree, names that more than one unit has)."""
    units = list(Unit.objects.open().filter(pk__in=subtree_ids(root)))
    counts = Counter(unit.name for unit in units)
    return {unit.name: unit for unit in units}, {name for name, count in counts.items() if count > 1}


def teams_below(root):
    """{(unit name, team name): open team} of the tree."""
    teams = Team.objects.open().filter(unit__in=subtree_ids(root)).select_related("unit")
    return {(team.unit.name, team.name): team for team in teams}


def _mark_foreign(rows, people, own, twins):
    """Rows whose unit is there twice in the tree, or whose person belongs to a team outside the units `own`."""
    for row in rows:
        user, unit = people.get(row.values.get("employee_no")), row.values.get("unit")
        if unit in twins:
            row.problems.append(Problem("", "部门重名", f"有不止一个单位叫“{unit}”，请先在“单位”里改成不同的名称"))
        if user and user.membership and user.membership.team.unit_id not in own:
            row.problems.append(Problem("", "工号已在别的厂", "这个工号现在属于别的厂的班组，请核对工号"))


def _present(rows):
    numbers = [row.values["employee_no"] for row in rows if "employee_no" in row.values]
    people = {user.employee_no: user for user in User.objects.filter(employee_no__in=numbers)}
    open_memberships = Membership.objects.open().filter(user__in=people.values()).select_related("team__unit")
    memberships = {membership.user_id: membership for membership in open_memberships}
    for user in people.values():
        user.membership = memberships.get(user.pk)
    return people


def _fill_gaps(values, user):
    """What the sheet leaves open stays as it is; somebody new is a worker with coefficient 1.00."""
    membership = user.membership if user else None
    values["role"] = values["role"] or (membership.role if membership else Membership.Role.WORKER.value)
    values["coefficient"] = values["coefficient"] or (membership.coefficient if membership else 100)


def _mark_logged(rows, people, teams, day):
    """Rows whose person another team than that of the row has logged days of since the change would hold.

    Marked before the contradictions: who stays where he is makes no room for another leader.
    """
    changing = [row for row in rows if not row.problems and _moves(row, people)]
    users = {row.number: people[row.values["employee_no"]] for row in changing}
    found = logged_since([user.pk for user in users.values()], day)
    for row in changing:
        user, team = users[row.number], teams.get((row.values["unit"], row.values["team"]))
        lost = [logged for logged in found.get(user.pk, ()) if team is None or logged.team_id != team.pk]
        if lost:
            row.problems.append(Problem("", "这些天的考勤已经记了", way_out(user.name, lost)))


def _moves(row, people):
    user = people.get(row.values["employee_no"])
    return user is not None and bool(set(_changes(row.values, user)) & set(PLACE))


def _mark_contradictions(rows, teams, people):
    numbers = {}
    leaders = {
        (membership.team.unit.name, membership.team.name): membership.user.employee_no
        for membership in Membership.objects.open()
        .filter(role="leader", team__in=teams.values())
        .select_related("team__unit", "user")
    }
    replaced = {row.values.get("employee_no"): row.values for row in rows if not row.problems}
    for row in rows:
        number, key = row.values.get("employee_no"), (row.values.get("unit"), row.values.get("team"))
        if number in numbers:
            row.problems.insert(0, Problem("", "工号重复", f"与第 {numbers[number]} 行相同"))
        elif number:
            numbers[number] = row.number
        if row.problems or row.values["role"] != "leader":
            continue
        holder = leaders.get(key)
        if holder and holder != number and not _steps_down(replaced.get(holder), key):
            row.problems.append(Problem("", "班组已有班长", f"现任班长工号 {holder}，一个班组只能有一位班长"))
        else:
            leaders[key] = number


def _steps_down(values, key):
    """Whether the sheet itself moves the present leader away or gives another duty."""
    return values is not None and ((values["unit"], values["team"]) != key or values["role"] != "leader")


def _changes(values, user):
    """None for a new person, else {field: [old, new]} of what differs; an empty cell changes nothing."""
    if user is None:
        return None
    now = {name: str(getattr(user, name) or "") for name in ("name", "political_status", "hired_on", "phone")}
    if user.membership:
        team = user.membership.team
        now |= {"unit": team.unit.name, "team": team.name}
        now |= {"role": user.membership.role, "coefficient": user.membership.coefficient}
    return {
        name: [now.get(name, ""), value]
        for name, value in values.items()
        if name != "employee_no" and value != "" and now.get(name, "") != value
    }


def _doubled(rows):
    """{number of the row that stands: numbers of the later rows about the same employee number}."""
    numbers = {}
    for row in rows:
        if "employee_no" in row.values:
            numbers.setdefault(row.values["employee_no"], []).append(row.number)
    return {first: later for first, *later in numbers.values() if later}


def _absent(rows, units):
    listed = {row.values.get("employee_no") for row in rows}
    members = Membership.objects.open().filter(team__unit__in=units).select_related("user", "team__unit")
    return [member for member in members if member.user.employee_no not in listed]

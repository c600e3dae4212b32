"""Units, teams, people and their places, written straight into the tables."""

import datetime
import random
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from teamhub.demo.accounts import DUTIES, PLANT, accounts, seat_number
from teams import audit, periods
from teams.models import Membership, Team, Unit, UnitRole, User

COEFFICIENTS = {"leader": 130, "deputy": 120, "safety": 110, "clerk": 110, "union_rep": 105}
POLITICAL = ["party_member"] * 3 + ["league_member"] * 2 + ["masses"] * 6
SKILLS = ["junior", "intermediate", "intermediate", "senior", "senior", "technician", "senior_technician"]


@dataclass(frozen=True)
class DemoTeam:
    """A team with what the story needs to know of it: its line of plant.toml, its leader, its unit's manager."""

    team: Team
    profile: dict
    per_head: int
    leader: User
    manager: User


@dataclass(frozen=True)
class Plant:
    """The plant as built: the root unit, who holds each role there, and the teams in display order."""

    root: Unit
    holders: dict
    teams: list

    @property
    def units(self):
        return list(dict.fromkeys(team.team.unit for team in self.teams))

    def team(self, name):
        return next(team for team in self.teams if team.team.name == name)


class People:
    """Makes people with one shared password; hashing it once saves a quarter of a second for each of them."""

    def __init__(self, rng, since):
        self.rng, self.since, self.phones = rng, since, random.Random("teamhub: phones")
        self.password = make_password(PLANT["password"])
        self.taken = {account.name for account in accounts()}

    def person(self, employee_no, name):
        """An unsaved User, hired some years before the first membership."""
        return User(
            employee_no=employee_no,
            name=name or self._name(),
            password=self.password,
            political_status=self.rng.choice(POLITICAL),
            skill_level=self.rng.choice(SKILLS),
            phone=f"1390000{self.phones.randrange(10**4):04d}",
            hired_on=self.since - datetime.timedelta(days=self.rng.randrange(200, 9000)),
        )

    def _name(self):
        words = PLANT["names"]
        while True:
            given = words["men"] if self.rng.random() < 0.78 else words["women"]
            name = self.rng.choice(words["family"]) + self.rng.choice(given)
            if name not in self.taken:
                self.taken.add(name)
                return name


def build(today):
    """Write the plant as of two years ago; returns it."""
    since = periods.first_day(periods.shift(periods.period_of(today), -26))
    people = People(random.Random("teamhub: people"), since)
    root = Unit.objects.create(name=PLANT["name"])
    holders = _holders(people, root, since)
    teams = []
    for number, profile in enumerate(PLANT["units"], start=1):
        unit = Unit.objects.create(parent=root, name=profile["name"], position=number)
        manager = _manager(people, unit, number, profile, since)
        teams += [
            _team(people, unit, (number, position), profile, line, manager, since)
            for position, line in enumerate(profile["teams"], start=1)
        ]
    audit.record("roster.imported", root, actor=holders["admin"], unit=root, after={"people": User.objects.count()})
    return Plant(root, holders, teams)


def _holders(people, root, since):
    lines = PLANT["roles"]
    users = User.objects.bulk_create(
        people.person(f"{100000 + number}", line["name"]) for number, line in enumerate(lines, start=1)
    )
    UnitRole.objects.bulk_create(
        UnitRole(user=user, unit=root, role=line["role"], started_on=since)
        for user, line in zip(users, lines, strict=True)
    )
    return {line["role"]: user for line, user in zip(lines, users, strict=True)}


def _manager(people, unit, number, profile, since):
    user = people.person(f"{100010 + number}", profile["manager"])
    user.save()
    UnitRole.objects.create(user=user, unit=unit, role="manager", started_on=since)
    return user


def _team(people, unit, place, profile, line, manager, since):
    pattern = "day" if line["rota"] == "week" else "rotating"
    team = Team.objects.create(
        unit=unit,
        name=line["name"],
        trade=line["trade"],
        shift_pattern=pattern,
        position=place[1],
        formed_on=since.replace(year=since.year - 6),
    )
    members = _members(people, place, line)
    Membership.objects.bulk_create(_membership(people, team, seat, user, since) for seat, user in enumerate(members))
    return DemoTeam(team, line, profile["per_head"], members[0], manager)


def _members(people, place, line):
    names = line["named"] + [None] * (line["heads"] - len(line["named"]))
    return User.objects.bulk_create(
        people.person(seat_number(*place, seat), name) for seat, name in enumerate(names, start=1)
    )


def _membership(people, team, seat, user, since):
    role = DUTIES[min(seat, len(DUTIES) - 1)]
    coefficient = COEFFICIENTS.get(role) or people.rng.randrange(90, 115, 5)
    return Membership(user=user, team=team, role=role, coefficient=coefficient, started_on=since)


def move_people(plant, day):
    """From `day` on a worker of one team belongs to another, and a second one has a higher coefficient."""
    worker = _last_worker(plant.team("卸煤班"))
    _replace(worker, day, team=plant.team("输煤班").team)
    promoted = _last_worker(plant.team("电气检修班"))
    _replace(promoted, day, coefficient=promoted.coefficient + 5)


def _last_worker(demo):
    return Membership.objects.open().filter(team=demo.team, role="worker").order_by("user__employee_no").last()


def _replace(membership, day, **changes):
    Membership.objects.filter(pk=membership.pk).update(ended_on=day - datetime.timedelta(days=1))
    kept = {name: getattr(membership, name) for name in ("user", "team", "role", "coefficient")}
    Membership.objects.create(**kept | changes, started_on=day)

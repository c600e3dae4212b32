"""Whom a visitor of the demo can sign in as."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from teams.models import Membership, Unit, UnitRole, User

HERE = Path(__file__).resolve().parent
PLANT = tomllib.loads((HERE / "plant.toml").read_text(encoding="utf-8"))
DUTIES = ["leader", "deputy", "safety", "clerk", "union_rep", "worker"]
"""Duties by seat in a team; everybody further down is a worker."""

PURPOSES = {
    "leader": "今日自查、考勤、拟定奖金分配",
    "deputy": "与班长相同，班长不在时代办",
    "safety": "自查、考勤登记",
    "clerk": "考勤登记",
    "union_rep": "考勤登记、看本班公告",
    "worker": "看自己的得分、奖金和由来",
}


@dataclass(frozen=True)
class DemoAccount:
    """One line of the table: role in words, employee number, name, what the account is for."""

    role: str
    employee_no: str
    name: str
    purpose: str


def seat_number(unit, team, seat):
    """The employee number of a seat: 2, unit, team, seat; all counted from 1, e.g. 211006."""
    return f"2{unit}{team}{seat:03d}"


def accounts():
    """One DemoAccount for every role: those at the root, the managers of the units, the duties of the first team."""
    return [*_at_root(), *_managers(), *_first_team()]


def _at_root():
    for number, holder in enumerate(PLANT["roles"], start=1):
        yield DemoAccount(UnitRole.Role(holder["role"]).label, f"{100000 + number}", holder["name"], holder["purpose"])


def _managers():
    for number, unit in enumerate(PLANT["units"], start=11):
        purpose = f"{unit['name']}：审批考勤、批准奖金、张榜"
        yield DemoAccount(UnitRole.Role.MANAGER.label, f"{100000 + number}", unit["manager"], purpose)


def _first_team():
    team = PLANT["units"][0]["teams"][0]
    for seat, (role, name) in enumerate(zip(DUTIES, team["named"], strict=True), start=1):
        purpose = f"{team['name']}：{PURPOSES[role]}"
        yield DemoAccount(Membership.Role(role).label, seat_number(1, 1, seat), name, purpose)


def is_loaded():
    """Whether this database holds the demo plant: its root unit and its first account."""
    first = accounts()[0]
    plant = Unit.objects.filter(parent__isnull=True, name=PLANT["name"])
    return plant.exists() and User.objects.filter(employee_no=first.employee_no, name=first.name).exists()

"""An import as people read it before they confirm: who comes, who moves, whose coefficient changes, who is missing."""

from dataclasses import dataclass, field
from difflib import get_close_matches

from teams.figures import coefficient_text
from teams.models import Membership, User
from teams.phones import masked
from teams.roster import LABELS

PLACE = ("unit", "team")
PLACED, CHANGED = "职务和系数", "改了什么"
SHOWN = {"coefficient": coefficient_text, "phone": masked}
CHOICES = {"role": Membership.Role, "political_status": User.PoliticalStatus}


@dataclass
class Line:
    """One person: `place` is the team, `changes` are (label, old, new); `number` is the row in the sheet, if any."""

    number: int | None
    name: str
    employee_no: str
    place: str
    note: str = ""
    changes: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    def matches(self, words):
        return words in self.name or words in self.employee_no


@dataclass(frozen=True)
class Founded:
    """A unit or a team that an import would make, and what is there already under nearly the same name, or ""."""

    name: str
    similar: str = ""


COMPARED = 100
"""So many new names are compared with those that are there; a plant that begins has more and nothing to compare with."""


def founded(plan):
    """([units], [teams]) that an import would make, as Founded."""
    units = [Founded(name, _near(name, plan.places)) for name in plan.new_units[:COMPARED]]
    teams = [
        Founded(place_of(unit, team), _near(team, plan.places.get(unit, ())))
        for unit, team in plan.new_teams[:COMPARED]
    ]
    units += [Founded(name) for name in plan.new_units[COMPARED:]]
    return units, teams + [Founded(place_of(*key)) for key in plan.new_teams[COMPARED:]]


def _near(name, names):
    return next(iter(get_close_matches(name, names, 1)), "")


@dataclass
class Group:
    """Lines that share what would happen to them: `about` says what, `column` heads the notes or changes."""

    key: str
    label: str
    about: str
    column: str
    lines: list

    @property
    def unit(self):
        """What the lines are counted in."""
        return "行" if self.key == "bad" else "人"


def groups_of(plan, words=""):
    """The groups of a RosterPlan in the order of their weight, narrowed to people whose name or number holds `words`."""
    found = [
        Group("bad", "有错", "在原文件里改正后重新上传，或跳过这些行", "哪里不对", [_bad(row) for row in plan.bad]),
        Group("added", "新进", "新建账号，发放首次密码以后才能登录", PLACED, [_placed(row) for row in plan.added]),
        *_changed(plan),
        Group("absent", "表里没有", "不勾选“办理离开”，导入就不会动他们", "职务", _missing(plan)),
        Group("unchanged", "无变化", "和系统里一样，导入不会动他们", PLACED, [_placed(row) for row in plan.unchanged]),
    ]
    for group in found:
        group.lines = [line for line in group.lines if line.matches(words)]
    return found


def _changed(plan):
    moved = [item for item in plan.changed if set(item[1]) & set(PLACE)]
    rest = [item for item in plan.changed if not set(item[1]) & set(PLACE)]
    coefficients = [item for item in rest if "coefficient" in item[1]]
    others = [item for item in rest if "coefficient" not in item[1]]
    return [
        Group("moved", "调动", "从一个班组调到另一个班组", CHANGED, [_change(*item) for item in moved]),
        Group("coefficient", "系数变更", "班组不变，岗位系数变了", CHANGED, [_change(*item) for item in coefficients]),
        Group("other", "其他变更", "班组和系数都不变", CHANGED, [_change(*item) for item in others]),
    ]


def warnings_of(plan):
    """Sentences about what is no mistake for certain, but should be looked at before anybody confirms."""
    for row, old in plan.renamed:
        number, new = row.values["employee_no"], row.values["name"]
        yield f"第 {row.number} 行：工号 {number} 原来是{old}，导入后改名为{new}。不是改名就是工号填错了，请核对。"
    good = {row.number for row in [*plan.added, *plan.unchanged, *(row for row, _ in plan.changed)]}
    for first, later in plan.doubled.items():
        rows = "、".join(map(str, later))
        kept = f"现在会用第 {first} 行" if first in good else f"第 {first} 行也有错"
        yield f"第 {first} 行和第 {rows} 行的工号相同，{kept}。请核对哪一行是对的，改正后重新上传。"


def place_of(unit, team):
    """A team as people say it together with its unit; nothing when there is none."""
    return f"{unit} · {team}" if unit and team else ""


def _bad(row):
    values = row.values
    place = place_of(values.get("unit", ""), values.get("team", ""))
    return Line(row.number, values.get("name", ""), values.get("employee_no", ""), place, problems=row.problems)


def _placed(row):
    values = row.values
    note = f"{CHOICES['role'](values['role']).label}，系数 {coefficient_text(values['coefficient'])}"
    return Line(row.number, values["name"], values["employee_no"], place_of(values["unit"], values["team"]), note)


def _missing(plan):
    return [_absent(member, plan.held.get(member.user_id, ())) for member in plan.absent]


def _absent(member, held):
    place = place_of(member.team.unit.name, member.team.name)
    note = "；".join([member.get_role_display(), *map(str, held)])
    return Line(None, member.user.name, member.user.employee_no, place, note)


def _change(row, changes):
    line, values = _placed(row), row.values
    line.note = ""
    if set(changes) & set(PLACE):
        before = [changes.get(name, [values[name]])[0] for name in PLACE]
        line.changes.append(("班组", place_of(*before), line.place))
    rest = {name: pair for name, pair in changes.items() if name not in PLACE}
    line.changes += [(LABELS[name], _shown(name, old), _shown(name, new)) for name, (old, new) in rest.items()]
    return line


def _shown(name, value):
    if value in ("", None):
        return ""
    if name in SHOWN:
        return SHOWN[name](value)
    return CHOICES[name](value).label if name in CHOICES else value

"""Hours of learning in a year, by person and level of the classroom, and who has lectured how often.

They come from kept records that are not confidential: whoever took part has the hours of the record. What somebody learnt
alone is a record of the own, with the hours typed in it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from activities.access import visible_to
from activities.models import Activity, ActivityKind, Participant
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import Membership, User

LEVELS = {"company_class": "company", "branch_class": "branch", "team_class": "team"}
"""Which kinds are which level of the three-level classroom; every other kind with hours is `other`."""
NAMES = {"company": "公司大讲堂", "branch": "支部小课堂", "team": "班组微课堂", "other": "其他学习", "alone": "自学"}
ALONE = "self_study"
SPEAKERS = ("speaker", "lecturer")
"""Keys of the fields that name who lectured."""


def counting(year):
    """Records of a year that count: kept, dated in it, not confidential."""
    records = Activity.objects.valid().exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL)
    return records.filter(period__gte=year * 100 + 1, period__lte=year * 100 + 12)


@dataclass
class Row:
    """A line of the table: `of` is a User or a Team; hours are hundredths; `heads` people share them."""

    of: object
    place: str = ""
    heads: int = 1
    hours: Counter = field(default_factory=Counter)

    @property
    def total(self):
        return self.hours.total()

    @property
    def mean(self):
        """Hours a head."""
        return self.total // self.heads if self.heads else 0

    @property
    def cells(self):
        """Hours in the order of NAMES."""
        return [(label, self.hours[level]) for level, label in NAMES.items()]


def hours_of(people, year):
    """{user id: Counter of hours by level} in a year; `people` is a query or a list of Users or their ids."""
    found = defaultdict(Counter)
    parts = Participant.objects.filter(user__in=people, activity__in=counting(year), activity__hours__gt=0)
    for user, code, hours in (
        parts.order_by().values_list("user", "activity__kind__code").annotate(Sum("activity__hours"))
    ):
        found[user][LEVELS.get(code, "other")] += hours
    for user, values in (
        counting(year).filter(kind__code=ALONE, recorded_by__in=people).values_list("recorded_by", "values")
    ):
        found[user]["alone"] += _typed_hours(values)
    return found


def _typed_hours(values):
    hours = values.get("hours_spent")
    return hours if isinstance(hours, int) and hours > 0 else 0


def own(user, year):
    """The Row of a person."""
    return Row(user, hours=hours_of([user], year)[user.pk])


def by_person(members, year):
    """[Row] of these memberships, in their order."""
    members = list(members)
    found = hours_of([member.user_id for member in members], year)
    return [Row(member.user, str(member.team), hours=found[member.user_id]) for member in members]


def by_team(teams, year):
    """[Row] of teams by the hours of their present members."""
    people = dict(Membership.objects.open().filter(team__in=teams).values_list("user", "team"))
    rows = {team.pk: Row(team, str(team.unit), heads=0) for team in teams.select_related("unit")}
    for team in people.values():
        rows[team].heads += 1
    members = Membership.objects.open().filter(team__in=teams).values("user")
    for user, hours in hours_of(members, year).items():
        rows[people[user]].hours += hours
    return list(rows.values())


TOTALS = (*(f"{label}（学时）" for label in NAMES.values()), "合计（学时）")
"""Headers of the figures of a Row; a workbook adds them up."""


def headers(of):
    """Headers of a workbook of Rows."""
    return [*of, *TOTALS]


def exported_people(rows):
    return [[row.of.employee_no, row.of.name, row.place, *_figures(row)] for row in rows]


def exported_teams(rows):
    heads = ([row.place, row.of.name, Figure(str(row.heads))] for row in rows)
    return [[*head, *_figures(row), Figure(decimal_text(row.mean))] for head, row in zip(heads, rows, strict=True)]


def _figures(row):
    return [Figure(decimal_text(hours)) for _, hours in row.cells] + [Figure(decimal_text(row.total))]


# -- Lecturers -----------------------------------------------------------------------------------------------------------


@dataclass
class Lecturer:
    """Somebody who lectured; a guest is a name alone. `score` is the mean of the marks given, in hundredths, or None."""

    name: str
    user: User | None = None
    team: str = ""
    lectures: Counter = field(default_factory=Counter)
    marks: list = field(default_factory=list)
    last_on: object = None

    @property
    def total(self):
        return self.lectures.total()

    @property
    def cells(self):
        """How often, in the order of TAUGHT."""
        return [(label, self.lectures[level]) for level, label in TAUGHT.items()]

    @property
    def score(self):
        return sum(self.marks) // len(self.marks) if self.marks else None


def lecturers(user, year, *, q="", level=""):
    """[Lecturer] of the lectures that the person may see, whoever lectured most in front."""
    seen = visible_to(user).filter(pk__in=counting(year).values("pk"))
    found = {}
    for row in _lectures(seen):
        if level and LEVELS.get(row.kind.code, "other") != level:
            continue
        for key in _speakers(row):
            _add(found.setdefault(key, Lecturer("")), row)
    people = _named(found)
    wanted = [
        row for row in people if all(word in f"{row.name} {row.user and row.user.employee_no}" for word in q.split())
    ]
    return sorted(wanted, key=lambda row: (-row.total, row.name))


def _lectures(records):
    rows = records.filter(kind__group=ActivityKind.Group.STUDY).exclude(kind__code=ALONE).select_related("kind")
    rows = rows.only("kind__code", "kind__group", "values", "date", "host_id", "hours")
    return [row for row in rows.order_by("date", "id") if row.kind.code in LEVELS or set(SPEAKERS) & set(row.values)]


def _speakers(row):
    """Who lectured: ids of people, or names of guests; where the record names nobody, its host."""
    named = [row.values[key] for key in SPEAKERS if row.values.get(key)]
    return named or ([row.host_id] if row.host_id else [])


def _add(lecturer, row):
    lecturer.lectures[LEVELS.get(row.kind.code, "other")] += 1
    lecturer.last_on = row.date
    if isinstance(row.values.get("score"), int):
        lecturer.marks.append(row.values["score"])


def _named(found):
    """The Lecturers with their people: a name that one present member alone has is that member's."""
    alone = _alone({key for key in found if isinstance(key, str)})
    merged = {}
    for key, lecturer in found.items():
        _join(merged.setdefault(alone.get(key, key), Lecturer("")), lecturer)
    ids = [key for key in merged if isinstance(key, int)]
    people = User.objects.in_bulk(ids)
    teams = dict(Membership.objects.open().filter(user__in=ids).values_list("user", "team__name"))
    for key, lecturer in merged.items():
        lecturer.user, lecturer.team = people.get(key), teams.get(key, "")
        lecturer.name = lecturer.user.name if lecturer.user else str(key)
    return list(merged.values())


def _join(lecturer, other):
    lecturer.lectures += other.lectures
    lecturer.marks += other.marks
    lecturer.last_on = max(filter(None, (lecturer.last_on, other.last_on)))


def _alone(names):
    """{name: user id} of the names that one present member alone has."""
    found = defaultdict(set)
    for name, user in Membership.objects.open().filter(user__name__in=names).values_list("user__name", "user"):
        found[name].add(user)
    return {name: users.pop() for name, users in found.items() if len(users) == 1}


def lectures_by(people, year=None):
    """{user id: how many lectures} of the people with these ids, in a year or ever."""
    names = _alone(User.objects.filter(pk__in=people).values("name"))
    own = {pk: pk for pk in people} | {name: pk for name, pk in names.items() if pk in set(people)}
    records = counting(year) if year else Activity.objects.valid().exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL)
    named = Q(values__speaker__in=list(own)) | Q(values__lecturer__in=list(own)) | Q(host__in=people)
    counts = Counter()
    for row in _lectures(records.filter(named)):
        counts.update({own[key] for key in _speakers(row) if key in own})
    return counts


TAUGHT = {level: label for level, label in NAMES.items() if level != "alone"}
"""The levels at which somebody lectures."""
TIMES = (*(f"{label}（次）" for label in TAUGHT.values()), "合计（次）")
LECTURER_HEADERS = ["姓名", "工号", "班组", *TIMES, "平均评分", "最近一次"]


def exported_lecturers(rows):
    """Rows of a workbook under LECTURER_HEADERS."""
    return [
        [row.name, row.user.employee_no if row.user else "", row.team]
        + [Figure(str(row.lectures[level])) for level in TAUGHT]
        + [Figure(str(row.total)), "" if row.score is None else Figure(decimal_text(row.score)), str(row.last_on)]
        for row in rows
    ]

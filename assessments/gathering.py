"""Everything a month's scores are computed from, read out of the database as one canonical JSON text.

The text is what is frozen and hashed. Findings, the bulk of it, become JSON inside the database; nothing is read twice and
the number of queries does not grow with teams or people.
"""

from collections import Counter, defaultdict
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter

from django.db.models import Case, Count, Func, TextField, Value, When
from django.db.models.functions import Coalesce, TruncDate

from assessments import scoring, selectors
from assessments.earned import earned_by, placed
from assessments.inputs import canonical
from assessments.models import Check, Finding, NotApplicable, Veto
from teams import periods
from teams.models import Attendance, AttendanceCorrection, Membership, Overtime, Team


def gather(unit, period, version):
    """The canonical JSON of a unit's month: yardstick, and per team its members, attendance, findings, N/A and vetoes."""
    return gather_all({unit.pk: version}, period)[unit.pk]


def gather_all(versions, period):
    """{unit id: the canonical JSON of its month} for {unit id: standard version}; as many queries as for one unit."""
    teams = list(Team.objects.filter(unit__in=versions).in_period(periods.first_day(period), periods.last_day(period)))
    members, findings = _members(teams, period), _findings(teams, period)
    not_applicable, vetoes = _not_applicable(teams, period), _vetoes(teams, period)
    earned, texts = earned_by(teams, period), defaultdict(list)
    yardsticks = {version: selectors.yardstick_of(version) for version in set(versions.values())}
    for team in teams:
        awards = placed(earned[team.pk], yardsticks[versions[team.unit_id]])
        text = _object(
            findings=_array([*findings[team.pk], *map(canonical, awards)]),
            id=str(team.pk),
            members=canonical(members[team.pk]),
            name=canonical(team.name),
            not_applicable=canonical(sorted(not_applicable[team.pk])),
            trade=canonical(team.trade),
            vetoes=canonical(vetoes[team.pk]),
        )
        texts[team.unit_id].append(text)
    written = {version: canonical(asdict(yardstick)) for version, yardstick in yardsticks.items()}
    return {
        unit: _object(
            period=str(period),
            teams=_array(texts[unit]),
            version=str(version.pk),
            yardstick=written[version],
        )
        for unit, version in versions.items()
    }


def _object(**members):
    """A JSON object of members that are JSON already, named in alphabetical order."""
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items()) + "}"


def _array(texts):
    return f"[{','.join(texts)}]"


def _members(teams, period):
    """{team id: everybody who belonged to it in the month or has a correction counted there, by employee number}."""
    codes, overtime, late = _codes(teams, period), _overtime(teams, period), _late(teams, period)
    span = periods.first_day(period), periods.last_day(period)
    there = Membership.objects.during(*span)
    if late:
        there |= Membership.objects.filter(pk__in=_former(late))
    who = ("team_id", "user_id", "user__employee_no", "user__name")
    rows = there.filter(team__in=teams).order_by("team_id", "user__employee_no", "started_on")
    rows = rows.values_list(*who, "coefficient", "started_on", "ended_on")
    people = defaultdict(list)
    for (team, user, number, name), stays in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        steps = [_step(*stay[4:], *span) for stay in stays]
        member = {
            "id": user,
            "no": number,
            "name": name,
            "coefficient": scoring.mean_coefficient([(step["coefficient"], step["days"]) for step in steps]),
            "coefficients": steps,
            "codes": codes[team, user],
            "overtime": overtime[team, user],
            "late": late[team, user],
        }
        people[team].append(member)
    for members in people.values():
        members.sort(
            key=itemgetter("no")
        )  # databases sort letters in ways of their own; the fingerprint must not depend on it
    return people


def _step(coefficient, started_on, ended_on, first, last):
    """How many days between two dates a membership lasted, from which day on, and its coefficient."""
    start, end = max(started_on, first), min(ended_on or last, last)
    return {"from": start.isoformat(), "days": max((end - start).days + 1, 0), "coefficient": coefficient}


def _former(late):
    """Last memberships of people in the teams that have corrections to count for them, though they may have moved on."""
    rows = Membership.objects.filter(team__in={team for team, _ in late}, user__in={user for _, user in late})
    last = {(row.team_id, row.user_id): row.pk for row in rows.order_by("started_on")}
    return [last[pair] for pair in late if pair in last]


def _codes(teams, period):
    counts = defaultdict(dict)
    rows = Attendance.objects.filter(team__in=teams, period=period).order_by()
    rows = rows.values_list("team_id", "user_id", "code").annotate(days=Count("pk"))
    for team, user, code, days in rows:
        counts[team, user][code] = days
    return counts


def _overtime(teams, period):
    rows = Overtime.objects.filter(team__in=teams, period=period).values_list("team_id", "user_id", "hours")
    return Counter({(team, user): hours for team, user, hours in rows})


def _late(teams, period):
    """Corrections of earlier, approved months that count in this one."""
    late = defaultdict(list)
    for row in AttendanceCorrection.objects.filter(counts_team__in=teams, counts_in=period).order_by("id"):
        correction = {"id": row.pk, "date": row.date.isoformat(), "old": row.old_code, "new": row.new_code}
        late[row.counts_team_id, row.user_id].append(correction | {"hours": row.hours, "reason": row.reason})
    return late


class Json(Func):
    """A column as JSON: text in quotes and escaped, a date like text, a number as it is, null. As Python writes it."""

    function = "JSON_QUOTE"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="COALESCE(TO_JSON(%(expressions)s)::text, 'null')", **context)


class Joined(Func):
    """Texts one after the other."""

    template, arg_joiner, output_field = "(%(expressions)s)", " || ", TextField()


NOBODY = Value("")
KIND = Case(
    *(When(on_sheet__kind=kind, then=Value(canonical(name))) for kind, name in Check.Kind.choices),
    output_field=TextField(),
)


def _findings(teams, period):
    """{team id: the JSON of its findings, in the order in which they count}."""
    rows = Finding.objects.valid().filter(team__in=teams, period=period).order_by("date", "id")
    findings = defaultdict(list)
    for team, text in rows.values_list("team_id", _finding(period)):
        findings[team].append(text)
    return findings


def _finding(period):
    """The expression of a finding's JSON, its members in alphabetical order."""
    days = (periods.first_day(period), periods.last_day(period))
    entered = Joined(Value(',"entered":'), Json(TruncDate("on_sheet__submitted_at")))
    return Joined(
        *(Value('{"checker":'), Json(Coalesce("on_sheet__checker__name", NOBODY))),
        *(Value(',"code":'), Json("criterion__code"), Value(',"date":'), Json("date")),
        Case(When(date__range=days, then=NOBODY), default=entered, output_field=TextField()),
        *(Value(',"id":'), Json("id"), Value(',"kind":'), KIND),
        *(Value(',"name":'), Json(Coalesce("criterion__name", Value("加分")))),
        *(Value(',"note":'), Json("note"), Value(',"person":'), Json("person_id")),
        *(Value(',"person_name":'), Json(Coalesce("person__name", NOBODY))),
        *(Value(',"points":'), Json("points"), Value("}")),
    )


def _not_applicable(teams, period):
    codes = defaultdict(list)
    rows = NotApplicable.objects.filter(team__in=teams, period=period).values_list("team_id", "criterion__code")
    for team, code in rows:
        codes[team].append(code)
    return codes


def _vetoes(teams, period):
    reasons = defaultdict(list)
    rows = Veto.objects.filter(team__in=teams, period=period).order_by("id").values_list("team_id", "reason")
    for team, reason in rows:
        reasons[team].append(reason)
    return reasons

"""Everything a month's scores are computed from, gathered as plain data that can be frozen, hashed and recomputed."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter, itemgetter

from django.db.models import Count
from django.utils import timezone

from assessments import scoring, selectors
from assessments.models import Check, Finding, NotApplicable, Veto
from teams import periods
from teams.models import Attendance, AttendanceCorrection, Membership, Overtime


def gather(unit, period, version):
    """The inputs of a unit's month: yardstick, and per team its members, attendance, findings, N/A and vetoes.

    A number of queries that does not grow with teams or people. JSON-ready; keys of mappings are strings.
    """
    teams = list(selectors.teams_in(unit, period))
    members = _members(teams, period)
    findings, not_applicable, vetoes = _findings(teams, period), _not_applicable(teams, period), _vetoes(teams, period)
    return {
        "period": period,
        "version": version.pk,
        "yardstick": asdict(selectors.yardstick_of(version)),
        "teams": [
            {
                "id": team.pk,
                "name": team.name,
                "trade": team.trade,
                "members": members[team.pk],
                "findings": findings[team.pk],
                "not_applicable": sorted(not_applicable[team.pk]),
                "vetoes": vetoes[team.pk],
            }
            for team in teams
        ],
    }


def fingerprint(inputs):
    """sha256 of the canonical JSON of the inputs."""
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()


def canonical(value):
    """JSON with sorted keys and no spaces: the same data always gives the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _members(teams, period):
    """Per team, everybody who belonged to it in the month or has a correction counted there."""
    codes, overtime, late = _codes(teams, period), _overtime(teams, period), _late(teams, period)
    there = Membership.objects.during(periods.first_day(period), periods.last_day(period))
    there |= Membership.objects.filter(pk__in=_former(late))
    who = ("team_id", "user_id", "user__employee_no", "user__name")
    rows = there.filter(team__in=teams).order_by("team_id", "user__employee_no", "started_on")
    rows = rows.values_list(*who, "coefficient", "started_on", "ended_on", named=True)
    people = defaultdict(list)
    for (team, user, number, name), stays in groupby(rows, key=attrgetter(*who)):
        steps = [_step(stay, period) for stay in stays]
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


def _step(stay, period):
    """How many days of the month a membership lasted, from which day on, and its coefficient."""
    first = max(stay.started_on, periods.first_day(period))
    last = min(stay.ended_on or periods.last_day(period), periods.last_day(period))
    days = max((last - first).days + 1, 0)
    return {"from": first.isoformat(), "days": days, "coefficient": stay.coefficient}


def _former(late):
    """Last memberships of people in the teams that have corrections to count for them, though they may have moved on."""
    rows = Membership.objects.filter(team__in={team for team, _ in late}, user__in={user for _, user in late})
    last = {(row.team_id, row.user_id): row.pk for row in rows.order_by("started_on")}
    return [last[pair] for pair in late if pair in last]


def _codes(teams, period):
    counts = defaultdict(dict)
    rows = Attendance.objects.filter(team__in=teams, period=period).order_by()
    rows = rows.values_list("team_id", "user_id", "code").annotate(days=Count("pk"))
    for team, user, code, days in rows.iterator(chunk_size=5000):
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


_KINDS = dict(Check.Kind.choices)
_FINDING = (
    "team_id",
    "id",
    "criterion__code",
    "criterion__name",
    "points",
    "date",
    "person_id",
    "person__name",
    "note",
)


def _findings(teams, period):
    rows = Finding.objects.valid().filter(team__in=teams, period=period).order_by("date", "id")
    findings, entered = defaultdict(list), _entered(rows, period)
    for row in rows.values(*_FINDING, "on_sheet__kind", "on_sheet__checker__name").iterator(chunk_size=5000):
        findings[row["team_id"]].append(_finding(row) | entered.get(row["id"], {}))
    return findings


def _entered(rows, period):
    """{id: when it was entered} of the findings that count later than they happened."""
    late = rows.exclude(date__range=(periods.first_day(period), periods.last_day(period)))
    moments = late.values_list("id", "on_sheet__submitted_at")
    return {row: {"entered": timezone.localdate(moment).isoformat()} for row, moment in moments}


def _finding(row):
    return {
        "id": row["id"],
        "code": row["criterion__code"],
        "name": row["criterion__name"] or "加分",
        "points": row["points"],
        "date": row["date"].isoformat(),
        "kind": _KINDS[row["on_sheet__kind"]],
        "checker": row["on_sheet__checker__name"] or "",
        "person": row["person_id"],
        "person_name": row["person__name"] or "",
        "note": row["note"],
    }


def _not_applicable(teams, period):
    codes = defaultdict(list)
    rows = NotApplicable.objects.filter(team__in=teams, period=period).values_list("team_id", "criterion__code")
    for team, code in rows:
        codes[team].append(code)
    return codes


def _vetoes(teams, period):
    reasons = defaultdict(list)
    for team, reason in (
        Veto.objects.filter(team__in=teams, period=period).order_by("id").values_list("team_id", "reason")
    ):
        reasons[team].append(reason)
    return reasons


def yardstick(inputs):
    """The Yardstick kept in frozen inputs; those of older closes lack what could not be set then, and mean the defaults."""
    kept = inputs["yardstick"]
    criteria = {code: scoring.Line(*line) for code, line in kept["criteria"].items()}
    pairs = {name: tuple(map(tuple, kept[name])) for name in scoring.PAIRS if name in kept}
    return scoring.Yardstick(**kept | pairs | {"criteria": criteria})


def coefficients(inputs, team_id, user_id):
    """The steps of a member's coefficient in frozen inputs, {from, days, coefficient}; empty where it never changed."""
    team = next(team for team in inputs["teams"] if team["id"] == team_id)
    steps = next(member.get("coefficients", []) for member in team["members"] if member["id"] == user_id)
    return steps if len({step["coefficient"] for step in steps}) > 1 else []

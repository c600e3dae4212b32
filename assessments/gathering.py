"""Everything a month's scores are computed from, read out of the database as one canonical JSON text.

The text is what is frozen and hashed. Facts become JSON inside the database (gathering_sql) and are only joined here, the
members of every object in alphabetical order; nothing is read twice and the number of queries does not grow with teams or people.
"""

from collections import defaultdict
from itertools import groupby
from operator import itemgetter

from assessments import scoring, selectors
from assessments.earned import earned_by, placed
from assessments.gathering_sql import FINDINGS, MEMBERS, TEAMS, fetch
from assessments.inputs import canonical
from teams import periods
from teams.models import AttendanceCorrection, Membership
from teams.workdays import workdays_among


def gather(unit, period, version):
    """The canonical JSON of a unit's month: yardstick, working days, and per team its members, attendance, findings, N/A and vetoes."""
    return gather_all({unit.pk: version}, period)[unit.pk]


def gather_all(versions, period):
    """{unit id: the text of its month, see gather} for {unit id: standard version}; as many queries as for one unit."""
    rows = fetch(TEAMS, period, units=versions)
    teams = [team for _, team, *_ in rows]
    members, findings, earned = _members(teams, period), _findings(teams, period), earned_by(teams, period)
    yardsticks = {version: selectors.yardstick_of(version) for version in set(versions.values())}
    texts = defaultdict(list)
    for unit, team, name, trade, not_applicable, vetoes in rows:
        awards = map(canonical, placed(earned[team], yardsticks[versions[unit]]))
        lines = _array(filter(None, [findings.get(team), *awards]))
        texts[unit].append(
            f'{{"findings":{lines},"id":{team},"members":{_array(members[team])},"name":{name},'
            f'"not_applicable":[{not_applicable or ""}],"trade":{trade},"vetoes":[{vetoes or ""}]}}'
        )
    written = {version: canonical(vars(yardstick)) for version, yardstick in yardsticks.items()}
    calendar = canonical(_workdays(period))
    return {unit: _unit(calendar, period, texts[unit], version, written[version]) for unit, version in versions.items()}


def _unit(calendar, period, teams, version, yardstick):
    return f'{{"calendar":{calendar},"period":{period},"teams":{_array(teams)},"version":{version.pk},"yardstick":{yardstick}}}'


def _workdays(period):
    """The working days of the month by number: by them attendance and sheets were expected."""
    return [day.day for day, works in workdays_among(periods.days_of(period)).items() if works]


def _array(texts):
    return f"[{','.join(texts)}]"


def _members(teams, period):
    """{team id: the JSON of everybody who belonged to it in the month or has a correction counted there, by number}."""
    late = _late(teams, period)
    people = defaultdict(list)
    rows = fetch(MEMBERS, period, teams=teams, former=_former(late))
    for (team, user), stays in groupby(rows, key=itemgetter(0, 1)):
        people[team].append(_member(user, list(stays), canonical(late[team, user]) if (team, user) in late else "[]"))
    return people


def _member(user, stays, late):
    """The JSON of a member with these rows of MEMBERS and these corrections."""
    _, _, number, name, _, _, _, codes, overtime = stays[0]
    mean = scoring.mean_coefficient([(stay[4], stay[5]) for stay in stays])
    return (
        f'{{"codes":{{{codes or ""}}},"coefficient":{mean},"coefficients":{_array(stay[6] for stay in stays)},'
        f'"id":{user},"late":{late},"name":{name},"no":{number},"overtime":{overtime}}}'
    )


def _former(late):
    """Last memberships of people in the teams that have corrections to count for them, though they may have moved on."""
    if not late:
        return []
    rows = Membership.objects.filter(team__in={team for team, _ in late}, user__in={user for _, user in late})
    last = {(row.team_id, row.user_id): row.pk for row in rows.order_by("started_on")}
    return [last[pair] for pair in late if pair in last]


def _late(teams, period):
    """Corrections of earlier, approved months that count in this one."""
    late = defaultdict(list)
    for row in AttendanceCorrection.objects.filter(counts_team__in=teams, counts_in=period).order_by("id"):
        correction = {"id": row.pk, "date": row.date.isoformat(), "old": row.old_code, "new": row.new_code}
        late[row.counts_team_id, row.user_id].append(correction | {"hours": row.hours, "reason": row.reason})
    return late


def _findings(teams, period):
    """{team id: the JSON of its findings in the order in which they count, with commas between}; no team without any."""
    return dict(fetch(FINDINGS, period, teams=teams))

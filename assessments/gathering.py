"""Everything a month's scores are computed from, read out of the database as one canonical JSON text.

The text is what is frozen and hashed. Facts become JSON inside the database (gathering_sql) and are only joined here, the
members of every object in alphabetical order; nothing is read twice and the number of queries does not grow with teams or people.
"""

from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from assessments import scoring, selectors
from assessments.earned import earned_by, placed
from assessments.gathering_sql import FINDINGS, LATE, MEMBERS, TEAMS, fetch
from assessments.inputs import canonical
from teams import periods
from teams.models import Membership
from teams.workdays import workdays_among


class Facts(NamedTuple):
    """A month of several units as it was read: rows of the statements of gathering_sql and what stands beside them.

    `teams` are rows of TEAMS by unit, `stays` rows of MEMBERS (or STAYS) by team, `late` the JSON of the corrections
    that count by team and person, `earned` the awards of activities by team, `workdays` the numbers of the days.
    """

    period: int
    teams: dict
    stays: dict
    late: dict
    earned: dict
    workdays: list


def gather(unit, period, version):
    """The canonical JSON of a unit's month: yardstick, working days, and per team its members, attendance, findings, N/A and vetoes."""
    return written(facts_of([unit.pk], period), unit.pk, version)


def facts_of(units, period, stays=MEMBERS):
    """The Facts of a month of the units with these ids; with `stays=STAYS` without the days that people were there."""
    teams = defaultdict(list)
    for row in fetch(TEAMS, period, units=units):
        teams[row[0]].append(row)
    ids = [team for rows in teams.values() for _, team, *_ in rows]
    late = defaultdict(dict)
    for team, user, corrections in fetch(LATE, period, teams=ids):
        late[team][user] = corrections
    people = defaultdict(list)
    for row in fetch(stays, period, teams=ids, former=_former(late)):
        people[row[0]].append(row)
    return Facts(period, teams, people, late, earned_by(ids, period), _workdays(period))


def written(facts, unit, version):
    """The text of the month of one of the units that these Facts are of, see gather."""
    teams, yardstick = facts.teams[unit], selectors.yardstick_of(version)
    findings = dict(fetch(FINDINGS, facts.period, teams=[team for _, team, *_ in teams]))
    told = _array(_team(row, facts, findings, yardstick) for row in teams)
    return (
        f'{{"calendar":{canonical(facts.workdays)},"period":{facts.period},"teams":{told},'
        f'"version":{version.pk},"yardstick":{canonical(vars(yardstick))}}}'
    )


def _team(row, facts, findings, yardstick):
    """The JSON of a team with this row of TEAMS."""
    _, team, name, trade, not_applicable, vetoes, *_ = row
    awards = map(canonical, placed(facts.earned[team], yardstick))
    lines = _array(filter(None, [findings.get(team), *awards]))
    return (
        f'{{"findings":{lines},"id":{team},"members":{_array(_members(facts, team))},"name":{name},'
        f'"not_applicable":[{not_applicable or ""}],"trade":{trade},"vetoes":[{vetoes or ""}]}}'
    )


def _workdays(period):
    """The working days of the month by number: by them attendance and sheets were expected."""
    return [day.day for day, works in workdays_among(periods.days_of(period)).items() if works]


def _array(texts):
    return f"[{','.join(texts)}]"


def _members(facts, team):
    """The JSON of everybody who belonged to a team in the month or has a correction counted there, by number."""
    late = facts.late[team]
    for user, stays in groupby(facts.stays[team], key=itemgetter(1)):
        yield _member(user, list(stays), late.get(user, ""))


def _member(user, stays, late):
    """The JSON of a member with these rows of MEMBERS and these corrections."""
    _, _, number, name, _, _, _, overtime, codes = stays[0]
    mean = scoring.mean_coefficient([(stay[4], stay[5]) for stay in stays])
    return (
        f'{{"codes":{{{codes or ""}}},"coefficient":{mean},"coefficients":{_array(stay[6] for stay in stays)},'
        f'"id":{user},"late":[{late}],"name":{name},"no":{number},"overtime":{overtime}}}'
    )


def _former(late):
    """Last memberships of people in the teams that have corrections to count for them, though they may have moved on."""
    if not late:
        return []
    rows = Membership.objects.filter(team__in=late, user__in=set().union(*late.values())).order_by("started_on")
    last = {(row.team_id, row.user_id): row.pk for row in rows}
    return [pk for (team, user), pk in last.items() if user in late[team]]

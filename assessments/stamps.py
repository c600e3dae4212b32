"""Whether a month still stands on the facts that it was computed from, without reading them all again.

A stamp is a hash of what the facts are known by. Two kinds of them are many and the database refuses to change them in place
(the guards of `teams` and `assessments`), so little tells them: the attendance of a team is known by when it was approved,
its findings by how many count and the latest of them, for they only come and go, each later one with a higher number.
Everything else is part of it as it is, but for the names of people outside the teams.
"""

import orjson

from assessments.gathering import facts_of
from assessments.gathering_sql import STAYS
from assessments.inputs import sha256_of

APPROVED_AT = 6
"""Where a row of TEAMS says when the attendance was approved."""
CODES = 8
"""Where a row of MEMBERS has what a row of STAYS has not."""


def stamp_of(facts, unit, version):
    """The stamp (sha256) of what a unit's month stands on; None while the attendance of a team is not approved and may change."""
    teams = facts.teams[unit]
    if not all(row[APPROVED_AT] for row in teams):
        return None
    ids = [team for _, team, *_ in teams]
    stays = [row[:CODES] for team in ids for row in facts.stays[team]]
    beside = [(list(facts.late[team].values()), facts.earned[team]) for team in ids]
    return sha256_of(orjson.dumps([version.pk, facts.workdays, teams, stays, beside]).decode())


def stamps_now(versions, period):
    """{unit id: its stamp as the facts are at this moment} for {unit id: standard version}; as many queries as for one unit."""
    facts = facts_of(list(versions), period, STAYS)
    return {unit: stamp_of(facts, unit, version) for unit, version in versions.items()}

"""回避: what keeps a person from reviewing an application, read from the roster. Nobody looks at the own, nor at the own unit's.

In this order, the first that holds is the reason:

- the person is the applicant, filed the application, or gave an opinion on it at a level of recommendation;
- belongs to the applying team (that of an applying person) or studio, or once belonged to it, however long ago;
- is or was mentor or apprentice of somebody who applies: the person, a present member of the team or of the studio;
- manages the applicant's unit, or one between it and the organising unit;
- belongs to the applicant's own unit by team or by role. Where the organiser itself is the applicant's unit, everybody
  belongs to it and this says nothing.

The manager of an organiser above is the superior of all applicants alike and may review.
"""

from collections import defaultdict
from dataclasses import dataclass

from activities.models import Mentorship
from assessments.models import ApplicationStep, StudioMember
from teams.access import lines_by_unit
from teams.models import Membership, UnitRole

OPINIONS = ("pass_up", "recommend", "return", "refuse")
MANAGER = UnitRole.Role.MANAGER.value


@dataclass(frozen=True)
class Side:
    """Who stands behind an application: people as ids; `units` are the applicant's own and those up to the organiser, without it."""

    applicant: int | None
    filed_by: int
    opinions: frozenset
    team: int | None
    people: frozenset
    former: frozenset
    is_studio: bool
    unit: int
    units: tuple


@dataclass(frozen=True)
class Reviewer:
    """What the roster knows of a person: present and former teams, units of teams and roles, and the other half of each pair."""

    user: int
    teams: frozenset
    former_teams: frozenset
    units: frozenset
    managed: frozenset
    paired: frozenset


def conflicts(applications, reviewers):
    """{(application id, user id): reason} of those who have to step aside; as many queries for one pair as for a thousand."""
    applications, reviewers = list(applications), list(reviewers)
    sides, known = _sides(applications), _known(reviewers)
    pairs = ((row.pk, who.pk, reason(sides[row.pk], known[who.pk])) for row in applications for who in reviewers)
    return {(application, user): words for application, user, words in pairs if words}


def conflict(application, reviewer):
    """The reason why one person has to step aside from one application; empty when there is none."""
    return conflicts([application], [reviewer]).get((application.pk, reviewer.pk), "")


def reason(side, who):
    """The first reason of the list above that holds; empty when none does. Pure."""
    checks = (*_own(side, who), *_together(side, who), *_above(side, who))
    return next((words for holds, words in checks if holds), "")


def _own(side, who):
    yield who.user == side.applicant, "是申报人本人"
    yield who.user == side.filed_by, "填写了这份申报"
    yield who.user in side.opinions, "给这份申报写过推荐意见"


def _together(side, who):
    body = "工作室" if side.is_studio else "班组"
    yield side.team in who.teams or (side.is_studio and who.user in side.people), f"是申报{body}的成员"
    yield side.team in who.former_teams or who.user in side.former, f"曾是申报{body}的成员"
    yield bool(who.paired & side.people), "和申报方有师徒关系"


def _above(side, who):
    yield bool(who.managed & {side.unit, *side.units}), "是管申报单位的负责人"
    yield bool(side.units) and side.unit in who.units, "和申报方在同一单位"


# -- From the roster -----------------------------------------------------------------------------------------------------


def _sides(applications):
    lines = lines_by_unit({row.unit_id for row in applications}) if applications else {}
    homes = _present(Membership.objects.filter(user__in=[row.user_id for row in applications]), "user", "team")
    inside, left = _studio_people([row.studio_id for row in applications])
    teams = {row.pk: row.team_id or next(iter(homes[row.user_id]), None) for row in applications}
    members = _present(Membership.objects.filter(team__in=[row.team_id for row in applications]), "team", "user")
    steps = ApplicationStep.objects.filter(application__in=applications, action__in=OPINIONS)
    opinions = _sets(steps.values_list("application", "actor"))
    found = {}
    for row in applications:
        people = {row.user_id} | members[row.team_id] | inside[row.studio_id] | _leader(row)
        found[row.pk] = Side(
            applicant=row.user_id,
            filed_by=row.filed_by_id,
            opinions=frozenset(opinions[row.pk]),
            team=teams[row.pk],
            people=frozenset(people - {None}),
            former=frozenset(left[row.studio_id]),
            is_studio=row.studio_id is not None,
            unit=row.unit_id,
            units=_below(lines[row.unit_id], row.round.programme.unit_id),
        )
    return found


def _below(line, organiser):
    """The units of a line, nearest first, up to the organiser and without it."""
    return tuple(line[: line.index(organiser)]) if organiser in line else tuple(line)


def _studio_people(studios):
    """({studio id: present members}, {studio id: those who left})."""
    present, left = defaultdict(set), defaultdict(set)
    rows = StudioMember.objects.filter(studio__in=studios).values_list("studio", "user", "left_on")
    for studio, user, left_on in rows:
        (left if left_on else present)[studio].add(user)
    return present, left


def _leader(application):
    return {application.studio.leader_id} if application.studio_id else set()


def _known(reviewers):
    rows = Membership.objects.filter(user__in=reviewers)
    now = _present(rows, "user", "team")
    before = _sets(rows.filter(ended_on__isnull=False).values_list("user", "team"))
    roles = UnitRole.objects.filter(user__in=reviewers, ended_on__isnull=True)
    managed = _sets(roles.filter(role=MANAGER).values_list("user", "unit"))
    units, at_home = _sets(roles.values_list("user", "unit")), _present(rows, "user", "team__unit")
    paired = _pairs(reviewers)
    return {
        who.pk: Reviewer(
            user=who.pk,
            teams=frozenset(now[who.pk]),
            former_teams=frozenset(before[who.pk]),
            units=frozenset(units[who.pk] | at_home[who.pk]),
            managed=frozenset(managed[who.pk]),
            paired=frozenset(paired[who.pk]),
        )
        for who in reviewers
    }


def _pairs(reviewers):
    found = defaultdict(set)
    for one, other in (("mentor", "apprentice"), ("apprentice", "mentor")):
        rows = Mentorship.objects.filter(**{f"{one}__in": reviewers}).exclude(state=Mentorship.State.PROPOSED)
        for who, partner in rows.values_list(one, other):
            found[who].add(partner)
    return found


def _present(rows, key, value):
    return _sets(rows.filter(ended_on__isnull=True).values_list(key, value))


def _sets(pairs):
    found = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found

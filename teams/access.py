"""Who may do what, and where: one declared table, one function per kind of object.

A duty in a team reaches that team; a role in a unit reaches the unit and everything below it. Whoever cannot see an
object gets 404 (its existence is none of theirs), whoever sees it without the right gets 403.
"""

from collections import defaultdict
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from teams.models import Membership, Team, Unit, UnitRole, User
from teams.once import kept
from teams.prepared import Given, Prepared

MEMBERS = {role.value for role in Membership.Role}
UNIT_ROLES = {role.value for role in UnitRole.Role}

GRANTS = {
    "team.view": MEMBERS | UNIT_ROLES,
    "people.manage": {"admin"},
    "people.view": {"admin", "security", "manager", "auditor"},
    "roles.manage": {"security"},
    "security.view": {"security", "auditor"},
    "calendar.manage": {"admin"},
    "phone.reveal": {"leader", "manager", "admin"},
    "team.present": {"leader", "deputy", "admin"},
    "certificate.keep": {"leader", "deputy", "clerk", "manager", "admin"},
    "honour.keep": {"leader", "deputy", "clerk", "manager", "union", "admin"},
    "coefficient.view": {"leader", "deputy", "manager", "finance", "union", "assessor"},
    "coefficient.propose": {"leader", "manager"},
    "coefficient.decide": {"manager"},
    "attendance.enter": {"leader", "deputy", "safety", "clerk", "union_rep"},
    "attendance.confirm": {"leader", "deputy"},
    "attendance.approve": {"manager"},
    "attendance.export": {"leader", "deputy", "clerk", "manager", "finance", "assessor", "union"},
    "attendance.correct": {"leader", "deputy", "manager"},
    "watch.plan": {"leader", "deputy", "clerk"},
    "duty.waive": {"manager", "assessor"},
    "duty.rule": {"assessor"},
    "check.plan": {"assessor"},
    "check.mutual": {"leader", "deputy", "safety"},
    "check.analyse": {"leader", "deputy", "manager", "assessor", "union", "party"},
    "item.assign": {"leader", "deputy"},
    "rectification.assign": {"leader", "deputy"},
    "rectification.review": {"leader", "deputy", "safety", "assessor", "manager"},
    "check.self": {"leader", "deputy", "safety"},
    "check.inspect": {"assessor"},
    "finding.void": {"assessor"},
    "standard.manage": {"assessor"},
    "month.close": {"assessor"},
    "standard.try": {"assessor", "manager"},
    "appraisal.run": {"manager"},
    "appraisal.view": {"manager", "union", "assessor"},
    "bonus.view": {"leader", "deputy", "manager", "finance", "union"},
    "bonus.pool": {"finance"},
    "bonus.draft": {"leader", "deputy"},
    "bonus.approve": {"manager"},
    "bonus.post": {"finance"},
    "adjustment.propose": {"leader", "deputy", "manager"},
    "adjustment.decide": {"manager"},
    "clause.manage": {"manager"},
    "expense.view": MEMBERS | {"manager", "finance", "union"},
    "expense.enter": {"leader", "deputy", "clerk", "union_rep"},
    "expense.decide": {"manager"},
    "award.view": MEMBERS | {"manager", "finance", "union"},
    "award.propose": {"finance", "union", "manager"},
    "award.decide": {"manager", "finance"},
    "account.view": {"leader", "deputy", "clerk", "manager", "finance", "union"},
    "bonus.settle": {"finance"},
    "piece.view": MEMBERS | {"manager", "finance", "union", "assessor"},
    "piece.enter": {"leader", "deputy", "clerk"},
    "piece.check": {"leader", "deputy", "clerk", "manager", "assessor"},
    "piece.export": {"leader", "deputy", "clerk", "manager", "finance", "assessor", "union"},
    "piece.price": {"manager"},
    "bonus.sign": MEMBERS,
    "bonus.keep_paper": {"leader", "deputy", "union_rep"},
    "points.manage": {"party"},
    "points.enter": {"party", "leader"},
    "board.publish": {"manager"},
    "board.notice": {"manager", "union", "admin", "leader"},
    "board.policy": {"manager"},
    "board.paper": {"leader", "deputy", "union_rep"},
    "objection.file": MEMBERS,
    "objection.decide": {"manager", "union"},
    "display.manage": {"manager", "admin"},
    "evidence.keep": {"leader", "deputy", "clerk", "assessor"},
    "kind.manage": {"admin"},
    "knowledge.write": MEMBERS | {"manager", "assessor", "union", "party"},
    "knowledge.review": {"leader", "manager"},
    "knowledge.adopt": {"leader", "deputy"},
    "goal.manage": {"leader", "deputy", "manager"},
    "vision.review": {"leader", "deputy"},
    "mentorship.manage": {"leader", "deputy", "manager"},
    "mentorship.examine": {"leader", "manager", "assessor"},
    "practice.write": {"leader", "deputy", "manager", "assessor"},
    "contest.run": {"manager", "union"},
    "idea.submit": MEMBERS,
    "idea.review": {"manager", "union"},
    "idea.verify": {"manager", "assessor", "finance"},
    "party.keep": {"party"},
    "reserve.keep": {"manager", "union"},
    "election.run": {"manager", "union"},
    "election.appoint": {"manager"},
    "programme.manage": {"union"},
    "application.file": {"leader", "deputy"},
    "application.view": {"leader", "deputy", "manager", "union", "party", "auditor"},
    "review.assign": {"union"},
    "title.recheck": {"union"},
    "studio.keep": {"union", "manager"},
    "studio.verify": {"finance", "manager"},
    "trail.read": {"auditor"},
}
"""capability -> roles that have it (design: "Who may do what"); team duties and unit roles share one namespace."""


FINISHING = {"team.view", "attendance.enter", "attendance.confirm", "attendance.correct", "attendance.export"}
FINISHING |= {"bonus.view", "bonus.draft", "bonus.keep_paper", "adjustment.propose", "points.enter", "check.analyse"}
FINISHING |= {
    "piece.view",
    "piece.enter",
    "piece.check",
    "piece.export",
    "rectification.assign",
    "rectification.review",
}
"""What whoever led a team to its end may still do there: its last months are finished by nobody else."""

OF_USER = {"user": Given("user")}


def _duties():
    """(team, role, last day or None) of the open Membership and of those in which the person led a team to its end."""
    later = Membership.objects.filter(team=OuterRef("team"), role="leader", ended_on__gt=OuterRef("ended_on"))
    led = Q(role="leader", team__disbanded_on__isnull=False) & ~Exists(later)
    rows = Membership.objects.filter(Q(ended_on__isnull=True) | led, **OF_USER)
    return rows.order_by("-started_on").values_list("team_id", "role", "ended_on")


TEAM_ROLES = Prepared(_duties)
UNIT_ROLES_HELD = Prepared(
    lambda: UnitRole.objects.filter(**OF_USER, ended_on__isnull=True).values_list("unit_id", "role")
)


class Access:
    """The reach of one signed-in person, read once per request."""

    def __init__(self, user):
        self.user = user
        duties = TEAM_ROLES.rows(user=user.pk)
        self.team_roles = {team_id: role for team_id, role, ended_on in duties if ended_on is None}
        self.ended_teams = {team_id for team_id, _, ended_on in duties if ended_on} - self.team_roles.keys()
        self.unit_roles = defaultdict(set)
        for unit_id, role in UNIT_ROLES_HELD.rows(user=user.pk):
            self.unit_roles[unit_id].add(role)
        self._spread_down()

    def _spread_down(self):
        if not self.unit_roles:
            return
        for unit_id, parent_id in _top_down(_parents().items()):
            if parent_id in self.unit_roles:
                self.unit_roles[unit_id] |= self.unit_roles[parent_id]

    @cached_property
    def roles(self):
        """Every role the person holds anywhere."""
        return set(self.team_roles.values()).union(*self.unit_roles.values())

    @cached_property
    def membership(self):
        """The own open Membership with its team and unit, or None."""
        rows = Membership.objects.open().filter(user=self.user).select_related("team__unit")
        return rows.first() if self.team_roles else None

    def has(self, capability):
        """Whether the person has the capability anywhere at all (for menus)."""
        return bool(self.roles & GRANTS[capability])

    def on_unit(self, capability, unit_id):
        """Whether a unit role gives the capability on this unit."""
        return bool(self.unit_roles.get(unit_id, set()) & GRANTS[capability])

    def on_team(self, capability, team):
        """Whether a team duty or a unit role gives the capability on this team; see FINISHING."""
        finishes = capability in FINISHING and team.pk in self.ended_teams
        own = finishes or self.team_roles.get(team.pk) in GRANTS[capability]
        return own or self.on_unit(capability, team.unit_id)

    def unit_ids(self, capability):
        """Ids of the units on which a unit role gives the capability."""
        return [unit_id for unit_id, roles in self.unit_roles.items() if roles & GRANTS[capability]]

    def teams(self, capability, since=None):
        """Teams on which the person has the capability: the open ones and those disbanded since a month, where one is given."""
        teams = Team.objects.open_since(since) if since else Team.objects.open()
        own = {*self.duty_teams(capability), *(self.ended_teams if capability in FINISHING else ())}
        return teams.filter(Q(pk__in=own) | Q(unit_id__in=self.unit_ids(capability)))

    def duty_teams(self, capability):
        """Ids of the own teams in which the person's duty gives the capability."""
        return [team_id for team_id, role in self.team_roles.items() if role in GRANTS[capability]]

    def home_units(self):
        """Ids of the units of the own teams, as one question not asked yet."""
        return Team.objects.filter(pk__in=self.team_roles).values_list("unit_id", flat=True)

    def line_ids(self):
        """Ids of the units of the own teams and roles and of every unit above: what holds there holds for the person."""
        return lines_of({*self.unit_roles, *self.home_units()})

    def units(self, capability):
        """Open units on which the person has the capability."""
        return Unit.objects.open().filter(pk__in=self.unit_ids(capability))


@kept
def _parents():
    """{unit id: id of the unit above it} of all units, in their order."""
    return dict(Unit.objects.values_list("id", "parent_id"))


def _top_down(pairs):
    """(id, parent_id) pairs of a tree, parents before children."""
    children = defaultdict(list)
    for unit_id, parent_id in pairs:
        children[parent_id].append(unit_id)
    queue = [(unit_id, None) for unit_id in children[None]]
    while queue:
        unit_id, parent_id = queue.pop(0)
        yield unit_id, parent_id
        queue += [(child, unit_id) for child in children[unit_id]]


def access_of(user):
    """The Access of a signed-in user, kept on the user object for the length of a request."""
    if not hasattr(user, "_access"):
        user._access = Access(user)
    return user._access


def require(user, capability):
    """Raise 403 unless the person has the capability somewhere; for pages that are about no single object."""
    if not access_of(user).has(capability):
        raise PermissionDenied


def reaches_root(user, capability):
    """Whether the person has the capability on a whole plant; for what holds for everybody."""
    return access_of(user).units(capability).filter(parent__isnull=True).exists()


def require_at_root(user, capability):
    """Raise 403 unless the person has the capability on a whole plant."""
    if not reaches_root(user, capability):
        raise PermissionDenied


def team_for(user, pk, capability):
    """The team with this id, if the person may do `capability` there; 404 for strangers, 403 for insiders without it."""
    access = access_of(user)
    team = Team.objects.select_related("unit").filter(pk=pk).first()
    if team is None or not access.on_team("team.view", team):
        raise Http404
    if not access.on_team(capability, team):
        raise PermissionDenied
    return team


def usual_team(user):
    """The own team, or the first that the person sees; 404 for whoever sees none."""
    team = access_of(user).teams("team.view").first()
    if team is None:
        raise Http404
    return team


def usual_place(user, capability):
    """The topmost Unit on which a unit role gives the capability, else the own Team; 404 for whoever has neither."""
    access = access_of(user)
    units = access.units(capability)
    top = units.exclude(parent__in=access.unit_ids(capability)).first() or units.first()
    found = top or access.teams(capability).first()
    if found is None:
        raise Http404
    return found


def unit_for(user, pk, capability):
    """The unit with this id, if a unit role gives the person `capability` there; else 404 or 403 likewise."""
    access = access_of(user)
    unit = Unit.objects.filter(pk=pk).first()
    if unit is None or not access.on_unit("team.view", unit.pk):
        raise Http404
    if not access.on_unit(capability, unit.pk):
        raise PermissionDenied
    return unit


def people_in_reach(user, capability):
    """People of the units on which the person has the capability: by team, by unit role, or by neither (newcomers)."""
    unit_ids = access_of(user).unit_ids(capability)
    at_home = Membership.objects.filter(team__unit__in=unit_ids).values("user")
    with_role = UnitRole.objects.filter(unit__in=unit_ids).values("user")
    reach = Q(pk__in=at_home) | Q(pk__in=with_role)
    if Unit.objects.filter(pk__in=unit_ids, parent__isnull=True).exists():
        reach |= Q(memberships__isnull=True, unit_roles__isnull=True)
    return User.objects.filter(reach)


def person_for(user, pk, capability):
    """The person with this id, if within reach of the capability; 404 for strangers, 403 for insiders without it."""
    if not people_in_reach(user, "people.view").filter(pk=pk).exists():
        raise Http404
    person = people_in_reach(user, capability).filter(pk=pk).first()
    if person is None:
        raise PermissionDenied
    return person


def member_for(user, pk, capability):
    """The person with this id, if the capability reaches the person's team or unit; 404 for strangers, 403 likewise."""
    access = access_of(user)

    def reached(capability):
        at_home = Membership.objects.open().filter(team__in=access.teams(capability)).values("user")
        return User.objects.filter(pk=pk).filter(
            Q(pk__in=at_home) | Q(pk__in=people_in_reach(user, capability).values("pk"))
        )

    person = reached(capability).first()
    if person is None:
        raise PermissionDenied if reached("team.view").exists() else Http404
    return person


def subtree_ids(unit):
    """Ids of a unit and of everything below it."""
    reached = {unit.pk}
    for unit_id, parent_id in _top_down(_parents().items()):
        if parent_id in reached:
            reached.add(unit_id)
    return reached


def home_unit(user):
    """The unit that deeds about a person's own account belong to: of the team, else of the first unit role; or None."""
    membership = Membership.objects.open().filter(user=user).select_related("team__unit").first()
    role = UnitRole.objects.filter(user=user, ended_on__isnull=True).select_related("unit").first()
    return membership.team.unit if membership else role.unit if role else None


def line_of(unit):
    """A unit and the units above it, nearest first: where a standard or a rule for the unit may be defined."""
    return _line(unit.pk, _parents())


def lines_of(unit_ids):
    """Ids of all these units and of every unit above any of them; one query, however many they are."""
    parents = _parents()
    return set().union(*(_line(unit_id, parents) for unit_id in unit_ids))


def lines_by_unit(unit_ids):
    """{unit id: its line, nearest first} of several units; one query, however many they are."""
    parents = _parents()
    return {unit_id: _line(unit_id, parents) for unit_id in unit_ids}


def _line(unit_id, parents):
    line = [unit_id]
    while parents.get(line[-1]):
        line.append(parents[line[-1]])
    return line

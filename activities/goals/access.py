"""Who sees a goal, who keeps it, and which goals it may support."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from activities.models import Goal, GoalMeasure
from teams.access import access_of, line_of, lines_of, member_for, subtree_ids
from teams.models import Membership, UnitRole, User

OF_UNITS = Q(team__isnull=True, user__isnull=True)


def led_by(user):
    """Ids of the people whose goals the person looks after."""
    teams = access_of(user).teams("goal.manage")
    return Membership.objects.open().filter(team__in=teams).values("user")


def visible_to(user):
    """Goals of the units above and below, of the teams in reach, own ones and those of the people one leads.

    Whoever has a measure to carry out sees its goal.
    """
    access = access_of(user)
    reach = access.unit_ids("team.view")
    lines = lines_of({*reach, *access.home_units()})
    teams = Q(team__in=access.team_roles) | Q(team__isnull=False, unit__in=reach)
    people = Q(user=user) | Q(user__in=led_by(user))
    measures = Q(pk__in=GoalMeasure.objects.filter(owner=user).values("goal"))
    return Goal.objects.filter((OF_UNITS & Q(unit__in=lines)) | teams | people | measures)


def may_keep(user, goal):
    """Whether the person keeps the goal: sets, changes and ends it, enters progress, adds measures."""
    if goal.user_id:
        return goal.user_id == user.pk or led_by(user).filter(user=goal.user_id).exists()
    access = access_of(user)
    return access.on_team("goal.manage", goal.team) if goal.team_id else access.on_unit("goal.manage", goal.unit_id)


def person_to_set_for(user, pk):
    """The person with this id, if a goal may be set for them: oneself, or a member of a team one leads."""
    if user.pk == pk:
        return user
    person = member_for(user, pk, "goal.manage")
    if not led_by(user).filter(user=person).exists():
        raise PermissionDenied
    return person


def parents_of(unit, team, user):
    """Open goals that one of this owner may support: of the units above, of a person's team; long-term ones of the owner."""
    own = {"unit": unit, "team": team, "user": user}
    above = OF_UNITS & Q(unit__in=line_of(unit) if team or user else line_of(unit)[1:])
    if user:
        above |= Q(team__in=Membership.objects.open().filter(user=user).values("team"))
    mine = Q(horizon=Goal.Horizon.LONG, **own) if not user else Q(horizon=Goal.Horizon.LONG, user=user)
    return Goal.objects.filter(above | mine, state=Goal.State.OPEN)


def owners_for(goal):
    """People who can have a measure of the goal: the team, for a person their team, for a unit everybody in it."""
    if goal.team_id:
        members = Membership.objects.open().filter(team=goal.team)
    elif goal.user_id:
        members = Membership.objects.open().filter(team__memberships__in=_stays(goal.user))
    else:
        members = Membership.objects.open().filter(team__unit__in=subtree_ids(goal.unit))
    holders = UnitRole.objects.filter(unit=goal.unit, ended_on__isnull=True).values("user")
    people = Q(pk__in=members.values("user")) | Q(pk__in=holders) | Q(pk=goal.user_id)
    return User.objects.filter(people, is_active=True).order_by("employee_no")


def _stays(user):
    return Membership.objects.open().filter(user=user)


def may_finish(user, measure):
    """Whether the person says that a measure is done: its owner, or whoever keeps the goal."""
    return measure.owner_id == user.pk or may_keep(user, measure.goal)


def places_for(user):
    """(units, teams) for which the person sets goals."""
    access = access_of(user)
    return access.units("goal.manage"), access.teams("goal.manage").select_related("unit").order_by("unit", "name")

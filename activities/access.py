"""Who may record an activity of a kind and who may see one. Confidential ones are for the people in them and the recorder."""

from django.db.models import Q

from activities.models import Activity, ActivityKind
from teams.access import access_of, lines_of, subtree_ids
from teams.models import Membership, Team, Unit

Privacy = ActivityKind.Privacy
Subject = ActivityKind.Subject


def kinds_for(user):
    """Kinds in use that the person may record somewhere, of the units of the own line."""
    access = access_of(user)
    reach = lines_of({*access.unit_roles, *_home_units(access)})
    kinds = ActivityKind.objects.filter(unit__in=reach, retired_on__isnull=True)
    return [kind for kind in kinds if set(kind.recorders) & access.roles]


def _home_units(access):
    return Team.objects.filter(pk__in=access.team_roles).values_list("unit_id", flat=True)


def may_record(user, kind, unit, team=None):
    """Whether the person may record the kind for the team, or for the unit itself; the kind has to hold there."""
    access = access_of(user)
    if kind.retired_on or kind.unit_id not in lines_of({unit.pk}):
        return False
    roles = set(access.unit_roles.get(unit.pk, ()))
    if team is not None:
        roles.add(access.team_roles.get(team.pk))
    return bool(roles & set(kind.recorders))


def teams_to_record(user, kind):
    """Open teams for which the person may record the kind."""
    access = access_of(user)
    own = [team for team, role in access.team_roles.items() if role in kind.recorders]
    units = [unit for unit, roles in access.unit_roles.items() if roles & set(kind.recorders)]
    below = subtree_ids(kind.unit)
    return Team.objects.open().filter(Q(pk__in=own) | Q(unit__in=units), unit__in=below).select_related("unit")


def units_to_record(user, kind):
    """Open units for which the person may record the kind."""
    units = [unit for unit, roles in access_of(user).unit_roles.items() if roles & set(kind.recorders)]
    return Unit.objects.open().filter(pk__in=units).filter(pk__in=subtree_ids(kind.unit))


def visible_to(user):
    """Activities that the person may see: drafts of the own hand, confidential ones only from within."""
    access = access_of(user)
    inside = Q(recorded_by=user) | Q(participants__user=user)
    in_reach = Q(unit__in=access.unit_ids("team.view"))
    at_home = Q(team__in=access.team_roles)
    same_unit = Q(unit__in=_home_units(access))
    open_ones = Q(privacy=Privacy.UNIT) & (in_reach | at_home | same_unit)
    team_ones = Q(privacy=Privacy.TEAM) & (in_reach | at_home)
    kept = ~Q(state=Activity.State.DRAFT) | Q(recorded_by=user)
    inside_ids = Activity.objects.filter(inside).values("pk")
    return Activity.objects.filter(kept & (open_ones | team_ones | Q(pk__in=inside_ids)))


def may_change(user, activity):
    """Whether the person may edit, correct or void a record: who recorded it or, unless confidential, may record the kind."""
    if activity.recorded_by_id == user.pk:
        return True
    confidential = activity.privacy == Privacy.CONFIDENTIAL
    return not confidential and may_record(user, activity.kind, activity.unit, activity.team)


def people_to_choose(activity_unit, team, date):
    """Who may stand in a record: members of the team that day, or of any team of the unit and below."""
    stays = Membership.objects.during(date, date)
    stays = stays.filter(team=team) if team else stays.filter(team__unit__in=subtree_ids(activity_unit))
    return stays.select_related("user").order_by("user__employee_no")

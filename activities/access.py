"""Who may record an activity of a kind and who may see one. Confidential ones are for the people in them and the recorder."""

from django.db.models import Q

from activities.models import Activity, ActivityKind, FollowUp, Participant
from teams.access import access_of, line_of, lines_of, subtree_ids
from teams.models import Membership, Team, Unit, UnitRole, User

Privacy = ActivityKind.Privacy
Subject = ActivityKind.Subject
SENIOR = {"leader", "deputy"} | set(UnitRole.Role.values)
"""Who may also change what others have recorded."""


def kinds_seen(user):
    """Kinds of the units of the own line, retired ones too: everybody may read what has to be recorded."""
    return ActivityKind.objects.filter(unit__in=access_of(user).line_ids())


def kinds_for(user):
    """Kinds in use that the person may record somewhere."""
    roles = access_of(user).roles
    return [kind for kind in kinds_seen(user).filter(retired_on__isnull=True) if set(kind.recorders) & roles]


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
    """Activities that the person may see: drafts of the own hand, confidential ones only from within.

    Within are who recorded it, who is in it, and who has something to do after it.
    """
    access = access_of(user)
    inside = Q(recorded_by=user) | Q(pk__in=Participant.objects.filter(user=user).values("activity"))
    inside |= Q(pk__in=FollowUp.objects.filter(owner=user).values("activity"))
    in_reach = Q(unit__in=access.unit_ids("team.view"))
    at_home = Q(team__in=access.team_roles)
    same_unit = Q(unit__in=access.home_units()) | Q(team__isnull=True, unit__in=lines_of(access.home_units()))
    open_ones = Q(privacy=Privacy.UNIT) & (in_reach | at_home | same_unit)
    team_ones = Q(privacy=Privacy.TEAM) & (in_reach | at_home)
    kept = ~Q(state=Activity.State.DRAFT) | Q(recorded_by=user)
    return Activity.objects.filter(kept & (open_ones | team_ones | inside))


def may_change(user, activity):
    """Whether the person may edit, correct or void a record: who recorded it; unless confidential also a senior recorder."""
    if activity.recorded_by_id == user.pk:
        return True
    if activity.privacy == Privacy.CONFIDENTIAL or activity.state == Activity.State.DRAFT:
        return False
    return bool(_roles_at(user, activity.unit, activity.team) & SENIOR & set(activity.kind.recorders))


def may_record_for_others(user, unit, team):
    """Whether the person may write down a personal record of somebody else."""
    return bool(_roles_at(user, unit, team) & SENIOR)


def _roles_at(user, unit, team):
    access = access_of(user)
    return set(access.unit_roles.get(unit.pk, ())) | (
        {access.team_roles[team.pk]} if team and team.pk in access.team_roles else set()
    )


def members_of(unit, team, first, last):
    """Who was on the team, or on any team of the unit and below, on some day between two dates; by employee number."""
    stays = Membership.objects.during(first, last)
    stays = stays.filter(team=team) if team else stays.filter(team__unit__in=subtree_ids(unit))
    return User.objects.filter(pk__in=stays.values("user")).order_by("employee_no")


def officers_of(unit):
    """Who holds a role in the unit or above it."""
    held = UnitRole.objects.filter(unit__in=line_of(unit), ended_on__isnull=True)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def colleagues_of(unit):
    """Everybody who works in the plant of a unit."""
    below = subtree_ids(Unit.objects.get(pk=line_of(unit)[-1]))
    here = Q(pk__in=Membership.objects.open().filter(team__unit__in=below).values("user"))
    here |= Q(pk__in=UnitRole.objects.filter(unit__in=below, ended_on__isnull=True).values("user"))
    return User.objects.filter(here, is_active=True)


def may_sign_in(user, activity):
    """Whether the person belongs to the activity: its team or unit on that day, or a role in the unit or above it."""
    there = members_of(activity.unit, activity.team, activity.date, activity.date)
    return there.filter(pk=user.pk).exists() or officers_of(activity.unit).filter(pk=user.pk).exists()

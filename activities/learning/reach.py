"""Which units' cards and contests somebody meets: of the own line upwards and of the units that a role reaches."""

from teams.access import access_of
from teams.models import Membership, Team, Unit


def unit_ids(user):
    """Ids of the units in sight: those a role reaches, those of the own teams, and every unit above."""
    return access_of(user).line_ids()


def units_to(user, capability):
    """Open units for which the person may do it: by a unit role there, or by a team duty in the unit of the team."""
    access = access_of(user)
    own = Team.objects.filter(pk__in=access.duty_teams(capability)).values_list("unit_id", flat=True)
    return Unit.objects.open().filter(pk__in={*access.unit_ids(capability), *own}).order_by("pk")


def present(teams):
    """Present memberships of these teams with people and places, in the order of the roster."""
    rows = Membership.objects.open().filter(team__in=teams).select_related("user", "team__unit")
    return rows.order_by("team__unit__position", "team__position", "team_id", "user__employee_no")

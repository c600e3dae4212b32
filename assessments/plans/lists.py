"""Reads of plans and item owners: what who may see of the checks to come, and who answers for which item."""

from django.db.models import Q
from django.utils import timezone

from assessments.models import Check, CheckPlan, ItemOwner
from assessments.selectors import version_for
from teams import periods
from teams.models import AuditEntry, Membership


def shown_to(access):
    """Condition on plans that a person may see, scope apart.

    What is not public yet is seen by those who plan checks of the unit, unless they belong to the team to be checked.
    """
    planner = Q(unit__in=access.unit_ids("check.plan")) & ~Q(team__in=list(access.team_roles))
    return Q(shown_from__lte=timezone.localdate()) | planner


def plans_of(scope, period, access):
    """Plans due in a month within a scope (a condition), as far as the person may see them; earliest first."""
    days = (periods.first_day(period), periods.last_day(period))
    plans = CheckPlan.objects.filter(scope, shown_to(access), due_on__range=days)
    return plans.select_related("team__unit", "by_team", "check_made", "drawn_by").order_by("due_on", "team_id", "id")


def with_reasons(plans):
    """The plans as a list; a cancelled one has its `cancellation`, the entry of the trail."""
    plans = list(plans)
    entries = AuditEntry.objects.filter(
        verb="plan.cancelled",
        object_type=CheckPlan._meta.label_lower,
        object_id__in=[plan.pk for plan in plans if plan.state == CheckPlan.State.CANCELLED],
    )
    found = {entry.object_id: entry for entry in entries.select_related("actor")}
    for plan in plans:
        plan.cancellation = found.get(plan.pk)
    return plans


def due_today(access):
    """What the assessor has to check by now: planned, its days begun, no cross-check, not of the own team."""
    today = timezone.localdate()
    plans = CheckPlan.objects.filter(unit__in=access.unit_ids("check.plan"), state=CheckPlan.State.PLANNED)
    plans = plans.filter(due_from__lte=today, due_on__gte=today).exclude(kind=Check.Kind.MUTUAL)
    return plans.exclude(team__in=list(access.team_roles)).select_related("unit", "team")


def mutual_for(team_ids):
    """Cross-checks that these teams have to make by now."""
    today = timezone.localdate()
    plans = CheckPlan.objects.filter(by_team__in=team_ids, kind=Check.Kind.MUTUAL, state=CheckPlan.State.PLANNED)
    return plans.filter(due_from__lte=today, due_on__gte=today).select_related("team", "by_team")


def owners_of(team, standard):
    """{code: ItemOwner} of a team; `gone` marks an owner who has left it."""
    members = Membership.objects.open().filter(team=team).values_list("user_id", flat=True)
    rows = ItemOwner.objects.filter(team=team, standard=standard).select_related("user")
    here, owners = set(members), {row.code: row for row in rows}
    for row in owners.values():
        row.gone = row.user_id not in here
    return owners


def names_of(team, standard):
    """{code: name of the owner} of the items that somebody in the team owns."""
    return {code: row.user.name for code, row in owners_of(team, standard).items() if not row.gone}


def owned_by(user, team):
    """Criteria of the team's present standard that a member owns."""
    owned = ItemOwner.objects.filter(team=team, user=user)
    version = version_for(team.unit, periods.current_period()) if owned.exists() else None
    if version is None:
        return []
    mine = owned.filter(standard=version.standard_id).values("code")
    return list(version.criteria.filter(code__in=mine).select_related("category"))

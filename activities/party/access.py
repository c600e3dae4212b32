"""Who reads the Party pages of a unit and who keeps them; who sees a reserve leader.

Roles of the unit read; so do the Party members of its teams and of its Party groups. Only `party.keep` writes, and that is
about Party building alone: a liaison reads the team's pages and changes nothing on them.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from activities.models import PartyGroupMember, Reserve
from teams.access import access_of, line_of, subtree_ids
from teams.models import Membership, Team, Unit, UnitRole, User

PARTY = [User.PoliticalStatus.PARTY_MEMBER, User.PoliticalStatus.PROBATIONARY]


def branches_of(user):
    """Open units whose Party pages the person reads, in their order."""
    return Unit.objects.open().filter(pk__in=_read_by(user))


def _read_by(user):
    access = access_of(user)
    read = set(access.unit_ids("team.view"))
    read |= set(PartyGroupMember.objects.filter(user=user, left_on__isnull=True).values_list("group__unit", flat=True))
    if user.political_status in PARTY:
        read |= set(access.home_units())
    return read


def branch_for(user, pk):
    """The unit with this id for whoever reads its Party pages; 404 for others."""
    unit = get_object_or_404(Unit, pk=pk)
    if unit.pk not in _read_by(user):
        raise Http404
    return unit


def branch_to_keep(user, pk):
    """As branch_for, for those who keep the pages; 403 for those who only read."""
    unit = branch_for(user, pk)
    if not access_of(user).on_unit("party.keep", unit.pk):
        raise PermissionDenied
    return unit


def teams_below(unit):
    """Open teams of a unit and of all units below it, in display order."""
    return Team.objects.open().filter(unit__in=subtree_ids(unit)).select_related("unit")


def party_people(unit):
    """Party members of the teams and offices of a unit and of all below it."""
    units = subtree_ids(unit)
    at_home = Membership.objects.open().filter(team__unit__in=units).values("user")
    with_role = UnitRole.objects.filter(unit__in=units, ended_on__isnull=True).values("user")
    people = User.objects.filter(is_active=True, political_status__in=PARTY)
    return people.filter(Q(pk__in=at_home) | Q(pk__in=with_role))


def committee_of(unit):
    """People of the Party committees of a unit: those who hold the role there or above."""
    roles = UnitRole.objects.filter(role=UnitRole.Role.PARTY, unit__in=line_of(unit), ended_on__isnull=True)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True)


def reserves_seen_by(user):
    """Reserve leaders whom the person keeps or coaches, and the own row."""
    kept = access_of(user).unit_ids("reserve.keep")
    return Reserve.objects.filter(Q(unit__in=kept) | Q(user=user) | Q(coach=user))


def reserve_for(user, pk):
    """The Reserve with this id, if the person sees it; 403 for those who see its unit, 404 for others."""
    found = get_object_or_404(Reserve.objects.select_related("unit", "user", "coach"), pk=pk)
    if not reserves_seen_by(user).filter(pk=pk).exists():
        raise PermissionDenied if access_of(user).on_unit("team.view", found.unit_id) else Http404
    return found


def reserve_to_keep(user, pk):
    """As reserve_for, for those who keep the reserve of the unit."""
    found = reserve_for(user, pk)
    if not access_of(user).on_unit("reserve.keep", found.unit_id):
        raise PermissionDenied
    return found


def reserve_to_train(user, pk):
    """As reserve_for, for those who keep the reserve and for the coach; never for the person."""
    found = reserve_for(user, pk)
    keeps = access_of(user).on_unit("reserve.keep", found.unit_id) or found.coach_id == user.pk
    if not keeps or found.user_id == user.pk:
        raise PermissionDenied
    return found

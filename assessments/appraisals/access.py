"""Who sees a leader appraisal, and who may answer in it.

The figures of a round are for those who hold `appraisal.view` on its unit or on the unit of a leader's team; such a
person sees the leaders within reach. The leader is known by person, not by duty: who changes teams keeps the own row.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.models import Appraisal, LeaderAppraisal
from teams.access import access_of


def rounds_of(user):
    """Rounds that a person takes part in or sees the figures of."""
    access = access_of(user)
    rows = LeaderAppraisal.objects.filter(
        Q(team__unit__in=access.unit_ids("appraisal.view")) | Q(team__in=list(access.team_roles)) | Q(leader=user)
    )
    return Appraisal.objects.filter(pk__in=rows.values("appraisal"))


def round_for(user, pk):
    """The Appraisal with this id, for whoever sees figures in it; else 404 or 403 by what the person sees of its units."""
    found = get_object_or_404(Appraisal.objects.select_related("unit", "opened_by", "closed_by"), pk=pk)
    access = access_of(user)
    units = {found.unit_id, *found.leaders.values_list("team__unit", flat=True)}
    _let_in(*({access.on_unit(right, unit) for unit in units} for right in ("team.view", "appraisal.view")))
    return found


def round_to_run(user, pk):
    """As round_for, but only for those who may close or cancel it: managers of the unit it was opened for."""
    found = round_for(user, pk)
    if not access_of(user).on_unit("appraisal.run", found.unit_id):
        raise PermissionDenied
    return found


def _let_in(sees, may):
    if True not in sees:
        raise Http404
    if True not in may:
        raise PermissionDenied


def leaders_shown(user, appraisal):
    """The leaders of a round whose figures the person may see."""
    units = access_of(user).unit_ids("appraisal.view")
    return appraisal.leaders.filter(team__unit__in=units).select_related("leader", "team__unit", "superior")


def sides_of(user, about):
    """What the person is in this row: any of "leader", "member", "superior", "viewer".

    A manager who works in the team is its superior alone: nobody counts on two sides.
    """
    access, unit = access_of(user), about.team.unit_id
    is_leader = user.pk == about.leader_id
    is_superior = access.on_unit("appraisal.run", unit) and not is_leader
    held = {
        "leader": is_leader,
        "member": about.team_id in access.team_roles and not is_leader and not is_superior,
        "superior": is_superior,
        "viewer": access.on_unit("appraisal.view", unit),
    }
    return {side for side, holds in held.items() if holds}


def waiting_for(user, units, of=""):
    """Condition: the leader is in these units and waits for this superior; `of` is the way to the LeaderAppraisals."""
    return Q(**{f"{of}team__unit__in": units, f"{of}superior__isnull": True}) & ~Q(**{f"{of}leader": user})


def rates_instead(user, about):
    """Whether the person works in the team but answers as its superior."""
    return about.team_id in access_of(user).team_roles and "superior" in sides_of(user, about)


def leader_for(user, pk, *sides):
    """The LeaderAppraisal with this id for whoever is one of these sides (any, when none is named); else 404 or 403."""
    rows = LeaderAppraisal.objects.select_related("appraisal", "leader", "team__unit", "superior")
    found = get_object_or_404(rows, pk=pk)
    held = sides_of(user, found)
    _let_in(
        {bool(held) or access_of(user).on_team("team.view", found.team)}, {bool(held & set(sides) if sides else held)}
    )
    return found

"""Who may read and who may manage a standard."""

from django.shortcuts import get_object_or_404

from assessments.models import StandardVersion
from teams.access import access_of, lines_of, unit_for


def reach(user):
    """Units whose standards a person may read: the own ones and all above them, for standards hold downwards."""
    access = access_of(user)
    return lines_of({*access.unit_ids("team.view"), *access.home_units()})


def listed(user):
    """Versions that a person may read: all within reach; drafts only for those who write standards or try them out."""
    versions = StandardVersion.objects.filter(standard__unit__in=reach(user))
    return versions if access_of(user).has("standard.try") else versions.exclude(state=StandardVersion.State.DRAFT)


def readable(user, pk):
    """The version with this id; 404 for those who may not read it."""
    return get_object_or_404(listed(user).select_related("standard__unit"), pk=pk)


def managed(user, pk):
    """The version with this id, for those who manage the standards of its unit."""
    version = readable(user, pk)
    unit_for(user, version.standard.unit_id, "standard.manage")
    return version

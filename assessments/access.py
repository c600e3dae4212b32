"""Who may open a sheet: whoever sees the team, and whoever it is about."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.models import Check
from assessments.selectors import with_corrections
from teams.access import access_of


def sheets_about(user):
    """Sheets that name a person or were filed by that person, in whatever team, then or now.

    Such a sheet and its photos stay open to that person after a move to another team: what costs somebody points and
    money, and what somebody answers for as checker, can always be read again. Nothing else of the former team can.
    """
    return Check.objects.filter(Q(checker=user) | Q(findings__person=user))


def sheet_for(user, pk):
    """The Check with this id, for whoever sees its team or is concerned by it; 404 for everybody else."""
    sheets = Check.objects.select_related("team__unit", "checker", "version__standard__unit")
    check = get_object_or_404(with_corrections(sheets), pk=pk)
    if not access_of(user).on_team("team.view", check.team) and not sheets_about(user).filter(pk=pk).exists():
        raise Http404
    return check

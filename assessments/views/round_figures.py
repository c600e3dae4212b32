"""The figures of honours over units and years, and their workbook."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.rounds import FiguresForm
from assessments.honours import round_figures as reads
from assessments.honours.pages import pages_for
from assessments.models import Programme
from assessments.standards.access import reach
from teams import audit
from teams.access import access_of, home_unit
from teams.actions import first_errors
from teams.downloads import workbook_of, workbook_response


def _asked(request, data):
    """(the form, its year, its programme or None) for those who see applications of some unit; 403 for all others."""
    if not access_of(request.user).unit_ids("application.view"):
        raise PermissionDenied
    form = FiguresForm(data, programmes=Programme.objects.filter(unit__in=reach(request.user)))
    chosen = form.cleaned_data if form.is_valid() else {}
    return form, chosen.get("year") or timezone.localdate().year, chosen.get("programme")


@require_safe
def figures(request):
    form, year, programme = _asked(request, request.GET)
    found = reads.figures(request.user, year, programme)
    context = {"form": form, "errors": first_errors(form), "year": year, "programme": programme}
    context |= {"pages": pages_for(request.user, "assessments:round-figures")}
    return render(request, "assessments/round_figures.html", context | found)


@require_POST
def export(request):
    _, year, programme = _asked(request, request.POST)
    found = reads.figures(request.user, year, programme)
    unit, after = home_unit(request.user), {"rows": found["total"].filed, "year": year}
    audit.record("round.exported", unit, actor=request.user, unit=unit, after=after)
    return workbook_response(workbook_of(*reads.sheets(found, year)), f"{year}年评选统计")

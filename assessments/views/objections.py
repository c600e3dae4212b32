"""Correcting what an objection to a board of scores or attendance was right about: the entry is made, then linked."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.correcting import CAPABILITY, entries_for
from assessments.forms.objections import EntryForm
from bulletins.models import Bulletin, Objection
from bulletins.services import objections
from teams.access import team_for
from teams.actions import carried_out


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, objection_id):
    objection = get_object_or_404(Objection.objects.select_related("bulletin__team__unit"), pk=objection_id)
    bulletin = objection.bulletin
    if bulletin.kind not in CAPABILITY or bulletin.team is None:
        raise Http404
    team_for(request.user, bulletin.team_id, CAPABILITY[bulletin.kind])
    form = EntryForm(request.POST if request.method == "POST" else None, entries=entries_for(objection))
    if form.is_valid() and carried_out(form, _link, objection, form.chosen, actor=request.user):
        messages.success(request, "更正已登记，更正说明已贴在榜上。")
        return redirect("assessments:objection-correct", objection.pk)
    context = {"objection": objection, "form": form, "make": _where_made(bulletin)}
    return render(request, "assessments/objection_correct.html", context)


def _link(objection, entry, *, actor):
    objections.link_correction(objection, entry.text, entry.url, actor=actor)


def _where_made(bulletin):
    """(label, address) of the page on which the entry is made."""
    if bulletin.kind == Bulletin.Kind.SCORES:
        return "登记迟到的检查", reverse("assessments:inspect", args=[bulletin.team_id])
    return "考勤更正", reverse("teams:corrections", args=[bulletin.team_id, bulletin.period])

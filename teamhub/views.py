"""Pages that mix all floors: what waits for the signed-in person, and the trail."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from teamhub import home as reading
from teamhub.verbs import VERBS
from teams import selectors
from teams.access import access_of, require
from teams.actions import first_errors
from teams.forms import TrailForm


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return redirect("bulletins:wall")
    return render(request, "teamhub/home.html", reading.page_of(request.user))


@require_safe
def trail(request):
    require(request.user, "trail.read")
    filters = {name: request.GET.get(name, "").strip() for name in ("q", "verb", "day")}
    form = TrailForm(request.GET)
    entries = selectors.trail(access_of(request.user).unit_ids("trail.read"), filters) if form.is_valid() else []
    context = {
        "errors": first_errors(form),
        "page": selectors.page_of(entries, request),
        "filters": filters,
        "verbs": VERBS,
    }
    return render(request, "teamhub/trail.html", context)

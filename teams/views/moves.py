"""办理调动: one person into another team."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from teams.access import access_of, person_for
from teams.actions import carried_out
from teams.forms.moves import MoveForm, PlaceForm
from teams.models import Membership
from teams.services import moves


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, user_id):
    found, access = person_for(request.user, user_id, "people.manage"), access_of(request.user)
    place = Membership.objects.open().filter(user=found).select_related("team__unit").first()
    places = PlaceForm(request.GET, units=access.units("people.manage"))
    unit = (places.is_valid() and places.cleaned_data["unit"]) or (place and place.team.unit)
    teams = access.teams("people.manage").filter(unit=unit)
    form = MoveForm(request.POST or None, teams=teams, place=place)
    if request.method == "POST" and form.is_valid() and _moved(request, found, form):
        return redirect("teams:person", found.pk)
    context = {"person": found, "place": place, "unit": unit, "units": places, "form": form}
    return render(request, "teams/person_move.html", context)


def _moved(request, person, form):
    """Carry out the form; whether that was possible."""
    facts = form.cleaned_data
    if not carried_out(form, moves.move, person, actor=request.user, **facts):
        return False
    messages.success(request, f"{person}从 {facts['effective_on']} 起是{facts['team']}的人。")
    return True

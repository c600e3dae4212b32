"""The boards of a team's month before they hang: who would see what of them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bulletins.preview import EYES, previews
from incentives.services.publishing import boards_of_month
from teams.access import team_for
from teams.errors import TeamError


@require_safe
def preview(request, team_id, period):
    team = team_for(request.user, team_id, "board.publish")
    eyes = request.GET.get("as") if request.GET.get("as") in EYES else next(iter(EYES))
    try:
        shown = previews(boards_of_month(team, period), eyes, team=team, period=period)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("incentives:distribution", team.pk, period)
    context = {"team": team, "period": period, "previews": shown, "eyes": eyes, "all_eyes": EYES}
    context["is_new"] = any(each.foreseen.is_new for each in shown)
    return render(request, "incentives/preview.html", context)

"""The boards of a team's or a branch's month before they hang: who would see what of them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bulletins.preview import eyes_at, previews
from incentives.points.posted import board_hanging
from incentives.services.publishing import board_of_points, boards_of_month, publish_points
from incentives.views.point_schemes import scheme_to_keep
from teams import periods
from teams.access import team_for
from teams.actions import carry_out
from teams.errors import TeamError


@require_safe
def preview(request, team_id, period):
    team = team_for(request.user, team_id, "board.publish")
    back = reverse("incentives:distribution", args=[team.pk, period])
    context = {"subject": team, "back": back, "back_label": "回到奖金分配"}
    context["action"] = reverse("incentives:publish", args=[team.pk, period])
    return _previewed(request, context, lambda: boards_of_month(team, period), {"team": team, "period": period})


@require_safe
def points_preview(request, scheme_id, period):
    scheme = scheme_to_keep(request.user, scheme_id)
    back = reverse("incentives:points-month", args=[scheme.pk, period])
    context = {"subject": scheme.unit, "back": back, "back_label": "回到积分月表"}
    context["action"] = reverse("incentives:points-publish", args=[scheme.pk, period])
    place = {"unit": scheme.unit, "period": period}
    return _previewed(request, context, lambda: [board_of_points(scheme, period)], place)


def _previewed(request, context, boards, place):
    """The page of what would hang; back to where it is posted from while nothing can hang."""
    all_eyes, eyes = eyes_at(place.get("team"), request.GET.get("as"))
    try:
        shown = previews(boards(), eyes, **place)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect(context["back"])
    context |= {"period": place["period"], "previews": shown, "eyes": eyes, "all_eyes": all_eyes}
    context["is_new"] = any(each.foreseen.is_new for each in shown)
    return render(request, "incentives/preview.html", context)


@require_POST
def points_publish(request, scheme_id, period):
    scheme = scheme_to_keep(request.user, scheme_id)
    done, back = f"{periods.label(period)}的党员积分表已张榜公布。", ("incentives:points-month", [scheme.pk, period])
    if board_hanging(scheme, period):
        done = f"{periods.label(period)}的党员积分表已经张榜，以公告栏上最新的一版为准。"
    return carry_out(request, done, back, publish_points, scheme, period)

"""The home page: what waits for the signed-in person, across all floors."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from teamhub import home as reading


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return redirect("bulletins:wall")
    return render(request, "teamhub/home.html", reading.page_of(request.user))

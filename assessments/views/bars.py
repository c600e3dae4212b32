"""Cases that keep somebody from being named: listed, recorded and taken back by union staff."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.programmes import BarFilterForm, BarForm
from assessments.honours import bars as reads
from assessments.honours.content import CASES
from assessments.honours.pages import pages_for
from assessments.models import Bar
from assessments.services import bars
from teams.access import access_of, people_in_reach, require
from teams.actions import carried_out, carry_out_with_reason, first_errors
from teams.selectors import page_of


@require_safe
def bar_list(request):
    require(request.user, "programme.manage")
    form = BarFilterForm(request.GET)
    rows = reads.listed(request.user, **form.cleaned_data) if form.is_valid() else Bar.objects.none()
    page = page_of(rows, request)
    for bar in page:
        bar.case = CASES.get(bar.code, bar.code)
    context = {"page": page, "form": form, "errors": first_errors(form)}
    return render(
        request, "assessments/bar_list.html", context | {"pages": pages_for(request.user, "assessments:bars")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record(request):
    require(request.user, "programme.manage")
    access = access_of(request.user)
    reached = {"units": access.units("programme.manage").order_by("id"), "teams": access.teams("programme.manage")}
    people = people_in_reach(request.user, "programme.manage")
    form = BarForm(request.POST if request.method == "POST" else None, **reached, people=people)
    if form.is_valid() and carried_out(form, bars.record, actor=request.user, **form.facts):
        messages.success(request, "已登记，推荐和定名单时自动核对。")
        return redirect("assessments:bars")
    return render(request, "assessments/bar_form.html", {"form": form})


@require_POST
def lift(request, bar_id):
    bar = _bar(request.user, bar_id)
    return carry_out_with_reason(request, "已取消，不再影响评选。", ("assessments:bars", []), bars.lift, bar)


def _bar(user, pk):
    """The case with this id, for those who keep the cases of its unit; 404 for strangers, 403 for insiders."""
    bar, access = Bar.objects.select_related("unit").filter(pk=pk).first(), access_of(user)
    if bar is None or not access.on_unit("team.view", bar.unit_id):
        raise Http404
    if not access.on_unit("programme.manage", bar.unit_id):
        raise PermissionDenied
    return bar

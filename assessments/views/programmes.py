"""Programmes of honours: everybody to whom they apply reads them, union staff install, write, change and retire them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.programmes import ProgrammeFilterForm, ProgrammeForm
from assessments.honours import programmes as reads
from assessments.honours.pages import pages_for
from assessments.honours.presets import presets
from assessments.honours.rounds import visible_to
from assessments.models import Programme
from assessments.services import programmes
from assessments.standards.access import reach
from teams.access import require, unit_for
from teams.actions import carried_out, carry_out, first_errors
from teams.figures import whole_number
from teams.selectors import page_of

MOST_ROUNDS = 10
"""Rounds that the page of a programme lists; the list of rounds has them all."""


@require_safe
def programme_list(request):
    form = ProgrammeFilterForm(request.GET)
    rows = reads.listed(request.user, **form.cleaned_data) if form.is_valid() else Programme.objects.none()
    top, new = reads.to_install(request.user)
    context = {"page": page_of(rows, request), "form": form, "errors": first_errors(form), "top": top, "new": new}
    context |= {"pages": pages_for(request.user, "assessments:programmes")}
    return render(request, "assessments/programme_list.html", context)


@require_POST
def install(request, key):
    """Add a shipped programme to a unit."""
    require(request.user, "programme.manage")
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "programme.manage")
    if key not in presets():
        raise Http404
    done = f"“{presets()[key]['name']}”加好了，可以修改，也可以直接开批次。"
    return carry_out(request, done, ("assessments:programmes", []), programmes.install_preset, key, unit)


@require_safe
def detail(request, programme_id):
    programme = reads.programme_for(request.user, programme_id)
    rounds = visible_to(request.user).filter(programme=programme)[:MOST_ROUNDS]
    context = {"programme": programme, "said": reads.said(programme), "rounds": rounds}
    context |= {"may_manage": reads.manages(request.user, programme)}
    return render(request, "assessments/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """A programme of one's own, or one that begins as a copy."""
    require(request.user, "programme.manage")
    source = _copied(request)
    form = ProgrammeForm(*_posted(request), units=reads.units_of(request.user), source=source, pools=_pools(request))
    if _is_sent(request, form):
        unit = form.cleaned_data["unit"]
        if carried_out(form, programmes.add, unit, actor=request.user, **form.wanted):
            messages.success(request, f"“{form.cleaned_data['name']}”加好了，可以开批次。")
            return redirect("assessments:programmes")
    return render(request, "assessments/programme_form.html", {"form": form, "copied": source})


def _copied(request):
    if "copy" not in request.GET:
        return None
    source = reads.programme_for(request.user, whole_number(request.GET["copy"]))
    source.name = f"{source.name[:38]}二"
    return source


def _pools(request):
    return Programme.objects.filter(unit__in=reach(request.user))


def _posted(request):
    return (request.POST,) if request.method == "POST" else ()


def _is_sent(request, form):
    """Whether the form is meant to be stored and can be; asking for more rows only shows it again."""
    return request.method == "POST" and "more" not in request.POST and form.is_valid()


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, programme_id):
    programme = reads.managed(request.user, programme_id)
    form = ProgrammeForm(*_posted(request), source=programme, pools=_pools(request).exclude(pk=programme.pk))
    if _is_sent(request, form) and carried_out(form, programmes.change, programme, actor=request.user, **form.wanted):
        messages.success(request, "已改好。以后开始的批次按新的来，已经开始的不变。")
        return redirect("assessments:programme", programme.pk)
    return render(request, "assessments/programme_form.html", {"form": form, "programme": programme})


@require_POST
def retire(request, programme_id):
    programme = reads.managed(request.user, programme_id)
    return carry_out(request, "已停用，不再开新的批次。", _back(programme), programmes.retire, programme)


@require_POST
def restore(request, programme_id):
    programme = reads.managed(request.user, programme_id)
    return carry_out(request, "已恢复使用。", _back(programme), programmes.restore, programme)


def _back(programme):
    return ("assessments:programme", [programme.pk])

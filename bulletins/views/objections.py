"""Objections: objecting to a figure of a board, the list, one objection with its next step."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.forms.objections import (
    AnswerForm,
    CorrectionForm,
    FilterForm,
    ObjectionForm,
    RefuseForm,
    line_named,
)
from bulletins.objections import lists
from bulletins.objections.access import board_to_object, objection_for, objection_to, open_steps
from bulletins.objections.corrections import ways_for, worths_for
from bulletins.objections.deciding import desks_of, is_involved
from bulletins.objections.lateness import left_text, with_deadlines
from bulletins.objections.sources import correction_address, sources_of
from bulletins.policies import policy_for
from bulletins.services import objections
from teams import audit
from teams.access import access_of, home_unit
from teams.actions import carried_out, carry_out, first_errors
from teams.downloads import workbook, workbook_response
from teams.photos import storing_photos
from teams.selectors import page_of

READERS = ("objection.file", "objection.decide", "trail.read")
MOST_EXPORTED = 20_000
"""Objections in one workbook."""


def _require_reader(user):
    if not any(access_of(user).has(capability) for capability in READERS):
        raise PermissionDenied


def _listed(user, data):
    """The filter form, all rows in reach, and those that the filters let through; none when a filter makes no sense."""
    _require_reader(user)
    form, rows = FilterForm(data), lists.rows_of(user)
    return form, rows, lists.narrowed(rows, user, form.cleaned_data) if form.is_valid() else rows.none()


@require_safe
def objection_list(request):
    form, rows, found = _listed(request.user, request.GET)
    page = page_of(found, request)
    context = {
        "form": form,
        "errors": first_errors(form),
        "page": page,
        "rows": [(row, left_text(row)) for row in with_deadlines(page)],
        "decides": access_of(request.user).has("objection.decide"),
        "wall": reverse("bulletins:wall"),
        **lists.choices_in(rows),
    }
    return render(request, "bulletins/objection_list.html", context)


@require_POST
def export(request):
    """The filtered list as a workbook; leaves a trail, for it names people."""
    _, _, found = _listed(request.user, request.POST)
    table = lists.exported(request.user, found[:MOST_EXPORTED])
    facts = {"unit": home_unit(request.user), "after": {"rows": len(table)}}
    audit.record("objection.exported", request.user, actor=request.user, **facts)
    return workbook_response(workbook("异议", lists.HEADERS, table), f"异议 {timezone.localdate()}")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, serial):
    bulletin, lines = board_to_object(request.user, serial)
    line = line_named(lines, request.GET.get("row"))
    if line is None:
        raise Http404
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ObjectionForm(*data, line=line, initial={"cell": request.GET.get("cell")})
    if form.is_valid() and carried_out(form, _file, bulletin, form, request.user):
        messages.success(request, "异议已提出，办到哪一步都在这一页看得到。")
        return redirect("bulletins:objection", bulletin.objections.filter(filed_by=request.user).latest("pk").pk)
    return render(request, "bulletins/objection_form.html", _form_context(request.user, bulletin, lines, line, form))


def _form_context(user, bulletin, lines, line, form):
    return {
        "bulletin": bulletin,
        "lines": lines,
        "line": line,
        "form": form,
        "refusal": objections.refusal_of(bulletin),
        "policy": policy_for(bulletin.unit),
        "others": lists.on_board(user, bulletin),
    }


def _file(bulletin, form, actor):
    """The objection with its photos, or neither."""
    said = form.cleaned_data
    with storing_photos(team=bulletin.team or _own_team(actor), actor=actor) as store:
        photos = [store(upload) for upload in said["photos"]]
        words = {"wanted": said["wanted"], "reason": said["reason"]}
        objections.file(bulletin, form.chosen, **words, evidence=photos, actor=actor)


def _own_team(user):
    return access_of(user).teams("team.view").filter(pk__in=access_of(user).team_roles).first()


@require_safe
def detail(request, objection_id):
    return _page(request, objection_for(request.user, objection_id))


def _page(request, found, **forms):
    """The page of an objection with a form for each step that the person can take; `forms` were refused."""
    user, steps = request.user, open_steps(request.user, found)
    for step in forms.keys() - steps:
        messages.error(request, first_errors(forms[step]))
    fresh = {step: make() for step, make in FORMS.items() if step in steps}
    context = {"objection": found, "steps": steps, **_story(user, found), **fresh, **forms}
    return render(request, "bulletins/objection_detail.html", context)


FORMS = {"refuse": RefuseForm, "answer": AnswerForm, "correct": CorrectionForm}


def _story(user, found):
    """What happened so far, and who is to answer, for whoever may open the page."""
    (row,) = with_deadlines([found])
    filer, supporters = lists.names_of(user, found)
    desks = desks_of([found])[found.pk]
    return {
        "left": left_text(row),
        "filer": filer,
        "supporters": supporters,
        "count": found.supports.count(),
        "photos": found.evidence.order_by("pk"),
        "history": lists.history_of(user, found),
        "desk": desks[0].unit if desks else None,
        "involved": access_of(user).on_unit("objection.decide", found.bulletin.unit_id) and is_involved(user, found),
        "ways": ways_for(user, found),
        "sources": sources_of(user, found),
        "correction_address": correction_address(user, found),
        "worths": worths_for(user, found),
    }


STEPS = {
    "support": (objections.support, "已附议。"),
    "withdraw": (objections.withdraw, "异议已撤回。"),
    "accept": (objections.accept, "已受理，请按期答复。"),
}


@require_POST
def step(request, objection_id, verb):
    if verb not in STEPS:
        raise Http404
    service, done = STEPS[verb]
    found = objection_to(request.user, objection_id, verb)
    return carry_out(request, done, ("bulletins:objection", [found.pk]), service, found)


def _decide(request, objection_id, name, service, done):
    """Carry out a step that comes with a form of its own; `service` is called with the cleaned fields by name."""
    found = objection_to(request.user, objection_id, name)
    form = FORMS[name](request.POST)
    if form.is_valid() and carried_out(form, service, found, actor=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect("bulletins:objection", found.pk)
    return _page(request, objection_for(request.user, objection_id), **{name: form})


@require_POST
def refuse(request, objection_id):
    return _decide(request, objection_id, "refuse", objections.refuse, "没有受理，提出人看得到原因。")


@require_POST
def answer(request, objection_id):
    return _decide(request, objection_id, "answer", _answer, "已答复，提出人和附议的人看得到。")


def _answer(objection, *, verdict, answer, actor):
    service = {"kept": objections.keep, "upheld": objections.uphold}[verdict]
    service(objection, answer, actor=actor)


@require_POST
def correct(request, objection_id):
    return _decide(request, objection_id, "correct", objections.link_correction, "更正已登记，更正说明已贴在榜上。")

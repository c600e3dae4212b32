"""Applications: the list, beginning one, writing it with its proofs, its page with history and print view."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.applications import (
    ApplicationFilterForm,
    ApplicationForm,
    FilesForm,
    OpinionForm,
    PickForm,
    ProofsForm,
    StartForm,
    WithdrawForm,
)
from assessments.honours import application_lists as lists
from assessments.honours import application_proofs as proofs
from assessments.honours import application_starts as starts
from assessments.honours.application_access import application_for, application_to, hats, own
from assessments.honours.application_ends import over, shut
from assessments.honours.application_lacks import slots_of
from assessments.honours.application_queue import desks_of
from assessments.honours.pages import pages_for
from assessments.honours.review_lists import feedback
from assessments.honours.told_states import told_steps
from assessments.honours.transitions import FILER, RECOMMENDER, TRANSITIONS, allowed
from assessments.models import Application, Proof
from assessments.services import applications
from assessments.services.recommendations import turn_down
from teams.actions import carried_out, carry_out, first_errors, turned_back
from teams.files import storing_files
from teams.selectors import page_of

State = Application.State


@require_safe
def application_list(request):
    form = ApplicationFilterForm(request.GET, auto_id=False)
    rows = lists.listed(request.user, **form.cleaned_data) if form.is_valid() else Application.objects.none()
    context = {
        "page": page_of(rows, request),
        "form": form,
        "errors": first_errors(form),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
        "desks": [(desk, len(found), lists.address_of_desk(desk)) for desk, found in desks_of(request.user).items()],
        "open_rounds": _open_rounds(request.user),
        "pages": pages_for(request.user, "assessments:applications"),
    }
    return render(request, "assessments/application_list.html", context)


def _open_rounds(user):
    """(round, for how many the person may still apply) of rounds in which there is somebody."""
    counted = ((row, len(starts.applicants_for(user, row))) for row in starts.open_rounds(user))
    return [(row, count) for row, count in counted if count]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request, round_id):
    """For whom somebody applies; one choice is made by itself."""
    opened = get_object_or_404(starts.open_rounds(request.user), pk=round_id)
    applicants = starts.applicants_for(request.user, opened)
    if not applicants:
        return _begun_before(request.user, opened)
    form = StartForm(request.POST or None, applicants=applicants, initial={"applicant": _only(applicants)})
    if form.is_valid() and carried_out(form, _begin, opened, form, request):
        messages.success(request, "已建立申报，一条一条写，写的内容自动保存。")
        return redirect("assessments:application-edit", form.begun.pk)
    demands = [text for text, _ in starts.demands_of(opened)] if opened.frozen["subject"] == "person" else []
    context = {"round": opened, "form": form, "applicants": applicants, "demands": demands}
    return render(request, "assessments/application_start.html", context)


def _begun_before(user, opened):
    """To the application that is there already; 403 for who has nothing to apply for."""
    there = opened.applications.filter(own(user)).first()
    if there is None:
        raise PermissionDenied
    return redirect("assessments:application", there.pk)


def _only(applicants):
    return applicants[0].key if len(applicants) == 1 else None


def _begin(opened, form, request):
    form.begun = applications.start(opened, form.chosen, actor=request.user)


@require_safe
def detail(request, application_id):
    application = application_for(request.user, application_id)
    moves = _moves(request.user, application)
    context = lists.told(application) | {
        "application": application,
        "over": over(application),
        "question": _question(application),
        "frozen": application.round.frozen,
        "steps": told_steps(application),
        "moves": moves,
        "desk": lists.desk_of(application) if "return" in moves else None,
        "feedback": feedback(application),
    }
    return render(request, "assessments/application.html", context)


def _moves(user, application):
    """Actions of the table that the person can take now as a filer or as who gives the opinion."""
    worn = hats(user, application) & {FILER, RECOMMENDER}
    state, late = (application.state, application.round.state), {"submit"} if over(application) else set()
    return [action for action in TRANSITIONS if allowed(action, *state, worn) and action not in late]


def _question(application):
    """The step with which an application was returned and that waits for a reply; None for others."""
    is_asked = application.state == State.RETURNED and not over(application)
    return application.steps.select_related("unit").filter(action="return").last() if is_asked else None


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, application_id):
    """The form and its proofs in one matrix; what is typed is kept by itself, and handed in when nothing lacks."""
    application = application_to(request.user, application_id, "submit")
    if (said := shut(application)) and not request.htmx:
        return _to_its_page(request, application, said)
    form = ApplicationForm(request.POST or None, application=application)
    if form.is_valid() and _kept(request, form, application) and not request.htmx:
        return redirect(_after(request), application.pk)
    return render(request, "assessments/application_edit.html", _page(form, application))


def _to_its_page(request, application, said):
    """There it stands itself what has become of what its round did not wait for."""
    if not over(application):
        messages.error(request, said)
    return redirect("assessments:application", application.pk)


def _kept(request, form, application):
    """Save, or submit when that button was pressed."""
    data, draft = form.cleaned_data, form.draft()
    if request.POST.get("do") != "submit":
        done = carried_out(form, applications.save, application, draft, data["seen"], actor=request.user)
        if done and not request.htmx:
            messages.success(request, "已保存。")
        return done
    done = carried_out(form, applications.submit, application, draft, data["seen"], actor=request.user)
    if done:
        messages.success(request, f"{application.number} 已提交，等推荐单位的意见。")
    return done


def _after(request):
    return "assessments:application" if request.POST.get("do") == "submit" else "assessments:application-edit"


def _page(form, application):
    """What the page of a draft shows; lacks are those of what was typed, as far as it is valid."""
    draft = form.draft() if form.is_bound and form.is_valid() else applications.draft_of(application)
    missing, scored = lists.lacks_of(application, draft)
    return {
        "application": application,
        "form": form,
        "rows": lists.matrix(application, form),
        "lacks": missing,
        "scored": scored,
        "seen": application.saved_at.isoformat() if form.is_valid() else form["seen"].value(),
        "question": _question(application),
    }


def _slot(application, place):
    slots = slots_of(application.round.frozen)
    if place >= len(slots):
        raise Http404
    return slots[place]


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request, application_id, place):
    """What stands for one criterion, and what exists that could: tick it and add it."""
    application = application_to(request.user, application_id, "submit")
    slot = _slot(application, place)
    if slot.is_material:
        return _proofs_page(request, application, slot)
    filters = ProofsForm(request.GET, kinds=proofs.kinds_for(application, slot.row))
    kind, narrowed = filters.asked
    rows = proofs.candidates(request.user, application, slot.row, kind)
    form = PickForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid() and carried_out(form, _pick, request, application, slot, kind, form.cleaned_data["rows"]):
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    page = page_of(proofs.SOURCES[kind].narrowed(rows, **narrowed), request)
    context = {"filters": filters, "kind": kind, "pick": form, "page": page, "found": proofs.shown(kind, page)}
    return _proofs_page(request, application, slot, **context)


def _pick(request, application, slot, kind, rows):
    code, wanted = slot.row["code"], proofs.shown(kind, rows)
    if kind == Proof.Kind.FILE:
        names = {file.pk: label for file, label, _ in wanted}
        applications.add_files(application, code, list(rows), names=names, actor=request.user)
        count = len(wanted)
    else:
        told = [(row.pk, label, day) for row, label, day in wanted]
        count = applications.add_proofs(application, code, kind, told, actor=request.user)
    messages.success(request, f"已加上 {count} 条依据。")


def _proofs_page(request, application, slot, **context):
    stored = [proof for proof in lists.proofs_of(application) if proof.code == slot.row["code"]]
    facts = {"application": application, "slot": slot, "proofs": stored}
    return render(request, "assessments/application_proofs.html", facts | context)


@require_POST
def upload(request, application_id, place):
    application = application_to(request.user, application_id, "submit")
    slot, form = _slot(application, place), FilesForm(request.POST, request.FILES)
    if form.is_valid() and carried_out(form, _store, request, application, slot, form.cleaned_data):
        messages.success(request, "已上传。")
        return redirect("assessments:application-prove", application.pk, place)
    return turned_back(request, form, ("assessments:application-prove", [application.pk, place]))


def _store(request, application, slot, data):
    with storing_files(team=None, actor=request.user) as store:
        files = [store(upload) for upload in data["files"]]
        applications.add_files(application, slot.row["code"], files, data["note"], actor=request.user)


@require_POST
def unprove(request, application_id, proof_id):
    application = application_to(request.user, application_id, "submit")
    proof = get_object_or_404(application.proofs, pk=proof_id)
    places = [slot.place for slot in slots_of(application.round.frozen) if slot.row["code"] == proof.code]
    back = ("assessments:application-prove", [application.pk, *places])
    return carry_out(request, "已去掉，记录本身还在。", back, applications.remove_proof, proof)


@require_POST
def withdraw(request, application_id):
    application, form = application_to(request.user, application_id, "withdraw"), WithdrawForm(request.POST)
    return _with_reason(request, application, form, "已撤回。", applications.withdraw, application)


@require_POST
def turn(request, application_id, action):
    """Return an application with a question, or refuse it."""
    if action not in ("return", "refuse"):
        raise Http404
    application, form = application_to(request.user, application_id, action), OpinionForm(request.POST)
    done = {"return": "已退回，等申报人答复。", "refuse": "已写明不予推荐。"}[action]
    return _with_reason(request, application, form, done, turn_down, application, action)


def _with_reason(request, application, form, done, service, *args):
    back = ("assessments:application", [application.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, done, back, service, *args, form.cleaned_data["reason"])

"""The library of knowledge: finding, one version, writing, reviewing, versions side by side."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.knowledge import KnowledgeForm, LibraryForm, PairForm, first_values
from activities.knowledge import library
from activities.knowledge.access import (
    OPEN,
    may,
    places_of,
    reviewed_by,
    reviewers_of,
    version_for,
    visible_to,
    written_by,
)
from activities.knowledge.comparing import compared
from activities.models import KnowledgeVersion
from activities.services import knowledge
from teams import audit
from teams.access import home_unit, require
from teams.actions import carry_out, carry_out_with_reason, first_errors
from teams.downloads import workbook, workbook_response
from teams.errors import TeamError
from teams.files import storing_files
from teams.once import once
from teams.selectors import page_of

MOST_EXPORTED = 20_000
"""Versions in one workbook; more are exported unit by unit."""


@require_safe
@once()
def knowledge_list(request):
    form = LibraryForm(request.GET, user=request.user)
    valid = form.is_valid()
    rows = library.listed(request.user, **form.cleaned_data) if valid else KnowledgeVersion.objects.none()
    page = page_of(rows, request)
    context = {"form": form, "errors": first_errors(form), "page": page, "waiting": library.waiting_for(request.user)}
    context |= {"rows": library.with_hits(page.object_list, form.cleaned_data.get("q", "")), "asked": form.asked}
    context |= {"tags": library.tag_counts(request.user), "may_write": any(places_of(request.user))}
    return render(request, "activities/knowledge_list.html", context)


@require_POST
def knowledge_export(request):
    """The filtered shelf as a workbook; leaves a trail, for it names people."""
    form = LibraryForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, first_errors(form))
        return redirect("activities:knowledge")
    table = list(library.exported(library.listed(request.user, **form.cleaned_data)[:MOST_EXPORTED]))
    facts = {"unit": home_unit(request.user), "after": {"rows": len(table)}}
    audit.record("knowledge.exported", request.user, actor=request.user, **facts)
    return workbook_response(workbook("知识库", library.HEADERS, table), f"知识库 {timezone.localdate()}")


@require_safe
@once()
def knowledge_version(request, version_id):
    version = version_for(request.user, version_id)
    context = library.story_of(request.user, version)
    if version.state == KnowledgeVersion.State.REVIEW:
        context["reviewers"] = reviewers_of(version)
    return render(request, "activities/knowledge_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def knowledge_new(request):
    require(request.user, "knowledge.write")
    unit, team = _place(request)
    first = {"kind": request.GET.get("kind"), "origin": request.GET.get("origin")}
    form = _form(request, first, unit=unit, team=team)
    if form.is_valid():
        facts = {"unit": unit, "team": team, "kind": form.cleaned_data["kind"], "origin": form.cleaned_data["origin"]}
        version = _stored(form, request, knowledge.draft, **facts)
        if version:
            return _written(request, version, "草稿已存好。写好了就点“提交审核”。")
    context = {"form": form, "unit": unit, "team": team, "places": _places(request.user)}
    return render(request, "activities/knowledge_form.html", context)


def _form(request, first, **options):
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return KnowledgeForm(data, files, initial=first, user=request.user, **options)


def _places(user):
    """{word: (unit, team or None, label)} of the places for which the person may write."""
    teams, units = places_of(user)
    found = {f"team-{team.pk}": (team.unit, team, f"{team.unit} · {team}") for team in teams}
    return found | {f"unit-{unit.pk}": (unit, None, unit.name) for unit in units}


def _place(request):
    places = _places(request.user)
    if not places:
        raise PermissionDenied
    asked = request.POST.get("for") or request.GET.get("for") or next(iter(places))
    if asked not in places:
        raise Http404
    return places[asked][:2]


def _stored(form, request, service, *args, **kwargs):
    """Store the files and call a service with the form's content; what it returns, or None when it refused."""
    try:
        with storing_files(team=None, actor=request.user) as store:
            content = form.content([store(upload) for upload in form.cleaned_data["files"]])
            return service(*args, content, actor=request.user, **kwargs)
    except TeamError as error:
        form.add_error(None, str(error))
        return None


def _written(request, version, done):
    if "submit" in request.POST:
        return carry_out(request, "已提交审核。", back_to(version), knowledge.submit, version)
    messages.success(request, done)
    return redirect("activities:knowledge-version", version.pk)


def back_to(version):
    """The page of a version, as the deeds of teams.actions go back to it."""
    return "activities:knowledge-version", [version.pk]


@require_http_methods(["GET", "HEAD", "POST"])
def knowledge_edit(request, version_id):
    version = written_by(request.user, version_id)
    if version.state not in OPEN:
        messages.error(request, "这一版已经提交或发布，不能再改。要改，先收回或另起一版。")
        return redirect("activities:knowledge-version", version.pk)
    unit, team = version.item.unit, version.item.team
    form = _form(request, first_values(version), unit=unit, team=team, version=version)
    if form.is_valid() and _stored(form, request, knowledge.edit, version):
        return _written(request, version, "已保存。")
    context = {"form": form, "version": version, "unit": unit, "team": team}
    return render(request, "activities/knowledge_form.html", context)


@require_POST
def knowledge_submit(request, version_id):
    version = written_by(request.user, version_id)
    return carry_out(request, "已提交审核。", back_to(version), knowledge.submit, version)


@require_POST
def knowledge_take_back(request, version_id):
    version = written_by(request.user, version_id)
    return carry_out(request, "已收回，可以接着改。", back_to(version), knowledge.take_back, version)


@require_POST
def knowledge_discard(request, version_id):
    version = written_by(request.user, version_id)
    back = ("activities:knowledge", [])
    return carry_out(request, "草稿已扔掉。", back, knowledge.discard, version)


@require_POST
def knowledge_return(request, version_id):
    version = reviewed_by(request.user, version_id)
    done = f"已退回，{version.written_by}会在“今日”看到原因。"
    return carry_out_with_reason(request, done, back_to(version), knowledge.send_back, version)


@require_POST
def knowledge_publish(request, version_id):
    version = reviewed_by(request.user, version_id)
    return carry_out(request, "已发布，全厂都看得到。", back_to(version), knowledge.publish, version)


@require_POST
def knowledge_revise(request, version_id):
    """Begin the next version of the item and go on writing it."""
    version = version_for(request.user, version_id)
    if not may(request.user, "knowledge.write", version.item):
        raise PermissionDenied
    try:
        further = knowledge.revise(version.item, actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("activities:knowledge-version", version.pk)
    return redirect("activities:knowledge-edit", further.pk)


@require_POST
def knowledge_retire(request, version_id):
    version = reviewed_by(request.user, version_id)
    done = "已停用。以前的版本还查得到。"
    return carry_out_with_reason(request, done, back_to(version), knowledge.retire, version.item)


@require_safe
@once()
def knowledge_compare(request, item_id):
    """Two versions of an item side by side; without a choice the two latest that the person may read."""
    versions = visible_to(request.user).filter(item=item_id).order_by("-number")
    if not versions:
        raise Http404
    latest = {"new": versions[0].pk, "old": versions[min(1, len(versions) - 1)].pk}
    form = PairForm(latest | request.GET.dict(), versions=versions)
    context = {"form": form, "errors": first_errors(form), "latest": versions[0], "alone": len(versions) == 1}
    if form.is_valid():
        pair = form.cleaned_data
        context |= {**pair, "parts": compared(pair["old"], pair["new"])}
    return render(request, "activities/knowledge_compare.html", context)


@require_safe
def knowledge_item(request, item_id):
    """What holds of an item now: the address that codes on paper lead to."""
    seen = visible_to(request.user).filter(item=item_id).order_by("-number")
    version = seen.filter(state=KnowledgeVersion.State.PUBLISHED).first() or seen.first()
    if version is None:
        raise Http404
    return redirect("activities:knowledge-version", version.pk)

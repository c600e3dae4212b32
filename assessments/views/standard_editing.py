"""Work on standards: the editor of a draft, a further version, handing down, comparing, workbooks in and out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.standards import DraftForm, ImportForm, sums_of
from assessments.models import Criterion, Standard, StandardVersion
from assessments.services import standard_editing
from assessments.standards import sheet as standard_sheet
from assessments.standards.access import listed, managed, readable
from assessments.standards.changes import differences, figures_changed
from assessments.standards.content import content_of, fingerprint
from assessments.standards.tree import Tree
from teams.access import unit_for
from teams.actions import carried_out, first_errors
from teams.downloads import workbook_response
from teams.errors import TeamError
from teams.figures import whole_number
from teams.forms import OtherVersionForm


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, version_id):
    """The tree of a draft; every step but saving only arranges what is typed on the page."""
    version = managed(request.user, version_id)
    if version.state != StandardVersion.State.DRAFT:
        messages.error(request, "这一版已经执行，不能再改。要改请另起一版。")
        return redirect("assessments:standard", version.pk)
    step = request.POST.get("do", "")
    form = _arranged(request, version, step)
    if step == "save" and _saved(request, version, form):
        return redirect("assessments:standard", version.pk)
    errors = form.errors() if step == "save" else []
    context = {"version": version, "form": form, "step": step, "errors": errors}
    return render(request, "assessments/standard_edit.html", context)


def _arranged(request, version, step):
    """The form of what was posted, or of what the draft says, after one step."""
    origins = {str(row.pk): row for row in Criterion.objects.filter(pk__in=version.criteria.values("origin"))}
    if request.method != "POST":
        content = content_of(version)
        return DraftForm(Tree.of(content), origins, shown=fingerprint(content))
    tree = Tree.read(request.POST)
    tree.arrange(step, origins)
    return DraftForm(tree, origins, shown=request.POST.get("shown", ""))


def _saved(request, version, form):
    """Save what was typed if it is right, and say what came of it."""
    if form.errors():
        return False
    content, told = form.content(), []

    def save():
        told.extend(standard_editing.save(version, content, form.shown, actor=request.user))

    done = carried_out(form, save)
    if done:
        messages.success(request, f"{'草案已保存' if told else '没有改动'}：{sums_of(content)}")
    return done


@require_POST
def redraft(request, version_id):
    version = managed(request.user, version_id)
    return _to_draft(request, version, standard_editing.redraft, version)


@require_POST
def hand_down(request, version_id):
    version = readable(request.user, version_id)
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "standard.manage")
    return _to_draft(request, version, standard_editing.hand_down, version, unit)


def _to_draft(request, version, service, *args):
    """Make a draft and go on to its editor; a refusal leads back to the version."""
    try:
        draft = service(*args, actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("assessments:standard", version.pk)
    messages.success(request, f"{draft.standard.unit}的“{draft}”已起草，改好后保存，再选月份执行。")
    return redirect("assessments:standard-edit", draft.pk)


@require_safe
def compare(request, version_id):
    """What this version says differently from another one of the same standard, or of the one it was copied from."""
    version = readable(request.user, version_id)
    others = _comparable(request.user, version)
    form = OtherVersionForm(request.GET or {"other": _usual(version, others)}, versions=others)
    other = form.cleaned_data["other"] if others and form.is_valid() else None
    context = {"version": version, "others": others, "form": form, "other": other}
    compared = _compared(other, version) if other else {}
    return render(request, "assessments/standard_compare.html", context | compared)


def _usual(version, others):
    """The version that this one was copied from, else the latest other one that holds or held, else any other."""
    copied = version.criteria.filter(origin__version__in=others).values_list("origin__version", flat=True)
    numbers = others.values_list("pk", flat=True)
    return copied.first() or numbers.exclude(state=StandardVersion.State.DRAFT).first() or numbers.first()


def _comparable(user, version):
    origins = Criterion.objects.filter(pk__in=version.criteria.values("origin"))
    standards_here = [version.standard_id, *origins.values_list("version__standard", flat=True).distinct()]
    found = listed(user).filter(standard__in=standards_here)
    return found.exclude(pk=version.pk).select_related("standard__unit")


def _compared(old, new):
    before, after = content_of(old), content_of(new)
    codes = dict(old.criteria.values_list("pk", "code"))
    origins = dict(new.criteria.filter(origin__in=codes).values_list("code", "origin"))
    return {
        "changes": differences(before, after, {code: codes[origin] for code, origin in origins.items()}),
        "figures": figures_changed(before, after),
        "sums": (sums_of(before), sums_of(after)),
    }


@require_safe
def export(request, version_id):
    version = readable(request.user, version_id)
    content = standard_sheet.workbook_with(version.standard.name, content_of(version))
    return workbook_response(content, f"{version.standard.unit}{version}")


@require_POST
def import_standard(request):
    """A workbook becomes a draft as a whole, or every row that is wrong is named."""
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "standard.manage")
    form = ImportForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise TeamError(first_errors(form))
        version = _imported(unit, form.cleaned_data, request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("assessments:standards")
    messages.success(request, f"已读入“{version}”的草案：{sums_of(content_of(version))}核对后选月份执行。")
    return redirect("assessments:standard", version.pk)


def _imported(unit, facts, actor):
    written, content = standard_sheet.read_standard(facts["file"])
    name, limit = facts["name"] or written, Standard._meta.get_field("name").max_length
    if not name or len(name) > limit:
        raise TeamError(f"请写明标准名称，最多 {limit} 个字。")
    return standard_editing.take_in(unit, name, content, actor=actor, source=facts["file"].name[-100:])

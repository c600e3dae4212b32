"""Studios for everybody: the gallery, the board of the seven lamps, the figures of a year, and one studio's page."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.forms import studios as forms
from assessments.honours import studio_access as reach
from assessments.honours import studio_figures, studio_lamps, studio_lists, studio_moves, title_access
from assessments.models import Studio
from teams import audit
from teams.access import access_of, home_unit
from teams.actions import first_errors
from teams.downloads import Sheet, workbook_of, workbook_response
from teams.once import once
from teams.selectors import page_of


def _listed(request):
    """(studios that the filters let through, the filter form); none when a filter makes no sense."""
    form = forms.StudioFilterForm(request.GET)
    return studio_lists.listed(**form.cleaned_data) if form.is_valid() else Studio.objects.none(), form


def _shell(request, rows, form):
    return {
        "page": page_of(rows, request),
        "form": form,
        "errors": first_errors(form),
        "units": access_of(request.user).units("studio.keep"),
    }


@require_safe
def gallery(request):
    rows, form = _listed(request)
    return render(request, "assessments/studio_gallery.html", _shell(request, rows, form))


@require_safe
def board(request):
    """Which of the seven each studio has; those that lack most stand first on their page."""
    rows, form = _listed(request)
    context = _shell(request, rows.exclude(state=Studio.State.REVOKED), form)
    context["rows"] = studio_lists.boarded(context["page"].object_list, timezone.localdate())
    return render(request, "assessments/studio_board.html", context)


@require_safe
def figures(request):
    form = forms.StudioYearForm(request.GET)
    rows, total = studio_figures.year_of(form.chosen)
    context = {"form": form, "year": form.chosen, "rows": rows, "total": total, "errors": first_errors(form)}
    return render(request, "assessments/studio_figures.html", context)


@require_POST
def figures_export(request):
    chosen = forms.StudioYearForm(request.POST).chosen
    rows, total = studio_figures.year_of(chosen)
    audit.record(
        "studio.counted", request.user, actor=request.user, unit=home_unit(request.user), after={"year": chosen}
    )
    sheet = Sheet(f"{chosen}年", studio_figures.HEADERS, list(studio_figures.exported([*rows, total])))
    return workbook_response(workbook_of(sheet), f"{chosen}年创新工作室统计")


@require_safe
def detail(request, studio_id):
    studio = reach.studio_for(request.user, studio_id)
    with once():
        return render(request, "assessments/studio.html", _told(request.user, studio) | _deeds(request.user, studio))


def _told(user, studio):
    today = timezone.localdate()
    return {
        "studio": studio,
        "lamps": studio_lamps.seven(studio_lists.facts_about(studio, today), today),
        "members": studio.members.select_related("user"),
        "rules": studio_lists.rules_of(studio),
        "log": studio_lists.log_seen(user, studio)[:20],
        "results": studio.results.all(),
        "titles": title_access.visible_to(user).filter(studio=studio),
        "steps": studio.steps.select_related("actor").order_by("-id"),
        "inside": reach.sees_inside(user, studio),
    }


def _deeds(user, studio):
    """What the person may do with the studio now, with the forms for it."""
    alive = studio.state != Studio.State.REVOKED
    moves = studio_moves.open_to(studio.state, studio_moves.RUNNER) if reach.runs(user, studio) else []
    context = {"keeps": alive and reach.keeps(user, studio), "is_leaderless": studio_lists.leaderless([studio])}
    context["moves"] = [(name, studio_moves.MOVES[name]) for name in moves if name in studio_moves.WITH_REASON]
    if context["keeps"]:
        context["member_form"] = forms.MemberForm(studio=studio, initial={"joined_on": timezone.localdate()})
    if moves:
        context["decides"] = True
        context["rectify_form"] = forms.RectifyForm() if "rectify" in moves else None
        context["rename_form"] = forms.RenameForm(studio=studio)
    return context

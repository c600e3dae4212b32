"""Hours of learning, lecturers, how a person grows, and the backbone of the teams one looks after."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from activities.forms.learning import GrowthForm, HoursForm, LecturerForm
from activities.learning import growth, hours, reach, visions
from teams import audit
from teams.access import access_of, home_unit, require
from teams.actions import first_errors
from teams.downloads import workbook, workbook_response
from teams.models import Team, User
from teams.selectors import page_of, with_words


@require_safe
def overview(request):
    """Hours of the year: the own ones, and those of the teams in sight by person or by team."""
    form = HoursForm(request.GET, teams=access_of(request.user).teams("team.view"))
    said = form.cleaned_data if form.is_valid() else {"year": timezone.localdate().year}
    by_team, rows = said.get("by") == "teams", _listed(request.user, said)
    page = page_of(rows, request)
    page.rows = (hours.by_team if by_team else hours.by_person)(page.object_list, said["year"])
    context = {"form": form, "errors": first_errors(form), "page": page, "by_team": by_team, "year": said["year"]}
    context |= {"own": hours.own(request.user, said["year"]), "labels": hours.NAMES.values()}
    context |= {"leads": access_of(request.user).has("mentorship.manage")}
    return render(request, "activities/learning_hours.html", context)


def _listed(user, said):
    """Teams, or memberships of them, that the filters leave."""
    teams = access_of(user).teams("team.view")
    teams = teams.filter(pk=said["team"].pk) if said.get("team") else teams
    words = said.get("q", "")
    if said.get("by") == "teams":
        rows = with_words(
            Team.objects.filter(pk__in=teams.values("pk")), words, "name__icontains", "unit__name__icontains"
        )
        return rows.select_related("unit")
    return with_words(reach.present(teams), words, "user__name__icontains", "user__employee_no")


@require_POST
def export(request):
    require(request.user, "team.view")
    form = HoursForm(request.GET, teams=access_of(request.user).teams("team.view"))
    said = form.cleaned_data if form.is_valid() else {"year": timezone.localdate().year}
    rows = _listed(request.user, said)
    if said.get("by") == "teams":
        headers = [*hours.headers(["单位", "班组", "人数"]), "人均（学时）"]
        lines = hours.exported_teams(hours.by_team(rows, said["year"]))
    else:
        headers, lines = (
            hours.headers(["工号", "姓名", "班组"]),
            hours.exported_people(hours.by_person(rows, said["year"])),
        )
    return _sent(request, f"{said['year']}年学时", headers, lines, "learning.exported", hours.TOTALS)


def _sent(request, name, headers, rows, verb, totals=()):
    """The workbook with the sums of the columns `totals`, noted in the trail."""
    unit = home_unit(request.user)
    audit.record(verb, request.user, actor=request.user, unit=unit, after={"rows": len(rows), "what": name})
    return workbook_response(workbook(name, headers, rows, totals), name)


@require_safe
def lecturers(request):
    form = LecturerForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {"year": timezone.localdate().year}
    page = page_of(hours.lecturers(request.user, **said), request)
    context = {"form": form, "errors": first_errors(form), "page": page, "year": said["year"]}
    return render(request, "activities/learning_lecturers.html", context | {"labels": hours.TAUGHT.values()})


@require_POST
def lecturers_export(request):
    require(request.user, "team.view")
    form = LecturerForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {"year": timezone.localdate().year}
    rows = hours.exported_lecturers(hours.lecturers(request.user, **said))
    return _sent(request, f"{said['year']}年讲师", hours.LECTURER_HEADERS, rows, "lecturer.exported", hours.TIMES)


@require_safe
def people(request):
    """The backbone: people of the teams one looks after, with what they have reached, and figures of the training."""
    require(request.user, "mentorship.manage")
    form, said, teams = _growth_filters(request)
    page = page_of(growth.listed(teams, **said), request)
    page.lines = growth.lines(page.object_list, said["year"])
    context = {"form": form, "errors": first_errors(form), "page": page, "year": said["year"]}
    return render(
        request, "activities/learning_people.html", context | {"figures": growth.figures(teams, said["year"])}
    )


def _growth_filters(request):
    """(form, what it asks for, teams that are left)."""
    teams = growth.teams_to_see(request.user)
    form = GrowthForm(request.GET, teams=teams)
    said = dict(form.cleaned_data) if form.is_valid() else {"year": timezone.localdate().year}
    team = said.pop("team", None)
    return form, said, teams.filter(pk=team.pk) if team else teams


@require_POST
def people_export(request):
    require(request.user, "mentorship.manage")
    _form, said, teams = _growth_filters(request)
    rows = growth.exported(growth.lines(growth.listed(teams, **said), said["year"]))
    return _sent(request, f"{said['year']}年骨干名单", growth.HEADERS, rows, "growth.exported", growth.TOTALS)


@require_safe
def own_growth(request):
    return _growth(request, request.user)


@require_safe
def person(request, person_id):
    found = get_object_or_404(User, pk=person_id)
    if not growth.may_see(request.user, found):
        raise Http404
    return _growth(request, found)


def _growth(request, found):
    year = timezone.localdate().year
    vision = visions.own(found)
    shown = vision and visions.vision_for(request.user, vision.pk)
    context = {"person": found, "year": year, "vision": shown, "is_own": found == request.user}
    context |= {"leads": access_of(request.user).has("mentorship.manage")}
    return render(request, "activities/learning_growth.html", context | growth.person_page(found, year))

"""The pages of one team: how it presents itself, who came and went, its members' skill levels."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import audit, careers, selectors
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out, turned_back
from teams.downloads import workbook, workbook_response
from teams.forms.organization import PresentForm, TeamPhotoForm
from teams.forms.papers import SkillsForm
from teams.models import Team
from teams.services import papers, units


@require_http_methods(["GET", "HEAD", "POST"])
def present(request, team_id):
    """Slogan and vision, and the place to hand in a photo."""
    team = team_for(request.user, team_id, "team.present")
    form = PresentForm(request.POST or None, instance=Team.objects.get(pk=team.pk))
    valid = request.method == "POST" and form.is_valid()
    if valid and carried_out(form, units.change_team, team, actor=request.user, **form.cleaned_data):
        messages.success(request, "已保存。")
        return redirect("teams:team", team.pk)
    return render(request, "teams/team_present.html", {"team": team, "form": form})


@require_POST
def photo(request, team_id):
    team = team_for(request.user, team_id, "team.present")
    form = TeamPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return turned_back(request, form, ("teams:team-present", [team.pk]))
    done = "合影已换上，原来那张留作附件。" if team.photo_id else "合影已放上。"
    return carry_out(request, done, ("teams:team", [team.pk]), units.set_photo, team, form.cleaned_data["photo"])


@require_http_methods(["GET", "HEAD", "POST"])
def skills(request, team_id):
    team = team_for(request.user, team_id, "certificate.keep")
    form = SkillsForm(request.POST if request.method == "POST" else None, members=selectors.members_of(team))
    valid = request.method == "POST" and form.is_valid()
    if valid and carried_out(form, papers.set_skill_levels, team, form.cleaned_data["changes"], actor=request.user):
        messages.success(request, "技能等级已保存。")
        return redirect("teams:team", team.pk)
    return render(request, "teams/skills.html", {"team": team, "form": form})


@require_safe
def history(request, team_id):
    """Who joined, left, changed duty or coefficient; newest first, all years or one."""
    team = team_for(request.user, team_id, "team.view")
    steps = _steps(request, team)
    years = list(dict.fromkeys(step.date.year for step in steps))
    chosen = request.GET.get("year", "")
    page = selectors.page_of([step for step in steps if chosen in ("", str(step.date.year))], request)
    return render(request, "teams/history.html", {"team": team, "page": page, "years": years, "chosen": chosen})


@require_POST
def history_export(request, team_id):
    """The whole history that the person may read as a workbook; leaves a trail, for it holds people's careers."""
    team = team_for(request.user, team_id, "team.view")
    rows = [
        [step.date, step.user.name, step.user.employee_no, step.what, step.detail] for step in _steps(request, team)
    ]
    audit.record("history.exported", team, actor=request.user, unit=team.unit, after={"rows": len(rows)})
    headers = ["日期", "姓名", "工号", "变动", "说明"]
    return workbook_response(workbook("成员变动", headers, rows), f"{team}成员变动 {timezone.localdate()}")


def _steps(request, team):
    return careers.steps_of(team, with_coefficients=access_of(request.user).on_team("coefficient.view", team))

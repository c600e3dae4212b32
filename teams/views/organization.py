"""Keeping the unit tree and the teams (system administrator)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import selectors
from teams.access import access_of, require, subtree_ids, team_for, unit_for
from teams.actions import carried_out, carry_out
from teams.forms.organization import TeamForm, UnitForm
from teams.models import Team
from teams.services import units


@require_safe
def unit_tree(request):
    require(request.user, "people.manage")
    reach = access_of(request.user).units("people.manage")
    return render(request, "teams/unit_tree.html", {"rows": selectors.unit_tree(reach)})


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request, unit_id):
    """One unit: its name and place, what is below it."""
    found = unit_for(request.user, unit_id, "people.manage")
    parents = access_of(request.user).units("people.manage").exclude(pk__in=subtree_ids(found))
    fixed = not parents.exists()
    given = {"name": found.name, "parent": found.parent_id}
    form = UnitForm(request.POST or None, parents=parents, fixed=fixed, initial=given)
    if request.method == "POST" and form.is_valid():
        values = {"name": form.cleaned_data["name"], "parent": form.cleaned_data.get("parent", found.parent)}
        return carry_out(request, "已保存。", ("teams:unit", [found.pk]), units.change_unit, found, **values)
    context = {"unit": found, "form": form, "units": found.children.open(), "teams": found.teams.open()}
    return render(request, "teams/unit_detail.html", context | {"add": UnitForm(parents=parents, fixed=True)})


@require_POST
def unit_add(request, unit_id):
    parent = unit_for(request.user, unit_id, "people.manage")
    form = UnitForm(request.POST, parents=parent.children.none(), fixed=True)
    if not form.is_valid():
        messages.error(request, "请填名称，最多 60 个字。")
        return redirect("teams:unit", parent.pk)
    name = form.cleaned_data["name"]
    return carry_out(request, f"已新建{name}。", ("teams:unit", [parent.pk]), units.add_unit, parent, name)


@require_POST
def unit_close(request, unit_id):
    found = unit_for(request.user, unit_id, "people.manage")
    return carry_out(request, f"{found}已撤销，历史仍看得到。", ("teams:units", []), units.close_unit, found)


@require_http_methods(["GET", "HEAD", "POST"])
def team_add(request, unit_id):
    parent = unit_for(request.user, unit_id, "people.manage")
    reach = access_of(request.user).units("people.manage")
    form = TeamForm(request.POST or None, units=reach, initial={"unit": parent})
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        if carried_out(form, units.add_team, wanted.pop("unit"), actor=request.user, **wanted):
            messages.success(request, f"已新建{form.cleaned_data['name']}。")
            return redirect("teams:unit", parent.pk)
    return render(request, "teams/team_form.html", {"form": form, "unit": parent, "team": None})


@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request, team_id):
    team = team_for(request.user, team_id, "people.manage")
    reach = access_of(request.user).units("people.manage")
    form = TeamForm(request.POST or None, units=reach, instance=Team.objects.get(pk=team.pk))
    valid = request.method == "POST" and form.is_valid()
    if valid and carried_out(form, units.change_team, team, actor=request.user, **form.cleaned_data):
        messages.success(request, "已保存。")
        return redirect("teams:team", team.pk)
    return render(request, "teams/team_form.html", {"form": form, "unit": team.unit, "team": team})


@require_POST
def team_disband(request, team_id):
    team = team_for(request.user, team_id, "people.manage")
    back = ("teams:unit", [team.unit_id])
    return carry_out(request, f"{team}已撤销，历史仍看得到。", back, units.disband_team, team)

"""Who in a team answers for which item of its standard."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments import selectors
from assessments.forms.plans import OwnersForm
from assessments.plans import lists as plan_lists
from assessments.services import owners
from teams import periods
from teams.access import access_of, team_for
from teams.actions import carried_out
from teams.selectors import members_of


@require_http_methods(["GET", "HEAD", "POST"])
def team_owners(request, team_id):
    """The items of the standard in force with their owners; ?propose= fills the vacant ones, only what is posted is stored."""
    team = team_for(request.user, team_id, "item.assign" if request.method == "POST" else "team.view")
    version = selectors.version_for(team.unit, periods.current_period())
    form = _form(request, team, version) if version else None
    if form and form.is_valid() and _saved(request, form, team, version):
        return redirect("assessments:owners", team.pk)
    can_assign = access_of(request.user).on_team("item.assign", team)
    context = {"team": team, "version": version, "form": form, "can_assign": can_assign}
    return render(request, "assessments/owner_list.html", context)


def _form(request, team, version):
    form = OwnersForm(
        request.POST if request.method == "POST" else None,
        criteria=list(version.criteria.select_related("category")),
        members=list(members_of(team)),
        owners=plan_lists.owners_of(team, version.standard_id),
        propose="propose" in request.GET and request.method != "POST",
    )
    if form.proposed:
        messages.info(request, f"已替您填好 {len(form.proposed)} 个空缺，还没有保存。核对后点“保存”才算数。")
    return form


def _saved(request, form, team, version):
    changes = form.cleaned_data["changes"]
    if not carried_out(form, owners.assign, team, version.standard, changes, actor=request.user):
        return False
    messages.success(request, f"已保存，改了 {len(changes)} 项。" if changes else "已保存，没有改动。")
    return True

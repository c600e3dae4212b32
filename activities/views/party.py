"""党建 of a unit: the first page, liaisons, Party groups, areas and model posts with their plaque."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms import party as forms
from activities.models import Liaison, PartyGroup, PartyGroupMember, PartyPost
from activities.party import reads
from activities.party.access import branch_for, branch_to_keep, branches_of
from activities.services import party
from teams.access import access_of
from teams.actions import carried_out, carry_out, first_errors, turned_back
from teams.selectors import page_of


@require_safe
def home(request):
    """The own team's liaison and posts, the own promises, and the units whose pages the person reads."""
    context = reads.concerning(request.user) | {"branches": branches_of(request.user)}
    context["year"] = timezone.localdate().year
    return render(request, "activities/party.html", context)


def unit_context(request, unit, page, *args):
    """What every page of a unit shows: tabs, the switch of units, whether the person keeps the pages."""
    links = [
        {"label": other.name, "url": reverse(f"activities:{page}", args=[other.pk, *args]), "active": other == unit}
        for other in branches_of(request.user)
    ]
    keeps = access_of(request.user).on_unit("party.keep", unit.pk)
    year = timezone.localdate().year
    return {"unit": unit, "links": links, "keeps": keeps, "page_name": page, "this_year": year}


@require_http_methods(["GET", "HEAD", "POST"])
def liaisons(request, unit_id):
    """Teams with who is in touch with them and when somebody last came."""
    unit = branch_for(request.user, unit_id) if request.method != "POST" else branch_to_keep(request.user, unit_id)
    form = forms.LiaisonForm(request.POST or None, unit=unit)
    if form.is_valid() and carried_out(form, party.appoint_liaison, **form.cleaned_data, actor=request.user):
        messages.success(request, "已定联系支委。他能看班组的页面，不能改。")
        return redirect("activities:party-liaisons", unit.pk)
    search = forms.TouchFilterForm(request.GET, auto_id=False)
    teams = reads.teams_listed(unit, **search.cleaned_data) if search.is_valid() else reads.teams_below(unit).none()
    page = page_of(teams, request)
    page.object_list = reads.touches(list(page.object_list))
    context = {"form": form, "search": search, "errors": first_errors(search), "page": page}
    context |= {"over": reads.liaisons_over(unit)[:20], "kind": reads.visit_kind(unit)}
    return render(request, "activities/party_liaisons.html", context | unit_context(request, unit, "party-liaisons"))


def _kept(request, rows, pk, unit_of):
    """The row with this id, if the person keeps the pages of its unit."""
    found = get_object_or_404(rows, pk=pk)
    branch_to_keep(request.user, unit_of(found))
    return found


@require_POST
def liaison_end(request, liaison_id):
    rows = Liaison.objects.select_related("team__unit", "user")
    found = _kept(request, rows, liaison_id, lambda row: row.team.unit_id)
    back = ("activities:party-liaisons", [found.team.unit_id])
    return carry_out(request, "联系已结束，走访记录还在。", back, party.end_liaison, found)


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request, unit_id):
    unit = branch_for(request.user, unit_id) if request.method != "POST" else branch_to_keep(request.user, unit_id)
    form = forms.GroupForm(request.POST or None, unit=unit)
    if form.is_valid() and carried_out(form, party.form_group, unit, **form.cleaned_data, actor=request.user):
        messages.success(request, "党小组已成立，点名称编入党员。")
        return redirect("activities:party-groups", unit.pk)
    context = {"form": form, "groups": reads.groups_of(unit), "over": reads.groups_of(unit, ended=True)}
    return render(request, "activities/party_groups.html", context | unit_context(request, unit, "party-groups"))


@require_http_methods(["GET", "HEAD", "POST"])
def group(request, group_id):
    """A group with its members; a POST puts somebody into it."""
    found = get_object_or_404(PartyGroup.objects.select_related("unit", "team", "leader"), pk=group_id)
    unit = branch_for(request.user, found.unit_id)
    if request.method == "POST":
        branch_to_keep(request.user, unit.pk)
    form = forms.JoinForm(request.POST or None)
    if form.is_valid() and _joined(form, found, request.user):
        messages.success(request, f"已编入{found}。")
        return redirect("activities:party-group", found.pk)
    members = found.members.select_related("user").order_by("left_on", "id")
    context = {"group": found, "form": form, "members": members, "leader_form": forms.LeaderForm(group=found)}
    return render(request, "activities/party_group.html", context | unit_context(request, unit, "party-groups"))


def _joined(form, group, actor):
    facts = {name: form.cleaned_data[name] for name in ("speciality", "joined_on")}
    return carried_out(form, party.join_group, group, form.cleaned_data["user"], **facts, actor=actor)


GROUPS = PartyGroup.objects.select_related("unit", "leader")


@require_POST
def group_lead(request, group_id):
    found = _kept(request, GROUPS, group_id, lambda row: row.unit_id)
    form, back = forms.LeaderForm(request.POST, group=found), ("activities:party-group", [found.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, "组长已换。", back, party.lead_group, found, form.cleaned_data["user"])


@require_POST
def group_end(request, group_id):
    found = _kept(request, GROUPS, group_id, lambda row: row.unit_id)
    back = ("activities:party-groups", [found.unit_id])
    return carry_out(request, f"{found}已撤销。", back, party.end_group, found)


@require_POST
def group_leave(request, member_id):
    rows = PartyGroupMember.objects.select_related("group__unit", "user")
    found = _kept(request, rows, member_id, lambda row: row.group.unit_id)
    back = ("activities:party-group", [found.group_id])
    return carry_out(request, f"{found.user}已离开党小组。", back, party.leave_group, found)


@require_http_methods(["GET", "HEAD", "POST"])
def posts(request, unit_id):
    unit = branch_for(request.user, unit_id) if request.method != "POST" else branch_to_keep(request.user, unit_id)
    form = forms.PostForm(request.POST or None, unit=unit)
    if form.is_valid() and _set_up(form, request.user):
        messages.success(request, "已设立，可以打印标牌。")
        return redirect("activities:party-posts", unit.pk)
    search = forms.PostFilterForm(request.GET, unit=unit)
    rows = reads.posts_of(unit, **search.cleaned_data) if search.is_valid() else PartyPost.objects.none()
    context = {"form": form, "search": search, "errors": first_errors(search), "page": page_of(rows, request)}
    return render(request, "activities/party_posts.html", context | unit_context(request, unit, "party-posts"))


def _set_up(form, actor):
    facts = dict(form.cleaned_data)
    return carried_out(form, party.set_up_post, facts.pop("team"), **facts, actor=actor)


@require_POST
def post_end(request, post_id):
    found = _kept(request, PartyPost.objects.select_related("team__unit"), post_id, lambda row: row.team.unit_id)
    form, back = forms.OutcomeForm(request.POST), ("activities:party-posts", [found.team.unit_id])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, "已结束，成效记下了。", back, party.end_post, found, form.cleaned_data["outcome"])


@require_safe
def plaque(request, post_id):
    """The plaque to print: for whoever reads the unit's pages and for the team."""
    found = get_object_or_404(PartyPost.objects.select_related("team__unit", "user"), pk=post_id)
    if found.team_id not in access_of(request.user).team_roles:
        branch_for(request.user, found.team.unit_id)
    return render(request, "activities/party_plaque.html", {"post": found})

"""A studio is founded, described, gets members and rules; what becomes of it is decided by those who run it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms import studios as forms
from assessments.honours import studio_access as reach
from assessments.honours.studio_moves import MOVES, WITH_REASON
from assessments.models import StudioRule
from assessments.services import studios
from teams.access import unit_for
from teams.actions import carried_out, carry_out, carry_out_with_reason, made, turned_back
from teams.files import storing_files
from teams.photos import storing_photos


def _page(studio):
    return "assessments:studio", [studio.pk]


@require_http_methods(["GET", "HEAD", "POST"])
def establish(request, unit_id):
    unit = unit_for(request.user, unit_id, "studio.keep")
    form = forms.FoundForm(request.POST or None, unit=unit, initial={"founded_on": timezone.localdate()})
    if form.is_valid() and (studio := _established(form, unit, request.user)):
        messages.success(request, "工作室已登记，接着把七有补齐。")
        return redirect("assessments:studio", studio.pk)
    return render(request, "assessments/studio_form.html", {"unit": unit, "form": form})


def _established(form, unit, actor):
    facts = dict(form.cleaned_data)
    return made(form, studios.establish, unit, facts.pop("leader"), **facts, actor=actor)


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request, studio_id):
    studio = reach.studio_to_keep(request.user, studio_id)
    first = {name: getattr(studio, name) for name in studios.COLUMNS}
    form = forms.DescribeForm(request.POST or None, request.FILES or None, initial=first)
    if form.is_valid() and carried_out(form, _describe, studio, form, request.user):
        messages.success(request, "已保存。")
        return redirect("assessments:studio", studio.pk)
    return render(request, "assessments/studio_form.html", {"studio": studio, "form": form})


def _describe(studio, form, actor):
    facts = dict(form.cleaned_data)
    upload = facts.pop("plaque")
    with storing_photos(team=None, actor=actor) as store:
        studios.describe(studio, plaque=upload and store(upload), **facts, actor=actor)


@require_POST
def add_member(request, studio_id):
    studio = reach.studio_to_keep(request.user, studio_id)
    form = forms.MemberForm(request.POST, studio=studio)
    if not form.is_valid():
        return turned_back(request, form, _page(studio))
    facts = dict(form.cleaned_data)
    return carry_out(request, "已加入工作室。", _page(studio), studios.add_member, studio, facts.pop("user"), **facts)


@require_POST
def end_membership(request, member_id):
    member = reach.member_to_keep(request.user, member_id)
    form = forms.LeaveForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, _page(member.studio))
    done, left_on = f"{member.user.name}已离开工作室，经历保留。", form.cleaned_data["left_on"]
    return carry_out(request, done, _page(member.studio), studios.end_membership, member, left_on)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, studio_id, kind):
    """One of the seven rules, with those that it replaced; whoever keeps the studio puts a new one in place."""
    if kind not in StudioRule.Kind.values:
        raise Http404
    if request.method == "POST":
        return _set_rule(request, reach.studio_to_keep(request.user, studio_id), kind)
    studio = reach.studio_for(request.user, studio_id)
    form = forms.RuleForm(initial={"set_on": timezone.localdate()}) if _may_set(request.user, studio) else None
    return _rule_page(request, studio, kind, form)


def _may_set(user, studio):
    return studio.ended_on is None and reach.keeps(user, studio)


def _set_rule(request, studio, kind):
    form = forms.RuleForm(request.POST, request.FILES)
    if form.is_valid() and carried_out(form, _store_rule, studio, kind, form, request.user):
        messages.success(request, "制度已更新，原来的留着可查。")
        return redirect("assessments:studio-rule", studio.pk, kind)
    return _rule_page(request, studio, kind, form)


def _store_rule(studio, kind, form, actor):
    facts = dict(form.cleaned_data)
    upload = facts.pop("file")
    with storing_files(team=None, actor=actor) as store:
        studios.set_rule(studio, kind, file=store(upload) if upload else None, **facts, actor=actor)


def _rule_page(request, studio, kind, form):
    rows = studio.rules.filter(kind=kind).select_related("file", "set_by")
    context = {"studio": studio, "rows": rows, "form": form, "label": StudioRule.Kind(kind).label}
    return render(request, "assessments/studio_rule.html", context)


@require_POST
def step(request, studio_id, name):
    """A move that takes one sentence."""
    if name not in WITH_REASON:
        raise Http404
    studio = reach.studio_to_run(request.user, studio_id)
    return carry_out_with_reason(request, MOVES[name].done, _page(studio), getattr(studios, name), studio)


@require_POST
def rectify(request, studio_id):
    studio = reach.studio_to_run(request.user, studio_id)
    form = forms.RectifyForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, _page(studio))
    facts = form.cleaned_data
    return carry_out(
        request, MOVES["rectify"].done, _page(studio), studios.rectify, studio, facts["until"], facts["text"]
    )


@require_POST
def rename(request, studio_id):
    studio = reach.studio_to_run(request.user, studio_id)
    form = forms.RenameForm(request.POST, studio=studio)
    if not form.is_valid():
        return turned_back(request, form, _page(studio))
    facts = dict(form.cleaned_data)
    done, leader = MOVES["rename"].done, facts.pop("leader")
    return carry_out(request, done, _page(studio), studios.rename, studio, leader, **facts)

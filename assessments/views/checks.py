"""Checks: the sheet on the phone, the list of a team's month, one sheet with its findings."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from assessments import selectors, shifts
from assessments.access import sheet_for
from assessments.award_room import words_about
from assessments.errors import AlreadyFiled
from assessments.forms.checks import CheckSheetForm
from assessments.models import Check, Finding
from assessments.phrases import quick_phrases
from assessments.plans import lists as plan_lists
from assessments.services import checks, plans
from bulletins.models import Bulletin
from bulletins.objections.entrances import entrance_to
from teams import periods
from teams.access import access_of, team_for, usual_team
from teams.actions import carry_out_with_reason
from teams.errors import TeamError
from teams.photos import encode_photo, keep_photo, storing_photos
from teams.selectors import members_of
from teams.switches import team_month_switch


@require_safe
def current(request):
    """The check list of the own team, or of the first team in reach, for this month."""
    return redirect("assessments:checks", usual_team(request.user).pk, periods.current_period())


@require_safe
def check_list(request, team_id, period):
    team = team_for(request.user, team_id, "team.view")
    access = access_of(request.user)
    return render(
        request,
        "assessments/check_list.html",
        {
            "team": team,
            "period": period,
            "checks": selectors.checks_of(team, period),
            "plans": _plans(access, team, period),
            "can_analyse": access.on_team("check.analyse", team),
            "can_see_unit": access.on_unit("team.view", team.unit_id),
            "can_check": access.on_team("check.self", team),
            "can_inspect": access.on_team("check.inspect", team),
            "switch": team_month_switch(
                "assessments:checks", team, period, access.teams("team.view", period).select_related("unit")
            ),
        },
    )


def _plans(access, team, period):
    """The checks to come of a team and those it has to make, with what the person may open of them."""
    plans_shown = plan_lists.with_reasons(plan_lists.plans_of(Q(team=team) | Q(by_team=team), period, access))
    today, may_check = timezone.localdate(), access.on_team("check.mutual", team)
    for plan in plans_shown:
        own_sheet = plan.check_made and plan.check_made.checker_id == access.user.pk
        plan.open_sheet = plan.check_made and (own_sheet or access.on_team("team.view", plan.team))
        waits = plan.state == plan.State.PLANNED and plan.due_from <= today <= plan.due_on
        plan.may_file = waits and may_check and plan.by_team_id == team.pk
    return plans_shown


@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request, team_id):
    return sheet_page(request, team_for(request.user, team_id, "check.self"), inspecting=False)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request, team_id):
    team = team_for(request.user, team_id, "check.inspect")
    if access_of(request.user).team_roles.get(team.pk):
        raise PermissionDenied("检查员不能检查自己所在的班组。")
    return sheet_page(request, team, inspecting=True)


def sheet_page(request, team, *, inspecting, plan=None):
    """The sheet and its filing; with a `plan` it is the cross-check that this one asks for."""
    today = timezone.localdate()
    recent = list(selectors.self_checks_since(team, today - shifts.REMEMBERED))
    version = selectors.version_for(team.unit, _month_of_sheet(request, team)) or selectors.version_for(
        team.unit, periods.current_period()
    )
    form = _form(request, team, version, recent, inspecting=inspecting, plan=plan)
    filed = [] if inspecting or form.is_bound else [check for check in recent if check.date == today]
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, team, form)
        except TeamError as error:
            form.add_error(None, str(error))
            filed = [error.check] if isinstance(error, AlreadyFiled) else []
    context = {"team": team, "version": version, "form": form, "inspecting": inspecting, "filed": filed, "today": today}
    context |= {"plan": plan, "awards_said": form.awards and _said_of_awards(request, team)}
    return render(request, "assessments/check_sheet.html", context)


def _said_of_awards(request, team):
    """For whoever comes from an objection: what points that are given back add to the score."""
    asked = _asked(request)
    return words_about(team, asked["date"]) if asked else ""


def _form(request, team, version, recent, *, inspecting, plan):
    return CheckSheetForm(
        request.POST or None,
        request.FILES or None,
        team=team,
        categories=list(selectors.sheet_of(version)) if version else [],
        members=members_of(team),
        inspecting=inspecting,
        plan=plan,
        owners=plan_lists.names_of(team, version.standard_id) if version else {},
        phrases=quick_phrases(team, timezone.localdate()),
        asked=_asked(request),
        shift=shifts.likely_shift(team, timezone.localtime(), recent, skip_filed=not inspecting),
    )


def _month_of_sheet(request, team):
    """The month whose standard the sheet shows: in which what was typed counts, else this one."""
    said = request.POST or request.GET
    day = _day_in(said)
    if day is None:
        return periods.current_period()
    return selectors.counting_month(team, day) if said.get("late") else periods.period_of(day)


def _asked(request):
    """What the address has filled in of a sheet: a late record of a day."""
    day = _day_in(request.GET)
    return {"late": True, "date": day} if day and request.GET.get("late") else {}


def _day_in(said):
    """The date among what was typed, or asked for in the address; None where there is none to work with."""
    try:
        day = datetime.date.fromisoformat(said.get("date", ""))
    except ValueError:
        return None
    return day if periods.is_period(periods.period_of(day)) else None


def _file(request, team, form):
    check = _store(request, team, form)
    _tell_once(request, _done(check))
    page = redirect("assessments:check", check.pk)
    return HttpResponseClientRedirect(page.url) if request.htmx else page


def _tell_once(request, done):
    """Tell the success, but for one that still waits to be read because its answer got lost on the way."""
    waiting = messages.get_messages(request)
    if done not in {message.message for message in waiting}:
        messages.success(request, done)
    waiting.used = False


def _store(request, team, form):
    """The sheet with its photos, or neither; sent twice, both are stored once."""
    deviations = form.deviations()
    for deviation in deviations:
        deviation.photos = [encode_photo(upload) for upload in deviation.photos]
    return _store_once(request, team, form, deviations)


@transaction.atomic
def _store_once(request, team, form, deviations):
    filed = Check.objects.filter(team=team, key=form.cleaned_data["key"]).first()
    if filed:
        return filed
    with storing_photos(team=team, actor=request.user, store_one=keep_photo) as store:
        for deviation in deviations:
            deviation.photos = [store(photo) for photo in deviation.photos]
        sheet = {name: form.cleaned_data[name] for name in ("date", "shift", "key")}
        sheet |= {"deviations": deviations, "actor": request.user, "checker": request.user}
        if form.plan:
            return plans.file_mutual(form.plan, **sheet)
        late = form.cleaned_data.get("late", False)
        return checks.file_check(team, kind=form.kind_value, late=late, **sheet)


def _done(check):
    found = check.findings.count()
    return f"已提交：{found} 条记录。" if found else "已提交：全部正常。"


@require_safe
def check_detail(request, check_id):
    check, access = sheet_for(request.user, check_id), access_of(request.user)
    findings, may_void = list(selectors.findings_of(check)), access.on_team("finding.void", check.team)
    context = {
        "check": check,
        "findings": findings,
        "voided": len([finding for finding in findings if finding.voided_at]),
        "criteria": check.version.criteria.count(),
        "insider": access.on_team("team.view", check.team),
        "can_void": may_void and not check.corrects and not selectors.is_settled(check.team, check.period),
        "entrance": findings and _to_its_board(request.user, check),
    }
    return render(request, "assessments/check_detail.html", context)


def _to_its_board(user, check):
    """For the members of the team: how to object to the score that the sheet counts in."""
    is_member = check.team_id in access_of(user).team_roles
    return entrance_to(user, Bulletin.Kind.SCORES, check.team, check.period) if is_member else None


@require_safe
def finding(request, finding_id):
    """A finding has no page of its own: it is shown on its sheet."""
    found = get_object_or_404(Finding, pk=finding_id)
    sheet_for(request.user, found.on_sheet_id)
    return redirect(f"{reverse('assessments:check', args=[found.on_sheet_id])}#finding-{found.pk}")


@require_POST
def void(request, finding_id):
    found = get_object_or_404(Finding.objects.select_related("team__unit"), pk=finding_id)
    team_for(request.user, found.team_id, "finding.void")
    back = ("assessments:check", [found.on_sheet_id])
    return carry_out_with_reason(request, "这一条已作废。", back, checks.void_finding, found)


@require_POST
def void_sheet(request, check_id):
    check = get_object_or_404(Check.objects.select_related("team__unit"), pk=check_id)
    team_for(request.user, check.team_id, "finding.void")
    return carry_out_with_reason(
        request, "这张检查已整张作废。", ("assessments:check", [check.pk]), checks.void_check, check
    )

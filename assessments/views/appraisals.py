"""Leader appraisals: the rounds, the three sheets, a leader's result, and the table of a unit."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.appraisals import lists
from assessments.appraisals.access import (
    leader_for,
    leaders_shown,
    rates_instead,
    round_for,
    round_to_run,
    rounds_of,
    sides_of,
)
from assessments.appraisals.presets import DEFAULT, presets
from assessments.forms.appraisals import CloseForm, ExtendForm, RatingForm, RoundForm
from assessments.models import Appraisal
from assessments.services import appraisals
from teams import audit
from teams.access import access_of, unit_for
from teams.actions import carried_out, carry_out, carry_out_with_reason, turned_back
from teams.downloads import workbook, workbook_response
from teams.errors import TeamError
from teams.selectors import page_of


@require_safe
def appraisal_list(request):
    page = page_of(rounds_of(request.user).select_related("unit"), request)
    units = list(access_of(request.user).units("appraisal.run").order_by("parent_id", "position", "pk"))
    context = {"page": page, "rounds": lists.with_notices(lists.with_own_rows(page, request.user)), "units": units}
    return render(request, "assessments/appraisal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request, unit_id):
    """Opens a round with the items of a preset, which ?preset= chooses; the other figures can be changed."""
    unit = unit_for(request.user, unit_id, "appraisal.run")
    chosen, sent = _preset(request), request.POST if request.method == "POST" else None
    form = RoundForm(sent, preset=presets()[chosen], title=lists.free_title(unit, timezone.localdate()))
    if form.is_valid():
        found = _opened(request, unit, form)
        if found:
            return redirect("assessments:appraisal", found.pk)
    context = {"unit": unit, "form": form, "presets": presets(), "chosen": chosen, **_leaders_of(unit)}
    return render(request, "assessments/appraisal_open.html", context)


def _preset(request):
    key = (request.POST if request.method == "POST" else request.GET).get("preset", DEFAULT)
    if key not in presets():
        raise Http404
    return key


def _opened(request, unit, form):
    try:
        found = appraisals.open_round(unit, actor=request.user, **form.facts)
    except TeamError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, f"已发起，{found.leaders.count()} 名班组长和他们的组员在“今日”里看得到。")
    return found


def _leaders_of(unit):
    """Who will be rated, and which teams have nobody to be rated."""
    leaders = list(appraisals.leaders_below(unit))
    without = appraisals.teams_below(unit).exclude(pk__in=[row.team_id for row in leaders])
    return {"leaders": leaders, "without": list(without)}


@require_safe
def appraisal(request, appraisal_id):
    """How far a round is, or its results, of the leaders within the person's reach."""
    (found,) = lists.with_notices([round_for(request.user, appraisal_id)])
    leaders, access = leaders_shown(request.user, found), access_of(request.user)
    page = page_of(leaders, request)
    rows = lists.with_progress(page)
    for row in rows:
        row.appraisal, row.can_rate = found, "superior" in sides_of(request.user, row)
    context = {
        "appraisal": found,
        "page": page,
        "rows": rows,
        "can_run": access.on_unit("appraisal.run", found.unit_id),
        "missing": lists.still_missing(leaders) if found.has_begun else "",
        "days": appraisals.days_to_extend(found),
    }
    return render(request, "assessments/appraisal_round.html", context)


@require_POST
def close(request, appraisal_id):
    found = round_to_run(request.user, appraisal_id)
    form = CloseForm(request.POST)
    early = form.is_valid() and form.cleaned_data["early"]
    back = ("assessments:appraisal", [found.pk])
    return carry_out(request, "测评已结束，结果已公布。", back, appraisals.close, found, early=early)


@require_POST
def extend(request, appraisal_id):
    found = round_to_run(request.user, appraisal_id)
    form, back = ExtendForm(request.POST), ("assessments:appraisal", [found.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    said = form.cleaned_data
    done = f"截止日期已推迟到 {said['ends_on']:%Y-%m-%d}，还没填的可以接着填。"
    return carry_out(request, done, back, appraisals.extend, found, said["ends_on"], said["reason"])


@require_POST
def cancel(request, appraisal_id):
    found = round_to_run(request.user, appraisal_id)
    back = ("assessments:appraisal", [found.pk])
    return carry_out_with_reason(request, "测评已取消，填过的不公布。", back, appraisals.cancel, found)


@require_POST
def export(request, appraisal_id):
    """The table of a closed round as a workbook; leaves a trail, for it names people."""
    found = round_for(request.user, appraisal_id)
    if found.state != Appraisal.State.CLOSED:
        messages.error(request, "测评结束以后才能导出。")
        return redirect("assessments:appraisal", found.pk)
    table = lists.exported(leaders_shown(request.user, found))
    audit.record("appraisal.exported", found, actor=request.user, unit=found.unit, after={"rows": len(table)})
    return workbook_response(workbook("班组长测评", lists.HEADERS, table), str(found))


@require_safe
def leader(request, leader_id):
    """One leader: how far the answers are, then the result as far as the person may see it."""
    about = leader_for(request.user, leader_id)
    sides = sides_of(request.user, about)
    (about,) = lists.with_progress([about])
    has_voted = lists.is_answered(about, request.user)
    context = {"about": about, "appraisal": about.appraisal, "sides": sides, "has_voted": has_voted}
    context |= {"turn": lists.turn_of(about, request.user, has_voted), "instead": rates_instead(request.user, about)}
    lists.with_notices([about.appraisal])
    if about.appraisal.state == Appraisal.State.CLOSED and sides & {"leader", "viewer"}:
        context |= {"missing": lists.missing_sides(about), **lists.answers_about(about)}
    return render(request, "assessments/appraisal_leader.html", context)


@dataclass(frozen=True)
class Sheet:
    """One of the three sheets: what it asks for in words, the service that stores it, and when it is open."""

    side: str
    label: str
    most: int
    service: Callable
    require: Callable
    done: str


OWN = Sheet("self", "自我总结", 500, appraisals.rate_oneself, appraisals.require_days, "自评已提交，截止前还能改。")
VOTE = Sheet("vote", "意见", 300, appraisals.vote, appraisals.require_days, "测评已提交，谢谢您。")
SUPERIOR = Sheet(
    "superior", "上级意见", 500, appraisals.rate_as_superior, appraisals.require_begun, "评价已保存，结束前还能改。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_oneself(request, leader_id):
    about = leader_for(request.user, leader_id, "leader")
    back = ("assessments:appraisal-leader", about.pk)
    given = {"scores": about.own_scores, "words": about.own_words, "seen": appraisals.seen_of(about, "self")}
    return _sheet_page(request, about, OWN, back, **given)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_as_superior(request, leader_id):
    about = leader_for(request.user, leader_id, "superior")
    back = ("assessments:appraisal", about.appraisal_id)
    given = {"scores": about.superior_scores, "words": about.superior_words}
    return _sheet_page(request, about, SUPERIOR, back, **given, seen=appraisals.seen_of(about, "superior"))


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request, leader_id):
    """The ballot of a member; whoever has given one is told so."""
    about = leader_for(request.user, leader_id, "member")
    back = ("assessments:appraisal-leader", about.pk)
    if lists.is_answered(about, request.user):
        messages.info(request, "您已经测评过了。每人一次，交了不能改。")
        return redirect(*back)
    return _sheet_page(request, about, VOTE, back)


def _sheet_page(request, about, sheet, back, **given):
    """The sheet while it is open; else its sentence, and back."""
    try:
        sheet.require(about.appraisal)
    except TeamError as error:
        messages.warning(request, str(error))
        return redirect(*back)
    sent = request.POST if request.method == "POST" else None
    form = RatingForm(sent, items=about.appraisal.items, label=sheet.label, most=sheet.most, **given)
    if form.is_valid() and _answered(form, sheet, about, request.user):
        messages.success(request, sheet.done)
        return redirect(*back)
    lists.with_notices([about.appraisal])
    context = {"about": about, "appraisal": about.appraisal, "form": form, "side": sheet.side}
    context |= {"instead": rates_instead(request.user, about), "last": _last(about, sheet)}
    return render(request, "assessments/appraisal_sheet.html", context)


def _last(about, sheet):
    """Who gave the answer that stands, and when: an entry of the trail; None for ballots, which nobody may change."""
    return None if sheet is VOTE else lists.last_answer(about, sheet.side)


def _answered(form, sheet, about, actor):
    said = {} if sheet is VOTE else {"seen": form.cleaned_data["seen"]}
    return carried_out(form, sheet.service, about, form.scores, form.cleaned_data["words"], actor=actor, **said)

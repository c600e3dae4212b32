"""Special awards: the list with its filters, proposing one, deciding on it, reversing it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incentives import selectors
from incentives.forms.expenses import MONTHS, AwardFilterForm, AwardForm
from incentives.models import SpecialAward
from incentives.services import awards
from incentives.spending import awards as award_lists
from incentives.spending import titles
from incentives.spending.ideas import asked_by_idea, rewardable
from incentives.views.proposals import proposed
from teams import audit
from teams.access import access_of, home_unit, require, team_for
from teams.actions import carry_out, carry_out_with_reason, first_errors
from teams.downloads import Sheet, workbook_of, workbook_response
from teams.selectors import page_of
from teams.switches import team_links

State = SpecialAward.State


def _listed(user, data):
    """The awards that the filters let through and the filter form; none when a filter makes no sense."""
    require(user, "award.view")
    rows = award_lists.in_reach(user)
    form = AwardFilterForm(data, units=award_lists.units_in(rows), months=award_lists.months_in(rows))
    return award_lists.narrowed(rows, form.cleaned_data) if form.is_valid() else rows.none(), form


@require_safe
def award_list(request):
    rows, form = _listed(request.user, request.GET)
    context = {
        "page": page_of(rows, request),
        "filters": form,
        "errors": first_errors(form),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
        "sums": award_lists.sums_of(rows),
        "proposing": access_of(request.user).teams("award.propose").order_by("unit__name", "name").first(),
    }
    return render(request, "incentives/award_list.html", context)


@require_POST
def export(request):
    """The filtered list as a workbook; leaves a trail, for it names people."""
    rows, _ = _listed(request.user, request.POST)
    table = list(award_lists.exported(rows))
    facts = {"unit": home_unit(request.user), "after": {"rows": len(table)}}
    audit.record("award.exported", request.user, actor=request.user, **facts)
    sheet = Sheet("专项奖励", award_lists.HEADERS, table, after=tuple(award_lists.sums_exported(rows)))
    return workbook_response(workbook_of(sheet), f"专项奖励 {timezone.localdate()}")


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, team_id):
    team = team_for(request.user, team_id, "award.propose")
    members = selectors.people_since(team, 31 * MONTHS)
    rewarded = {"ideas": rewardable(request.user), "titles": titles.rewardable(team)}
    first = asked_by_idea(request.GET, request.user) or titles.asked_by_title(request.GET, team)
    form = AwardForm(request.POST or None, request.FILES or None, members=members, initial=first, **rewarded)
    if form.is_valid() and proposed(form, request, awards.propose, team, papers="evidence"):
        messages.success(request, "已提出，等另一位负责人或劳资财务批准。")
        return redirect("incentives:awards")
    others = access_of(request.user).teams("award.propose").select_related("unit")
    context = {"team": team, "form": form, "switch": {"teams": team_links("incentives:award-propose", team, others)}}
    return render(request, "incentives/award_propose.html", context)


@require_safe
def detail(request, award_id):
    award = get_object_or_404(award_lists.with_people(SpecialAward.objects.all()), pk=award_id)
    if award.user_id != request.user.pk:
        team_for(request.user, award.team_id, "award.view")
    context = {
        "award": award,
        "photos": award.evidence.all(),
        "reversal": getattr(award.posting, "reversed_by", None),
    }
    return render(request, "incentives/award_detail.html", context | _open_steps(request.user, award))


def _open_steps(user, award):
    """Which steps of an award are the person's to take."""
    fresh, own = award.state == State.PROPOSED, user.pk in (award.proposed_by_id, award.user_id)
    decides = access_of(user).on_team("award.decide", award.team) and not own
    return {
        "decides": decides and fresh,
        "reverses": decides and award.state == State.APPROVED,
        "withdraws": fresh and award.proposed_by_id == user.pk,
    }


STEPS = {
    "approve": ("award.decide", awards.approve, "已批准，已经入账。"),
    "withdraw": ("award.propose", awards.withdraw, "已撤回。"),
}


@require_POST
def step(request, award_id, verb):
    if verb not in STEPS:
        raise Http404
    capability, service, done = STEPS[verb]
    award = _award(request.user, award_id, capability)
    return carry_out(request, done, ("incentives:award", [award.pk]), service, award)


@require_POST
def refuse(request, award_id):
    award = _award(request.user, award_id, "award.decide")
    return carry_out_with_reason(request, "没有批准。", ("incentives:award", [award.pk]), awards.refuse, award)


@require_POST
def reverse(request, award_id):
    award = _award(request.user, award_id, "award.decide")
    return carry_out_with_reason(request, "已冲销。", ("incentives:award", [award.pk]), awards.reverse, award)


def _award(user, pk, capability):
    """The award, if the person may do that in its team."""
    found = get_object_or_404(award_lists.with_people(SpecialAward.objects.all()), pk=pk)
    team_for(user, found.team_id, capability)
    return found

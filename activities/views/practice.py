"""Practice cards: practising on the phone, the list of cards, writing and importing them, how a team stands."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.practice import AnswerForm, CardFilterForm, CardForm, CardImportForm, TradeForm
from activities.learning import practice as reads
from activities.models import Practice, PracticeCard
from activities.services import practice
from teams import audit
from teams.access import access_of, home_unit, require, team_for
from teams.actions import carried_out, carry_out, first_errors
from teams.downloads import workbook, workbook_response
from teams.selectors import page_of
from teams.switches import team_links
from teams.workbooks import WorkbookRefused, read_workbook


@require_http_methods(["GET", "HEAD", "POST"])
def practise(request):
    """The question of the card that is next, its answer, and how it went; posting leads to the next."""
    trades = reads.trades(request.user)
    form = TradeForm(request.GET, trades=trades)
    trade = form.cleaned_data["trade"] if form.is_valid() else ""
    trade = trade if "trade" in request.GET else reads.own_trade(request.user)
    if request.method == "POST":
        return _answered(request, trade)
    form = TradeForm(initial={"trade": trade}, trades=trades)
    context = {"turn": reads.turn_of(request.user, trade), "form": form, "trades": trades, "trade": trade}
    context |= {"results": Practice.Result.choices, "labels": [*Practice.Result.choices, ("new", "没练过")]}
    return render(request, "activities/practice.html", context)


def _answered(request, trade):
    form = AnswerForm(request.POST, cards=reads.cards_for(request.user))
    facts = form.cleaned_data if form.is_valid() else None
    unit = home_unit(request.user)
    if not facts or not carried_out(form, practice.answer, **facts, unit=unit, actor=request.user):
        messages.error(request, first_errors(form))
    query = QueryDict(mutable=True)
    query["trade"] = trade
    return redirect(f"{reverse('activities:practice')}?{query.urlencode()}")


@require_safe
def cards(request):
    form, rows = _filtered(request)
    context = {"form": form, "errors": first_errors(form), "page": page_of(rows, request)}
    context |= {"writes": set(reads.units_to_write(request.user).values_list("pk", flat=True))}
    return render(request, "activities/practice_cards.html", context)


def _filtered(request):
    form = CardFilterForm(request.GET, trades=reads.trades(request.user))
    return form, reads.listed(request.user, **(form.cleaned_data if form.is_valid() else {}))


@require_POST
def export(request):
    require(request.user, "practice.write")
    _form, found = _filtered(request)
    rows, unit = reads.exported(found), home_unit(request.user)
    audit.record("practice_card.exported", request.user, actor=request.user, unit=unit, after={"rows": len(rows)})
    return workbook_response(workbook("练兵卡", reads.HEADERS, rows), "练兵卡")


@require_http_methods(["GET", "HEAD", "POST"])
def write(request):
    require(request.user, "practice.write")
    form = CardForm(request.POST or None, units=reads.units_to_write(request.user))
    facts = dict(form.cleaned_data) if form.is_valid() else {}
    if facts and carried_out(form, practice.write_card, facts.pop("unit"), actor=request.user, **facts):
        messages.success(request, "已写好一张卡，可以接着写。")
        return redirect("activities:practice-write")
    return render(request, "activities/practice_card_form.html", {"form": form})


def _card(user, pk):
    """The card, if the person writes cards of its unit; 404 for strangers, 403 for those who only practise it."""
    card = get_object_or_404(PracticeCard.objects.select_related("unit"), pk=pk)
    if card.unit_id in reads.units_to_write(user).values_list("pk", flat=True):
        return card
    if not reads.cards_for(user).filter(pk=pk).exists():
        raise Http404
    raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, card_id):
    card = _card(request.user, card_id)
    first = {name: getattr(card, name) for name in ("trade", "question", "answer")}
    form = CardForm(request.POST or None, initial=first)
    if form.is_valid() and carried_out(form, practice.change_card, card, actor=request.user, **form.cleaned_data):
        messages.success(request, "已保存。")
        return redirect("activities:practice-cards")
    return render(request, "activities/practice_card_form.html", {"form": form, "card": card})


@require_POST
def retire(request, card_id):
    card = _card(request.user, card_id)
    return carry_out(request, "这张卡已停用。", ("activities:practice-cards", []), practice.retire_card, card)


@require_http_methods(["GET", "HEAD", "POST"])
def import_cards(request):
    require(request.user, "practice.write")
    units = reads.units_to_write(request.user)
    form = CardImportForm(request.POST or None, request.FILES or None, units=units)
    if form.is_valid() and _imported(request, form):
        return redirect("activities:practice-cards")
    return render(request, "activities/practice_import.html", {"form": form})


def _imported(request, form):
    try:
        sheets = read_workbook(form.cleaned_data["file"])
    except WorkbookRefused as error:
        form.add_error("file", str(error))
        return False
    if not carried_out(form, practice.import_cards, form.cleaned_data["unit"], sheets, actor=request.user):
        return False
    messages.success(request, "题目已全部导入。")
    return True


@require_safe
def statistics(request):
    """How the members of a team practise, for those who write its cards."""
    require(request.user, "practice.write")
    teams = access_of(request.user).teams("practice.write").select_related("unit")
    return (
        redirect("activities:practice-team", teams.first().pk)
        if teams
        else render(request, "activities/practice_team.html", {"team": None})
    )


@require_safe
def team_statistics(request, team_id):
    team = team_for(request.user, team_id, "practice.write")
    teams = access_of(request.user).teams("practice.write").select_related("unit")
    context = {"team": team, "rows": reads.of_team(team), "hardest": reads.hardest(team)}
    context |= {"switch": {"teams": team_links("activities:practice-team", team, teams)}}
    return render(request, "activities/practice_team.html", context)

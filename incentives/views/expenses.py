"""Expenses: the purses of the teams, a month's statement, entering one, deciding on it, reversing it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.selectors import boards_of
from incentives import selectors
from incentives.forms.expenses import ExpenseForm
from incentives.models import Expense
from incentives.services import expenses, publishing
from incentives.spending import purses
from incentives.spending import sheets as expense_sheets
from incentives.views.proposals import proposed
from teams import audit, periods
from teams.access import access_of, require, team_for
from teams.actions import carry_out, carry_out_with_reason
from teams.downloads import workbook_response
from teams.figures import yuan_text
from teams.selectors import page_of
from teams.switches import team_month_switch

State, Purse = Expense.State, Expense.Purse


@require_safe
def overview(request):
    """Every team in reach with the balances of its purses and what waits."""
    require(request.user, "expense.view")
    teams = access_of(request.user).teams("expense.view").select_related("unit")
    page = page_of(purses.waiting_first(teams), request)
    left, waiting = purses.balances(list(page)), purses.waiting_in(list(page))
    rows = [(team, left[team.pk, Purse.FUND], left[team.pk, Purse.RESERVE], waiting.get(team.pk)) for team in page]
    context = {"page": page, "rows": rows, "period": periods.current_period()}
    return render(request, "incentives/expense_overview.html", context)


@require_safe
def month(request, team_id, period):
    team = team_for(request.user, team_id, "expense.view")
    access = access_of(request.user)
    context = {
        "team": team,
        "period": period,
        "statements": purses.statements_of(team, period),
        "others": purses.others_of(team, period),
        "may": {name: access.on_team(capability, team) for name, capability in RIGHTS.items()},
        "over": period < periods.current_period(),
        "board": next((board for board in boards_of(team, period) if board.kind == "expenses"), None),
        "switch": team_month_switch("incentives:expenses", team, period, _teams(access)),
    }
    return render(request, "incentives/expense_month.html", context)


RIGHTS = {"enter": "expense.enter", "export": "account.view", "publish": "board.publish"}


def _teams(access):
    return access.teams("expense.view").select_related("unit")


@require_POST
def export(request, team_id, period):
    """The statements of a month as a workbook; leaves a trail, for it names people."""
    team = team_for(request.user, team_id, "account.view")
    content = expense_sheets.workbook(purses.statements_of(team, period))
    audit.record("expense.exported", team, actor=request.user, unit=team.unit, after={"period": period})
    return workbook_response(content, f"{team}{periods.label(period)}班组费用明细表")


@require_POST
def publish(request, team_id, period):
    team = team_for(request.user, team_id, "board.publish")
    back, done = ("incentives:expenses", [team.pk, period]), "班组费用明细表已张榜公布。"
    return carry_out(request, done, back, publishing.publish_expenses, team, period)


@require_safe
def reserve(request, team_id):
    """Every movement of a team's reserve, the latest first."""
    team = team_for(request.user, team_id, "expense.view")
    page = page_of(purses.movements_of(team, Purse.RESERVE), request)
    context = {
        "team": team,
        "page": page,
        "rows": purses.movements_on(page),
        "balance": purses.balances([team])[team.pk, Purse.RESERVE],
        "may_enter": access_of(request.user).on_team("expense.enter", team),
        "period": periods.current_period(),
    }
    return render(request, "incentives/reserve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, team_id):
    team = team_for(request.user, team_id, "expense.enter")
    members = selectors.people_since(team, expenses.DAYS_BACK)
    chosen = request.GET.get("purse") if request.GET.get("purse") in Purse.values else Purse.FUND
    first = {"purse": chosen, "date": timezone.localdate(), "handler": request.user.pk}
    form = ExpenseForm(request.POST or None, request.FILES or None, members=members, initial=first)
    if form.is_valid() and proposed(form, request, expenses.propose, team, papers="vouchers"):
        messages.success(request, "已登记，等单位负责人审批；批准后从余额里付。")
        return redirect("incentives:expenses", team.pk, periods.period_of(form.cleaned_data["date"]))
    context = {"team": team, "form": form, "left": _left(team), "period": periods.current_period()}
    return render(request, "incentives/expense_enter.html", context)


def _left(team):
    """[(name of a purse, fen)]."""
    left = purses.balances([team])
    return [(purse.label, left[team.pk, purse]) for purse in Purse]


@require_safe
def detail(request, expense_id):
    expense = _expense(request.user, expense_id, "expense.view")
    balance = purses.balances([expense.team])[expense.team_id, expense.purse]
    context = {
        "expense": expense,
        "balance": balance,
        "left": balance - expense.amount,
        "vouchers": expense.vouchers.all(),
        "repeats": selectors.repeats_of(expense),
        "reversal": getattr(expense.posting, "reversed_by", None),
    }
    context |= _open_steps(request.user, expense) | _consequences(expense)
    return render(request, "incentives/expense_detail.html", context)


def _open_steps(user, expense):
    """Which steps of an expense are the person's to take."""
    fresh = expense.state == State.PROPOSED
    decides = access_of(user).on_team("expense.decide", expense.team) and not expenses.is_involved(expense, user)
    return {
        "decides": decides and fresh,
        "reverses": decides and expense.state == State.APPROVED,
        "withdraws": fresh and expense.proposed_by_id == user.pk,
    }


def _consequences(expense):
    """In words what approving and reversing do, and to whom."""
    purse, fen = f"{expense.team}的{expense.get_purse_display()}", f"{yuan_text(expense.amount)} 元"
    given, taken = (f"，发给{expense.paid_to}", f"从{expense.paid_to}的账户") if expense.paid_to else ("", "")
    return {
        "confirm": f"批准后从{purse}里付出 {fen}{given}，只能冲销、不能修改。",
        "undone": f"{fen}{taken}回到{purse}里，账上另记一笔冲销，原来那笔不改。只能冲销一次。",
    }


STEPS = {
    "approve": ("expense.decide", expenses.approve, "已批准，钱已从余额里付。"),
    "withdraw": ("expense.enter", expenses.withdraw, "已撤回。"),
}


@require_POST
def step(request, expense_id, verb):
    if verb not in STEPS:
        raise Http404
    capability, service, done = STEPS[verb]
    expense = _expense(request.user, expense_id, capability)
    return carry_out(request, done, ("incentives:expense", [expense.pk]), service, expense)


@require_POST
def refuse(request, expense_id):
    expense = _expense(request.user, expense_id, "expense.decide")
    back = ("incentives:expense", [expense.pk])
    return carry_out_with_reason(request, "没有批准，余额不变。", back, expenses.refuse, expense)


@require_POST
def reverse(request, expense_id):
    expense = _expense(request.user, expense_id, "expense.decide")
    back = ("incentives:expense", [expense.pk])
    return carry_out_with_reason(request, "已冲销，钱回到余额里。", back, expenses.reverse, expense)


def _expense(user, pk, capability):
    """The expense, if the person may do that in its team."""
    shown = ("team__unit", "handler", "witness", "paid_to", "proposed_by", "decided_by", "posting__reversed_by")
    found = get_object_or_404(Expense.objects.select_related(*shown), pk=pk)
    team_for(user, found.team_id, capability)
    return found

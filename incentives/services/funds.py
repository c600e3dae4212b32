"""The purses of a team, 班组费用 and 奖金留存: which account, what it can pay, in which month it is written down."""

from django.db.models import Max, Q

from bulletins.models import Bulletin
from incentives import selectors
from incentives.errors import IncentiveError
from incentives.models import Account, Expense, Transaction
from incentives.services import ledger
from teams import periods
from teams.figures import yuan_text

Purse = Expense.Purse
ACCOUNTS = {Purse.FUND: ledger.fund_account, Purse.RESERVE: ledger.reserve_account}


def hold_purse(team, purse):
    """The Account of a team's purse, until the end of the transaction for us alone; see hold."""
    account = ACCOUNTS[purse](team)
    hold(account)
    return account


def hold(account):
    """Let whoever else holds the account wait until this transaction ends: what its balance allows stays allowed."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def require_balance(team, purse, amount, deed):
    """Raise IncentiveError unless the purse, which is held, has at least `amount` fen for a deed in words."""
    left = selectors.balance(ACCOUNTS[purse](team).code)
    if left < amount:
        name = Purse(purse).label
        raise IncentiveError(
            f"{team}的{name}余额只有 {yuan_text(left)} 元，不够{deed} {yuan_text(amount)} 元。请先补足{name}再办。"
        )


def month_to_pay(team, purse, period):
    """The month under which the purse, which is held, pays for something of `period`: that one, or a later one.

    No later than its movements: so it was never below zero at the end of a month. Nor is a posted statement changed.
    """
    account = ACCOUNTS[purse](team)
    touching = Q(entries__source_account=account) | Q(entries__target_account=account)
    latest = Transaction.objects.filter(touching).aggregate(latest=Max("period"))["latest"]
    return max(month_to_grant(team, purse, period), latest or period)


def month_to_grant(team, purse, period):
    """The month under which the purse, which is held, takes in something of `period`: the first without a statement."""
    if purse != Purse.FUND:
        return period
    boards = Bulletin.objects.filter(team=team, kind=Bulletin.Kind.EXPENSES, period__gte=period)
    posted = boards.aggregate(latest=Max("period"))["latest"]
    return periods.shift(posted, 1) if posted else period

"""The ledger: fen move between accounts in transactions that are written once. A retry with the same source is harmless."""

from django.db import transaction

from incentives.errors import IncentiveError
from incentives.models import Account, Entry, Transaction


@transaction.atomic
def post(source, movements, *, period, memo, actor, reverses=None):
    """Write one transaction of movements [(source account, target account, fen)]; returns the Transaction.

    `source` is the idempotency key: posted again with the same movements, the first transaction is returned; with other
    movements IncentiveError is raised and nothing is written. So it is without any movement, or with one of zero or less.
    """
    if not movements or any(amount <= 0 for _, _, amount in movements):
        raise IncentiveError(f"“{memo}”没有金额，或者有一笔不大于零，不能入账。")
    entry, created = Transaction.objects.get_or_create(
        source=source, defaults={"period": period, "memo": memo, "posted_by": actor, "reverses": reverses}
    )
    wanted = sorted((origin.pk, target.pk, amount) for origin, target, amount in movements)
    if created:
        Entry.objects.bulk_create(
            Entry(transaction=entry, source_account=origin, target_account=target, amount=amount)
            for origin, target, amount in movements
        )
    elif wanted != sorted(entry.entries.values_list("source_account_id", "target_account_id", "amount")):
        raise IncentiveError(f"“{source}”已经按另外的金额入过账，不能再入一次。请先冲销。")
    return entry


def reverse(posted, *, period, actor, reason=""):
    """Undo a transaction by an opposite one in the given month; at most once. Returns the reversing Transaction.

    Raises IncentiveError for a reversal: it is final, what was right after all is posted anew.
    """
    if posted.reverses_id:
        raise IncentiveError(f"“{posted.memo}”本身是冲销，不能再冲销。原来的账没有错的，请重新入一次账。")
    movements = [
        (entry.target_account, entry.source_account, entry.amount)
        for entry in posted.entries.select_related("source_account", "target_account")
    ]
    memo = f"冲销：{posted.memo}{'，' if reason else ''}{reason}"[:200]
    return post(f"reversal:{posted.pk}", movements, period=period, memo=memo, actor=actor, reverses=posted)


def company_account():
    """Where every pool comes from."""
    return Account.objects.get_or_create(code="company")[0]


def payroll_account():
    """What was paid out to people: it only grows, so a member account's balance is what is still owed."""
    return Account.objects.get_or_create(code="payroll")[0]


def pool_account(team):
    """A team's pool on its way from the company to the members."""
    return Account.objects.get_or_create(code=f"pool:{team.pk}", defaults={"team": team})[0]


def reserve_account(team):
    """Where lies what rules set aside for a team."""
    return Account.objects.get_or_create(code=f"reserve:{team.pk}", defaults={"team": team})[0]


def fund_account(team):
    """Where lies what a team was granted for expenses."""
    return Account.objects.get_or_create(code=f"fund:{team.pk}", defaults={"team": team})[0]


def spent_account():
    """Where goes what teams paid to others for goods and services."""
    return Account.objects.get_or_create(code="spent")[0]


def member_accounts(users):
    """{user id: Account} of several people, opened where missing; two queries."""
    codes = {f"member:{user.pk}": user for user in users}
    Account.objects.bulk_create([Account(code=code, user=user) for code, user in codes.items()], ignore_conflicts=True)
    return {account.user_id: account for account in Account.objects.filter(code__in=codes)}

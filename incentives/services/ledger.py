"""The ledger: fen move between accounts in transactions that are written once. A retry with the same source is harmless."""

from django.db import transaction

from incentives.errors import IncentiveError
from incentives.models import Account, Entry, Transaction


@transaction.atomic
def post(source, movements, *, period, memo, actor, reverses=None):
    """Write one transaction of movements [(source account, target account, fen)]; returns the Transaction.

    `source` is the idempotency key: posted again with the same movements, the first transaction is returned; with other
    movements IncentiveError is raised and nothing is written.
    """
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


def reverse(posted, *, period, actor):
    """Undo a transaction by an opposite one in the given month; at most once. Returns the reversing Transaction."""
    movements = [
        (entry.target_account, entry.source_account, entry.amount)
        for entry in posted.entries.select_related("source_account", "target_account")
    ]
    memo = f"冲销：{posted.memo}"[:200]
    return post(f"reversal:{posted.pk}", movements, period=period, memo=memo, actor=actor, reverses=posted)


def company_account():
    """Where every pool comes from."""
    return Account.objects.get_or_create(code="company")[0]


def pool_account(team):
    """A team's pool on its way from the company to the members."""
    return Account.objects.get_or_create(code=f"pool:{team.pk}", defaults={"team": team})[0]


def reserve_account(team):
    """Where lies what rules set aside for a team."""
    return Account.objects.get_or_create(code=f"reserve:{team.pk}", defaults={"team": team})[0]


def member_accounts(users):
    """{user id: Account} of several people, opened where missing; two queries."""
    codes = {f"member:{user.pk}": user for user in users}
    Account.objects.bulk_create([Account(code=code, user=user) for code, user in codes.items()], ignore_conflicts=True)
    return {account.user_id: account for account in Account.objects.filter(code__in=codes)}

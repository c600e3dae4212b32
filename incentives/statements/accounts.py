"""Statements: which accounts a person may read, and what came into one and went out of it, with the balance after each entry."""

from dataclasses import dataclass

from django.db.models import Case, Q, Sum, When
from django.http import Http404
from django.utils import timezone

from incentives.models import Account, Entry
from teams import periods
from teams.access import access_of, member_for, reaches_root, require_at_root, team_for
from teams.downloads import Figure, Sheet
from teams.figures import signed_yuan_text, yuan_text
from teams.models import Membership
from teams.selectors import with_words

MOST_EXPORTED = 20_000
"""How many entries a workbook holds; older ones are found by month."""
TEXTS = ("team__name__icontains", "team__unit__name__icontains", "user__name__icontains", "user__employee_no")


@dataclass(frozen=True)
class Line:
    """An entry as its account sees it: fen above zero came in, below zero went out; `other` is the account beyond."""

    entry: Entry
    other: Account
    amount: int
    balance: int


@dataclass(frozen=True)
class Turnover:
    """What came in and went out, in fen."""

    incoming: int
    outgoing: int


def capability_on(account):
    """The right that a team's account needs: a pool names what each member got, the others do not."""
    return "bonus.view" if account.kind == "pool" else "account.view"


def readable(user):
    """The accounts that a person may read: the own one, those of teams, and for finance those of people and of the plant."""
    access = access_of(user)
    found = Q(user=user)
    for capability, pools in (("account.view", False), ("bonus.view", True)):
        units = Q(team__in=access.duty_teams(capability)) | Q(team__unit__in=access.unit_ids(capability))
        found |= units & (Q(code__startswith="pool:") if pools else ~Q(code__startswith="pool:"))
    paid = Membership.objects.open().filter(team__in=access.teams("bonus.post"))
    found |= Q(user__in=paid.values("user"))
    if reaches_root(user, "bonus.post"):
        found |= Q(team__isnull=True, user__isnull=True)
    return Account.objects.filter(found).select_related("team__unit", "user")


def account_for(user, pk):
    """The account with this id, if the person may read it; 404 for strangers, 403 for insiders without the right."""
    account = Account.objects.select_related("team__unit", "user").filter(pk=pk).first()
    if account is None:
        raise Http404
    if account.team:
        team_for(user, account.team_id, capability_on(account))
    elif account.user is None:
        require_at_root(user, "bonus.post")
    elif account.user != user:
        member_for(user, account.user_id, "bonus.post")
    return account


def unit_of(account):
    """The unit of the account's team, or of the team that its person is in; None for the plant's accounts."""
    stays = Membership.objects.open().filter(user=account.user_id).select_related("team__unit")
    stay = stays.first() if account.user_id else None
    return account.team.unit if account.team else stay and stay.team.unit


def narrowed(accounts, filters):
    """The accounts of a kind and with words that the cleaned filters let through."""
    if filters.get("kind"):
        accounts = accounts.filter(Q(code=filters["kind"]) | Q(code__startswith=f"{filters['kind']}:"))
    return with_words(accounts, filters.get("q", ""), *TEXTS)


def in_order(accounts, user):
    """The person's own account first, then those of teams by unit, those of people, those of the plant."""
    own = Case(When(user=user, then=0), When(team__isnull=False, then=1), When(user__isnull=False, then=2), default=3)
    return accounts.order_by(own, "team__unit__name", "team__name", "user__employee_no", "code")


def balances_of(accounts):
    """{account id: fen} of these accounts; two queries."""
    found = {account.pk: 0 for account in accounts}
    for side, sign in (("target_account", 1), ("source_account", -1)):
        sums = Entry.objects.filter(**{f"{side}__in": list(found)}).values(side).annotate(fen=Sum("amount"))
        for row in sums:
            found[row[side]] += sign * row["fen"]
    return found


def entries_of(account, filters):
    """The account's entries that the cleaned filters (first, last, q) let through, the latest first."""
    entries = Entry.objects.filter(Q(source_account=account) | Q(target_account=account))
    if filters.get("first"):
        entries = entries.filter(transaction__period__gte=filters["first"])
    if filters.get("last"):
        entries = entries.filter(transaction__period__lte=filters["last"])
    entries = with_words(entries, filters.get("q", ""), "transaction__memo__icontains")
    sides = (f"{side}__{owner}" for side in ("source_account", "target_account") for owner in ("team", "user"))
    return entries.select_related("transaction__reverses", "transaction__reversed_by", *sides).order_by("-pk")


def turnover_of(account, entries):
    """The Turnover of these entries of an account; one query."""
    sums = entries.order_by().aggregate(
        incoming=Sum("amount", filter=Q(target_account=account)),
        outgoing=Sum("amount", filter=Q(source_account=account)),
    )
    return Turnover(sums["incoming"] or 0, sums["outgoing"] or 0)


def lines_of(account, entries):
    """Lines of these entries (the latest first) with the balance that the whole account had after each; two queries."""
    if not entries:
        return []
    whole = Entry.objects.filter(Q(source_account=account) | Q(target_account=account))
    before = turnover_of(account, whole.filter(pk__lt=entries[-1].pk))
    balance, after = before.incoming - before.outgoing, {}
    between = whole.filter(pk__range=(entries[-1].pk, entries[0].pk)).order_by("pk")
    for pk, target, amount in between.values_list("pk", "target_account", "amount"):
        balance += amount if target == account.pk else -amount
        after[pk] = balance
    return [_line(account, entry, after[entry.pk]) for entry in entries]


def _line(account, entry, balance):
    came = entry.target_account_id == account.pk
    other = entry.source_account if came else entry.target_account
    return Line(entry, other, entry.amount if came else -entry.amount, balance)


def sheet_of(account, entries, filters):
    """The statement as a sheet of a workbook: the newest entries, at most MOST_EXPORTED."""
    lines = lines_of(account, list(entries[:MOST_EXPORTED]))
    sums = turnover_of(account, entries)
    rows = [
        [
            f"{timezone.localdate(line.entry.transaction.posted_at):%Y-%m-%d}",
            periods.label(line.entry.transaction.period),
            line.entry.transaction.memo,
            str(line.other),
            Figure(yuan_text(line.amount), money=True),
            Figure(yuan_text(line.balance), money=True),
        ]
        for line in lines
    ]
    said = f"收入合计 {yuan_text(sums.incoming)} 元，支出合计 {yuan_text(sums.outgoing)} 元"
    return Sheet(
        "账户明细",
        ["入账日期", "月份", "摘要", "对方账户", "收支（元）", "余额（元）"],
        rows,
        title=f"{account}明细",
        before=[
            [
                f"{span_of(filters)}，共 {len(rows)} 笔，{said}，净额 {signed_yuan_text(sums.incoming - sums.outgoing)} 元"
            ]
        ],
    )


def span_of(filters):
    """The asked months in words."""
    first, last = filters.get("first"), filters.get("last")
    if first and last:
        return periods.label(first) if first == last else f"{periods.label(first)}到{periods.label(last)}"
    return f"{periods.label(first)}起" if first else f"到{periods.label(last)}" if last else "全部月份"

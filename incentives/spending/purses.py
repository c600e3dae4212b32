"""What went into and out of a team's purses: balances, the statement of a month, every movement of the reserve."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Sum, When, Window
from django.utils import timezone

from incentives.models import Entry, Expense
from teams import periods
from teams.figures import short_text, signed_yuan_text, yuan_text

Purse = Expense.Purse


class Movement:
    """An Entry as its purse sees it: `amount` in fen with sign, `balance` afterwards; why, by whom and for what."""

    def __init__(self, entry, amount, balance):
        self.posting, self.amount, self.balance = entry.transaction, amount, balance

    @property
    def undoes(self):
        """The transaction that this one reverses, or None."""
        return self.posting.reverses

    @cached_property
    def expense(self):
        """The Expense that was paid or given back, or None."""
        return getattr(self.undoes or self.posting, "expense", None)

    @cached_property
    def award(self):
        """The SpecialAward that was granted or taken back, or None."""
        return getattr(self.undoes or self.posting, "special_award", None)

    @property
    def date(self):
        """The day of an expense; of everything else the day on which it was posted, within the month that it is in."""
        if self.expense and not self.undoes:
            return self.expense.date
        return min(timezone.localdate(self.posting.posted_at), periods.last_day(self.posting.period))

    @property
    def subject(self):
        if self.undoes:
            return "冲销"
        found = self.expense or self.award
        return self.expense.get_subject_display() if self.expense else found.get_kind_display() if found else "留存"

    @property
    def reason(self):
        """In words what it was for."""
        found = self.expense or self.award
        return self.posting.memo if self.undoes or not found else found.reason

    @property
    def figures(self):
        """(quantity, unit price) of a payment as text, else two empty ones."""
        if self.undoes or not self.expense:
            return "", ""
        return short_text(self.expense.quantity), yuan_text(self.expense.unit_price)

    @property
    def people(self):
        """(handler, witness) of a payment; else whoever posted it, and nobody."""
        if self.undoes or not self.expense:
            return self.posting.posted_by, None
        return self.expense.handler, self.expense.witness


@dataclass(frozen=True)
class Statement:
    """One purse of a team in one month: what was there before, every movement, what was left; in fen."""

    team: object
    period: int
    purse: str
    opening: int
    movements: list
    vouchers: dict

    @property
    def name(self):
        return Purse(self.purse).label

    @property
    def inflow(self):
        return sum(movement.amount for movement in self.movements if movement.amount > 0)

    @property
    def outflow(self):
        """What was paid, above zero."""
        return -sum(movement.amount for movement in self.movements if movement.amount < 0)

    @property
    def closing(self):
        return self.opening + self.inflow - self.outflow

    @property
    def is_idle(self):
        """Whether a reserve has nothing in it and nothing happened: not worth any paper."""
        return self.purse == Purse.RESERVE and not self.movements and not self.opening

    @property
    def rows(self):
        """[(Movement, number of its vouchers)], oldest first."""
        return [(row, self.vouchers.get(row.expense.pk, 0) if row.expense else 0) for row in self.movements]


def statement_of(team, purse, period):
    """The Statement of a purse; three queries, however much happened."""
    rows = _entries(team, purse)
    opening = rows.filter(transaction__period__lt=period).aggregate(fen=Sum("signed"))["fen"] or 0
    movements, balance = [], opening
    for entry in _with_reasons(rows.filter(transaction__period=period)).order_by("pk"):
        balance += entry.signed
        movements.append(Movement(entry, entry.signed, balance))
    return Statement(team, period, purse, opening, movements, _vouchers(movements))


def statements_of(team, period):
    """The Statements of the team's fund and of its reserve."""
    return [statement_of(team, purse, period) for purse in Purse.values]


def _vouchers(movements):
    """{id of an expense: number of its vouchers}."""
    expenses = [movement.expense.pk for movement in movements if movement.expense]
    rows = Expense.vouchers.through.objects.filter(expense__in=expenses).values("expense")
    return {row["expense"]: row["number"] for row in rows.annotate(number=Count("pk"))} if expenses else {}


def movements_of(team, purse):
    """Entries of a purse with `signed` fen and the `balance` after each, the latest first; for movements_on."""
    running = Window(Sum("signed"), order_by=F("pk").asc())
    return _with_reasons(_entries(team, purse)).annotate(balance=running).order_by("-pk")


def movements_on(page):
    """The Movements of a page of movements_of."""
    return [Movement(entry, entry.signed, entry.balance) for entry in page]


def _entries(team, purse):
    code = f"{purse}:{team.pk}"
    touching = Q(source_account__code=code) | Q(target_account__code=code)
    signed = Case(When(target_account__code=code, then=F("amount")), default=-F("amount"))
    return Entry.objects.filter(touching).annotate(signed=signed)


def _with_reasons(entries):
    paths = ("transaction", "transaction__reverses")
    shown = ("expense__handler", "expense__witness", "special_award")
    return entries.select_related("transaction__posted_by", *(f"{path}__{name}" for path in paths for name in shown))


def balances(teams):
    """{(team id, purse): fen} of the purses of these teams; two queries, however many they are."""
    left = Counter()
    for side, sign in (("target_account", 1), ("source_account", -1)):
        rows = Entry.objects.filter(**{f"{side}__team__in": teams}).values(f"{side}__team", f"{side}__code")
        for row in rows.annotate(fen=Sum("amount")):
            left[row[f"{side}__team"], row[f"{side}__code"].partition(":")[0]] += sign * row["fen"]
    return left


def waiting_in(teams):
    """{team id: (number of expenses that wait for a decision, id of the first of them)}."""
    rows = Expense.objects.filter(team__in=teams, state=Expense.State.PROPOSED).values("team")
    counted = rows.order_by().annotate(number=Count("pk"), first=Min("pk"))
    return {row["team"]: (row["number"], row["first"]) for row in counted}


def waiting_first(teams):
    """The teams by unit and name, those with expenses that wait for a decision before the others."""
    waiting = Expense.objects.filter(team=OuterRef("pk"), state=Expense.State.PROPOSED)
    return teams.annotate(waits=Exists(waiting)).order_by("-waits", "unit__name", "name")


def others_of(team, period):
    """Expenses of a month that are not in its statement: they wait, were not paid, or are paid under a later month."""
    rows = Expense.objects.filter(team=team, period=period).exclude(posting__period=period)
    return rows.select_related("handler", "proposed_by", "decided_by", "posting")


HEADERS = ["日期", "科目", "事由", "数量", "单价（元）", "金额（元）", "经办", "证明人", "凭证", "余额（元）"]


def lines_of(statement):
    """The statement as rows of text under HEADERS."""
    for movement, vouchers in statement.rows:
        handler, witness = movement.people
        money = (signed_yuan_text(movement.amount), handler or "系统", witness or "")
        papers = f"{vouchers} 张" if vouchers else ""
        yield [
            movement.date,
            movement.subject,
            movement.reason,
            *movement.figures,
            *money,
            papers,
            yuan_text(movement.balance),
        ]


def title_of(statement):
    return f"{statement.team}{periods.label(statement.period)}{statement.name}明细表"

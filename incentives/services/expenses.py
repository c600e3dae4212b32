"""班组费用: proposed with voucher and witness, decided by somebody else, paid from a purse at that moment; or reversed."""

import datetime

from django.db import transaction
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import Expense
from incentives.services import funds, ledger
from incentives.services.proposals import require_unsent, store
from teams import audit, periods
from teams.figures import yuan_text
from teams.models import Membership
from teams.services.proposals import decide, require_proposer

State, Subject, Purse = Expense.State, Expense.Subject, Expense.Purse
DAYS_BACK = 60
"""How old a receipt may be."""
MOST = 10**9
"""Ten million yuan in fen: no expense is higher."""
PERSONAL = (Subject.COMFORT, Subject.AWARD)
"""What may be paid to a member, and only out of the reserve: it is money of the members."""


def amount_of(quantity, unit_price):
    """Fen of a quantity (hundredths) at a price (fen), rounded half up."""
    return (quantity * unit_price + 50) // 100


@transaction.atomic
def propose(
    team,
    *,
    purse,
    date,
    subject,
    reason,
    quantity,
    unit_price,
    handler,
    witness,
    vouchers,
    actor,
    paid_to=None,
    key=None,
):
    """Propose an expense with its vouchers (Attachments); returns the Expense. `key` is that of the form.

    Raises IncentiveError for a day to come or long past, for handlers, witnesses and receivers who were not in the team
    that day, without a voucher, or when the amount is none.
    """
    expense = Expense(
        team=team,
        purse=purse,
        period=periods.period_of(date),
        date=date,
        subject=subject,
        reason=reason,
        quantity=quantity,
        unit_price=unit_price,
        amount=amount_of(quantity, unit_price),
        handler=handler,
        witness=witness,
        paid_to=paid_to,
        proposed_by=actor,
        key=key,
    )
    require_unsent(expense, "vouchers", vouchers)
    _require_day(date)
    _require_amount(expense)
    _require_people(team, date, handler, witness, paid_to)
    _require_receiver(purse, subject, paid_to)
    if not vouchers:
        raise IncentiveError("没有凭证不能报费用，请拍下发票或收据。")
    store(expense, "vouchers", vouchers)
    audit.record("expense.proposed", expense, actor=actor, unit=team.unit, after=_facts(expense, reason=reason))
    return expense


def _require_day(date):
    today = timezone.localdate()
    if date > today:
        raise IncentiveError("日期还没到，花了钱再来登记。")
    if date < today - datetime.timedelta(days=DAYS_BACK):
        raise IncentiveError(f"只能登记 {DAYS_BACK} 天以内的费用，{date:%Y-%m-%d} 太早了，请和单位负责人商量怎么办。")


def _require_amount(expense):
    if expense.quantity <= 0 or expense.unit_price <= 0:
        raise IncentiveError("数量和单价都要大于 0。")
    if expense.amount <= 0:
        raise IncentiveError("数量乘以单价不到一分钱，请核对。")
    if expense.amount > MOST:
        amounts = f"一笔费用最多 {yuan_text(MOST)} 元，现在是 {yuan_text(expense.amount)} 元"
        raise IncentiveError(f"{amounts}，请检查数量和单价。")


def _require_people(team, date, handler, witness, paid_to):
    if handler == witness:
        raise IncentiveError("经办人和证明人要是两个人，请换一个证明人。")
    there = Membership.objects.during(date, date).filter(team=team)
    members = set(there.filter(user__in=filter(None, (handler, witness, paid_to))).values_list("user", flat=True))
    for word, person in (("经办人", handler), ("证明人", witness), ("领款人", paid_to)):
        if person and person.pk not in members:
            raise IncentiveError(f"{word}{person} {date:%Y-%m-%d} 不在{team}，请核对人员和日期。")


def _require_receiver(purse, subject, paid_to):
    may = purse == Purse.RESERVE and subject in PERSONAL
    if paid_to and not may:
        raise IncentiveError("只有从奖金留存付的慰问、奖励才发给个人。别的费用请不要填“发给”。")
    if may and subject == Subject.AWARD and not paid_to:
        raise IncentiveError("从奖金留存付的奖励要写明发给谁。")


@transaction.atomic
def approve(expense, *, actor):
    """Manager: it was right to spend. Pays it from the purse at once, to the receiver or out of the company.

    Not for whoever proposed or handled it or gets the money. Raises IncentiveError when the purse has less than that.
    """
    _require_somebody_else(expense, actor)
    account = funds.hold_purse(expense.team, expense.purse)
    if not Expense.objects.filter(pk=expense.pk, state=State.PROPOSED).exists():
        raise StaleState("这条班组费用已经办过了。")
    funds.require_balance(expense.team, expense.purse, expense.amount, "付这笔费用")
    posting = ledger.post(
        f"expense:{expense.pk}",
        [(account, _target(expense), expense.amount)],
        period=funds.month_to_pay(expense.team, expense.purse, expense.period),
        memo=f"{expense.get_subject_display()}：{expense.reason}"[:100],
        actor=actor,
    )
    decide(expense, State.APPROVED, actor, posting=posting)
    audit.record("expense.approved", expense, actor=actor, unit=expense.team.unit, after=_facts(expense))


def _target(expense):
    if expense.paid_to_id is None:
        return ledger.spent_account()
    return ledger.member_accounts([expense.paid_to])[expense.paid_to_id]


@transaction.atomic
def refuse(expense, answer, *, actor):
    """Manager: it is not paid, with a reason. Not for whoever proposed or handled it or gets the money."""
    _require_somebody_else(expense, actor)
    decide(expense, State.REFUSED, actor, answer=answer)
    audit.record("expense.refused", expense, actor=actor, unit=expense.team.unit, after=_facts(expense, answer=answer))


@transaction.atomic
def withdraw(expense, *, actor):
    """Whoever proposed it takes it back."""
    require_proposer(expense, actor)
    decide(expense, State.WITHDRAWN, actor)
    audit.record("expense.withdrawn", expense, actor=actor, unit=expense.team.unit, after=_facts(expense))


@transaction.atomic
def reverse(expense, reason, *, actor):
    """Manager: what was paid goes back into the purse in the present month, with a reason; once.

    Not for whoever proposed or handled it or got the money. Raises StaleState unless it is paid.
    """
    _require_somebody_else(expense, actor)
    if not Expense.objects.filter(pk=expense.pk, state=State.APPROVED).update(state=State.REVERSED):
        raise StaleState("这笔费用没有入账，或者已经冲销过了。")
    expense.refresh_from_db()
    ledger.reverse(expense.posting, period=periods.current_period(), actor=actor, reason=reason)
    audit.record("expense.reversed", expense, actor=actor, unit=expense.team.unit, after=_facts(expense, reason=reason))


def is_involved(expense, user):
    """Whether somebody proposed or handled an expense or gets its money, and so does not decide on it."""
    return user.pk in (expense.proposed_by_id, expense.handler_id, expense.paid_to_id)


def _require_somebody_else(expense, actor):
    if is_involved(expense, actor):
        raise IncentiveError("登记人、经办人和领款人不能审批或冲销这笔费用，请别的负责人办理。")


def _facts(expense, **more):
    return {"amount": expense.amount} | more

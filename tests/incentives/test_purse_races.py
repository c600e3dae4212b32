"""Fifty approvals at the same moment: each expense is paid once, and a purse never pays what it does not have."""

import threading

import pytest
from django.db import connection

from incentives.models import Expense, SpecialAward, Transaction
from incentives.selectors import balance
from incentives.services import awards, expenses, funds
from teams.errors import TeamError
from teams.models import AuditEntry
from tests import factories as make
from tests.spending import grant, make_spenders, propose_award, propose_expense

pytestmark = pytest.mark.django_db(transaction=True)
RUNNERS = 50


def at_once(deed, rows):
    """Do the deed to each of the rows in a thread of its own, all at once; what each was told."""
    barrier, told = threading.Barrier(len(rows)), []

    def one(row):
        try:
            own = type(row).objects.get(pk=row.pk)
            barrier.wait(30)
            deed(own)
            told.append("done")
        except TeamError as error:
            told.append(str(error))
        except Exception as error:
            told.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return told


def approve_fifty(people, left):
    """Fifty different expenses of one yuan each, approved at once; the fund has `left` fen."""
    grant(people.team, left)
    rows = [propose_expense(people, 100) for _ in range(RUNNERS)]
    return at_once(lambda row: expenses.approve(row, actor=people.manager), rows)


def test_fifty_expenses_at_once_take_no_more_than_there_is():
    people = make_spenders()
    told = approve_fifty(people, 750)
    assert told.count("done") == 7
    assert {sentence[-30:] for sentence in told} - {"done"} == {
        f"{people.team}的班组费用余额只有 0.50 元，不够付这笔费用 1.00 元。请先补足班组费用再办。"[-30:]
    }
    assert balance(f"fund:{people.team.pk}") == 50
    assert Expense.objects.filter(state="approved").count() == 7
    assert AuditEntry.objects.filter(verb="expense.approved").count() == 7


@pytest.mark.broken_ledger
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_control_without_holding_the_account_it_is_overdrawn(monkeypatch):
    monkeypatch.setattr(funds, "hold", lambda account: None)
    people = make_spenders()
    assert approve_fifty(people, 750).count("done") > 7
    assert balance(f"fund:{people.team.pk}") < 0


DEEDS = {
    "expense.approved": lambda row, actor: expenses.approve(row, actor=actor),
    "expense.reversed": lambda row, actor: expenses.reverse(row, "退货", actor=actor),
    "award.approved": lambda row, actor: awards.approve(row, actor=actor),
    "award.reversed": lambda row, actor: awards.reverse(row, "评错了", actor=actor),
}


@pytest.mark.parametrize("verb", DEEDS)
def test_fifty_people_decide_on_one_paper_and_it_happens_once(verb):
    people = make_spenders()
    grant(people.team)
    if verb.startswith("expense"):
        row = propose_expense(people, 100)
    else:
        row = propose_award(people.team, 100, actor=people.union)
    if verb.endswith("reversed"):
        DEEDS[verb.replace("reversed", "approved")](row, people.manager)
    before = Transaction.objects.count()
    bosses = iter([make.give_role(people.unit, "manager") for _ in range(RUNNERS)])
    told = at_once(lambda own: DEEDS[verb](own, next(bosses)), [row] * RUNNERS)
    assert told.count("done") == 1
    assert all("已经办过了" in sentence or "已经冲销过了" in sentence for sentence in told if sentence != "done")
    assert (Transaction.objects.count() - before, AuditEntry.objects.filter(verb=verb, object_id=row.pk).count()) == (
        1,
        1,
    )
    assert SpecialAward.objects.count() + Expense.objects.count() == 2

"""The lines of a statement lead to the record behind them, for those who may open it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incentives.models import Account
from incentives.services import approvals, awards, expenses, ledger
from incentives.statements.records import addresses_of
from teams.models import Membership
from tests import factories as make
from tests.factories import PERIOD
from tests.spending import fill_reserve, grant, make_spenders, propose_award, propose_expense

pytestmark = pytest.mark.django_db


def links(user, code):
    """{memo: address or None} of the lines of an account's page, and that every one of them opens."""
    client = Client()
    client.force_login(user)
    page = client.get(reverse("incentives:account", args=[Account.objects.get(code=code).pk]))
    found = {}
    for line in page.context["lines"]:
        found[line.entry.transaction.memo] = page.context["records"].get(line.entry.transaction.pk)
    shown = set(re.findall(r'<th scope="row"><a href="([^"]+)"', page.text))
    assert shown == set(found.values()) - {None}
    assert {client.get(address).status_code for address in shown} <= {200}
    return found


@pytest.fixture
def people():
    """A fund with a grant, an expense of it and one that is reversed."""
    people = make_spenders()
    people.award = grant(people.team)
    people.expense, people.undone = (propose_expense(people, reason=reason) for reason in ("抹布", "扫把"))
    for row in (people.expense, people.undone):
        expenses.approve(row, actor=people.manager)
    expenses.reverse(people.undone, "退货", actor=people.manager)
    return people


def test_a_fund_leads_to_its_grants_and_expenses_and_a_reversal_to_what_it_reverses(people):
    undone = reverse("incentives:expense", args=[people.undone.pk])
    wanted = {
        "班组费用拨款：班组活动经费": reverse("incentives:award", args=[people.award.pk]),
        "材料：抹布": reverse("incentives:expense", args=[people.expense.pk]),
        "材料：扫把": undone,
        "冲销：材料：扫把，退货": undone,
    }
    for user in (people.leader, people.manager, people.finance):
        assert links(user, f"fund:{people.team.pk}") == wanted


def test_a_movement_without_a_record_is_plain_text(people):
    fill_reserve(people.team)
    assert links(people.finance, f"reserve:{people.team.pk}") == {"按办法留存": None}


def test_a_bonus_and_its_payment_lead_to_the_month_or_to_the_own_payslip():
    month = make.make_closed_team()
    bonus = make.post_bonus(month.team)
    approvals.settle(bonus, paid_on=timezone.localdate(), actor=None)
    page = reverse("incentives:distribution", args=[month.team.pk, PERIOD])
    leader, member, _ = month.members
    slip = reverse("incentives:payslip", args=[bonus.lines.get(user=member).pk])
    memos = {f"{month.team}2026年10月绩效奖金", f"{month.team}2026年10月绩效奖金发放"}
    assert links(leader, f"member:{leader.pk}") == dict.fromkeys(memos, page)
    assert links(member, f"member:{member.pk}") == dict.fromkeys(memos, slip)
    assert links(make.give_role(month.unit, "finance"), f"member:{member.pk}") == dict.fromkeys(memos, page)


def test_who_left_the_team_reads_the_own_lines_and_opens_what_is_still_theirs(people):
    fill_reserve(people.team)
    paid = propose_expense(people, purse="reserve", subject="comfort", reason="看望", paid_to=people.worker)
    expenses.approve(paid, actor=people.manager)
    given = propose_award(people.team, kind="contest", user=people.worker, reason="比武", actor=people.union)
    awards.approve(given, actor=people.manager)
    code, award = f"member:{people.worker.pk}", reverse("incentives:award", args=[given.pk])
    expense = reverse("incentives:expense", args=[paid.pk])
    assert links(people.worker, code) == {"慰问：看望": expense, "劳动竞赛：比武": award}
    Membership.objects.filter(user=people.worker).update(ended_on=timezone.localdate(), team=make.make_team())
    assert links(people.worker, code) == {"慰问：看望": None, "劳动竞赛：比武": award}


def test_a_page_of_plain_movements_asks_for_no_records(people, django_assert_num_queries):
    fill_reserve(people.team)
    plain = list(ledger.Transaction.objects.filter(source__startswith="test:").select_related("reverses"))
    with django_assert_num_queries(0):
        assert addresses_of(people.leader, plain) == {}

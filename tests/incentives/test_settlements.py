"""What was posted is paid out: once, on a day that makes sense; and the line of steps that the page shows."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Bulletin
from incentives.errors import IncentiveError, StaleState
from incentives.models import Distribution, Transaction
from incentives.progress import progress_of
from incentives.selectors import balance, latest_line
from incentives.services import approvals, distributions, publishing
from incentives.step_line import step_line
from incentives.votes import votes_of
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
PAID_ON = datetime.date(2026, 11, 15)


@pytest.fixture
def posted():
    return make.post_bonus(make.make_closed_team().team)


@pytest.fixture(autouse=True)
def november(monkeypatch):
    """What happens, happens on the 10th of November; today is the 30th."""
    date_of = timezone.localdate
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2026, 11, 10, 4, tzinfo=datetime.UTC))
    monkeypatch.setattr(timezone, "localdate", lambda at=None: date_of(at) if at else datetime.date(2026, 11, 30))


def test_what_is_paid_leaves_the_accounts_of_the_members(posted):
    owed = {line.user_id: balance(f"member:{line.user_id}") for line in posted.lines.all()}
    assert owed == {line.user_id: line.payable for line in posted.lines.all()}
    approvals.settle(posted, paid_on=PAID_ON, note="随十一月工资", actor=None)
    assert {balance(f"member:{user}") for user in owed} == {0}
    assert (balance("payroll"), balance("company")) == (1_000_001, -1_000_001)
    paid = Transaction.objects.get(source=f"settlement:{posted.pk}")
    assert (paid.period, paid.entries.count()) == (202611, 3)
    assert (posted.state, posted.settled_on, posted.settled_note) == ("settled", PAID_ON, "随十一月工资")
    assert AuditEntry.objects.get(verb="bonus.settled").after == {"paid_on": "2026-11-15", "note": "随十一月工资"}


@pytest.mark.parametrize("day", [datetime.date(2026, 11, 9), datetime.date(2026, 12, 1)])
def test_nobody_was_paid_before_it_was_posted_or_will_be_tomorrow(posted, day):
    with pytest.raises(IncentiveError, match="^发放日期要在入账那天（2026-11-10）到今天之间。$"):
        approvals.settle(posted, paid_on=day, actor=None)
    posted.refresh_from_db()
    assert (posted.state, balance("payroll")) == ("posted", 0)


@pytest.mark.parametrize("day", [datetime.date(2026, 11, 10), datetime.date(2026, 11, 30)])
def test_the_days_of_posting_and_today_are_right(posted, day):
    approvals.settle(posted, paid_on=day, actor=None)
    assert Distribution.objects.get(pk=posted.pk).settled_on == day


def test_the_database_knows_that_nothing_is_paid_before_it_is_posted(posted):
    row = Distribution.objects.filter(pk=posted.pk)
    with pytest.raises(IntegrityError, match="nothing is paid before it is posted"), transaction.atomic():
        row.update(state="settled", settled_on="2026-11-09")
    with transaction.atomic():
        assert row.update(state="settled", settled_on="2026-11-10") == 1
        transaction.set_rollback(True)


def test_a_bonus_is_paid_once(posted):
    approvals.settle(posted, paid_on=PAID_ON, actor=None)
    with pytest.raises(StaleState):
        approvals.settle(posted, paid_on=PAID_ON, actor=None)
    assert Transaction.objects.filter(source__startswith="settlement:").count() == 1


def test_what_is_paid_is_still_published_and_explained(posted):
    approvals.settle(posted, paid_on=PAID_ON, actor=None)
    assert [board.kind for board in publishing.publish_month(posted.team, PERIOD, actor=None)][-1] == "bonus"
    line = posted.lines.first()
    assert latest_line(line.user) == line


def test_finance_says_on_the_page_that_it_is_paid(client, posted):
    finance, url = (
        make.give_role(posted.team.unit, "finance"),
        reverse("incentives:settle", args=[posted.team_id, PERIOD]),
    )
    client.force_login(finance)
    body = {"seen": posted.seen, "paid_on": "2026-11-15", "note": "随工资"}
    for wrong in ({"paid_on": "很快"}, {"paid_on": "0026-11-15"}, {"note": "长" * 201}, {"note": "\0"}, {"seen": ""}):
        client.post(url, body | wrong)
        posted.refresh_from_db()
        assert posted.state == "posted"
    assert "已登记发放" in client.post(url, body, follow=True).text
    assert (
        "2026-11-15 发放，共 10,000.01 元：随工资。"
        in client.get(reverse("incentives:distribution", args=[posted.team_id, PERIOD])).text
    )


# -- The line of steps --------------------------------------------------------------------------------------------------


def line_of(team):
    (progress,) = progress_of([team], [PERIOD])
    found = progress.distribution
    votes = votes_of([found.pk])[found.pk] if found else None
    found = [(step.label, step.standing) for step in step_line(progress, votes, [])]
    return found[1:] if found[0] == ("下达", "done") else found


def test_the_line_of_steps_says_where_a_bonus_is():
    team = make.make_closed_team().team
    todo = [(label, "todo") for label in ("拟定", "会签", "批准", "入账", "张榜", "发放")]
    assert line_of(team) == [("下达", "current"), *todo]
    bonus = make.make_bonus(team)
    assert line_of(team) == [("拟定", "current"), *todo[1:]]
    approvals.propose(bonus, actor=None)
    assert line_of(team) == [("拟定", "done"), ("会签", "done"), ("批准", "current"), *todo[3:]]
    approvals.return_draft(bonus, "为什么", actor=None)
    assert line_of(team) == [("拟定", "current"), *todo[1:]]
    bonus = distributions.draft(team, PERIOD, actor=None)
    approvals.propose(bonus, actor=None)
    approvals.approve(bonus, actor=None)
    done = [(label, "done") for label, _ in todo]
    assert line_of(team) == [*done[:3], ("入账", "current"), *todo[4:]]
    approvals.post(bonus, actor=None)
    assert line_of(team) == [*done[:4], ("张榜", "current"), ("发放", "current")]
    approvals.settle(bonus, paid_on=PAID_ON, actor=None)
    assert line_of(team) == [*done[:4], ("张榜", "current"), done[5]]


def test_only_the_board_of_the_bonus_counts_as_posted():
    team = make.make_closed_team().team
    (progress,) = progress_of([team], [PERIOD])
    boards = [
        Bulletin(kind=kind, published_at=timezone.now()) for kind in (Bulletin.Kind.EXPENSES, Bulletin.Kind.BONUS)
    ]
    assert step_line(progress, None, boards[:1])[-2].standing == "todo"
    assert step_line(progress, None, boards)[-2].standing == "done"


def test_a_month_without_the_team_has_no_steps():
    assert step_line(None, None, []) == []

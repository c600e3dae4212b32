"""The pages of expenses and special awards: entering, deciding, the statement as page, workbook and board, and the news."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from incentives.models import Expense, SpecialAward
from incentives.services import awards, expenses
from incentives.spending import awards as award_lists
from teams import periods
from teams.models import Attachment
from teams.workbooks import read_workbook
from tests import factories as make
from tests.access.world import picture
from tests.spending import fill_reserve, grant, make_spenders, propose_award, propose_expense

pytestmark = pytest.mark.django_db
CURRENT = periods.current_period()


@pytest.fixture
def people():
    return make_spenders()


def receipt(people, **changes):
    facts = {"purse": "fund", "date": timezone.localdate(), "subject": "office", "reason": "买打印纸", "quantity": "2"}
    facts |= {"unit_price": "25.50", "handler": people.leader.pk, "witness": people.worker.pk}
    return {"photos": picture()} | facts | changes


def text(client, name, *args, **data):
    return client.get(reverse(f"incentives:{name}", args=args), data).content.decode()


def post(client, name, *args, **body):
    return client.post(reverse(f"incentives:{name}", args=args), body, follow=True).content.decode()


def test_an_expense_is_entered_with_its_voucher(people, client):
    client.force_login(people.leader)
    html = post(client, "expense-enter", people.team.pk, **receipt(people))
    assert "已登记，等单位负责人审批" in html
    expense = Expense.objects.get()
    assert (expense.amount, expense.quantity, expense.unit_price) == (5100, 200, 2550)
    assert (expense.handler, expense.witness, expense.vouchers.count()) == (people.leader, people.worker, 1)


WRONG = {
    "no voucher": ({"photos": ""}, "请拍下或选择发票或收据的照片。"),
    "no reason": ({"reason": " "}, "请写事由。"),
    "no number": ({"quantity": "三"}, "不是数字"),
    "below zero": ({"unit_price": "-1"}, "数量和单价都要大于 0。"),
    "no subject": ({"subject": "gold"}, "没有这一项，请从列表里选。"),
    "the year twenty": ({"date": "0020-01-01"}, "日期无效"),
    "one person twice": ({"witness": "handler"}, "经办人和证明人要是两个人"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_kept(people, client, name):
    changes, sentence = WRONG[name]
    client.force_login(people.leader)
    body = receipt(people) | changes
    body["witness"] = people.leader.pk if body["witness"] == "handler" else body["witness"]
    assert sentence in post(client, "expense-enter", people.team.pk, **body)
    assert (Expense.objects.count(), Attachment.objects.count()) == (0, 0)


def test_somebody_of_another_team_is_refused(people, client):
    client.force_login(people.leader)
    foreign = make.make_member(make.make_team())
    for name, word in (("handler", "经办人"), ("witness", "证明人"), ("paid_to", "发给")):
        html = post(client, "expense-enter", people.team.pk, **receipt(people, **{name: foreign.pk}))
        assert f"“{word}”里选的不是本班组成员，请重新选择。" in html
    client.force_login(people.union)
    body = {"kind": "contest", "user": foreign.pk, "amount": "5", "period": CURRENT, "reason": "比武"}
    assert "“发给”里选的不是本班组成员" in post(client, "award-propose", people.team.pk, **body)
    assert (Expense.objects.count(), SpecialAward.objects.count()) == (0, 0)


def test_the_manager_decides_and_sees_what_is_left(people, client):
    grant(people.team, 5000)
    expense = propose_expense(people)
    client.force_login(people.manager)
    html = text(client, "expense", expense.pk)
    assert "班组费用余额 50.00 元，批准后还有 40.00 元。" in html
    assert "壹拾元整" in html
    assert "已批准，钱已从余额里付。" in post(client, "expense-step", expense.pk, "approve")
    assert "冲销" in post(client, "expense-reverse", expense.pk, reason="退货了")
    assert "退货了" in text(client, "expense", expense.pk)
    assert "请写明原因。" in post(client, "expense-refuse", propose_expense(people).pk, reason=" ")


def test_too_little_money_and_a_voucher_used_twice_are_told_before_deciding(people, client):
    first, again = propose_expense(people), propose_expense(people, reason="又买抹布")
    client.force_login(people.manager)
    html = text(client, "expense", again.pk)
    assert "班组费用余额只有 0.00 元，不够付这一笔" in html
    assert "凭证的照片在别的费用里也用过" in html
    assert reverse("incentives:expense", args=[first.pk]) in html
    assert reverse("incentives:expense-step", args=[again.pk, "approve"]) not in html
    assert reverse("incentives:expense-refuse", args=[again.pk]) in html
    assert "余额只有 0.00 元，不够付这笔费用 10.00 元" in post(client, "expense-step", again.pk, "approve")


def test_a_confirmation_tells_whose_money_goes_where(people, client):
    fill_reserve(people.team, 5000)
    gift = propose_expense(people, purse="reserve", subject="comfort", paid_to=people.worker)
    client.force_login(people.manager)
    told = f"批准后从{people.team}的奖金留存里付出 10.00 元，发给{people.worker}，只能冲销、不能修改。"
    assert told in text(client, "expense", gift.pk)
    expenses.approve(gift, actor=people.manager)
    assert f"10.00 元从{people.worker}的账户回到{people.team}的奖金留存里" in text(client, "expense", gift.pk)
    award = propose_award(people.team, actor=people.union)
    assert f"批准后 1,000.00 元记到{people.team}的班组费用账上" in text(client, "award", award.pk)
    awards.approve(award, actor=people.manager)
    assert f"从{people.team}的班组费用账上收回 1,000.00 元" in text(client, "award", award.pk)


def test_a_long_reason_is_told_once_and_not_in_the_heading(people, client):
    expense = propose_expense(people, reason="买" * 60)
    client.force_login(people.worker)
    html = text(client, "expense", expense.pk)
    assert html.count("买" * 60) == 1
    assert "买" * 37 + "……" in html


def test_who_handled_it_sees_no_buttons(people, client):
    expense = propose_expense(people, handler=people.worker, witness=people.leader)
    make.give_role(people.unit, "manager", people.worker)
    client.force_login(people.worker)
    assert reverse("incentives:expense-step", args=[expense.pk, "approve"]) not in text(client, "expense", expense.pk)


def test_the_month_shows_the_statement_and_what_is_not_in_it(people, client):
    grant(people.team, 5000)
    fill_reserve(people.team, 700)
    refused = propose_expense(people, reason="买茶叶")
    expenses.refuse(refused, "不该花", actor=people.manager)
    expenses.approve(propose_expense(people, reason="买扫把"), actor=people.manager)
    client.force_login(people.worker)
    html = text(client, "expenses", people.team.pk, CURRENT)
    for said in ("买茶叶", "不该花", "买扫把", "40.00", "本月支出（大写）：壹拾元整", "按办法留存"):
        assert said in html
    assert "登记费用" not in html
    assert "按办法留存" in text(client, "reserve", people.team.pk)


def test_the_workbook_has_a_sheet_for_each_purse_with_figures_and_capitals(people, client):
    grant(people.team, 5000)
    expenses.approve(propose_expense(people, reason="=1+1"), actor=people.manager)
    client.force_login(people.leader)
    response = client.post(reverse("incentives:expenses-export", args=[people.team.pk, CURRENT]))
    sheets = read_workbook(io.BytesIO(response.content))
    assert list(sheets) == ["班组费用", "奖金留存"]
    rows = sheets["班组费用"]
    head = next(number for number, row in enumerate(rows) if row[0] == "日期")
    assert rows[head][:10] == [
        *("日期", "科目", "事由", "数量", "单价（元）", "金额（元）", "经办", "证明人", "凭证", "余额（元）")
    ]
    assert [row[2] for row in rows[head + 1 : head + 3]] == ["班组活动经费", "=1+1"]
    assert [float(row[5]) for row in rows[head + 1 : head + 3]] == [50, -10]
    assert any(row[0] == "本月支出（大写）：壹拾元整" for row in rows)


def test_last_months_statement_is_posted_from_its_page(people, client):
    last = periods.shift(CURRENT, -1)
    grant(people.team, 5000, period=last)
    client.force_login(people.manager)
    html = post(client, "expenses-publish", people.team.pk, last)
    assert "班组费用明细表已张榜公布。" in html
    assert f"{last}F{people.team.pk:04d}-1" in html
    assert "还没有过完" in post(client, "expenses-publish", people.team.pk, CURRENT)


def test_the_overview_has_a_row_for_each_team(people, client):
    grant(people.team, 5000)
    propose_expense(people)
    client.force_login(people.manager)
    html = text(client, "expenses-current")
    assert "50.00" in html
    assert "1 笔待审批" in html


def test_the_overview_leads_to_what_waits_before_anything_else(people, client):
    first = make.make_team(unit=people.unit, name="!第一")
    last_month = periods.first_day(CURRENT) - datetime.timedelta(days=1)
    waiting = [propose_expense(people, date=day) for day in (last_month, timezone.localdate())]
    client.force_login(people.manager)
    html = text(client, "expenses-current")
    assert reverse("incentives:expense", args=[waiting[0].pk]) in html
    assert html.index("2 笔待审批") < html.index(first.name)


def test_an_award_is_proposed_and_decided_on_its_pages(people, client):
    client.force_login(people.union)
    body = {"kind": "suggestion", "user": people.worker.pk, "amount": "300", "period": CURRENT, "reason": "改料斗"}
    assert "已提出，等另一位负责人或劳资财务批准。" in post(client, "award-propose", people.team.pk, **body)
    award = SpecialAward.objects.get()
    assert reverse("incentives:award-step", args=[award.pk, "approve"]) not in text(client, "award", award.pk)
    client.force_login(people.finance)
    assert "叁佰元整" in text(client, "award", award.pk)
    assert "已批准，已经入账。" in post(client, "award-step", award.pk, "approve")
    client.force_login(people.worker)
    assert "改料斗" in text(client, "awards")
    assert "没有符合条件的专项奖励" in text(client, "awards", kind="studio")
    assert "没有这一项，请从列表里选。" in text(client, "awards", kind="gold")


def test_the_export_of_awards_holds_what_the_filters_let_through(people, client):
    propose_award(people.team, actor=people.union, reason="比武", kind="contest")
    propose_award(people.team, actor=people.union, reason="拨款")
    client.force_login(people.finance)
    response = client.post(reverse("incentives:award-export"), {"kind": "contest"})
    (rows,) = read_workbook(io.BytesIO(response.content)).values()
    assert [row[6] for row in rows[:2]] == ["事由", "比武"]
    assert [(row[0], float(row[7])) for row in rows[3:]] == [("已入账 0 笔", 0), ("待批准 1 笔", 1000)]


def test_the_export_of_awards_tells_the_day_of_here(people):
    award = propose_award(people.team, actor=people.union)
    award.proposed_at = award.decided_at = datetime.datetime(2026, 10, 31, 17, 30, tzinfo=datetime.UTC)
    (row,) = award_lists.exported([award])
    assert (row[10], row[12]) == ("2026-11-01", "2026-11-01")


# -- News -----------------------------------------------------------------------------------------------------------------


def titles(client, user):
    client.force_login(user)
    return [item["title"] for item in client.get(reverse("home")).context["queue"]]


def test_the_manager_is_told_what_waits_until_it_is_decided(people, client):
    grant(people.team)
    expense, award = propose_expense(people), propose_award(people.team, actor=people.union)
    assert {"审批班组费用", "批准专项奖励"} <= set(titles(client, people.manager))
    assert "批准专项奖励" in titles(client, people.finance)
    assert not {"审批班组费用", "批准专项奖励"} & set(titles(client, people.union))
    expenses.approve(expense, actor=people.manager)
    awards.approve(award, actor=people.finance)
    assert not {"审批班组费用", "批准专项奖励"} & set(titles(client, people.manager))


def test_many_that_wait_are_one_line(people, client):
    for number in range(4):
        propose_expense(people, reason=f"第 {number} 笔")
        propose_award(people.team, actor=people.union, reason=f"第 {number} 笔")
    client.force_login(people.manager)
    queue = client.get(reverse("home")).context["queue"]
    (line,) = (item for item in queue if item["title"] == "审批班组费用")
    assert (line["detail"], line["url"]) == (f"4 笔，共 40.00 元：{people.team}", "/expenses/")
    (line,) = (item for item in queue if item["title"] == "批准专项奖励")
    assert (line["detail"], line["url"]) == (f"4 笔，共 4,000.00 元：{people.team}", "/awards/?state=proposed")
    assert "没有符合条件" not in client.get(line["url"]).content.decode()


def test_who_proposed_is_told_of_a_refusal_for_a_week(people, client):
    expense, award = propose_expense(people), propose_award(people.team, actor=people.union)
    expenses.refuse(expense, "不该花", actor=people.manager)
    awards.refuse(award, "没有文件", actor=people.manager)
    assert "费用没有批准" in titles(client, people.leader)
    assert "专项奖励没有批准" in titles(client, people.union)
    assert "费用没有批准" not in titles(client, people.worker)


def test_a_refusal_of_last_week_is_no_news(people, client, monkeypatch):
    expenses.refuse(propose_expense(people), "不该花", actor=people.manager)
    later = timezone.now() + datetime.timedelta(days=8)
    monkeypatch.setattr("incentives.spending.news.timezone.now", lambda: later)
    assert "费用没有批准" not in titles(client, people.leader)


def test_an_award_is_told_to_who_got_it_for_two_weeks(people, client, monkeypatch):
    award = propose_award(people.team, actor=people.union, user=people.worker, kind="other")
    assert "得了专项奖励" not in titles(client, people.worker)
    awards.approve(award, actor=people.manager)
    assert "得了专项奖励" in titles(client, people.worker)
    assert "得了专项奖励" not in titles(client, people.leader)
    later = timezone.now() + datetime.timedelta(days=15)
    monkeypatch.setattr("incentives.spending.news.timezone.now", lambda: later)
    assert "得了专项奖励" not in titles(client, people.worker)

"""专项奖励: proposed by one, approved by another, posted at once to a person or to the team's fund; paid once."""

import pytest
from django.db import IntegrityError, transaction

from incentives.errors import IncentiveError, StaleState
from incentives.models import Entry, SpecialAward
from incentives.selectors import balance
from incentives.services import awards
from incentives.spending import awards as award_lists
from teams import periods
from teams.errors import TeamError
from teams.models import AuditEntry
from tests import factories as make
from tests.spending import grant, make_spenders, propose_award

pytestmark = pytest.mark.django_db
CURRENT = periods.current_period()


@pytest.fixture
def people():
    return make_spenders()


def propose(people, amount=5000, **changes):
    return propose_award(people.team, amount, **({"actor": people.union} | changes))


def for_worker(people, **changes):
    return propose(people, kind="suggestion", user=people.worker, **changes)


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_an_award_goes_from_the_company_to_the_person(people):
    award = for_worker(people, period=periods.shift(CURRENT, -1))
    assert Entry.objects.count() == 0
    awards.approve(award, actor=people.finance)
    assert (award.state, award.posting.source) == ("approved", f"award:{award.pk}")
    assert award.posting.period == periods.shift(CURRENT, -1)
    assert (balance(f"member:{people.worker.pk}"), balance("company")) == (5000, -5000)
    assert verbs() == ["award.proposed", "award.approved"]


@pytest.mark.parametrize("kind", ["fund", "studio", "contest"])
def test_without_a_person_it_goes_to_the_fund_of_the_team(people, kind):
    awards.approve(propose(people, kind=kind), actor=people.manager)
    assert balance(f"fund:{people.team.pk}") == 5000


WRONG = {
    "nothing": ({"amount": 0}, "金额要大于 0"),
    "less than nothing": ({"amount": -1}, "金额要大于 0"),
    "too much": ({"amount": 10**11 + 1}, "也不能超过 10 亿元"),
    "a month to come": ({"period": periods.shift(CURRENT, 1)}, "还没到，请选这个月或者以前的月份。$"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(people, name):
    changes, sentence = WRONG[name]
    with pytest.raises(IncentiveError, match=sentence):
        propose(people, **changes)
    assert SpecialAward.objects.count() == 0


@pytest.mark.parametrize("kind", ["fund", "studio"])
def test_money_for_the_fund_goes_to_no_person(people, kind):
    with pytest.raises(IncentiveError, match="进班组费用，不发给个人"):
        propose(people, kind=kind, user=people.worker)


def test_the_person_was_in_the_team_in_that_month(people):
    stranger = make.make_user()
    with pytest.raises(IncentiveError, match=f"^{stranger}{periods.label(CURRENT)}不在{people.team}"):
        propose(people, kind="contest", user=stranger)


def test_the_same_record_is_paid_once(people):
    first = for_worker(people, source="suggestion:12")
    with pytest.raises(IncentiveError, match="^这件事已经报过奖励了，不能再报。$"):
        for_worker(people, source="suggestion:12")
    awards.refuse(first, "金额不对", actor=people.manager)
    awards.approve(for_worker(people, source="suggestion:12"), actor=people.manager)
    with pytest.raises(IncentiveError):
        for_worker(people, source="suggestion:12")
    assert for_worker(people), for_worker(people)


def test_neither_the_proposer_nor_the_receiver_decides(people):
    award = for_worker(people)
    for actor in (people.union, people.worker):
        for decide in (awards.approve, lambda row, actor: awards.refuse(row, "不行", actor=actor)):
            with pytest.raises(TeamError, match="^专项奖励要由提出人和本人以外的负责人审批。$"):
                decide(award, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialAward.objects.filter(pk=award.pk).update(state="refused", decided_by=people.union)


def test_it_is_decided_once(people):
    deeds = [
        lambda row: awards.approve(row, actor=people.manager),
        lambda row: awards.refuse(row, "不行", actor=people.manager),
        lambda row: awards.withdraw(row, actor=people.union),
    ]
    for first in deeds:
        award = propose(people)
        first(award)
        left, rows = balance(f"fund:{people.team.pk}"), AuditEntry.objects.count()
        for again in deeds:
            with pytest.raises(StaleState, match="^这条专项奖励已经办过了。$"):
                again(award)
        assert (balance(f"fund:{people.team.pk}"), AuditEntry.objects.count()) == (left, rows)


def test_a_reversal_takes_it_back_once_and_is_linked_both_ways(people):
    award = for_worker(people)
    awards.approve(award, actor=people.manager)
    awards.reverse(award, "评错了", actor=people.finance)
    assert (award.state, award.posting.reversed_by.reverses) == ("reversed", award.posting)
    assert award.posting.reversed_by.memo == "冲销：合理化建议：班组活动经费，评错了"
    assert balance(f"member:{people.worker.pk}") == 0
    with pytest.raises(StaleState, match="没有入账，或者已经冲销过了。$"):
        awards.reverse(award, "再来一次", actor=people.finance)
    assert verbs()[-1] == "award.reversed"


def test_the_database_keeps_what_was_proposed(people):
    award = grant(people.team)
    for change in ({"amount": 1}, {"reason": "改过"}, {"user": people.worker}, {"state": "proposed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SpecialAward.objects.filter(pk=award.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialAward.objects.filter(pk=award.pk).delete()


# -- The list -----------------------------------------------------------------------------------------------------------


def test_people_see_the_awards_of_their_teams_and_their_own(people):
    own, other = for_worker(people), propose_award(make.make_team())
    moved = propose_award(people.team, kind="contest", user=people.leader, reason="比武")
    assert set(award_lists.in_reach(people.worker)) == {own, moved}
    assert set(award_lists.in_reach(people.finance)) == {own, moved}
    people.leader.memberships.update(ended_on=periods.first_day(CURRENT))
    assert set(award_lists.in_reach(people.leader)) == {moved}
    assert other not in award_lists.in_reach(people.leader)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"比武", "提案", "活动"}),
        ({"kind": "contest"}, {"比武"}),
        ({"state": "approved"}, {"提案"}),
        ({"period": CURRENT}, {"比武", "活动"}),
        ({"q": "提案"}, {"提案"}),
        ({"q": "王小二"}, {"比武"}),
        ({"q": "王小二 提案"}, set()),
    ],
)
def test_filters_narrow_the_list(people, filters, found):
    type(people.worker).objects.filter(pk=people.worker.pk).update(name="王小二")
    propose(people, kind="contest", user=people.worker, reason="比武")
    past = propose(people, kind="suggestion", reason="提案", period=periods.shift(CURRENT, -1))
    awards.approve(past, actor=people.manager)
    propose(people, reason="活动")
    rows = award_lists.narrowed(award_lists.in_reach(people.finance), filters)
    assert {row.reason for row in rows} == found
    assert award_lists.sums_of(award_lists.in_reach(people.finance)) == [("已入账", 1, 5000), ("待批准", 2, 10000)]

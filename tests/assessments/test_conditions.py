"""What does not apply to a team in a month, and what vetoes it: refused where it would mean nothing or undo another's word."""

import pytest
from django.urls import reverse

from assessments.errors import AssessmentError, StaleState
from assessments.models import NotApplicable, StandardVersion, Veto
from assessments.services import conditions
from teams import periods
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_ready_unit(teams=1).teams.get()


def declared():
    return sorted(NotApplicable.objects.values_list("criterion__code", flat=True))


def test_what_another_declared_meanwhile_is_not_undone_from_a_stale_page(team, client):
    client.force_login(make.give_role(team.unit, "assessor"))
    address = reverse("assessments:conditions", args=[team.pk, PERIOD])
    one, two = (make.criterion(team, code).pk for code in ("1.1", "1.2"))
    assert 'name="seen" value=""' in client.get(address).content.decode()
    client.post(address, {"criteria": [one], "seen": ""})
    refused = client.post(address, {"criteria": [two], "seen": ""}, follow=True).content.decode()
    assert "您打开页面之后，不适用的小项别人改过，现在是 1.1。请看过再改。" in refused
    assert declared() == ["1.1"]
    assert 'name="seen" value="1.1"' in refused
    client.post(address, {"criteria": [two], "seen": "1.1"})
    assert declared() == ["1.2"]
    with pytest.raises(StaleState, match="现在是 1.2。"):
        conditions.set_not_applicable(team, PERIOD, [], actor=None, seen=["1.1"])


def test_something_stays_to_be_scored(team):
    version = StandardVersion.objects.get()
    criteria = list(version.criteria.all())
    with pytest.raises(AssessmentError, match="^没有保存：小项不能全部不适用，那样没有分可算。"):
        conditions.set_not_applicable(team, PERIOD, criteria, actor=None)
    assert declared() == []
    conditions.set_not_applicable(team, PERIOD, criteria[1:], actor=None)
    assert len(declared()) == len(criteria) - 1


def test_where_what_does_not_apply_counts_in_full_everything_may_be_so(team):
    criteria = list(make.criterion(team, "1.1").version.criteria.select_related("version"))
    for criterion in criteria:
        criterion.version.na_rule = "full"
    conditions.set_not_applicable(team, PERIOD, criteria, actor=None)
    assert len(declared()) == len(criteria)


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        (periods.shift(periods.current_period(), 1), "^还没到20..年.*，到了再登记。$"),
        (202512, "^2025年12月没有执行中的考核标准，没有得分，不用登记。$"),
    ],
)
def test_a_month_that_has_not_come_or_has_no_standard_takes_no_conditions(team, period, sentence):
    for deed in (
        lambda: conditions.add_veto(team, period, "发生轻伤", actor=None),
        lambda: conditions.set_not_applicable(team, period, [make.criterion(team, "1.1")], actor=None),
    ):
        with pytest.raises(AssessmentError, match=sentence):
            deed()
    assert not Veto.objects.exists()
    assert declared() == []


def test_after_a_computing_that_failed_the_page_offers_another_and_no_confirmation(team, client):
    make.compute_month(team.unit)
    make.leave_nothing_to_score(team)
    failed = make.compute_month(team.unit)
    assert (failed.state, failed.job) == ("computed", "failed")
    client.force_login(make.give_role(team.unit, "assessor"))
    page = client.get(reverse("assessments:close", args=[team.unit_id, PERIOD])).content.decode()
    assert "重新计算成功以后才能确认" in page
    assert f"原因：{team}没有一条小项适用" in page
    assert ('<button class="btn btn-primary" type="submit">重新计算</button>' in page, "确认得分" in page) == (
        True,
        False,
    )

"""Filing checks: stored by exception, once however often sent, and only where the rules let it in."""

import datetime

import pytest

from assessments.errors import AssessmentError, StaleState
from assessments.models import Check, Criterion, Finding, NotApplicable, Veto
from assessments.services import checks
from assessments.services.checks import Deviation
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 10, 5)


@pytest.fixture
def team():
    unit = make.make_unit()
    make.make_standard(unit)
    return make.make_team(unit, "一值")


def file(team, *deviations, key="k1", kind=Check.Kind.SELF, date=DAY, shift="day", checker=None):
    return checks.file_check(
        team, kind=kind, date=date, deviations=deviations, key=key, actor=None, shift=shift, checker=checker
    )


def test_an_untouched_sheet_is_stored_without_findings(team):
    check = file(team)
    assert (check.period, check.version.in_force_from, check.findings.count()) == (PERIOD, 202601, 0)


def test_deviations_become_findings_of_the_team_and_month(team):
    worker, assessor = make.make_member(team), make.make_user()
    award, loss = (
        Deviation(None, 150, note="合理化建议"),
        Deviation(make.criterion(team, "1.2"), -200, worker, "未戴安全帽"),
    )
    check = file(team, loss, award, checker=assessor)
    stored = Finding.objects.order_by("points").values_list(
        "on_sheet", "team", "period", "criterion__code", "points", "person", "note"
    )
    assert list(stored) == [
        (check.pk, team.pk, PERIOD, "1.2", -200, worker.pk, "未戴安全帽"),
        (check.pk, team.pk, PERIOD, None, 150, None, "合理化建议"),
    ]
    assert AuditEntry.objects.get(verb="check.filed").after == {"findings": ["1.2 违章 -2 分", "加分 +1.5 分"]}


def test_a_sheet_sent_twice_is_stored_once(team):
    first = file(team, Deviation(None, 100))
    assert file(team, Deviation(None, 100)) == first
    assert (Check.objects.count(), Finding.objects.count()) == (1, 1)


def test_a_second_self_check_of_the_shift_is_refused_and_others_are_not(team):
    file(team)
    with pytest.raises(
        AssessmentError, match="^一值 2026-10-05 这个班次的自查已经提交过了。要补充，请找考核员登记抽查。$"
    ):
        file(team, key="k2")
    file(team, key="k3", shift="night")
    file(team, key="k4", kind=Check.Kind.SPOT)
    file(team, key="k5", kind=Check.Kind.SPOT)
    assert Check.objects.count() == 4


def refused(team):
    item, stranger = make.criterion(team, "1.1"), make.make_user("000099", "路人")
    return {
        "a deduction of nothing": ([Deviation(item, 0)], DAY, "的扣分要大于 0、不超过 100 分，现在是 0 分。$"),
        "a deduction above zero": ([Deviation(item, 50)], DAY, "现在是 \\+0.5 分。$"),
        "too large a deduction": ([Deviation(item, -10001)], DAY, "现在是 −100.01 分。$"),
        "an award of nothing": ([Deviation(None, 0)], DAY, "^加分要大于 0。$"),
        "a stranger at fault": (
            [Deviation(item, -50, stranger)],
            DAY,
            "^路人 2026-10-05 不是一值的成员，不能作为责任人。$",
        ),
        "a day to come": ([], datetime.date(2099, 1, 1), "^检查日期还没到，不能提前填写。$"),
        "a month without standard": ([], datetime.date(2025, 12, 31), "^2025年12月没有执行中的考核标准，"),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("a deduction of nothing", "a deduction above zero", "too large a deduction", "an award of nothing"),
        *("a stranger at fault", "a day to come", "a month without standard"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_stored(name, team):
    deviations, date, sentence = refused(team)[name]
    with pytest.raises(AssessmentError, match=sentence):
        file(team, Deviation(None, 100), *deviations, date=date)
    assert (Check.objects.count(), Finding.objects.count(), AuditEntry.objects.filter(verb="check.filed").count()) == (
        0,
        0,
        0,
    )


def test_who_was_a_member_on_that_day_can_be_at_fault(team):
    worker = make.make_member(team, ended_on=DAY)
    item = make.criterion(team, "1.1")
    file(team, Deviation(item, -50, worker))
    with pytest.raises(AssessmentError, match="2026-10-06 不是一值的成员"):
        file(team, Deviation(item, -50, worker), key="k2", date=datetime.date(2026, 10, 6))


def test_a_voided_finding_counts_no_more_but_stays_readable(team):
    finding = file(team, Deviation(make.criterion(team, "1.1"), -50)).findings.get()
    assessor = make.make_user()
    checks.void_finding(finding, "记错了班组", actor=assessor)
    finding.refresh_from_db()
    assert (finding.points, finding.void_reason, finding.voided_by) == (-50, "记错了班组", assessor)
    assert not Finding.objects.valid().exists()
    with pytest.raises(StaleState, match="^这一条已经作废了。$"):
        checks.void_finding(finding, "再来一次", actor=None)


def test_what_does_not_apply_is_declared_as_a_whole(team):
    one, two, three = Criterion.objects.filter(code__in=["1.1", "1.2", "2.1"])
    checks.set_not_applicable(team, PERIOD, [one, two], actor=None)
    checks.set_not_applicable(team, PERIOD, [two, three], actor=None)
    checks.set_not_applicable(team, PERIOD, [three, two], actor=None)
    assert sorted(NotApplicable.objects.values_list("criterion__code", flat=True)) == ["1.2", "2.1"]
    trail = AuditEntry.objects.filter(verb="applicability.set").order_by("id").values_list("before", "after")
    assert list(trail) == [
        ({"codes": []}, {"codes": ["1.1", "1.2"]}),
        ({"codes": ["1.1", "1.2"]}, {"codes": ["1.2", "2.1"]}),
    ]


def test_a_veto_is_recorded_once_and_can_be_taken_back(team):
    first = checks.add_veto(team, PERIOD, "迟报事故", actor=None)
    assert checks.add_veto(team, PERIOD, "迟报事故", actor=None) == first
    checks.add_veto(team, PERIOD, "另一件事", actor=None)
    checks.remove_veto(first, actor=None)
    assert list(Veto.objects.values_list("reason", flat=True)) == ["另一件事"]
    verbs = AuditEntry.objects.filter(verb__startswith="veto").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["veto.recorded", "veto.recorded", "veto.removed"]


def test_a_finding_belongs_to_the_version_of_its_day(team):
    later = make.make_standard(team.unit, period=202611)
    old, new = make.criterion(team, "1.2"), later.criteria.get(code="1.2")
    with pytest.raises(AssessmentError, match="不是这一天执行的标准"):
        file(team, Deviation(new, -50))
    check = file(team, Deviation(old, -50))
    assert (check.version, check.findings.get().criterion) == (old.version, old)

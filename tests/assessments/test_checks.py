"""Filing checks: stored by exception, once however often sent, and only where the rules let it in."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.errors import AlreadyFiled, AssessmentError, StaleState
from assessments.models import Check, Criterion, Finding, NotApplicable, Veto
from assessments.selectors import version_for
from assessments.services import checks, closes, conditions
from assessments.services.checks import Deviation
from assessments.shifts import likely_shift
from teams.models import AuditEntry, Watch
from teams.photos import store_photo
from tests import factories as make
from tests.access.world import picture
from tests.factories import PERIOD
from tests.frozen import inputs_of

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
    sentence = r"^一值 2026-10-05 白班已由系统 \d+月\d+日 \d\d:\d\d 提交。要补充，请找考核员登记抽查；填错了，"
    with pytest.raises(AlreadyFiled, match=sentence) as refusal:
        file(team, key="k2")
    assert refusal.value.check.key == "k1"
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
    conditions.set_not_applicable(team, PERIOD, [one, two], actor=None)
    conditions.set_not_applicable(team, PERIOD, [two, three], actor=None)
    conditions.set_not_applicable(team, PERIOD, [three, two], actor=None)
    assert sorted(NotApplicable.objects.values_list("criterion__code", flat=True)) == ["1.2", "2.1"]
    trail = AuditEntry.objects.filter(verb="applicability.set").order_by("id").values_list("before", "after")
    assert list(trail) == [
        ({"codes": []}, {"codes": ["1.1", "1.2"]}),
        ({"codes": ["1.1", "1.2"]}, {"codes": ["1.2", "2.1"]}),
    ]


def test_a_veto_is_recorded_once_and_can_be_taken_back(team):
    first = conditions.add_veto(team, PERIOD, "迟报事故", actor=None)
    assert conditions.add_veto(team, PERIOD, "迟报事故", actor=None) == first
    conditions.add_veto(team, PERIOD, "另一件事", actor=None)
    conditions.remove_veto(first, actor=None)
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


# -- A sheet filed by mistake ------------------------------------------------------------------------------------------


def test_a_voided_sheet_takes_its_findings_along_and_frees_the_shift(team):
    item, assessor = make.criterion(team, "1.1"), make.make_user()
    check = file(team, Deviation(item, -50), Deviation(item, -100))
    checks.void_finding(check.findings.first(), "记重了", actor=None)
    checks.void_check(check, "填成了别的班组", actor=assessor)
    check.refresh_from_db()
    assert (check.void_reason, check.voided_by, check.valid_findings) == ("填成了别的班组", assessor, [])
    assert sorted(finding.void_reason for finding in check.findings.all()) == ["填成了别的班组", "记重了"]
    assert AuditEntry.objects.get(verb="check.voided").after == {"reason": "填成了别的班组", "findings": 1}
    assert not Check.objects.valid().exists()
    again = file(team, key="k2")
    assert list(Check.objects.valid()) == [again]
    with pytest.raises(StaleState, match="^这张检查已经作废了。$"):
        checks.void_check(check, "再来一次", actor=None)
    with pytest.raises(AlreadyFiled):
        file(team, key="k3")


def test_a_sheet_is_voided_only_before_the_month_is_confirmed():
    team = make.make_ready_unit(teams=1).teams.get()
    check = Check.objects.get(team=team)
    close = make.compute_month(team.unit)
    closes.confirm(close, actor=None)
    with pytest.raises(AssessmentError):
        checks.void_check(check, "填错了", actor=None)
    closes.take_back(close, actor=None)
    checks.void_check(check, "填错了", actor=None)
    assert not team_inputs(team)["findings"]


def team_inputs(team):
    return inputs_of(team.unit, PERIOD, version_for(team.unit, PERIOD))["teams"][0]


def test_a_void_without_a_reason_is_refused_by_the_database(team):
    check = file(team)
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.filter(pk=check.pk).update(voided_at=timezone.now())


# -- The shift that a new sheet proposes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "known", "proposals"),
    [
        ("day", ["day"], {0: "day", 7: "day", 22: "day"}),
        ("rotating", [], {0: "night", 6: "night", 7: "morning", 14: "morning", 15: "middle", 23: "middle"}),
        ("rotating", ["night", "day", "middle"], {6: "night", 8: "morning", 16: "middle"}),
        ("rotating", ["night", "day"], {0: "night", 6: "night", 7: "day", 18: "day", 19: "night"}),
    ],
)
def test_the_shift_follows_the_clock_and_the_habit_of_the_team(team, pattern, known, proposals):
    team.shift_pattern = pattern
    recent = [Check(shift=shift, date=DAY) for shift in known]
    found = {hour: likely_shift(team, at(hour), recent, skip_filed=False) for hour in proposals}
    assert found == proposals


def at(hour):
    return timezone.make_aware(datetime.datetime(2026, 10, 6, hour, 30))  # noqa: DTZ001


def test_a_shift_that_is_filed_today_is_not_proposed_again(team):
    today = at(9).date()
    recent = [Check(shift="middle", date=DAY), Check(shift="morning", date=today)]
    assert likely_shift(team, at(9), recent, skip_filed=True) == "middle"
    assert likely_shift(team, at(9), recent, skip_filed=False) == "morning"
    recent += [Check(shift="middle", date=today)]
    assert likely_shift(team, at(16), recent, skip_filed=True) == "night"
    recent += [Check(shift="night", date=today)]
    assert likely_shift(team, at(16), recent, skip_filed=True) == "middle"


@pytest.mark.parametrize(
    ("watches", "codes", "proposed"),
    [
        (["day"], "夜", "day"),
        (["day", "night"], "√", "night"),
        ([], "√休", "day"),
        ([], "夜", "night"),
        ([], "√夜", "night"),
        ([], "休病", "night"),
    ],
)
def test_the_plan_and_the_attendance_of_the_day_come_before_the_clock(team, watches, codes, proposed):
    today, people = at(19).date(), [make.make_member(team) for _ in range(2)]
    for shift in watches:
        Watch.objects.create(team=team, date=today, shift=shift, user=people[0])
    for person, code in zip(people, codes, strict=False):
        make.make_day(person, team, today, code)
    recent = [Check(shift=shift, date=DAY) for shift in ("day", "night")]
    assert likely_shift(team, at(19), recent, skip_filed=True) == proposed


# -- Its pages ---------------------------------------------------------------------------------------------------------


def sheet_of(team, **fields):
    return {"key": "k", "date": f"{timezone.localdate()}", "shift": "day", "kind": "spot"} | fields


def test_the_sheet_says_who_has_filed_today_and_links_there(team, client):
    leader = make.make_member(team, "leader", user=make.make_user(name="周建国"))
    check = file(team, date=timezone.localdate(), checker=leader)
    address, link = reverse("assessments:self-check", args=[team.pk]), reverse("assessments:check", args=[check.pk])
    client.force_login(leader)
    sentence = f"白班已由周建国 {timezone.localtime(check.submitted_at):%H:%M} 提交"
    for page in (client.get(address), client.post(address, sheet_of(team))):
        assert f"今天{sentence}" in page.content.decode()
        assert link in page.content.decode()
    assert f"{team} {check.date} {sentence}。要补充" in page.content.decode()


@pytest.mark.parametrize(("note", "filed"), [("", 0), ("  ", 0), ("地面有油", 1)])
@pytest.mark.parametrize("row", ["1.1", "award"])
def test_whoever_inspects_says_why(team, client, row, note, filed):
    key = row if row == "award" else make.criterion(team, row).pk
    client.force_login(make.give_role(team.unit, "assessor"))
    body = sheet_of(team) | {f"c-{key}": "1", f"c-{key}-points": "0.5", f"c-{key}-note": note}
    page = client.post(reverse("assessments:inspect", args=[team.pk]), body, follow=True).content.decode()
    assert Finding.objects.count() == filed
    assert ("”：请写说明" in page) == (not filed)


def test_what_is_refused_stands_at_its_field_and_the_message_leads_there(team, client):
    key = make.criterion(team, "1.1").pk
    client.force_login(make.make_member(team, "leader"))
    body = sheet_of(team) | {f"c-{key}": "1", f"c-{key}-points": "99", f"c-{key}-note": "x" * 501, "date": "2026-13-01"}
    answer = client.post(reverse("assessments:self-check", args=[team.pk]), body)
    page, form = answer.content.decode(), answer.context["form"]
    assert [place for place, _ in form.refusals] == ["id_date", f"c-{key}-points", f"c-{key}-note"]
    for field in ("points", "note"):
        assert f'href="#c-{key}-{field}"' in page
        assert f'aria-describedby="c-{key}-{field}-error"' in page
        assert f'id="c-{key}-{field}-error"' in page
    assert page.count("is-invalid") == 3
    assert " data-refused" in page


def test_a_team_may_note_a_fault_of_its_own_without_words(team, client):
    key = make.criterion(team, "1.1").pk
    client.force_login(make.make_member(team, "leader"))
    client.post(
        reverse("assessments:self-check", args=[team.pk]), sheet_of(team, **{f"c-{key}": "1", f"c-{key}-points": "1"})
    )
    assert Finding.objects.get().points == -100


def test_the_list_and_the_sheet_tell_voided_from_in_order(team, client):
    item = make.criterion(team, "1.1")
    half, gone, whole = (
        file(team, *[Deviation(item, -50)] * count, key=f"v{count}", kind="spot") for count in (2, 1, 3)
    )
    for finding in (half.findings.first(), gone.findings.get()):
        checks.void_finding(finding, "记错", actor=None)
    checks.void_check(whole, "整张记错", actor=None)
    client.force_login(make.give_role(team.unit, "assessor"))
    page = client.get(reverse("assessments:checks", args=[team.pk, PERIOD])).content.decode()
    assert "2 条（已作废 1 条）：1.1 班前会" in page
    assert ("整张已作废" in page, page.count("已作废</span>"), "全部正常" in page) == (True, 2, False)
    for check, words in ((half, "（已作废 1 条）"), (whole, "整张已作废，不计分：整张记错")):
        assert words in client.get(reverse("assessments:check", args=[check.pk])).content.decode()


# -- What concerns somebody stays readable after a move ----------------------------------------------------------------


@pytest.fixture
def moved(team, settings, tmp_path):
    """A worker named in a finding with a photo, a colleague, and the checker: all in another team by now."""
    settings.MEDIA_ROOT = tmp_path
    people = {name: make.make_member(team, ended_on=DAY) for name in ("named", "colleague", "checker")}
    photos = [store_photo(picture(name=f"{n}.png"), team=team, actor=people["checker"]) for n in range(2)]
    item = make.criterion(team, "1.1")
    about = Deviation(item, -50, people["named"], "地面有油", photos[:1])
    check = file(team, about, checker=people["checker"])
    other = file(team, Deviation(item, -50, None, "别的", photos[1:]), key="other", kind="spot")
    elsewhere = make.make_team(make.make_unit("检修部"))
    for user in people.values():
        make.make_member(elsewhere, user=user, started_on=DAY + datetime.timedelta(days=1))
    return people, [addresses(check), addresses(other)], reverse("assessments:checks", args=[team.pk, PERIOD])


def addresses(check):
    finding = check.findings.get()
    return [
        reverse("assessments:check", args=[check.pk]),
        reverse("assessments:finding", args=[finding.pk]),
        reverse("teams:photo", args=[finding.photos.get().pk]),
    ]


def status(client, address):
    response = client.get(address)
    b"".join(response)  # a photo is read to its end, which closes its file
    return response.status_code


@pytest.mark.parametrize(("who", "opens"), [("named", True), ("checker", True), ("colleague", False)])
def test_after_a_move_only_what_concerns_a_person_stays_open(moved, client, who, opens):
    people, (own, other), month = moved
    client.force_login(people[who])
    assert [status(client, address) for address in own] == ([200, 302, 200] if opens else [404] * 3)
    assert [status(client, address) for address in [*other, month]] == [404] * 4
    assert not opens or month not in client.get(own[0]).content.decode()


@pytest.mark.parametrize(("late", "marked"), [(0, False), (1, False), (2, True)])
def test_a_sheet_entered_after_the_next_day_is_marked_with_both_times(team, client, late, marked):
    checker = make.give_role(team.unit, "assessor")
    check = file(team, kind=Check.Kind.SPOT, checker=checker)
    entered = datetime.datetime.combine(DAY, datetime.time(1), datetime.UTC) + datetime.timedelta(days=late)
    Check.objects.update(submitted_at=entered)
    client.force_login(checker)
    pages = [reverse("assessments:checks", args=[team.pk, PERIOD]), reverse("assessments:check", args=[check.pk])]
    assert ["补录" in client.get(page).content.decode() for page in pages] == [marked, marked]
    assert f"2026-10-0{5 + late} 09:00" in client.get(pages[1]).content.decode()


def test_an_imported_sheet_is_not_called_late(team):
    check = file(team, kind=Check.Kind.SPOT)
    check.submitted_at = timezone.now() + datetime.timedelta(days=400)
    assert not check.back_dated

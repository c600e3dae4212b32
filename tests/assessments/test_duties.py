"""What the assessment floor makes duties of: findings to be put right, and spot checks from their day on."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from activities import selectors
from activities.models import Duty
from activities.selectors import Tally
from activities.services import duties
from assessments.errors import AssessmentError
from assessments.models import CheckPlan, Rectification
from assessments.services import checks, plan_outcomes, plans, rectifications
from assessments.services.checks import Deviation
from teamhub import home
from teamhub.tasks import keep_duties
from teams.errors import StaleState
from teams.models import AuditEntry
from tests import factories as make
from tests.assessments.findings import DAY, Place, State

pytestmark = pytest.mark.django_db


def october(day):
    return datetime.date(2026, 10, day)


EVE = datetime.date(2026, 9, 30)
"""The last day before the seven days off."""


@pytest.fixture
def clock(monkeypatch):
    """Sets today: the Beijing date and the moment, eight in the morning."""

    def turn(day):
        moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(8)))
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    turn(EVE)
    return turn


@pytest.fixture
def place(clock):
    return Place()


def fresh(user):
    vars(user).pop("_access", None)
    return user


def own(user):
    """Titles of what a person has to do by the list, apart from the attendance of the month before."""
    found = selectors.own_duties(fresh(user)).exclude(kind="attendance_confirm")
    return [duty.title for duty in selectors.still_open(found)]


def the_duty(row):
    return Duty.objects.get(source=f"rectification:{row.finding_id}")


def assigned(place, due_on, **facts):
    row = place.found(**facts)
    rectifications.assign(row, place.assignee, due_on=due_on, note="", actor=place.leader)
    return row


# -- A finding to be put right -----------------------------------------------------------------------------------------


def test_each_deduction_is_a_duty_of_the_team_due_after_the_holiday(place):
    row = place.found()
    duty = the_duty(row)
    assert (duty.team, duty.unit, duty.user, duty.title, duty.state) == (
        *(place.team, place.unit, None, "整改：地面有油", "open"),
    )
    # Off until the 7th: the 8th, the 9th and the Saturday worked instead; then five working days of grace.
    assert (duty.opens_on, duty.due_on, duty.grace_until) == (EVE, october(10), october(16))
    assert (duty.period, row.due_on) == (202610, october(10))
    assert own(place.leader) == own(place.deputy) == ["整改：地面有油"]
    assert own(place.worker) == own(place.manager) == []


def test_a_clean_sheet_an_award_and_an_import_of_the_past_ask_for_nothing(place):
    make.file_findings(place.team, (None, 100, None), day=29, period=202609)
    facts = {"kind": "spot", "date": EVE, "key": "k", "actor": None, "rectified": True}
    checks.file_check(place.team, deviations=[Deviation(make.criterion(place.team, "1.1"), -50)], **facts)
    assert not Duty.objects.filter(kind="rectification").exists()


def test_assigned_it_is_the_duty_of_the_assignee_until_the_day_that_was_said(place):
    row = assigned(place, october(3))
    assert (the_duty(row).user, the_duty(row).due_on) == (place.assignee, october(3))
    assert the_duty(row).grace_until == october(13)
    assert (own(place.assignee), own(place.leader)) == (["整改：地面有油"], [])
    rectifications.assign(row, place.worker, note="", actor=place.deputy, seen=place.assignee.pk)
    assert (the_duty(row).user, the_duty(row).due_on) == (place.worker, october(3))


def test_reported_it_is_done_refused_open_again_with_a_new_day_and_closed_still_done(place, clock):
    row = assigned(place, october(8))
    before = AuditEntry.objects.count()
    clock(october(8))
    rectifications.report(row, "擦了", photos=[], actor=place.assignee)
    assert (the_duty(row).state, the_duty(row).done_by) == ("done", place.assignee)
    clock(october(9))
    rectifications.refuse(row, "还有油", actor=place.deputy)
    assert (row.due_on, the_duty(row).due_on) == (october(10), october(10))
    assert (the_duty(row).state, the_duty(row).done_at, the_duty(row).user) == ("open", None, place.assignee)
    clock(october(10))
    rectifications.report(row, "又擦了", photos=[], actor=place.leader)
    rectifications.close(row, actor=place.deputy)
    assert (the_duty(row).state, the_duty(row).done_by) == ("done", place.leader)
    assert AuditEntry.objects.count() == before + 4


def test_a_refusal_leaves_a_later_day_as_it_is(place):
    row = assigned(place, october(20))
    rectifications.report(row, "擦了", photos=[], actor=place.assignee)
    rectifications.refuse(row, "还有油", actor=place.deputy)
    assert (row.due_on, the_duty(row).due_on) == (october(20), october(20))


@pytest.mark.parametrize(("day", "outcome"), [(9, "done"), (10, "late"), (15, "late"), (16, "missed")])
def test_it_is_late_within_five_working_days_and_too_late_after_them(place, clock, day, outcome):
    row = assigned(place, october(9))
    assert the_duty(row).grace_until == october(15)
    clock(october(day))
    duties.settle(october(day))
    rectifications.report(row, "擦了", photos=[], actor=place.assignee)
    assert (the_duty(row).state, row.state) == (outcome, "reported")


def test_an_extension_opens_what_was_missed(place, clock):
    row = assigned(place, october(8))
    clock(october(28))
    duties.settle(october(28))
    assert the_duty(row).state == "missed"
    rectifications.extend(row, datetime.date(2026, 11, 3), "等备件", actor=place.manager)
    duty = the_duty(row)
    assert (duty.state, duty.due_on, duty.period) == ("open", datetime.date(2026, 11, 3), 202611)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("state", [State.ASSIGNED, State.REPORTED])
def test_a_void_finding_asks_for_nothing_and_nobody_can_ask_again(place, client, whole, state):
    row, before = place.found(state=state), AuditEntry.objects.count()
    if whole:
        checks.void_check(row.finding.on_sheet, "查错了班组", actor=place.assessor)
    else:
        checks.void_finding(row.finding, "查错了班组", actor=place.assessor)
    duty = the_duty(row)
    assert (duty.state, duty.reason) == ("waived", "不用办了：检查记录作废（查错了班组）")
    assert AuditEntry.objects.count() == before + 1
    with pytest.raises(StaleState, match="不用办了"):
        duties.ask_again(duty, actor=place.manager)
    client.force_login(place.manager)
    page = client.get(reverse("activities:duties"), {"state": "waived"}).text
    assert ("不用办了：检查记录作废" in page, "取消免办" in page) == (True, False)


def test_a_manager_may_still_take_the_own_waiver_back(place, client):
    row = place.found()
    duties.waive(the_duty(row), "等大修", actor=place.manager)
    client.force_login(place.manager)
    assert "取消免办" in client.get(reverse("activities:duties"), {"state": "waived"}).text
    rectifications.assign(row, place.assignee, due_on=october(12), note="", actor=place.leader)
    assert (the_duty(row).state, the_duty(row).due_on) == ("waived", october(12))
    duties.ask_again(the_duty(row), actor=place.manager)
    assert the_duty(row).state == "open"


def test_a_step_that_is_refused_leaves_the_duty_alone(place):
    row = assigned(place, october(8))
    stale = Rectification.objects.get(pk=row.pk)
    rectifications.report(row, "擦了", photos=[], actor=place.assignee)
    with pytest.raises(AssessmentError):
        rectifications.refuse(row, "不行", actor=place.assignee)
    with pytest.raises(StaleState):
        rectifications.extend(stale, october(20), "等备件", actor=place.manager)
    assert (the_duty(row).state, the_duty(row).due_on) == ("done", october(8))


def test_the_rate_of_the_month_counts_them(place, clock):
    rows = [assigned(place, october(day)) for day in (8, 8, 9, 20)]
    clock(october(9))
    rectifications.report(rows[0], "擦了", photos=[], actor=place.assignee)
    _, (row,), total = selectors.compliance_of(place.unit, 202610)
    ((kind, tally),) = [cell for cell in row.cells if cell[0].code == "rectification"]
    assert (kind.name, tally) == ("整改", Tally(late=1, overdue=1))
    assert (row.team, total.asked, total.percent) == (place.team, 2, 0)


def test_today_says_it_once_to_everybody(place, clock):
    row = assigned(place, october(8))
    Duty.objects.exclude(kind="rectification").delete()
    clock(october(15))
    told = {}
    for who in ("leader", "assignee", "manager", "assessor"):
        lines = home.page_of(fresh(place.people[who]))["queue"]
        told[who] = [line["title"] for line in lines if "整改" in line["title"] or "地面有油" in line["detail"]]
        assert not [line for line in lines if line["title"] == "逾期待办"]
    assert told == {"leader": ["整改逾期"], "assignee": ["整改"], "manager": ["整改逾期"], "assessor": []}
    assert the_duty(row) in selectors.own_duties(fresh(place.assignee))


# -- Spot checks -------------------------------------------------------------------------------------------------------


def spot(place, day, team=None):
    """A spot check drawn some days ago for a day, which is a secret until then."""
    team = team or place.team
    days = {"due_from": day, "due_on": day, "shown_from": day}
    return CheckPlan.objects.create(unit=team.unit, team=team, kind="spot", **days)


def spot_states():
    return {duty.due_on.day: duty.state for duty in Duty.objects.filter(kind="spot_check")}


def file_spot(place, day):
    facts = {"kind": "spot", "date": day, "deviations": [], "key": f"{day}"}
    return checks.file_check(place.team, actor=place.assessor, checker=place.assessor, **facts)


def test_a_spot_check_is_nobodys_duty_before_its_day(place, clock):
    spot(place, october(9))
    for day in (EVE, october(8)):
        clock(day)
        keep_duties()
        assert spot_states() == {}
    clock(october(9))
    for _ in range(2):
        keep_duties()
    duty = Duty.objects.get(kind="spot_check")
    assert (duty.title, duty.opens_on, duty.due_on) == ("10月9日抽查", october(9), october(9))
    assert duty.grace_until == october(13)
    assert own(place.assessor) == ["10月9日抽查"]
    assert "10月9日抽查" not in own(place.leader)
    assert selectors.address_of(duty) == reverse("assessments:inspect", args=[place.team.pk])
    entries = AuditEntry.objects.filter(verb="duty.raised").order_by("id")
    assert [entry.after["raised"] for entry in entries][-1] == 4  # and the self checks of three teams


def test_a_day_on_which_the_worker_was_down_is_not_forgotten(place, clock):
    spot(place, october(9))
    clock(october(10))
    keep_duties()
    plan_outcomes.settle(october(10))
    assert spot_states() == {9: "open"}
    assert CheckPlan.objects.get().state == "missed"


@pytest.mark.parametrize(("day", "outcome"), [(9, "done"), (10, "late"), (13, "late"), (14, "missed")])
def test_the_sheet_of_that_day_fulfils_it_late_when_it_is_entered_late(place, clock, day, outcome):
    spot(place, october(9))
    clock(october(9))
    keep_duties()
    clock(october(day))
    duties.settle(october(day))
    check = file_spot(place, october(9))
    duty = Duty.objects.get(kind="spot_check")
    assert (duty.state, duty.done_by, CheckPlan.objects.get().check_made) == (outcome, place.assessor, check)


def test_it_is_fulfilled_where_the_night_has_not_been_and_open_again_when_the_sheet_is_void(place, clock):
    spot(place, october(9))
    clock(october(9))
    check = file_spot(place, october(9))
    assert spot_states() == {9: "done"}
    checks.void_check(check, "写错班组", actor=place.assessor)
    assert spot_states() == {9: "open"}


def test_drawn_on_its_own_day_or_set_by_hand_for_it_it_is_a_duty_at_once(place, clock):
    clock(october(11))  # the last day of a week: all that is left to draw
    plans.draw_spot_checks(place.unit, plans.monday_of(october(11)), actor=place.assessor)
    assert Duty.objects.filter(kind="spot_check").count() == CheckPlan.objects.filter(due_on=october(11)).count() == 2
    clock(october(12))
    plans.add_plan(place.team, "spot", october(12), october(14), actor=place.assessor)
    plans.add_plan(place.team, "superior", october(12), october(12), actor=place.assessor)
    assert spot_states() == {11: "open", 14: "open"}


def test_called_off_it_is_withdrawn(place, clock):
    plan = spot(place, october(9))
    clock(october(9))
    keep_duties()
    plans.cancel(plan, "停机", actor=place.assessor)
    duty = Duty.objects.get(kind="spot_check")
    assert (duty.state, duty.reason) == ("waived", "不用办了：检查安排取消（停机）")
    with pytest.raises(StaleState):
        duties.ask_again(duty, actor=place.manager)
    keep_duties()
    assert spot_states() == {9: "waived"}


def test_nobody_waives_what_is_the_own_duty(place, clock, client):
    spot(place, october(9))
    clock(october(9))
    keep_duties()
    duty = Duty.objects.get(kind="spot_check")
    address = reverse("activities:duty-waive", args=[duty.pk])
    client.force_login(place.assessor)
    assert f'action="{address}"' not in client.get(reverse("activities:duties")).text
    assert client.post(address, {"reason": "没空"}).status_code == 403
    assert spot_states() == {9: "open"}
    client.force_login(place.manager)
    assert client.post(address, {"reason": "停机"}).status_code == 302
    assert spot_states() == {9: "waived"}


def test_what_the_assessor_leaves_undone_is_not_in_the_rate_of_the_team(place, clock):
    spot(place, october(9))
    clock(october(9))
    keep_duties()
    clock(october(10))
    _, rows, total = selectors.compliance_of(place.unit, 202610)
    (row,) = [row for row in rows if row.team == place.team]
    cells = {kind.code: tally for kind, tally in row.cells}
    assert cells["spot_check"] == Tally(overdue=1)
    assert (row.total, total.asked) == (cells["self_check"], 2)  # the self checks of the two teams


def test_today_tells_the_assessor_once_and_again_when_it_is_overdue(place, clock):
    spot(place, october(9))
    clock(october(9))
    keep_duties()

    def lines():
        return [(line["title"], line["word"]) for line in home.page_of(fresh(place.assessor))["queue"]]

    assert lines().count(("到日子的检查", "待办")) == 1
    assert "抽查" not in dict(lines())
    clock(october(9) + DAY)
    plan_outcomes.settle(october(10))
    assert "到日子的检查" not in dict(lines())
    assert dict(lines())["抽查"] == "逾期"

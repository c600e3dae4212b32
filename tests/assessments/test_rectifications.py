"""From finding to closure: who takes which step when, and how late is late."""

import datetime
from functools import partial
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.errors import AssessmentError, StaleState
from assessments.models import Finding, Rectification, RectificationStep
from assessments.rectifications.access import STEPS, open_steps, rights, waiting_for
from assessments.rectifications.lateness import due_before, working_days_late
from assessments.rectifications.lists import history_of, overdue_in, rows_of, with_lateness
from assessments.services import checks, rectifications
from assessments.services.checks import Deviation
from teams.models import AuditEntry, Team, User, WorkDay
from teams.photos import store_photo
from teams.workdays import is_workday, last_day_of_notice
from tests import factories as make
from tests.access.world import picture
from tests.assessments.findings import DAY, VERB, Place, State, body
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def trail():
    return AuditEntry.objects.count()


def verbs():
    return list(
        AuditEntry.objects.filter(object_type="assessments.rectification").order_by("id").values_list("verb", flat=True)
    )


# -- Opening -----------------------------------------------------------------------------------------------------------


def test_each_deduction_opens_a_rectification_under_the_row_of_the_sheet(place):
    item, before = make.criterion(place.team, "1.1"), trail()
    deviations = [Deviation(item, -50), Deviation(make.criterion(place.team, "1.2"), -100), Deviation(None, 100)]
    facts = {"kind": "spot", "date": timezone.localdate(), "key": "k", "actor": None}
    checks.file_check(place.team, deviations=deviations, **facts)
    due_on = last_day_of_notice(timezone.localdate() + DAY, 3)
    opened = Rectification.objects.values_list("finding__criterion__code", "team", "state", "due_on", "assignee")
    assert sorted(opened) == [(code, place.team.pk, "unassigned", due_on, None) for code in ("1.1", "1.2")]
    assert trail() == before + 1
    assert checks.file_check(place.team, deviations=deviations, **facts)
    assert Rectification.objects.count() == 2


def test_a_clean_sheet_and_an_import_of_the_past_open_none(place):
    make.file_findings(place.team, (None, 100, None))
    facts = {"kind": "spot", "date": timezone.localdate(), "key": "k", "actor": None, "rectified": True}
    checks.file_check(place.team, deviations=[Deviation(make.criterion(place.team, "1.1"), -50)], **facts)
    assert Finding.objects.count() == 2
    assert not Rectification.objects.exists()


def test_a_voided_finding_is_in_no_list_and_open_to_no_step(place):
    row = place.found()
    tabs = {"mine": "leader", "team": "leader", "units": "manager"}
    assert [rows_of(place.user(who), tab).count() for tab, who in tabs.items()] == [1, 1, 1]
    checks.void_finding(row.finding, "记错了", actor=place.assessor)
    assert [rows_of(place.user(who), tab).count() for tab, who in tabs.items()] == [0, 0, 0]
    with pytest.raises(StaleState, match="^这条检查记录已经作废，不用再整改了。$"):
        rectifications.assign(row, place.worker, due_on=timezone.localdate(), note="", actor=place.leader)
    row.refresh_from_db()
    assert (row.state, open_steps(place.user("leader"), row), row.steps.count()) == ("unassigned", set(), 0)


# -- Every state, step and role ----------------------------------------------------------------------------------------

OFFICERS = {"leader", "deputy", "safety"}
MAY = {
    # (who found it, step): who may
    ("self", "assign"): {"leader", "deputy"},
    ("self", "report"): {"leader", "deputy", "assignee"},
    ("self", "close"): OFFICERS | {"assessor"},
    ("self", "refuse"): OFFICERS | {"assessor"},
    ("self", "extend"): OFFICERS | {"assessor", "manager"},
    ("mutual", "assign"): {"leader", "deputy"},
    ("mutual", "report"): {"leader", "deputy", "assignee"},
    ("mutual", "close"): {"checker", "assessor"},
    ("mutual", "refuse"): {"checker", "assessor"},
    ("mutual", "extend"): {"checker", "assessor", "manager"},
}
FROM_TO = {
    ("unassigned", "assign"): "assigned",
    ("assigned", "assign"): "assigned",
    ("assigned", "report"): "reported",
    ("reported", "refuse"): "assigned",
    ("reported", "close"): "closed",
    ("unassigned", "extend"): "unassigned",
    ("assigned", "extend"): "assigned",
}


@pytest.mark.parametrize("kind", ["self", "mutual"])
@pytest.mark.parametrize("state", State.values)
def test_only_the_step_of_the_state_by_the_right_person_moves_it(place, client, kind, state):
    row = place.found(kind, state)
    for step, who in product(VERB, place.people):
        with transaction.atomic():
            before = trail(), row.steps.count()
            client.force_login(place.user(who))
            address = reverse(f"assessments:rectification-{step}", args=[row.pk])
            answer = client.post(address, body(place, row, step)).status_code
            now = Rectification.objects.get(pk=row.pk)
            after = AuditEntry.objects.exclude(verb="access.refused").count(), now.steps.count()
            transaction.set_rollback(True)
        nobody_yet = state == "unassigned" and who == "assignee"
        may, place_to = who in MAY[kind, step] and not nobody_yet, FROM_TO.get((state, step))
        if may and place_to:
            assert (answer, now.state) == (302, place_to), (step, who)
            assert after == (before[0] + 1, before[1] + 1), (step, who)
        else:
            refused = (
                (200, 302) if may else (404,) if who == "stranger" or (who == "checker" and kind == "self") else (403,)
            )
            assert answer in refused, (step, who)
            assert (now.state, after) == (state, before), (step, who)


@pytest.mark.parametrize("kind", ["self", "mutual"])
@pytest.mark.parametrize("state", State.values)
def test_what_waits_for_a_person_is_what_the_page_offers(place, kind, state):
    row = place.found(kind, state)
    for who in place.people:
        user = place.user(who)
        turn = open_steps(user, row) & {"unassigned": {"assign"}, "reported": {"close"}}.get(state, {"report"})
        own = turn if state != "assigned" else turn and user == place.assignee
        assert waiting_for(user).filter(pk=row.pk).exists() == bool(own), who
        assert open_steps(user, row) <= rights(user, row) & STEPS[row.state]


@pytest.mark.parametrize("doer", ["assignee", "leader"])
def test_nobody_reviews_or_prolongs_the_own_work(place, doer):
    row = place.found()
    rectifications.assign(row, place.people[doer], due_on=timezone.localdate(), note="", actor=place.deputy)
    with pytest.raises(AssessmentError, match="^整改人不能给自己延期"):
        rectifications.extend(row, row.due_on + DAY, "忙", actor=place.people[doer])
    rectifications.report(row, "擦了", photos=[], actor=place.leader)
    for actor in {place.people[doer], place.leader}:
        for step in (rectifications.close, lambda row, actor: rectifications.refuse(row, "不行", actor=actor)):
            with pytest.raises(AssessmentError, match="^整改的人不能自己复核"):
                step(row, actor=actor)
        assert open_steps(User.objects.get(pk=actor.pk), row) == set()
    with pytest.raises(IntegrityError, match="two_people|CHECK"), transaction.atomic():
        Rectification.objects.filter(pk=row.pk).update(state="closed", closed_by=place.leader, closed_at=timezone.now())
    rectifications.close(row, actor=place.deputy)
    assert (row.state, row.closed_by) == ("closed", place.deputy)


def test_a_refusal_keeps_words_and_photos_in_the_steps(place):
    row = place.found(state=State.ASSIGNED)
    first, third = (store_photo(picture(), team=place.team, actor=place.assignee) for _ in range(2))
    rectifications.report(row, "擦过了", photos=[first], actor=place.assignee)
    rectifications.refuse(row, "角落里还有", actor=place.deputy)
    rectifications.report(row, "角落也擦了", photos=[third], actor=place.assignee)
    told_of = [(word, step.note, photos) for step, word, photos in history_of(row)]
    assert told_of[1:] == [
        ("报告整改", "擦过了", [first]),
        ("退回", "角落里还有", []),
        ("报告整改", "角落也擦了", [third]),
    ]
    assert verbs() == [f"rectification.{verb}" for verb in ("assigned", "reported", "refused", "reported")]


def test_a_report_that_the_reviewer_has_not_seen_is_not_closed(place):
    row = place.found(state=State.REPORTED)
    seen = Rectification.objects.get(pk=row.pk)
    rectifications.refuse(row, "还有油", actor=place.deputy)
    rectifications.report(row, "又擦了", photos=[], actor=place.assignee)
    with pytest.raises(StaleState, match="现在是“待复核”"):
        rectifications.close(seen, actor=place.deputy)


def test_assigning_wants_a_member_of_today_and_a_near_date(place):
    row, today = place.found(), timezone.localdate()
    former = make.make_member(place.team, ended_on=today - DAY)
    wrong = [
        (former, today, "今天不在一值"),
        (place.checker, today, "今天不在一值"),
        (place.worker, today - DAY, "整改期限不能早于今天"),
        (place.worker, today + 31 * DAY, "整改期限最长 30 天"),
    ]
    for assignee, due_on, sentence in wrong:
        with pytest.raises(AssessmentError, match=sentence):
            rectifications.assign(row, assignee, due_on=due_on, note="", actor=place.leader)
    assert (row.steps.count(), verbs()) == (0, [])


def test_assigned_again_the_due_date_stays_and_an_old_page_is_told(place):
    row = place.found(state=State.ASSIGNED)
    due_on = row.due_on
    rectifications.assign(row, place.worker, note="小王请假", actor=place.deputy, seen=place.assignee.pk)
    assert (row.assignee, row.due_on, row.steps.last().note) == (place.worker, due_on, f"{place.worker}：小王请假")
    for seen in (place.assignee.pk, None):
        with pytest.raises(StaleState, match="现在是“待整改”"):
            rectifications.assign(row, place.clerk, due_on=due_on, note="", actor=place.leader, seen=seen)


@pytest.mark.parametrize("days", [-1, 0])
def test_an_extension_goes_forward(place, days):
    row = place.found()
    with pytest.raises(AssessmentError, match="^新的期限要晚于现在的期限"):
        rectifications.extend(row, row.due_on + days * DAY, "等备件", actor=place.manager)
    due_on = row.due_on
    rectifications.extend(row, due_on + DAY, "等备件", actor=place.manager)
    entry = AuditEntry.objects.get(verb="rectification.extended")
    assert (entry.before["due_on"], entry.after) == (f"{due_on}", {"due_on": f"{due_on + DAY}", "reason": "等备件"})


def test_it_goes_on_after_the_month_is_closed():
    unit = make.make_ready_unit(teams=1)
    row = Rectification.objects.get(team__unit=unit)
    hash_before = make.close_month(unit).inputs_hash
    people = [membership.user for membership in row.team.memberships.order_by("id")]
    rectifications.assign(row, people[1], due_on=timezone.localdate(), note="", actor=people[0])
    rectifications.report(row, "改了", photos=[], actor=people[1])
    rectifications.close(row, actor=people[0])
    assert row.state == "closed"
    assert hash_before


def test_a_closed_one_and_its_steps_never_change(place):
    row = place.found(state=State.CLOSED)
    step = row.steps.first()
    for change in (
        lambda: Rectification.objects.filter(pk=row.pk).update(measure="别的"),
        row.delete,
        lambda: RectificationStep.objects.filter(pk=step.pk).update(note="别的"),
        step.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# -- Lateness ----------------------------------------------------------------------------------------------------------


def october(day):
    return datetime.date(2026, 10, day)


OCTOBER = [datetime.date(2026, 9, 29), datetime.date(2026, 9, 30), *(october(day) for day in range(1, 32))]
WORKED = [day for day in OCTOBER if is_workday(day, {})]


@pytest.mark.parametrize(
    ("due", "today", "late", "circles"),
    [
        (datetime.date(2026, 9, 30), datetime.date(2026, 9, 30), 0, ()),
        (datetime.date(2026, 9, 30), october(1), 0, ("team",)),
        (datetime.date(2026, 9, 30), october(7), 0, ("team",)),
        (datetime.date(2026, 9, 30), october(8), 1, ("team",)),
        (datetime.date(2026, 9, 30), october(9), 2, ("team",)),
        (datetime.date(2026, 9, 30), october(10), 3, ("team", "unit")),  # the Saturday that is made up
        (datetime.date(2026, 9, 30), october(11), 3, ("team", "unit")),
        (datetime.date(2026, 9, 30), october(14), 6, ("team", "unit")),
        (datetime.date(2026, 9, 30), october(15), 7, ("team", "unit", "plant")),
        (october(3), october(8), 1, ("team",)),
        (october(20), october(19), 0, ()),
    ],
)
def test_lateness_counts_the_working_days_of_october(due, today, late, circles):
    assert working_days_late(due, today, WORKED) == late
    assert told(due, today) == circles


def told(due, today):
    """Who is told of what is late, as the limits of the circles have it."""
    workdays = [day for day in WORKED if day <= today]
    limits = {"team": today, "unit": due_before(3, workdays), "plant": due_before(7, workdays)}
    return tuple(circle for circle, limit in limits.items() if due < limit)


@given(st.sampled_from(OCTOBER), st.sampled_from(OCTOBER))
def test_lateness_is_the_number_of_working_days_between(due, today):
    late = working_days_late(due, today, WORKED)
    assert late == sum(due < day <= today for day in WORKED)
    circles = told(due, today)
    assert ("team" in circles, "unit" in circles, "plant" in circles) == (today > due, late >= 3, late >= 7)


def test_the_plants_own_days_count_and_what_is_reported_is_not_late(place):
    today = timezone.localdate()
    row, reported = place.found(), place.found(state=State.REPORTED)
    Rectification.objects.update(due_on=today - 10 * DAY)
    WorkDay.objects.bulk_create(
        WorkDay(date=today - number * DAY, is_workday=number < 4, note="检修") for number in range(10)
    )
    assert [(found.pk, found.late) for found in with_lateness(Rectification.objects.order_by("id"))] == [
        (row.pk, 4),
        (reported.pk, None),
    ]
    assert overdue_in(Rectification.objects.all()) == [row]


# -- Races -------------------------------------------------------------------------------------------------------------


def race_of(row, deed, actors):
    """Let all actors do the deed to an own copy of the row at once; what each was told, sorted."""
    return at_once(*(partial(deed, Rectification.objects.get(pk=row.pk), actor=actor) for actor in actors))


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_it_once(place):
    row = place.found(state=State.REPORTED)
    actors = [place.deputy, place.safety, place.assessor, place.leader]
    sentence = "polite: 这条整改刚刚有了进展，现在是“已闭环”。请看过再办。"
    assert race_of(row, rectifications.close, actors) == ["done", *[sentence] * 3]
    assert (verbs().count("rectification.closed"), row.steps.filter(verb="closed").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets only one transaction at a time begin")
def test_control_without_the_comparison_it_is_reported_twice(place, monkeypatch):
    """Reporting may happen again without the comparison; a closed row is guarded by the database besides."""
    row = place.found(state=State.ASSIGNED)
    monkeypatch.setattr(
        rectifications, "_move", lambda row, wanted, **fields: Rectification.objects.filter(pk=row.pk).update(**fields)
    )
    report = lambda row, actor: rectifications.report(row, "改了", photos=[], actor=actor)  # noqa: E731
    assert race_of(row, report, [place.leader, place.assignee]) == ["done", "done"]
    assert verbs().count("rectification.reported") == 2


def test_the_team_page_of_a_disbanded_team_is_no_obstacle(place):
    row = place.found(state=State.ASSIGNED)
    Team.objects.filter(pk=place.team.pk).update(disbanded_on=timezone.localdate())
    assert "report" in open_steps(place.user("assignee"), row)

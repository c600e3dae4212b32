"""An approved month never changes: a correction counts in the next open month, by two people, and nothing is lost."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from teams.errors import StaleState, TeamError
from teams.models import Attendance, AttendanceCorrection, AttendanceMonth, AuditEntry, Membership
from teams.services import corrections
from tests import factories as make

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = 202609, 202610, 202611
DAY = datetime.date(2026, 9, 3)


@pytest.fixture
def team():
    """Three people with an approved September, √ on its first five days."""
    team = make.make_team()
    make.make_member(team, "leader")
    make.make_member(team)
    make.make_attendance(team, SEPTEMBER)
    make.approve_attendance(team, SEPTEMBER)
    return team


@pytest.fixture
def leader(team):
    return Membership.objects.get(team=team, role="leader").user


@pytest.fixture
def worker(team):
    return Membership.objects.get(team=team, role="worker").user


@pytest.fixture
def manager(team):
    return make.give_role(team.unit, "manager")


def propose(team, user, actor, new_code="病", hours=0, date=DAY):
    return corrections.propose(team, user, date, new_code=new_code, hours=hours, reason="病假条补交", actor=actor)


def test_an_approved_correction_counts_in_the_next_open_month_and_leaves_its_own_alone(team, leader, worker, manager):
    before = list(Attendance.objects.order_by("id").values())
    found = propose(team, worker, leader)
    corrections.approve(found, actor=manager)
    found.refresh_from_db()
    assert (found.old_code, found.new_code, found.counts_team, found.counts_in) == ("√", "病", team, OCTOBER)
    assert list(Attendance.objects.order_by("id").values()) == before
    assert list(
        AuditEntry.objects.filter(verb__startswith="correction.").order_by("id").values_list("verb", "actor")
    ) == [
        ("correction.proposed", leader.pk),
        ("correction.approved", manager.pk),
    ]


def test_a_month_that_is_approved_by_then_is_passed_over(team, leader, worker, manager):
    found = propose(team, worker, leader)
    make.make_attendance(team, OCTOBER)
    make.approve_attendance(team, OCTOBER)
    corrections.approve(found, actor=manager)
    assert found.counts_in == NOVEMBER


def test_on_the_last_day_of_an_approved_month_it_counts_in_the_month_to_come(
    team, leader, worker, manager, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 9, 30))
    found = propose(team, worker, leader)
    corrections.approve(found, actor=manager)
    assert (found.counts_team, found.counts_in) == (team, OCTOBER)


def test_it_follows_a_person_who_moved_and_only_stays_on_paper_when_he_left(team, leader, worker, manager):
    new_team = make.make_team(team.unit)
    Membership.objects.filter(user=worker).update(ended_on=datetime.date(2026, 9, 30))
    membership = Membership.objects.create(user=worker, team=new_team, started_on=datetime.date(2026, 10, 1))
    found = propose(team, worker, leader)
    corrections.approve(found, actor=manager)
    assert (found.counts_team, found.counts_in) == (new_team, OCTOBER)
    membership.delete()
    gone = propose(team, worker, leader, "年", date=datetime.date(2026, 9, 4))
    corrections.approve(gone, actor=manager)
    assert (gone.state, gone.counts_team, gone.counts_in) == ("approved", None, None)


def test_a_second_correction_of_a_day_starts_from_the_first(team, leader, worker, manager):
    corrections.approve(propose(team, worker, leader), actor=manager)
    again = propose(team, worker, leader, "事")
    assert (again.old_code, again.new_code) == ("病", "事")
    corrections.approve(again, actor=manager)
    with pytest.raises(TeamError, match="本来就是“事”"):
        propose(team, worker, leader, "事")


def test_overtime_alone_can_be_corrected_up_and_down(team, leader, worker, manager):
    more = propose(team, worker, leader, new_code=None, hours=250)
    assert (more.old_code, more.new_code, more.hours) == ("√", "√", 250)
    corrections.approve(more, actor=manager)
    less = propose(team, worker, leader, new_code=None, hours=-250)
    corrections.approve(less, actor=manager)
    assert [row.hours for row in AttendanceCorrection.objects.order_by("id")] == [250, -250]


def test_what_makes_no_sense_is_refused(team, leader, worker):
    stranger = make.make_member(make.make_team())
    with pytest.raises(TeamError, match="2026年10月的考勤还没有审批，直接在考勤表里改"):
        propose(team, worker, leader, date=datetime.date(2026, 10, 3))
    with pytest.raises(TeamError, match="不在"):
        propose(team, stranger, leader)
    with pytest.raises(TeamError, match="不用更正"):
        propose(team, worker, leader, "√")
    propose(team, worker, leader)
    with pytest.raises(TeamError, match="已有一条待审批的更正"):
        propose(team, worker, leader, "事")
    assert AttendanceCorrection.objects.count() == 1


def test_neither_the_proposer_nor_the_person_decides(team, leader, worker, manager):
    own = propose(team, leader, manager)
    other = propose(team, worker, leader)
    for found, actor in ((own, leader), (own, manager), (other, leader), (other, worker)):
        with pytest.raises(TeamError, match="提出人和本人以外"):
            corrections.approve(found, actor=actor)
        with pytest.raises(TeamError, match="提出人和本人以外"):
            corrections.refuse(found, "不对", actor=actor)
    with pytest.raises(TeamError, match="只有提出人"):
        corrections.withdraw(other, actor=manager)
    assert set(AttendanceCorrection.objects.values_list("state", flat=True)) == {"proposed"}


@pytest.mark.parametrize("first", ["approve", "refuse", "withdraw"])
@pytest.mark.parametrize("second", ["approve", "refuse", "withdraw"])
def test_each_is_decided_once(team, leader, worker, manager, first, second):
    steps = {
        "approve": lambda row: corrections.approve(row, actor=manager),
        "refuse": lambda row: corrections.refuse(row, "请假条日期不对", actor=manager),
        "withdraw": lambda row: corrections.withdraw(row, actor=leader),
    }
    found = propose(team, worker, leader)
    copy = AttendanceCorrection.objects.get(pk=found.pk)
    steps[first](found)
    with pytest.raises(StaleState, match="已经办过了"):
        steps[second](copy)
    assert AuditEntry.objects.filter(verb__startswith="correction.").count() == 2


def test_the_database_refuses_to_change_or_delete_a_decided_one(team, leader, worker, manager):
    found = propose(team, worker, leader)
    corrections.approve(found, actor=manager)
    rows = AttendanceCorrection.objects.filter(pk=found.pk)
    for deed in (lambda: rows.update(new_code="√"), lambda: rows.update(counts_in=NOVEMBER), rows.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert rows.get().new_code == "病"


def test_the_month_it_counts_in_is_there_as_a_row_that_its_approval_has_to_wait_for(team, leader, worker, manager):
    corrections.approve(propose(team, worker, leader), actor=manager)
    assert AttendanceMonth.objects.get(team=team, period=OCTOBER).state == "draft"

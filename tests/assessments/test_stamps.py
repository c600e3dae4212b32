"""The stamp tells whether a month still stands on the facts that it was computed from, without reading them all again."""

import datetime
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Activity, ActivityKind
from activities.services import activities
from assessments import selectors, stamps
from assessments.gathering import gather
from assessments.models import Check, Finding, NotApplicable, Veto
from assessments.services import checks, closes, conditions
from teams.models import Attendance, AttendanceCorrection, AttendanceMonth, Membership, Overtime, Team, User, WorkDay
from tests import factories as make
from tests.factories import PERIOD
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db

SEPTEMBER, MIDDLE = datetime.date(2026, 9, 30), datetime.date(2026, 10, 16)


@pytest.fixture
def unit():
    unit = make.make_ready_unit()
    make_kind(unit, points=150)
    return unit


def first(unit):
    return unit.teams.order_by("id").first()


def leader_of(unit):
    return first(unit).memberships.get(role="leader")


def file(unit):
    make.file_findings(first(unit), ("1.1", -50, None))


def void(unit):
    finding = Finding.objects.valid().filter(team__unit=unit).last()
    if finding:
        checks.void_finding(finding, "记错了", actor=None)


def void_sheet(unit):
    sheet = Check.objects.valid().filter(team__unit=unit, findings__voided_at=None).last()
    if sheet:
        checks.void_check(sheet, "记错了", actor=None)


def replace(unit):
    void(unit)
    file(unit)


def correct(unit):
    user = leader_of(unit).user
    facts = {"user": user, "team": first(unit), "date": SEPTEMBER, "new_code": "√", "hours": -50, "reason": "漏记"}
    AttendanceCorrection.objects.create(
        **facts, state="approved", proposed_by=user, counts_team=first(unit), counts_in=PERIOD
    )


def declare(unit):
    gone = NotApplicable.objects.filter(team=first(unit)).count() % 3
    criteria = [make.criterion(first(unit), code) for code in ("1.2", "2.1")[:gone] or ("2.2",)]
    conditions.set_not_applicable(first(unit), PERIOD, criteria, actor=None)


def forbid(unit):
    conditions.add_veto(first(unit), PERIOD, f"火险 {Veto.objects.count()}", actor=None)


def forgive(unit):
    veto = Veto.objects.filter(team=first(unit)).last()
    if veto:
        conditions.remove_veto(veto, actor=None)


def earn(unit):
    make_activity(ActivityKind.objects.get(unit=unit), first(unit), actor=leader_of(unit).user)


def forfeit(unit):
    record = Activity.objects.valid().filter(team=first(unit)).last()
    if record:
        activities.void(record, "记错了", actor=leader_of(unit).user)


def rename(unit):
    user = leader_of(unit).user
    User.objects.filter(pk=user.pk).update(name=f"{user.name}改")


def renumber(unit):
    User.objects.filter(pk=leader_of(unit).user_id).update(employee_no=f"Z{User.objects.count()}")


def raise_(unit):
    stay = leader_of(unit)
    Membership.objects.filter(pk=stay.pk).update(coefficient=stay.coefficient + 5)


def leave(unit):
    Membership.objects.filter(pk=first(unit).memberships.last().pk).update(ended_on=MIDDLE)


def join(unit):
    make.make_member(first(unit), started_on=MIDDLE)


def call(unit):
    team = first(unit)
    Team.objects.filter(pk=team.pk).update(name=f"{team.name}新")


def train(unit):
    team = first(unit)
    Team.objects.filter(pk=team.pk).update(trade=f"{team.trade}焊")


def reorder(unit):
    Team.objects.filter(pk=first(unit).pk).update(position=first(unit).position + 1)


def work(unit):
    WorkDay.objects.create(date=datetime.date(2026, 10, 11), is_workday=True, note="补班")


def rule(unit):
    make.make_standard(unit, PERIOD, awards_cap=20)


CHANGES = {
    "a finding": file,
    "a finding taken back": void,
    "a sheet taken back": void_sheet,
    "another finding in place of one": replace,
    "a correction of an earlier month": correct,
    "a line that does not apply": declare,
    "a veto": forbid,
    "an award of an activity": earn,
    "the name of a member": rename,
    "the number of a member": renumber,
    "a coefficient": raise_,
    "somebody left": leave,
    "somebody came": join,
    "the name of a team": call,
    "the trade of a team": train,
    "the order of teams": reorder,
    "the calendar": work,
    "another standard": rule,
}
REPEATABLE = (file, void, void_sheet, replace, declare, forbid, forgive, earn, forfeit, rename, raise_, join, reorder)


def known(unit):
    """(what would be frozen, the stamp) as the facts are now."""
    version = selectors.version_for(unit, PERIOD)
    return gather(unit, PERIOD, version), stamps.stamps_now({unit.pk: version}, PERIOD)[unit.pk]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_what_would_be_frozen_changes_the_stamp_and_is_noticed(unit, change):
    close = make.compute_month(unit)
    text, stamp = known(unit)
    assert (stamp, closes.overtaken([close])) == (close.stamp, [])
    change(unit)
    now = known(unit)
    assert now[0] != text
    assert now[1] != stamp
    assert closes.overtaken([close]) == [close]


@pytest.mark.parametrize("gone", ["a veto", "an award"])
def test_what_is_taken_back_before_anybody_computed_leaves_the_stamp_as_it_was(unit, gone):
    before = known(unit)
    (forbid if gone == "a veto" else earn)(unit)
    assert known(unit)[1] != before[1]
    (forgive if gone == "a veto" else forfeit)(unit)
    assert known(unit) == before


def one_stamp_with_two_texts(unit, deeds):
    """A stamp that stood for two different months while these deeds were done one after the other, or None."""
    texts = {}
    with transaction.atomic():
        for deed in [lambda unit: None, *deeds]:
            deed(unit)
            text, stamp = known(unit)
            if texts.setdefault(stamp, text) != text:
                break
        else:
            stamp = None
        transaction.set_rollback(True)
    return stamp


def hunt(unit, examples):
    @given(deeds=st.lists(st.sampled_from(REPEATABLE), max_size=8))
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    def check(deeds):
        assert one_stamp_with_two_texts(unit, deeds) is None

    check()


def test_no_stamp_stands_for_two_months(unit):
    hunt(unit, 20)


@pytest.mark.nightly
def test_no_stamp_stands_for_two_months_in_a_thousand_histories(unit):
    hunt(unit, 1000)


def test_control_a_stamp_without_the_latest_finding_stands_for_two_months(unit, monkeypatch):
    stamp_of = stamps.stamp_of

    def blind(facts, *rest):
        teams = {unit: [(*row[:7], None) for row in rows] for unit, rows in facts.teams.items()}
        return stamp_of(facts._replace(teams=teams), *rest)

    assert one_stamp_with_two_texts(unit, [replace]) is None
    monkeypatch.setattr(stamps, "stamp_of", blind)
    assert one_stamp_with_two_texts(unit, [replace])


def test_a_month_has_no_stamp_and_is_not_confirmed_while_attendance_may_change(unit):
    close = make.compute_month(unit)
    make.make_team(unit, "新班")
    version = selectors.version_for(unit, PERIOD)
    assert stamps.stamps_now({unit.pk: version}, PERIOD) == {unit.pk: None}
    with pytest.raises(closes.AssessmentError, match="请重新计算"):
        closes.confirm(close, actor=None)


# -- What the database refuses, so that so little can tell the rest ------------------------------------------------------


def refused(deed):
    try:
        with transaction.atomic():
            deed()
    except IntegrityError:
        return True
    return False


def attendance_attacks(team):
    """Writes to attendance that is approved, past the services."""
    somebody = team.memberships.last().user
    facts = {"user": somebody, "team": team, "period": PERIOD}
    days, hours = Attendance.objects.filter(team=team), Overtime.objects.filter(team=team)
    month = AttendanceMonth.objects.filter(team=team, period=PERIOD)
    return {
        "another code": lambda: days.update(code="病"),
        "a day more": lambda: Attendance.objects.create(**facts, date=datetime.date(2026, 10, 20), code="√"),
        "a day less": lambda: days.first().delete(),
        "other hours": lambda: hours.update(hours=1),
        "no hours": lambda: hours.first().delete(),
        "opened again": lambda: month.update(state="draft"),
        "forgotten": month.delete,
    }


def test_attendance_is_fixed_once_it_is_approved(unit):
    attacks = attendance_attacks(first(unit))
    assert [name for name, deed in attacks.items() if not refused(deed)] == []


def test_control_attendance_that_is_not_approved_can_be_written():
    unit = make.make_unit()
    team = make.make_team(unit)
    make.make_member(team)
    make.make_attendance(team, overtime=200)
    attacks = attendance_attacks(team)
    assert [name for name, deed in attacks.items() if refused(deed)] == []


def let_through(rows, changes):
    """The fields of these that the database lets somebody change."""
    return [name for name, value in changes.items() if not refused(partial(rows.update, **{name: value}))]


def test_what_was_found_is_written_once_and_never_counts_again(unit):
    finding = Finding.objects.valid().filter(team=first(unit)).first()
    other, rows = unit.teams.order_by("id").last(), Finding.objects.filter(pk=finding.pk)
    changes = {"points": -1, "team": other, "date": MIDDLE, "period": PERIOD + 1, "note": "改", "criterion": None}
    assert let_through(rows, changes | {"person": other.memberships.first().user}) == []
    sheets = Check.objects.filter(pk=finding.on_sheet_id)
    changes = {"kind": "superior", "team": other, "date": MIDDLE, "period": PERIOD + 1}
    assert let_through(sheets, changes | {"checker": leader_of(unit).user}) == []
    checks.void_check(finding.on_sheet, "记错了", actor=None)
    assert refused(lambda: rows.update(voided_at=None, void_reason=""))
    assert refused(lambda: sheets.update(voided_at=None, void_reason=""))

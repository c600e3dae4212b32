"""Work points: entered by one, checked by another, voided with a reason, and counted once in the month that is open."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from incentives.distribution import divide
from incentives.errors import IncentiveError, StaleState
from incentives.explain import explain
from incentives.models import Distribution, PieceItem, PieceRecord
from incentives.piecework import selectors
from incentives.rules.definition import read_rule
from incentives.services import approvals, distributions, piece_items, piecework, rules
from teams.figures import short_text
from teams.models import AuditEntry, Membership
from teams.triggers import without_triggers
from tests import docs
from tests import factories as make
from tests.factories import PERIOD
from tests.pieces import DAY, F9, accept, add_item, checked, enter, make_closed_crew, make_crew
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOVEMBER = 202611
HEADING = "计件工分的例子：四个人分 10,000 元"


@pytest.fixture
def crew():
    return make_crew()


@pytest.fixture
def closed():
    return make_closed_crew()


def told(verb):
    return AuditEntry.objects.filter(verb=verb)


# -- The price list ------------------------------------------------------------------------------------------------------


def test_the_preset_has_the_prices_of_f9(crew):
    assert piece_items.install_preset(crew.unit, actor=crew.manager) == 6
    prices = dict(PieceItem.objects.values_list("name", "points"))
    assert prices["机头进刀"] == 50_000
    assert (prices["井下杂活"], prices["地面杂活"], prices["装小件"]) == (8000, 6000, 1000)
    assert told("piece_item.installed").get().after["names"][0] == "拉架"
    with pytest.raises(IncentiveError, match="没有可以再装的"):
        piece_items.install_preset(crew.unit, actor=crew.manager)


def test_a_price_is_ended_and_never_changed_and_each_record_keeps_its_points(crew):
    (record,) = enter(crew.team, crew.leader, [(crew.one, crew.cut, 150)])
    with pytest.raises(IncentiveError, match="^“割煤”已经有了。要改单价，请先停用原来那一条，再加新的。$"):
        add_item(crew.unit, points=300)
    with pytest.raises(IntegrityError, match="the price is published"), transaction.atomic():
        PieceItem.objects.filter(pk=crew.cut.pk).update(points=300)
    piece_items.end(crew.cut, actor=crew.manager)
    with pytest.raises(StaleState):
        piece_items.end(crew.cut, actor=crew.manager)
    dearer = add_item(crew.unit, points=300)
    assert list(selectors.items_for(crew.team)) == [crew.load, dearer]
    record.refresh_from_db()
    assert (record.points, record.item.points) == (300, 200)


def test_a_line_of_one_team_is_for_that_team_alone(crew):
    other = make.make_team(crew.unit)
    own = add_item(crew.unit, team=crew.team, points=250)
    above = make.make_unit()
    crew.unit.parent = above
    crew.unit.save()
    general = add_item(above, "清扫", 100)
    assert list(selectors.items_for(crew.team)) == [crew.cut, crew.load, own, general]
    assert list(selectors.items_for(other)) == [crew.cut, crew.load, general]
    assert own not in selectors.items_of(above)
    assert list(selectors.items_of(crew.unit)) == [crew.cut, crew.load, own, general]


# -- Entering and checking -----------------------------------------------------------------------------------------------


def test_several_people_and_lines_are_entered_at_once_and_leave_one_row(crew):
    quantities = [(crew.one, crew.cut, 150), (crew.one, crew.load, 200), (crew.other, crew.cut, 1250)]
    records = enter(crew.team, crew.leader, quantities, note="夜班")
    assert [(record.points, record.state, record.note) for record in records] == [
        (300, "proposed", "夜班"),
        (40_000, "proposed", "夜班"),
        (2500, "proposed", "夜班"),
    ]
    assert {record.period for record in PieceRecord.objects.all()} == {PERIOD}
    row = told("piece.entered").get()
    assert (row.actor, row.after) == (crew.leader, {"date": "2026-10-12", "records": 3, "points": "428"})


def test_points_are_rounded_half_up_once(crew):
    third = add_item(crew.unit, "清扫", 333)
    assert [piecework.points_for(third, quantity) for quantity in (50, 150, 1)] == [167, 500, 3]


@pytest.mark.parametrize(
    ("quantity", "sentence"), [(0, "数量要大于 0"), (-100, "数量要大于 0"), (10**6 + 1, "不超过 10000")]
)
def test_no_quantity_beyond_reason(crew, quantity, sentence):
    with pytest.raises(IncentiveError, match=sentence):
        enter(crew.team, crew.leader, [(crew.one, crew.cut, quantity)])


def test_nothing_and_days_to_come_are_refused(crew):
    with pytest.raises(IncentiveError, match="一个数量也没有填"):
        enter(crew.team, crew.leader, [])
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(IncentiveError, match="日期不能晚于今天"):
        enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)], tomorrow)


def test_the_same_work_is_entered_once(crew):
    enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)])
    with pytest.raises(StaleState, match="的“割煤”已经登记过"):
        enter(crew.team, crew.deputy, [(crew.one, crew.cut, 100), (crew.one, crew.load, 100)])
    enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)], DAY + datetime.timedelta(days=1))
    assert PieceRecord.objects.count() == 2


def test_a_second_person_checks_neither_the_own_entry_nor_the_own_work(crew):
    records = enter(crew.team, crew.leader, [(crew.deputy, crew.cut, 100), (crew.one, crew.load, 100)])
    for person in (crew.leader, crew.deputy):
        with pytest.raises(IncentiveError, match="自己登记的和自己的工分要由别人验收"):
            accept(records, person)
    assert selectors.points_of(crew.team, PERIOD) == {}
    accept(records, crew.clerk)
    assert selectors.points_of(crew.team, PERIOD) == {crew.deputy.pk: 200, crew.one.pk: 20_000}
    row = told("piece.accepted").get()
    assert (row.actor, row.after["records"], row.after["points"]) == (crew.clerk, 2, "202")


def test_what_was_decided_is_not_decided_again_nor_that_of_other_teams(crew):
    records = checked(crew.team, crew.leader, crew.clerk, [(crew.one, crew.cut, 100)])
    with pytest.raises(StaleState):
        accept(records, crew.manager)
    other = make_crew(crew.unit.__class__.objects.create(name="别的单位"))
    waiting = enter(other.team, other.leader, [(other.one, other.cut, 100)])
    with pytest.raises(StaleState):
        piecework.accept(crew.team, [waiting[0].pk], actor=crew.manager)
    with pytest.raises(IncentiveError, match="还没有选"):
        piecework.accept(crew.team, [], actor=crew.manager)


def test_a_voided_record_counts_no_more_and_can_be_entered_again(crew):
    (record,) = checked(crew.team, crew.leader, crew.clerk, [(crew.one, crew.cut, 100)])
    piecework.void(record, "数错了", actor=crew.clerk)
    record.refresh_from_db()
    assert (record.state, record.voided_by, record.void_reason) == ("voided", crew.clerk, "数错了")
    assert selectors.points_of(crew.team, PERIOD) == {}
    with pytest.raises(StaleState, match="已经作废"):
        piecework.void(record, "数错了", actor=crew.clerk)
    checked(crew.team, crew.leader, crew.clerk, [(crew.one, crew.cut, 300)])
    assert selectors.points_of(crew.team, PERIOD) == {crew.one.pk: 600}
    assert told("piece.voided").get().after["reason"] == "数错了"


# -- What counts in the bonus --------------------------------------------------------------------------------------------


def test_only_checked_records_divide_the_bonus_and_the_line_lists_them(closed):
    checked(
        closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100), (closed.other, closed.load, 300)]
    )
    waiting = enter(closed.team, closed.leader, [(closed.one, closed.cut, 100)])
    found = make.make_bonus(closed.team, amount=1_000_000)
    parts = {line.user: line.parts["points"] for line in found.lines.all()}
    assert parts == {closed.leader: 0, closed.one: 175_000, closed.other: 525_000}
    with pytest.raises(IncentiveError, match="^还有 1 条工分没有验收"):
        approvals.propose(found, actor=closed.leader)
    piecework.void(waiting[0], "没有做", actor=closed.leader)
    approvals.propose(found, actor=closed.leader)
    shown = explain(found.lines.get(user=closed.other))
    assert (shown.points, [row.quantity for row in shown.pieces]) == (60_000, [300])
    assert shown.parts[1].figures == "600"
    assert explain(found.lines.get(user=closed.leader)).pieces == []


def test_a_change_after_drawing_up_asks_for_drawing_up_again(closed):
    checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    found = make.make_bonus(closed.team)
    (late,) = checked(closed.team, closed.leader, closed.manager, [(closed.other, closed.cut, 100)])
    with pytest.raises(IncentiveError, match="^拟定之后，工分"):
        approvals.propose(found, actor=closed.leader)
    again = distributions.draft(closed.team, PERIOD, actor=closed.leader)
    approvals.propose(again, actor=closed.leader)
    assert again.inputs_hash != found.inputs_hash
    assert late.period == PERIOD


def test_a_rule_without_points_asks_nobody_for_them(closed):
    make.make_rule(closed.unit, NOVEMBER)
    enter(closed.team, closed.leader, [(closed.one, closed.cut, 100)], datetime.date(2026, 11, 2))
    rule = read_rule(rules.presets()["rule_attendance_work"])
    assert not rule.uses("points")
    assert selectors.waiting(closed.team, NOVEMBER) == 1


def test_after_proposing_late_work_counts_in_the_next_open_month(closed):
    checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    found = make.propose_bonus(closed.team)
    (late,) = enter(closed.team, closed.leader, [(closed.one, closed.cut, 100)])
    assert (late.period, late.is_late) == (NOVEMBER, True)
    accept([late], closed.manager)
    assert selectors.points_of(closed.team, PERIOD) == {closed.one.pk: 20_000}
    assert selectors.points_of(closed.team, NOVEMBER) == {closed.one.pk: 200}
    approvals.approve(found, actor=closed.manager)


def test_what_waits_when_the_month_is_proposed_counts_later(closed):
    """Under a rule that needs no work points, nobody has to check them before; they do not get lost."""
    unit = make.make_ready_unit(teams=1)
    make.close_month(unit)
    team = unit.teams.get()
    leader, one, _ = (row.user for row in Membership.objects.filter(team=team).order_by("id"))
    (waiting,) = enter(team, leader, [(one, add_item(unit), 100)])
    make.propose_bonus(team)
    accept([waiting], make.give_role(unit, "manager"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.period) == ("approved", NOVEMBER)


def test_who_has_left_by_then_is_told_about_not_forgotten(closed):
    checked(closed.team, closed.leader, closed.manager, [(closed.other, closed.load, 100)])
    make.propose_bonus(closed.team)
    Membership.objects.filter(user=closed.one).update(ended_on=datetime.date(2026, 10, 31))
    with pytest.raises(IncentiveError, match="计入2026年11月，可是.*那个月不在"):
        enter(closed.team, closed.leader, [(closed.one, closed.cut, 100)])


def test_a_counted_record_is_undone_once_in_the_open_month_by_two_people(closed):
    (record,) = checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    make.post_bonus(closed.team)
    undoing = piecework.void(record, "多记一件", actor=closed.leader)
    record.refresh_from_db()
    assert (record.state, undoing.points, undoing.period, undoing.undoes) == ("approved", -20_000, NOVEMBER, record)
    with pytest.raises(StaleState, match="已经冲减过"):
        piecework.void(record, "多记一件", actor=closed.manager)
    with pytest.raises(IncentiveError, match="要由别人验收"):
        accept([undoing], closed.leader)
    accept([undoing], closed.manager)
    assert selectors.points_of(closed.team, PERIOD) == {closed.one.pk: 20_000}
    assert selectors.points_of(closed.team, NOVEMBER) == {closed.one.pk: 0}, "points never fall below zero"
    assert told("piece.undone").count() == 1


def test_an_undoing_that_was_a_mistake_is_voided_while_it_waits(closed):
    (record,) = checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    make.post_bonus(closed.team)
    undoing = piecework.void(record, "多记一件", actor=closed.leader)
    assert piecework.void(undoing, "没有多记", actor=closed.leader) is None
    assert piecework.void(record, "真的多记了", actor=closed.leader).points == -20_000


# -- The database --------------------------------------------------------------------------------------------------------


def refused(**change):
    with pytest.raises(IntegrityError), transaction.atomic():
        PieceRecord.objects.update(**change)


def test_the_database_keeps_what_was_entered_and_what_was_counted(closed):
    (record,) = checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    for change in ({"points": 1}, {"quantity": 200}, {"date": "2026-10-13"}, {"note": "改过"}, {"period": NOVEMBER}):
        refused(**change)
    refused(state="proposed")
    make.propose_bonus(closed.team)
    voided = {"state": "voided", "voided_by": closed.leader, "void_reason": "数错了"}
    refused(**voided)
    Distribution.objects.update(state="draft")
    PieceRecord.objects.filter(pk=record.pk).update(**voided)
    refused(state="approved")


def test_nothing_is_checked_into_a_proposed_month_nor_entered_as_checked(closed):
    checked(closed.team, closed.leader, closed.manager, [(closed.one, closed.load, 100)])
    waiting = enter(closed.team, closed.leader, [(closed.one, closed.cut, 100)])
    with without_triggers():
        make.make_bonus(closed.team)
        Distribution.objects.update(state="proposed")
    found = PieceRecord.objects.filter(pk=waiting[0].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.update(state="approved", decided_by=closed.manager)
    record = found.get()
    record.pk, record.state, record.decided_by = None, "approved", closed.manager
    record.date = DAY + datetime.timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


@pytest.mark.parametrize("who", ["proposed_by", "user"])
def test_the_database_wants_two_people(crew, who):
    (record,) = enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)])
    refused(state="approved", decided_by=getattr(record, who))


@pytest.mark.django_db(transaction=True)
def test_twenty_checks_and_entries_at_once_have_one_effect(crew):
    records = enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)])
    checks = [lambda: accept(records, crew.clerk)] * 20
    assert [outcome[:6] for outcome in at_once(*checks)] == ["done"] + ["polite"] * 19
    entries = [lambda: enter(crew.team, crew.leader, [(crew.other, crew.cut, 100)])] * 20
    assert [outcome[:6] for outcome in at_once(*entries)] == ["done"] + ["polite"] * 19
    assert PieceRecord.objects.aggregate(points=Sum("points"))["points"] == 400
    assert (told("piece.accepted").count(), told("piece.entered").count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_comparison_only_the_guard_is_left(crew, monkeypatch):
    """Nobody is told in words then what has happened; the database refuses all checks but one."""
    (record,) = enter(crew.team, crew.leader, [(crew.one, crew.cut, 100)])

    def careless(team, ids, *, actor):
        PieceRecord.objects.filter(pk__in=ids).update(state="approved", decided_by=actor)

    monkeypatch.setattr(piecework, "accept", careless)
    outcomes = at_once(*[lambda: accept([record], crew.clerk)] * 5)
    assert [outcome[:14] for outcome in outcomes] == ["IntegrityError"] * 4 + ["done"]


# -- The worked example --------------------------------------------------------------------------------------------------


def test_the_worked_example_holds():
    prices = {row["name"]: row for row in piece_items.preset()}
    rows, members = docs.table("bonus.md", HEADING)[:-1], {}
    for number, row in enumerate(rows):
        done = [item.split(" ") for item in docs.items(row["做了什么"])]
        points = sum(
            piecework.points_for(PieceItem(points=prices[name]["points"]), docs.number(quantity))
            for name, quantity, _ in done
        )
        assert short_text(points) == row["工分"]
        members[f"{number}"] = {
            "coefficient": docs.number(row["岗位系数"]),
            "days": int(row["出勤天数"]),
            "points": points,
        }
    shares = divide(1_000_000, read_rule(rules.presets()[F9]).scheme, members).shares
    for share, row in zip(shares.values(), rows, strict=True):
        shown = [docs.number(row[name]) for name in ("安全部分", "计件部分", "应得")]
        assert [share.parts["safety"], share.parts["points"], share.amount] == shown
    total = docs.table("bonus.md", HEADING)[-1]
    assert docs.number(total["应得"]) == sum(share.amount for share in shares.values()) == 1_000_000

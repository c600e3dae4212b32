"""Points of Party members: who may propose and confirm what, in which month it counts, and what a close freezes."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assessments.inputs import fingerprint
from incentives.errors import IncentiveError, StaleState
from incentives.models import PointEntry, PointMonth, PointScheme
from incentives.points import selectors
from incentives.services import point_schemes, points
from teams import periods
from teams.errors import TeamError
from teams.models import AuditEntry, Membership, User
from teams.triggers import without_triggers
from tests import factories as make
from tests.points import DAY, PERIOD, YEAR, confirmed, indicator, make_branch, make_scheme, propose, to_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch()


def totals(scheme, period=PERIOD):
    return {row["user"]: (row["total"], row["rank"]) for row in selectors.computed_rows(scheme, period)}


# -- Schemes -----------------------------------------------------------------------------------------------------------


def test_a_unit_has_one_scheme_a_year_and_a_copy_says_the_same(branch):
    with pytest.raises(IncentiveError, match="已经有 2026 年的积分办法"):
        point_schemes.draft(branch.unit, YEAR, point_schemes.preset(), actor=None)
    following = point_schemes.copy(branch.scheme, actor=branch.secretary)
    assert (following.year, following.published_at) == (YEAR + 1, None)
    assert point_schemes.content_of(following) == point_schemes.content_of(branch.scheme) == point_schemes.preset()


def test_a_draft_is_edited_and_a_stale_page_is_refused(branch):
    draft = point_schemes.copy(branch.scheme, actor=None)
    old = point_schemes.content_of(draft)
    new = old | {"base": 5000, "indicators": old["indicators"][:3]}
    point_schemes.save(draft, new, fingerprint(old), actor=branch.secretary)
    assert point_schemes.content_of(PointScheme.objects.get(pk=draft.pk)) == new
    entry = AuditEntry.objects.get(verb="point_scheme.edited")
    assert (entry.before["base"], entry.after["base"], set(entry.after)) == (6000, 5000, {"base", "indicators"})
    with pytest.raises(StaleState, match="又有人改过"):
        point_schemes.save(draft, old, fingerprint(old), actor=branch.secretary)


def test_saving_the_same_leaves_no_trail(branch):
    draft = point_schemes.copy(branch.scheme, actor=None)
    same = point_schemes.content_of(draft)
    point_schemes.save(draft, same, fingerprint(same), actor=None)
    assert not AuditEntry.objects.filter(verb="point_scheme.edited").exists()


def test_a_team_has_one_published_scheme_a_year(branch):
    root = make.make_unit()
    branch.unit.parent = root
    branch.unit.save()
    above = point_schemes.draft(root, YEAR, point_schemes.preset(), actor=None)
    with pytest.raises(IncentiveError, match="一个班组一年只能用一份办法"):
        point_schemes.publish(above, actor=None)
    make_scheme(root, YEAR + 1)
    with pytest.raises(IncentiveError, match="一个班组一年只能用一份办法"):
        make_scheme(branch.unit, YEAR + 1)
    beside = make.make_unit(parent=root)
    assert make_scheme(beside).published_at


def test_a_scheme_without_indicators_is_not_published(branch):
    empty = point_schemes.preset() | {"indicators": []}
    draft = point_schemes.draft(branch.unit, YEAR + 1, empty, actor=None)
    with pytest.raises(IncentiveError, match="还没有指标"):
        point_schemes.publish(draft, actor=None)


def test_a_published_scheme_goes_back_until_something_is_recorded(branch):
    point_schemes.take_back(branch.scheme, actor=None)
    with pytest.raises(IncentiveError, match="还没有发布"):
        propose(branch.scheme, branch.one, branch.secretary)
    point_schemes.publish(branch.scheme, actor=None)
    with pytest.raises(StaleState):
        point_schemes.publish(branch.scheme, actor=None)
    propose(branch.scheme, branch.one, branch.secretary)
    with pytest.raises(IncentiveError, match="不能再收回"):
        point_schemes.take_back(branch.scheme, actor=None)


def test_only_a_draft_is_deleted(branch):
    with pytest.raises(StaleState):
        point_schemes.discard(branch.scheme, actor=None)
    point_schemes.discard(point_schemes.copy(branch.scheme, actor=None), actor=None)
    assert list(PointScheme.objects.all()) == [branch.scheme]


# -- Entries -----------------------------------------------------------------------------------------------------------


def test_an_entry_counts_once_a_second_person_confirms_it(branch):
    entry = propose(branch.scheme, branch.one, branch.leader)
    assert totals(branch.scheme)[branch.one.pk] == (6000, 1)
    assert entry.what == "抢修给煤机（没有凭据：现场不能带手机）"
    points.confirm(entry, actor=branch.secretary)
    assert totals(branch.scheme) == {
        branch.one.pk: (6200, 1),
        branch.leader.pk: (6000, 2),
        branch.other.pk: (6000, 2),
    }
    deeds = AuditEntry.objects.filter(verb__startswith="point.").order_by("id")
    assert list(deeds.values_list("verb", "actor")) == [
        ("point.proposed", branch.leader.pk),
        ("point.confirmed", branch.secretary.pk),
    ]


def test_nobody_proposes_for_oneself(branch):
    with pytest.raises(IncentiveError, match="自己的积分"):
        propose(branch.scheme, branch.leader, branch.leader)


@pytest.mark.parametrize("who", ["secretary", "one"])
def test_neither_the_proposer_nor_the_person_decides(branch, who):
    entry = propose(branch.scheme, branch.one, branch.secretary)
    for decide in (points.confirm, lambda entry, actor: points.refuse(entry, "不对", actor=actor)):
        with pytest.raises(IncentiveError, match="登记人和本人以外"):
            decide(entry, actor=getattr(branch, who))
    assert PointEntry.objects.get().state == "proposed"


def test_the_database_refuses_an_entry_decided_by_its_proposer(branch):
    entry = propose(branch.scheme, branch.one, branch.secretary)
    for actor in (branch.secretary, branch.one):
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            PointEntry.objects.filter(pk=entry.pk).update(state="confirmed", decided_by=actor)


def test_an_entry_is_decided_once(branch):
    entry = propose(branch.scheme, branch.one, branch.leader)
    points.refuse(entry, "那天不在场", actor=branch.secretary)
    assert (entry.state, entry.answer) == ("refused", "那天不在场")
    for again in (points.confirm, lambda entry, actor: points.refuse(entry, "再说", actor=actor)):
        with pytest.raises(TeamError, match="已经办过"):
            again(entry, actor=branch.secretary)
    assert totals(branch.scheme)[branch.one.pk] == (6000, 1)


def test_the_proposer_takes_it_back_and_nobody_else(branch):
    entry = propose(branch.scheme, branch.one, branch.leader)
    with pytest.raises(TeamError, match="只有提出人"):
        points.withdraw(entry, actor=branch.secretary)
    points.withdraw(entry, actor=branch.leader)
    assert entry.state == "withdrawn"


def test_what_was_confirmed_by_mistake_is_revoked_while_the_month_is_open(branch):
    entry = confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    with pytest.raises(IncentiveError, match="自己的积分"):
        points.revoke(entry, "记错人", actor=branch.one)
    points.revoke(entry, "记错人", actor=branch.secretary)
    assert totals(branch.scheme)[branch.one.pk] == (6000, 1)
    with pytest.raises(StaleState):
        points.revoke(entry, "记错人", actor=branch.secretary)
    kept = confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    with pytest.raises(IncentiveError, match="已经结算"):
        points.revoke(kept, "记错人", actor=branch.secretary)


@pytest.mark.parametrize(
    ("name", "given"),
    [("本人违章", 500), ("本人违章", -501), ("发现一般隐患", 101), ("发现一般隐患", -100), ("发现一般隐患", 0)],
)
def test_points_keep_the_sign_and_the_bounds_of_the_indicator(branch, name, given):
    with pytest.raises(IncentiveError, match="不能多记"):
        propose(branch.scheme, branch.one, branch.leader, name, points_given=given)


def test_fewer_points_than_the_indicator_are_fine(branch):
    assert propose(branch.scheme, branch.one, branch.leader, "本人违章", points_given=-250).points == -250


def test_a_photo_or_a_reason_is_needed(branch):
    facts = {"date": DAY, "points": 200, "what": "抢修", "photos": [], "actor": branch.leader}
    with pytest.raises(IncentiveError, match="凭据"):
        points.propose(branch.scheme, branch.one, branch.scheme.indicators.first(), **facts)


def test_the_same_deed_is_recorded_once_unless_it_was_refused(branch):
    entry = propose(branch.scheme, branch.one, branch.leader)
    with pytest.raises(IncentiveError, match="已经登记过"):
        propose(branch.scheme, branch.one, branch.secretary)
    points.refuse(entry, "写清楚", actor=branch.secretary)
    assert propose(branch.scheme, branch.one, branch.leader)


def test_only_party_members_of_the_branch_on_that_day(branch):
    outsider, masses = make.make_member(make.make_team()), make.make_member(branch.team)
    to_party(outsider)
    late = make.make_member(branch.team, started_on=DAY + datetime.timedelta(days=1))
    to_party(late)
    for user in (outsider, masses, late):
        with pytest.raises(IncentiveError, match="班组里的党员"):
            propose(branch.scheme, user, branch.secretary)
    User.objects.filter(pk=masses.pk).update(political_status="probationary")
    assert propose(branch.scheme, masses, branch.secretary)


def test_no_day_to_come(branch):
    with pytest.raises(IncentiveError, match="不能晚于今天"):
        propose(branch.scheme, branch.one, branch.leader, day=datetime.date(2099, 1, 1))


# -- The month ---------------------------------------------------------------------------------------------------------


def test_a_close_freezes_the_table(branch):
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    month = points.close(branch.scheme, PERIOD, actor=branch.secretary)
    (first, *others) = month.rows
    assert first == {
        "user": branch.one.pk,
        "name": branch.one.name,
        "number": branch.one.employee_no,
        "team": branch.team.name,
        "base": 6000,
        "fields": {"production": 200},
        "total": 6200,
        "rank": 1,
    }
    assert [row["rank"] for row in others] == [2, 2]
    with pytest.raises(StaleState, match="已经结算"):
        points.close(branch.scheme, PERIOD, actor=branch.secretary)
    assert AuditEntry.objects.filter(verb="point_month.closed").count() == 1


def test_an_undecided_entry_keeps_a_month_open(branch):
    propose(branch.scheme, branch.one, branch.leader)
    with pytest.raises(IncentiveError, match="还有 1 条积分没有确认"):
        points.close(branch.scheme, PERIOD, actor=branch.secretary)


def test_months_are_closed_in_order_and_only_when_they_are_over(branch):
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary, day=datetime.date(2026, 9, 3))
    with pytest.raises(IncentiveError, match="请先结算2026年9月"):
        points.close(branch.scheme, PERIOD, actor=branch.secretary)
    points.close(branch.scheme, 202609, actor=branch.secretary)
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    with pytest.raises(IncentiveError, match="后面的月份已经结算"):
        points.close(branch.scheme, 202608, actor=branch.secretary)
    for period in (periods.current_period(), 202512, 202701):
        with pytest.raises(TeamError, match="还没有过完"):
            points.close(branch.scheme, period, actor=branch.secretary)


def test_a_late_entry_counts_in_the_next_open_month_with_its_own_date(branch):
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    late = propose(branch.scheme, branch.one, branch.leader)
    assert (late.date, late.period) == (DAY, 202611)


def test_a_year_follows_the_other(branch):
    before = make_scheme(branch.unit, YEAR - 1)
    december = datetime.date(2025, 12, 30)
    Membership.objects.update(started_on=datetime.date(2025, 1, 1))
    with pytest.raises(IncentiveError, match="请记到 2025 年的办法里"):
        propose(branch.scheme, branch.one, branch.leader, day=december)
    points.close(before, 202512, actor=branch.secretary)
    assert propose(branch.scheme, branch.one, branch.leader, day=december).period == 202601
    with pytest.raises(IncentiveError, match="请记到下一年的办法里"):
        propose(before, branch.one, branch.leader, day=december)


def test_who_moved_belongs_to_the_branch_of_the_months_end(branch):
    elsewhere = make_branch()
    Membership.objects.filter(user=branch.other).update(ended_on=DAY)
    make.make_member(elsewhere.team, user=branch.other, started_on=DAY + datetime.timedelta(days=1))
    assert branch.other.pk not in totals(branch.scheme)
    assert branch.other.pk in totals(elsewhere.scheme)
    assert branch.other.pk in totals(branch.scheme, 202609)


def test_a_branch_without_party_members_closes_nothing():
    unit = make.make_team().unit
    with pytest.raises(IncentiveError, match="没有党员"):
        points.close(make_scheme(unit), PERIOD, actor=None)


def test_the_year_is_the_mean_of_closed_months_and_says_who_needs_a_talk(branch):
    september = datetime.date(2026, 9, 3)
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary, "本人违章", day=september)
    confirmed(branch.scheme, branch.other, branch.leader, branch.secretary, "发现重大隐患", day=september)
    points.close(branch.scheme, 202609, actor=branch.secretary)
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    closed, rows = selectors.year_of(branch.scheme)
    assert closed == [202609, PERIOD]
    assert [(row.row["user"], row.mean, row.rank, row.grade, row.talk) for row in rows] == [
        (branch.other.pk, 6250, 1, "合格", False),
        (branch.leader.pk, 6000, 2, "合格", False),
        (branch.one.pk, 5750, 3, "待提高（谈话）", True),
    ]


# -- What the database refuses -----------------------------------------------------------------------------------------


def test_the_database_closes_no_month_too_early(branch):
    propose(branch.scheme, branch.one, branch.leader)
    facts = {"rows": [], "closed_by": branch.secretary}
    draft = point_schemes.copy(branch.scheme, actor=None)
    for scheme, period in ((branch.scheme, PERIOD), (branch.scheme, 202512), (draft, 202701)):
        with pytest.raises(IntegrityError, match="the month cannot be closed yet"), transaction.atomic():
            PointMonth.objects.create(scheme=scheme, period=period, **facts)
    PointMonth.objects.create(scheme=branch.scheme, period=202609, **facts)


def test_the_database_takes_no_entry_for_a_closed_month(branch):
    entry = confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    entry.pk = None
    entry.state, entry.decided_by = "proposed", None
    with pytest.raises(IntegrityError, match="the entry is final"), transaction.atomic():
        entry.save(force_insert=True)
    with without_triggers(), transaction.atomic():
        entry.save(force_insert=True)
    with pytest.raises(IntegrityError, match="the entry is final"), transaction.atomic():
        PointEntry.objects.filter(pk=entry.pk).update(state="refused")


@pytest.mark.parametrize(
    "change", [{"points": 100}, {"what": "改过"}, {"period": 202611}, {"date": "2026-10-13"}, {"state": "proposed"}]
)
def test_the_database_keeps_the_facts_of_an_entry(branch, change):
    entry = confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    with pytest.raises(IntegrityError, match="the entry is final"), transaction.atomic():
        PointEntry.objects.filter(pk=entry.pk).update(**change)


def test_the_database_freezes_a_scheme_with_its_first_closed_month(branch):
    scheme = PointScheme.objects.filter(pk=branch.scheme.pk)
    line = indicator(branch.scheme, "本人违章")
    assert scheme.update(base=6000) == 1
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    for attack in (
        lambda: scheme.update(base=5000),
        lambda: type(line).objects.filter(pk=line.pk).update(points=-1),
        line.delete,
        lambda: branch.scheme.indicators.create(number=99, field="cost", name="新的", points=100),
    ):
        with pytest.raises(IntegrityError, match="a month was closed under the scheme"), transaction.atomic():
            attack()

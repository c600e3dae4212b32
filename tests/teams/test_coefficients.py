"""A coefficient changes from a day on, by two people, and history stays."""

import datetime

import pytest

from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, CoefficientChange, Membership
from teams.services import coefficients
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def team():
    return make.make_team(formed_on=make.LONG_AGO)


@pytest.fixture
def leader(team):
    return make.make_member(team, "leader")


@pytest.fixture
def manager(team):
    return make.give_role(team.unit, "manager")


@pytest.fixture
def member(team):
    return make.make_member(team, coefficient=100).memberships.get()


def propose(member, leader, new=110, day=DAY):
    return coefficients.propose(member, new, effective_on=day, reason="取得技师证", actor=leader)


def rows(user):
    return list(Membership.objects.filter(user=user).values_list("coefficient", "started_on", "ended_on"))


def test_an_approved_change_is_a_new_row_from_its_day_on(member, leader, manager):
    change = propose(member, leader)
    assert rows(member.user) == [(100, make.LONG_AGO, None)]
    coefficients.approve(change, actor=manager)
    assert rows(member.user) == [(100, make.LONG_AGO, datetime.date(2026, 10, 31)), (110, DAY, None)]
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor")) == [
        ("coefficient.proposed", leader.pk),
        ("coefficient.approved", manager.pk),
    ]


def test_a_leader_with_a_manager_role_still_needs_another_person(team, member, leader, manager):
    make.give_role(team.unit, "manager", leader)
    with pytest.raises(TeamError, match="提出人和本人以外"):
        coefficients.approve(propose(member, leader), actor=leader)
    own = propose(leader.memberships.get(), manager)
    for actor in (leader, manager):
        with pytest.raises(TeamError, match="提出人和本人以外"):
            coefficients.approve(own, actor=actor)
        with pytest.raises(TeamError, match="提出人和本人以外"):
            coefficients.refuse(own, "不合适", actor=actor)
    assert rows(member.user) == [(100, make.LONG_AGO, None)]


@pytest.mark.parametrize(
    ("new", "day", "sentence"),
    [(100, DAY, "已经是 1.0"), (0, DAY, "0.01 到 9.99"), (1000, DAY, "0.01 到 9.99"), (110, make.LONG_AGO, "要晚于")],
)
def test_what_makes_no_sense_is_refused(new, day, sentence, member, leader):
    with pytest.raises(TeamError, match=sentence):
        propose(member, leader, new, day)
    assert not CoefficientChange.objects.exists()


def test_one_proposal_at_a_time(member, leader, manager):
    first = propose(member, leader)
    with pytest.raises(TeamError, match="已有一条待审批"):
        propose(member, leader, 120)
    coefficients.refuse(first, "证书还没到", actor=manager)
    assert propose(member, leader, 120).new == 120


def test_every_proposal_is_decided_once(member, leader, manager):
    change = propose(member, leader)
    coefficients.withdraw(change, actor=leader)
    for verb in (coefficients.approve, coefficients.withdraw):
        with pytest.raises(StaleState if verb is coefficients.approve else TeamError):
            verb(change, actor=manager)
    change.refresh_from_db()
    assert (change.state, rows(member.user)) == ("withdrawn", [(100, make.LONG_AGO, None)])


def test_a_change_is_not_approved_over_a_member_who_moved_meanwhile(member, leader, manager):
    change = propose(member, leader)
    member.ended_on = datetime.date(2026, 10, 15)
    member.save()
    with pytest.raises(StaleState, match="变过"):
        coefficients.approve(change, actor=manager)
    change.refresh_from_db()
    assert change.state == "proposed"

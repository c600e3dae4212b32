"""班组长后备: the declared way from stage to stage, who keeps, who coaches, what the person sees, figures."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import Reserve, ReserveStep
from activities.party import reserve_lists
from activities.services import reserves
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import branch as branches

pytestmark = pytest.mark.django_db
Stage = Reserve.Stage
WAY = {
    Stage.LISTED: [],
    Stage.TRAINING: [Stage.TRAINING],
    Stage.ACTING: [Stage.TRAINING, Stage.ACTING],
    Stage.READY: [Stage.TRAINING, Stage.READY],
    Stage.APPOINTED: [Stage.TRAINING, Stage.READY, Stage.APPOINTED],
    Stage.LEFT: [Stage.LEFT],
}
"""stage -> the steps that lead there."""


@pytest.fixture
def branch():
    return branches.make_branch()


def enlist(branch, user=None, coach=None, **facts):
    facts = {"listed_on": timezone.localdate(), "text": "技术骨干", "actor": branch.union} | facts
    return reserves.enlist(branch.unit, user or branch.one, coach=coach, **facts)


def at(branch, stage):
    reserve = enlist(branch)
    for place in WAY[stage]:
        reserves.step(reserve, place, "一步", actor=branch.union)
        reserve.refresh_from_db()
    return reserve


@pytest.mark.parametrize("new", Stage)
@pytest.mark.parametrize("old", Stage)
def test_only_the_declared_ways_are_gone(branch, old, new):
    reserve = at(branch, old)
    before = ReserveStep.objects.count()
    if new in reserves.NEXT[old] or (old == new and old not in reserves.OVER):
        reserves.step(reserve, new, "记一笔", actor=branch.union)
        reserve.refresh_from_db()
        assert (reserve.stage, bool(reserve.ended_on)) == (new, new in reserves.OVER)
        assert ReserveStep.objects.latest("id").text == "记一笔"
    else:
        with pytest.raises(ActivityError if old != new else StaleState):
            reserves.step(reserve, new, "记一笔", actor=branch.union)
        assert ReserveStep.objects.count() == before


def test_a_step_from_a_stage_that_is_over_is_told(branch):
    stale = enlist(branch)
    reserves.step(Reserve.objects.get(), Stage.TRAINING, "开始培养", actor=branch.union)
    with pytest.raises(StaleState):
        reserves.step(stale, Stage.LEFT, "不去了", actor=branch.union)


def test_a_person_is_listed_once_by_somebody_else_with_a_coach_who_is_another(branch):
    with pytest.raises(ActivityError, match="不能把自己"):
        enlist(branch, branch.union)
    with pytest.raises(ActivityError, match="另外的人"):
        enlist(branch, coach=branch.one)
    with pytest.raises(ActivityError, match="还没到"):
        enlist(branch, listed_on=timezone.localdate() + datetime.timedelta(days=1))
    reserve = enlist(branch, coach=branch.leader)
    with pytest.raises(ActivityError, match="已在后备库"):
        enlist(branch)
    reserves.step(reserve, Stage.LEFT, "调走", actor=branch.union)
    assert enlist(branch).pk != reserve.pk


def test_the_coach_changes_once(branch):
    reserve = enlist(branch, coach=branch.leader)
    with pytest.raises(ActivityError, match="没有变"):
        reserves.set_coach(reserve, branch.leader, actor=branch.union)
    with pytest.raises(ActivityError, match="由别人来定"):
        reserves.set_coach(reserve, None, actor=reserve.user)
    reserves.set_coach(reserve, branch.two, actor=branch.union)
    row = AuditEntry.objects.get(verb="reserve.coached")
    assert (row.before, row.after) == ({"coach": branch.leader.name}, {"coach": branch.two.name})
    reserves.step(reserve, Stage.LEFT, "调走", actor=branch.union)
    with pytest.raises(StaleState):
        reserves.set_coach(reserve, None, actor=branch.union)


def step_of(client, user, reserve, stage="listed"):
    client.force_login(user)
    answer = client.post(reverse("activities:reserve-step", args=[reserve.pk]), {"stage": stage, "text": "跟班一周"})
    return answer.status_code


def test_the_coach_notes_the_training_but_sets_no_stage_and_nobody_notes_the_own(branch, client):
    reserve = enlist(branch, coach=branch.leader)
    assert step_of(client, branch.leader, reserve) == 302
    assert step_of(client, branch.leader, reserve, "training") == 302
    reserve.refresh_from_db()
    assert (reserve.stage, reserve.steps.count()) == ("listed", 2)
    assert step_of(client, branch.one, reserve) == 403
    assert step_of(client, branch.two, reserve) == 404
    assert step_of(client, branch.secretary, reserve) == 403
    assert step_of(client, branch.union, reserve, "training") == 302
    reserve.refresh_from_db()
    assert reserve.stage == "training"


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"activities:{name}", args=args))


def test_a_person_sees_the_own_row_and_no_other(branch, client):
    own, other = enlist(branch), enlist(branch, branch.two)
    shown = page(client, branch.one, "reserves").content.decode()
    assert branch.one.name in shown
    assert reverse("activities:reserve", args=[other.pk]) not in shown
    assert page(client, branch.one, "reserve", own.pk).status_code == 200
    assert page(client, branch.one, "reserve", other.pk).status_code == 404


def test_the_list_is_filtered_and_counted(branch):
    one, two = enlist(branch), enlist(branch, branch.worker)
    reserves.step(two, Stage.TRAINING, "开始", actor=branch.union)
    third = enlist(branch, branch.two)
    reserves.step(third, Stage.LEFT, "调走", actor=branch.union)
    assert list(reserve_lists.listed(branch.union)) == [one, two]
    assert list(reserve_lists.listed(branch.union, stage="left")) == [third]
    assert list(reserve_lists.listed(branch.union, q=branch.worker.employee_no)) == [two]
    found = reserve_lists.figures(branch.union)
    assert (found["present"], found["party"], found["training"], found["came"], found["became"]) == (2, 1, 1, 3, 0)


def test_the_list_goes_out_as_it_is_filtered(branch, client):
    enlist(branch)
    enlist(branch, branch.worker)
    client.force_login(branch.union)
    answer = client.post(reverse("activities:reserve-export"), {"q": branch.worker.employee_no})
    (rows,) = read_workbook(io.BytesIO(answer.content)).values()
    assert [row[1] for row in rows[1:]] == [branch.worker.name]
    assert AuditEntry.objects.get(verb="reserve.exported").after == {"rows": 1}
    client.force_login(branch.one)
    assert client.post(reverse("activities:reserve-export")).status_code == 403

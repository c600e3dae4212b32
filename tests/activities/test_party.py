"""党建: liaisons and visits, Party groups, posts, promises with checks, mechanisms with lamps; who reads and who keeps."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities.errors import ActivityError, StaleState
from activities.models import Commitment, Liaison, Mechanism, PartyGroup, PartyGroupMember, PartyPost
from activities.party import access, reads
from activities.services import commitments, party
from teams.models import AuditEntry, Membership
from teams.workbooks import read_workbook
from tests import branch as branches
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def branch():
    return branches.make_branch()


@pytest.fixture
def today():
    return timezone.localdate()


def the_only_row(verb):
    return AuditEntry.objects.get(verb=verb)


# -- Liaisons ----------------------------------------------------------------------------------------------------------


def test_a_team_has_one_liaison_and_another_takes_over(branch, today):
    first = party.appoint_liaison(branch.team, branch.secretary, today - 9 * DAY, actor=branch.secretary)
    party.appoint_liaison(branch.team, branch.second, today, actor=branch.secretary)
    first.refresh_from_db()
    assert first.ended_on == today
    assert Liaison.objects.get(ended_on__isnull=True).user == branch.second
    row = AuditEntry.objects.filter(verb="liaison.appointed").latest("id")
    assert (row.before, row.after) == ({"user": branch.secretary.name}, {"user": branch.second.name})
    with pytest.raises(ActivityError, match="已经是"):
        party.appoint_liaison(branch.team, branch.second, today, actor=branch.secretary)


def test_a_liaison_is_of_the_committee_and_not_of_the_team(branch, today):
    with pytest.raises(ActivityError, match="不是.*支委"):
        party.appoint_liaison(branch.team, branch.manager, today, actor=branch.secretary)
    make.make_member(branch.team, user=branch.second)
    with pytest.raises(ActivityError, match="班组以外的人"):
        party.appoint_liaison(branch.team, branch.second, today, actor=branch.secretary)
    with pytest.raises(ActivityError, match="还没到"):
        party.appoint_liaison(branch.team, branch.secretary, today + DAY, actor=branch.secretary)
    assert not Liaison.objects.exists()


def test_a_liaison_begins_no_earlier_than_the_one_before(branch, today):
    party.appoint_liaison(branch.team, branch.secretary, today, actor=branch.secretary)
    with pytest.raises(ActivityError, match="不能早于"):
        party.appoint_liaison(branch.team, branch.second, today - DAY, actor=branch.secretary)


def test_ending_a_liaison_twice_is_told(branch, today):
    liaison = party.appoint_liaison(branch.team, branch.secretary, today, actor=branch.secretary)
    party.end_liaison(liaison, actor=branch.secretary)
    with pytest.raises(StaleState):
        party.end_liaison(liaison, actor=branch.secretary)
    assert the_only_row("liaison.ended").unit == branch.unit


def test_teams_show_the_last_visit_and_whether_this_month_had_one(branch, today):
    party.appoint_liaison(branch.team, branch.secretary, today - 90 * DAY, actor=branch.secretary)
    branches.visit(branch, branch.team, today.replace(day=1))
    branches.visit(branch, branch.team, today.replace(day=1) - DAY)
    branches.visit(branch, branch.other, today.replace(day=1) - DAY)
    shown = {touch.team: touch for touch in reads.touches(list(access.teams_below(branch.unit)))}
    assert shown[branch.team].last_visit == today.replace(day=1)
    assert (shown[branch.team].missing, shown[branch.other].missing) == (False, True)
    assert list(reads.teams_listed(branch.unit, only="unvisited")) == [branch.other]
    assert list(reads.teams_listed(branch.unit, only="without")) == [branch.other]
    assert list(reads.teams_listed(branch.unit, q=branch.team.name)) == [branch.team]


def test_a_voided_visit_is_none(branch, today):
    visit = branches.visit(branch, branch.team)
    type(visit).objects.filter(pk=visit.pk).update(state="voided", reason="记错班组")
    assert reads.touches([branch.team])[0].missing


def test_a_liaison_reads_the_team_and_changes_nothing_on_it(branch, today, client):
    party.appoint_liaison(branch.team, branch.secretary, today, actor=branch.secretary)
    client.force_login(branch.secretary)
    assert client.get(reverse("teams:team", args=[branch.team.pk])).status_code == 200
    assert client.post(reverse("teams:attendance-confirm", args=[branch.team.pk, 202610])).status_code == 403
    assert client.get(reverse("assessments:self-check", args=[branch.team.pk])).status_code == 403


# -- Party groups ------------------------------------------------------------------------------------------------------


def formed(branch, today, name="一值党小组"):
    facts = {"name": name, "team": branch.team, "leader": branch.one, "formed_on": today - 9 * DAY}
    return party.form_group(branch.unit, **facts, actor=branch.secretary)


def test_a_group_is_formed_with_its_leader_and_takes_experts_in(branch, today):
    group, expert = formed(branch, today), branches.to_party(make.make_user())
    party.join_group(group, expert, speciality="汽机", joined_on=today, actor=branch.secretary)
    (shown,) = reads.groups_of(branch.unit)
    assert [(row.user, row.speciality) for row in shown.present] == [(branch.one, ""), (expert, "汽机")]
    assert the_only_row("party_group.formed").after["leader"] == branch.one.name


def test_a_member_is_in_one_group_only(branch, today):
    group = formed(branch, today)
    with pytest.raises(ActivityError, match="已在一个党小组"):
        party.join_group(group, branch.one, speciality="", joined_on=today, actor=branch.secretary)
    with pytest.raises(ActivityError, match="不是党员"):
        party.join_group(group, branch.worker, speciality="", joined_on=today, actor=branch.secretary)
    with pytest.raises(ActivityError, match="不能早于成立"):
        party.join_group(group, branch.two, speciality="", joined_on=today - 10 * DAY, actor=branch.secretary)
    with pytest.raises(ActivityError, match="换一个名称"):
        formed(branch, today)
    assert PartyGroupMember.objects.count() == 1


def test_the_leader_leaves_only_after_another_leads(branch, today):
    group = formed(branch, today)
    with pytest.raises(ActivityError, match="先换组长"):
        party.leave_group(group.members.get(), actor=branch.secretary)
    with pytest.raises(ActivityError, match="先编入"):
        party.lead_group(group, branch.two, actor=branch.secretary)
    party.join_group(group, branch.two, speciality="", joined_on=today, actor=branch.secretary)
    party.lead_group(group, branch.two, actor=branch.secretary)
    party.leave_group(group.members.get(user=branch.one), actor=branch.secretary)
    with pytest.raises(StaleState):
        party.leave_group(group.members.get(user=branch.one), actor=branch.secretary)
    assert PartyGroup.objects.get().leader == branch.two


def test_a_dissolved_group_frees_its_members_and_takes_none(branch, today):
    group = formed(branch, today)
    party.end_group(group, actor=branch.secretary)
    with pytest.raises(StaleState):
        party.end_group(group, actor=branch.secretary)
    with pytest.raises(StaleState):
        party.join_group(group, branch.two, speciality="", joined_on=today, actor=branch.secretary)
    assert formed(branch, today).leader == branch.one


# -- Areas and posts ---------------------------------------------------------------------------------------------------


def post(branch, today, **changes):
    facts = {"kind": "area", "name": "1 号机油站", "user": branch.one, "duties": "无渗漏", "started_on": today}
    return party.set_up_post(branch.team, **facts | changes, actor=branch.secretary)


def test_a_post_is_of_a_party_member_of_the_team_and_ends_with_an_outcome(branch, today):
    found = post(branch, today)
    with pytest.raises(ActivityError, match="已有党员责任区"):
        post(branch, today)
    with pytest.raises(ActivityError, match="不是党员"):
        post(branch, today, name="另一处", user=branch.worker)
    with pytest.raises(ActivityError, match="不在"):
        post(branch, today, name="另一处", user=branches.to_party(make.make_member(branch.other)))
    with pytest.raises(ActivityError, match="成效"):
        party.end_post(found, "", actor=branch.secretary)
    party.end_post(found, "全年无渗漏", actor=branch.secretary)
    with pytest.raises(StaleState):
        party.end_post(found, "再来", actor=branch.secretary)
    assert PartyPost.objects.get().outcome == "全年无渗漏"
    assert post(branch, today).pk != found.pk


def test_posts_are_found_by_kind_team_and_words(branch, today):
    area, safe = post(branch, today), post(branch, today, kind="safety", name="磨煤机")
    assert list(reads.posts_of(branch.unit, kind="safety")) == [safe]
    assert list(reads.posts_of(branch.unit, q="油站")) == [area]
    assert list(reads.posts_of(branch.unit, team=branch.other)) == []
    party.end_post(area, "好", actor=branch.secretary)
    assert list(reads.posts_of(branch.unit, ended=True)) == [area]


# -- Promises ----------------------------------------------------------------------------------------------------------


def promised(branch, year, user=None, text="带两名新员工"):
    return commitments.promise(branch.unit, user or branch.one, year=year, text=text, actor=branch.one)


def test_a_promise_is_checked_once_a_quarter_by_somebody_else(branch, today):
    found = promised(branch, today.year - 1)
    facts = {"result": "kept", "note": "带了两名"}
    commitments.check_promise(found, quarter=1, **facts, actor=branch.secretary)
    with pytest.raises(StaleState, match="已经检查过"):
        commitments.check_promise(found, quarter=1, **facts, actor=branch.second)
    with pytest.raises(ActivityError, match="自己的承诺"):
        commitments.check_promise(found, quarter=2, **facts, actor=branch.one)
    assert [check and check.result for check in reads.quarters_of(found)] == ["kept", None, None, None]


def test_a_quarter_to_come_is_not_checked(branch, today):
    found = promised(branch, today.year + 1)
    with pytest.raises(ActivityError, match="还没开始"):
        commitments.check_promise(found, quarter=1, result="kept", note="早了", actor=branch.secretary)


def test_only_party_members_of_the_unit_promise_and_the_same_once(branch, today):
    promised(branch, today.year)
    with pytest.raises(StaleState):
        promised(branch, today.year)
    with pytest.raises(ActivityError, match="不是.*的党员"):
        promised(branch, today.year, branch.worker)
    with pytest.raises(ActivityError, match="核对年度"):
        promised(branch, today.year - 2)
    assert Commitment.objects.count() == 1


def test_the_last_quarter_is_the_one_that_is_over():
    cases = {(2026, 1, 1): (2025, 4), (2026, 3, 31): (2025, 4), (2026, 4, 1): (2026, 1), (2026, 12, 31): (2026, 3)}
    assert {day: reads.last_quarter(datetime.date(*day)) for day in cases} == cases


# -- Mechanisms --------------------------------------------------------------------------------------------------------


def test_shipped_mechanisms_are_installed_once_a_year(branch, today):
    for code, preset in commitments.presets().items():
        found = commitments.install(branch.unit, code, year=today.year, actor=branch.secretary)
        assert (found.name, found.items) == (preset["name"], preset["items"])
        with pytest.raises(ActivityError, match="已有"):
            commitments.install(branch.unit, code, year=today.year, actor=branch.secretary)
    assert len({row.code for row in Mechanism.objects.all()}) == len(commitments.presets()) >= 3


def test_a_mechanism_is_of_a_year_near_by(branch, today):
    with pytest.raises(ActivityError, match="今年和明年"):
        commitments.install(branch.unit, "four_ones", year=today.year + 2, actor=branch.secretary)
    assert not Mechanism.objects.exists()


@pytest.mark.parametrize("percent", ["101", "-1", "一半", ""])
def test_a_wrong_per_cent_is_said(branch, today, client, percent):
    found = commitments.install(branch.unit, "four_ones", year=today.year, actor=branch.secretary)
    client.force_login(branch.secretary)
    body = {"item": found.items[0]["name"], "percent": percent, "text": "排计划"}
    answer = client.post(reverse("activities:party-mechanism", args=[found.pk]), body)
    assert "完成（%）请填 0 到 100 的整数。" in answer.content.decode()
    assert not found.steps.exists()


def test_the_latest_step_of_an_item_counts(branch, today):
    found = commitments.install(branch.unit, "four_builds", year=today.year, actor=branch.secretary)
    for percent in (80, 40):
        commitments.step(found, item="建强队伍", percent=percent, text="排计划", actor=branch.secretary)
    with pytest.raises(ActivityError, match="没有这个事项"):
        commitments.step(found, item="没有的", percent=1, text="排计划", actor=branch.secretary)
    items = reads.items_of(found, found.steps.all(), datetime.date(today.year, 12, 31))
    assert [(item.name, item.percent, item.lamp) for item in items[:2]] == [
        ("建强班子", 0, "bad"),
        ("建强队伍", 40, "bad"),
    ]
    assert reads.mean(items) == 10


def test_an_item_is_added_once(branch, today):
    found = commitments.install(branch.unit, "weak_items", year=today.year, actor=branch.secretary)
    commitments.add_item(found, name="2.4 设备卫生", aim="下月少扣一半", actor=branch.secretary)
    with pytest.raises(ActivityError, match="已有"):
        commitments.add_item(found, name="2.4 设备卫生", aim="", actor=branch.secretary)
    found.refresh_from_db()
    assert [item["name"] for item in found.items][1:] == ["2.4 设备卫生"]


@given(percent=st.integers(0, 100), expected=st.integers(0, 100))
def test_a_lamp_gets_no_worse_by_progress(percent, expected):
    order = ["bad", "warn", "ok"]
    here, further = (order.index(reads.lamp(number, expected)) for number in (percent, min(percent + 1, 100)))
    assert here <= further
    assert reads.lamp(100, expected) == "ok"
    assert (reads.lamp(percent, expected) == "bad") == (percent < expected - reads.BEHIND)


# -- Who reads, who keeps, what waits ----------------------------------------------------------------------------------


def test_roles_and_party_members_of_the_unit_read_and_the_secretary_keeps(branch):
    for reader in (branch.secretary, branch.manager, branch.one):
        assert access.branch_for(reader, branch.unit.pk) == branch.unit
    for other in (branch.worker, branch.stranger):
        with pytest.raises(Http404):
            access.branch_for(other, branch.unit.pk)
    for reader in (branch.manager, branch.one):
        with pytest.raises(PermissionDenied):
            access.branch_to_keep(reader, branch.unit.pk)
    assert access.branch_to_keep(branch.secretary, branch.unit.pk) == branch.unit


def test_an_expert_of_another_unit_reads_while_in_the_group(branch, today):
    group, expert = formed(branch, today), branches.to_party(branch.stranger)
    member = party.join_group(group, expert, speciality="热控", joined_on=today, actor=branch.secretary)
    assert access.branch_for(expert, branch.unit.pk) == branch.unit
    party.leave_group(member, actor=branch.secretary)
    with pytest.raises(Http404):
        access.branch_for(expert, branch.unit.pk)


def test_a_worker_sees_the_liaison_and_the_posts_of_the_own_team(branch, today, client):
    party.appoint_liaison(branch.team, branch.second, today, actor=branch.secretary)
    post(branch, today)
    client.force_login(branch.worker)
    page = client.get(reverse("activities:party")).content.decode()
    assert branch.second.name in page
    assert "1 号机油站" in page
    assert client.get(reverse("activities:party-plaque", args=[PartyPost.objects.get().pk])).status_code == 200
    client.force_login(branch.stranger)
    assert client.get(reverse("activities:party-plaque", args=[PartyPost.objects.get().pk])).status_code == 404


def test_visits_and_checks_wait_for_the_committee(branch, today):
    assert list(reads.waiting_for(branch.secretary)) == []
    party.appoint_liaison(branch.team, branch.secretary, today, actor=branch.secretary)
    year, _ = reads.last_quarter(today)
    promised(branch, year)
    promised(branch, year, branch.secretary, "每月带一个班组")
    titles = [title for title, *_ in reads.waiting_for(branch.secretary)]
    details = [detail for _, detail, *_ in reads.waiting_for(branch.second)]
    assert titles == ["走访班组", "检查承诺"]
    assert len(details) == 1
    assert "还有 2 条" in details[0]
    branches.visit(branch, branch.team)
    assert [title for title, *_ in reads.waiting_for(branch.secretary)] == ["检查承诺"]


def test_the_workbook_has_a_sheet_a_page(branch, today, client):
    party.appoint_liaison(branch.team, branch.secretary, today, actor=branch.secretary)
    formed(branch, today)
    post(branch, today)
    promised(branch, today.year)
    found = commitments.install(branch.unit, "four_ones", year=today.year, actor=branch.secretary)
    commitments.step(found, item="一个支部一个品牌", percent=30, text="定了名", actor=branch.secretary)
    client.force_login(branch.manager)
    answer = client.post(reverse("activities:party-export", args=[branch.unit.pk]))
    sheets = read_workbook(io.BytesIO(answer.content))
    assert {name: len(rows) for name, rows in sheets.items()} == {
        "联系班组": 3,
        "党小组": 2,
        "责任区和示范岗": 2,
        "承诺": 2,
        "创建机制": 5,
    }
    assert the_only_row("party.exported").actor == branch.manager


def test_people_who_left_are_not_offered(branch):
    Membership.objects.filter(user=branch.one).update(ended_on=timezone.localdate())
    assert set(access.party_people(branch.unit)) == {branch.two, branch.secretary}

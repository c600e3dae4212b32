"""Leader appraisals: who is in a round, what each side may answer and when, what a closed round says, and who sees it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.appraisals import lists
from assessments.errors import AssessmentError, StaleState
from assessments.models import Appraisal, Ballot, BallotGiven
from assessments.services import appraisals
from teams.models import AuditEntry, Membership, Team
from tests import factories as make
from tests.appraisals import FAIR, GOOD, POOR, end, give_votes, make_round, scores, ticked

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class Place:
    """A unit with a team of a leader and four members, its manager, and a round."""

    def __init__(self):
        self.unit = make.make_unit("运行部")
        self.team = make.make_team(self.unit, "一值")
        self.leader = make.make_member(self.team, "leader", user=make.make_user(name="周建国"))
        roles = ("deputy", "safety", "worker", "worker")
        self.members = [make.make_member(self.team, role) for role in roles]
        self.manager = make.give_role(self.unit, "manager")
        self.round = make_round(self.unit, actor=self.manager)
        self.about = self.round.leaders.get()


@pytest.fixture
def place():
    return Place()


def seen(client, who, name, *args):
    client.force_login(who)
    return client.get(reverse(f"assessments:{name}", args=args))


# -- Who is in it ------------------------------------------------------------------------------------------------------


def test_every_present_leader_below_the_unit_is_in_and_nobody_else():
    plant = make.make_unit()
    units = [make.make_unit(parent=plant) for _ in range(2)]
    leaders = [make.make_member(make.make_team(unit), "leader") for unit in units]
    make.make_member(make.make_team(units[0]), "deputy")
    left = make.make_team(units[0])
    make.make_member(left, "leader", ended_on=timezone.localdate() - DAY)
    make.make_member(make.make_team(), "leader")
    found = make_round(plant)
    assert [row.leader for row in found.leaders.all()] == leaders


def test_a_unit_without_leaders_gets_no_round(client):
    unit = make.make_unit()
    manager = make.give_role(unit, "manager")
    with pytest.raises(AssessmentError, match="还没有班组长"):
        make_round(unit)
    assert "发起不了" in seen(client, manager, "appraisal-open", unit.pk).text


def test_a_round_that_is_sent_twice_is_one_until_it_is_cancelled(place):
    with pytest.raises(AssessmentError, match="已经发起过.*请换一个名称"):
        make_round(place.unit, title=place.round.title)
    appraisals.cancel(place.round, "日期填错了", actor=place.manager)
    assert make_round(place.unit, title=place.round.title) != place.round


@pytest.mark.parametrize("share", ["-20", "120", "", "多"])
def test_a_share_out_of_range_is_refused_with_a_sentence(place, client, share):
    client.force_login(place.manager)
    page = client.post(reverse("assessments:appraisal-open", args=[place.unit.pk]), {"weight_self": share})
    assert page.context["form"].errors["weight_self"] == ["自评占请填 0 到 100 的整数。"]


def test_teams_without_a_leader_are_named_before_a_round_is_opened(place, client):
    make.make_team(place.unit, "没有班长的班")
    page = seen(client, place.manager, "appraisal-open", place.unit.pk).text
    assert "还没有班组长、不参加的班组：没有班长的班" in page


def test_who_stops_leading_stays_in_the_round_and_the_next_leader_rates_as_a_member(place, client):
    deputy = place.members[0]
    Membership.objects.filter(user=place.leader).update(ended_on=timezone.localdate() - DAY)
    Membership.objects.filter(user=deputy).update(role="leader")
    assert seen(client, place.leader, "appraisal-self", place.about.pk).status_code == 200
    assert seen(client, deputy, "appraisal-vote", place.about.pk).status_code == 200
    assert seen(client, deputy, "appraisal-self", place.about.pk).status_code == 403


# -- Opening -----------------------------------------------------------------------------------------------------------


def opening(**changes):
    today = timezone.localdate()
    days = {"opens_on": today, "ends_on": today + 6 * DAY, "least_answers": "3"}
    weights = {"weight_self": "20", "weight_members": "40", "weight_superior": "40"}
    grades = {"grade_0": "90", "grade_1": "80", "grade_2": "70"}
    return {"preset": "appraisal_three_four", "title": "四季度测评"} | days | weights | grades | changes


def test_a_second_round_of_a_quarter_is_offered_a_free_name(place):
    day = datetime.date(2026, 11, 22)
    offered = [lists.free_title(place.unit, day)]
    for name in ("2026年四季度班组长测评", "2026年四季度班组长测评（第 2 次）"):
        make_round(place.unit, actor=place.manager, title=name)
        offered.append(lists.free_title(place.unit, day))
    assert offered == [f"2026年四季度班组长测评{which}" for which in ("", "（第 2 次）", "（第 3 次）")]


def test_the_manager_opens_a_round_with_own_weights_and_limits(place, client):
    client.force_login(place.manager)
    weights = {"weight_self": "10", "weight_members": "50", "weight_superior": "40"}
    client.post(reverse("assessments:appraisal-open", args=[place.unit.pk]), opening(grade_0="92.5", **weights))
    found = Appraisal.objects.get(title="四季度测评")
    assert (found.weight_self, found.weight_members, found.weight_superior) == (10, 50, 40)
    assert found.grades == [["优秀", 9250], ["良好", 8000], ["合格", 7000]]
    assert [name for name, _, _ in found.items] == ["眼到", "口到", "手到", "勤学习", "勤检查", "勤沟通", "勤总结"]
    assert AuditEntry.objects.filter(verb="appraisal.opened", object_id=found.pk, actor=place.manager).count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "请填名称"),
        ({"opens_on": "2020-01-01"}, "开始日期已经过去"),
        ({"ends_on": "2020-01-01"}, "截止日期早于开始日期"),
        ({"ends_on": timezone.localdate() + 200 * DAY}, "一轮测评最长 92 天"),
        ({"least_answers": "2"}, "请填 3 到 50 的整数"),
        ({"weight_self": "30"}, "三项占比加起来要等于 100%，现在是 110%"),
        ({"weight_self": "一"}, "请填 0 到 100 的整数"),
        ({"grade_1": "95"}, "等级线要一级比一级低"),
        ({"grade_0": "100.01"}, "等级线要一级比一级低"),
        ({"grade_2": "-5"}, "等级线要一级比一级低"),
        ({"grade_2": ""}, "请填“合格”从几分起"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(place, client, changes, sentence):
    client.force_login(place.manager)
    answer = client.post(reverse("assessments:appraisal-open", args=[place.unit.pk]), opening(**changes))
    assert sentence in answer.text
    assert Appraisal.objects.count() == 1


def test_an_unknown_preset_is_not_found(place, client):
    client.force_login(place.manager)
    address = reverse("assessments:appraisal-open", args=[place.unit.pk])
    assert client.get(address, {"preset": "standard_leader"}).status_code == 404
    assert client.post(address, opening(preset="x")).status_code == 404


# -- Answering ---------------------------------------------------------------------------------------------------------


def test_three_sides_answer_and_two_of_them_may_change_their_minds(place, client):
    about = place.about
    for level in (FAIR, GOOD):
        for who, side, words in ((place.leader, "self", "继续努力"), (place.manager, "superior", "不错")):
            stamp = seen(client, who, f"appraisal-{side}", about.pk).context["form"]["seen"].value()
            said = ticked(about, level, words=words, seen=stamp)
            client.post(reverse(f"assessments:appraisal-{side}", args=[about.pk]), said)
    about.refresh_from_db()
    assert about.own_scores == about.superior_scores == [1000] * 4
    assert (about.own_words, about.superior_words, about.superior) == ("继续努力", "不错", place.manager)
    page = seen(client, place.leader, "appraisal-self", about.pk)
    assert page.context["form"]["item-0"].value() == f"{GOOD}"


def test_a_member_votes_once_and_for_good(place, client):
    member = place.members[2]
    client.force_login(member)
    address = reverse("assessments:appraisal-vote", args=[place.about.pk])
    assert "测评已提交" in client.post(address, ticked(place.about, FAIR, words="好"), follow=True).text
    assert "您已经测评过了" in client.post(address, ticked(place.about, POOR), follow=True).text
    assert [ballot.scores for ballot in Ballot.objects.all()] == [[700] * 4]
    with pytest.raises(StaleState, match="每人一次"):
        give_votes(place.about, [member])
    assert Ballot.objects.count() == BallotGiven.objects.count() == 1


def test_an_item_left_out_or_made_up_is_refused_by_its_name(place, client):
    client.force_login(place.members[0])
    address = reverse("assessments:appraisal-vote", args=[place.about.pk])
    for wrong in ({"item-1": ""}, {"item-1": "7"}, {"item-1": "x"}):
        assert "第 2 项“要公平公正”还没有选。" in client.post(address, ticked(place.about) | wrong).text
    assert "意见最多 300 个字" in client.post(address, ticked(place.about, words="字" * 301)).text
    assert Ballot.objects.count() == 0


def test_only_the_leader_the_members_and_the_superior_have_their_sheets(place, client):
    worker, stranger = place.members[2], make.make_member(make.make_team(place.unit), "leader")
    expected = {
        "appraisal-self": {place.leader: 200, worker: 403, place.manager: 403, stranger: 404},
        "appraisal-vote": {place.leader: 403, worker: 200, place.manager: 403, stranger: 404},
        "appraisal-superior": {place.leader: 403, worker: 403, place.manager: 200, stranger: 404},
    }
    for name, people in expected.items():
        assert {who: seen(client, who, name, place.about.pk).status_code for who in people} == people, name


def test_a_leader_who_manages_the_unit_is_not_the_own_superior(place, client):
    make.give_role(place.unit, "manager", place.leader)
    assert seen(client, place.leader, "appraisal-superior", place.about.pk).status_code == 403
    with pytest.raises(AssessmentError, match="不能给自己做上级评价"):
        appraisals.rate_as_superior(place.about, scores(place.about), "", actor=place.leader)


def test_nothing_is_answered_before_the_first_day(place, client):
    today = timezone.localdate()
    coming = make_round(place.unit, opens_on=today + DAY, ends_on=today + 2 * DAY).leaders.get()
    for answer in (appraisals.rate_oneself, appraisals.vote, appraisals.rate_as_superior):
        with pytest.raises(AssessmentError, match="才开始"):
            answer(coming, scores(coming), "", actor=place.members[0])
    assert seen(client, place.members[0], "appraisal-vote", coming.pk).status_code == 302


def test_after_the_last_day_only_the_superior_still_answers(place, client):
    today = timezone.localdate()
    past = make_round(place.unit, opens_on=today - 3 * DAY, ends_on=today - DAY)
    about = past.leaders.get()
    for answer, who in ((appraisals.rate_oneself, place.leader), (appraisals.vote, place.members[0])):
        with pytest.raises(AssessmentError, match="已经截止"):
            answer(about, scores(about), "", actor=who)
    appraisals.rate_as_superior(about, scores(about), "", actor=place.manager)
    appraisals.close(past, actor=place.manager)
    about.refresh_from_db()
    assert about.total == 10000


def test_no_button_leads_to_a_sheet_that_is_not_open(place, client):
    today = timezone.localdate()
    days = {"coming": (DAY, DAY), "running": (0 * DAY, DAY), "past": (-2 * DAY, -DAY)}
    offered = {}
    for name, (first, last) in days.items():
        about = make_round(place.unit, opens_on=today + first, ends_on=today + last).leaders.get()
        own = seen(client, place.leader, "appraisal-leader", about.pk).text
        rated = seen(client, place.manager, "appraisal", about.appraisal_id).text
        links = (reverse(f"assessments:appraisal-{side}", args=[about.pk]) for side in ("self", "superior"))
        offered[name] = [link in page for link, page in zip(links, (own, rated), strict=True)]
    assert offered == {"coming": [False, False], "running": [True, True], "past": [False, True]}


def test_before_it_is_closed_a_round_says_what_is_missing(place, client):
    give_votes(place.about, place.members[:3])
    page = seen(client, place.manager, "appraisal", place.round.pk).text
    assert "还有 1 名班组长没有自评、1 名组员没有测评、1 名班组长没有上级评价。" in page
    give_votes(place.about, place.members[3:])
    appraisals.rate_oneself(place.about, scores(place.about), "", actor=place.leader)
    appraisals.rate_as_superior(place.about, scores(place.about), "", actor=place.manager)
    assert "三方都填完了。" in seen(client, place.manager, "appraisal", place.round.pk).text


def test_a_sheet_that_is_nearly_empty_counts_what_is_missing_and_says_it_at_each_item(place, client):
    client.force_login(place.members[0])
    page = client.post(reverse("assessments:appraisal-vote", args=[place.about.pk]), {}).text
    assert "4 处没有填好" in page
    assert page.count("第 2 项“要公平公正”还没有选。") == 1


def test_somebody_who_moves_answers_in_the_new_team_and_what_was_given_stays(place, client):
    mover = place.members[3]
    give_votes(place.about, [mover])
    new = make.make_team(place.unit)
    make.make_member(new, "leader")
    again = make_round(place.unit)
    Membership.objects.filter(user=mover).update(ended_on=timezone.localdate() - DAY)
    make.make_member(new, user=mover)
    for about in (place.about, again.leaders.get(team=place.team)):
        assert seen(client, mover, "appraisal-vote", about.pk).status_code == 404
    assert seen(client, mover, "appraisal-vote", again.leaders.get(team=new).pk).status_code == 200
    assert Ballot.objects.filter(about=place.about).count() == 1


def test_two_rounds_at_the_same_time_do_not_know_of_each_other(place):
    other = make_round(place.unit, preset="appraisal_reselection", least_answers=3)
    about = other.leaders.get()
    give_votes(place.about, place.members[:3], POOR)
    give_votes(about, place.members[:3], GOOD)
    assert end(place.round).leaders.get().by_members == 4000
    assert end(other).leaders.get().by_members == 10000


# -- Closing -----------------------------------------------------------------------------------------------------------


def test_before_the_last_day_is_over_a_round_is_closed_only_on_purpose(place, client):
    client.force_login(place.manager)
    address = reverse("assessments:appraisal-close", args=[place.round.pk])
    assert "才截止" in client.post(address, follow=True).text
    assert "测评已结束" in client.post(address, {"early": "1"}, follow=True).text
    assert "已经结束" in client.post(address, {"early": "1"}, follow=True).text
    assert AuditEntry.objects.filter(verb="appraisal.closed").count() == 1


def test_the_sides_are_weighted_and_graded(place):
    about = place.about
    appraisals.rate_oneself(about, scores(about, GOOD), "", actor=place.leader)
    give_votes(about, place.members[:2], GOOD)
    give_votes(about, place.members[2:], FAIR)
    appraisals.rate_as_superior(about, scores(about, FAIR), "", actor=place.manager)
    row = end(place.round).leaders.get()
    assert (row.by_self, row.by_members, row.by_superior) == (10000, 8500, 7000)
    assert (row.total, row.grade) == (8200, "良好")


def test_too_few_ballots_count_as_none_and_leave_their_weight_to_the_others(place, client):
    about = place.about
    appraisals.rate_oneself(about, scores(about, GOOD), "", actor=place.leader)
    give_votes(about, place.members[:2], POOR, "只有我这么说")
    appraisals.rate_as_superior(about, scores(about, FAIR), "", actor=place.manager)
    row = end(place.round).leaders.get()
    assert (row.by_members, row.total) == (None, 8000)
    for who in (place.leader, place.manager):
        page = seen(client, who, "appraisal-leader", row.pk).text
        assert "民主测评不满 3 份，不显示。" in page
        assert "缺民主测评，总分按其余各方的占比折算。" in page
        assert "只有我这么说" not in page


def test_control_with_one_ballot_more_the_words_are_shown(place, client):
    give_votes(place.about, place.members[:3], POOR, "只有我这么说")
    row = end(place.round).leaders.get()
    assert "只有我这么说" in seen(client, place.leader, "appraisal-leader", row.pk).text


def test_a_cancelled_round_shows_nothing_and_takes_nothing(place, client):
    give_votes(place.about, place.members, FAIR, "意见")
    client.force_login(place.manager)
    address = reverse("assessments:appraisal-cancel", args=[place.round.pk])
    assert "请写明原因" in client.post(address, follow=True).text
    client.post(address, {"reason": "选错了内容"})
    page = seen(client, place.manager, "appraisal-leader", place.about.pk).text
    assert "填过的都不公布" in page
    assert "意见" not in page.split("</header>")[1].split("<footer")[0]
    with pytest.raises(StaleState, match="已经结束"):
        appraisals.rate_oneself(place.about, scores(place.about), "", actor=place.leader)
    assert AuditEntry.objects.get(verb="appraisal.cancelled").after == {"reason": "选错了内容"}


def test_members_see_the_grade_and_the_leader_everything(place, client):
    about = place.about
    appraisals.rate_oneself(about, scores(about, GOOD), "我的总结", actor=place.leader)
    give_votes(about, place.members, FAIR, "组员的话")
    appraisals.rate_as_superior(about, scores(about, GOOD), "上级的话", actor=place.manager)
    end(place.round)
    page = seen(client, place.members[2], "appraisal-leader", about.pk).text
    assert "良好" in page
    for hidden in ("88.00", "70.00", "我的总结", "组员的话", "上级的话"):
        assert hidden not in page
    page = seen(client, place.leader, "appraisal-leader", about.pk).text
    for shown in ("88.00", "70.00", "我的总结", "组员的话", "上级的话"):
        assert shown in page


def test_a_manager_below_sees_and_rates_the_own_leaders_of_a_round_of_the_plant(client):
    plant = make.make_unit()
    units = [make.make_unit(parent=plant) for _ in range(2)]
    leaders = [make.make_member(make.make_team(unit), "leader") for unit in units]
    manager = make.give_role(units[0], "manager")
    found = make_round(plant)
    page = seen(client, manager, "appraisal", found.pk)
    assert [row.leader for row in page.context["rows"]] == leaders[:1]
    assert client.post(reverse("assessments:appraisal-close", args=[found.pk]), {"early": "1"}).status_code == 403
    assert seen(client, manager, "appraisal-superior", found.leaders.get(leader=leaders[0]).pk).status_code == 200
    assert seen(client, manager, "appraisal-superior", found.leaders.get(leader=leaders[1]).pk).status_code == 404


def test_a_disbanded_team_is_in_no_new_round(place):
    Team.objects.filter(pk=place.team.pk).update(disbanded_on=timezone.localdate())
    with pytest.raises(AssessmentError):
        make_round(place.unit)

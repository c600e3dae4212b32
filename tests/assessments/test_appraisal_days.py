"""A round that goes on longer or is called off says why to everybody in it, and nobody counts on two of its sides."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from assessments.errors import AssessmentError, StaleState
from assessments.models import Appraisal, Ballot
from assessments.services import appraisals
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.appraisals import end, give_votes, make_round, scores

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class Place:
    """A unit with a team of a leader and three members, its manager, and a round that ends in six days."""

    def __init__(self):
        self.unit = make.make_unit("运行部")
        self.team = make.make_team(self.unit, "一值")
        self.leader = make.make_member(self.team, "leader")
        self.members = [make.make_member(self.team) for _ in range(3)]
        self.manager = make.give_role(self.unit, "manager")
        self.round = make_round(self.unit, actor=self.manager)
        self.about = self.round.leaders.get()
        self.last = self.round.ends_on


@pytest.fixture
def place():
    return Place()


def seen(client, who, name, *args):
    client.force_login(who)
    return client.get(reverse(f"assessments:{name}", args=args))


def extend(client, place, ends_on, reason="夜班的人还没填"):
    client.force_login(place.manager)
    address = reverse("assessments:appraisal-extend", args=[place.round.pk])
    return client.post(address, {"ends_on": ends_on, "reason": reason}, follow=True)


# -- Put off -----------------------------------------------------------------------------------------------------------


def test_the_last_day_is_put_off_and_everybody_in_the_round_reads_why(place, client):
    later = place.last + 7 * DAY
    assert f"截止日期已推迟到 {later}" in extend(client, place, later).text
    assert Appraisal.objects.get().ends_on == later
    entry = AuditEntry.objects.get(verb="appraisal.extended")
    assert (entry.actor, entry.before, entry.after) == (
        place.manager,
        {"ends_on": f"{place.last}"},
        {"ends_on": f"{later}", "reason": "夜班的人还没填"},
    )
    said = f"截止日期从 {place.last} 推迟到 {later}：夜班的人还没填"
    pages = [(place.manager, "appraisal", place.round.pk)]
    pages += [(who, "appraisal-leader", place.about.pk) for who in (place.leader, place.members[0])]
    pages += [(place.leader, "appraisal-self", place.about.pk), (place.members[0], "appraisal-vote", place.about.pk)]
    for who, name, pk in pages:
        assert said in strip_tags(seen(client, who, name, pk).text)
    assert "推迟过" in seen(client, place.members[0], "appraisals").text


def test_control_a_round_that_was_not_put_off_says_nothing_of_it(place, client):
    assert "推迟到 " not in seen(client, place.leader, "appraisal-leader", place.about.pk).text
    assert "推迟过" not in seen(client, place.members[0], "appraisals").text


def test_a_round_whose_last_day_is_over_goes_on_once_it_is_put_off(place, client):
    today = timezone.localdate()
    past = {"opens_on": today - 9 * DAY, "ends_on": today - DAY}
    found = make_round(place.unit, **past)
    about = found.leaders.get()
    with pytest.raises(AssessmentError, match="已经截止"):
        give_votes(about, place.members)
    appraisals.extend(found, today, "停机检修", actor=place.manager)
    give_votes(about, place.members)
    assert Ballot.objects.filter(about=about).count() == 3


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (0, "夜班", "新的截止日期要晚于现在的"),
        (-20, "夜班", "新的截止日期要晚于现在的"),
        (87, "夜班", "一轮测评最长 92 天"),
        (7, "", "请写明原因"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(place, client, days, reason, sentence):
    assert sentence in extend(client, place, place.last + days * DAY, reason).text
    assert Appraisal.objects.get().ends_on == place.last
    assert not AuditEntry.objects.filter(verb="appraisal.extended").exists()


def test_control_the_longest_round_is_allowed_and_then_nothing_more_is_offered(place, client):
    longest = place.round.opens_on + appraisals.LONGEST
    assert "推迟截止日期" not in extend(client, place, longest).text
    assert Appraisal.objects.get().ends_on == longest


@pytest.mark.parametrize("day", ["", "明天", "2026-02-30", "0020-01-01"])
def test_what_is_no_date_is_refused_in_a_sentence(place, client, day):
    assert re.search("请选择日期。|日期无效", extend(client, place, day).text)


def test_a_round_that_is_over_is_not_put_off(place):
    found = end(place.round)
    with pytest.raises(StaleState, match="已经结束"):
        appraisals.extend(found, place.last + DAY, "再等等", actor=place.manager)


# -- Called off --------------------------------------------------------------------------------------------------------


def test_the_reason_of_a_cancellation_stands_on_every_page_about_the_round(place, client):
    appraisals.cancel(place.round, "选错了内容", actor=place.manager)
    pages = [(place.manager, "appraisal", place.round.pk)]
    pages += [(who, "appraisal-leader", place.about.pk) for who in (place.leader, place.members[0])]
    for who, name, pk in pages:
        assert "这一轮已经取消：选错了内容" in seen(client, who, name, pk).text
    assert "选错了内容" in seen(client, place.members[0], "appraisals").text


# -- One side each -----------------------------------------------------------------------------------------------------


def test_a_manager_who_works_in_the_team_answers_as_superior_alone(place, client):
    both = place.members[0]
    make.give_role(place.unit, "manager", both)
    assert seen(client, both, "appraisal-vote", place.about.pk).status_code == 403
    page = seen(client, both, "appraisal-leader", place.about.pk).text
    assert "只做上级评价，不参加民主测评" in page
    assert reverse("assessments:appraisal-vote", args=[place.about.pk]) not in page
    assert "只做上级评价" in seen(client, both, "appraisal-superior", place.about.pk).text
    assert "0/2 人" in seen(client, place.manager, "appraisal", place.round.pk).text
    client.force_login(both)
    assert "民主测评" not in client.get(reverse("home")).text


def test_control_a_manager_of_another_unit_votes_like_everybody(place, client):
    other = place.members[0]
    make.give_role(make.make_unit(), "manager", other)
    assert seen(client, other, "appraisal-vote", place.about.pk).status_code == 200
    assert "只做上级评价" not in seen(client, other, "appraisal-leader", place.about.pk).text
    assert "0/3 人" in seen(client, place.manager, "appraisal", place.round.pk).text


def test_who_has_voted_and_becomes_manager_does_not_rate_as_well(place):
    voter = place.members[0]
    give_votes(place.about, [voter])
    make.give_role(place.unit, "manager", voter)
    with pytest.raises(AssessmentError, match="一个人只算一方"):
        appraisals.rate_as_superior(place.about, scores(place.about), "", actor=voter)


def test_who_has_rated_and_is_manager_no_more_does_not_vote_as_well(place):
    appraisals.rate_as_superior(place.about, scores(place.about), "", actor=place.manager)
    Membership.objects.create(user=place.manager, team=place.team, role="worker", started_on=timezone.localdate())
    with pytest.raises(AssessmentError, match="一个人只算一方"):
        give_votes(place.about, [place.manager])
    assert not Ballot.objects.exists()

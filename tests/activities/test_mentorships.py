"""Agreements of mentor and apprentice: both confirm, either objects in time, somebody else examines."""

import io
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from activities.errors import ActivityError, StaleState
from activities.learning import mentorships as reads
from activities.learning.waiting import waiting_for
from activities.models import Mentorship
from activities.services import mentorships
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.activities.learning import DAY, propose, running, today
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def people(team):
    """leader, mentor, apprentice"""
    return make.make_member(team, "leader"), make.make_member(team), make.make_member(team)


def examine(found, actor, score=8800, passed=True, exam_on=None):
    facts = {"exam_on": exam_on or today(), "score": score, "passed": passed, "outcome": "操作熟练"}
    mentorships.examine(found, actor=actor, **facts)


def test_it_runs_once_both_have_confirmed(team, people):
    leader, mentor, apprentice = people
    found = propose(team, mentor, apprentice, leader)
    assert [len(waiting_for(user)) for user in people] == [0, 1, 1]
    mentorships.agree(found, actor=apprentice)
    assert (found.state, [len(waiting_for(user)) for user in people]) == ("proposed", [0, 1, 0])
    mentorships.agree(found, actor=mentor)
    assert (found.state, waiting_for(mentor)) == ("running", [])
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor")) == [
        ("mentorship.proposed", leader.pk),
        ("mentorship.agreed", apprentice.pk),
        ("mentorship.agreed", mentor.pk),
    ]


@pytest.mark.django_db(transaction=True)
def test_confirmed_by_both_at_the_same_moment_it_runs(team, people):
    leader, mentor, apprentice = people
    found = propose(team, mentor, apprentice, leader)
    copies = [Mentorship.objects.get(pk=found.pk) for _ in range(3)]
    deeds = [
        partial(mentorships.agree, row, actor=who)
        for row, who in zip(copies, (mentor, apprentice, mentor), strict=True)
    ]
    assert at_once(*deeds) == ["done", "done", f"polite: {mentorships.STALE}"]
    found.refresh_from_db()
    assert found.state == "running"
    assert AuditEntry.objects.filter(verb="mentorship.agreed").count() == 2


def test_nobody_confirms_twice_or_for_another(team, people):
    leader, mentor, apprentice = people
    found = propose(team, mentor, apprentice, leader)
    mentorships.agree(found, actor=mentor)
    with pytest.raises(StaleState):
        mentorships.agree(found, actor=mentor)
    with pytest.raises(ActivityError, match="本人确认"):
        mentorships.agree(found, actor=leader)
    found.refresh_from_db()
    assert (found.state, found.apprentice_agreed_at) == ("proposed", None)


def test_an_apprentice_has_one_open_agreement(team, people):
    leader, mentor, apprentice = people
    found = propose(team, mentor, apprentice, leader)
    with pytest.raises(ActivityError, match="没有结束的师徒协议"):
        propose(team, leader, apprentice, leader)
    mentorships.end(found, "师傅调走", actor=leader)
    assert propose(team, leader, apprentice, leader).state == "proposed"


@pytest.mark.parametrize("who", [1, 2])
def test_either_objects_within_the_first_month_and_not_later(team, people, who):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader)
    agreed = found.apprentice_agreed_at
    late = {"mentor_agreed_at": agreed - 31 * DAY, "apprentice_agreed_at": agreed - 31 * DAY}
    Mentorship.objects.filter(pk=found.pk).update(starts_on=today() - 31 * DAY, **late)
    found.refresh_from_db()
    with pytest.raises(ActivityError, match="磨合期"):
        mentorships.object_to(found, "倒班碰不上", actor=people[who])
    Mentorship.objects.filter(pk=found.pk).update(starts_on=today() - 30 * DAY)
    found.refresh_from_db()
    mentorships.object_to(found, "倒班碰不上", actor=people[who])
    assert (found.state, found.outcome) == ("ended", f"{people[who]}提出不合适：倒班碰不上")


def test_the_month_begins_when_both_have_confirmed(team, people):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader, starts_on=today() - 90 * DAY)
    assert reads.may_object_until(found) == today() + 30 * DAY


def test_a_proposal_is_declined_at_any_time_but_not_by_others(team, people):
    leader, mentor, apprentice = people
    found = propose(team, mentor, apprentice, leader, starts_on=today() - 90 * DAY)
    with pytest.raises(ActivityError, match="本人"):
        mentorships.object_to(found, "不行", actor=leader)
    mentorships.object_to(found, "想跟别人学", actor=apprentice)
    assert found.state == "ended"


@pytest.mark.parametrize(("passed", "state"), [(True, "passed"), (False, "failed")])
def test_somebody_else_examines(team, people, passed, state):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader)
    for user in (mentor, apprentice):
        with pytest.raises(ActivityError, match="不能是师傅或徒弟本人"):
            examine(found, user)
    examine(found, leader, passed=passed)
    assert (found.state, found.exam_score, found.examiner) == (state, 8800, leader)
    with pytest.raises(StaleState):
        examine(found, leader)


def test_the_database_refuses_an_exam_by_the_mentor(team, people):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentorship.objects.filter(pk=found.pk).update(examiner=mentor)


def test_an_exam_lies_between_the_beginning_and_today(team, people):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader)
    for day in (today() - DAY, today() + DAY):
        with pytest.raises(ActivityError, match="考核日期"):
            examine(found, leader, exam_on=day)


def test_what_is_proposed_is_not_examined_and_what_is_over_not_ended(team, people):
    leader, mentor, apprentice = people
    found = propose(team, mentor, apprentice, leader)
    with pytest.raises(StaleState):
        examine(found, leader)
    mentorships.end(found, "不带了", actor=leader)
    for step in (mentorships.end, mentorships.object_to):
        with pytest.raises((StaleState, ActivityError)):
            step(found, "再来", actor=mentor)
    found.refresh_from_db()
    assert found.outcome == "不带了"


def test_the_page_proposes_confirms_and_examines(client, team, people):
    leader, mentor, apprentice = people
    client.force_login(leader)
    body = {"apprentice": apprentice.pk, "mentor": mentor.pk, "aims": "会独立巡检"}
    body |= {"starts_on": today(), "ends_on": today() + 365 * DAY}
    client.post(reverse("activities:mentorship-propose", args=[team.pk]), body)
    found = Mentorship.objects.get()
    page = reverse("activities:mentorship", args=[found.pk])
    for user in (mentor, apprentice):
        client.force_login(user)
        assert "我同意，确认" in client.get(page).content.decode()
        client.post(reverse("activities:mentorship-agree", args=[found.pk]))
        assert "我同意，确认" not in client.get(page).content.decode()
    client.force_login(leader)
    exam = {"exam_on": today(), "score": "100.01", "passed": "yes", "outcome": ""}
    address = reverse("activities:mentorship-examine", args=[found.pk])
    assert "0 到 100 分之间" in client.post(address, exam).content.decode()
    client.post(address, exam | {"score": "92.5"})
    found.refresh_from_db()
    assert (found.state, found.exam_score) == ("passed", 9250)


def test_people_of_other_units_cannot_be_named(client, team, people):
    leader, mentor, apprentice = people
    foreigner = make.make_member(make.make_team())
    client.force_login(leader)
    body = {"apprentice": apprentice.pk, "mentor": foreigner.pk, "aims": "会独立巡检"}
    body |= {"starts_on": today(), "ends_on": today() + 365 * DAY}
    for wrong in ({}, {"mentor": mentor.pk, "apprentice": foreigner.pk}):
        answer = client.post(reverse("activities:mentorship-propose", args=[team.pk]), body | wrong)
        assert "请重新选择" in answer.content.decode()
    assert not Mentorship.objects.exists()


def test_a_colleague_sees_the_agreement_but_not_the_score(client, team, people):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader)
    examine(found, leader, score=6150)
    page = reverse("activities:mentorship", args=[found.pk])
    for user, told in ((make.make_member(team), False), (apprentice, True), (leader, True)):
        client.force_login(user)
        assert ("61.5" in client.get(page).content.decode()) == told
        book = client.post(reverse("activities:mentorships-export")).content
        (rows,) = read_workbook(io.BytesIO(book)).values()
        assert rows[1][3:6:2] == [mentor.employee_no, apprentice.employee_no]
        assert rows[1][10] == (61.5 if told else "")
    client.force_login(make.make_member(make.make_team()))
    assert client.get(page).status_code == 404


def test_the_list_is_searched_and_narrowed(client, team, people):
    leader, mentor, apprentice = people
    found = running(team, mentor, apprentice, leader)
    client.force_login(leader)

    def listed(**filters):
        return list(client.get(reverse("activities:mentorships"), filters).context["page"].object_list)

    assert (listed(), listed(state="running"), listed(state="passed")) == ([found], [found], [])
    assert (listed(q=mentor.name), listed(q="没有这个人")) == ([found], [])

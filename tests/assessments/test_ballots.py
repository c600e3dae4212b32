"""Nobody finds out who answered what about a leader: not from pages, exports, the trail, own data, or the order of rows."""

import io
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.appraisals.lists import answers_about
from assessments.models import Ballot, BallotGiven, LeaderAppraisal
from assessments.services import appraisals
from teamhub.own_data import sheets_about
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.appraisals import FAIR, GOOD, POOR, end, give_votes, make_round, scores

pytestmark = pytest.mark.django_db
WORDS = ["甲的话", "乙的话", "丙的话", "丁的话"]
LEVELS = [GOOD, FAIR, POOR, GOOD]


class Place:
    """A closed round in which four members answered, each in a way of its own."""

    def __init__(self):
        self.unit = make.make_unit()
        self.team = make.make_team(self.unit)
        self.leader = make.make_member(self.team, "leader")
        self.members = [make.make_member(self.team) for _ in WORDS]
        self.roles = {role: make.give_role(self.unit, role) for role in ("manager", "union", "assessor")}
        self.auditor = make.give_role(self.unit, "auditor")
        self.round = make_round(self.unit, actor=self.roles["manager"])
        self.about = self.round.leaders.get()
        for member, level, words in zip(self.members, LEVELS, WORDS, strict=True):
            give_votes(self.about, [member], level, words)

    def pages(self, client, who):
        """The text of every page about the round that the person can open."""
        client.force_login(who)
        names = {"appraisals": [], "appraisal": [self.round.pk], "appraisal-leader": [self.about.pk]}
        answers = [client.get(reverse(f"assessments:{name}", args=args)) for name, args in names.items()]
        return "".join(answer.text for answer in answers if answer.status_code == 200)


@pytest.fixture
def place():
    return Place()


def test_a_ballot_has_nothing_that_tells_who_or_when():
    assert {field.name for field in Ballot._meta.get_fields()} == {"id", "about", "scores", "words"}
    assert {field.name for field in BallotGiven._meta.get_fields()} == {"id", "about", "user"}


def test_ballots_come_in_the_order_of_random_keys(place):
    keys = [ballot.pk for ballot in Ballot.objects.all()]
    assert keys == sorted(keys)
    assert {key.version for key in keys} == {4}


def test_what_is_read_of_ballots_does_not_depend_on_the_order_in_which_they_came(place):
    other = make_round(place.unit)
    for member, level, words in reversed(list(zip(place.members, LEVELS, WORDS, strict=True))):
        give_votes(other.leaders.get(), [member], level, words)
    for found in (place.round, other):
        end(found)
    first, second = (LeaderAppraisal.objects.get(pk=row.pk) for row in (place.about, other.leaders.get()))
    assert answers_about(first) == answers_about(second)


def test_before_the_end_nobody_sees_anything_but_how_many_have_answered(place, client):
    for who in (place.leader, place.members[0], *place.roles.values()):
        page = place.pages(client, who)
        assert "4/4" in page
        for hidden in (*WORDS, "77.50", "31.00", "7.75"):
            assert hidden not in page


def test_afterwards_the_words_stand_apart_from_all_scores_and_names(place, client):
    end(place.round)
    for who in (place.leader, *place.roles.values()):
        page = place.pages(client, who)
        assert "77.50" in page
        assert all(words in page for words in WORDS)
        assert [words for words in WORDS if page.count(words) != 1] == []
        for member in place.members:
            assert member.name not in page
            assert member.employee_no not in page


def test_members_of_the_team_see_neither_words_nor_figures(place, client):
    end(place.round)
    page = place.pages(client, place.members[1])
    for hidden in (*WORDS, "77.50"):
        assert hidden not in page


def test_the_export_has_means_and_counts_alone(place, client):
    end(place.round)
    client.force_login(place.roles["union"])
    answer = client.post(reverse("assessments:appraisal-export", args=[place.round.pk]))
    (sheet,) = read_workbook(io.BytesIO(answer.content)).values()
    assert sheet[1][4:9] == ["", 77.5, 4, "", 77.5]
    text = str(sheet)
    for hidden in (*WORDS, *(member.name for member in place.members)):
        assert hidden not in text


def test_the_trail_tells_that_somebody_voted_and_nothing_else(place, client):
    rows = AuditEntry.objects.filter(verb="appraisal.voted").order_by("id")
    assert [row.actor for row in rows] == place.members
    assert {(row.object_type, row.object_id, row.label) for row in rows} == {
        ("assessments.leaderappraisal", place.about.pk, str(place.about))
    }
    assert [(row.before, row.after) for row in rows] == [({}, {})] * 4
    everything = str(list(AuditEntry.objects.values()))
    for hidden in (*WORDS, *(str(ballot.pk) for ballot in Ballot.objects.all())):
        assert hidden not in everything
    client.force_login(place.auditor)
    page = client.get(reverse("trail")).text
    assert "参加民主测评" in page
    assert not any(words in page for words in WORDS)


def test_nobodys_own_data_holds_a_ballot(place):
    end(place.round)
    for who in (place.leader, *place.members, *place.roles.values()):
        text = str(sheets_about(who))
        assert not any(words in text for words in WORDS)
        assert not any(str(ballot.pk) in text for ballot in Ballot.objects.all())


def test_the_leaders_own_data_has_the_self_check_and_the_result(place):
    appraisals.rate_oneself(place.about, scores(place.about, FAIR), "我的总结", actor=place.leader)
    appraisals.rate_as_superior(place.about, scores(place.about), "不错", actor=place.roles["manager"])
    rows = {name: rows for name, _, rows in sheets_about(place.leader)}["班组长测评"]
    assert [str(cell) for cell in rows[0][2:]] == [
        "要以身作则 7；要公平公正 7；要关心组员 7；要敢管善管 7",
        "我的总结",
        *[""] * 6,
    ]
    end(place.round)
    rows = {name: rows for name, _, rows in sheets_about(place.leader)}["班组长测评"]
    assert [str(cell) for cell in rows[0][4:]] == ["70.00", "77.50", "100.00", "85.00", "良好", "不错"]


def test_a_ballot_that_is_refused_is_not_in_the_answer_twice_nor_in_the_log(place, client, caplog):
    client.force_login(place.members[0])
    address = reverse("assessments:appraisal-vote", args=[place.about.pk])
    client.post(address, {"item-0": "2", "words": "又一句话"}, follow=True)
    assert "又一句话" not in caplog.text
    assert Ballot.objects.count() == len(WORDS)


def test_the_sheet_of_a_ballot_keeps_no_draft_on_a_shared_phone(place, client):
    member = make.make_member(place.team)
    client.force_login(member)
    page = client.get(reverse("assessments:appraisal-vote", args=[place.about.pk])).text
    assert "data-draft" not in page
    assert (
        "no-store" in client.get(reverse("assessments:appraisal-vote", args=[place.about.pk])).headers["Cache-Control"]
    )


def test_the_database_refuses_a_second_ballot_and_fewer_than_three(place):
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotGiven.objects.create(about=place.about, user=place.members[0])
    with pytest.raises(IntegrityError, match="assessments_appraisal_anonymous"), transaction.atomic():
        make_round(place.unit, least_answers=2)


def test_nothing_is_answered_past_a_closed_round_even_in_the_database(place):
    end(place.round)
    late = make.make_member(place.team)
    for row in (
        BallotGiven(about=place.about, user=late),
        Ballot(pk=uuid.uuid4(), about=place.about, scores=[0] * 4),
    ):
        with pytest.raises(IntegrityError, match="a ballot stands"), transaction.atomic():
            row.save(force_insert=True)

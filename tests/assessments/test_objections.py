"""Correcting by objection: the entry counts in a later month, and is linked to the objection and noted on the board."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.boards import attendance_board, score_board
from assessments.correcting import entries_for, news_for
from assessments.models import Check
from assessments.selectors import team_score
from assessments.services import checks
from bulletins.models import CorrectionNote, Objection
from bulletins.objections.access import lines_for
from bulletins.objections.corrections import ways_for
from bulletins.services import objections, publish
from teams import periods
from teams.models import AuditEntry, User
from teams.services import corrections
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
BOARDS = {"scores": score_board, "attendance": attendance_board}


class Scene:
    """A closed month on the wall, and an upheld objection of the leader to the own row."""

    def __init__(self, kind):
        closed = make.make_closed_team()
        self.team, self.leader = closed.team, closed.members[0]
        self.people = {role: make.give_role(closed.unit, role) for role in ("manager", "assessor", "finance")}
        self.people |= {"leader": self.leader, "worker": closed.members[1]}
        board = BOARDS[kind](team_score(self.team, PERIOD))
        self.bulletin = publish(board, team=self.team, period=PERIOD, actor=None)
        cell = lines_for(self.leader, self.bulletin)[0].cells[0]
        words = {"wanted": "", "reason": "记错了", "evidence": []}
        row = objections.file(self.bulletin, cell, **words, actor=self.leader)
        objections.accept(row, actor=self.people["manager"])
        objections.uphold(row, "确实记错", actor=self.people["manager"])
        self.objection = Objection.objects.get(pk=row.pk)

    def user(self, who):
        return User.objects.get(pk=self.people[who].pk)

    def late_sheet(self):
        award = checks.Deviation(None, 100, self.leader, "补回")
        facts = {"kind": Check.Kind.SUPERIOR, "date": periods.first_day(PERIOD), "key": "late", "late": True}
        return checks.file_check(self.team, deviations=[award], actor=None, **facts)

    def correction(self):
        wish = {"new_code": "公", "hours": 0, "reason": "当天出差"}
        row = corrections.propose(
            self.team, self.leader, periods.first_day(PERIOD), **wish, actor=self.people["worker"]
        )
        corrections.approve(row, actor=self.people["manager"])
        return row

    @property
    def page(self):
        return reverse("assessments:objection-correct", args=[self.objection.pk])


MAKE = {"scores": (Scene.late_sheet, "check", "assessor"), "attendance": (Scene.correction, "correction", "manager")}


@pytest.mark.parametrize("kind", BOARDS)
def test_the_entry_is_linked_and_the_board_says_where_it_counts(client, kind):
    scene = Scene(kind)
    make_entry, name, who = MAKE[kind]
    client.force_login(scene.user(who))
    assert "还没有更正的记录" in client.get(scene.page).text
    entry = make_entry(scene)
    before = AuditEntry.objects.count()
    assert client.post(scene.page, {"entry": f"{name}-{entry.pk}"}).status_code == 302
    scene.objection.refresh_from_db()
    assert scene.objection.state == "corrected"
    assert "计入2026年" in scene.objection.correction
    assert client.get(scene.objection.correction_url).status_code == 200
    note = CorrectionNote.objects.get(bulletin=scene.bulletin).text
    assert note == f"{scene.objection.correction}（异议 {scene.objection.number}）"
    assert scene.leader.name not in note
    assert AuditEntry.objects.count() == before + 1
    assert "已更正" in client.get(scene.page).text


@pytest.mark.parametrize("kind", BOARDS)
def test_only_entries_for_that_month_since_the_objection_are_offered(client, kind):
    scene = Scene(kind)
    make_entry, name, who = MAKE[kind]
    assert entries_for(scene.objection) == []
    make_entry(scene)
    assert len(entries_for(scene.objection)) == 1
    client.force_login(scene.user(who))
    for posted in ("", "check-0", f"{name}-99999", "x"):
        answer = client.post(scene.page, {"entry": posted})
        assert answer.status_code == 200
        assert "记录" in answer.text
    scene.objection.refresh_from_db()
    assert scene.objection.state == "upheld"


@pytest.mark.parametrize("kind", BOARDS)
def test_who_corrects(client, kind):
    scene = Scene(kind)
    for who in ("leader", "worker", "manager", "assessor", "finance"):
        client.force_login(scene.user(who))
        assert client.get(scene.page).status_code == (200 if who == MAKE[kind][2] else 403), who
    client.force_login(make.give_role(make.make_unit(), "assessor"))
    assert client.get(scene.page).status_code == 404
    labels = {who: [label for label, _ in ways_for(scene.user(who), scene.objection)] for who in scene.people}
    assert {who: found for who, found in labels.items() if found} == LABELS[kind]


LABELS = {
    "scores": {"assessor": ["按异议更正"]},
    "attendance": {"manager": ["按异议更正", "去提考勤更正"], "leader": ["去提考勤更正"]},
}


def test_the_assessor_is_told_until_it_is_corrected():
    scene = Scene("scores")
    assert [(title, word) for title, *_, word in news_for(scene.user("assessor"))] == [("按异议更正得分", "待更正")]
    assert [list(news_for(scene.user(who))) for who in ("manager", "leader", "finance")] == [[], [], []]
    objections.link_correction(scene.objection, "已补记", "", actor=None)
    assert list(news_for(scene.user("assessor"))) == []


def test_the_sheet_is_ready_for_a_late_record_of_that_month(client):
    scene = Scene("scores")
    client.force_login(scene.user("assessor"))
    day = periods.last_day(PERIOD)
    address = f"{reverse('assessments:inspect', args=[scene.team.pk])}?late=on&amp;date={day}"
    assert f'href="{address}"' in client.get(scene.page).text
    form = client.get(address.replace("&amp;", "&")).context["form"]
    assert (form["late"].value(), form["date"].value()) == (True, day)


@pytest.mark.parametrize("asked", ["late=on&date=2026-13-40", "late=on", "date=2026-10-31", "late=on&date=0001-01-01"])
def test_an_address_that_asks_for_no_late_record_opens_an_empty_sheet(client, asked):
    scene = Scene("scores")
    client.force_login(scene.user("assessor"))
    form = client.get(f"{reverse('assessments:inspect', args=[scene.team.pk])}?{asked}").context["form"]
    assert (form["late"].value(), form["date"].value()) == (None, timezone.localdate())

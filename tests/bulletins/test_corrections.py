"""Notes of correction: the board hangs once more with them, the first version stays, and the words are for the team."""

import datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from bulletins.models import BoardPolicy, Bulletin, Objection
from bulletins.objections.entries import Worth
from bulletins.objections.news import news_for
from bulletins.services import objections, publish
from bulletins.tables import ANONYMOUS, Audience, Viewer, seen_by
from bulletins.verification import flaw_of
from teams.models import Membership
from tests.bulletins.objecting import Scene, State
from tests.bulletins.test_objections import move
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def scene():
    return Scene()


def test_a_correction_has_the_board_hang_once_more_with_it_and_a_notice_of_its_own(scene, monkeypatch):
    row = scene.filed(state=State.UPHELD)
    move(monkeypatch, scene.bulletin.notice_ends_on)
    objections.link_correction(row, "已在11月补记", "", actor=None)
    first, second = Bulletin.objects.filter(kind=scene.bulletin.kind).order_by("revision")
    assert (second.revision, second.notice_starts_on) == (2, first.notice_ends_on)
    assert second.notice_ends_on > first.notice_ends_on
    (note,) = second.content["corrections"]
    assert f"已在11月补记（异议 {row.number}）" in note["text"]
    assert "corrections" not in first.content
    assert flaw_of(second.unit) is None


@pytest.mark.parametrize("viewer", [ANONYMOUS, Viewer(None, Audience.UNIT), Viewer(None, Audience.TEAM)])
def test_the_words_of_a_correction_are_for_the_team(scene, viewer):
    objections.link_correction(scene.filed(state=State.UPHELD), "已在11月补记", "", actor=None)
    seen = seen_by(Bulletin.objects.current().get(kind=scene.bulletin.kind).content, viewer)
    assert any("已在11月补记" in text for text in seen["notes"]) == (viewer.nearness >= Audience.TEAM)


def test_the_further_revision_says_that_it_was_corrected_and_the_team_reads_how(scene, client):
    objections.link_correction(scene.filed(state=State.UPHELD), "已在11月补记", "", actor=None)
    page = f"/boards/{Bulletin.objects.current().get(kind=scene.bulletin.kind).serial}/"
    assert "有更正说明，本班组的人登录后看得到" in client.get(page).text
    client.force_login(scene.user("colleague"))
    html = client.get(page).text
    assert html.count("已在11月补记") == 1
    assert "<h3>更正说明</h3>" in html


@pytest.mark.parametrize("hangs_again", [True, False])
def test_who_left_the_team_reads_how_the_own_figure_was_corrected_and_no_other(scene, client, hangs_again):
    BoardPolicy.objects.create(unit=scene.unit, restart_notice=hangs_again)
    own, other = scene.filed(state=State.UPHELD), scene.filed("colleague", state=State.UPHELD)
    Membership.objects.filter(user=scene.filer).update(ended_on=timezone.localdate() - DAY)
    for row, words in ((own, "已给本人补记"), (other, "已给同事补记")):
        objections.link_correction(row, words, "", actor=None)
    client.force_login(scene.user("filer"))
    html = client.get(f"/boards/{Bulletin.objects.current().get(kind=scene.bulletin.kind).serial}/").text
    assert ("已给本人补记" in html, "已给同事补记" in html) == (True, False)


def test_where_the_policy_does_not_begin_again_the_note_alone_tells(scene):
    BoardPolicy.objects.create(unit=scene.unit, restart_notice=False)
    objections.link_correction(scene.filed(state=State.UPHELD), "已在11月补记", "", actor=None)
    assert Bulletin.objects.filter(kind=scene.bulletin.kind).count() == 1
    assert scene.bulletin.corrections.exists()


def test_a_corrected_table_that_hangs_already_is_not_hung_again_and_notes_are_carried_on(scene):
    first, second = scene.filed(state=State.UPHELD), scene.filed("colleague", state=State.UPHELD)
    objections.link_correction(first, "已在11月补记", "", actor=None)
    again = publish(scene.board(), team=scene.team, period=PERIOD, actor=None)
    assert again.revision == 2
    third = publish(scene.board(amount="110.00"), team=scene.team, period=PERIOD, actor=None)
    assert (third.revision, len(third.content["corrections"])) == (3, 1)
    objections.link_correction(second, "表已重出", "", actor=None)
    assert Bulletin.objects.filter(kind=scene.bulletin.kind).count() == 3


@pytest.mark.parametrize("column", ["row_user_id", "decided_by_id", "decided_at", "answer_by"])
def test_an_answered_objection_cannot_be_emptied_of_who_and_when(scene, column):
    row = scene.filed(state=State.UPHELD)
    with pytest.raises(DatabaseError, match="what was said stays"), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(**{column: None})


@pytest.mark.parametrize("state", State)
def test_what_it_is_worth_is_asked_above_only_of_one_that_was_right(scene, client, monkeypatch, state):
    asked = []

    def worths(config, user, objection, own):
        asked.append(own)
        return [Worth("多 7.77 元", True, "看", "/bonus/slips/"), Worth("还不知道", False)]

    monkeypatch.setattr(type(apps.get_app_config("incentives")), "correction_worths", worths)
    row = scene.filed(state=state)
    client.force_login(scene.user("filer"))
    text, is_right = client.get(reverse("bulletins:objection", args=[row.pk])).text, state in Objection.RIGHT
    assert ('多 7.77 元。 <a href="/bonus/slips/">看</a>' in text, "还不知道。" in text) == (is_right, is_right)
    details = [detail for _, detail, *_ in news_for(scene.user("filer"))]
    assert [detail.endswith("，多 7.77 元") for detail in details] == ([is_right] if details else [])
    assert asked == ([False, True] if is_right else [])

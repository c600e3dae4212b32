"""Who opens a board leaves a row of the day, and the page with people's figures carries who looks and when."""

import pytest

from bulletins.models import Bulletin, Receipt
from bulletins.services import publish
from bulletins.services.receipts import read_by
from bulletins.tables import Audience, Board, Column, Row
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


def post(team, user=None):
    rows = [Row(user or make.make_user().pk, {"amount": "1.00"})]
    board = Board("bonus", "奖金表", [], [Column("amount", "应得", audience=Audience.TEAM)], rows)
    return publish(board, team=team, period=PERIOD, actor=None)


def test_a_day_is_one_row_that_counts(team, monkeypatch):
    bulletin, user = post(team), make.make_member(team)
    for _ in range(3):
        read_by(bulletin, user)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: Receipt.objects.get().date.replace(day=1))
    read_by(bulletin, user)
    assert sorted(Receipt.objects.values_list("views", flat=True)) == [1, 3]


def test_the_page_notes_the_reader_and_marks_the_sheet(team, client):
    bulletin, reader = post(team), make.make_member(team)
    client.force_login(reader)
    html = client.get(f"/boards/{bulletin.serial}/").content.decode()
    assert f"{reader.name} {reader.employee_no[-3:]} 20" in html
    client.head(f"/boards/{bulletin.serial}/")
    assert list(Receipt.objects.values_list("bulletin", "user", "views")) == [(bulletin.pk, reader.pk, 1)]


def test_without_figures_of_people_there_is_no_mark(team, client):
    bulletin = post(team)
    assert 'class="watermark"' not in client.get(f"/boards/{bulletin.serial}/").content.decode()
    client.force_login(make.make_member(make.make_team()))
    assert 'class="watermark"' not in client.get(f"/boards/{bulletin.serial}/").content.decode()


def test_a_download_of_other_peoples_figures_is_noted(team, client):
    reader = make.make_member(team)
    bulletin, own = post(team), post(make.make_team(), user=reader.pk)
    client.force_login(reader)
    for serial in (bulletin.serial, own.serial):
        client.get(f"/boards/{serial}/download/")
    assert not Receipt.objects.exists()
    for serial in (bulletin.serial, own.serial):
        client.post(f"/boards/{serial}/download/")
    row = AuditEntry.objects.get(verb="board.exported")
    assert (row.actor, row.object_id) == (reader, bulletin.pk)
    assert list(Receipt.objects.values_list("bulletin", flat=True)) == [bulletin.pk]
    assert Bulletin.objects.count() == 2

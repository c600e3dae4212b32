"""From the own amount one gets to objecting to it while its board is under notice, afterwards to whom to ask; members also from a sheet."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Check
from bulletins.models import Bulletin
from bulletins.objections import access
from incentives.models import Distribution
from incentives.services.publishing import publish_month
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
AFTER = "不能再提异议。确实有错，请找班组长或"


@pytest.fixture
def scene():
    found = make.make_closed_team()
    found.leader, found.worker, _ = found.members
    make.post_bonus(found.team)
    line = Distribution.objects.get().lines.get(user=found.worker)
    found.pages = [reverse(f"incentives:{name}", args=[line.pk]) for name in ("explain", "payslip")]
    found.sheet = reverse("assessments:check", args=[Check.objects.filter(team=found.team).first().pk])
    return found


def posted(scene, kind):
    publish_month(scene.team, PERIOD, actor=None)
    return Bulletin.objects.get(team=scene.team, kind=kind)


def after(monkeypatch, board):
    """The day after the notice of a board."""
    day = board.notice_ends_on + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: day)


def test_the_own_amount_leads_to_the_form_at_its_row_and_column(scene, client):
    client.force_login(scene.worker)
    assert not any("有异议" in client.get(page).text for page in scene.pages)
    board = posted(scene, "bonus")
    address = f"{reverse('bulletins:objection-new', args=[board.serial])}?cell=amount"
    for page in scene.pages:
        assert f'href="{address}"' in client.get(page).text
    form = client.get(address)
    assert (form.context["line"].own, form.context["form"].initial["cell"]) == (True, "amount")


def test_after_the_notice_it_says_whom_to_ask(scene, client, monkeypatch):
    after(monkeypatch, posted(scene, "bonus"))
    client.force_login(scene.worker)
    for page in scene.pages:
        text = client.get(page).text
        assert (AFTER in text, "有异议" in text) == (True, False)


def test_others_who_read_the_amount_are_offered_nothing(scene, client):
    posted(scene, "bonus")
    client.force_login(make.give_role(scene.unit, "manager"))
    for page in scene.pages:
        text = client.get(page).text
        assert (AFTER in text, "有异议" in text) == (False, False)


def test_a_sheet_leads_members_to_the_board_of_its_month_and_tells_the_two_ways_apart(scene, client, monkeypatch):
    client.force_login(scene.leader)
    assert "情况说明写给看这条记录的人，不改分" not in client.get(scene.sheet).text
    board = posted(scene, "scores")
    text = client.get(scene.sheet).text
    assert "情况说明写给看这条记录的人，不改分" in text
    assert reverse("bulletins:board", args=[board.serial]) in text
    client.force_login(make.give_role(scene.unit, "manager"))
    assert "情况说明写给看这条记录的人，不改分" not in client.get(scene.sheet).text
    after(monkeypatch, board)
    client.force_login(scene.leader)
    assert AFTER in client.get(scene.sheet).text
    assert access.may_object(scene.leader, board) is False

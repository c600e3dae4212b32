"""What people read and type about rectifications: lists, reports from the phone, statements, and who is let in."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.errors import StaleState
from assessments.models import Finding, Rectification, Statement
from assessments.services import checks, rectifications
from teams import periods
from teams.models import Attachment, AuditEntry, Membership
from teams.photos import store_photo
from tests.access.world import picture
from tests.assessments.findings import DAY, VERB, Place, State, body
from tests.recording import status_of
from tests.rewriting import rewrite

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def trail():
    return AuditEntry.objects.count()


# -- Statements --------------------------------------------------------------------------------------------------------


def test_the_person_named_says_something_once(place, client):
    row, before = place.found(person=place.worker), trail()
    address = reverse("assessments:statement", args=[row.finding_id])
    for who in ("leader", "assignee", "manager"):
        client.force_login(place.user(who))
        assert client.post(address, {"text": "我来说"}).status_code == 403
    client.force_login(place.user("stranger"))
    assert client.post(address, {"text": "我来说"}).status_code == 404
    client.force_login(place.user("worker"))
    assert "我来说明情况" in client.get(reverse("assessments:check", args=[row.finding.on_sheet_id])).text
    assert "请写情况说明。" in client.post(address, {"text": " "}, follow=True).text
    assert "当时在抢修" in client.post(address, {"text": "当时在抢修"}, follow=True).text
    assert "您已经写过情况说明了" in client.post(address, {"text": "再说"}, follow=True).text
    assert AuditEntry.objects.exclude(verb="access.refused").count() == before + 1
    client.force_login(place.user("clerk"))
    assert "当时在抢修" in client.get(reverse("assessments:rectification", args=[row.pk])).text
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.update(text="别的")


def test_nothing_is_said_to_a_voided_finding(place):
    row = place.found(person=place.worker)
    checks.void_finding(row.finding, "记错了", actor=place.assessor)
    row.finding.refresh_from_db()
    with pytest.raises(StaleState, match="已经作废"):
        rectifications.add_statement(row.finding, "冤枉", actor=place.worker)


def test_the_check_list_counts_what_is_open_and_stays_in_order(place, client):
    rows = [place.found(state=state) for state in State.values]
    client.force_login(place.leader)
    page = client.get(reverse("assessments:checks", args=[place.team.pk, periods.current_period()]))
    sheets = list(page.context["checks"])
    assert [sheet.date for sheet in sheets] == sorted((sheet.date for sheet in sheets), reverse=True)
    opened = {row.finding.on_sheet_id: row.state != "closed" for row in rows}
    assert all(sheet.to_rectify == opened[sheet.pk] for sheet in sheets)
    checks.void_check(sheets[0], "填错了", actor=place.assessor)
    page = client.get(reverse("assessments:checks", args=[place.team.pk, periods.current_period()]))
    assert page.context["checks"][0].to_rectify == 0


# -- Pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 3),
        ({"state": "assigned"}, 1),
        ({"late": "on"}, 1),
        ({"q": "阀门"}, 1),
        ({"category": "安全"}, 3),
        ({"category": "生产"}, 0),
        ({"team": "x"}, 0),
        ({"state": "nonsense"}, 0),
        ({"tab": "closed"}, 1),
    ],
)
def test_the_list_and_its_workbook_obey_the_filters(place, client, filters, count):
    late, *_ = [place.found(state=state) for state in State.values]
    rewrite(Finding.objects.filter(pk=late.finding_id), note="阀门漏油")
    Rectification.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - 9 * DAY)
    asked = {"tab": "team"} | filters
    client.force_login(place.leader)
    page = client.get(reverse("assessments:rectifications"), asked)
    if filters == {"team": "x"}:
        count = 3
    assert page.context["page"].paginator.count == count
    client.post(reverse("assessments:rectification-export"), asked)
    assert AuditEntry.objects.get(verb="rectification.exported").after == {"rows": count}


def test_a_report_from_the_phone_keeps_its_photos_or_nothing(place, client):
    row = place.found(state=State.ASSIGNED)
    client.force_login(place.assignee)
    address = reverse("assessments:rectification-report", args=[row.pk])
    four = {"measure": "擦了", "photos": [picture() for _ in range(4)]}
    assert "照片最多 3 张，现在有 4 张。" in client.post(address, four).text
    broken = {"measure": "擦了", "photos": [picture(), picture(tail=b"x")]}
    assert client.post(address, broken | {"measure": ""}).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.steps.last().verb, Attachment.objects.count()) == ("assigned", "assigned", 0)
    assert client.post(address, {"measure": "擦了", "photos": [picture(), picture()]}).status_code == 302
    row.refresh_from_db()
    step = row.steps.last()
    assert (row.state, step.verb, step.photos.count()) == ("reported", "reported", 2)


def test_whoever_is_concerned_reads_page_and_photos_after_a_move(place, client):
    row = place.found("mutual", State.ASSIGNED)
    before, after = (store_photo(picture(), team=place.team, actor=place.leader) for _ in range(2))
    row.finding.photos.add(before)
    rectifications.report(row, "擦了", photos=[after], actor=place.leader)
    Membership.objects.filter(user=place.assignee).update(ended_on=timezone.localdate() - DAY)
    page = reverse("assessments:rectification", args=[row.pk])
    addresses = [page, *(reverse("teams:photo", args=[photo.pk]) for photo in (before, after))]
    for who, status in {"assignee": 200, "checker": 200, "worker": 200, "manager": 200, "stranger": 404}.items():
        client.force_login(place.user(who))
        assert [status_of(client, address) for address in addresses] == [status] * 3, who
    client.force_login(place.user("assignee"))
    assert reverse("assessments:finding", args=[row.finding_id]) not in client.get(page).text


HOSTILE = ["", " ", "\0", "好" * 501, "<script>alert(1)</script>"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_stored_as_it_is_or_refused_in_words(place, client, typed):
    given = {
        # step: (state, who, fields that are typed into)
        "assign": ("unassigned", "leader", ("assignee", "due_on", "note", "seen")),
        "report": ("assigned", "assignee", ("measure",)),
        "refuse": ("reported", "assessor", ("reason",)),
        "extend": ("assigned", "manager", ("due_on", "reason")),
    }
    for step, (state, who, fields) in given.items():
        row = place.found(state=State(state))
        client.force_login(place.user(who))
        for field in fields:
            fields_sent = body(place, row, step) | {field: typed}
            with transaction.atomic():
                answer = client.post(
                    reverse(f"assessments:rectification-{step}", args=[row.pk]), fields_sent, follow=True
                )
                moved = row.steps.count() > 0 and row.steps.last().verb == VERB[step]
                transaction.set_rollback(True)
            assert answer.status_code == 200
            assert moved == ("alert-success" in answer.text)
            assert moved or any(sign in answer.text for sign in ("alert-danger", "is-invalid"))
            assert "<script>alert(1)" not in answer.text

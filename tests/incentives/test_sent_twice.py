"""A form that is sent again after a lost answer or a double tap becomes one paper; another content under its key is refused."""

import uuid
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incentives.errors import AlreadyProposed
from incentives.models import Adjustment, Expense, SpecialAward
from incentives.services import adjustments, clauses
from teams import periods
from teams.models import Attachment, AuditEntry
from tests.access.world import picture
from tests.races import at_once
from tests.spending import make_spenders

pytestmark = pytest.mark.django_db
RUNNERS = 20
CURRENT = periods.current_period()


@pytest.fixture
def people():
    found = make_spenders()
    facts = {"code": "J1", "name": "修旧利废", "kind": "award", "least": 2000, "most": 5000, "note": ""}
    found.clause = clauses.add(found.unit, actor=found.manager, **facts)
    return found


def receipt(people):
    facts = {"purse": "fund", "date": timezone.localdate(), "subject": "office", "reason": "买打印纸", "quantity": "2"}
    return facts | {"unit_price": "25.50", "handler": people.leader.pk, "witness": people.worker.pk}


def grant(people):
    return {"kind": "contest", "user": people.worker.pk, "amount": "30", "period": CURRENT, "reason": "技能比武"}


def bonus(people):
    return {"user": people.worker.pk, "clause": people.clause.pk, "amount": "30", "reason": "回收配件"}


def page_of(name, people):
    """Who sends what where, and what becomes of it."""
    model, who, body, address, *more = {
        "expense": (Expense, "leader", receipt, "expense-enter"),
        "award": (SpecialAward, "union", grant, "award-propose"),
        "adjustment": (Adjustment, "leader", bonus, "adjustments", CURRENT),
    }[name]
    address = reverse(f"incentives:{address}", args=[people.team.pk, *more])
    return SimpleNamespace(name=name, model=model, person=getattr(people, who), body=body(people), address=address)


@pytest.fixture(params=["expense", "award", "adjustment"])
def page(request, people):
    return page_of(request.param, people)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def send(page, client, width=40, **changes):
    """Post the form with a photo; the page that follows."""
    photo = {"photos": picture(size=(width, 30))}
    return client.post(page.address, page.body | photo | changes, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def files():
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def kept(page):
    """How many papers, photos and rows in the trail there are."""
    trail = AuditEntry.objects.filter(object_type=page.model._meta.label_lower).count()
    return page.model.objects.count(), Attachment.objects.count(), trail


def test_every_form_has_a_key_of_its_own(page):
    client = signed_in(page.person)
    keys = {client.get(page.address).context["form"]["key"].value() for _ in range(2)}
    assert len(keys) == 2
    html = client.get(page.address).content.decode()
    assert html.count('name="key"') == 1


def test_the_same_form_sent_twice_is_one_paper(page):
    client, before = signed_in(page.person), files()
    key = client.get(page.address).context["form"]["key"].value()
    first = send(page, client, key=key)
    again = send(page, client, key=key)
    assert said(first) == said(again) != []
    assert first.redirect_chain == again.redirect_chain != []
    assert kept(page) == (1, 1, 1)
    assert files() == before + 1


def test_control_without_its_key_it_is_two(page):
    client = signed_in(page.person)
    for _ in range(2):
        send(page, client)
    assert kept(page) == (2, 2, 2)


@pytest.mark.parametrize("change", [{"reason": "另一件事"}, {"width": 50}], ids=["words", "photo"])
def test_another_content_under_its_key_is_refused_in_words(page, change):
    client, key = signed_in(page.person), uuid.uuid4()
    send(page, client, key=key)
    answer = send(page, client, key=key, **change)
    assert "这次填的和那次不一样，没有再存" in answer.content.decode()
    assert kept(page) == (1, 1, 1)


def test_nobody_gets_at_the_paper_of_another_team_by_its_key(page, people):
    key = uuid.uuid4()
    send(page, signed_in(page.person), key=key)
    others = make_spenders(people.unit)
    others.clause = people.clause
    theirs = page_of(page.name, others)
    assert "这次填的和那次不一样，没有再存" in send(theirs, signed_in(theirs.person), key=key).content.decode()
    assert kept(page) == (1, 1, 1)


def test_a_key_that_is_none_is_refused_in_words(page):
    answer = send(page, signed_in(page.person), key="abc")
    assert "这一页不完整，请重新打开再填。" in answer.content.decode()
    assert kept(page) == (0, 0, 0)


def test_a_form_sent_again_is_known_although_it_could_no_longer_be_proposed(people):
    facts = {"user": people.worker, "clause": people.clause, "amount": 3000, "reason": "回收配件", "key": uuid.uuid4()}
    first = adjustments.propose(people.team, CURRENT, **facts, actor=people.leader)
    clauses.end(people.clause, actor=people.manager)
    people.clause.refresh_from_db()
    with pytest.raises(AlreadyProposed) as known:
        adjustments.propose(people.team, CURRENT, **facts, actor=people.leader)
    assert known.value.proposal == first


def test_the_database_knows_a_key_once(page):
    send(page, signed_in(page.person), key=uuid.uuid4())
    twin = page.model.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_sendings_at_once_one_counts(page):
    clients, key = [signed_in(page.person) for _ in range(RUNNERS)], uuid.uuid4()
    assert at_once(*(partial(send, page, client, key=key) for client in clients)) == ["done"] * RUNNERS
    assert kept(page) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_control_twenty_sendings_without_a_key_are_many(page):
    clients = [signed_in(page.person) for _ in range(RUNNERS)]
    assert at_once(*(partial(send, page, client) for client in clients)) == ["done"] * RUNNERS
    assert kept(page)[0] > 1

"""Payslips as a PDF: what stands on them, every sign drawn or refused by name, the reader on it, a row in the trail."""

from urllib.parse import unquote

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from bulletins.paper import printing
from bulletins.paper.glyphs import missing_from
from incentives.models import Adjustment, Clause
from incentives.statements import payslip_papers
from incentives.statements.payroll import payslips_in
from teams.figures import capital_yuan, yuan_text
from teams.models import AuditEntry, User
from tests import factories as make
from tests.factories import PERIOD
from tests.pieces import checked, make_closed_crew

pytestmark = pytest.mark.django_db
RARE = "䶮㛃骉龑"


@pytest.fixture
def closed():
    return make.make_closed_team()


@pytest.fixture
def typeset(monkeypatch):
    """What reaches the typesetter, without typesetting: a list of (name of the template, content)."""
    sent = []
    monkeypatch.setattr(printing, "_typeset", lambda path, content: sent.append((path.name, content)) or b"%PDF-")
    return sent


def pdf(distribution, reader, lines=None):
    lines = payslips_in(distribution) if lines is None else lines
    return payslip_papers.payslip_pdf(distribution, lines, title="工资条", reader=reader)


def test_a_slip_has_the_person_the_amounts_and_the_capitals(closed, typeset):
    User.objects.filter(pk=closed.members[0].pk).update(name=RARE)
    found = make.post_bonus(closed.team)
    pdf(found, closed.members[0])
    ((template, content),) = typeset
    assert (template, len(content["sheets"])) == ("payslip.typ", 3)
    line, sheet = found.lines.first(), content["sheets"][0]
    assert sheet["who"] == f"{RARE}（{line.user.employee_no}）"
    assert sheet["capital"] == capital_yuan(line.payable)
    assert [row["amount"] for row in sheet["lines"]] == [
        *(yuan_text(line.parts[key]) for key in ("attendance", "work")),
        yuan_text(line.payable),
    ]
    assert content["watermark"].startswith(f"{closed.members[0].name} {line.user.employee_no[-3:]} 20")
    assert missing_from(str(content)) == []


def test_awards_and_work_points_stand_on_it(typeset):
    crew = make_closed_crew()
    checked(crew.team, crew.leader, crew.manager, [(crew.one, crew.load, 150)])
    clause = Clause.objects.create(unit=crew.unit, code="J1", name="材料使用好", kind="award", least=1000, most=2000)
    facts = {"team": crew.team, "period": PERIOD, "user": crew.one, "clause": clause, "amount": 1500}
    decided = {"state": "approved", "proposed_by": crew.leader, "decided_by": crew.manager}
    Adjustment.objects.create(**facts, **decided, reason="回收废料")
    found = make.post_bonus(crew.team)
    line = found.lines.get(user=crew.one)
    pdf(found, crew.one, [line])
    (sheet,) = typeset[0][1]["sheets"]
    assert ["工分", "300 分"] in sheet["facts"]
    assert [(row["label"], row["amount"], row["note"]) for row in sheet["lines"][2:]] == [
        ("分配所得", yuan_text(line.amount), ""),
        ("奖：J1 材料使用好", "+15.00", "回收废料"),
        ("应得", yuan_text(line.amount + 1500), ""),
    ]


def test_it_is_really_typeset(closed):
    User.objects.filter(pk=closed.members[0].pk).update(name=RARE)
    found = make.post_bonus(closed.team)
    content = pdf(found, closed.members[1])
    assert content.startswith(b"%PDF-")
    assert b"/Type/Pages/Count 3" in content
    assert len(pdf(found, closed.members[1], [found.lines.first()])) < len(content)


def test_a_sign_that_the_font_lacks_is_named(closed, client):
    User.objects.filter(pk=closed.members[0].pk).update(name="张\U0002b8d0")
    found = make.post_bonus(closed.team)
    client.force_login(closed.members[0])
    line = found.lines.get(user=closed.members[0])
    response = client.post(reverse("incentives:payslip-paper", args=[line.pk]))
    assert response.url == reverse("incentives:payslip", args=[line.pk])
    assert "（U+2B8D0）打印字库里没有" in str(next(iter(get_messages(response.wsgi_request))))
    assert not AuditEntry.objects.filter(verb="payslip.printed").exists()


def test_the_download_is_kept_nowhere_and_leaves_a_row(closed, client, typeset):
    found = make.post_bonus(closed.team)
    leader, worker, _ = closed.members
    line = found.lines.get(user=worker)
    for reader in (worker, leader):
        client.force_login(reader)
        response = client.post(reverse("incentives:payslip-paper", args=[line.pk]))
        assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "private, no-store")
        assert f"{worker.name}2026年10月工资条.pdf" in unquote(response["Content-Disposition"])
        assert typeset[-1][1]["watermark"].startswith(reader.name)
    rows = AuditEntry.objects.filter(verb="payslip.printed").order_by("pk")
    assert [(row.actor, row.object_id) for row in rows] == [(worker, line.pk), (leader, line.pk)]


def test_before_it_is_posted_there_is_none(closed, client, typeset):
    client.force_login(make.give_role(closed.unit, "finance"))
    address = reverse("incentives:payslip-papers", args=[closed.team.pk, PERIOD])
    make.propose_bonus(closed.team)
    response = client.post(address)
    assert "还没有入账，没有工资条" in str(next(iter(get_messages(response.wsgi_request))))
    assert typeset == []


def test_the_whole_team_in_one_pdf(closed, client, typeset):
    make.post_bonus(closed.team)
    client.force_login(make.give_role(closed.unit, "finance"))
    response = client.post(reverse("incentives:payslip-papers", args=[closed.team.pk, PERIOD]))
    assert response.content == b"%PDF-"
    assert [sheet["who"][:-8] for sheet in typeset[0][1]["sheets"]] == [user.name for user in closed.members]
    assert AuditEntry.objects.get(verb="payslips.printed").after == {"people": 3}

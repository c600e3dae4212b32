"""Every state, step and person of an objection through the pages; what people type; and who is never named."""

import datetime
import io
import zipfile
from dataclasses import replace
from itertools import product

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Objection
from bulletins.objections import lists
from bulletins.services import objections, publish
from bulletins.tables import Audience, Column
from teams.models import Attachment, AuditEntry
from tests.access.world import picture
from tests.bulletins.objecting import Scene, State
from tests.factories import PERIOD
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db
BODIES = {
    "support": {},
    "withdraw": {},
    "accept": {},
    "refuse": {"ground": "unwritten", "note": "请写清楚是哪一天"},
    "answer": {"verdict": "upheld", "answer": "确实少算"},
    "correct": {"text": "已在11月补记", "url": "/expenses/"},
}
OF_ITS_OWN = {"refuse", "answer", "correct"}
MEMBERS, DECIDERS = {"filer", "supporter", "colleague", "leader"}, {"manager", "union", "checker", "above"}
MAY = {"support": MEMBERS, "withdraw": {"filer"}} | dict.fromkeys(("accept", "refuse", "answer", "correct"), DECIDERS)
"""step: who is let in at all; what of it succeeds is below."""
INVOLVED, ANSWERS = {"checker"}, {"accept", "refuse", "answer"}
FROM_TO = {
    ("filed", "support"): "filed",
    ("accepted", "support"): "accepted",
    ("filed", "withdraw"): "withdrawn",
    ("accepted", "withdraw"): "withdrawn",
    ("filed", "accept"): "accepted",
    ("filed", "refuse"): "refused",
    ("accepted", "answer"): "upheld",
    ("upheld", "correct"): "corrected",
}
UNSEEN = {"finance": 403, "neighbour": 404, "stranger": 404}
"""Who does not see the objection at all, and how that is said."""


@pytest.fixture
def scene():
    return Scene()


def address(row, step):
    if step in OF_ITS_OWN:
        return reverse(f"bulletins:objection-{step}", args=[row.pk])
    return reverse("bulletins:objection-step", args=[row.pk, step])


def post(client, scene, who, row, step):
    """The status of a posted step, what the row has become, and what came into trail and story; undone again."""
    with transaction.atomic():
        before = AuditEntry.objects.count(), row.steps.count()
        client.force_login(scene.user(who))
        answer = client.post(address(row, step), BODIES[step]).status_code
        now = Objection.objects.get(pk=row.pk)
        entries = AuditEntry.objects.exclude(verb="access.refused").count() - before[0]
        moved = now.state, entries, now.steps.count() - before[1]
        transaction.set_rollback(True)
    return answer, moved


@pytest.mark.parametrize("state", State.values)
def test_only_the_step_of_the_state_by_the_right_person_moves_it(scene, client, state):
    row = scene.filed(state=State(state))
    for step, who in product(BODIES, scene.people):
        answer, moved = post(client, scene, who, row, step)
        to = FROM_TO.get((state, step))
        succeeds = who in MAY[step] and to and not (who == "filer" and step == "support")
        succeeds = succeeds and not (step in ANSWERS and who in INVOLVED)
        if succeeds:
            assert (answer, moved) == (302, (to, 1, 1)), (step, who)
        else:
            status = (200, 302) if who in MAY[step] else (UNSEEN.get(who, 403),)
            assert answer in status, (step, who)
            assert moved == (state, 0, 0), (step, who)


@pytest.mark.parametrize("state", State.values)
def test_the_page_offers_what_can_be_done(scene, client, state):
    row = scene.filed(state=State(state))
    for who in set(scene.people) - set(UNSEEN):
        client.force_login(scene.user(who))
        page = client.get(reverse("bulletins:objection", args=[row.pk])).text
        offered = {step for step in BODIES if f'action="{address(row, step)}"' in page}
        possible = {step for step in BODIES if (state, step) in FROM_TO and who in MAY[step]}
        possible -= {"support"} if who == "filer" else ANSWERS if who in INVOLVED else set()
        assert offered == possible, who


# -- Filing on the phone -----------------------------------------------------------------------------------------------


def new(scene, row=""):
    return reverse("bulletins:objection-new", args=[scene.bulletin.serial]) + (f"?row={row}" if row else "")


def test_the_shown_value_comes_from_the_board_whatever_is_posted(scene, client):
    client.force_login(scene.user("filer"))
    body = {
        "cell": "amount",
        "wanted": "999.00",
        "reason": "少算",
        "shown": "1.00",
        "label": "x",
        "photos": [picture()],
    }
    assert client.post(new(scene), body).status_code == 302
    row = Objection.objects.get()
    assert (row.row_user, row.shown, row.label, row.wanted) == (scene.filer, "100.00", "应得（元）", "999.00")
    assert row.evidence.count() == 1
    assert "已有" not in client.get(new(scene)).text or "有您" in client.get(new(scene)).text


def test_others_are_told_and_can_join(scene, client):
    row = scene.filed(column="总额")
    client.force_login(scene.user("colleague"))
    page = client.get(new(scene)).text
    assert "已有 1 人提过" in page
    assert client.post(address(row, "support"), follow=True).status_code == 200
    assert "有您" in client.get(new(scene)).text
    assert "已有 2 人提过" in client.get(new(scene)).text


WRONG = {
    "no figure": ({"cell": ""}, "请选是哪个数"),
    "a figure of another row": ({"cell": "总额"}, "这张榜上没有这个数"),
    "the name": ({"cell": "name"}, "这张榜上没有这个数"),
    "no reason": ({"reason": " "}, "请填理由"),
    "a novel": ({"reason": "好" * 501}, "理由最多 500 个字"),
    "a hidden sign": ({"wanted": "1\\0"}, "控制字符"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_objection_is_refused_with_a_sentence(scene, client, changes, words):
    client.force_login(scene.user("filer"))
    changes = {name: text.replace("\\0", "\0") for name, text in changes.items()}
    answer = client.post(new(scene, "0"), {"cell": "amount", "wanted": "", "reason": "少算"} | changes)
    assert (answer.status_code, Objection.objects.count()) == (200, 0)
    assert words in answer.text


def test_a_row_that_is_not_there_is_not_found(scene, client):
    client.force_login(scene.user("filer"))
    for key in ("9", "x", "-1", "own"):
        assert client.get(new(scene, key)).status_code == 404
    client.force_login(scene.user("finance"))
    assert client.get(new(scene)).status_code == 403
    client.force_login(scene.user("stranger"))
    assert client.get(new(scene)).status_code == 404


def test_photos_are_kept_with_the_objection_or_not_at_all(scene, client):
    client.force_login(scene.user("filer"))
    body = {"cell": "amount", "wanted": "", "reason": "少算"}
    assert (
        "照片最多 6 张，现在有 7 张" in client.post(new(scene), body | {"photos": [picture() for _ in range(7)]}).text
    )
    assert "不是能打开的照片" in client.post(new(scene), body | {"photos": [io.BytesIO(b"x")]}).text
    assert (Attachment.objects.count(), Objection.objects.count()) == (0, 0)


def test_after_the_notice_the_page_says_to_whom_to_turn(scene, client, monkeypatch):
    client.force_login(scene.user("filer"))
    over = timezone.localdate() + datetime.timedelta(days=60)
    monkeypatch.setattr("bulletins.services.objections.timezone.localdate", lambda: over)
    page = client.get(new(scene)).text
    assert "不能再提异议" in page
    assert "提出异议</button>" not in page


@pytest.mark.parametrize(("who", "told"), [("colleague", True), ("leader", True), ("neighbour", False), (None, False)])
def test_the_board_leads_its_people_to_the_objections_that_are_open(scene, client, who, told):
    row = scene.filed()
    if who:
        client.force_login(scene.user(who))
    html = client.get(f"/boards/{scene.bulletin.serial}/").text
    assert "有 1 件异议没有办结" in html
    assert (f'href="{reverse("bulletins:objection", args=[row.pk])}"' in html) is told


def test_the_address_of_a_correction_is_taken_as_the_browser_shows_it(scene, client):
    row = scene.filed(state=State.UPHELD)
    client.force_login(scene.user("manager"))
    url = "https://teamhub.example.com/checks/sheet/12/?a=1#end"
    client.post(address(row, "correct"), {"text": "补记", "url": url})
    assert Objection.objects.get(pk=row.pk).correction_url == "/checks/sheet/12/?a=1#end"


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/",
        "https://x//evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "checks/1/",
        "/a b",
        "https://elsewhere.example/news/12/",
    ],
)
def test_a_correction_leads_only_to_pages_of_ours(scene, client, url):
    row = scene.filed(state=State.UPHELD)
    client.force_login(scene.user("manager"))
    answer = client.post(address(row, "correct"), {"text": "补记", "url": url})
    assert "这不是本系统里的地址" in answer.text
    row.refresh_from_db()
    assert row.state == "upheld"


# -- The list ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 3),
        ({"state": "kept"}, 1),
        ({"state": "nonsense"}, 0),
        ({"q": "少算"}, 3),
        ({"q": "一值 出勤"}, 1),
        ({"mine": "waiting"}, 2),
        ({"mine": "filed"}, 0),
        ({"period": "202610"}, 3),
        ({"period": "202611"}, 0),
        ({"period": "x"}, 3),
        ({"unit": "0"}, 3),
        ({"unit": "99999"}, 0),
        ({"unit": "²"}, 3),
    ],
)
def test_the_list_and_its_workbook_obey_the_filters(scene, client, filters, count):
    scene.filed()
    scene.filed("colleague", state=State.KEPT)
    scene.filed("colleague", "days")
    client.force_login(scene.user("manager"))
    page = client.get(reverse("bulletins:objections"), filters)
    assert page.context["page"].paginator.count == count
    client.post(reverse("bulletins:objections-export"), filters)
    assert AuditEntry.objects.get(verb="objection.exported").after == {"rows": count}


def listed(client, scene, who):
    client.force_login(scene.user(who))
    return set(client.get(reverse("bulletins:objections")).context["page"])


def test_the_list_holds_what_concerns_a_person_and_the_own_team(scene, client):
    row, other = scene.filed(), scene.filed("leader")
    objections.support(row, actor=scene.supporter)
    for who in ("filer", "supporter", "leader", "colleague", "above", "auditor"):
        assert listed(client, scene, who) == {row, other}, who
    for who in ("neighbour", "stranger"):
        assert listed(client, scene, who) == set(), who
    client.force_login(scene.user("finance"))
    assert client.get(reverse("bulletins:objections")).status_code == 403


def test_the_team_finds_it_in_the_list_for_a_time_whoever_filed_it_for_good(scene, client, monkeypatch):
    row = scene.filed()
    assert listed(client, scene, "leader") == {row}
    monkeypatch.setattr(lists, "TEAM_SEES_FOR", datetime.timedelta(0))
    assert listed(client, scene, "leader") == set()
    assert listed(client, scene, "filer") == {row}


def test_who_does_not_see_a_figure_does_not_find_the_objection_to_it(scene, client):
    own = replace(scene.board(), columns=[Column("amount", "应得", audience=Audience.OWN)])
    scene.bulletin = publish(own, team=scene.team, period=PERIOD, actor=None)
    row, of_team = scene.filed(), scene.filed("colleague", "总额")
    assert listed(client, scene, "leader") == {of_team}
    assert listed(client, scene, "filer") == {row, of_team}


# -- Nobody who answers learns who asked --------------------------------------------------------------------------------

CANARY = "金丝雀"
PAGES = ["home", "bulletins:objections", "bulletins:wall", "own-account", "trail"]


def named(client, scene, who, row=None):
    """How often the canary is named to this person on pages and in workbooks; on a board members are named anyhow."""
    client.force_login(scene.user(who))
    pages = [*map(reverse, PAGES), reverse("bulletins:board", args=[scene.bulletin.serial]), new(scene)]
    pages += [reverse("bulletins:objection", args=[row.pk])] if row else []
    answers = [client.get(page) for page in pages]
    answers += [client.post(reverse("bulletins:objections-export")), client.post(reverse("own-data"))]
    return sum(text_of(answer).count(CANARY) for answer in answers if answer.status_code == 200)


def text_of(answer):
    if "spreadsheet" not in answer.headers["Content-Type"]:
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("anonymous", by_turns([True, False], 2))
def test_nobody_but_filer_and_auditor_reads_an_anonymous_filers_name(client, anonymous):
    scene = Scene(anonymous=anonymous)
    scene.filer.name = CANARY
    scene.filer.save()
    others = set(scene.people) - {"filer"}
    before = {who: named(client, scene, who) for who in others}
    row = scene.filed(column="总额")
    objections.support(row, actor=scene.supporter)
    row = scene.advance(row, State.CORRECTED)
    told = {who for who in others if named(client, scene, who, row) > before[who]}
    readers = {*("supporter", "colleague", "leader", "manager", "union", "checker", "above", "auditor")}
    assert told == ({"auditor"} if anonymous else readers)
    client.force_login(scene.user("manager"))
    found = client.get(reverse("bulletins:objections"), {"q": CANARY}).context["page"].paginator.count
    assert found == 0

"""Canaries: texts about one person that stand in the data once, and everything that the boards show of it to somebody.

The person is a colleague of the world's team whose name, number, telephone, amount, illness, objection and note of
correction are known nowhere else. A `Sighting` says on which surface of which board which identity saw which canary.
"""

import html
import io
import json
import re
import zipfile
from collections import defaultdict
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from bulletins.models import BoardPolicy, Bulletin, CorrectionNote
from bulletins.objections.cells import FACTS
from bulletins.services import notices, objections, publish, publish_all
from bulletins.services.displays import add_display
from bulletins.tables import Audience, Board, Column, Fact, Row
from incentives.models import DistributionLine, PointMonth
from incentives.points.posted import points_board
from incentives.points.selectors import computed_rows
from incentives.services.publishing import boards_of_month
from teams.figures import yuan_text
from teams.models import Attendance, User
from teams.triggers import without_triggers
from tests.access.table import IDENTITIES
from tests.access.world import _session, client_of
from tests.points import to_party

NAME, NUMBER, PHONE = "鸢尾蓝", "GZ940718", "13947182056"
ILLNESS, OBJECTION, CORRECTION, TIDINGS = "病", "石竹花开得早", "芍药移了盆", "海棠明天浇水"
MODES = {"full": "bonus, full", "distribution": "bonus, distribution", "own": "bonus, own only"}
VIEWERS = [*IDENTITIES, "self"]


def place_canaries(world):
    """Put the canaries into the world and post its boards anew; returns texts by canary and serials by board."""
    person = world.colleague
    User.objects.filter(pk=person.pk).update(name=NAME, employee_no=NUMBER, phone=PHONE)
    person.refresh_from_db()
    world.people["self"], world.sessions["self"] = person, _session(person)
    line = DistributionLine.objects.get(user=person, distribution__team=world.team)
    with without_triggers():
        Attendance.objects.filter(user=person, period=world.closed, code="√").update(code=ILLNESS)
    boards = _posted(world)
    _said(world, boards)
    amount = yuan_text(line.payable)
    texts = {"name": NAME, "number": NUMBER, "phone": PHONE, "illness": ILLNESS}
    texts |= {"amount": amount, "amount in a workbook": amount.replace(",", "")}
    texts |= {"objection": OBJECTION, "correction": CORRECTION, "tidings": TIDINGS}
    return SimpleNamespace(texts=texts, boards=boards, display=_display(world), objection=world.objection)


def _posted(world):
    """Serials of the boards of the closed month by what they are called here; the bonus table once in each mode."""
    place, boards = {"team": world.team, "period": world.closed, "actor": None}, {}
    for mode, called in MODES.items():
        rules = {"bonus_mode": mode, "anonymous_objections": True}
        BoardPolicy.objects.update_or_create(unit=world.unit, defaults=rules)
        posted = publish_all(boards_of_month(world.team, world.closed), **place)
        boards |= {bulletin.kind: bulletin.serial for bulletin in posted} | {called: posted[-1].serial}
    del boards["bonus"]
    wish = {"key": "c" * 12, "title": "浇花", "text": TIDINGS, "audience": Audience.TEAM, "days": 3}
    boards["notice"] = notices.post_notice({"team": world.team}, wish, actor=None).serial
    boards["points"] = publish(_points(world), unit=world.unit, period=world.closed, actor=None).serial
    boards["masked"] = publish(_masked(world), **place, topic="masked").serial
    return boards


def _points(world):
    """The points of the branch, of which the person with the canaries is a member."""
    to_party(world.colleague)
    rows = computed_rows(world.points, world.closed)
    return points_board(PointMonth(scheme=world.points, period=world.closed, rows=rows, closed_at=timezone.now()))


def _masked(world):
    """A board on which every personal column is public under its mask."""
    columns = [("name", "姓名"), ("number", "工号"), ("band", "应得")]
    columns = [
        Column(mask, label, False, audience=Audience.PUBLIC, mask=mask, plain=Audience.TEAM) for mask, label in columns
    ]
    line = DistributionLine.objects.get(user=world.colleague, distribution__team=world.team)
    cells = {"name": NAME, "number": NUMBER, "band": yuan_text(line.payable)}
    return Board("contest", "竞赛评比板", [Fact("人数", "1 人")], columns, [Row(world.colleague.pk, cells)])


def _said(world, boards):
    """An objection without its name to a figure of the team, and a note of correction with one."""
    scores = Bulletin.objects.get(serial=boards["scores"])
    CorrectionNote.objects.create(bulletin=scores, text=f"{NAME}：{CORRECTION}")
    cell = objections_cell(world, scores)
    world.objection = objections.file(
        scores, cell, wanted="", reason=OBJECTION, evidence=[], actor=world.people["self"]
    )


def objections_cell(world, bulletin):
    from bulletins.objections.access import lines_for

    (facts,) = [line for line in lines_for(world.people["self"], bulletin) if line.key == FACTS]
    return facts.cells[0]


def _display(world):
    """The token of a display that shows everything there is."""
    kinds = list(Bulletin.Kind.values)
    return add_display(world.unit, name="大厅", teams=[], kinds=kinds, seconds=20, actor=None)[1]


# -- The surfaces ---------------------------------------------------------------------------------------------------------


def of_board(serial):
    """(surface, method, address, body) of everything that shows one board."""
    page = {name: reverse(f"bulletins:{name}", args=[serial]) for name in ("board", "paper", "download", "verified")}
    yield "page", "get", page["board"], {}
    yield "paper", "get", page["paper"], {}
    yield "xlsx", "post", page["download"], {}
    yield "csv", "post", page["download"], {"as": "csv"}
    yield "verify", "get", page["verified"], {}


def of_all(world, canaries):
    """The same of what shows many boards or belongs to them."""
    yield "wall", "get", reverse("bulletins:wall"), {}
    yield "wall", "get", reverse("bulletins:wall"), {"q": NAME[:2]}
    yield "feed", "get", reverse("bulletins:feed"), {}
    yield "verify", "get", reverse("bulletins:verify"), {"serial": canaries.boards["scores"]}
    yield (
        "month",
        "get",
        reverse("bulletins:month-paper", args=[world.team.pk, world.closed]),
        {},
    )
    yield "objections", "get", reverse("bulletins:objections"), {}
    yield "objections", "post", reverse("bulletins:objections-export"), {}
    yield "objection", "get", reverse("bulletins:objection", args=[canaries.objection.pk]), {}


def crawl(world, canaries, printed, viewers=VIEWERS, boards=None):
    """{(board, surface): {canary: identities}} of everything seen; `printed` collects what reaches the typesetter."""
    seen = defaultdict(lambda: defaultdict(set))
    for who in viewers:
        client = client_of(world, who)
        for called, serial in (boards or canaries.boards).items():
            for surface, *request in of_board(serial):
                _note(seen[called, surface], canaries, who, _text(client, printed, *request))
        for surface, *request in of_all(world, canaries):
            _note(seen["", surface], canaries, who, _text(client, printed, *request))
        for text in slides(client, canaries.display):
            _note(seen["", "screen"], canaries, who, text)
    return {place: dict(found) for place, found in seen.items() if found}


def _note(found, canaries, who, text):
    for canary, words in canaries.texts.items():
        # the own name and number stand on top of every page
        if words in text and not (who == "self" and canary in ("name", "number")):
            found[canary].add(who)


def _text(client, printed, method, address, body):
    """All text of an answer, whatever kind of file it is."""
    printed.clear()
    response = getattr(client, method)(address, body)
    assert response.status_code < 500, (address, response.status_code)
    content = response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return json.dumps(printed, ensure_ascii=False) + html.unescape(content.decode())


def slides(client, token):
    """The texts of all slides of a display, one after the other; none for whom it is not shown."""
    address, following, passed = reverse("bulletins:screen", args=[token]), "", set()
    while following not in passed:
        passed.add(following)
        text = html.unescape(client.get(address + following).content.decode())
        yield text
        found = re.search(r'data-next="([^"]*)"', text)
        following = found.group(1) if found else ""

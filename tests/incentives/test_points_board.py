"""党员积分表 on the wall: what hangs there for whom, who posts it and when, and how an upheld objection to it is corrected."""

import datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse

from bulletins.models import Bulletin, CorrectionNote, Objection
from bulletins.objections.access import lines_for
from bulletins.objections.corrections import ways_for
from bulletins.rotation import slides_of
from bulletins.selectors import viewer_of
from bulletins.services import objections, signatures
from bulletins.signatures import news_for as board_news_for
from bulletins.tables import ANONYMOUS, seen_by
from incentives.correcting import entries_for
from incentives.errors import IncentiveError
from incentives.models import PointMonth
from incentives.points.news import news_for
from incentives.points.selectors import computed_rows
from incentives.services import points
from incentives.services.publishing import publish_points
from teams.access import access_of
from teams.models import AuditEntry, User
from teams.triggers import without_triggers
from tests import factories as make
from tests.points import DAY, PERIOD, confirmed, make_branch, propose

pytestmark = pytest.mark.django_db
SEPTEMBER, NEXT = datetime.date(2026, 9, 28), 202611
MAJOR = "发现重大隐患"


@pytest.fixture
def branch():
    """A branch with October closed: one member above the cap of a field, one late entry, one violation."""
    found = make_branch()
    found.sure = make.give_role(found.unit, "party")
    hands = (found.leader, found.sure)
    points.close(found.scheme, 202609, actor=found.secretary)
    for number in range(3):
        confirmed(found.scheme, found.one, *hands, MAJOR, what=f"第 {number} 处")
    confirmed(found.scheme, found.one, *hands, day=SEPTEMBER)
    confirmed(found.scheme, found.other, *hands, "本人违章")
    points.close(found.scheme, PERIOD, actor=found.secretary)
    return found


@pytest.fixture
def board(branch):
    return publish_points(branch.scheme, PERIOD, actor=branch.secretary)


def again(user):
    """The person, as in a new request."""
    return User.objects.get(pk=user.pk)


def seen(board, user):
    return seen_by(board.content, viewer_of(again(user), board))


def cells(board, user):
    return {row["cells"]["name"]: row["cells"] for row in seen(board, user)["rows"]}


# -- What hangs for whom -------------------------------------------------------------------------------------------------


def test_the_people_of_the_unit_read_everybodys_points(branch, board):
    colleague = make.make_member(branch.team)
    found = cells(board, colleague)
    assert {name: (row["rank"], row["score"]) for name, row in found.items()} == {
        branch.one.name: ("第 1 名", "72.00"),
        branch.leader.name: ("第 2 名", "60.00"),
        branch.other.name: ("第 3 名", "55.00"),
    }
    assert (found[branch.one.name]["safety"], found[branch.leader.name]["safety"]) == ("+10", "0")
    labels = [column["label"] for column in seen(board, colleague)["columns"]]
    assert labels == ["姓名", "班组", "名次", "积分", "基础分", "生产组织", "安全环保"]
    assert seen(board, colleague)["notes"][1:] == [
        f"{branch.one.name} 2026-09-28 的“按时完成急难险重任务” +2 分，计入本月。",
        f"{branch.one.name}安全环保 +15 分，按每月上限计 +10 分。",
    ]
    assert [bar["text"] for bar in seen(board, colleague)["chart"]["bars"]] == ["+2 分", "+5 分"]


def test_without_signing_in_and_from_other_units_nobodys_points_are_seen(branch, board):
    strangers = [ANONYMOUS, viewer_of(make.make_member(make.make_team()), board)]
    for found in [seen_by(board.content, viewer) for viewer in strangers]:
        assert (found["rows"], found["columns"], found["chart"]) == ([], [], None)
        assert [fact["label"] for fact in found["facts"]] == ["党员", "积分记录", "每月基础分", "结算"]
        assert not [note for note in found["notes"] if branch.one.name in note]
    assert [slide.columns for slide in slides_of(board)] == [[]]


def test_the_way_to_the_entries_is_open_to_the_person_and_the_branch(branch, board, client):
    links = {who: [row["link"] for row in seen(board, getattr(branch, who))["rows"]] for who in ("one", "secretary")}
    address = f"{reverse('incentives:points-entries', args=[branch.scheme.pk, PERIOD])}?person={branch.one.pk}"
    assert (links["one"], len(set(links["secretary"]))) == ([address, "", ""], 3)
    assert seen(board, branch.secretary)["facts"][1]["link"] == address.split("?", maxsplit=1)[0]
    for reader, page, rows in ((branch.one, address, 4), (branch.secretary, links["secretary"][2], 1)):
        client.force_login(reader)
        assert len(client.get(page).context["page"].object_list) == rows
    client.force_login(branch.other)
    assert branch.one.name not in client.get(address).text
    assert "没有您看得到的积分记录" in client.get(address).text


def test_who_entered_confirmed_and_closed_answers_no_objection(branch, board):
    hands = [branch.leader.pk, branch.secretary.pk]
    assert board.content["parties"] == {"proposers": sorted(hands), "checkers": [branch.sure.pk]}


def test_people_of_the_same_name_are_told_apart(branch):
    User.objects.filter(pk__in=[branch.one.pk, branch.other.pk]).update(name="王五")
    with without_triggers():
        PointMonth.objects.filter(period=PERIOD).update(rows=computed_rows(branch.scheme, PERIOD))
    bulletin = publish_points(branch.scheme, PERIOD, actor=None)
    names = {row["cells"]["name"] for row in bulletin.content["rows"]}
    assert names == {branch.leader.name, *(f"王五（{user.employee_no[-3:]}）" for user in (branch.one, branch.other))}


def test_members_are_asked_to_sign_it_until_they_have(branch, board, client):
    one = again(branch.one)
    (asked,) = board_news_for(one)
    assert asked[:3] == ("核对签字", f"{branch.unit}2026年10月：党员积分表", f"/boards/{board.serial}/")
    signatures.sign(board, actor=one)
    assert list(board_news_for(one)) == []
    colleague = make.make_member(branch.team)
    assert list(board_news_for(colleague)) == []
    client.force_login(one)
    assert "我的积分 72.00 分" in client.get(f"/boards/{board.serial}/").text


# -- Posting -------------------------------------------------------------------------------------------------------------


def test_a_month_hangs_once_with_one_row_of_the_trail(branch, board):
    assert (board.serial, board.team, board.published_by) == (
        f"{PERIOD}DU{branch.unit.pk:04d}-1",
        None,
        branch.secretary,
    )
    assert publish_points(branch.scheme, PERIOD, actor=branch.sure) == board
    assert AuditEntry.objects.filter(verb="board.published").count() == 1


def test_a_month_that_is_not_closed_does_not_hang(branch):
    with pytest.raises(IncentiveError, match="还没有结算"):
        publish_points(branch.scheme, NEXT, actor=branch.secretary)
    assert not Bulletin.objects.exists()


def test_the_secretary_looks_at_it_before_it_hangs(branch, client):
    month = reverse("incentives:points-month", args=[branch.scheme.pk, PERIOD])
    preview = reverse("incentives:points-preview", args=[branch.scheme.pk, PERIOD])
    publish = reverse("incentives:points-publish", args=[branch.scheme.pk, PERIOD])
    client.force_login(branch.secretary)
    assert preview in client.get(month).text
    page = client.get(preview, {"as": "unit"})
    assert (branch.one.name in page.text, publish in page.text, "本班组</a>" in page.text) == (True, True, False)
    assert branch.one.name not in client.get(preview, {"as": "public"}).text
    assert not Bulletin.objects.exists()
    assert "党员积分表已张榜公布" in client.post(publish, follow=True).text
    assert "内容没有变" in client.get(preview).text
    board = Bulletin.objects.get()
    assert reverse("bulletins:board", args=[board.serial]) in client.get(month).text
    assert "已经张榜" in client.post(publish, follow=True).text
    assert Bulletin.objects.get() == board


def test_nobody_else_posts_it_and_no_open_month_is_looked_at(branch, client):
    for name, send in (("points-preview", client.get), ("points-publish", client.post)):
        for user, answer in ((branch.leader, 404), (make.give_role(branch.unit, "manager"), 403)):
            client.force_login(user)
            assert send(reverse(f"incentives:{name}", args=[branch.scheme.pk, PERIOD])).status_code == answer
    client.force_login(branch.secretary)
    page = client.get(reverse("incentives:points-preview", args=[branch.scheme.pk, NEXT]), follow=True)
    assert "还没有结算，结算以后才能张榜" in page.text
    assert not Bulletin.objects.exists()


# -- Objections ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(branch, board):
    """An upheld objection of a member to the own points."""
    manager = make.give_role(branch.unit, "manager")
    (line,) = [line for line in lines_for(again(branch.one), board) if line.own]
    (cell,) = [cell for cell in line.cells if cell.column == "safety"]
    row = objections.file(board, cell, wanted="", reason="多记了一处", evidence=[], actor=branch.one)
    objections.accept(row, actor=manager)
    objections.uphold(row, "确实多记", actor=manager)
    found = Objection.objects.get(pk=row.pk)
    page = reverse("incentives:objection-correct", args=[row.pk])
    return SimpleNamespace(objection=found, page=page, manager=manager)


def taken_back(branch, given=-500, day=DAY, **more):
    return propose(branch.scheme, branch.one, branch.leader, MAJOR, day=day, points_given=given, **more)


def test_what_was_counted_too_much_is_taken_back_in_an_open_month_and_linked(branch, board, scene, client):
    assert entries_for(scene.objection) == []
    entry = taken_back(branch)
    assert (entry.period > PERIOD, entries_for(scene.objection)) == (True, [])
    points.confirm(entry, actor=branch.sure)
    client.force_login(branch.secretary)
    assert "冲减" in client.get(scene.page).text
    before = AuditEntry.objects.count()
    assert client.post(scene.page, {"entry": f"points-{entry.pk}"}).status_code == 302
    assert AuditEntry.objects.count() == before + 1
    scene.objection.refresh_from_db()
    assert scene.objection.state == "corrected"
    note = CorrectionNote.objects.get(bulletin=board).text
    assert note.startswith("2026-10-12 的积分已更正，计入")
    assert branch.one.name not in note


def test_who_corrects_and_where(branch, scene, client):
    (link, address), (label, enter) = ways_for(again(branch.secretary), scene.objection)
    assert (link, address, label) == ("按异议更正", scene.page, "去登记积分")
    client.force_login(branch.secretary)
    page = client.get(enter).text
    assert (f"更正异议 {scene.objection.number}" in page, 'value="2026-10-31"' in page) == (True, True)
    assert f'<option value="{branch.one.pk}" selected>' in page
    assert "更正异议" not in client.get(enter.split("?")[0], {"objection": "x"}).text
    assert ways_for(scene.manager, scene.objection) == []
    for user, answer in ((scene.manager, 403), (branch.one, 404)):
        client.force_login(user)
        assert client.get(scene.page).status_code == answer


def test_an_upheld_objection_waits_for_the_secretary_alone(branch, scene):
    told = {who: [title for title, *_ in news(branch, who)] for who in ("secretary", "leader")}
    assert told == {"secretary": ["按异议更正积分"], "leader": []}


def news(branch, who):
    return list(news_for(access_of(again(getattr(branch, who))), 202601))


def test_no_more_is_taken_back_than_a_closed_month_has(branch):
    for given in (-1501, 501):
        with pytest.raises(IncentiveError, match="还可以冲减 −15 分"):
            taken_back(branch, given)
    first = taken_back(branch, -1000)
    with pytest.raises(IncentiveError, match="还可以冲减 −5 分"):
        taken_back(branch, -501, what="多记")
    points.refuse(first, "没有多记", actor=branch.sure)
    assert taken_back(branch, -1500, what="多记").points == -1500


@pytest.mark.parametrize("case", ["another day", "an open month"])
def test_nothing_is_taken_back_of_what_no_closed_month_counted(branch, case):
    """Control: what an open month counts is cancelled instead; another day counted nothing."""
    day = DAY + datetime.timedelta(days=1)
    if case == "an open month":
        assert confirmed(branch.scheme, branch.one, branch.leader, branch.sure, MAJOR, day=day).period > PERIOD
    with pytest.raises(IncentiveError, match="不能换正负。$"):
        taken_back(branch, -100, day)

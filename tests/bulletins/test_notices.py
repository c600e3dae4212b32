"""Notices: posted through the same chain, once, to whom they are meant, and taken back only by a revision that says so."""

import pytest

from bulletins.errors import BulletinError, StaleState
from bulletins.forms import NoticeForm
from bulletins.models import Bulletin
from bulletins.selectors import family_of, revisions, viewer_at
from bulletins.services import notices
from bulletins.tables import ANONYMOUS, Audience, seen_by
from bulletins.verification import flaw_of
from teams.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

WISH = {
    "kind": "notice",
    "title": "停水通知",
    "text": "明天八点停水。\n\n  请提前打水。 ",
    "audience": Audience.TEAM,
    "days": 2,
}


def wish(key="a" * 12, **changes):
    return WISH | {"key": key} | changes


@pytest.fixture
def team():
    return make.make_team(make.make_unit(parent=make.make_unit()))


def shown(bulletin, user):
    return seen_by(bulletin.content, viewer_at(user, bulletin.unit_id, bulletin.team))["notes"]


def test_a_notice_hangs_once_however_often_it_is_sent(team):
    first, second = (notices.post_notice({"team": team}, wish(), actor=None) for _ in range(2))
    assert first == second
    assert AuditEntry.objects.filter(verb="board.published").count() == 1
    with pytest.raises(BulletinError, match="已经张榜，不能再改"):
        notices.post_notice({"team": team}, wish(text="不停水了"), actor=None)


def test_several_notices_of_a_month_have_numbers_of_their_own(team):
    found = [notices.post_notice({"team": team}, wish(key * 12), actor=None) for key in "ab"]
    found.append(notices.post_notice({"unit": team.unit}, wish("c" * 12, audience=Audience.UNIT), actor=None))
    month = found[0].period
    assert [bulletin.serial for bulletin in found] == [
        f"{month}T{team.pk:04d}-1-1",
        f"{month}T{team.pk:04d}-2-1",
        f"{month}TU{team.unit_id:04d}-1-1",
    ]
    assert list(Bulletin.objects.current().order_by("id")) == found
    assert flaw_of(team.unit) is None


def test_a_notice_is_read_by_those_it_is_meant_for(team):
    member, neighbour = make.make_member(team), make.make_member(make.make_team(team.unit))
    above = make.make_member(make.make_team(team.unit.parent))
    of_team = notices.post_notice({"team": team}, wish(), actor=None)
    of_unit = notices.post_notice({"unit": team.unit.parent}, wish("b" * 12, audience=Audience.UNIT), actor=None)
    for user, team_too in ((member, True), (neighbour, False), (above, False)):
        assert shown(of_unit, user) == ["明天八点停水。", "请提前打水。"]
        assert bool(shown(of_team, user)) is team_too
    assert shown(of_unit, make.make_member(make.make_team())) == []
    hidden = seen_by(of_team.content, ANONYMOUS)
    assert (hidden["notes"], hidden["hidden"]) == ([], True)


def test_a_withdrawal_is_a_second_revision_that_says_so(team):
    first = notices.post_notice({"team": team}, wish(), actor=None)
    notices.post_notice({"team": team}, wish("b" * 12), actor=None)
    notices.withdraw_notice(first, "时间改了", actor=None)
    second, again = revisions(first)
    assert (again, second.revision, second.title) == (first, 2, "（已撤回）停水通知")
    assert "原因：时间改了" in second.content["notes"][0]["text"]
    assert second.content["notes"][0]["audience"] == Audience.TEAM
    assert second.notice_ends_on >= first.notice_ends_on
    assert len(family_of(first).siblings) == 2
    for bulletin in (first, second):
        with pytest.raises(StaleState, match="已经撤回"):
            notices.withdraw_notice(bulletin, "再来一次", actor=None)


# -- The pages ----------------------------------------------------------------------------------------------------------


def body(place, **changes):
    return wish(place=place, **changes) | {"audience": str(changes.get("audience", 3)), "days": changes.get("days", 2)}


def test_a_leader_posts_for_the_own_team_alone(team, client):
    leader, other = make.make_member(team, "leader"), make.make_team(team.unit)
    client.force_login(leader)
    assert "不归您发" in client.post("/notices/new/", body(f"team-{other.pk}")).content.decode()
    assert "不归您发" in client.post("/notices/new/", body(f"unit-{team.unit_id}")).content.decode()
    assert not Bulletin.objects.exists()
    assert client.post("/notices/new/", body(f"team-{team.pk}")).status_code == 302
    bulletin = Bulletin.objects.get()
    assert (bulletin.team, bulletin.published_by, bulletin.kind) == (team, leader, "notice")
    html = client.get("/notices/").content.decode()
    assert "停水通知" in html
    client.post(f"/notices/{bulletin.serial}/withdraw/", {"reason": "时间改了"})
    assert "已撤回" in client.get("/notices/").content.decode()


WRONG = {
    "no title": ({"title": " "}, "请填标题"),
    "no text": ({"text": ""}, "请填正文"),
    "no days": ({"days": "0"}, "请填 1 到 30 的整数"),
    "a year": ({"days": "365"}, "请填 1 到 30 的整数"),
    "no key": ({"key": "x"}, "请刷新页面"),
    "nobody": ({"audience": "9"}, "请从列出的几种里选"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_notice_is_refused_with_a_sentence(team, changes, words):
    leader = make.make_member(team, "leader")
    form = NoticeForm(body(f"team-{team.pk}") | changes, user=leader)
    assert not form.is_valid()
    assert words in str(form.errors)


def test_a_whole_unit_has_no_team(team):
    manager = make.give_role(team.unit, "manager")
    form = NoticeForm(body(f"unit-{team.unit_id}"), user=manager)
    assert "整个单位的通知请选" in str(form.errors["audience"])
    assert NoticeForm(body(f"unit-{team.unit_id}", audience=2), user=manager).is_valid()


def test_no_other_board_is_withdrawn(case, client):
    board = Bulletin.objects.filter(kind="bonus").first()
    client.force_login(make.give_role(board.unit, "manager"))
    assert client.post(f"/notices/{board.serial}/withdraw/", {"reason": "不好看"}).status_code == 404
    assert client.post("/notices/none/withdraw/", {"reason": "不好看"}).status_code == 404

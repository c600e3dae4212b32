"""Displays: which boards hang on a TV and in which order, who sets one up, and that nothing personal is on it."""

import datetime
import re

import pytest
from django.utils import timezone

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Bulletin, Display
from bulletins.rotation import LINES, ROWS, WIDTH, boards_on, slides_of, turn_of
from bulletins.services import displays, publish
from bulletins.tables import Audience, Board, Column, Fact, Row
from teams.downloads import width_of
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db

EVERY_KIND = Bulletin.Kind.values
PUBLIC, UNIT = Audience.PUBLIC, Audience.UNIT


@pytest.fixture
def team():
    return make.make_team(make.make_unit("运行部"), "运行一值")


def post(place, kind="scores", period=PERIOD, value="90.00", **parts):
    """Post a board of a team or a unit with one public figure."""
    board = Board(kind, f"{place}{kind}", **{"facts": [Fact("得分", value)], "columns": [], "rows": [], **parts})
    held_by = {"unit" if place._meta.model_name == "unit" else "team": place}
    return publish(board, period=period, actor=None, **held_by)


def add(unit, name="门口", teams=(), kinds=EVERY_KIND, seconds=20, actor=None):
    return displays.add_display(unit, name=name, teams=teams, kinds=kinds, seconds=seconds, actor=actor)


def serials(display):
    found = Bulletin.objects.in_bulk(boards_on(display))
    return [found[pk].serial for pk in boards_on(display)]


def table(count, columns=2, audience=PUBLIC):
    """Rows about no person."""
    heads = [Column(str(n), f"栏{n}", audience=audience) for n in range(columns)]
    return {"columns": heads, "rows": [Row(None, {head.key: "1" for head in heads}) for _ in range(count)]}


# -- What is shown -----------------------------------------------------------------------------------------------------


def test_a_display_shows_the_newest_month_of_every_team_below_its_unit(team):
    plant = make.make_unit("本厂")
    type(team.unit).objects.filter(pk=team.unit_id).update(parent=plant)
    second, stranger = make.make_team(team.unit, "运行二值"), make.make_team(make.make_unit("检修部"))
    post(second, "bonus"), post(stranger), post(team, period=PERIOD - 1)
    wanted = [post(team), post(team, "attendance"), post(team, "bonus", PERIOD - 1)]
    post(second, value="1")
    wanted += [post(second, value="2"), Bulletin.objects.get(team=second, kind="bonus")]
    assert serials(add(plant)[0]) == [bulletin.serial for bulletin in wanted]


def test_a_display_shows_chosen_teams_kinds_and_what_hangs_for_the_unit_itself(team):
    second = make.make_team(team.unit, "运行二值")
    wanted = [post(second), post(team.unit, "notice", facts=[], notes=["停水"])]
    post(team), post(second, "bonus")
    display, _ = add(team.unit, teams=[second], kinds=["scores", "notice"])
    assert set(serials(display)) == {bulletin.serial for bulletin in wanted}
    type(second).objects.filter(pk=second.pk).update(disbanded_on=timezone.localdate())
    assert serials(display) == [wanted[1].serial]


def test_a_matter_hangs_as_long_as_its_notice_runs(team, monkeypatch):
    notice = post(team, "notice", facts=[], notes=["停水"])
    display, _ = add(team.unit)
    for day, shown in ((0, True), (1, False)):
        today = notice.notice_ends_on + datetime.timedelta(days=day)
        monkeypatch.setattr("bulletins.rotation.timezone.localdate", lambda today=today: today)
        assert (serials(display) == [notice.serial]) is shown
    assert serials(display) == []


def test_a_long_table_goes_on_and_a_wide_one_is_left_out(team):
    sizes = [len(slide.rows) for slide in slides_of(post(team, "expenses", **table(2 * ROWS + 1)))]
    assert sizes == [0, ROWS, ROWS, 1]
    assert len(slides_of(post(team, "contest", **table(1, columns=8)))) == 2
    assert len(slides_of(post(team, "points", **table(1, columns=9)))) == 1


def test_a_display_shows_no_row_of_a_bonus_table_and_nothing_that_is_not_for_everybody(team):
    assert len(slides_of(post(team, "bonus", **table(1)))) == 1
    assert slides_of(post(team, "scores", facts=[Fact("得分", "1", UNIT)], **table(1, audience=UNIT))) == []


def test_a_long_text_is_cut_to_the_screen(team):
    text = "明" * (WIDTH // 2 * (LINES + 1)) + "完"
    first, second = slides_of(post(team, "notice", facts=[], notes=[text]))
    assert (len(first.lines), len(second.lines)) == (LINES, 2)
    assert max(width_of(line) for line in first.lines) == WIDTH
    assert "".join(first.lines + second.lines) == text


def test_turns_go_through_every_slide_and_begin_again(team):
    post(team), post(team, "attendance", facts=[Fact("人数", "12 人", UNIT)])
    post(team, "expenses", **table(ROWS + 1))
    display, place, seen = add(team.unit)[0], (0, 0), []
    for _ in range(8):
        turn = turn_of(display, *place)
        seen.append((turn.bulletin.kind, len(turn.slide.rows)))
        place = (turn.bulletin.pk, turn.part + 1)
    assert seen == [("scores", 0), ("expenses", 0), ("expenses", ROWS), ("expenses", 1)] * 2
    assert turn_of(display, 10**17, 2).bulletin.kind == "scores"


@pytest.mark.parametrize("asked", [(0, 0), (10**17, 3), (-1, 0)])
def test_what_hangs_no_longer_is_followed_by_the_first(team, asked):
    display, _ = add(team.unit)
    assert turn_of(display, *asked) is None
    post(team, "attendance", facts=[])
    assert turn_of(display, *asked) is None
    bulletin = post(team)
    assert turn_of(display, *asked).bulletin == bulletin
    assert turn_of(display, bulletin.pk, 5).bulletin == bulletin


# -- The screen --------------------------------------------------------------------------------------------------------


def test_a_screen_shows_no_person_whoever_is_signed_in(team, client):
    member = make.make_member(team, user=make.make_user("211006", "张三"))
    columns = [Column("name", "姓名", numeric=False), Column("score", "得分")]
    post(team, columns=columns, rows=[Row(member.pk, {"name": "张三", "score": "77.77"})])
    address = f"/screens/{add(team.unit)[1]}/"
    anonymous = client.get(address)
    client.force_login(member)
    assert client.get(address).content == anonymous.content
    assert "运行一值scores" in anonymous.content.decode()
    assert not re.search("张三|77.77|211006", anonymous.content.decode())
    assert "no-store" in anonymous.headers["Cache-Control"]


def test_a_screen_says_what_will_come_before_the_first_board(team, client):
    display, token = add(team.unit, kinds=["scores", "bonus"])
    html = client.get(f"/screens/{token}/").content.decode()
    assert "还没有张榜。张榜以后，这里会自动轮流显示：考核得分榜、绩效奖金表。" in html
    assert display.name in html
    assert client.get(f"/screens/{token.upper()}/").status_code == 200


def test_a_revoked_or_unknown_address_shows_nothing(team, client):
    post(team)
    display, token = add(team.unit)
    displays.revoke_display(display, actor=None)
    response = client.get(f"/screens/{token}/")
    assert response.status_code == 410
    assert "这块大屏已停用" in response.content.decode()
    assert "90.00" not in response.content.decode()
    assert client.get(f"/screens/{token[:-1]}/").status_code == 404


def test_a_screen_is_seen_once_a_minute(team, client):
    display, token = add(team.unit)
    assert not display.is_online
    for ago, noted in ((None, True), (30, False), (70, True)):
        before = ago and timezone.now() - datetime.timedelta(seconds=ago)
        Display.objects.update(seen_at=before)
        client.head(f"/screens/{token}/")
        assert Display.objects.get().seen_at == before
        client.get(f"/screens/{token}/")
        assert (Display.objects.get().seen_at != before) is noted
    assert Display.objects.get().is_online
    Display.objects.update(seen_at=timezone.now() - datetime.timedelta(seconds=161))
    assert not Display.objects.get().is_online


# -- Setting up --------------------------------------------------------------------------------------------------------


def test_the_address_is_told_once_and_kept_nowhere(team, client):
    manager = make.give_role(team.unit, "manager")
    client.force_login(manager)
    body = {"name": "门口", "kinds": ["scores"], "seconds": "20"}
    html = client.post(f"/displays/add/{team.unit_id}/", body).content.decode()
    token = re.search(r"http://testserver/screens/([a-z2-9]{4}(?:-[a-z2-9]{4}){3})/", html)[1]
    display = Display.objects.get()
    assert display.token_hash == Display.digest(token) != token
    assert token not in client.get("/displays/").content.decode()
    entry = AuditEntry.objects.get(verb="display.added")
    assert entry.after == {"name": "门口", "kinds": ["scores"], "seconds": 20, "teams": []}
    assert client.get(f"/screens/{token}/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "请填写大屏的名称。"),
        ({"kinds": []}, "请至少选一类榜。"),
        ({"kinds": ["salary"]}, "请从列出的类别里选。"),
        ({"seconds": "4"}, "每张停留请填 5 到 600 秒的整数。"),
        ({"seconds": "很久"}, "每张停留请填 5 到 600 秒的整数。"),
        ({"teams": ["foreign"]}, "请从列出的班组里选。"),
        ({"teams": ["x"]}, "请从列出的班组里选。"),
        ({"teams": ["9" * 30]}, "请从列出的班组里选。"),
        ({"name": "汽机房"}, "这个单位已经有叫“汽机房”的大屏，请换个名称。"),
    ],
)
def test_a_wrong_wish_is_refused_with_a_sentence(team, client, wrong, sentence):
    add(team.unit, "汽机房")
    client.force_login(make.give_role(team.unit, "manager"))
    foreign = make.make_team()
    body = {"name": "门口", "kinds": ["scores"], "seconds": "20"} | wrong
    body["teams"] = [foreign.pk if value == "foreign" else value for value in body.get("teams", [])]
    assert sentence in client.post(f"/displays/add/{team.unit_id}/", body).content.decode()
    assert Display.objects.count() == 1


def test_a_change_keeps_the_address_and_says_what_was_before(team, client):
    display, token = add(team.unit, kinds=["scores"])
    client.force_login(make.give_role(team.unit, "manager"))
    body = {"name": "门口", "kinds": ["scores"], "seconds": "30", "teams": [team.pk]}
    page = client.post(f"/displays/{display.pk}/", body, follow=True).content.decode()
    assert "大屏“门口”已保存" in page
    assert Display.objects.with_token(token).get().seconds == 30
    entry = AuditEntry.objects.get(verb="display.changed")
    assert entry.before == {"seconds": 20, "teams": []}
    assert entry.after == {"seconds": 30, "teams": ["运行一值"]}
    assert "没有改动" in client.post(f"/displays/{display.pk}/", body).content.decode()


def test_a_revoked_display_is_changed_and_revoked_no_more(team):
    display, _ = add(team.unit)
    displays.revoke_display(display, actor=None)
    wish = {"name": "门口", "teams": [], "kinds": ["scores"], "seconds": 20}
    with pytest.raises(StaleState, match="已经停用了"):
        displays.change_display(display, **wish, actor=None)
    with pytest.raises(StaleState, match="已经停用了"):
        displays.revoke_display(display, actor=None)
    assert list(AuditEntry.objects.values_list("verb", flat=True).order_by("id")) == [
        "display.added",
        "display.revoked",
    ]
    assert add(team.unit)[0].name == display.name


def test_two_displays_of_a_unit_have_two_names(team):
    first, second = add(team.unit, "一楼")[0], add(team.unit, "二楼")[0]
    with pytest.raises(BulletinError, match="已经有叫“一楼”的大屏"):
        displays.change_display(second, name="一楼", teams=[], kinds=["scores"], seconds=20, actor=None)
    assert add(make.make_unit(), "一楼")[0].pk != first.pk

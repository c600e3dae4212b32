"""A watch is handed over once, by the person on it or the leader, and taken over once, by somebody else."""

from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from teamhub import home
from teams import watch_plan
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, Watch
from teams.services import watches
from tests.factories import PERIOD
from tests.teamhub.test_races import POSTGRES, THREADS, look_then_act, race, trail
from tests.teams.watching import DAY, NIGHT, TODAY, october_of, on_watch, person, put, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: TODAY)


@pytest.fixture
def team():
    return team_of("周燕敏", "宋明远", "黄波海")


# -- Handing over ------------------------------------------------------------------------------------------------------


@pytest.fixture
def watch(team):
    """The watch of 宋明远 today; 黄波海 has tomorrow's."""
    put(team, (14, DAY, "宋明远"), (15, DAY, "黄波海"))
    return Watch.objects.get(date=TODAY)


def test_a_watch_is_handed_over_and_taken_over_with_a_trail(watch):
    watches.hand_over(watch, "设备：运行正常", actor=watch.user)
    watches.take_over(watch, actor=person("黄波海"))
    watch.refresh_from_db()
    assert (watch.handover, watch.taken_by.name) == ("设备：运行正常", "黄波海")
    assert watch.handed_at <= watch.taken_at
    rows = AuditEntry.objects.exclude(verb="watch.planned").order_by("id").values_list("verb", "actor__name", "after")
    assert list(rows) == [
        ("watch.handed_over", "宋明远", {"handover": "设备：运行正常"}),
        ("watch.taken_over", "黄波海", {"taken_by": "黄波海"}),
    ]


def test_a_watch_handed_over_is_frozen(watch):
    watches.hand_over(watch, "设备：运行正常", actor=watch.user)
    with pytest.raises(StaleState, match="已经交过"):
        watches.hand_over(watch, "别的话", actor=watch.user)
    assert Watch.objects.get(pk=watch.pk).handover == "设备：运行正常"


def test_a_watch_given_to_another_meanwhile_is_not_handed_over(team, watch):
    put(team, (14, DAY, "黄波海"))
    with pytest.raises(StaleState, match="改排给别人"):
        watches.hand_over(watch, "设备：运行正常", actor=person("宋明远"))
    assert Watch.objects.get(pk=watch.pk).handed_at is None


def test_nobody_hands_over_before_the_day(watch):
    with pytest.raises(TeamError, match="^10月15日白班还没有到，到了那天再交班。$"):
        watches.hand_over(Watch.objects.get(date=october_of(15)), "无", actor=person("黄波海"))


def test_nobody_takes_over_from_oneself_nor_before_nor_twice(watch):
    with pytest.raises(StaleState, match="还没有交"):
        watches.take_over(watch, actor=person("黄波海"))
    watches.hand_over(watch, "设备：运行正常", actor=watch.user)
    with pytest.raises(TeamError, match="^自己交的班，要由另一个人接。$"):
        watches.take_over(watch, actor=watch.user)
    watches.take_over(watch, actor=person("黄波海"))
    with pytest.raises(StaleState, match="已经有人接了"):
        watches.take_over(watch, actor=person("周燕敏"))
    assert Watch.objects.get(pk=watch.pk).taken_by == person("黄波海")


def test_whoever_hands_over_for_somebody_does_not_take_that_watch_over(watch):
    watches.hand_over(watch, "设备：运行正常", actor=person("周燕敏"))
    with pytest.raises(TeamError, match="要由另一个人接"):
        watches.take_over(watch, actor=person("周燕敏"))
    assert Watch.objects.get(pk=watch.pk).taken_by is None


def test_a_leader_hands_over_for_somebody_and_is_named(client, team, watch):
    client.force_login(person("周燕敏"))
    page = client.post(reverse("teams:watch", args=[watch.pk]), {"equipment": "2 号泵停运"}, follow=True)
    assert "周燕敏代宋明远交班" in page.content.decode()
    entry = AuditEntry.objects.get(verb="watch.handed_over")
    assert (entry.actor.name, entry.after) == ("周燕敏", {"handover": "设备：2 号泵停运", "on_watch": "宋明远"})
    assert "周燕敏代交" in client.get(reverse("teams:hand-overs", args=[team.pk, PERIOD])).content.decode()


def test_a_colleague_cannot_hand_over_for_another(client, watch):
    client.force_login(person("黄波海"))
    assert client.post(reverse("teams:watch", args=[watch.pk]), {"equipment": "正常"}).status_code == 403
    assert "写交班记录" not in client.get(reverse("teams:watch", args=[watch.pk])).content.decode()


def hand_over(client, watch, **body):
    client.force_login(watch.user)
    return client.post(reverse("teams:watch", args=[watch.pk]), body, follow=True).content.decode()


def test_phrases_and_own_words_become_one_record(client, watch):
    phrases = {
        "equipment-usual": ["运行正常", "备用设备完好"],
        "equipment": "3 号泵有异响",
        "attention-usual": "现场已清扫",
    }
    hand_over(client, watch, **phrases)
    watch.refresh_from_db()
    assert watch.handover == "设备：运行正常；备用设备完好；3 号泵有异响\n注意事项：现场已清扫"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "交班记录还是空的，请至少点一条或写一条。"),
        ({"equipment": " \n "}, "交班记录还是空的，请至少点一条或写一条。"),
        ({"leftover": "字" * 501}, "遗留问题最多写 500 字。"),
        ({"leftover": "字" * 300, "attention": "字" * 300}, "交班记录一共最多 500 字，现在是 611 字，请写短一些。"),
        ({"equipment-usual": "随便写的"}, "没有这一项，请从列表里选。"),
        ({"attention": "a\0b"}, "注意事项里有看不见的控制字符，请删掉后再交班。"),
    ],
)
def test_a_record_that_is_empty_or_too_long_is_refused(client, watch, body, said):
    assert said in hand_over(client, watch, **body)
    assert Watch.objects.get(pk=watch.pk).handed_at is None


def test_a_record_of_exactly_five_hundred_signs_fits(client, watch):
    hand_over(client, watch, leftover="字" * 495)
    assert len(Watch.objects.get(pk=watch.pk).handover) == 500


# -- What is missing, and what waits -----------------------------------------------------------------------------------


def test_a_watch_without_hand_over_is_missed_when_its_day_has_passed(client, team):
    for day, shift in ((12, NIGHT), (13, DAY), (13, NIGHT), (14, DAY)):
        on_watch(team, day, "宋明远", shift)
    words = {(row.date.day, row.shift): row.state[1] for row in watch_plan.hand_overs(team, PERIOD)}
    assert words == {(14, DAY): "待交班", (13, NIGHT): "待交班", (13, DAY): "未交班", (12, NIGHT): "未交班"}
    client.force_login(person("周燕敏"))
    assert "2 个未交班" in client.get(reverse("teams:hand-overs", args=[team.pk, PERIOD])).content.decode()


def test_the_list_of_hand_overs_ends_today_and_begins_with_the_latest(team, watch):
    on_watch(team, 13, "黄波海", NIGHT)
    assert [row.date.day for row in watch_plan.hand_overs(team, PERIOD)] == [14, 13]


def test_the_hand_over_before_is_shown_to_the_next(team, watch):
    old = on_watch(team, 12, "周燕敏", handover="遗留问题：阀门漏", handed_at=timezone.now())
    on_watch(team, 13, "黄波海")
    assert watch_plan.before(watch) == old
    assert watch_plan.before(old) is None


def waits(user):
    """(title, state) of what the home page lists about watches."""
    vars(user).pop("_access", None)
    queue = home.page_of(user)["queue"]
    return [(item["title"], item["word"]) for item in queue if "值班" in item["title"] or "接班" in item["title"]]


def test_home_tells_who_is_on_watch_and_who_takes_over(watch):
    song, huang, zhou = map(person, ("宋明远", "黄波海", "周燕敏"))
    assert (waits(song), waits(huang), waits(zhou)) == ([("今天您值班", "今天")], [], [])
    watches.hand_over(watch, "设备：运行正常", actor=song)
    assert (waits(song), waits(huang), waits(zhou)) == ([], [("待接班", "待接班")], [])
    watches.take_over(watch, actor=zhou)
    assert (waits(song), waits(huang), waits(zhou)) == ([], [], [])


def test_the_next_one_is_somebody_else_than_who_hands_over(team, watch):
    put(team, (15, DAY, "宋明远"), (16, DAY, "黄波海"))
    watches.hand_over(watch, "设备：运行正常", actor=watch.user)
    assert (waits(person("宋明远")), waits(person("黄波海"))) == ([], [("待接班", "待接班")])


def test_a_missed_hand_over_stays_on_the_home_page_for_three_days(team):
    on_watch(team, 10, "黄波海")
    on_watch(team, 11, "宋明远")
    assert waits(person("宋明远")) == [("值班还没有交班", "未交班")]
    assert waits(person("黄波海")) == []


# -- Races -------------------------------------------------------------------------------------------------------------


def handed():
    """A watch that twenty colleagues are waiting to take over."""
    team = team_of("周燕敏", *[f"组员{number}" for number in range(THREADS)])
    return on_watch(team, 14, "周燕敏", handed_at=timezone.now(), handover="设备：运行正常")


@pytest.mark.django_db(transaction=True)
def test_what_many_take_over_at_once_is_taken_once():
    watch, turn = handed(), count()
    people = [person(f"组员{number}") for number in range(THREADS)]
    outcomes = race(lambda row: watches.take_over(row, actor=people[next(turn)]), watch)
    assert outcomes == ["done", *["polite: 这一班还没有交，或者已经有人接了，请刷新页面再看。"] * (THREADS - 1)]
    assert trail("watch.taken_over")(watch) == 1


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets only one transaction at a time begin")
@pytest.mark.django_db(transaction=True)
def test_control_taken_over_the_naive_way_the_database_has_to_step_in():
    watch = handed()
    taken = {"taken_by_id": person("组员0").pk}
    outcomes = race(look_then_act("taken_at", [None], timezone.now(), "watch.taken_over", **taken), watch)
    assert outcomes.count("done") == trail("watch.taken_over")(watch) == 1
    assert any("the watch is handed over" in outcome for outcome in outcomes)

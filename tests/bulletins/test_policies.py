"""How a unit posts: the nearest policy upwards holds, for what is posted afterwards; no notice ends too early."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bulletins.errors import BulletinError, StaleState
from bulletins.forms import PolicyForm
from bulletins.models import BoardPolicy, Bulletin
from bulletins.policies import notice_days, policy_for, stamp_of
from bulletins.services import publish
from bulletins.services.policies import drop_policy, set_policy
from bulletins.services.publishing import notice_of
from bulletins.tables import Audience, Board, Fact
from incentives.services.publishing import publish_month
from teams.models import AuditEntry, WorkDay
from teams.workdays import is_workday
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db

USUAL = {
    "bonus_mode": "full",
    "mask_names": True,
    "notice_days": {},
    "publish_on_posting": False,
    "restart_notice": True,
    "anonymous_objections": False,
    "accept_days": 3,
    "answer_days": 15,
}


@pytest.fixture
def unit():
    return make.make_unit(parent=make.make_unit())


def freeze(monkeypatch, day):
    moment = datetime.datetime.combine(day, datetime.time(4), datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def post(team, value="90.50", kind="scores", **options):
    board = Board(kind, "榜", [Fact("得分", value)], [], [])
    return publish(board, team=team, period=PERIOD, actor=None, **options)


def test_the_nearest_policy_upwards_holds(unit):
    assert policy_for(unit).pk is None
    set_policy(unit.parent, USUAL | {"bonus_mode": "own"}, actor=None)
    assert (policy_for(unit).unit, policy_for(unit).bonus_mode) == (unit.parent, "own")
    set_policy(unit, USUAL | {"accept_days": 5}, actor=None)
    assert (policy_for(unit).unit, policy_for(unit).bonus_mode, policy_for(unit).accept_days) == (unit, "full", 5)
    drop_policy(unit, actor=None)
    assert policy_for(unit).unit == unit.parent
    assert policy_for(make.make_unit()).pk is None


def test_a_change_leaves_one_row_that_tells_what_changed(unit):
    manager = make.give_role(unit, "manager")
    set_policy(unit, USUAL | {"notice_days": {"bonus": 4}}, actor=manager)
    entry = AuditEntry.objects.get(verb="policy.changed")
    assert (entry.actor, entry.unit) == (manager, unit)
    assert (entry.before, entry.after) == ({"notice_days": {}}, {"notice_days": {"绩效奖金表": 4}})
    with pytest.raises(BulletinError, match="没有改动"):
        set_policy(unit, USUAL | {"notice_days": {"bonus": 4}}, actor=manager)
    drop_policy(unit, actor=manager)
    with pytest.raises(BulletinError, match="没有自己的张榜规定"):
        drop_policy(unit, actor=manager)
    assert AuditEntry.objects.filter(verb__startswith="policy.").count() == 2


def test_whoever_saw_another_policy_changes_nothing(unit):
    seen = stamp_of(policy_for(unit))
    set_policy(unit, USUAL | {"bonus_mode": "own"}, actor=None, seen=seen)
    for deed in (
        lambda: set_policy(unit, USUAL, actor=None, seen=seen),
        lambda: drop_policy(unit, actor=None, seen=seen),
    ):
        with pytest.raises(StaleState, match="又有人改过"):
            deed()
    assert BoardPolicy.objects.get().bonus_mode == "own"
    set_policy(unit, USUAL, actor=None, seen=stamp_of(policy_for(unit)))


def test_a_change_leaves_what_hangs_as_it_is(unit):
    team = make.make_team(unit)
    first = post(team)
    before = (first.content, first.notice_ends_on, first.content_hash)
    set_policy(unit, USUAL | {"bonus_mode": "own", "notice_days": {"scores": 20}}, actor=None)
    again = Bulletin.objects.get()
    assert (again.content, again.notice_ends_on, again.content_hash) == before
    assert post(team) == first


def test_kinds_hang_as_long_as_the_policy_says(unit, monkeypatch):
    freeze(monkeypatch, datetime.date(2026, 11, 2))
    team = make.make_team(unit)
    assert [post(team, kind=kind).notice_ends_on.day for kind in ("scores", "nomination", "naming")] == [5, 9, 9]
    set_policy(unit, USUAL | {"notice_days": {"scores": 1, "nomination": 2}}, actor=None)
    other = make.make_team(unit)
    assert [post(other, kind=kind).notice_ends_on.day for kind in ("scores", "nomination", "naming")] == [3, 4, 9]
    assert post(other, kind="contest", days=4).notice_ends_on.day == 6


@pytest.mark.parametrize(("restart", "dates"), [(True, (4, 9)), (False, (2, 5))])
def test_a_correction_begins_the_notice_again_where_the_rule_says_so(unit, monkeypatch, restart, dates):
    set_policy(unit, USUAL | {"restart_notice": restart}, actor=None)
    team = make.make_team(unit)
    freeze(monkeypatch, datetime.date(2026, 11, 2))
    post(team)
    freeze(monkeypatch, datetime.date(2026, 11, 4))
    second = post(team, "91.00")
    assert (second.notice_starts_on.day, second.notice_ends_on.day) == dates


def test_no_revision_ends_a_notice_early(unit, monkeypatch):
    team = make.make_team(unit)
    freeze(monkeypatch, datetime.date(2026, 11, 2))
    first = post(team, days=10)
    set_policy(unit, USUAL | {"notice_days": {"scores": 1}}, actor=None)
    assert post(team, "91.00").notice_ends_on == first.notice_ends_on


EARLY, SPAN = datetime.date(2025, 12, 1), 500
offs = st.dictionaries(st.integers(0, SPAN), st.booleans(), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, SPAN), st.integers(1, 15), offs)
@example(0, 15, dict.fromkeys(range(60), False))
def test_a_notice_never_ends_before_its_working_days_are_full(monkeypatch, posted, days, calendar):
    """Counted by hand, day after day, under the plant's own calendar: N full working days after the day of posting."""
    posted, own = (
        EARLY + datetime.timedelta(days=posted),
        {EARLY + datetime.timedelta(days=n): is_on for n, is_on in calendar.items()},
    )
    with transaction.atomic():
        WorkDay.objects.bulk_create(WorkDay(date=day, is_workday=is_on, note="自定") for day, is_on in own.items())
        with monkeypatch.context() as patch:
            freeze(patch, posted)
            starts, ends = notice_of(None, BoardPolicy(), days)
        transaction.set_rollback(True)
    full = [posted + datetime.timedelta(days=n) for n in range(1, (ends - posted).days + 1)]
    assert starts == posted
    assert sum(is_workday(day, own) for day in full) == days
    assert is_workday(ends, own)


def test_the_notice_days_of_a_kind_are_those_set_or_the_usual_ones():
    policy = BoardPolicy(notice_days={"naming": 9})
    assert [notice_days(policy, kind) for kind in ("scores", "nomination", "naming")] == [3, 5, 9]


# -- The page -----------------------------------------------------------------------------------------------------------


def body(**changes):
    plain = {name: "on" if value is True else value for name, value in USUAL.items() if value is not False}
    plain.pop("notice_days")
    return plain | {f"days_{kind}": "3" for kind in Bulletin.Kind.values} | changes


def test_the_page_says_what_holds_and_from_where(unit, client):
    client.force_login(make.give_role(unit.parent, "manager"))
    address = f"/policies/{unit.pk}/"
    assert "还没有设置" in client.get(address).content.decode()
    client.post(f"/policies/{unit.parent_id}/", body(seen="defaults", bonus_mode="own"))
    html = client.get(address).content.decode()
    assert f"现在跟随{unit.parent}" in html
    client.post(address, body(seen=stamp_of(policy_for(unit)), bonus_mode="distribution"))
    assert f"{unit}自己的规定" in client.get(address).content.decode()
    assert policy_for(unit).bonus_mode == "distribution"
    client.post(f"{address}drop/", {"seen": stamp_of(policy_for(unit))})
    assert policy_for(unit).unit == unit.parent
    assert client.get("/policies/").url == f"/policies/{unit.parent_id}/"


WRONG = {
    "mode": ({"bonus_mode": "secret"}, "请从列出的几种里选"),
    "days": ({"days_bonus": "0"}, "绩效奖金表请填 1 到 30 的整数"),
    "text": ({"days_bonus": "三"}, "绩效奖金表请填 1 到 30 的整数"),
    "deadline": ({"answer_days": "99"}, "几个工作日内答复异议请填 1 到 60 的整数"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_policy_is_refused_with_a_sentence(unit, changes, words):
    form = PolicyForm(body(**changes), policy=policy_for(unit))
    assert not form.is_valid()
    assert words in str(form.errors)


# -- Preview and automatic posting --------------------------------------------------------------------------------------


def test_a_preview_is_what_would_hang(client):
    team = make.make_closed_team().team
    client.force_login(make.give_role(team.unit, "manager"))
    address = f"/bonus/{team.pk}/{PERIOD // 100}-{PERIOD % 100}/preview/"
    assert client.get(address).status_code == 302
    make.post_bonus(team)
    name = team.memberships.first().user.name
    shown = {eyes: client.get(f"{address}?as={eyes}").content.decode() for eyes in ("team", "unit", "public", "x")}
    assert [name in html for html in shown.values()] == [True, False, False, True]
    previews = client.get(address).context["previews"]
    assert not Bulletin.objects.exists()
    client.post(f"/bonus/{team.pk}/{PERIOD // 100}-{PERIOD % 100}/publish/")
    hung = {bulletin.kind: (bulletin.content, bulletin.notice_ends_on) for bulletin in Bulletin.objects.all()}
    assert hung == {each.bulletin.kind: (each.foreseen.content, each.foreseen.ends_on) for each in previews}
    assert "内容没有变" in client.get(address).content.decode()


@pytest.mark.parametrize("at_once", [True, False])
def test_posting_the_bonus_posts_the_boards_where_the_policy_says_so(at_once):
    team = make.make_closed_team().team
    set_policy(team.unit, USUAL | {"publish_on_posting": at_once}, actor=None)
    make.post_bonus(team)
    assert set(Bulletin.objects.values_list("kind", flat=True)) == (
        {"scores", "attendance", "bonus"} if at_once else set()
    )


def test_the_bonus_hangs_for_the_team_alone_and_names_who_had_a_hand_in_it():
    team = make.make_closed_team().team
    make.post_bonus(team)
    set_policy(team.unit, USUAL, actor=None)
    boards = {bulletin.kind: bulletin.content for bulletin in publish_month(team, PERIOD, actor=None)}
    assert {column["audience"] for column in boards["bonus"]["columns"]} == {Audience.TEAM}
    assert all(set(board["parties"]) == {"proposers", "checkers"} for board in boards.values())
    assert {fact["capability"] for fact in boards["bonus"]["facts"]} == {"bonus.view"}
    assert boards["scores"]["chart"]["bars"]

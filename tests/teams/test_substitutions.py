"""Substitutions: recorded once, only for days that were and people who were there; withdrawn with a reason, never lost."""

import datetime
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from teams import substitution_list
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, Membership, Substitution
from teams.services import substitutions
from tests import factories as make
from tests.factories import PERIOD
from tests.teamhub.test_races import POSTGRES, THREADS, look_then_act, race, trail
from tests.teams.watching import TODAY, october_of, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: TODAY)


@pytest.fixture
def team():
    return team_of("周燕敏", "宋明远", "黄波海")


def record(team, day, user, covered, note="", actor=None):
    who = actor or person("周燕敏")
    return substitutions.record(team, october_of(day), person(user), person(covered), note=note, actor=who)


def test_a_substitution_is_recorded_with_a_trail(team):
    found = record(team, 14, "宋明远", "黄波海", note="看病")
    assert (found.team, found.date, found.user.name, found.covered.name) == (team, TODAY, "宋明远", "黄波海")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor.name, entry.object_id) == ("substitution.recorded", "周燕敏", found.pk)
    assert (entry.label, entry.after) == ("2026-10-14 宋明远 补 黄波海", {"note": "看病"})


def test_days_to_come_are_refused(team):
    with pytest.raises(TeamError, match="^补位是已经发生的事，日期不能晚于今天。$"):
        record(team, 15, "宋明远", "黄波海")


def test_nobody_covers_oneself(team):
    with pytest.raises(TeamError, match="不能是同一个人"):
        record(team, 14, "宋明远", "宋明远")


def test_both_were_members_on_that_day(team):
    Membership.objects.filter(user__name="黄波海").update(started_on=october_of(10), ended_on=october_of(12))
    record(team, 10, "宋明远", "黄波海")
    record(team, 12, "黄波海", "宋明远")
    for day, names in ((9, ("宋明远", "黄波海")), (13, ("黄波海", "宋明远"))):
        with pytest.raises(TeamError, match=f"^黄波海 2026-10-{day:02} 不在运行一值，请核对人员和日期。$"):
            record(team, day, *names)
    assert Substitution.objects.count() == 2


def test_the_same_is_recorded_once_and_again_after_it_was_withdrawn(team):
    found = record(team, 14, "宋明远", "黄波海")
    with pytest.raises(TeamError, match="^2026-10-14 宋明远补黄波海已经登记过了，不用再登记。$"):
        record(team, 14, "宋明远", "黄波海")
    record(team, 14, "黄波海", "宋明远")
    substitutions.withdraw(found, "记早了", actor=None)
    record(team, 14, "宋明远", "黄波海")
    assert Substitution.objects.count() == 3
    assert AuditEntry.objects.filter(verb="substitution.recorded").count() == 3


def test_withdrawing_keeps_the_row_and_the_reason(team):
    found = record(team, 14, "宋明远", "黄波海")
    substitutions.withdraw(found, "记错人", actor=person("宋明远"))
    with pytest.raises(StaleState, match="^这条补位已经撤销过了。$"):
        substitutions.withdraw(found, "再撤一次", actor=person("宋明远"))
    entry = AuditEntry.objects.get(verb="substitution.withdrawn")
    assert (entry.actor.name, entry.after) == ("宋明远", {"reason": "记错人"})
    assert Substitution.objects.get().withdrawn_at


def test_the_database_refuses_a_substitution_of_oneself(team):
    row = record(team, 14, "宋明远", "黄波海")
    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.filter(pk=row.pk).update(covered=row.user)


def test_the_times_of_a_month_leave_out_what_was_withdrawn_and_other_months(team):
    for day in (1, 2, 3):
        record(team, day, "宋明远", "黄波海")
    record(team, 3, "黄波海", "周燕敏")
    substitutions.withdraw(record(team, 4, "黄波海", "周燕敏"), "记错人", actor=None)
    found = (team, datetime.date(2026, 9, 30), person("黄波海"), person("周燕敏"))
    substitutions.record(*found, note="", actor=person("周燕敏"))
    rows = substitution_list.rows_of(team, PERIOD)
    assert [(user.name, times) for user, times in substitution_list.times(rows)] == [("宋明远", 3), ("黄波海", 1)]
    assert [row.date.day for row in rows] == [4, 3, 3, 2, 1]


# -- The page ----------------------------------------------------------------------------------------------------------


def post(client, team, name="周燕敏", **fields):
    client.force_login(person(name))
    return client.post(reverse("teams:substitutions", args=[team.pk, PERIOD]), fields, follow=True).content.decode()


def wish(day=14, **changes):
    names = {"user": person("宋明远").pk, "covered": person("黄波海").pk}
    return {"date": f"2026-10-{day:02}", "note": "发热，顶夜班", **names} | changes


def test_the_form_offers_today_and_records(client, team):
    client.force_login(person("周燕敏"))
    page = client.get(reverse("teams:substitutions", args=[team.pk, PERIOD])).content.decode()
    assert 'value="2026-10-14"' in page
    assert "这个月还没有补位。谁替谁顶了班，在上面登记，就会列在这里。" in page
    page = post(client, team, **wish())
    assert "已登记：宋明远补黄波海。" in page
    assert "发热，顶夜班" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": "2026-10-15"}, "补位是已经发生的事，日期不能晚于今天。"),
        ({"date": "2026-09-30"}, "请选2026年10月里的日期；别的月份请先换月份。"),
        ({"date": "昨天"}, "日期无效，请重新选择。"),
        ({"date": ""}, "请选择日期。"),
        ({"user": ""}, "请选择谁来顶班。"),
        ({"user": "x"}, "没有这一项，请从列表里选"),
        ({"note": "字" * 201}, "说明最多 200 字。"),
    ],
)
def test_what_is_typed_wrong_is_refused(client, team, changes, said):
    assert said in post(client, team, **wish(**changes))
    assert not Substitution.objects.exists()


def test_somebody_of_another_team_is_no_choice(client, team):
    stranger = make.make_member(make.make_team(), user=make.make_user(name="外人"))
    page = post(client, team, **wish(covered=stranger.pk))
    assert "没有这一项，请从列表里选" in page
    assert "外人" not in page
    assert not Substitution.objects.exists()


def test_nothing_posted_is_refused_with_a_sentence(client, team):
    assert "请选择日期。" in post(client, team)


def test_a_withdrawn_one_is_struck_through_with_who_and_why(client, team):
    found = record(team, 14, "宋明远", "黄波海", note="看病")
    client.force_login(person("周燕敏"))
    address = reverse("teams:substitution-withdraw", args=[found.pk])
    assert "请写明原因。" in client.post(address, follow=True).content.decode()
    page = client.post(address, {"reason": "记错人"}, follow=True).content.decode()
    for part in ("<s>2026-10-14</s>", "<s>宋明远</s>", "<s>黄波海</s>", "<s>看病</s>", "周燕敏撤销：记错人"):
        assert part in page
    assert "次</small>" not in page
    assert "substitutions/" in address
    assert client.post(address, {"reason": "x"}, follow=True).content.decode().count("alert-danger") == 1


def test_members_read_without_form_and_export(client, team):
    record(team, 14, "宋明远", "黄波海")
    client.force_login(person("黄波海"))
    page = client.get(reverse("teams:substitutions", args=[team.pk, PERIOD])).content.decode()
    assert "登记补位" not in page
    assert "导出表格" not in page
    assert "撤销</button>" not in page


def test_a_month_to_come_has_no_form(client, team):
    client.force_login(person("周燕敏"))
    assert "登记补位" not in client.get(reverse("teams:substitutions", args=[team.pk, 202611])).content.decode()


def test_the_export_has_every_record_and_leaves_one_trail_row(client, team):
    record(team, 13, "宋明远", "黄波海", note="=1+1")
    substitutions.withdraw(record(team, 14, "黄波海", "周燕敏"), "记错人", actor=person("周燕敏"))
    client.force_login(person("周燕敏"))
    before = AuditEntry.objects.count()
    answer = client.post(reverse("teams:substitutions-export", args=[team.pk, PERIOD]))
    header, first, second = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("补位").to_python()
    )
    assert header == substitution_list.HEADERS
    numbers = [person(name).employee_no for name in ("宋明远", "黄波海")]
    assert first[:7] == ["2026-10-13", "宋明远", numbers[0], "黄波海", numbers[1], "=1+1", "周燕敏"]
    assert (second[0], second[8].endswith("撤销：记错人")) == ("2026-10-14", True)
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.actor.name, entry.after) == (
        "substitution.exported",
        "周燕敏",
        {"period": PERIOD, "rows": 2},
    )
    assert AuditEntry.objects.count() == before + 1


# -- Races -------------------------------------------------------------------------------------------------------------


def raced():
    return record(team_of("周燕敏", "宋明远", "黄波海"), 14, "宋明远", "黄波海")


@pytest.mark.django_db(transaction=True)
def test_what_many_withdraw_at_once_is_withdrawn_once():
    outcomes = race(lambda row: substitutions.withdraw(row, "记错人", actor=None), raced())
    assert outcomes == ["done", *["polite: 这条补位已经撤销过了。"] * (THREADS - 1)]
    assert trail("substitution.withdrawn")(None) == 1


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets only one transaction at a time begin")
@pytest.mark.django_db(transaction=True)
def test_control_withdrawn_the_naive_way_it_happens_more_than_once():
    outcomes = race(look_then_act("withdrawn_at", [None], timezone.now(), "substitution.withdrawn"), raced())
    assert trail("substitution.withdrawn")(None) == outcomes.count("done") > 1


@pytest.mark.django_db(transaction=True)
def test_what_many_record_at_once_is_recorded_once():
    team = team_of("周燕敏", "宋明远", "黄波海")
    outcomes = race(lambda row: record(row, 14, "宋明远", "黄波海"), team)
    refusal = "polite: 2026-10-14 宋明远补黄波海已经登记过了，不用再登记。"
    assert outcomes == ["done", *[refusal] * (THREADS - 1)]
    assert Substitution.objects.count() == trail("substitution.recorded")(None) == 1

"""Objections: which figures, during which days, answered by whom, corrected where; and how late is late."""

import datetime
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.errors import BulletinError, StaleState
from bulletins.models import BoardPolicy, CorrectionNote, Objection
from bulletins.objections.access import lines_for, open_steps, sees, sees_names
from bulletins.objections.cells import lines_of
from bulletins.objections.deciding import desks_of, involved_in
from bulletins.objections.lateness import left_text, with_deadlines
from bulletins.objections.lists import waiting_for
from bulletins.objections.news import news_for
from bulletins.selectors import viewer_of
from bulletins.services import objections, publish
from bulletins.tables import Board, Column, Fact, Row
from bulletins.tasks import escalate_objections
from teamhub.agenda import sections
from teams.models import AuditEntry, Membership, UnitRole
from teams.workdays import is_workday, last_day_of_notice
from tests import factories as make
from tests.bulletins.objecting import Scene, State
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def scene():
    return Scene()


def trail():
    return AuditEntry.objects.count()


def lines(scene, who):
    return lines_for(scene.user(who), scene.bulletin)


# -- Which figures -----------------------------------------------------------------------------------------------------


def test_a_member_objects_to_what_hangs_there_for_members(scene):
    own, facts, *others = lines(scene, "filer")
    assert (own.own, own.name, [cell.label for cell in own.cells]) == (True, "某0", ["应得（元）", "出勤（天）"])
    assert [cell.shown for cell in own.cells] == ["100.00", "20"]
    assert [(cell.row_user, cell.label, cell.shown) for cell in facts.cells] == [(None, "总额", "300.00")]
    assert [line.name for line in others] == ["某1", "某2"]
    assert [line.key for line in lines(scene, "supporter")] == ["facts", "0", "1", "2"]


@pytest.mark.parametrize("who", ["manager", "union", "finance", "auditor", "neighbour", "stranger"])
def test_whoever_is_no_member_objects_to_nothing(scene, who):
    assert lines(scene, who) == []


@pytest.mark.parametrize("elsewhere", [True, False])
def test_whoever_left_the_team_objects_to_the_own_row_and_to_no_other(scene, elsewhere):
    Membership.objects.filter(user=scene.filer).update(ended_on=timezone.localdate() - DAY)
    if elsewhere:
        make.make_member(make.make_team(scene.unit), user=scene.filer)
    own, facts = lines(scene, "filer")
    assert (own.own, [cell.shown for cell in own.cells], facts.key) == (True, ["100.00", "20"], "facts")
    BoardPolicy.objects.create(unit=scene.unit, bonus_mode="own")
    scene.bulletin = publish(scene.board(), team=scene.team, period=PERIOD, actor=None)
    assert [(line.key, line.own) for line in lines(scene, "filer")] == [("0", True), ("facts", False)]


def test_a_bonus_table_of_own_amounts_gives_no_colleague_away(scene):
    BoardPolicy.objects.create(unit=scene.unit, bonus_mode="own")
    bulletin = publish(scene.board(amount="90.00"), team=scene.team, period=PERIOD, actor=None)
    assert [line.key for line in lines_for(scene.user("colleague"), bulletin)][:1] == ["1"]
    assert all(line.own or line.key == "facts" for line in lines_for(scene.user("colleague"), bulletin))


def test_a_row_about_nobody_is_named_by_its_place(scene):
    table = [Row(None, {"what": "手套", "sum": "12.00"}), Row(None, {"what": "灯泡", "sum": "9.00"})]
    columns = [Column("what", "事由", numeric=False), Column("sum", "金额", unit="元")]
    bulletin = publish(Board("expenses", "费用", [], columns, table), team=scene.team, period=PERIOD, actor=None)
    found = lines_for(scene.user("filer"), bulletin)
    assert [(line.key, line.name) for line in found] == [("0", "手套"), ("1", "灯泡")]
    assert [(cell.row_user, cell.column, cell.label, cell.shown) for cell in found[1].cells][1] == (
        None,
        "1:sum",
        "灯泡 · 金额（元）",
        "9.00",
    )


def test_the_board_of_a_unit_is_open_to_members_of_its_teams(scene):
    bulletin = publish(
        Board("contest", "竞赛", [Fact("第一名", "一值")], [], []), unit=scene.unit, period=PERIOD, actor=None
    )
    assert [len(lines_for(scene.user(who), bulletin)) for who in ("filer", "neighbour", "stranger", "manager")] == [
        *(1, 1, 0, 0)
    ]


def test_a_notice_is_no_table(scene):
    bulletin = publish(Board("notice", "停水", [Fact("x", "1")], [], []), team=scene.team, period=PERIOD, actor=None)
    assert lines_for(scene.user("filer"), bulletin) == []


def test_masked_figures_are_not_objected_to(scene):
    content = scene.bulletin.content
    found = lines_of(content, viewer_of(scene.user("neighbour"), scene.bulletin), others=True)
    assert all(line.key == "facts" for line in found)


# -- Filing ------------------------------------------------------------------------------------------------------------


def test_an_objection_keeps_what_hangs_there_and_gets_a_number(scene):
    before = trail()
    row = scene.filed()
    again = scene.filed("colleague")
    assert (row.number, again.number) == (f"YY{PERIOD}-001", f"YY{PERIOD}-002")
    assert (row.row_user, row.column, row.label, row.shown) == (scene.filer, "amount", "应得（元）", "100.00")
    assert row.accept_by == last_day_of_notice(timezone.localdate() + DAY, 3)
    assert [step.state for step in row.steps.all()] == ["filed"]
    assert trail() == before + 2


def test_the_same_person_objects_to_a_figure_once_at_a_time(scene):
    for column in ("amount", "总额"):
        scene.filed(column=column)
        with pytest.raises(BulletinError, match="已经提过异议"):
            scene.filed(column=column)
    objections.withdraw(Objection.objects.first(), actor=scene.filer)
    scene.filed(column="总额")


def test_the_notice_is_the_time_to_object(scene, monkeypatch):
    ends = scene.bulletin.notice_ends_on
    move(monkeypatch, ends)
    assert objections.refusal_of(scene.bulletin) is None
    move(monkeypatch, ends + DAY)
    with pytest.raises(BulletinError, match=f"公示期 {ends} 已经结束.*下个月"):
        scene.filed()
    assert not Objection.objects.exists()


def move(monkeypatch, day):
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


def test_a_newer_revision_is_the_one_to_object_to(scene):
    publish(scene.board(amount="90.00"), team=scene.team, period=PERIOD, actor=None)
    with pytest.raises(BulletinError, match="新的一版"):
        scene.filed()


def test_seconding_is_said_once_and_not_by_the_filer(scene):
    row = scene.filed()
    objections.support(row, actor=scene.supporter)
    with pytest.raises(BulletinError, match="已经附议过"):
        objections.support(row, actor=scene.supporter)
    with pytest.raises(BulletinError, match="就是您提的"):
        objections.support(row, actor=scene.filer)
    assert row.supports.count() == 1


def test_only_the_filer_takes_it_back(scene):
    row = scene.filed()
    with pytest.raises(BulletinError, match="只能由提出人撤回"):
        objections.withdraw(row, actor=scene.manager)


# -- Who answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["filer", "supporter", "leader", "checker"])
def test_nobody_involved_answers(scene, who):
    row = scene.filed()
    objections.support(row, actor=scene.supporter)
    UnitRole.objects.get_or_create(user=scene.people[who], unit=scene.unit, role="union", started_on=make.LONG_AGO)
    assert scene.people[who].pk in involved_in([row])[row.pk]
    assert not open_steps(scene.user(who), row) & {"accept", "refuse"}
    for deed in (objections.accept, partial(objections.refuse, ground="late", note="")):
        with pytest.raises(BulletinError, match="不能答复"):
            deed(row, actor=scene.people[who])
    row.refresh_from_db()
    assert row.state == "filed"


def test_a_board_without_parties_has_none(scene):
    bulletin = publish(Board("scores", "榜", [Fact("得分", "9")], [], []), team=scene.team, period=PERIOD, actor=None)
    scene.bulletin = bulletin
    row = scene.filed(column="得分")
    assert involved_in([row])[row.pk] == {scene.filer.pk}


def test_it_goes_to_the_unit_above_when_nobody_may(scene):
    row = scene.filed()
    assert [desk.unit for desk in desks_of([row])[row.pk]] == [scene.unit, scene.plant]
    UnitRole.objects.filter(unit=scene.unit).exclude(user=scene.checker).update(ended_on=timezone.localdate())
    assert [desk.unit for desk in desks_of([row])[row.pk]] == [scene.plant]
    assert [(found, above) for found, above in waiting_for(scene.user("above"))] == [(row, False)]
    assert waiting_for(scene.user("checker")) == []
    UnitRole.objects.update(ended_on=timezone.localdate())
    assert desks_of([row])[row.pk] == []


def test_it_waits_at_the_desk_of_the_unit_until_it_is_late(scene, monkeypatch):
    row = scene.filed()
    assert [len(waiting_for(scene.user(who))) for who in ("manager", "union", "checker", "above")] == [1, 1, 0, 0]
    move(monkeypatch, row.accept_by + DAY)
    escalate_objections()
    assert waiting_for(scene.user("above")) == [(row, True)]
    assert [len(waiting_for(scene.user(who))) for who in ("manager", "union", "checker", "above")] == [1, 1, 0, 1]


def test_whoever_had_a_hand_in_the_figures_is_told_to_correct_them_but_never_whoever_objected(scene):
    UnitRole.objects.get_or_create(user=scene.filer, unit=scene.unit, role="union", started_on=make.LONG_AGO)
    row = scene.filed(state=State.UPHELD)
    assert waiting_for(scene.user("checker")) == [(row, False)]
    assert "correct" in open_steps(scene.user("checker"), row)
    assert waiting_for(scene.user("filer")) == []
    assert "correct" not in open_steps(scene.user("filer"), row)


# -- Time --------------------------------------------------------------------------------------------------------------


def test_the_days_are_those_of_the_policy(scene):
    BoardPolicy.objects.create(unit=scene.plant, accept_days=1, answer_days=2)
    row = scene.filed(state=State.ACCEPTED)
    tomorrow = timezone.localdate() + DAY
    assert (row.accept_by, row.answer_by) == (last_day_of_notice(tomorrow, 1), last_day_of_notice(tomorrow, 2))


def test_what_is_left_is_counted_in_working_days(scene, monkeypatch):
    row = scene.filed()
    filed, said = timezone.localdate(row.filed_at), []
    for number in range(12):
        move(monkeypatch, filed + number * DAY)
        said.append(left_text(with_deadlines([row])[0]))
    assert said[0] == "还有 3 个工作日"
    late = said.index("已逾期 1 个工作日")
    assert said[late - 1] == "今天到期"
    days = [filed + number * DAY for number in range(12)]
    worked = sum(is_workday(day) for day in days if row.accept_by < day)
    assert said[-1] == f"已逾期 {max(worked, 1)} 个工作日"


def test_lateness_is_told_once_for_each_deadline(scene, monkeypatch):
    row, fresh = scene.filed(), scene.filed(column="days", state=State.ACCEPTED)
    escalate_objections()
    assert not Objection.objects.filter(escalated_at__isnull=False).exists()
    move(monkeypatch, row.accept_by + DAY)
    before = trail()
    escalate_objections()
    escalate_objections()
    assert trail() == before + 1
    assert list(Objection.objects.filter(escalated_at__isnull=False)) == [row]
    assert row.steps.latest("id").note == "逾期没有办，已报本厂"
    objections.accept(row, actor=scene.manager)
    row.refresh_from_db()
    assert row.escalated_at is None
    move(monkeypatch, row.answer_by + DAY)
    escalate_objections()
    assert set(Objection.objects.filter(escalated_at__isnull=False)) == {row, fresh}


# -- The correction ----------------------------------------------------------------------------------------------------


def test_a_correction_is_linked_and_noted_on_the_board(scene):
    row, before = scene.filed(state=State.UPHELD), trail()
    objections.link_correction(row, "已在11月补记", "/expenses/", actor=None)
    row.refresh_from_db()
    assert (row.state, row.correction, row.correction_url, trail()) == (
        "corrected",
        "已在11月补记",
        "/expenses/",
        before + 1,
    )
    assert CorrectionNote.objects.get(bulletin=scene.bulletin).text == f"已在11月补记（异议 {row.number}）"
    with pytest.raises(StaleState, match="已更正"):
        objections.link_correction(row, "再来一次", "", actor=None)


# -- What the home page tells ------------------------------------------------------------------------------------------


def said(scene, who):
    return [(title, kind, word) for title, _, _, kind, word in news_for(scene.user(who))]


def test_the_home_page_tells_whose_turn_it_is_and_what_was_answered(scene, monkeypatch):
    row = scene.filed()
    assert said(scene, "manager") == [("受理异议", "wait", "待办")]
    assert [said(scene, who) for who in ("checker", "above", "finance")] == [[], [], []]
    assert said(scene, "filer") == [("您的异议", "none", "待受理")]
    move(monkeypatch, row.accept_by + DAY)
    escalate_objections()
    assert said(scene, "union") == [("受理异议", "bad", "已逾期")]
    assert said(scene, "above") == [("下级逾期的异议", "bad", "逾期")]
    scene.advance(row, State.KEPT)
    assert said(scene, "filer") == [("异议已答复", "ok", "维持")]
    assert said(scene, "manager") == []
    move(monkeypatch, row.accept_by + 30 * DAY)
    assert said(scene, "filer") == []


@pytest.mark.parametrize("state", [State.UPHELD, State.KEPT, State.REFUSED, State.CORRECTED])
def test_an_answer_is_news_and_never_a_thing_to_do(scene, state):
    scene.filed(state=state)
    (line,) = [
        {"title": title, "state": kind, "word": word} for title, _, _, kind, word in news_for(scene.user("filer"))
    ]
    assert line["title"] == "异议已答复"
    assert [section.heading for section in sections([line])] == ["办好的和新公布的"]


def test_who_filed_or_supports_is_told_until_when_the_answer_comes(scene):
    row = scene.filed(state=State.ACCEPTED)
    objections.support(row, actor=scene.supporter)
    for who in ("filer", "supporter"):
        ((title, detail, url, kind, _),) = news_for(scene.user(who))
        due = f"{row.answer_by.month}月{row.answer_by.day}日前答复"
        assert (title, due in detail, url) == ("您的异议", True, reverse("bulletins:objection", args=[row.pk]))
        assert [section.heading for section in sections([{"state": kind, "word": ""}])] == ["办好的和新公布的"]


def test_many_are_one_line(scene):
    for who, column in (("filer", "amount"), ("filer", "days"), ("colleague", "amount"), ("colleague", "days")):
        scene.filed(who, column)
    ((title, detail, url, *_),) = news_for(scene.user("manager"))
    assert (title, detail, url) == ("异议", "有 4 条异议等您办", "/objections/?mine=waiting")


# -- Seeing ------------------------------------------------------------------------------------------------------------


def test_who_sees_an_objection(scene):
    row = scene.filed()
    seeing = {who for who in scene.people if sees(scene.user(who), row)}
    assert seeing == {
        *("filer", "supporter", "colleague", "leader"),
        *("manager", "union", "checker", "above", "auditor"),
    }


@pytest.mark.parametrize("anonymous", [False, True])
def test_names_are_hidden_where_the_policy_says_so(anonymous):
    scene = Scene(anonymous=anonymous)
    row = scene.filed()
    knowing = {who for who in scene.people if sees_names(scene.user(who), row)}
    assert knowing == ({"filer", "auditor"} if anonymous else set(scene.people))

"""The pages of points: who reads and does what, what the forms refuse, what the tables and workbooks say."""

import io
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from incentives.models import PointEntry, PointMonth, PointScheme
from incentives.points import boards as point_boards
from incentives.services import point_schemes, points
from incentives.services.publishing import publish_points
from teams import periods
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.access.world import picture
from tests.points import DAY, PERIOD, confirmed, edited, indicator, make_branch, make_scheme, propose, to_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch()


def visit(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"incentives:{name}", args=args))


def send(client, user, name, *args, **body):
    client.force_login(user)
    return client.post(reverse(f"incentives:{name}", args=args), body, follow=True)


def said(branch, **changes):
    line = indicator(branch.scheme, "发现一般隐患")
    body = {"person": branch.one.pk, "indicator": line.pk, "date": DAY, "what": "发现栏杆松动", "why_none": "手机没电"}
    return body | changes


# -- Who reads what ----------------------------------------------------------------------------------------------------


def test_party_members_and_points_roles_read_the_table_and_others_do_not(client, branch):
    worker, neighbour = make.make_member(branch.team), make.make_member(make.make_team(branch.unit), "leader")
    manager, stranger = make.give_role(branch.unit, "manager"), make_branch().leader
    pages = [("points-month", branch.scheme.pk, PERIOD), ("points-year", branch.scheme.pk)]
    for name, *args in pages:
        for reader in (branch.one, branch.leader, branch.secretary, neighbour):
            assert visit(client, reader, name, *args).status_code == 200
        for other in (worker, manager):
            assert visit(client, other, name, *args).status_code == 403
        assert visit(client, stranger, name, *args).status_code == 404


def test_a_draft_is_read_by_its_keepers_alone(client, branch):
    draft = point_schemes.copy(branch.scheme, actor=None)
    assert visit(client, branch.secretary, "point-scheme", draft.pk).status_code == 200
    assert visit(client, branch.one, "point-scheme", draft.pk).status_code == 403
    assert f"/points/{draft.pk}/" not in visit(client, branch.one, "points").content.decode()
    assert f"/points/{draft.pk}/" in visit(client, branch.secretary, "points").content.decode()


def test_a_month_of_another_year_or_to_come_is_not_found(client, branch):
    for period in (202512, 202701, periods.shift(periods.current_period(), 1)):
        assert visit(client, branch.secretary, "points-month", branch.scheme.pk, period).status_code == 404


def test_a_member_sees_the_own_entries_a_leader_those_of_the_team(client, branch):
    other_team = make.make_team(branch.unit)
    leader, far = make.make_member(other_team, "leader"), make.make_member(other_team)
    to_party(far)
    near_entry = propose(branch.scheme, branch.one, branch.secretary)
    far_entry = propose(branch.scheme, far, branch.secretary)
    shown = {
        branch.one: [near_entry],
        branch.other: [],
        branch.leader: [near_entry],
        leader: [far_entry],
        branch.secretary: [far_entry, near_entry],
    }
    for user, entries in shown.items():
        page = visit(client, user, "points-entries", branch.scheme.pk, PERIOD).context["page"]
        assert list(page.object_list) == entries
        if near_entry in entries:
            assert visit(client, user, "point-entry", near_entry.pk).status_code == 200
    assert visit(client, leader, "point-entry", near_entry.pk).status_code == 404
    assert visit(client, branch.other, "point-entry", near_entry.pk).status_code == 403


def test_the_page_of_an_entry_offers_what_the_person_may_do(client, branch):
    entry = propose(branch.scheme, branch.one, branch.leader)
    buttons = {"确认，计入2026年10月": "secretary", "撤回这条": "leader"}
    for button, who in buttons.items():
        for name in ("secretary", "leader", "one"):
            page = visit(client, getattr(branch, name), "point-entry", entry.pk).content.decode()
            assert (button in page) == (name == who)
    points.confirm(entry, actor=branch.secretary)
    assert "取消这条积分" in visit(client, branch.secretary, "point-entry", entry.pk).content.decode()
    page = visit(client, branch.one, "point-entry", entry.pk).content.decode()
    assert f"有疑问请找{branch.secretary}" in page
    assert "取消这条积分" not in page


# -- Entering ----------------------------------------------------------------------------------------------------------


def test_an_entry_with_a_photo_is_kept_with_the_team(client, branch):
    response = send(client, branch.leader, "points-enter", branch.scheme.pk, **said(branch, photos=picture()))
    assert "等另一个人确认" in response.content.decode()
    entry = PointEntry.objects.get()
    assert (entry.points, entry.what, entry.proposed_by) == (100, "发现栏杆松动", branch.leader)
    (photo,) = entry.evidence.all()
    assert photo.team == branch.team


def test_points_may_be_fewer_but_not_more(client, branch):
    for typed, stored in (("0.5", 50), ("1.5", None)):
        body = said(branch, points=typed, what=f"隐患 {typed}")
        page = send(client, branch.leader, "points-enter", branch.scheme.pk, **body).content.decode()
        assert ("也不能换正负" in page) == (stored is None)
    assert list(PointEntry.objects.values_list("points", flat=True)) == [50]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"person": "0"}, "不在可以登记的党员里"),
        ({"person": "99999999999999999999"}, "不在可以登记的党员里"),
        ({"indicator": "x"}, "请从列表里选指标"),
        ({"date": "2099-01-01"}, "不能晚于今天"),
        ({"date": "0001-01-01"}, "日期无效"),
        ({"what": ""}, "请填事由"),
        ({"why_none": ""}, "请拍照留下凭据"),
        ({"points": "一分"}, "不是数字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(client, branch, change, refusal):
    page = send(client, branch.leader, "points-enter", branch.scheme.pk, **said(branch, **change)).content.decode()
    assert refusal in page
    assert PointEntry.objects.count() == AuditEntry.objects.filter(verb="point.proposed").count() == 0


def test_an_indicator_of_another_scheme_is_refused(client, branch):
    foreign = make_branch().scheme.indicators.first()
    page = send(client, branch.leader, "points-enter", branch.scheme.pk, **said(branch, indicator=foreign.pk))
    assert "请从列表里选指标" in page.content.decode()


def test_a_leader_enters_for_the_own_team_and_not_for_oneself(client, branch):
    far = make.make_member(make.make_team(branch.unit))
    to_party(far)
    form = visit(client, branch.leader, "points-enter", branch.scheme.pk).context["form"]
    assert set(form.members) == {branch.one.pk, branch.other.pk}
    form = visit(client, branch.secretary, "points-enter", branch.scheme.pk).context["form"]
    assert set(form.members) == {branch.leader.pk, branch.one.pk, branch.other.pk, far.pk}
    assert visit(client, branch.one, "points-enter", branch.scheme.pk).status_code == 403


def test_a_late_entry_is_told_where_it_counts(client, branch):
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    page = send(client, branch.leader, "points-enter", branch.scheme.pk, **said(branch)).content.decode()
    assert "那个月已经结算，计入2026年11月" in page


def test_deciding_from_the_page(client, branch):
    first, second, third = (propose(branch.scheme, branch.one, branch.leader, what=f"第 {n} 件") for n in range(3))
    send(client, branch.secretary, "point-entry-step", first.pk, "confirm")
    assert "请写明原因" in send(client, branch.secretary, "point-entry-refuse", second.pk).content.decode()
    send(client, branch.secretary, "point-entry-refuse", second.pk, reason="不在场")
    send(client, branch.leader, "point-entry-step", third.pk, "withdraw")
    assert list(PointEntry.objects.order_by("id").values_list("state", flat=True)) == [
        "confirmed",
        "refused",
        "withdrawn",
    ]
    assert send(client, branch.leader, "point-entry-revoke", first.pk, reason="记错").status_code == 403
    send(client, branch.secretary, "point-entry-revoke", first.pk, reason="记错")
    assert not PointEntry.objects.filter(state="confirmed").exists()


# -- Closing and the tables ---------------------------------------------------------------------------------------------


def test_the_month_page_lists_what_keeps_it_open_and_closes(client, branch):
    entry = propose(branch.scheme, branch.one, branch.leader)
    page = visit(client, branch.secretary, "points-month", branch.scheme.pk, PERIOD)
    assert reverse("incentives:point-entry", args=[entry.pk]) in page.content.decode()
    refused = send(client, branch.secretary, "points-close", branch.scheme.pk, PERIOD).content.decode()
    assert "还有 1 条积分没有确认" in refused
    points.confirm(entry, actor=branch.secretary)
    assert send(client, branch.leader, "points-close", branch.scheme.pk, PERIOD).status_code == 404
    assert "已结算" in send(client, branch.secretary, "points-close", branch.scheme.pk, PERIOD).content.decode()
    assert PointMonth.objects.get().closed_by == branch.secretary


def test_a_closed_table_shows_what_was_frozen(client, branch):
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    type(branch.one).objects.filter(pk=branch.one.pk).update(name="改了名", political_status="masses")
    table = visit(client, branch.secretary, "points-month", branch.scheme.pk, PERIOD).context["table"]
    assert table.rows[0]["name"] == branch.one.name


def test_the_workbooks_hold_the_tables_and_leave_a_trail(client, branch):
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary, "本人违章")
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    month = send(client, branch.one, "points-export", branch.scheme.pk, PERIOD)
    rows = read_workbook(io.BytesIO(month.content))["积分月表"]
    last = next(row for row in rows if branch.one.employee_no in row)
    assert last[:5] == [3, branch.one.name, branch.one.employee_no, branch.team.name, 60]
    year = send(client, branch.one, "points-year-export", branch.scheme.pk)
    rows = read_workbook(io.BytesIO(year.content))["年度评定"]
    assert next(row for row in rows if branch.one.employee_no in row)[-2:] == ["待提高（谈话）", "谈话"]
    assert AuditEntry.objects.filter(verb="point.exported", actor=branch.one).count() == 2


def test_the_workbook_tells_the_day_of_here(branch, monkeypatch):
    closed = PointMonth(closed_at=datetime(2026, 10, 31, 17, 30, tzinfo=UTC))
    monkeypatch.setattr(point_boards, "month_table", lambda *_: point_boards.MonthTable(closed, []))
    assert point_boards.month_sheet(branch.scheme, PERIOD).before == [["2026-11-01 结算"]]


def test_the_year_names_who_needs_a_talk(client, branch):
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary, "本人违章")
    assert "还没有结算过的月份" in visit(client, branch.one, "points-year", branch.scheme.pk).content.decode()
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    page = visit(client, branch.secretary, "points-year", branch.scheme.pk)
    assert [row.row["user"] for row in page.context["talks"]] == [branch.one.pk]
    assert "要谈话的 1 人" in page.content.decode()


# -- Schemes ------------------------------------------------------------------------------------------------------------


def test_a_scheme_is_drafted_edited_and_published_on_the_pages(client):
    unit = make.make_team().unit
    secretary, year = make.give_role(unit, "party"), timezone.localdate().year
    send(client, secretary, "point-scheme-new", unit=unit.pk, year=year)
    scheme = PointScheme.objects.get()
    assert point_schemes.content_of(scheme) == point_schemes.preset()
    changes = {"base": "50", "cap-cost": "", "points-1": "1.5", "name-2": "", "points-2": ""}
    added = {"field-20": "role", "name-20": "带头学习", "points-20": "1", "most-20": "3"}
    page = send(client, secretary, "point-scheme-edit", scheme.pk, **edited(scheme, **changes, **added))
    assert "草案已保存" in page.content.decode()
    scheme.refresh_from_db()
    content = point_schemes.content_of(scheme)
    assert (content["base"], "cost" in content["field_caps"]) == (5000, False)
    assert content["indicators"][0] == ["production", "按时完成急难险重任务", 150, None]
    assert content["indicators"][-1] == ["role", "带头学习", 100, 300]
    assert len(content["indicators"]) == len(point_schemes.preset()["indicators"])
    assert "办法已发布" in send(client, secretary, "point-scheme-step", scheme.pk, "publish").content.decode()
    assert "不能再改" in send(client, secretary, "point-scheme-edit", scheme.pk).content.decode()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"base": ""}, "每月基础分要填"),
        ({"base": "-1"}, "每月基础分要填"),
        ({"least-2": "95"}, "从高到低"),
        ({"least-1": ""}, "分数线要填"),
        ({"grade-1": "", "grade-2": "", "grade-3": ""}, "至少要有一个等级"),
        ({"points-1": "0"}, "不是 0 的数"),
        ({"points-1": "99999"}, "不是 0 的数"),
        ({"most-1": "1"}, "不能少于一次的分值"),
        ({"name-1": ""}, "有分值没有名称"),
        ({"most-20": "5"}, "有分值没有名称"),
        ({"grade-2": ""}, "有分数线没有名称"),
        ({"field-1": "x"}, "请从列表里选"),
        ({"cap-cost": "-5"}, "每月最多加要填"),
        ({"shown": "x"}, "又有人改过"),
    ],
)
def test_a_wrong_scheme_is_refused_with_a_sentence(client, branch, changes, refusal):
    draft = point_schemes.copy(branch.scheme, actor=None)
    page = send(client, branch.secretary, "point-scheme-edit", draft.pk, **edited(draft, **changes)).content.decode()
    assert refusal in page
    assert point_schemes.content_of(draft) == point_schemes.preset()


def test_only_its_keepers_change_a_scheme(client, branch):
    draft = point_schemes.copy(branch.scheme, actor=None)
    assert visit(client, branch.leader, "point-scheme-edit", draft.pk).status_code == 404
    manager = make.give_role(branch.unit, "manager")
    for verb in ("publish", "discard", "copy"):
        assert send(client, manager, "point-scheme-step", draft.pk, verb).status_code == 403
    assert send(client, branch.secretary, "point-scheme-step", draft.pk, "burn").status_code == 404
    elsewhere = make.make_unit()
    page = send(client, branch.secretary, "point-scheme-new", unit=elsewhere.pk, year=2026).content.decode()
    assert "请从列表里选单位" in page


# -- 今日 ---------------------------------------------------------------------------------------------------------------


def queue(client, user):
    client.force_login(user)
    return [
        (item["title"], item["url"]) for item in client.get(reverse("home")).context["queue"] if "积分" in item["title"]
    ]


def test_what_waits_stands_on_the_home_page(client, branch):
    month = reverse("incentives:points-month", args=[branch.scheme.pk, PERIOD])
    entry = propose(branch.scheme, branch.one, branch.leader)
    assert queue(client, branch.secretary) == [("确认党员积分", month)]
    assert queue(client, branch.leader) == queue(client, branch.one) == []
    points.confirm(entry, actor=branch.secretary)
    assert ("确认党员积分", month) not in queue(client, branch.secretary)


def test_a_past_month_in_use_waits_to_be_closed(client):
    last = periods.shift(periods.current_period(), -1)
    branch = make_branch() if last // 100 == 2026 else None
    if branch is None:
        pytest.skip("the branch of these tests has a scheme of 2026 only")
    day = periods.first_day(last)
    assert queue(client, branch.secretary) == []
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary, day=day)
    assert [title for title, _ in queue(client, branch.secretary)] == ["结算党员积分"]
    points.close(branch.scheme, last, actor=branch.secretary)
    assert [title for title, _ in queue(client, branch.secretary)] == ["张榜党员积分"]
    assert queue(client, branch.leader) == []
    publish_points(branch.scheme, last, actor=branch.secretary)
    assert queue(client, branch.secretary) == []


def test_a_party_member_sees_the_own_points(client):
    team, current = make.make_team(), periods.current_period()
    member, worker = make.make_member(team), make.make_member(team)
    to_party(member)
    secretary = make.give_role(team.unit, "party")
    scheme = make_scheme(team.unit, current // 100)
    leader = make.make_member(team, "leader")
    confirmed(scheme, member, leader, secretary, day=date(current // 100, current % 100, 1))
    client.force_login(member)
    page = client.get(reverse("home"))
    assert (page.context["points"].total, page.context["points"].last) == (6200, None)
    assert "我的党员积分" in page.content.decode()
    client.force_login(worker)
    assert client.get(reverse("home")).context["points"] is None

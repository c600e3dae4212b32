"""The trial of a standard: old beside new for teams and people, nothing written, and only as much as one can wait for."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import MemberScore, StandardVersion, TeamScore
from assessments.services import conditions, standard_editing, standards
from incentives import whatif
from incentives.models import BonusRuleVersion, DistributionLine, Pool
from incentives.services import adjustments, clauses, distributions, rules, unit_pools
from incentives.whatif_reports import apart_text, workbook_sheets
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD, STANDARD

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    """A closed month of two teams with their bonus: the first lost 0.5 points at 1.1, the second 1; each earned 1."""
    unit = make.make_ready_unit()
    make.close_month(unit)
    for team in unit.teams.all():
        make.post_bonus(team)
    return unit


def drafted(unit, **changes):
    return standards.create_version(unit, STANDARD | changes, actor=None)


def tried(unit, **changes):
    version = drafted(unit, **changes)
    return whatif.trial(version, whatif.recent_closes([unit.pk]))


def without(*names):
    """The chapters of the small standard without these lines."""
    return [
        chapter | {"criteria": [line for line in chapter["criteria"] if line[0] not in names]}
        for chapter in STANDARD["categories"]
    ]


def test_the_same_standard_changes_nothing(unit):
    trial = tried(unit)
    assert [(move.changed, move.points, move.climbed) for move in trial.moves] == [(False, 0, 0)] * 2
    assert (trial.fresh, trial.left_out, trial.problems, trial.periods) == ((), {}, (), (PERIOD,))


def test_a_doubled_line_moves_scores_and_grades_but_no_bonus(unit):
    lines = [{"name": "安全", "criteria": [["班前会", 3], ["违章", 2]]}]
    trial = tried(unit, categories=lines, grades=[["优秀", 95], ["良好", 85]])
    first, second = trial.moves
    # 4.5 of 5 and 4 of 5 points kept instead of 19.5 and 19 of 20; one point of awards each time
    assert [(move.old.score, move.new.score, move.points) for move in trial.moves] == [
        (9850, 9100, -750),
        (9600, 8100, -1500),
    ]
    assert [(move.old.grade, move.new.grade) for move in (first, second)] == [("优秀", "良好"), ("优秀", "不合格")]
    nothing = dict.fromkeys(["up", "down", "apart", "people", "fen", "pools"], 0)
    assert trial.sums == nothing | {"changed": 2, "regraded": 2}


def test_a_line_that_is_gone_takes_its_findings_along_and_moves_money_inside_the_team(unit):
    trial = tried(unit, categories=without("班前会"), member={"base": 90, "min": 0, "max": 120})
    assert trial.left_out == {("1.1", "班前会", "新标准里没有这一条"): 2}
    for move in trial.moves:
        assert sum(member.fen for member in move.members) == 0
        leader = max(move.members, key=lambda member: member.new - member.old)
        assert (leader.new, leader.fen > 0) == (9000, True)
    assert trial.sums["people"] == 6
    assert trial.sums["fen"] == sum(max(member.fen, 0) for move in trial.moves for member in move.members) > 0


def test_lines_that_no_month_knew_are_named(unit):
    trial = tried(unit, categories=[*STANDARD["categories"], {"name": "环保", "criteria": [["泄漏", 5]]}])
    assert [row.name for row in trial.fresh] == ["泄漏"]
    # 24.5 and 24 of 25 points kept instead of 19.5 and 19 of 20
    assert [move.points for move in trial.moves] == [50, 100]


def test_a_grade_that_comes_from_a_veto_says_so_on_the_page_and_in_the_workbook(unit, client):
    meeting = {"name": "班前会", "points": 3, "veto": True}
    lines = [{"name": "安全", "criteria": [meeting, ["违章", 4]]}, STANDARD["categories"][1]]
    page = page_of(client, unit, categories=lines)
    assert "优秀→不合格一票否决：1.1班前会（" in page
    assert "一票否决" not in page_of(client, unit)
    trial = tried(unit, categories=lines)
    (sheet, *_) = workbook_sheets(trial, trial.moves)
    assert {row[-1].split("（")[0] for row in sheet.rows} == {"一票否决：1.1 班前会"}


def test_a_veto_that_would_be_gone_is_said():
    unit = make.make_ready_unit()
    for team in unit.teams.all():
        conditions.add_veto(team, PERIOD, "发生轻伤", actor=None)
    make.close_month(unit)
    assert {move.veto for move in tried(unit).moves} == {"一票否决：发生轻伤"}
    free = replace(tried(unit).moves[0], new=TeamScore(vetoed=False))
    assert free.veto == "原来一票否决，按这一版没有"


def test_a_team_that_overtakes_moves_up():
    unit = make.make_unit()
    make.make_standard(unit)
    one, other = make.make_team(unit), make.make_team(unit)
    for team, code, points in ((one, "1.1", -300), (other, "2.3", -200)):
        make.make_member(team)
        make.make_attendance(team)
        make.approve_attendance(team)
        make.file_findings(team, (code, points, None))
    make.close_month(unit)
    trial = tried(unit, categories=[{"name": "安全", "criteria": [["班前会", 3], ["违章", 4], ["设备卫生", 13]]}])
    assert [(move.team, move.climbed) for move in trial.moves] == [(other, 0), (one, 0)]
    trial = tried(unit, categories=without("班前会"))
    assert [(move.team, move.old.rank, move.new.rank, move.climbed) for move in trial.moves] == [
        (one, 2, 1, 1),
        (other, 1, 2, -1),
    ]


def unit_of_trades(*trades):
    """A closed month of two teams with these trades: the first is the better one."""
    unit = make.make_ready_unit()
    for team, trade in zip(unit.teams.order_by("pk"), trades, strict=True):
        team.trade = trade
        team.save()
    make.close_month(unit)
    return unit


def page_of(client, unit, **changes):
    """The words of the trial's page for an assessor of the unit, without its markup and spaces."""
    client.force_login(make.give_role(unit, "assessor"))
    page = client.get(reverse("incentives:what-if", args=[drafted(unit, **changes).pk])).content.decode()
    return "".join(strip_tags(page).split())


def test_ranks_among_other_teams_are_not_compared(client):
    unit = unit_of_trades("专业0", "专业1")
    trial = tried(unit, league="trade", rank_points=[[1, 1], [2, 0.9]])
    facts = [(move.old.rank, move.new.league, move.new.rank, move.climbed, move.changed) for move in trial.moves]
    assert facts == [(1, "专业0", 1, 0, True), (2, "专业1", 1, 0, True)]
    assert {move.new.rank_ratio for move in trial.moves} == {100}
    assert (trial.sums["apart"], trial.sums["changed"]) == (2, 2)
    page = page_of(client, unit, league="trade")
    assert "名次上升、下降排名范围不同，不能比" in page
    assert "0升" not in page
    assert "第1名排名范围不同，不能比" in page
    assert "第2名→专业1第1名排名范围不同，不能比" in page


def test_ranks_among_the_same_teams_are_compared_whatever_the_range_is_called(client):
    unit = unit_of_trades("运行", "运行")
    first, second = tried(unit, league="trade").moves
    assert [(move.comparable, move.changed) for move in (first, second)] == [(True, False)] * 2
    page = page_of(client, unit, league="trade")
    assert "0升，0降" in page
    assert "→运行" not in page
    assert "排名范围" not in page
    lines = [{"name": "安全", "criteria": [["班前会", 3], ["违章", 4], ["设备卫生", 13]]}]
    assert {move.comparable for move in tried(unit, league="trade", categories=lines).moves} == {True}


def test_an_unchanged_grade_is_written_once_and_points_have_two_decimals(client):
    unit = unit_of_trades("", "")
    page = page_of(client, unit, stars=[[5, 90]], awards_cap="0.7")
    assert "优秀，没有星→★★★★★5星" in page
    assert "优秀→优秀" not in page
    assert "98.50→98.20（−0.30）" in page
    assert "第1名→" not in page


@pytest.mark.parametrize(("basis", "redivided"), [("score", 1), ("heads", 0)])
def test_a_pool_that_the_scores_divided_is_divided_again(client, basis, redivided):
    unit = make.make_ready_unit()
    make.close_month(unit)
    unit_pools.divide(unit, PERIOD, 1_000_000, basis, actor=None)
    for team in unit.teams.all():
        distributions.draft(team, PERIOD, actor=None)
    same = tried(unit)
    assert [(move.pool, move.touched) for move in same.moves] == [(0, [])] * 2
    trial = tried(unit, categories=without("班前会"))
    assert trial.redivided == redivided
    # 98.50 and 96.00 become 101.00 each: both get half
    half = Pool.objects.get(team=trial.moves[0].team, period=PERIOD).amount - 500_000
    assert [move.pool for move in trial.moves] == [-half, half]
    assert (half > 0) is bool(redivided)
    assert [sum(member.fen for member in move.members) for move in trial.moves] == [-half, half]
    assert trial.sums["pools"] == half
    page = page_of(client, unit, categories=without("班前会"))
    assert ("班组之间挪动" in page) is bool(redivided)
    assert ("直接下达或者按人数分的" in page) is not bool(redivided)


def test_nothing_is_written(unit, django_assert_max_num_queries):
    version = drafted(unit, awards_cap=0)
    before = [list(model.objects.order_by("pk").values()) for model in (TeamScore, MemberScore, DistributionLine)]
    trail = AuditEntry.objects.count()
    with django_assert_max_num_queries(9):
        trial = whatif.trial(version, whatif.recent_closes([unit.pk]))
    assert [move.points for move in trial.moves] == [-100, -100]
    assert [
        list(model.objects.order_by("pk").values()) for model in (TeamScore, MemberScore, DistributionLine)
    ] == before
    assert AuditEntry.objects.count() == trail


def test_a_draft_without_a_base_says_why(unit):
    trial = tried(unit, categories=[])
    assert trial.moves == ()
    team = unit.teams.order_by("position", "id").first()
    assert trial.problems == (f"{unit}2026年10月没有试算：{team}没有一条小项适用，无法计分。",)


def test_scores_that_leave_nothing_to_weigh_are_said(unit):
    trial = tried(unit, member={"base": 0, "min": 0, "max": 0})
    assert {move.problem for move in trial.moves} == {"所有人的权重都成了零，奖金分不下去"}
    assert all(move.members == () for move in trial.moves)


@pytest.mark.parametrize(("base", "least"), [(120, 0), (100, 100), (60, 30), (1, 0)])
def test_what_one_wins_the_others_lose(unit, base, least):
    trial = tried(unit, categories=without("班前会"), member={"base": base, "min": least, "max": 120})
    assert [(len(move.members), sum(member.fen for member in move.members)) for move in trial.moves] == [(3, 0)] * 2


def test_reserve_cap_and_leader_policy_hold_in_the_trial_and_awards_stay_out_of_it():
    unit = make.make_ready_unit()
    make.close_month(unit)
    version = rules.redraft(BonusRuleVersion.objects.get(rule__unit=unit), actor=None)
    more = {"reserve": 500, "cap": {"kind": "average", "value": 11_000}, "leader": {"policy": "average"}}
    BonusRuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | more)
    rules.put_in_force(version, PERIOD, actor=None)
    manager, team = make.give_role(unit, "manager"), unit.teams.first()
    leader, worker, _ = (row.user for row in team.memberships.order_by("pk"))
    facts = {"name": "材料使用好", "kind": "award", "least": 100, "most": 5000, "note": "", "actor": manager}
    award = {"user": worker, "clause": clauses.add(unit, code="J1", **facts), "amount": 5000, "reason": "好"}
    adjustments.approve(adjustments.propose(team, PERIOD, **award, actor=leader), actor=manager)
    posted = [make.post_bonus(team) for team in unit.teams.all()]
    assert {found.reserve for found in posted} == {50_000}
    same = tried(unit)
    assert [(move.problem, [member.fen for member in move.members]) for move in same.moves] == [("", [0, 0, 0])] * 2
    moved = tried(unit, categories=without("班前会"), member={"base": 90, "min": 0, "max": 120})
    assert [sum(member.fen for member in move.members) for move in moved.moves] == [0, 0]


# -- Which units and months ------------------------------------------------------------------------------------------------


def test_a_standard_is_tried_where_no_nearer_one_holds():
    root = make.make_unit()
    own, free = make.make_unit(parent=root), make.make_unit(parent=root)
    make.make_standard(own)
    version = drafted(root)
    assert whatif.units_under(version, [root.pk, own.pk, free.pk]) == [root.pk, free.pk]
    below = drafted(own)
    assert whatif.units_under(below, [own.pk]) == [own.pk]


def test_units_that_a_nearer_standard_measures_are_named(client):
    root = make.make_unit("本厂")
    make.make_standard(root)
    for name in ("运行部", "检修部"):
        own = make.make_unit(name, root)
        team = make.make_team(own)
        make.make_member(team)
        make.make_attendance(team)
        make.approve_attendance(team)
        make.close_month(own)
    assert "不在内" not in page_of(client, root)
    make.make_standard(own, period=PERIOD + 1)
    assert "检修部用自己的标准，不在内。" in page_of(client, root)
    assert apart_text(["甲", "乙", "丙", "丁", "戊", "己"]) == "甲、乙、丙、丁、戊等 6 个单位用自己的标准，不在内。"


def test_the_last_three_closed_months_count():
    unit = make.make_unit()
    make.make_standard(unit)
    team = make.make_team(unit)
    make.make_member(team)
    for period in (202605, 202606, 202608, 202609):
        make.make_attendance(team, period)
        make.approve_attendance(team, period)
        make.close_month(unit, period)
    closes = whatif.recent_closes([unit.pk])
    assert [close.period for close in closes] == [202609, 202608, 202606]


# -- The page --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def assessor(unit, client):
    client.force_login(make.give_role(unit, "assessor"))
    return client


def test_the_page_shows_moves_and_can_leave_out_those_without(assessor, unit):
    version = drafted(unit, awards_cap=0)
    page = assessor.get(reverse("incentives:what-if", args=[version.pk])).content.decode()
    assert "97.50 <small" in page
    assert "98.50 → 97.50" in page
    same = drafted(unit)
    address = reverse("incentives:what-if", args=[same.pk])
    assert "没有一个班组有变化" in assessor.get(address, {"changed": "on"}).content.decode()
    assert unit.teams.first().name in assessor.get(address).content.decode()


def test_a_unit_from_elsewhere_is_refused(assessor, unit):
    other = make.make_ready_unit()
    make.close_month(other)
    address = reverse("incentives:what-if", args=[drafted(unit).pk])
    page = assessor.get(address, {"unit": other.pk}).content.decode()
    assert "选的单位不在试算的范围里，请重新选择。" in page
    export = reverse("incentives:what-if-export", args=[drafted(unit).pk])
    answer = assessor.post(export, {"unit": other.pk}, follow=True).content.decode()
    assert "选的单位不在试算的范围里，请重新选择。" in answer


def test_more_than_one_can_wait_for_asks_for_a_unit(assessor, unit, monkeypatch):
    monkeypatch.setattr(whatif, "MOST_TEAMS", 1)
    version = drafted(unit)
    page = assessor.get(reverse("incentives:what-if", args=[version.pk])).content.decode()
    assert "一次最多试算 1 份班组月度得分，这里超过了。" in page
    answer = assessor.post(reverse("incentives:what-if-export", args=[version.pk]), follow=True).content.decode()
    assert "班组太多，请先选一个单位再导出。" in answer


def test_a_unit_without_closed_months_says_what_will_be_here(client):
    unit = make.make_unit()
    client.force_login(make.give_role(unit, "manager"))
    assert "还没有可以试算的月份" in client.get(reverse("incentives:what-if", args=[drafted(unit).pk])).content.decode()


def test_the_draft_leads_to_its_trial_and_a_version_in_force_does_not(assessor, unit):
    draft = drafted(unit)
    address = reverse("incentives:what-if", args=[draft.pk])
    assert address in assessor.get(reverse("assessments:standard", args=[draft.pk])).content.decode()
    settled = draft.standard.versions.exclude(pk=draft.pk).get()
    assert "/try/" not in assessor.get(reverse("assessments:standard", args=[settled.pk])).content.decode()


def test_the_workbook_holds_teams_people_and_lines(assessor, unit):
    version = drafted(unit, categories=without("班前会"), member={"base": 90, "min": 0, "max": 120})
    answer = assessor.post(reverse("incentives:what-if-export", args=[version.pk]))
    book = read_workbook(io.BytesIO(answer.content))
    teams, people, lines = book["班组"], book["个人奖金"], book["对不上的小项"]
    assert [row[3:6] for row in teams[1:]] == [[98.5, 101.0, 2.5], [96.0, 101.0, 5.0]]
    assert (len(people), round(sum(row[7] for row in people[1:]), 2)) == (7, 0)
    assert lines[1] == ["没有算进去的记录", "1.1", "班前会", "新标准里没有这一条", 2]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.after) == ("standard.trial_exported", {"months": [PERIOD], "unit": ""})


def test_a_redraft_that_moves_lines_keeps_their_findings(unit):
    version = standard_editing.redraft(StandardVersion.objects.get(standard__unit=unit), actor=None)
    version.criteria.filter(code="1.1").update(code="9.9")
    trial = whatif.trial(version, whatif.recent_closes([unit.pk]))
    assert (trial.left_out, [move.points for move in trial.moves]) == ({}, [0, 0])

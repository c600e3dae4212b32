"""The review before confirming: last month beside this one, questions, late facts, losses; and what comes next for a team."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments import review, standing
from assessments.models import Check, MonthClose, TeamScore
from assessments.services import checks, closes
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
GRADES = [["优秀", 9000], ["良好", 8000], ["合格", 7000]]


def reviewed(close):
    return {row.score.team_id: row for row in review.review_of(close)}


def test_a_score_stands_beside_that_of_the_month_before():
    unit = make.make_ready_unit(202609, teams=1)
    team = unit.teams.get()
    make.compute_month(unit, 202609)
    make.approve_attendance(team)
    make.file_findings(team, ("2.1", -300, None))
    (row,) = review.review_of(make.compute_month(unit))
    # September: 19.5 of 20 and one point awarded, 98.5; October: 17 of 20, 85.
    assert (row.before.score, row.score.score, row.change) == (9850, 8500, -1350)
    assert row.questions == ["比上个月变了 −13.5 分，等级从优秀到良好，这个月发生了什么？"]


@pytest.mark.parametrize(
    ("now", "before", "is_asked"),
    [
        ((8900, "良好"), (9200, "优秀"), True),
        ((8950, "良好"), (9200, "优秀"), False),
        ((9100, "优秀"), (10100, "优秀"), False),
        ((9000, "优秀"), (10001, "优秀"), True),
    ],
)
def test_a_big_change_makes_one_ask_and_with_another_grade_a_smaller_one(now, before, is_asked):
    rows = [TeamScore(score=score, grade=grade) for score, grade in (now, before)]
    assert review._is_striking(*rows) == is_asked


def test_while_the_scores_still_run_nothing_is_asked():
    unit = make.make_ready_unit(teams=1)
    close = make.compute_month(unit)
    MonthClose.objects.filter(pk=close.pk).update(state="open")
    earlier = MonthClose.objects.create(unit=unit, period=202609)
    figures = {"score": 5000, "awards": 0, "rank": 1, "grade": "不合格", "categories": [], "lines": []}
    TeamScore.objects.create(close=earlier, team=unit.teams.get(), period=202609, **figures)
    close.refresh_from_db(fields=["state"])
    assert [row.questions for row in review.review_of(close)] == [[]]


def test_a_first_month_has_nothing_beside_it():
    (row,) = review.review_of(make.compute_month(make.make_ready_unit(teams=1)))
    assert (row.before, row.change, row.questions) == (None, None, [])


def test_closes_of_one_month_are_reviewed_together_each_by_its_own_middle(django_assert_num_queries):
    units = [make.make_ready_unit(teams=1), make.make_ready_unit(teams=2)]
    silent = make.make_team(units[1])
    make.make_member(silent)
    make.approve_attendance(silent)
    closes = [make.compute_month(unit) for unit in units]
    with django_assert_num_queries(3):
        assert review.asked_about(closes, PERIOD) == {closes[0].pk: [], closes[1].pk: [silent]}


def test_full_marks_without_any_check_are_asked_about_and_with_one_not():
    unit = make.make_unit()
    make.make_standard(unit)
    silent, checked = make.make_team(unit), make.make_team(unit)
    for team in (silent, checked):
        make.make_member(team)
        make.approve_attendance(team)
    make.file_findings(checked, kind=Check.Kind.SPOT)
    rows = reviewed(make.compute_month(unit))
    assert rows[silent.pk].questions == ["一次检查都没有，却是满分。没查不等于没问题。"]
    assert rows[checked.pk].questions == []


def test_far_off_needs_a_middle():
    assert review.far_off({1: 9000, 2: 5000}) == {}
    assert review.far_off({1: 9000, 2: 9100, 3: 5000}) == {3: -4000}
    assert review.far_off({1: 9000, 2: 9100, 3: 9200, 4: 9150, 5: 5000}) == {5: -4100}
    assert review.far_off({1: 9000, 2: 9000, 3: 9000, 4: 9000, 5: 9250}) == {}
    assert review.far_off({1: 9000, 2: 9000, 3: 9000, 4: 9000, 5: 9350}) == {5: 350}
    assert review.far_off({1: 6000, 2: 7000, 3: 8000, 4: 9000, 5: 10000}) == {}


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 11000), min_size=4))
def test_what_is_far_off_lies_beyond_half_of_the_others(scores):
    off = review.far_off(scores)
    assert len(off) <= len(scores) / 2
    for team, points in off.items():
        assert abs(points) >= review.LEAST_OFF
        assert all(other in off for other in scores if scores[other] == scores[team])


def test_those_who_lost_most_come_first_and_awards_do_not_hide_a_loss():
    unit = make.make_ready_unit(teams=2)
    first, second = unit.teams.all()
    worker = first.memberships.filter(role="worker").first().user
    make.file_findings(first, ("2.1", -200, worker), (None, 900, worker))
    losses = review.largest_losses(review.members_of(make.compute_month(unit)))
    leader = second.memberships.get(role="leader").user
    assert [(member.user, lost) for member, lost in losses[:2]] == [(worker, 200), (leader, 100)]
    assert len(losses) == 3


# -- Late findings -----------------------------------------------------------------------------------------------------


def late_sheet(team, *deviations, day=5):
    return checks.file_check(
        team,
        kind=Check.Kind.SPOT,
        date=make.periods.first_day(202609).replace(day=day),
        deviations=[checks.Deviation(make.criterion(team, code), points, who) for code, points, who in deviations],
        key=f"late {day}",
        actor=None,
        late=True,
    )


@pytest.fixture
def september_closed(monkeypatch):
    """A team whose September is closed and whose October runs."""
    monkeypatch.setattr("teams.periods.current_period", lambda: PERIOD)
    unit = make.make_ready_unit(202609, teams=1)
    make.close_month(unit, 202609)
    team = unit.teams.get()
    make.approve_attendance(team)
    return team


def test_a_late_finding_counts_in_the_open_month_with_both_dates(september_closed):
    team = september_closed
    worker = team.memberships.filter(role="worker").first().user
    sheet = late_sheet(team, ("2.1", -100, worker))
    assert (sheet.period, sheet.date.month, sheet.is_late) == (PERIOD, 9, True)
    close = make.compute_month(team.unit)
    row = reviewed(close)[team.pk]
    (line,) = row.score.lines
    assert (line["date"], line["entered"]) == ("2026-09-05", sheet.submitted_at.astimezone().date().isoformat())
    # 19 of 20 points.
    assert row.score.score == 9500
    members = review.members_of(close)
    assert next(member.score for member in members if member.user == worker) == 9900
    (fact,) = review.late_facts([row.score], members)
    assert (fact.team, fact.date, fact.finding) == (team, "2026-09-05", line["id"])


def test_a_finding_in_time_says_nothing_of_when_it_was_entered(september_closed):
    make.file_findings(september_closed, ("2.1", -100, None))
    (line,) = make.compute_month(september_closed.unit).inputs["teams"][0]["findings"]
    assert "entered" not in line


def test_the_closed_month_stays_as_it_was(september_closed):
    before = list(make.closes.MonthClose.objects.filter(period=202609).values())
    late_sheet(september_closed, ("2.1", -100, None))
    assert list(make.closes.MonthClose.objects.filter(period=202609).values()) == before


def test_a_late_record_of_a_month_that_is_open_is_refused(monkeypatch):
    monkeypatch.setattr("teams.periods.current_period", lambda: PERIOD)
    unit = make.make_ready_unit(202609, teams=1)
    with pytest.raises(checks.AssessmentError, match="2026年9月还没有关账，2026-09-05 的检查直接登记就行"):
        late_sheet(unit.teams.get(), ("2.1", -100, None))


def test_a_late_record_names_nobody_who_has_left(september_closed):
    team = september_closed
    gone = team.memberships.filter(role="worker").first()
    gone.ended_on = make.periods.last_day(202609)
    gone.save()
    with pytest.raises(checks.AssessmentError, match="在2026年10月已经不在.*请把这一条记给整个班组。$"):
        late_sheet(team, ("2.1", -100, gone.user))


def test_the_assessor_ticks_a_box_and_the_pages_say_so(client, september_closed):
    team = september_closed
    client.force_login(make.give_role(team.unit, "assessor"))
    page, row = reverse("assessments:inspect", args=[team.pk]), f"c-{make.criterion(team, '2.1').pk}"
    sheet = {"key": "k", "date": "2026-09-05", "shift": "day", "kind": "spot"}
    sheet |= {row: "1", f"{row}-points": "1", f"{row}-note": "漏油"}
    refused = client.post(page, sheet)
    assert "已关账，不能再登记" in refused.content.decode()
    filed = client.post(page, sheet | {"late": "on"}, follow=True).content.decode()
    assert "迟到的记录：2026-09-05 那个月已经关账，计入2026年10月的得分。" in filed
    make.compute_month(team.unit)
    shown = client.get(reverse("assessments:score", args=[team.pk, PERIOD])).content.decode()
    assert "迟到的记录，" in shown
    assert "2026-09-05" in shown
    listed = client.get(reverse("assessments:close", args=[team.unit_id, PERIOD])).content.decode()
    assert "<h2>迟到的记录</h2>" in listed


# -- What comes next ---------------------------------------------------------------------------------------------------


def test_the_next_grade_is_the_lowest_one_not_reached():
    assert standing.next_grade(GRADES, 7880) == ("良好", 120)
    assert standing.next_grade(GRADES, 8000) == ("优秀", 1000)
    assert standing.next_grade(GRADES, 9000) is None
    assert standing.next_grade(GRADES, 0) == ("合格", 7000)


def test_the_next_rank_is_that_of_the_team_just_before():
    others = [(1, 9800), (2, 9500), (2, 9500), (4, 9000)]
    assert standing.next_rank((4, 9000), others) == (2, 500)
    assert standing.next_rank((2, 9500), others) == (1, 300)
    assert standing.next_rank((1, 9800), others) is None
    assert standing.next_rank((3, 9500), [(1, 9500), (2, 9500), (3, 9500)]) is None


def test_the_page_of_a_team_says_how_far_it_is(client):
    unit = make.make_ready_unit(teams=2)
    second = unit.teams.last()
    make.file_findings(second, ("2.1", -300, None))
    make.compute_month(unit)
    client.force_login(make.give_role(unit, "manager"))
    page = client.get(reverse("assessments:score", args=[second.pk, PERIOD])).content.decode()
    # 1 and 3 of 20 points lost, 1 awarded: 81; the other team has 98.5.
    assert "再得 9.00 分到优秀" in page
    assert "比第 1 名少 17.50 分" in page


def test_what_came_in_after_the_computing_is_told_before_anybody_confirms(client):
    unit = make.make_ready_unit(teams=1)
    make.compute_month(unit)
    client.force_login(make.give_role(unit, "assessor"))
    page = reverse("assessments:close", args=[unit.pk, PERIOD])
    fresh = client.get(page).content.decode()
    assert ("计算之后又有登记或改动" in fresh, "确认得分</button>" in fresh) == (False, True)
    make.file_findings(unit.teams.get(), ("2.1", -100, None))
    overtaken = client.get(page).content.decode()
    assert ("计算之后又有登记或改动" in overtaken, "确认得分</button>" in overtaken) == (True, False)


def confirm_month(unit):
    closes.confirm(make.compute_month(unit), actor=None)


@pytest.mark.parametrize(
    ("settle", "told"), [(confirm_month, "先在月结里取消确认"), (make.close_month, "关账以后不能再改")]
)
def test_conditions_of_a_settled_month_are_for_reading(client, settle, told):
    unit = make.make_ready_unit(teams=1)
    client.force_login(make.give_role(unit, "assessor"))
    page = reverse("assessments:conditions", args=[unit.teams.get().pk, PERIOD])
    assert "<fieldset disabled>" not in client.get(page).content.decode()
    settle(unit)
    shown = client.get(page).content.decode()
    assert "<fieldset disabled>" in shown
    assert told in shown


@pytest.mark.parametrize(
    ("job", "told"),
    [("idle", "等考核员核对确认"), ("failed", "后来重新计算没有成功"), ("running", "正在重新计算")],
)
def test_the_team_reads_how_far_its_computed_scores_are(client, job, told):
    unit = make.make_ready_unit(teams=1)
    close = make.compute_month(unit)
    type(close).objects.filter(pk=close.pk).update(job=job)
    client.force_login(unit.teams.get().memberships.last().user)
    page = client.get(reverse("assessments:score", args=[unit.teams.get().pk, PERIOD])).content.decode()
    assert f"已计算，{told}" in page

"""The report of a stage: which months it has, that its figures are those of the rows, and that the document says the same."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Duty
from activities.services import activities
from assessments.models import Finding, Rectification, TeamScore, Veto
from assessments.period_reports.docx import document
from assessments.period_reports.figures import LENGTHS, Report, mean_score, stage_of
from assessments.period_reports.tables import Table, facts, tables, warnings
from teams import periods
from teams.figures import decimal_text
from teams.models import Attendance, AuditEntry, Honour
from tests import factories as make
from tests.factories import PERIOD
from tests.team_life import make_activity, make_kind

BEFORE = 202609
LATER = datetime.date(2027, 1, 15)


@pytest.mark.parametrize(
    ("length", "period", "first", "last", "name"),
    [
        ("month", 202610, 202610, 202610, "2026年10月"),
        ("quarter", 202609, 202607, 202609, "2026年第三季度"),
        ("quarter", 202612, 202610, 202612, "2026年第四季度"),
        ("half", 202606, 202601, 202606, "2026年上半年"),
        ("half", 202607, 202607, 202612, "2026年下半年"),
        ("year", 202612, 202601, 202612, "2026年"),
    ],
)
def test_a_stage_has_its_months_and_its_name(length, period, first, last, name):
    stage = stage_of(length, period)
    assert (stage.first, stage.last, str(stage)) == (first, last, name)


@given(st.sampled_from(list(LENGTHS)), st.integers(2000, 2099), st.integers(1, 12))
def test_every_month_lies_in_its_stage_once(length, year, month):
    stage = stage_of(length, year * 100 + month)
    assert year * 100 + month in stage.months
    assert len(stage.months) == LENGTHS[length]
    assert stage_of(length, stage.last) == stage


# -- Figures -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def unit():
    """Two teams with September and October closed, with findings, an award, duties and honours."""
    unit = make.make_unit("运行部")
    make.make_standard(unit)
    for number, name in enumerate(("一值", "二值"), start=1):
        team = make.make_team(unit, name)
        member = make.make_member(team, "leader")
        for period in (BEFORE, PERIOD):
            make.make_attendance(team, period, codes="√√夜事休")
            make.approve_attendance(team, period)
            make.file_findings(team, ("1.1", -50 * number, None), (None, 100, None), period=period)
        facts_ = {"level": "company", "granted_by": "公司工会", "recorded_by": member}
        Honour.objects.create(team=team, name="先进班组", granted_on=datetime.date(2026, 10, 9), **facts_)
        Honour.objects.create(user=member, name="标兵", granted_on=datetime.date(2026, 9, 1), **facts_)
        Honour.objects.create(user=member, name="旧荣誉", granted_on=datetime.date(2025, 9, 1), **facts_)
    for period in (BEFORE, PERIOD):
        make.close_month(unit, period)
    return unit


def report_of(subject, length="half", period=PERIOD, today=LATER):
    unit = getattr(subject, "unit", subject)
    return Report(subject, unit, stage_of(length, period), today)


def table(report, heading):
    return next(found for found in tables(report) if found.heading == heading)


@pytest.mark.django_db
def test_the_months_of_a_team_are_its_scores(unit):
    team = unit.teams.get(name="二值")
    rows = list(TeamScore.objects.filter(team=team).order_by("period"))
    found = table(report_of(team), "各月得分")
    assert [(row[0], row[1], row[2], row[3], row[4]) for row in found.rows] == [
        (periods.label(row.period), decimal_text(row.score), f"{row.rank}/2", decimal_text(row.awards), row.grade)
        for row in rows
    ]
    mean = decimal_text((sum(row.score for row in rows) * 2 + 2) // 4)
    assert found.total[1] == dict(facts(report_of(team)))["平均得分"] == mean


@pytest.mark.django_db
def test_the_sums_of_a_unit_are_those_of_its_rows(unit):
    rows = TeamScore.objects.filter(period=PERIOD).order_by("-score")
    october = table(report_of(unit), "各月得分").rows[-1]
    assert october[1:6] == [
        "2",
        decimal_text((sum(row.score for row in rows) + 1) // 2),
        decimal_text(rows[0].score),
        decimal_text(rows[1].score),
        decimal_text(sum(row.awards for row in rows)),
    ]
    assert [row[:2] for row in table(report_of(unit), "各班组").rows] == [["一值", "1"], ["二值", "2"]]
    lost = -sum(finding.points for finding in Finding.objects.filter(points__lt=0))
    assert table(report_of(unit), "薄弱小项").rows == [["1.1 班前会", decimal_text(lost), "4", "100.0%", "安全"]]
    assert table(report_of(unit), "加分").rows == [["标准以外的加分", "4", "4.00"]]


def leader_of(team):
    return team.memberships.get(role="leader").user


@pytest.mark.django_db
def test_the_awards_add_up_to_what_the_scores_count(unit):
    """What activities earned is among them, corrected or voided after the close or not; what the cap cut is said."""
    team, following = unit.teams.first(), PERIOD + 1
    by = {"actor": leader_of(team), "period": following}
    kind = make_kind(unit, name="技术讲课", points=450)
    first, second, wrong = (make_activity(kind, team, day=day, **by) for day in (5, 6, 7))
    activities.void(wrong, "记错了", actor=by["actor"])
    for each in unit.teams.all():
        make.approve_attendance(each, following)
    make.file_findings(team, (None, 200, None), period=following)
    report = report_of(team, "month", following)
    assert table(report, "加分").note == "其中计入得分 0.00 分；没有关账的月份 11.00 分，还没有定下来。"
    make.close_month(unit, following)
    content = activities.Content(title="技术讲课", date=first.date)
    activities.correct(first, content, actor=by["actor"], reason="人数不对", source="5" * 32)
    activities.void(second, "重复了", actor=by["actor"])
    report = report_of(team, "month", following)
    found = table(report, "加分")
    assert found.rows == [["活动：技术讲课", "2", "9.00"], ["标准以外的加分", "1", "2.00"]]
    assert found.total == ["合计", "3", "11.00"]
    assert found.note == "其中计入得分 10.00 分；超过加分上限或小项不适用，没有计入 1.00 分。"
    assert dict(facts(report))["计入得分的加分"] == "10.00"


@pytest.mark.django_db
def test_a_late_record_stands_in_the_month_in_which_it_counts(unit):
    team, following = unit.teams.first(), PERIOD + 1
    late = make.file_findings(team, ("1.1", -50, None), (None, 100, None), day=20, late=True)
    assert (late.date.month, late.period) == (10, following)
    now, before = report_of(team, "month", following), report_of(team, "month")
    assert table(now, "薄弱小项").rows == [["1.1 班前会", "0.50", "1", "100.0%", "安全"]]
    assert table(now, "检查").rows == [["抽查", "1"]]
    assert table(now, "加分").rows == [["标准以外的加分", "1", "1.00"]]
    assert table(before, "薄弱小项").rows[0][1:3] == ["0.50", "1"]
    assert table(before, "检查").rows == [["抽查", "1"]]
    assert table(report_of(team, "quarter"), "检查").rows == [["抽查", "2"]]


@pytest.mark.django_db
def test_attendance_is_counted_by_code_without_rest(unit):
    found = table(report_of(unit.teams.first()), "考勤")
    days = {row[0]: int(row[1]) for row in found.rows}
    assert days == {"√ 出勤": 4, "夜 夜班": 2, "事 事假": 2, "休 轮休": 2}
    assert sum(days.values()) == Attendance.objects.filter(team=unit.teams.first()).count()
    assert dict(facts(report_of(unit.teams.first())))["出勤率"] == "75.0%"


@pytest.mark.django_db
def test_findings_are_followed_to_their_closure(unit):
    team = unit.teams.first()
    first, second = Rectification.objects.filter(team=team).order_by("finding__date")
    somebody = team.memberships.first().user
    at = datetime.datetime(2026, 9, 9, 23, 30, tzinfo=timezone.get_default_timezone())
    done = {"state": "closed", "assignee": somebody, "reported_at": at, "closed_at": at}
    Rectification.objects.filter(pk=first.pk).update(due_on=datetime.date(2026, 9, 8), **done)
    Rectification.objects.filter(pk=second.pk).update(due_on=datetime.date(2026, 12, 31))
    assert table(report_of(team), "整改").rows == [["发现 2 个", "1", "50.0%", "1", "1", "4.0"]]
    before = report_of(team, today=datetime.date(2026, 12, 31))
    assert before.rectified.overdue == 0


@pytest.mark.django_db
def test_duties_are_counted_by_kind(unit):
    team = unit.teams.first()
    day = datetime.date(2026, 10, 5)
    for number, state in enumerate(["done", "done", "missed", "waived"]):
        made = {"done_at": timezone.now() if state == "done" else None, "reason": "停机" if state == "waived" else ""}
        days = {"opens_on": day, "due_on": day, "grace_until": day}
        Duty.objects.create(
            kind="self_check", unit=unit, team=team, period=PERIOD, source=f"d{number}", state=state, **made, **days
        )
    assert table(report_of(unit), "任务按时率").rows == [["班前自查", "3", "2", "0", "1", "0", "1", "67%"]]
    assert dict(facts(report_of(unit)))["任务按时率"] == "67%"


@pytest.mark.django_db
def test_activities_are_counted_by_kind_without_confidential_ones(unit):
    one, other = unit.teams.all()
    meeting, study = make_kind(unit, name="班前会"), make_kind(unit, name="技术讲课", group="study")
    talk = make_kind(unit, name="谈心谈话", group="care", privacy="confidential")
    rally = make_kind(unit, name="安全大会", group="safety", subject="unit")
    people = [leader_of(one), leader_of(other)]
    make_activity(meeting, one, actor=people[0], people=people[:1])
    make_activity(meeting, one, actor=people[0], day=6, people=people)
    make_activity(meeting, one, actor=people[0], day=7, as_draft=True)
    make_activity(meeting, one, actor=people[0], period=PERIOD + 1)
    make_activity(study, other, actor=people[1], hours=150)
    make_activity(talk, one, actor=people[0], people=people)
    make_activity(rally, actor=people[0])
    assert table(report_of(unit, "month"), "活动").rows == [
        ["班前会", "2", "3", "—", "会议"],
        ["安全大会", "1", "—", "—", "安全"],
        ["技术讲课", "1", "—", "1.5", "学习培训"],
    ]
    assert table(report_of(unit, "month"), "活动").total == ["合计", "4", "3", "1.5", ""]
    assert [row[:2] for row in table(report_of(one, "month"), "活动").rows] == [["班前会", "2"]]
    assert [row[:2] for row in table(report_of(one, "quarter"), "活动").rows] == [["班前会", "3"]]


@pytest.mark.django_db
def test_honours_of_the_stage_are_those_of_teams_and_members(unit):
    one = unit.teams.first()
    assert [row[0] for row in table(report_of(one), "荣誉").rows] == ["标兵", "先进班组"]
    assert len(report_of(unit).honours) == 4
    one.memberships.update(ended_on=datetime.date(2026, 8, 31))
    assert [row[0] for row in table(report_of(one), "荣誉").rows] == ["先进班组"]
    Honour.objects.update(withdrawn_on=LATER)
    assert table(report_of(unit), "荣誉").rows == []


@pytest.mark.django_db
def test_the_first_line_says_what_is_not_final(unit):
    assert warnings(report_of(unit, "month")) == []
    assert warnings(report_of(unit, "quarter", today=datetime.date(2026, 11, 20))) == [
        "这个阶段还没有结束，数字到 11月20日为止。",
        "有 1 个月没有得分。",
    ]
    assert warnings(report_of(unit, "month", 202701, today=datetime.date(2026, 11, 20))) == ["这个阶段还没有开始。"]


@pytest.mark.django_db
def test_a_running_month_counts_in_no_mean(unit):
    team, following = unit.teams.first(), PERIOD + 1
    for each in unit.teams.all():
        make.approve_attendance(each, following)
    make.compute_month(unit, following)
    report = report_of(team, "quarter")
    assert len(report.scores) == 2
    assert mean_score(report.scores) == TeamScore.objects.get(team=team, period=PERIOD).score
    assert warnings(report)[0] == "2026年11月还没有全部关账，运行中的得分不算进平均。"
    assert table(report_of(unit, "quarter"), "各班组").rows[0][3].endswith("*")


@pytest.fixture
def second(unit):
    """A second unit below the first: a team whose September alone is closed, with one that has no scores at all."""
    part = make.make_unit("检修部", unit)
    team = make.make_team(part, "三值")
    make.make_member(team, "leader")
    make.make_attendance(team, BEFORE)
    for period in (BEFORE, PERIOD):
        make.approve_attendance(team, period)
    make.close_month(part, BEFORE)
    make.make_team(make.make_unit("后勤部", unit), "四值", formed_on=periods.first_day(PERIOD))
    return part


@pytest.mark.django_db
def test_a_month_of_a_unit_has_one_basis_and_names_no_best_team_before_all_are_closed(unit, second):
    make.compute_month(second, PERIOD)
    september, october = table(report_of(unit, "quarter", BEFORE), "各月得分"), table(report_of(unit), "各月得分")
    assert (september.rows[0][1], september.rows[0][6:]) == ("3", ["检修部 · 三值", "已关账"])
    closed = TeamScore.objects.filter(period=PERIOD, close__state="closed").order_by("-score")
    most, least = (decimal_text(row.score) for row in closed)
    assert october.rows[-1][1] == "2/4"
    assert october.rows[-1][3:5] == [most, least]
    assert october.rows[-1][6:] == ["—", "2 个单位没有关账"]
    assert "只算已关账的班组" in october.note
    assert warnings(report_of(unit, "month")) == ["2026年10月还没有全部关账，运行中的得分不算进平均。"]


@pytest.mark.django_db
def test_only_teams_with_all_closed_months_have_a_place(unit, second):
    found = table(report_of(unit), "各班组")
    assert [[row[0], row[1], row[-1]] for row in found.rows] == [
        ["一值", "1", "—"],
        ["二值", "2", "—"],
        ["检修部 · 三值", "—", "只关账 1 个月，不排名"],
    ]
    assert found.note.startswith("名次按平均得分，只排关账满 2 个月的班组")
    make.compute_month(second, PERIOD)
    running = table(report_of(second, "month"), "各班组")
    assert (running.rows[0][1], running.rows[0][-1], running.note[:11]) == ("—", "—", "还没有关账，暂不排名。")


@pytest.mark.django_db
def test_a_vetoed_team_comes_last(unit):
    best, following = unit.teams.get(name="一值"), PERIOD + 1
    for each in unit.teams.all():
        make.approve_attendance(each, following)
    make.file_findings(unit.teams.get(name="二值"), ("1.1", -100, None), period=following)
    Veto.objects.create(team=best, period=following, reason="重伤事故")
    make.close_month(unit, following)
    report = report_of(unit, "month", following)
    found = [[row[0], row[1], row[-1]] for row in table(report, "各班组").rows]
    assert found == [["二值", "1", "—"], ["一值", "2", "11月一票否决"]]
    assert table(report, "各月得分").rows[0][6] == "一值（一票否决）"


# -- Page and document -------------------------------------------------------------------------------------------------


def address(subject, name="report", length="quarter"):
    kind = "teams" if hasattr(subject, "unit") else "units"
    return reverse(f"assessments:{name}", args=[kind, subject.pk, length, PERIOD])


def texts_of(found):
    return [[label for label, _ in found.columns], *found.rows, *([found.total] if found.total else [])]


@pytest.mark.django_db
@pytest.mark.parametrize("length", list(LENGTHS))
def test_the_document_holds_the_figures_of_the_page(unit, client, length):
    client.force_login(make.give_role(unit, "manager"))
    make_activity(make_kind(unit, name="安全活动日"), unit.teams.first(), actor=leader_of(unit.teams.first()))
    page = client.get(address(unit, length=length))
    answer = client.post(address(unit, "report-export", length))
    made = Document(io.BytesIO(answer.content))
    shown = [texts_of(found) for found in page.context["tables"] if found.rows]
    labels, figures = zip(*page.context["facts"], strict=True)
    held = [[[cell.text for cell in row.cells] for row in found.rows] for found in made.tables]
    assert held == [[list(labels), list(figures)], *shown]
    assert ["安全活动日", "1", "—", "—", "会议"] in [row for rows in held for row in rows]
    headings = [line.text for line in made.paragraphs if line.style.name == "Heading 1"]
    assert headings == [found.heading for found in page.context["tables"]]
    assert all(text in page.content.decode() for rows in shown for row in rows for text in row)
    assert AuditEntry.objects.get(verb="report.exported").after["length"] == length


@pytest.mark.django_db
def test_the_document_is_made_for_chinese_word_processors(unit, client):
    client.force_login(make.give_role(unit, "union"))
    made = Document(io.BytesIO(client.post(address(unit, "report-export", "year")).content))
    fonts = {name: made.styles[name].element.rPr.rFonts.values() for name in ("Normal", "Heading 1", "Title")}
    assert {name: set(found) for name, found in fonts.items()} == {
        "Normal": {"宋体"},
        "Heading 1": {"微软雅黑"},
        "Title": {"微软雅黑"},
    }
    assert made.paragraphs[0].text == "运行部2026年报告"
    assert made.paragraphs[1].text == warnings(report_of(unit, "year", today=timezone.localdate()))[0]
    assert all(found.rows[0]._tr.trPr.xpath("w:tblHeader") for found in made.tables)
    assert round(made.sections[0].page_width.cm, 1) == 21.0


def test_a_wide_table_lies_and_odd_signs_do_no_harm():
    wide = Table("各班组", [(f"第{n}列", n > 0) for n in range(10)], [["班\x00组\x0b", *map(str, range(9))]], "")
    made = Document(io.BytesIO(document("题\x01目", [], [("得分", "1")], [wide], LATER)))
    assert made.sections[0].page_width > made.sections[0].page_height
    assert made.tables[1].rows[1].cells[0].text == "班组"


@pytest.mark.django_db
def test_who_may_not_analyse_gets_no_report(unit, client):
    team, other = unit.teams.all()
    client.force_login(make.make_member(team))
    assert client.get(address(team)).status_code == 403
    client.force_login(team.memberships.get(role="leader").user)
    assert client.get(address(team)).status_code == 200
    assert [client.get(address(hidden)).status_code for hidden in (other, unit)] == [404, 404]


@pytest.mark.django_db
def test_a_stage_without_anything_says_so(client):
    unit = make.make_unit()
    client.force_login(make.give_role(unit, "assessor"))
    page = client.get(address(unit)).content.decode()
    assert "这个阶段没有得分" in page
    assert "这个阶段没有登记荣誉" in page
    assert client.post(address(unit, "report-export")).status_code == 200


@pytest.mark.django_db
def test_the_reports_begin_with_the_topmost_unit_in_reach(unit, client):
    client.force_login(make.give_role(unit, "union"))
    assert f"/reports/units/{unit.pk}/month/" in client.get(reverse("assessments:report-current")).url
    leader = unit.teams.first().memberships.get(role="leader").user
    client.force_login(leader)
    assert f"/reports/teams/{unit.teams.first().pk}/month/" in client.get(reverse("assessments:report-current")).url

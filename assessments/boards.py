"""The score and attendance tables as they are posted."""

from collections import Counter
from dataclasses import replace

from django.urls import reverse

from assessments import selectors
from assessments.models import Category, Finding
from assessments.scoring import divide_half_up
from bulletins.tables import Audience, Bar, Board, Chart, Column, Fact, Note, Row
from teams import periods
from teams.at_work import LEAVE, LEAVE_WORD
from teams.attendance_sheet import WORKED
from teams.figures import decimal_text, short_text, signed_text
from teams.models import Attendance, AttendanceMonth, Overtime


def score_board(team_score):
    """考核得分榜: the team's score by category for everybody, the members' scores for the unit."""
    close, team, period = team_score.close, team_score.team, team_score.period
    members = list(selectors.member_scores(close, team))
    names = _category_names(team_score)
    return Board(
        kind="scores",
        title=f"{team.name}{periods.label(period)}考核得分榜",
        facts=explained(
            [
                Fact("得分", decimal_text(team_score.score)),
                Fact("等级", team_score.grade),
                *_stars(team_score),
                Fact(f"{team_score.ranked_among}内名次", f"第 {team_score.rank} 名"),
                *_ratio(team_score),
                *_veto(team_score),
                *_categories(team_score, names),
                Fact("加分", decimal_text(team_score.awards)),
            ],
            reverse("assessments:score", args=[team.pk, period]),
        ),
        columns=[
            name_column(),
            Column("score", "得分", unit="分"),
            Column("findings", "记录", unit="条"),
        ],
        rows=[
            Row(
                member.user_id,
                {"name": name, "score": decimal_text(member.score), "findings": str(len(member.lines))},
                reverse("assessments:own-score", args=[period]),
            )
            for member, name in zip(members, distinct_names(members), strict=True)
        ],
        notes=[
            f"依据：{close.version}，输入指纹 {close.inputs_hash[:16]}。",
            "小项扣完为止；得分＝保留分÷适用分×100＋加分，四舍五入到 0.01。",
        ],
        chart=_chart(team_score, names),
        parties={"proposers": people(close.confirmed_by_id, close.closed_by_id), "checkers": _checkers(team, period)},
    )


def name_column():
    """The column of names: in full for the team, with the surname alone for the others who see it."""
    return Column("name", "姓名", numeric=False, mask="name", plain=Audience.TEAM)


def explained(facts, link, capability="team.view"):
    """The facts with a way to where they come from, for those who have the capability on the team."""
    return [replace(fact, link=link, capability=capability) for fact in facts]


def people(*ids):
    """Ids of those who had a hand in something, each once and in order; the system (None) is nobody."""
    return sorted(set(ids) - {None})


def _checkers(team, period):
    """Ids of those who checked what was found of a team in a month."""
    findings = Finding.objects.valid().filter(team=team, period=period)
    return people(*findings.order_by().values_list("on_sheet__checker", flat=True).distinct())


def _chart(team_score, names):
    """How much of each category was kept, in hundredths of a percent; None where no category applied."""
    rows = [row for row in team_score.categories if row["applicable"]]
    rates = [(names[row["number"]], divide_half_up(row["kept"] * 10000, row["applicable"])) for row in rows]
    return Chart("各大项得分率", [Bar(name, f"{decimal_text(rate)}%", rate) for name, rate in rates]) if rates else None


def _stars(team_score):
    return [Fact("星级", f"{team_score.stars} 星")] if team_score.stars else []


def _ratio(team_score):
    ratio = team_score.rank_ratio
    return [] if ratio is None else [Fact("名次折算", decimal_text(ratio))]


def _veto(team_score):
    return [Fact("一票否决", team_score.veto_reason)] if team_score.vetoed else []


def _category_names(team_score):
    return dict(Category.objects.filter(version=team_score.close.version).values_list("number", "name"))


def _categories(team_score, names):
    return [
        Fact(names[row["number"]], f"{short_text(row['kept'])} / {short_text(row['applicable'])}")
        for row in team_score.categories
    ]


def distinct_names(rows):
    """Names of rows that have a `user`; people of the same name get the end of their number to tell them apart."""
    counts = Counter(row.user.name for row in rows)
    return [
        row.user.name if counts[row.user.name] == 1 else f"{row.user.name}（{row.user.employee_no[-3:]}）"
        for row in rows
    ]


WEEKDAYS = "一二三四五六日"

LEAVE_SHOWN_TO_COLLEAGUES = dict.fromkeys(LEAVE, LEAVE_WORD)


def attendance_board(team_score):
    """考勤表: every member's month as codes by day; reasons of leave are not shown."""
    team, period = team_score.team, team_score.period
    members = list(selectors.member_scores(team_score.close, team))
    codes, overtime = _codes(team, period), _overtime(team, period)
    dates = periods.days_of(period)
    days = [date.day for date in dates]
    return Board(
        kind="attendance",
        title=f"{team.name}{periods.label(period)}考勤表",
        facts=explained(
            [Fact("人数", f"{len(members)} 人"), Fact("出勤", f"{_worked(members)} 人次")],
            reverse("teams:attendance", args=[team.pk, period]),
        ),
        columns=[
            name_column(),
            *(Column(f"d{date.day}", str(date.day), False, unit=WEEKDAYS[date.weekday()]) for date in dates),
            Column("days", "出勤", unit="天"),
            Column("overtime", "加班", unit="时"),
        ],
        rows=[
            Row(
                member.user_id,
                _attendance_cells(member, name, codes, overtime, days),
                reverse("teams:attendance", args=[team.pk, period]),
            )
            for member, name in zip(members, distinct_names(members), strict=True)
        ],
        notes=[
            *_late(members),
            "√ 出勤　夜 夜班　⊙ 迟到　※ 早退　公 公出　学 培训　年 年休　调 调休　假 请假　旷 旷工　休 轮休",
            "√ 夜 ⊙ ※ 公 学 计入出勤天数。",
        ],
        parties=_attendance_parties(team, period),
    )


def _attendance_parties(team, period):
    month = AttendanceMonth.objects.filter(team=team, period=period).first() or AttendanceMonth()
    return {"proposers": people(month.confirmed_by_id), "checkers": people(month.approved_by_id)}


def _attendance_cells(member, name, codes, overtime, days):
    row = {
        f"d{day}": LEAVE_SHOWN_TO_COLLEAGUES.get(code, code)
        for day in days
        if (code := codes.get((member.user_id, day)))
    }
    worked = sum(count for code, count in member.codes.items() if code in WORKED)
    return row | {"name": name, "days": str(worked), "overtime": short_text(overtime.get(member.user_id, 0))}


def _late(members):
    """One sentence for each correction of an earlier month that counts in this one; it names a person."""
    return [
        Note(f"{member.user.name}{_late_text(row)}，计入本月。", Audience.TEAM)
        for member in members
        for row in member.late
    ]


def _late_text(row):
    old, new = (LEAVE_SHOWN_TO_COLLEAGUES.get(row[side], row[side]) or "空" for side in ("old", "new"))
    code = f"由“{old}”更正为“{new}”" if row["old"] != row["new"] else ""
    hours = f"加班 {signed_text(row['hours'])} 小时" if row["hours"] else ""
    return f" {row['date']} {'，'.join(filter(None, (code, hours)))}"


def _codes(team, period):
    rows = Attendance.objects.filter(team=team, period=period).values_list("user_id", "date", "code")
    return {(user, date.day): code for user, date, code in rows}


def _overtime(team, period):
    return dict(Overtime.objects.filter(team=team, period=period).values_list("user_id", "hours"))


def _worked(members):
    return sum(count for member in members for code, count in member.codes.items() if code in WORKED)

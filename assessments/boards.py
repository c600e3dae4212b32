"""The score and attendance tables as they are posted."""

from collections import Counter

from assessments import selectors
from assessments.models import Category
from bulletins.tables import Board, Column, Fact, Row
from teams import periods
from teams.attendance_sheet import WORKED
from teams.figures import decimal_text, short_text, signed_text
from teams.models import Attendance, Overtime


def score_board(team_score):
    """考核得分榜: the team's score by category for everybody, the members' scores for the unit."""
    close, team, period = team_score.close, team_score.team, team_score.period
    members = list(selectors.member_scores(close, team))
    return Board(
        kind="scores",
        title=f"{team.name}{periods.label(period)}考核得分榜",
        facts=[
            Fact("得分", decimal_text(team_score.score)),
            Fact("等级", team_score.grade),
            *_stars(team_score),
            Fact(f"{team_score.ranked_among}内名次", f"第 {team_score.rank} 名"),
            *_ratio(team_score),
            *_veto(team_score),
            *_categories(team_score),
            Fact("加分", decimal_text(team_score.awards)),
        ],
        columns=[
            Column("name", "姓名", numeric=False),
            Column("score", "得分", unit="分"),
            Column("findings", "记录", unit="条"),
        ],
        rows=[
            Row(
                member.user_id,
                {"name": name, "score": decimal_text(member.score), "findings": str(len(member.lines))},
            )
            for member, name in zip(members, distinct_names(members), strict=True)
        ],
        notes=[
            f"依据：{close.version}，输入指纹 {close.inputs_hash[:16]}。",
            "小项扣完为止；得分＝保留分÷适用分×100＋加分，四舍五入到 0.01。",
        ],
    )


def _stars(team_score):
    return [Fact("星级", f"{team_score.stars} 星")] if team_score.stars else []


def _ratio(team_score):
    ratio = team_score.rank_ratio
    return [] if ratio is None else [Fact("名次折算", decimal_text(ratio))]


def _veto(team_score):
    return [Fact("一票否决", team_score.veto_reason)] if team_score.vetoed else []


def _categories(team_score):
    names = dict(Category.objects.filter(version=team_score.close.version).values_list("number", "name"))
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

LEAVE_SHOWN_TO_COLLEAGUES = {"病": "假", "事": "假", "婚": "假", "产": "假", "丧": "假", "探": "假", "伤": "假"}
"""The reason of a leave is nobody else's business: the wall shows one sign for all of them."""


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
        facts=[Fact("人数", f"{len(members)} 人"), Fact("出勤", f"{_worked(members)} 人次")],
        columns=[
            Column("name", "姓名", numeric=False),
            *(Column(f"d{date.day}", str(date.day), False, unit=WEEKDAYS[date.weekday()]) for date in dates),
            Column("days", "出勤", unit="天"),
            Column("overtime", "加班", unit="时"),
        ],
        rows=[
            Row(member.user_id, _attendance_cells(member, name, codes, overtime, days))
            for member, name in zip(members, distinct_names(members), strict=True)
        ],
        notes=[
            *_late(members),
            "√ 出勤　夜 夜班　⊙ 迟到　※ 早退　公 公出　学 培训　年 年休　调 调休　假 请假　旷 旷工　休 轮休",
            "√ 夜 ⊙ ※ 公 学 计入出勤天数。",
        ],
    )


def _attendance_cells(member, name, codes, overtime, days):
    row = {
        f"d{day}": LEAVE_SHOWN_TO_COLLEAGUES.get(code, code)
        for day in days
        if (code := codes.get((member.user_id, day)))
    }
    worked = sum(count for code, count in member.codes.items() if code in WORKED)
    return row | {"name": name, "days": str(worked), "overtime": short_text(overtime.get(member.user_id, 0))}


def _late(members):
    """One sentence for each correction of an earlier month that counts in this one."""
    return [f"{member.user.name}{_late_text(row)}，计入本月。" for member in members for row in member.late]


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

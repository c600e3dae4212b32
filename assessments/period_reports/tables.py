"""The report of a stage as sentences and tables of text: the page, its print and the document show the same ones."""

from collections import Counter
from dataclasses import dataclass

from activities.selectors import Tally
from assessments.period_reports.figures import is_running, mean_score, share
from teams import periods
from teams.figures import decimal_text

MOST_TEAMS = 100
MOST_ITEMS = 10
NONE = "—"


@dataclass(frozen=True)
class Table:
    """A table under a heading: `columns` are (label, whether its cells are figures), `rows` lists of texts.

    The first cell of a row names it. `empty` is said instead of a table without rows.
    """

    heading: str
    columns: list
    rows: list
    empty: str
    note: str = ""
    total: list | None = None

    @property
    def lines(self):
        """The rows as [(first cell, [(label, is figure, text)])]."""
        return [self._line(row) for row in self.rows]

    @property
    def total_line(self):
        return self.total and self._line(self.total)

    def _line(self, row):
        name, *cells = row
        return name, [(label, numeric, text) for (label, numeric), text in zip(self.columns[1:], cells, strict=True)]


def _columns(first, *figures, texts=()):
    return [(first, False), *((label, True) for label in figures), *((label, False) for label in texts)]


def _points(value):
    return NONE if value is None else decimal_text(value)


def _percent(value):
    return NONE if value is None else f"{decimal_text(value, 1)}%"


# -- What the report says first ----------------------------------------------------------------------------------------


def warnings(report):
    """Why the report is not final, one sentence each; empty once the stage is over and closed."""
    today, stage = report.today, report.stage
    if periods.first_day(stage.first) > today:
        return ["这个阶段还没有开始。"]
    begun = [period for period in stage.months if period <= periods.period_of(today)]
    running = [periods.label(period) for period in begun if any(map(is_running, report.in_month(period)))]
    without = sum(not report.in_month(period) for period in begun)
    found = {
        f"这个阶段还没有结束，数字到 {today.month}月{today.day}日为止。": periods.last_day(stage.last) >= today,
        f"{'、'.join(running)}还没有全部关账，运行中的得分不算进平均。": running,
        f"有 {without} 个月没有得分。": without,
    }
    return [sentence for sentence, holds in found.items() if holds]


def facts(report):
    """[(label, figure)] of the whole stage."""
    worked, due = report.attended
    kept = sum((tally for _, tally in report.duties), Tally()).percent
    return [
        ("平均得分", _points(mean_score(report.scores))),
        ("计入得分的加分", _points(sum(row.awards for row in report.closed))),
        ("出勤率", _percent(share(worked, due))),
        ("整改闭环率", _percent(report.rectified.percent)),
        ("任务按时率", NONE if kept is None else f"{kept}%"),
        ("荣誉", f"{len(report.honours)} 项"),
    ]


def tables(report):
    """All tables of the report, in order."""
    scores = [_months_of_team(report)] if report.team else [_months_of_unit(report), _teams(report)]
    return [
        *scores,
        _awards(report),
        _weak(report),
        _attendance(report),
        _checks(report),
        _rectified(report),
        _duties(report),
        _honours(report),
    ]


# -- Scores ------------------------------------------------------------------------------------------------------------

NO_SCORES = "这个阶段没有得分。考核标准执行后每天夜里算一次，关账后定下来。"


def _months_of_team(report):
    rows = [_month_of_team(report, row) for row in report.scores]
    columns = _columns("月份", "得分", "名次", "加分", texts=("等级", "状态"))
    total = ["平均", _points(mean_score(report.scores)), "", "", "", "只算已关账的月份"]
    return Table("各月得分", columns, rows, NO_SCORES, total=total)


def _month_of_team(report, row):
    rank = f"{row.rank}/{report.rivals[row.close_id, row.league]}"
    state = f"{'运行中' if is_running(row) else '已关账'}{'，一票否决' if row.vetoed else ''}"
    return [periods.label(row.period), _points(row.score), rank, _points(row.awards), row.grade, state]


def _months_of_unit(report):
    months = [period for period in report.stage.months if report.in_month(period)]
    columns = _columns("月份", "班组", "平均分", "最高", "最低", "加分合计", texts=("最高的班组", "状态"))
    rows = [_month_of_unit(report, period) for period in months]
    total = ["平均", "", _points(mean_score(report.scores)), "", "", "", "", "只算已关账的月份"]
    return Table("各月得分", columns, rows, NO_SCORES, total=total)


def _month_of_unit(report, period):
    scores = report.in_month(period)
    points = [row.score for row in scores]
    open_ = len({row.close_id for row in scores if is_running(row)})
    return [
        periods.label(period),
        str(len(scores)),
        _points(mean_score(scores)),
        _points(max(points)),
        _points(min(points)),
        _points(sum(row.awards for row in scores)),
        "、".join(_named(report, row.team) for row in scores if row.score == max(points)),
        f"{open_} 个单位没有关账" if open_ else "已关账",
    ]


def _teams(report):
    found = report.by_team
    means = [mean_score(scores) for scores in found.values()]
    months = [period for period in report.stage.months if report.in_month(period)]
    labels = [f"{period % 100}月" for period in months]
    rows = [_team(_named(report, team), scores, months, means) for team, scores in list(found.items())[:MOST_TEAMS]]
    note = (
        f"名次按平均得分。班组有 {len(found)} 个，只列前 {MOST_TEAMS} 个。"
        if len(found) > MOST_TEAMS
        else "名次按平均得分，带*的月份没有关账，不算进平均。"
    )
    columns = _columns("班组", "名次", *labels, "平均", "加分", texts=("等级",))
    return Table("各班组", columns, rows, NO_SCORES, note)


def _named(report, team):
    return str(team) if team.unit_id == report.unit.pk else f"{team.unit} · {team}"


def _team(name, scores, months, means):
    own, mean = {row.period: row for row in scores}, mean_score(scores)
    rank = NONE if mean is None else str(1 + sum(other is not None and other > mean for other in means))
    cells = [_cell(own.get(period)) for period in months]
    closed = [row for row in scores if not is_running(row)]
    grades = Counter(row.grade for row in closed)
    words = "，".join(f"{grade} {count} 次" if len(closed) > 1 else grade for grade, count in grades.most_common())
    return [name, rank, *cells, _points(mean), _points(sum(row.awards for row in closed)), words or NONE]


def _cell(row):
    return NONE if row is None else f"{_points(row.score)}{'*' if is_running(row) else ''}"


# -- Checks ------------------------------------------------------------------------------------------------------------


def _awards(report):
    rows = [[name, str(count), decimal_text(points)] for name, count, points in report.awards]
    note = "按检查记录合计，没有按每月加分上限封顶，没有关账的月份也算。" if rows else ""
    return Table("加分", _columns("加分项", "条数", "加分"), rows, "这个阶段没有加分。", note)


def _weak(report):
    rows = [
        [str(row.key), decimal_text(row.points), str(row.count), f"{decimal_text(row.share, 1)}%", row.key.category]
        for row in report.weak[:MOST_ITEMS]
    ]
    rest = len(report.weak) - MOST_ITEMS
    note = (
        "按检查记录合计，没有按小项满分封顶。" + (f"其余 {rest} 个小项见“检查分析”。" if rest > 0 else "")
        if rows
        else ""
    )
    columns = _columns("小项", "扣分", "条数", "占比", texts=("大项",))
    return Table("薄弱小项", columns, rows, "这个阶段没有扣分。", note)


def _checks(report):
    rows = [[kind, str(count)] for kind, count in report.sheets]
    return Table("检查", _columns("检查类型", "张数"), rows, "这个阶段没有检查记录。")


def _rectified(report):
    found = report.rectified
    days = NONE if found.days is None else f"{found.days // 10}.{found.days % 10}"
    columns = _columns("问题", "已闭环", "闭环率", "逾期没整改", "逾期才闭环", "平均闭环天数")
    counts = [f"发现 {found.found} 个", found.closed, _percent(found.percent), found.overdue, found.closed_late, days]
    rows = [list(map(str, counts))] if found.found else []
    return Table("整改", columns, rows, "这个阶段没有要整改的问题。")


# -- The team's life ---------------------------------------------------------------------------------------------------


def _attendance(report):
    worked, due = report.attended
    everything = sum(days for _, days in report.codes)
    rows = [[f"{code} {code.label}", str(days), _percent(share(days, everything))] for code, days in report.codes]
    note = (
        f"出勤率 {_percent(share(worked, due))}：出勤 {worked} 人天，应出勤 {due} 人天（不算轮休和借调）。"
        if rows
        else ""
    )
    return Table("考勤", _columns("符号", "人天", "占比"), rows, "这个阶段没有考勤。", note)


def _duties(report):
    columns = _columns("任务", "到期要办", "按时", "迟办", "没有办", "逾期", "免办", "按时率")
    rows = [[name, *_tally(tally)] for name, tally in report.duties]
    return Table("任务按时率", columns, rows, "这个阶段没有要办的任务。")


def _tally(tally):
    counts = (tally.asked, tally.done, tally.late, tally.missed, tally.overdue, tally.waived)
    return [*map(str, counts), NONE if tally.percent is None else f"{tally.percent}%"]


def _honours(report):
    columns = _columns("荣誉", texts=("获奖", "级别", "授予单位", "日期"))
    rows = [
        [row.name, str(row.team or row.user.name), row.get_level_display(), row.granted_by, row.granted_on.isoformat()]
        for row in report.honours
    ]
    return Table("荣誉", columns, rows, "这个阶段没有登记荣誉。")

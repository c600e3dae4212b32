"""The report of a stage as sentences and tables of text: the page, its print and the document show the same ones."""

from collections import Counter
from dataclasses import dataclass

from activities.selectors import Tally
from assessments.period_reports.figures import closed_of, is_running, mean_score, most_closed, share, standing
from assessments.period_reports.held import GROUPS
from teams import periods
from teams.figures import decimal_text, short_text

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
    running = [periods.label(period) for period in begun if report.in_month(period) and report.open_units(period)]
    without = sum(not report.in_month(period) for period in begun)
    found = {
        f"这个阶段还没有结束，数字到 {periods.day_text(today)}为止。": periods.last_day(stage.last) >= today,
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
        ("计入得分的加分", _points(_counted_awards(report))),
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
        _held(report),
        _duties(report),
        _honours(report),
    ]


# -- Scores ------------------------------------------------------------------------------------------------------------

ONE_BASIS = (
    "各月的平均、最高、最低和加分都只算已关账的班组；没有全部关账的月份，班组写成“已关账/全部”，不写最高的班组。"
)
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
    total = ["平均", "", _points(mean_score(report.scores)), "", "", "", "", "只算已关账的班组"]
    return Table("各月得分", columns, rows, NO_SCORES, ONE_BASIS, total)


def _month_of_unit(report, period):
    """All figures of a month are those of the teams whose month is closed; until all are, none of them is called the best."""
    closed, open_ = closed_of(report.in_month(period)), len(report.open_units(period))
    points = [row.score for row in closed]
    number = f"{len(closed)}/{len(report.teams_in(period))}" if open_ else str(len(closed))
    figures = (mean_score(closed), max(points, default=None), min(points, default=None))
    awards = sum(row.awards for row in closed) if closed else None
    best = NONE if open_ else "、".join(_best(report, row) for row in closed if row.score == max(points))
    state = f"{open_} 个单位没有关账" if open_ else "已关账"
    return [periods.label(period), number, *map(_points, figures), _points(awards), best, state]


def _best(report, row):
    return f"{_named(report, row.team)}{'（一票否决）' if row.vetoed else ''}"


def _teams(report):
    found = report.by_team
    full = most_closed(found.values())
    order = sorted(standing(scores) for scores in found.values() if len(closed_of(scores)) == full)
    months = [period for period in report.stage.months if report.in_month(period)]
    shown = list(found.items())[:MOST_TEAMS]
    rows = [[_named(report, team), *_team(scores, months, full, order)] for team, scores in shown]
    columns = _columns(
        "班组", "名次", *(f"{period % 100}月" for period in months), "平均", "加分", texts=("等级", "说明")
    )
    return Table("各班组", columns, rows, NO_SCORES, _order_note(full, len(found)))


def _order_note(full, number):
    """By what the teams are ranked, and how many of them are not listed."""
    found = {
        f"名次按平均得分，只排关账满 {full} 个月的班组；有一票否决的，名次排最后。": full,
        "还没有关账，暂不排名。": not full,
        "带*的月份没有关账，不算进平均。": True,
        f"班组有 {number} 个，只列前 {MOST_TEAMS} 个。": number > MOST_TEAMS,
    }
    return "".join(sentence for sentence, holds in found.items() if holds)


def _named(report, team):
    return str(team) if team.unit_id == report.unit.pk else f"{team.unit} · {team}"


def _team(scores, months, full, order):
    """The cells of a team; it has a place in `order`, the standings of those ranked, when all `full` months are closed."""
    own, closed = {row.period: row for row in scores}, closed_of(scores)
    rank = str(1 + order.index(standing(scores))) if full and len(closed) == full else NONE
    cells = [_cell(own.get(period)) for period in months]
    points = [_points(mean_score(scores)), _points(sum(row.awards for row in closed))]
    return [rank, *cells, *points, _grades(closed), _remark(closed, full)]


def _grades(closed):
    grades = Counter(row.grade for row in closed)
    words = "，".join(f"{grade} {count} 次" if len(closed) > 1 else grade for grade, count in grades.most_common())
    return words or NONE


def _remark(closed, full):
    """Why a team has no place, and the months in which it was vetoed."""
    vetoed = "、".join(f"{row.period % 100}月" for row in closed if row.vetoed)
    found = {
        "还没有关账，不排名": full and not closed,
        f"只关账 {len(closed)} 个月，不排名": 0 < len(closed) < full,
        f"{vetoed}一票否决": vetoed,
    }
    return "，".join(words for words, holds in found.items() if holds) or NONE


def _cell(row):
    return NONE if row is None else f"{_points(row.score)}{'*' if is_running(row) else ''}"


# -- Checks ------------------------------------------------------------------------------------------------------------


def _awards(report):
    """Every award before the cap, and what became of their sum."""
    found = report.awards
    rows = [[award.name, str(award.count), decimal_text(award.points)] for award in found]
    points, closed = sum(award.points for award in found), sum(award.closed for award in found)
    total = ["合计", str(sum(award.count for award in found)), decimal_text(points)] if rows else None
    note = _awards_note(_counted_awards(report), closed, points) if rows else ""
    return Table("加分", _columns("加分项", "条数", "加分"), rows, "这个阶段没有加分。", note, total)


def _counted_awards(report):
    return sum(row.awards for row in report.closed)


def _awards_note(counted, closed, points):
    """How the sum of the awards comes to what the scores of the closed months say."""
    parts = {
        f"计入得分 {decimal_text(counted)} 分": True,
        f"超过加分上限或小项不适用，没有计入 {decimal_text(closed - counted)} 分": closed > counted,
        f"没有关账的月份 {decimal_text(points - closed)} 分，还没有定下来": points > closed,
    }
    return f"其中{'；'.join(words for words, holds in parts.items() if holds)}。"


def _weak(report):
    rows = [
        [str(row.key), decimal_text(row.points), str(row.count), f"{decimal_text(row.share, 1)}%", row.key.category]
        for row in report.weak[:MOST_ITEMS]
    ]
    rest = len(report.weak) - MOST_ITEMS
    note = (
        "按检查记录合计，没有按小项满分封顶；迟到的记录算在计入的月份。"
        + (f"其余 {rest} 个小项见“检查分析”。" if rest > 0 else "")
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
    note = (
        "闭环算到复核通过那天；任务按时率里的整改，报告“整改好了”就算办了，所以两处的迟和逾期不一样。" if rows else ""
    )
    return Table("整改", columns, rows, "这个阶段没有要整改的问题。", note)


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


def _held(report):
    found = report.held
    rows = [[row.name, *_held_figures(row.count, row.heads, row.hours), GROUPS.get(row.group, "其他")] for row in found]
    sums = [sum(getattr(row, name) for row in found) for name in ("count", "heads", "hours")]
    total = ["合计", *_held_figures(*sums), ""] if rows else None
    note = "按活动日期算；学时是每次活动的学时相加，不乘人数。保密的活动不列。" if rows else ""
    columns = _columns("活动种类", "次数", "参加人次", "学时", texts=("类别",))
    return Table("活动", columns, rows, "这个阶段没有登记活动。保密的活动不列。", note, total)


def _held_figures(count, heads, hours):
    return [str(count), str(heads) if heads else NONE, short_text(hours) if hours else NONE]


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

"""The trial of a standard as the sheets of a workbook."""

from incentives.whatif import Trial
from teams import periods
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text, yuan_text

TEAM_HEADERS = ["月份", "单位", "班组", "原得分", "新得分", "得分增减", "原等级", "新等级", "原星级", "新星级"]
TEAM_HEADERS += ["原名次", "新名次", "班组奖金增减（元）", "奖金有变的人数", "说明"]
NAMED = 5
"""So many units are named; more are counted."""
OTHER_RANGE = "排名范围不同，名次不能比"
MEMBER_HEADERS = ["月份", "单位", "班组", "工号", "姓名", "原个人得分", "新个人得分", "奖金增减（元）"]


def workbook_sheets(trial: Trial, moves, apart=""):
    """The moves, their members with a change, and what has no counterpart; `apart` says which units are not in it."""
    members = [row for move in moves for row in _members(move)]
    lines = [
        ["没有算进去的记录", code, name, reason, Figure(str(count))] for (code, name, reason), count in _left(trial)
    ]
    lines += [["新增的小项", row.code, row.name, "这几个月没有查过，按没有扣分算", None] for row in trial.fresh]
    return [
        Sheet(
            "班组",
            TEAM_HEADERS,
            [_team(move) for move in moves],
            after=[[text] for text in (*trial.problems, apart) if text],
        ),
        Sheet("个人奖金", MEMBER_HEADERS, members),
        Sheet("对不上的小项", ["类别", "编号", "小项", "怎么回事", "条数"], lines),
    ]


def apart_text(units):
    """Which units are not part of a trial, in a sentence; '' for none."""
    names = [str(unit) for unit in units]
    shown = "、".join(names[:NAMED]) + (f"等 {len(names)} 个单位" if len(names) > NAMED else "")
    return f"{shown}用自己的标准，不在内。" if names else ""


def _left(trial):
    return trial.left_out.items()


def _where(move):
    return [periods.label(move.old.period), str(move.unit), str(move.team)]


def _points(value):
    return Figure(decimal_text(value))


def _team(move):
    old, new = move.old, move.new
    scores = [_points(old.score), _points(new.score), _points(move.points)]
    grades = [old.grade, new.grade, Figure(str(old.stars)), Figure(str(new.stars))]
    ranks = [Figure(str(old.rank)), Figure(str(new.rank))]
    money = [Figure(yuan_text(move.pool), money=True), Figure(str(len(move.touched)))]
    said = [text for text in (move.veto, move.problem, "" if move.comparable else OTHER_RANGE) if text]
    return [*_where(move), *scores, *grades, *ranks, *money, "；".join(said)]


def _members(move):
    for member in move.touched:
        figures = [_points(member.old), _points(member.new), Figure(yuan_text(member.fen), money=True)]
        yield [*_where(move), member.no, member.name, *figures]

"""The tables of a comparison as sheets of a workbook."""

from assessments.comparison.figures import VETO
from assessments.comparison.reports import NOTE
from teams import periods
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text


def workbook_sheets(found):
    """The tables of the page: the month, the year, the gaps of the items."""
    labels = [label for _, label, _ in found["sides"]]
    gap_heads = ["小项", "大项", "本班组每月", "单位平均", "比平均多", "单位最少", "同类班组平均", "丢得比我们少的班组"]
    gap_heads += [str(found["beside"])] if found["beside"] else []
    return [
        Sheet("当月", ["项目", *labels], _month(found)),
        Sheet("12 个月", ["月份", *labels, "状态"], [_of_month(found["sides"], month) for month in found["history"]]),
        Sheet("小项差距", gap_heads, [_gap(gap, found["beside"]) for gap, _ in found["gaps"]], after=_notes(found)),
    ]


def _notes(found):
    return [[note] for note in (NOTE, found["withheld_note"]) if note]


def _month(found):
    figures = [side for _, _, side in found["sides"]]
    names = ["班组", *(side and side.name for side in figures)]
    scores = ["得分", *(_points(side and side.score) for side in figures)]
    rates = [[f"{name}（%）", *(_points(rate) for _, rate in cells)] for name, cells in found["rows"]]
    vetoes = [[VETO, *(side and side.veto for side in figures)]] if any(side and side.veto for side in figures) else []
    return [names, scores, *vetoes, *rates]


def _of_month(sides, month):
    points = [_points(month[key] and month[key].score) for key, _, _ in sides]
    return [periods.label(month["period"]), *points, _state(month["own"])]


def _state(own):
    if not own:
        return "没有得分"
    return ("运行中" if own.running else "已关账") + (f"，{VETO}" if own.veto else "")


def _gap(gap, beside):
    points = (gap.own, gap.average, gap.behind, gap.least, gap.peers)
    better = None if gap.peers is None else Figure(str(len(gap.better)))
    chosen = [_points(gap.chosen)] if beside else []
    return [str(gap.item), gap.item.category, *map(_points, points), better, *chosen]


def _points(value):
    return None if value is None else Figure(decimal_text(value))

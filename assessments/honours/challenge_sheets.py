"""The challenges of a round as a workbook. A file is handed on, so that a sealed name stands in none, whoever takes it."""

from collections import Counter

from django.utils import timezone

from assessments.honours.challenge_access import visible_to
from assessments.honours.name_lists import board_of
from assessments.models import Challenge
from teams.downloads import Figure, Sheet, workbook_of

State = Challenge.State
WHO = ["对谁", "申报编号", "单位", "提出人", "提出日期"]
HEADERS = [*WHO, "异议内容", "材料（个）", "状态", "调查结果", "调查人", "答复日期"]
SEALED = "不公开姓名"


def of_round(user, round_):
    """Challenges of a round for the person who takes them home, the first in front; those about the own are not there."""
    rows = visible_to(user).filter(application__round=round_).prefetch_related("files")
    return list(rows.order_by("filed_at", "id"))


def workbook(round_, rows):
    """The bytes of a workbook: how long the notice hung, how many challenges came to what, and each of them."""
    before = [*_notice(round_), ["异议", _count(len(rows))], *_outcomes(rows)]
    cells = [_cells(row) for row in rows]
    return workbook_of(Sheet("公示异议", HEADERS, cells, title=f"{round_}公示异议", before=before))


def _notice(round_):
    board = board_of(round_)
    return [["公示", f"{board.notice_starts_on} 到 {board.notice_ends_on}"]] if board else []


def _outcomes(rows):
    counts = Counter(row.state for row in rows)
    return [[label, _count(counts[state])] for state, label in State.choices]


def _count(number):
    return Figure(f"{number}")


def _cells(row):
    about = row.application
    said = [about.subject, about.number, about.unit, SEALED if row.is_sealed else row.filed_by.name, _day(row.filed_at)]
    said += [row.text, _count(len(row.files.all())), row.get_state_display(), row.answer]
    return [*said, row.answered_by and row.answered_by.name, _day(row.answered_at)]


def _day(moment):
    return moment and f"{timezone.localdate(moment)}"

"""What an upheld objection brings in money, for the person and for those who handle the team's bonus: how much, and when."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from assessments.models import Check
from bulletins.models import Bulletin, Objection
from bulletins.objections.access import sees
from bulletins.objections.entries import Worth
from incentives.correcting import address_of
from incentives.models import Adjustment, Distribution, DistributionLine
from teams import periods
from teams.access import access_of
from teams.figures import yuan_text
from teams.models import AttendanceCorrection

KINDS = (Bulletin.Kind.BONUS, Bulletin.Kind.SCORES, Bulletin.Kind.ATTENDANCE)
"""Boards whose figures come to money for a person."""
AWARD, SHEET, DAY = (
    re.compile(rf"{before}(\d{{1,18}})\b") for before in ("#adjustment-", "^/checks/sheet/", "#correction-")
)
"""What corrected it, by the address that was noted: an adjustment, a late sheet, a day of the attendance."""


def worths_for(user, objection, own=False):
    """The Worths that this person may read: the own one, and those of all for whoever sees the team's bonus, unless `own`."""
    board = objection.bulletin
    if board.kind not in KINDS or board.team_id is None:
        return []
    may_all = not own and access_of(user).on_team("bonus.view", board.team)
    return _worths(user, objection, None if may_all else user.pk)


def _worths(reader, objection, person):
    """Those of one person, or (None) of everybody."""
    rows = _adjustments(objection).select_related("user")
    found = [_known(reader, objection, row) for row in rows if person in (None, row.user_id)]
    asks = person in (None, objection.row_user_id) and _is_open(objection)
    return found or ([_unknown(reader, objection)] if asks else [])


def _is_open(objection):
    """Whether a correction without an amount comes to money for somebody: in a team whose bonus is divided here."""
    if objection.state != Objection.State.CORRECTED or objection.row_user_id is None:
        return False
    return Distribution.objects.filter(team=objection.bulletin.team_id).exists()


def _adjustments(objection):
    """The live Adjustments of the team that rest on an objection, and the one that was linked as its correction."""
    linked = Q(pk=_named(AWARD, objection))
    if objection.row_user_id:
        linked &= Q(user=objection.row_user_id)
    rows = Adjustment.objects.filter(team=objection.bulletin.team_id, state__in=Adjustment.LIVE)
    return rows.filter(Q(objection=objection) | linked)


def _named(pattern, objection):
    found = pattern.search(objection.correction_url)
    return int(found[1]) if found else 0


def _known(reader, objection, row):
    line = _line_in(row.team_id, row.user_id, row.period)
    name = "" if row.user_id in (objection.row_user_id, reader.pk) else row.user.name
    label, address = ("看更正的记录", address_of(row)) if row.user_id != reader.pk else _own_page(line)
    return Worth(f"{name}{_said(row, line and line.distribution.state)}", True, label, address)


def _line_in(team, user, period):
    """Somebody's DistributionLine of a team's month once members see it, or None."""
    lines = DistributionLine.objects.filter(user=user, distribution__team=team, distribution__period=period)
    return lines.filter(distribution__state__in=Distribution.SHOWN).select_related("distribution").first()


def _own_page(line):
    if line is None:
        return "我的工资条", reverse("incentives:payslips")
    return f"看{periods.label(line.distribution.period)}的奖金", reverse("incentives:explain", args=[line.pk])


def _said(row, state):
    """An Adjustment in words; `state` is that of its month's distribution, None before members see it."""
    month, is_more = f"{periods.label(row.period)}奖金", row.amount > 0
    much = f"{'多' if is_more else '少'} {yuan_text(abs(row.amount))} 元"
    if row.state == Adjustment.State.PROPOSED:
        return f"{much}，还在等负责人批准，批准以后算进{month}"
    paid = f"随{month}发放" if is_more and state != Distribution.State.POSTED else f"算进{month}"
    return f"{much}，{'已' if state in Distribution.IN_LEDGER else ''}{paid}"


def _unknown(reader, objection):
    """Of a correction that names no amount: whether the month in which it counts is divided, and where it is seen then."""
    team, period = _counts_in(objection)
    line = _line_in(team, objection.row_user_id, period) if period else None
    own, month = reader.pk == objection.row_user_id, f"{periods.label(period)}奖金" if period else "计入的那个月奖金"
    if line and (own or access_of(reader).on_team("bonus.view", line.distribution.team)):
        return Worth(f"已经算在{month}里，是多少看“这个数怎么来的”", False, *_own_page(line))
    if objection.bulletin.kind == Bulletin.Kind.BONUS and not period:
        unit = objection.bulletin.unit
        return Worth(f"更正的记录里现在没有金额，多少元、随哪个月奖金发放，请问{unit}负责人", False)
    later = f"现在还不知道，要等{month}分好，到时看那个月的工资条"
    return Worth(later, False, *(_own_page(None) if own else ()))


def _counts_in(objection):
    """(team id, month) in which a late sheet or a correction of the attendance counts; (None, None) where nobody knows."""
    sheets = Check.objects.filter(pk=_named(SHEET, objection), team=objection.bulletin.team_id)
    days = AttendanceCorrection.objects.filter(pk=_named(DAY, objection), team=objection.bulletin.team_id)
    found = sheets.values_list("team", "period").first() or days.values_list("counts_team", "counts_in").first()
    return found or (None, None)


@dataclass(frozen=True)
class Righted:
    """An objection to a figure behind a DistributionLine that was right, its page ("" for whoever may not open it), and the
    Worths of its correction."""

    objection: Objection
    address: str
    worths: list


def righted_behind(reader, line):
    """The Righted of somebody's month, in order, for whoever may read the line."""
    boards = {"bulletin__team": line.distribution.team_id, "bulletin__period": line.distribution.period}
    given = Adjustment.objects.filter(user=line.user_id, objection__isnull=False, state__in=Adjustment.LIVE)
    concerned = Q(row_user=line.user_id) | Q(pk__in=given.values("objection"))
    rows = Objection.objects.filter(concerned, **boards, bulletin__kind__in=KINDS, state__in=Objection.RIGHT)
    found = rows.select_related("bulletin__unit", "bulletin__team__unit").order_by("number")
    return [Righted(row, _page(reader, row), _worths(reader, row, line.user_id)) for row in found]


def _page(reader, objection):
    return reverse("bulletins:objection", args=[objection.pk]) if sees(reader, objection) else ""

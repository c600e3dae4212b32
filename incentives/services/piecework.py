"""Work points (工分): entered for a day, checked by somebody else, voided with a reason; counted when a bonus is drawn up."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from assessments.scoring import divide_half_up
from incentives.errors import IncentiveError, StaleState
from incentives.models import Distribution, PieceRecord
from incentives.piecework.selectors import counting_month, is_open
from teams import audit, periods
from teams.figures import short_text
from teams.models import Membership, Team, User

State = PieceRecord.State
MOST = 10**6
"""Ten thousand of anything, in hundredths: nobody does more of a line in a day."""


@transaction.atomic
def enter(team, date, quantities, *, note="", actor):
    """Enter what members did on a day: `quantities` {(User, PieceItem): hundredths}; returns the PieceRecords.

    Raises IncentiveError for nothing at all, for a day to come, for what was entered before, and when the month in which
    it counts has come so late that a member has left the team.
    """
    _lock(team)
    _require_sense(date, quantities)
    period = _period_for(team, date, {user.pk for user, _ in quantities})
    _require_new(team, date, period, quantities)
    facts = {"team": team, "date": date, "period": period, "note": note, "proposed_by": actor}
    records = [
        PieceRecord(user=user, item=item, quantity=quantity, points=points_for(item, quantity), **facts)
        for (user, item), quantity in quantities.items()
    ]
    PieceRecord.objects.bulk_create(records)
    _record("piece.entered", team, actor, date, records)
    return records


def points_for(item, quantity):
    """The points (hundredths) of a quantity (hundredths), rounded half up."""
    return divide_half_up(quantity * item.points, 100)


@transaction.atomic
def accept(team, ids, *, actor):
    """A second person has checked these records of a team: they count, of a month that is divided in the next open one.

    Raises StaleState when one of them is decided already, IncentiveError for what the person entered or did.
    """
    if not ids:
        raise IncentiveError("还没有选。请勾选看过的工分，再点“验收选中的”。")
    _lock(team)
    found = list(PieceRecord.objects.filter(team=team, pk__in=ids, state=State.PROPOSED).select_related("user", "item"))
    if not found or len(found) != len(set(ids)):
        raise StaleState("选中的工分里有已经验收或者作废的。请刷新页面，看过再办。")
    _require_another(found, actor)
    for date, records in _by_date(found).items():
        _accept(team, date, records, actor)
    _record("piece.accepted", team, actor, min(record.date for record in found), found)


def _accept(team, date, records, actor):
    period = _period_for(team, date, {record.user_id for record in records})
    pending = PieceRecord.objects.filter(pk__in=[record.pk for record in records], state=State.PROPOSED)
    facts = {"period": period, "decided_by": actor, "decided_at": timezone.now()}
    if pending.update(state=State.APPROVED, **facts) != len(records):
        raise StaleState("选中的工分里有刚刚被别人办过的。请刷新页面，看过再办。")


@transaction.atomic
def void(record, reason, *, actor):
    """Take a record back; returns None, or the PieceRecord below zero that takes it back in the next open month, where
    the bonus was divided by it. Raises StaleState when that was done already."""
    _lock(record.team)
    found = PieceRecord.objects.select_related("user", "item", "team__unit").get(pk=record.pk)
    if found.state == State.APPROVED and not _is_open(found.team, found.period):
        return _undo(found, reason, actor)
    facts = {"voided_by": actor, "voided_at": timezone.now(), "void_reason": reason}
    if not PieceRecord.objects.filter(pk=found.pk, state__in=PieceRecord.LIVE).update(state=State.VOIDED, **facts):
        raise StaleState("这条工分已经作废了。")
    _record("piece.voided", found, actor, found.date, [found], reason=reason)
    return None


def _undo(record, reason, actor):
    if record.undoes_id:
        raise IncentiveError("冲减的工分已经算进分配，不能再冲减。冲错了，请按原来的日期重新登记一次。")
    if PieceRecord.objects.filter(undoes=record, state__in=PieceRecord.LIVE).exists():
        raise StaleState("这条工分已经冲减过了。")
    facts = {name: getattr(record, name) for name in ("team", "user", "item", "date")}
    period = _period_for(record.team, record.date, {record.user_id})
    found = PieceRecord.objects.create(
        **facts,
        period=period,
        quantity=-record.quantity,
        points=-record.points,
        note=reason,
        undoes=record,
        proposed_by=actor,
    )
    _record("piece.undone", found, actor, record.date, [found], reason=reason, period=period)
    return found


def _lock(team):
    """Entries, checks and voids of one team wait for each other."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _is_open(team, period):
    """As is_open; nobody proposes the month's bonus until the transaction ends."""
    list(Distribution.objects.select_for_update().filter(team=team, period=period))
    return is_open(team, period)


def _period_for(team, date, users):
    """The month in which work of a date counts; raises IncentiveError where it is a later one in which somebody has left."""
    own = periods.period_of(date)
    if _is_open(team, own):
        return own
    period = counting_month(team, date)
    there = Membership.objects.during(periods.first_day(period), periods.last_day(period)).filter(team=team)
    gone = User.objects.filter(pk__in=users).exclude(pk__in=there.values("user")).order_by("employee_no")
    if gone:
        names = "、".join(user.name for user in gone)
        raise IncentiveError(
            f"{periods.label(own)}的奖金已经提交，迟到的工分计入{periods.label(period)}，可是{names}那个月不在{team}。"
            "请改用个人奖罚。"
        )
    return period


def _require_sense(date, quantities):
    if not quantities:
        raise IncentiveError("一个数量也没有填。请在做了的项目后面填数量。")
    if date > timezone.localdate():
        raise IncentiveError("日期不能晚于今天。")
    for (user, item), quantity in quantities.items():
        if not 0 < quantity <= MOST or points_for(item, quantity) == 0:
            raise IncentiveError(f"{user.name}的“{item}”：数量要大于 0，不超过 {short_text(MOST)}。")


def _require_new(team, date, period, quantities):
    live = PieceRecord.objects.filter(team=team, date=date, undoes__isnull=True, state__in=PieceRecord.LIVE)
    known = live.filter(state=State.PROPOSED) | live.filter(period=period)
    pairs = set(known.values_list("user", "item"))
    again = [f"{user.name}的“{item}”" for user, item in quantities if (user.pk, item.pk) in pairs]
    if again:
        raise StaleState(f"{date:%Y-%m-%d} {'、'.join(again[:5])}已经登记过。要改，请先作废原来那一条，再重新登记。")


def _require_another(records, actor):
    own = [record for record in records if actor.pk in (record.proposed_by_id, record.user_id)]
    if own:
        raise IncentiveError(f"自己登记的和自己的工分要由别人验收（{own[0].user.name}的“{own[0].item}”）。")


def _by_date(records):
    found = defaultdict(list)
    for record in records:
        found[record.date].append(record)
    return found


def _record(verb, about, actor, date, records, **more):
    points = short_text(sum(record.points for record in records))
    facts = {"date": f"{date}", "records": len(records), "points": points} | more
    unit = about.unit if isinstance(about, Team) else about.team.unit
    audit.record(verb, about, actor=actor, unit=unit, after=facts)

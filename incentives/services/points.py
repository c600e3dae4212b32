"""Points of Party members: proposed with evidence, confirmed by a second person, closed monthly."""

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import PointEntry, PointMonth, PointScheme
from incentives.points import selectors
from teams import audit, periods
from teams.figures import signed_text
from teams.services.proposals import decide, require_proposer

State = PointEntry.State


@transaction.atomic
def propose(scheme, user, indicator, *, date, points, what, photos, why_none="", actor):
    """Propose points (hundredths) for what a Party member did on a date; returns the PointEntry.

    Of a day of a closed month it counts in the first month still open, and may take back what that month counted too much.
    Raises IncentiveError when the rules refuse it.
    """
    found = _locked(scheme)
    if user.pk == actor.pk:
        raise IncentiveError("自己的积分要请支委或班长登记。")
    if date > timezone.localdate():
        raise IncentiveError("日期不能晚于今天。")
    if not selectors.was_member(found.unit, user, date):
        raise IncentiveError(f"{user} {date:%Y-%m-%d} 不是{found.unit}班组里的党员，请核对人员和日期。")
    _require_points(indicator, points, _counted_before(found, user, indicator, date))
    said = _said(what, why_none, photos)
    facts = {"user": user, "indicator": indicator, "date": date, "points": points, "what": said}
    if PointEntry.objects.filter(**facts, state__in=[State.PROPOSED, State.CONFIRMED]).exists():
        raise IncentiveError(f"{user} {date:%Y-%m-%d} 的这件事已经登记过了。")
    entry = PointEntry.objects.create(**facts, period=counting_month(found, date), proposed_by=actor)
    entry.evidence.set(photos)
    _record("point.proposed", entry, actor, photos=len(photos))
    return entry


def _locked(scheme):
    """The scheme, held until the transaction ends: entries and closes of one branch wait for each other."""
    found = PointScheme.objects.select_for_update().filter(pk=scheme.pk, published_at__isnull=False).first()
    if found is None:
        raise IncentiveError("这份积分办法还没有发布，发布以后才能登记。")
    return found


def _counted_before(scheme, user, indicator, date):
    """What closed months hold of a day's deeds under an indicator, less what was taken back of it since."""
    deeds = PointEntry.objects.filter(user=user, indicator=indicator, date=date)
    same_sign, other_sign = (Q(points__gt=0), Q(points__lt=0))[:: 1 if indicator.points > 0 else -1]
    held = Q(same_sign, state=State.CONFIRMED, period__lte=selectors.latest_closed(scheme) or 0)
    taken = Q(other_sign, state__in=[State.PROPOSED, State.CONFIRMED])
    return deeds.filter(held | taken).order_by().aggregate(sum=Sum("points"))["sum"] or 0


def _require_points(indicator, points, counted):
    """Points of the indicator's sign up to its own; or of the other sign to take back what a closed month has `counted`."""
    if points * indicator.points > 0 and abs(points) <= abs(indicator.points):
        return
    if points * counted < 0 and abs(points) <= abs(counted):
        return
    back = f"那一天已经结算的还可以冲减 {signed_text(-counted)} 分。" if counted * indicator.points > 0 else ""
    said = f"“{indicator}”是 {signed_text(indicator.points)} 分，可以少记，不能多记，也不能换正负。"
    raise IncentiveError(f"{said}{back}")


def _said(what, why_none, photos):
    """What happened, with the reason why there is no evidence."""
    if not photos and not why_none:
        raise IncentiveError("请拍照留下凭据；实在没有的，写明为什么没有。")
    return what if photos else f"{what}（没有凭据：{why_none}）"


def counting_month(scheme, date):
    """The period in which a deed of a date counts: its own, or the first one of the scheme's year that is open.

    Raises IncentiveError for a date of another year, unless that year's last month is closed and this year follows it.
    """
    first, last, own = scheme.year * 100 + 1, scheme.year * 100 + 12, periods.period_of(date)
    closed = selectors.latest_closed(scheme)
    open_from = periods.shift(closed, 1) if closed else first
    if own < first and not selectors.is_closed(scheme.unit, own):
        raise IncentiveError(f"{periods.label(own)}还没有结算，请记到 {own // 100} 年的办法里。")
    if own > last or open_from > last:
        raise IncentiveError(f"{scheme.year} 年已经结算完或者日期不在这一年，请记到下一年的办法里。")
    return max(own, open_from)


@transaction.atomic
def confirm(entry, *, actor):
    """A second person agrees: the points count."""
    _decide(entry, State.CONFIRMED, actor)
    _record("point.confirmed", entry, actor)


@transaction.atomic
def refuse(entry, answer, *, actor):
    """A second person does not agree, with an answer: the points do not count."""
    _decide(entry, State.REFUSED, actor, answer=answer)
    _record("point.refused", entry, actor, answer=answer)


@transaction.atomic
def withdraw(entry, *, actor):
    """Whoever proposed it takes it back before it is decided."""
    require_proposer(entry, actor)
    decide(entry, State.WITHDRAWN, actor)
    _record("point.withdrawn", entry, actor)


@transaction.atomic
def revoke(entry, reason, *, actor):
    """Points that were confirmed by mistake no longer count, while their month is open. Not for the person it is about."""
    found = _locked(entry.indicator.scheme)
    if actor.pk == entry.user_id:
        raise IncentiveError("自己的积分要由别人取消。")
    if entry.period <= (selectors.latest_closed(found) or 0):
        raise IncentiveError(f"{periods.label(entry.period)}的积分已经结算，不能再取消。")
    confirmed = PointEntry.objects.filter(pk=entry.pk, state=State.CONFIRMED)
    facts = {"decided_by": actor, "decided_at": timezone.now(), "answer": reason}
    if not confirmed.update(state=State.WITHDRAWN, **facts):
        raise StaleState("这条积分没有确认过或者已经取消了。")
    _record("point.revoked", entry, actor, reason=reason)


def _decide(entry, state, actor, **fields):
    _locked(entry.indicator.scheme)
    if actor.pk in (entry.proposed_by_id, entry.user_id):
        raise IncentiveError("积分要由登记人和本人以外的人确认，请支委或班组长办。")
    decide(entry, state, actor, **fields)


def _record(verb, entry, actor, **more):
    after = {"points": entry.points, "period": entry.period, "indicator": str(entry.indicator), **more}
    audit.record(verb, entry, actor=actor, unit=entry.indicator.scheme.unit, after=after)


@transaction.atomic
def close(scheme, period, *, actor):
    """Freeze a branch's table of a past month; returns the PointMonth.

    Raises IncentiveError while entries are undecided or an earlier month waits, StaleState when it is closed.
    """
    found = _locked(scheme)
    if PointMonth.objects.filter(scheme=found, period=period).exists():
        raise StaleState(f"{periods.label(period)}的积分已经结算了。")
    _require_its_turn(found, period)
    waiting = selectors.entries_of(found, period).filter(state=State.PROPOSED).count()
    if waiting:
        raise IncentiveError(f"{periods.label(period)}还有 {waiting} 条积分没有确认，办完再结算。")
    rows = selectors.computed_rows(found, period)
    if not rows:
        raise IncentiveError(f"{periods.label(period)}{found.unit}的班组里没有党员，不用结算。")
    month = PointMonth.objects.create(scheme=found, period=period, rows=rows, closed_by=actor)
    audit.record("point_month.closed", month, actor=actor, unit=found.unit, after={"people": len(rows)})
    return month


def _require_its_turn(scheme, period):
    if period // 100 != scheme.year or period >= periods.current_period():
        raise IncentiveError(f"{periods.label(period)}还没有过完，过完才能结算。")
    if period <= (selectors.latest_closed(scheme) or 0):
        raise IncentiveError("后面的月份已经结算，这个月不能再补结算。")
    earlier = selectors.first_waiting(scheme, period)
    if earlier:
        raise IncentiveError(f"{periods.label(earlier)}有积分记录还没有结算，请先结算{periods.label(earlier)}。")

"""What 今日 says about points: entries that wait for a second person, a month to close or to post, the own points."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from bulletins.models import Bulletin, Objection
from incentives.models import PointEntry, PointMonth, PointScheme
from incentives.points import selectors
from teams import periods
from teams.access import line_of


def news_for(access, last_period):
    """[(title, detail, address)] of what waits for the person; `last_period` is the month before this one."""
    if not access.has("points.enter"):
        return []
    units = access.unit_ids("points.manage")
    kept = [*_to_close(units, last_period), *_to_post(units, last_period), *_to_correct(units)] if units else []
    return [*_to_confirm(access), *kept]


def _to_confirm(access):
    waiting = selectors.to_decide(access, PointEntry.objects.all()).order_by()
    counted = waiting.values_list("indicator__scheme", "indicator__scheme__unit__name", "period")
    for scheme, unit, period, number in counted.annotate(number=Count("pk")).order_by("period", "indicator__scheme"):
        address = reverse("incentives:points-month", args=[scheme, period])
        yield "确认党员积分", f"{unit}{periods.label(period)} {number} 条", address


def _to_close(units, period):
    """The past month of the schemes that are kept and that have been in use by then."""
    kept = PointScheme.objects.filter(unit__in=units, year=period // 100, published_at__isnull=False)
    open_ones = kept.exclude(months__period__gte=period)
    used = PointEntry.objects.filter(state="confirmed", period__lte=period)
    for scheme in open_ones.filter(pk__in=used.values("indicator__scheme")).select_related("unit"):
        address = reverse("incentives:points-month", args=[scheme.pk, period])
        yield "结算党员积分", f"{scheme.unit}{periods.label(period)}还没有结算", address


def _to_post(units, period):
    """The past month that is closed and does not hang yet."""
    hanging = Bulletin.objects.filter(kind=Bulletin.Kind.POINTS, team=None, period=period, unit__in=units)
    closed = PointMonth.objects.filter(scheme__unit__in=units, period=period).select_related("scheme__unit")
    for month in closed.exclude(scheme__unit__in=hanging.values("unit")).defer("rows").order_by("scheme"):
        address = reverse("incentives:points-preview", args=[month.scheme_id, period])
        yield "张榜党员积分", f"{month.scheme.unit}{periods.label(period)}已经结算，还没有张榜", address


def _to_correct(units):
    """Upheld objections to boards of points."""
    upheld = {"state": Objection.State.UPHELD, "bulletin__kind": Bulletin.Kind.POINTS, "bulletin__unit__in": units}
    rows = Objection.objects.filter(**upheld).select_related("bulletin").defer("bulletin__content")
    for row in rows.order_by("decided_at"):
        yield "按异议更正积分", f"{row.bulletin}：{row.label}", reverse("incentives:objection-correct", args=[row.pk])


@dataclass(frozen=True)
class Own:
    """A Party member's points: those of the running month, and the last closed month with the rank in it, or None."""

    scheme: PointScheme
    period: int
    total: int
    last: PointMonth | None
    last_row: dict | None


def own_points(user, team, period):
    """The Own of a Party member of a team in a month; None for others and where no scheme holds."""
    if team is None or user.political_status not in selectors.PARTY:
        return None
    published = PointScheme.objects.filter(unit__in=line_of(team.unit), published_at__isnull=False)
    scheme = published.filter(year=period // 100).select_related("unit").first()
    row = scheme and _row_of(user, selectors.computed_rows(scheme, period))
    if not row:
        return None
    last = PointMonth.objects.filter(scheme__unit=scheme.unit_id, period__lt=period).order_by("-period").first()
    return Own(scheme, period, row["total"], last, last and _row_of(user, last.rows))


def _row_of(user, rows):
    return next((row for row in rows if row["user"] == user.pk), None)

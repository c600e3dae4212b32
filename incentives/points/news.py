"""What 今日 says about points: entries that wait for a second person, a month to close, the own points."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from incentives.models import PointEntry, PointMonth, PointScheme
from incentives.points import selectors
from teams import periods
from teams.access import line_of


def news_for(access, last_period):
    """[(title, detail, address)] of what waits for the person; `last_period` is the month before this one."""
    return [*_to_confirm(access), *_to_close(access, last_period)] if access.has("points.enter") else []


def _to_confirm(access):
    waiting = selectors.to_decide(access, PointEntry.objects.all()).order_by()
    counted = waiting.values_list("indicator__scheme", "indicator__scheme__unit__name", "period")
    for scheme, unit, period, number in counted.annotate(number=Count("pk")).order_by("period", "indicator__scheme"):
        address = reverse("incentives:points-month", args=[scheme, period])
        yield "确认党员积分", f"{unit}{periods.label(period)} {number} 条", address


def _to_close(access, period):
    """The past month of the schemes that the person keeps and that has been in use by then."""
    units = access.unit_ids("points.manage")
    if not units:
        return
    kept = PointScheme.objects.filter(unit__in=units, year=period // 100, published_at__isnull=False)
    open_ones = kept.exclude(months__period__gte=period)
    used = PointEntry.objects.filter(state="confirmed", period__lte=period)
    for scheme in open_ones.filter(pk__in=used.values("indicator__scheme")).select_related("unit"):
        address = reverse("incentives:points-month", args=[scheme.pk, period])
        yield "结算党员积分", f"{scheme.unit}{periods.label(period)}还没有结算", address


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

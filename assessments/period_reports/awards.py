"""What earned awards (加分) in the months of a report: findings and activities, as the scores of these months count them."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from activities.models import Activity
from assessments.earned import AWARD
from assessments.models import Finding, MonthClose, TeamScore

OUTSIDE = "标准以外的加分"


@dataclass(frozen=True)
class Award:
    """What for, how often and for how many points (hundredths), before any cap; `closed` of them in closed months."""

    name: str
    count: int
    points: int
    closed: int


def awards_of(teams, months):
    """The Awards of the teams that count in these months, the greatest first; two queries."""
    counts, points, closed = Counter(), Counter(), Counter()
    for name, is_closed, n, sum_ in [*_of_findings(teams, months), *_of_activities(teams, months)]:
        counts[name] += n
        points[name] += sum_
        closed[name] += sum_ if is_closed else 0
    found = [Award(name, counts[name], points[name], closed[name]) for name in counts]
    return sorted(found, key=lambda award: (-award.points, award.name))


def _closed(period):
    """The closed scores of a row's team in the month that this column of the row names."""
    closed = TeamScore.objects.filter(close__state=MonthClose.State.CLOSED)
    return closed.filter(team=OuterRef("team"), period=OuterRef(period))


def _of_findings(teams, months):
    rows = Finding.objects.valid().filter(team__in=teams, period__in=months, points__gt=0)
    rows = rows.filter(Q(criterion__isnull=True) | Q(criterion__method=AWARD))
    sums = _summed(rows.annotate(is_closed=Exists(_closed("period"))), "criterion__code", "criterion__name")
    return [(f"{code} {name}" if code else OUTSIDE, *figures) for code, name, *figures in sums]


def _of_activities(teams, months):
    """Records that count, and those that were corrected or voided only after the month with their points was closed."""
    rows = Activity.objects.filter(team__in=teams, counts_in__in=months, points__gt=0)
    rows = rows.annotate(left_at=Coalesce("corrected_by__entered_at", "edited_at"))
    gone = Q(state__in=[Activity.State.REPLACED, Activity.State.VOIDED])
    stayed = Exists(_closed("counts_in").filter(close__closed_at__lt=OuterRef("left_at")))
    rows = rows.filter(Q(state=Activity.State.KEPT) | gone & stayed)
    sums = _summed(rows.annotate(is_closed=Exists(_closed("counts_in"))), "kind__name")
    return [(f"活动：{name}", *figures) for name, *figures in sums]


def _summed(rows, *names):
    """Tuples of the names, whether their month is closed, the number and the points."""
    sums = rows.values(*names, "is_closed").order_by().annotate(n=Count("pk"), sum=Sum("points"))
    return sums.values_list(*names, "is_closed", "n", "sum")

"""The activities that were held in the months of a report, by kind; nothing of what is confidential, whoever reads it."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from activities.models import Activity, ActivityKind, Participant

CONFIDENTIAL = ActivityKind.Privacy.CONFIDENTIAL
GROUPS = dict(ActivityKind.Group.choices)
ORDER = {group: place for place, group in enumerate(GROUPS)}


@dataclass(frozen=True)
class Held:
    """How often a kind of activity was held, how many took part altogether, and the hours (hundredths) of the records."""

    name: str
    group: str
    count: int
    hours: int
    heads: int


def held_by(teams, units, months):
    """A Held for each kind of activity that the teams, or the units themselves, had on days of these months; two queries.

    By the day, not by the month in which a record counts: a correction stands where the record it replaces stood.
    """
    rows = Activity.objects.valid().filter(Q(team__in=teams) | Q(team__isnull=True, unit__in=units), period__in=months)
    rows = rows.exclude(Q(privacy=CONFIDENTIAL) | Q(kind__privacy=CONFIDENTIAL)).order_by()
    there = Participant.objects.filter(activity__in=rows.values("pk")).order_by()
    heads = {tuple(row): n for *row, n in _by_kind(there, "activity__kind__").annotate(n=Count("pk"))}
    sums = _by_kind(rows, "kind__").annotate(n=Count("pk"), sum=Sum("hours"))
    found = [Held(name, group, n, hours, heads.get((name, group), 0)) for name, group, n, hours in sums]
    return sorted(found, key=lambda row: (ORDER.get(row.group, len(ORDER)), -row.count, row.name))


def _by_kind(rows, kind):
    return rows.values_list(f"{kind}name", f"{kind}group")

"""What the Party pages show: liaisons with visits, groups, posts, promises, mechanisms, and what waits for whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from activities.access import teams_to_record
from activities.models import (
    Activity,
    ActivityKind,
    Commitment,
    CommitmentCheck,
    Liaison,
    Mechanism,
    MechanismStep,
    PartyGroup,
    PartyGroupMember,
    PartyPost,
)
from activities.party.access import teams_below
from activities.services.commitments import first_day
from teams import periods
from teams.access import access_of, line_of, subtree_ids
from teams.models import Membership
from teams.selectors import with_words

VISIT, SECRETARY = "liaison_visit", "secretary_visit"
"""Codes of the kinds of records that are visits to a team."""
BEHIND = 25
"""So many per cent less than the year has gone by is far behind."""


@dataclass
class Touch:
    """A team with its liaison, if any, and the last visit; `missing` when nobody has come this month."""

    team: Any
    liaison: Any
    last_visit: Any
    missing: bool


def visits():
    """Kept records of visits to teams."""
    return Activity.objects.valid().filter(kind__code__in=[VISIT, SECRETARY], team__isnull=False)


def teams_listed(unit, *, q="", only=""):
    """Teams below a unit by the words of a search; `only` is "without" a liaison or "unvisited" this month."""
    teams = with_words(teams_below(unit), q, "name__icontains", "unit__name__icontains")
    if only == "without":
        return teams.exclude(pk__in=Liaison.objects.filter(ended_on__isnull=True).values("team"))
    if only == "unvisited":
        return teams.exclude(
            pk__in=visits().filter(date__gte=periods.first_day(periods.current_period())).values("team")
        )
    return teams


def touches(teams):
    """The Touch of each of these teams, in their order; the same few questions however many there are."""
    pks = [team.pk for team in teams]
    open_ones = Liaison.objects.filter(team__in=pks, ended_on__isnull=True).select_related("user")
    liaisons = {liaison.team_id: liaison for liaison in open_ones}
    last = dict(visits().filter(team__in=pks).values_list("team").annotate(Max("date")).order_by())
    first = periods.first_day(periods.current_period())
    return [
        Touch(team, liaisons.get(team.pk), last.get(team.pk), not last.get(team.pk) or last[team.pk] < first)
        for team in teams
    ]


def liaisons_over(unit):
    """Liaisons of the unit's teams that have ended, the latest first."""
    rows = Liaison.objects.filter(team__unit__in=subtree_ids(unit), ended_on__isnull=False)
    return rows.select_related("team", "user").order_by("-ended_on", "-id")


def visit_kind(unit):
    """The kind by which a visit is written down in a unit; None where it is not installed."""
    return ActivityKind.objects.filter(unit__in=line_of(unit), code=VISIT, retired_on__isnull=True).first()


def groups_of(unit, *, ended=False):
    """Party groups of a unit and of those below it with their present members."""
    present = PartyGroupMember.objects.filter(left_on__isnull=True).select_related("user")
    rows = PartyGroup.objects.filter(unit__in=subtree_ids(unit), ended_on__isnull=not ended)
    return rows.select_related("team", "leader", "unit").prefetch_related(
        Prefetch("members", present, to_attr="present")
    )


def posts_of(unit, *, q="", kind="", team=None, ended=False):
    """Areas and posts of the unit's teams that fit the filters."""
    rows = PartyPost.objects.filter(team__unit__in=subtree_ids(unit), ended_on__isnull=not ended)
    rows = with_words(rows, q, "name__icontains", "duties__icontains", "user__name__icontains", "team__name__icontains")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(team=team) if team else rows
    return rows.select_related("team__unit", "user")


def promises_of(unit, year, *, q="", unchecked=""):
    """Promises of a year, with their checks; `unchecked` is the quarter that has none."""
    rows = with_words(Commitment.objects.filter(unit=unit, year=year), q, "text__icontains", "user__name__icontains")
    if unchecked:
        rows = rows.exclude(checks__quarter=int(unchecked))
    checks = CommitmentCheck.objects.select_related("checked_by")
    return rows.select_related("user").prefetch_related(Prefetch("checks", checks))


def quarters_of(promise):
    """What was found in each quarter: four checks, None where there is none."""
    checks = {check.quarter: check for check in promise.checks.all()}
    return [checks.get(quarter) for quarter in range(1, 5)]


def quarters_begun(year, today):
    """The quarters of a year that have begun by that day."""
    return [quarter for quarter in range(1, 5) if first_day(year, quarter) <= today]


def last_quarter(today):
    """(year, quarter) of the quarter that ended last."""
    quarter = (today.month - 1) // 3
    return (today.year, quarter) if quarter else (today.year - 1, 4)


@dataclass
class Item:
    """An item of a mechanism: how far it is, and how that stands to the year: "ok", "warn" or "bad"."""

    name: str
    aim: str
    percent: int
    lamp: str
    steps: list

    @property
    def word(self):
        """The lamp in a word."""
        return {"ok": "按进度" if self.percent < 100 else "已完成", "warn": "偏慢", "bad": "滞后"}[self.lamp]


def items_of(mechanism, steps, today):
    """The Items of a mechanism by its steps, oldest first; the latest one counts."""
    expected = expected_by(mechanism.year, today)
    by_item = {}
    for row in steps:
        by_item.setdefault(row.item, []).append(row)
    return [_item(row, by_item.get(row["name"], []), expected) for row in mechanism.items]


def _item(row, steps, expected):
    percent = steps[-1].percent if steps else 0
    return Item(row["name"], row["aim"], percent, lamp(percent, expected), steps[::-1])


def lamp(percent, expected):
    """How far something is against how far it should be, both in per cent."""
    if percent >= min(expected, 100):
        return "ok"
    return "warn" if percent >= expected - BEHIND else "bad"


def expected_by(year, today):
    """How much of a year has gone by on a day, in per cent."""
    if today.year != year:
        return 100 if today.year > year else 0
    return today.timetuple().tm_yday * 100 // 366


def mechanisms_of(unit, year, today):
    """[(Mechanism, Items, mean per cent)] of a unit in a year."""
    found = list(Mechanism.objects.filter(unit=unit, year=year))
    steps = {row.pk: [] for row in found}
    for step in MechanismStep.objects.filter(mechanism__in=found).select_related("actor"):
        steps[step.mechanism_id].append(step)
    listed = [(row, items_of(row, steps[row.pk], today)) for row in found]
    return [(row, items, mean(items)) for row, items in listed]


def mean(items):
    """The mean of the items' per cent, rounded down; 0 without any."""
    return sum(item.percent for item in items) // len(items) if items else 0


def concerning(user):
    """What a person finds about the own team and about himself or herself on the first page."""
    membership = Membership.objects.open().filter(user=user).select_related("team__unit").first()
    team = membership and membership.team
    posts = PartyPost.objects.filter(Q(team=team) if team else Q(user=user), ended_on__isnull=True)
    promises = Commitment.objects.filter(user=user, year=timezone.localdate().year).prefetch_related("checks")
    group = PartyGroupMember.objects.filter(user=user, left_on__isnull=True).select_related("group__leader").first()
    return {
        "team": team,
        "touch": touches([team])[0] if team else None,
        "posts": posts.select_related("user", "team"),
        "promises": [(row, quarters_of(row)) for row in promises],
        "group": group and group.group,
        "touched": [(touch, visit_kind_for(user, touch.team)) for touch in touches(_teams_of(user))],
    }


def visit_kind_for(user, team):
    """The kind by which the person writes down a visit to a team; None where it is not installed or not for him or her."""
    kind = visit_kind(team.unit)
    return kind if kind and teams_to_record(user, kind).filter(pk=team.pk).exists() else None


def _teams_of(user):
    return [row.team for row in liaisons_of(user)]


def liaisons_of(user):
    """Teams that the person is in touch with now."""
    return Liaison.objects.filter(user=user, ended_on__isnull=True).select_related("team__unit")


def waiting_for(user):
    """(title, detail, address, kind of state, word) of visits and checks that wait for the person, for the home page."""
    late = [touch for touch in touches(_teams_of(user)) if touch.missing]
    if late:
        names = "、".join(touch.team.name for touch in late[:3]) + ("等" if len(late) > 3 else "")
        yield "走访班组", f"本月还没走访：{names}", reverse("activities:party"), "wait", "待办"
    yield from _checks_due(user)


def _checks_due(user):
    year, quarter = last_quarter(timezone.localdate())
    units = access_of(user).unit_ids("party.keep")
    if not units:
        return
    due = Commitment.objects.filter(unit__in=units, year=year).exclude(checks__quarter=quarter).exclude(user=user)
    for unit in sorted(set(due.values_list("unit", flat=True))):
        address = reverse("activities:party-commitments", args=[unit, year])
        count = due.filter(unit=unit).count()
        yield "检查承诺", f"{year} 年第 {quarter} 季度还有 {count} 条没检查", address, "wait", "待办"

"""What the studios of the units achieved in a year: members, verified projects, patents, trainings, people trained, benefit."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from assessments.models import Studio, StudioMember, StudioResult
from teams.downloads import Figure
from teams.figures import decimal_text

HEADERS = ["单位", "工作室", "成员", "攻关项目", "专利论文标准", "带徒培训", "培训人数", "服务示范", "核实年效益（元）"]
Kind = StudioResult.Kind
COUNTS = {"projects": Kind.PROJECT, "patents": Kind.PATENT, "trainings": Kind.TRAINING, "services": Kind.SERVICE}
NAMES = ("studios", "members", "projects", "patents", "trainings", "people", "services", "benefit")
"""In the order of HEADERS; benefit is fen a year."""


@dataclass(frozen=True)
class Row:
    """The year of a unit, or of all together (`unit` None)."""

    unit: object
    figures: tuple

    def __getattr__(self, name):
        if name in NAMES:
            return self.figures[NAMES.index(name)]
        raise AttributeError(name)


def year_of(year):
    """(Rows of the units that had a studio in the year, most benefit first; the Row of all together)."""
    studios = Studio.objects.filter(founded_on__year__lte=year).exclude(ended_on__year__lt=year)
    units = {studio.unit_id: studio.unit for studio in studios.select_related("unit")}
    heads, members, results = _studios(studios), _members(studios, year), _results(studios, year)
    rows = [Row(unit, (heads[pk], members[pk], *results[pk])) for pk, unit in units.items()]
    total = Row(None, tuple(map(sum, zip(*(row.figures for row in rows), strict=True))) or (0,) * len(NAMES))
    return sorted(rows, key=lambda row: (-row.benefit, row.unit.name)), total


def _studios(studios):
    return _counted(studios.order_by().values_list("unit").annotate(n=Count("pk")))


def _members(studios, year):
    """People who were in a studio on some day of the year; in two studios of the unit they count once."""
    there = StudioMember.objects.filter(studio__in=studios, joined_on__year__lte=year).exclude(left_on__year__lt=year)
    return _counted(there.order_by().values_list("studio__unit").annotate(n=Count("user", distinct=True)))


def _counted(pairs):
    return defaultdict(int, pairs)


def _results(studios, year):
    """{unit id: (projects, patents, trainings, people, services, benefit)} of the verified results of the year."""
    rows = StudioResult.objects.filter(studio__in=studios, date__year=year, state=StudioResult.State.VERIFIED)
    counts = {name: Count("pk", filter=Q(kind=kind)) for name, kind in COUNTS.items()}
    sums = {"trained": Sum("people", filter=Q(kind=Kind.TRAINING)), "worth": Sum("benefit")}
    found = rows.order_by().values(unit=F("studio__unit")).annotate(**counts, **sums)
    names = ("projects", "patents", "trainings", "trained", "services", "worth")
    return defaultdict(lambda: (0,) * 6, {row["unit"]: tuple(row[name] or 0 for name in names) for row in found})


def exported(rows):
    """Rows under HEADERS."""
    for row in rows:
        *counts, benefit = row.figures
        yield [row.unit or "合计", *(Figure(str(count)) for count in counts), Figure(decimal_text(benefit), money=True)]

"""The price lists of awards and deductions that a person may read, and one of them as a workbook."""

from incentives.models import Clause
from teams.access import line_of, lines_of
from teams.downloads import Figure
from teams.figures import decimal_text

HEADERS = ["编号", "条款", "奖罚", "每次最少（元）", "每次最多（元）", "说明", "适用单位", "停用日期"]


def clauses_for(unit):
    """Every clause that holds or held for a unit: its own ones and those of the units above."""
    return Clause.objects.filter(unit__in=line_of(unit)).select_related("unit").order_by("unit_id", "code", "pk")


def in_force(unit):
    """Those that can be used."""
    return clauses_for(unit).filter(ended_on__isnull=True)


def readable_units(access):
    """Ids of the units whose price list a person may read: of the own teams and units, and every unit above."""
    return lines_of({team.unit_id for team in access.teams("team.view")} | set(access.unit_ids("team.view")))


def exported(clauses):
    """Rows of a workbook under HEADERS."""
    return [
        [
            clause.code,
            clause.name,
            clause.get_kind_display(),
            *(Figure(decimal_text(amount), money=True) for amount in (clause.least, clause.most)),
            clause.note,
            str(clause.unit),
            str(clause.ended_on or ""),
        ]
        for clause in clauses
    ]

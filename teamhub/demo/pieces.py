"""Piece work of the team that unloads coal: a price list, and some days of this month, the last of them not checked yet."""

import datetime

from incentives.services import piece_items, piecework
from teams import periods
from teams.models import Membership

TEAM = "卸煤班"
ITEMS = [
    # name, measure, points (hundredths), what good work is
    ("卸煤车", "车", 1200, "车厢扫净，不留底煤"),
    ("清箅子", "班", 6000, "箅子上没有杂物"),
    ("平整煤堆", "百米", 2500, "坡度不超过 45 度"),
]
DAYS = 4


def add(plant, today):
    """The price list of the team's unit, and what its people did on the last days of this month."""
    demo = plant.team(TEAM)
    items = [_item(demo, *terms) for terms in ITEMS]
    people = [row.user for row in Membership.objects.open().filter(team=demo.team).select_related("user")]
    days = [today - datetime.timedelta(days=back) for back in range(DAYS)]
    for number, day in enumerate(day for day in days if periods.period_of(day) == periods.period_of(today)):
        work = {(user, items[(seat + number) % 3]): 100 * (2 + seat % 4) for seat, user in enumerate(people)}
        records = piecework.enter(demo.team, day, work, actor=demo.leader)
        if number:
            piecework.accept(demo.team, [record.pk for record in records], actor=demo.manager)


def _item(demo, name, measure, points, note):
    terms = {"name": name, "measure": measure, "points": points, "note": note}
    return piece_items.add(demo.team.unit, actor=demo.manager, **terms)

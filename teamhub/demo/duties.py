"""What was due in the running month, and when it was done: the self checks of each day, the attendance of the month before."""

import datetime

from django.utils import timezone

from activities.duties import ATTENDANCE_CONFIRM, DAY, SELF_CHECK, source_of
from activities.models import Duty
from activities.services import duties
from assessments.models import Check
from teams import periods

NO_WORK = "停机检修，全班休息"


def add(plant, today):
    """The duties since the last day of the month before: done where there is a check or record, otherwise missed; one is waived."""
    start = periods.first_day(periods.period_of(today)) - DAY
    for back in range((today - start).days, -1, -1):
        duties.raise_due(today - back * DAY)
        if today - back * DAY > start:
            duties.raise_records(today - back * DAY)
    for check in Check.objects.valid().filter(kind=Check.Kind.SELF, date__gte=start).select_related("checker"):
        duties.fulfil(source_of(SELF_CHECK, check.team_id, check.date), actor=check.checker, at=check.submitted_at)
    confirmed_at = timezone.make_aware(datetime.datetime.combine(start, datetime.time(17, 40)))
    for demo in plant.teams:
        duties.fulfil(source_of(ATTENDANCE_CONFIRM, demo.team.pk, start), actor=demo.leader, at=confirmed_at)
    duties.excuse_rest(today)
    duties.settle(today)
    missed = Duty.objects.filter(state=Duty.State.MISSED, kind=SELF_CHECK.code).first()
    if missed:
        manager = next(demo.manager for demo in plant.teams if demo.team.pk == missed.team_id)
        duties.waive(missed, NO_WORK, actor=manager)

"""What the demo tells of former days: moments, and rows of histories that are dated when they are stored."""

import datetime

from django.utils import timezone


def moment(day, hour):
    """A full hour of a day at the plant."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def stored(step, at):
    """The row of a history, stored as fixtures are, so that it keeps its own moment."""
    step.at = at
    step.save_base(raw=True)
    return step

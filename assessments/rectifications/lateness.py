"""How late a rectification is, in working days, and who has to know. Pure: dates in, figures out."""

from bisect import bisect_right
from datetime import date

UNIT_AFTER = 3
"""From so many working days after the due date on, the manager of the unit is told."""
PLANT_AFTER = 7
"""From so many on, also the assessors and managers of the whole plant."""


def working_days_late(due_on, today, workdays):
    """Working days that have passed since the due date, today included; `workdays` is sorted and reaches up to today."""
    return max(bisect_right(workdays, today) - bisect_right(workdays, due_on), 0)


def due_before(count, workdays):
    """What was due before this date is so many working days late; `workdays` is sorted and reaches up to today."""
    return workdays[-count] if len(workdays) >= count else date.min

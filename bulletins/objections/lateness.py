"""Until when an objection has to be taken up or answered, and how many working days are left."""

import datetime

from django.db.models import Q
from django.utils import timezone

from bulletins.models import Objection
from teams.workdays import workdays_among

State = Objection.State


def overdue(objections):
    """Those of a query set whose present deadline has passed."""
    today = timezone.localdate()
    late = Q(state=State.FILED, accept_by__lt=today) | Q(state=State.ACCEPTED, answer_by__lt=today)
    return objections.filter(late)


def due_on(objection):
    """The date until which the next step is due; None where none is."""
    return {State.FILED: objection.accept_by, State.ACCEPTED: objection.answer_by}.get(objection.state)


def with_deadlines(objections):
    """The objections in a list, each with `due_on` and `left`: full working days until then, negative once it has passed.

    One query, however many they are.
    """
    rows, today = list(objections), timezone.localdate()
    for row in rows:
        row.due_on = due_on(row)
    dates = [row.due_on for row in rows if row.due_on]
    days = workdays_among(_span(min(dates), max(dates), today)) if dates else {}
    for row in rows:
        row.left = row.due_on and _between(today, row.due_on, days)
    return rows


def _span(first, last, today):
    first, last = min(first, today), max(last, today)
    return [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]


def _between(today, due, days):
    """Working days after today up to the due date; negative: days after the due date up to today, at least one."""
    if today <= due:
        return sum(is_worked for day, is_worked in days.items() if today < day <= due)
    return -max(sum(is_worked for day, is_worked in days.items() if due < day <= today), 1)


def left_text(objection):
    """How much time there is, in words; empty where nothing is due. Needs with_deadlines."""
    if objection.due_on is None:
        return ""
    if objection.left < 0:
        return f"已逾期 {-objection.left} 个工作日"
    return f"还有 {objection.left} 个工作日" if objection.left else "今天到期"

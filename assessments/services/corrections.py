"""What was filed to correct an objection to a board of scores, linked to it."""

from django.db import transaction

from assessments.models import Check
from assessments.services import plan_outcomes
from bulletins.services import objections


@transaction.atomic
def link_sheet(objection, entry, *, actor):
    """Link an Entry to its upheld objection; a sheet among them is no check that was made, and does no plan."""
    objections.link_correction(objection, entry.text, entry.url, actor=actor)
    kind, _, pk = entry.key.partition("-")
    for check in Check.objects.filter(pk=pk) if kind == "check" else ():
        plan_outcomes.reopen(check)

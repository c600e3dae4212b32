"""Background work that needs several floors: may run twice, safe to kill."""

from celery import shared_task
from django.utils import timezone

from activities.duties import SELF_CHECK
from activities.services import duties
from assessments.services.plan_outcomes import raise_due
from assessments.services.standards import first_months
from teams.models import Unit


@shared_task(name="teamhub.keep_duties")
def keep_duties():
    """Every night: raise what is due, spot checks on their day; self checks once the unit has a standard for the month."""
    units = list(Unit.objects.open().values_list("pk", flat=True))
    duties.keep(timezone.localdate(), begun={SELF_CHECK.code: first_months(units)}, further=[raise_due])

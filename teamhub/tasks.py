"""Background work that needs several floors: may run twice, safe to kill."""

from celery import shared_task
from django.utils import timezone

from activities.duties import SELF_CHECK
from activities.services import duties
from assessments.services.standards import first_months
from teams.models import Unit


@shared_task(name="teamhub.keep_duties")
def keep_duties():
    """Every night: raise what is due; a self check from the first month on for which the unit has a standard."""
    units = list(Unit.objects.open().values_list("pk", flat=True))
    duties.keep(timezone.localdate(), begun={SELF_CHECK.code: first_months(units)})

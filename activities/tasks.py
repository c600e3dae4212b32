"""Background work of activities: may run twice, safe to kill. The nightly run is the top floor's (teamhub/tasks.py)."""

from celery import shared_task

from activities.services import duties


@shared_task(name="activities.notice_attendance")
def notice_attendance():
    """Notice the attendance that was confirmed in the last minutes."""
    duties.notice_attendance()

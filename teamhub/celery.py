"""The Celery application: transport only; what must happen is always a row in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teamhub.settings")

app = Celery("teamhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

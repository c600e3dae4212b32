"""The project: settings, Celery, URLs, home page, health, demo plant. May import every app; no app imports it."""

from teamhub.celery import app as celery_app

__all__ = ["celery_app"]

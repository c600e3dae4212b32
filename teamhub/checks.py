"""System checks: what must be right before the product may serve."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

from teams.triggers import missing


@register(Tags.database)
def guards_are_installed(app_configs, databases=None, **kwargs):
    """Every declared trigger is in the database; asked with `check --database default`."""
    names = [name for alias in databases or [] for name in missing(connections[alias])]
    return [
        Error(f"The database lacks the trigger {name}.", hint="Run manage.py migrate.", id="teamhub.E001")
        for name in names
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs, **kwargs):
    """A production site answers for named hosts only."""
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS is '*'.", hint="Name the hosts in ALLOWED_HOSTS.", id="teamhub.E002")]
    return []

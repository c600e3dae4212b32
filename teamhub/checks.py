"""System checks: what must be right before the product may serve."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections

from teams.triggers import missing


@register(Tags.database)
def guards_are_installed(app_configs, databases=None, **kwargs):
    """Every declared trigger is in the database; asked with `check --database default --fail-level WARNING`.

    `migrate`, which installs them, asks too and stops at errors: hence a warning, and silence before the first migrate.
    """
    migrated = [connections[alias] for alias in databases or [] if connections[alias].introspection.table_names()]
    return [
        CheckWarning(f"The database lacks the trigger {name}.", hint="Run manage.py migrate.", id="teamhub.W001")
        for connection in migrated
        for name in missing(connection)
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs, **kwargs):
    """A production site answers for named hosts only."""
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS is '*'.", hint="Name the hosts in ALLOWED_HOSTS.", id="teamhub.E002")]
    return []

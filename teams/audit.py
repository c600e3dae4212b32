"""The trail: one row for every change, written in the same transaction as the change itself."""

from contextvars import ContextVar

from django.conf import settings

from teams.models import AuditEntry

current_address: ContextVar = ContextVar("current_address", default=None)


def record(verb, subject, *, actor, unit=None, before=None, after=None, label=None):
    """Append one entry to the trail.

    `verb` is "<noun>.<past participle>", e.g. "attendance.approved"; `subject` the changed row; `before` and `after`
    hold only the fields that changed; `label` is what the row is called instead of its own words. Call it inside the transaction of the change. Returns the entry.
    """
    entry = _entry(verb, subject, actor=actor, unit=unit, before=before, after=after, label=label)
    entry.save()
    return entry


def record_all(verb, subjects, *, actor, after=None):
    """Append an entry for each of these rows of units, in one statement; `after` says of a row what record is told as `after`."""
    AuditEntry.objects.bulk_create(
        _entry(verb, subject, actor=actor, unit=subject.unit, after=after and after(subject)) for subject in subjects
    )


def _entry(verb, subject, *, actor, unit, before=None, after=None, label=None):
    return AuditEntry(
        actor=actor,
        verb=verb,
        object_type=subject._meta.label_lower,
        object_id=subject.pk,
        label=(label or str(subject))[:200],
        unit=unit,
        before=before or {},
        after=after or {},
        address=current_address.get(),
    )


def client_address(request):
    """The address a request came from: behind N trusted proxies the N-th entry from the right of X-Forwarded-For.

    Entries further left are whatever the client wrote there and are not believed.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or None

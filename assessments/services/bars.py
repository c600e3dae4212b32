"""Bars: what happened and keeps somebody from being named is recorded, and taken back where it was wrong."""

from django.db import transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.models import Bar
from teams import audit


@transaction.atomic
def record(unit, *, actor, code, text, happened_on, team=None, user=None):
    """Record a case of a whole unit, of one of its teams or of a person; returns the Bar. Never one that is recorded."""
    if happened_on > timezone.localdate():
        raise AssessmentError("发生日期在今天以后，请核对。")
    about = {"unit": unit, "team": team, "user": user, "code": code, "happened_on": happened_on}
    if Bar.objects.filter(**about, lifted_on__isnull=True).exists():
        raise AssessmentError("同一天、同一种情形已经登记过了，不用再登。")
    bar = Bar.objects.create(text=text, recorded_by=actor, **about)
    after = {"code": code, "happened_on": f"{happened_on}", "about": str(team or user or unit)}
    audit.record("bar.recorded", bar, actor=actor, unit=unit, after=after)
    return bar


@transaction.atomic
def lift(bar, reason, *, actor):
    """Take a bar back: it holds no longer, also for rounds that run."""
    lifted = {"lifted_on": timezone.localdate(), "lifted_reason": reason}
    if not Bar.objects.filter(pk=bar.pk, lifted_on__isnull=True).update(**lifted):
        raise StaleState("这一条已经取消了。")
    audit.record("bar.lifted", bar, actor=actor, unit=bar.unit, after={"reason": reason})

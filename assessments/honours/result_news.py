"""What became of the own applications, told for two weeks once their round is named: who was named, and who was not."""

import datetime

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from assessments.honours.application_access import WHOLE, own
from assessments.honours.summary import REVIEWED
from assessments.models import Application, ApplicationStep, Round
from teams import periods

TOLD_FOR = datetime.timedelta(days=14)
"""So long it is told; counted from the deed, for the day that the document bears may lie weeks back."""


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each line, the latest naming first; one query."""
    deeds = ApplicationStep.objects.filter(application__round=OuterRef("round"), action="name").order_by("-id")
    rows = WHOLE.filter(own(user), round__state=Round.State.NAMED, state__in=REVIEWED)
    rows = rows.annotate(decided_at=Subquery(deeds.values("at")[:1]))
    for row in rows.filter(decided_at__gte=timezone.now() - TOLD_FOR).order_by("-decided_at", "id"):
        yield _told(row)


def _told(row):
    is_named = row.state == Application.State.NAMED
    title, more = ("评上了", "看评语和证书") if is_named else ("没有评上", "看评语")
    day, address = timezone.localdate(row.decided_at), reverse("assessments:application", args=[row.pk])
    detail = f"{row.subject}“{row.round.frozen['title']}”，{more}"
    return title, detail, address, "ok", periods.day_text(day)

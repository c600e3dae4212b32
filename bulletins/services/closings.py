"""公示结束证明: the notice of a board has run its time with nothing open; written once, never taken back."""

import logging

from django.db import transaction
from django.utils import timezone

from bulletins.closings import due_on, objections_raised
from bulletins.errors import BulletinError
from bulletins.models import Bulletin, Closing, Signature
from bulletins.signatures import concerned_by
from teams import audit
from teams.models import Unit

log = logging.getLogger(__name__)


def close_due():
    """Close every board whose notice is over; one that cannot be closed keeps no other open. Returns how many were."""
    closed = 0
    for pk in list(due_on(timezone.localdate()).values_list("pk", flat=True)):
        try:
            close(pk)
            closed += 1
        except BulletinError:
            log.info("board %s is not due any more", pk)
        except Exception:
            log.exception("board %s could not be closed", pk)
    return closed


@transaction.atomic
def close(bulletin_id):
    """Write the certificate of one board; raises BulletinError when it has one, or its notice runs or is disputed."""
    unit = Unit.objects.select_for_update().get(pk=Bulletin.objects.values_list("unit", flat=True).get(pk=bulletin_id))
    due = due_on(timezone.localdate()).annotate(raised=objections_raised())
    bulletin = due.filter(pk=bulletin_id).first()
    if bulletin is None:
        raise BulletinError("公示期还没有到，或者还有异议没有办结，或者已经有公示结束证明。")
    people = concerned_by(bulletin)
    signed = Signature.objects.filter(bulletin=bulletin, user__in=people).count()
    facts = {"concerned": len(people), "signed": signed, "objections": bulletin.raised}
    Closing.objects.create(bulletin=bulletin, **facts)
    audit.record("board.closed", bulletin, actor=None, unit=unit, after=facts)

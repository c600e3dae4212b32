"""Who has opened a board: one row a person and day."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bulletins.models import Receipt
from teams import audit


def read_by(bulletin, user):
    """Note that a person signed in has opened a board: the row of the day, or one more view in it."""
    now, day = timezone.now(), timezone.localdate()
    today = Receipt.objects.filter(bulletin=bulletin, user=user, date=day)
    if today.update(views=F("views") + 1, last_at=now):
        return
    try:
        with transaction.atomic():
            Receipt.objects.create(bulletin=bulletin, user=user, date=day, last_at=now)
    except IntegrityError:
        today.update(views=F("views") + 1, last_at=now)


@transaction.atomic
def export_noted(bulletin, *, actor):
    """Note that a person takes away other people's figures: a reading, and a row of the trail."""
    read_by(bulletin, actor)
    audit.record("board.exported", bulletin, actor=actor, unit=bulletin.unit, after={"serial": bulletin.serial})

"""Who has opened a board: one row a person and day."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bulletins.models import Receipt


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

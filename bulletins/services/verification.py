"""The proof of the boards kept as a row of the trail: how many were looked at and what does not hold."""

from itertools import islice

from django.db import transaction

from bulletins.errors import BulletinError
from bulletins.models import Bulletin
from bulletins.services.heads import heads_outside
from bulletins.verification import flaws
from teams import audit
from teams.models import AuditEntry, Unit

MOST_NAMED = 20
"""How many chains that do not hold are named; more of them say nothing new."""


def verify_boards(path=None):
    """Prove every chain and keep the result; returns how many boards there are and a sentence for each chain that does not hold.

    `path` is a file of heads kept outside the database; None takes the one that is written daily, where there is one.
    The proof itself holds no lock.
    """
    examined = Bulletin.objects.count()
    try:
        problems = [str(flaw) for flaw in islice(flaws(heads_outside(path)), MOST_NAMED)]
    except BulletinError as error:
        problems = [str(error)]
    _keep({"examined": examined, "problems": problems})
    return examined, problems


@transaction.atomic
def _keep(facts):
    company = Unit.objects.filter(parent=None).first()
    if company and facts["problems"]:
        audit.record("chain.broken", company, actor=None, unit=company, after=facts)
    elif company:
        audit.record("chain.verified", company, actor=None, unit=company, after=facts)


def last_verification():
    """The trail's row of the latest proof, or None before the first."""
    return AuditEntry.objects.filter(verb__in=["chain.verified", "chain.broken"]).order_by("-id").first()


def found_broken():
    """What the latest proof found wrong, as sentences; none when every chain holds or was never proved."""
    latest = last_verification()
    return latest.after["problems"] if latest and latest.verb == "chain.broken" else []

"""核对签字: a member says that the own figures on a board were checked, or a representative keeps it from the paper sheet."""

from django.db import transaction

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Bulletin, Closing, Signature
from bulletins.signatures import concerned_by, contests
from teams import audit
from teams.models import Unit


@transaction.atomic
def sign(bulletin, *, actor):
    """Member: the own row on the board has been checked. Said once; until the notice is closed.

    Raises StaleState for a superseded or closed board, BulletinError for who is not on it, has signed or contests the row.
    """
    _require_open(bulletin)
    if actor.pk not in concerned_by(bulletin):
        raise BulletinError("这张榜上没有您的一行，不用核对签字。")
    if Signature.objects.filter(bulletin=bulletin, user=actor).exists():
        raise BulletinError("您已经核对签字了，不用再签。")
    if contests(actor, bulletin):
        raise BulletinError("您对自己这一行提的异议还没有办完，有了结果再签。")
    Signature.objects.create(bulletin=bulletin, user=actor)
    audit.record("board.signed", bulletin, actor=actor, unit=bulletin.unit, after={"member": actor.name})


@transaction.atomic
def keep_paper(bulletin, user, *, actor):
    """Leader or union representative: another member's signature on the printed sheet. Refuses as sign does."""
    if user == actor:
        raise BulletinError("自己的签字请点“我已核对”，不能当作纸面签字登记。")
    _require_open(bulletin)
    if user.pk not in concerned_by(bulletin):
        raise BulletinError(f"这张榜上没有{user.name}的一行，不用核对签字。")
    if Signature.objects.filter(bulletin=bulletin, user=user).exists():
        raise BulletinError(f"{user.name}已经核对签字了，不用再登记。")
    Signature.objects.create(bulletin=bulletin, user=user, kept_by=actor)
    audit.record("board.signed_on_paper", bulletin, actor=actor, unit=bulletin.unit, after={"member": user.name})


def _require_open(bulletin):
    """Holds the unit, so that nothing is posted, closed or signed meanwhile."""
    Unit.objects.select_for_update().get(pk=bulletin.unit_id)
    if not Bulletin.objects.current().filter(pk=bulletin.pk).exists():
        raise StaleState("这张榜已经另出新的一版，请看过新的一版再签。")
    if Closing.objects.filter(bulletin=bulletin).exists():
        raise StaleState("这张榜的公示已经结束，不再签字。有不对的地方，请找班组长在下个月更正。")

"""会签: what the members say about a proposed distribution, each on the own phone or kept from the paper list."""

from django.db import transaction
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import Distribution, SignOff
from incentives.services.approvals import require_seen
from teams import audit


@transaction.atomic
def sign(distribution, *, agrees, reason="", actor, seen=None):
    """Member: agree to the distribution, or object with a reason. Who objected may still agree; who agreed has agreed.

    The own word also replaces one that somebody kept from the paper list. Raises StaleState unless the distribution is
    proposed and is the one that the page showed (`seen`).
    """
    earlier = _said(distribution, actor, seen)
    if earlier and not earlier.kept_by_id and earlier.agrees:
        raise IncentiveError("您已经签了同意，不能再改。有意见请找班组长或者单位负责人。")
    if earlier and not earlier.kept_by_id and not agrees:
        raise IncentiveError("您已经写过不同意了。意见解决以后，可以改签同意。")
    _say(distribution, actor, earlier, agrees, reason, actor=actor)


@transaction.atomic
def keep_paper(distribution, user, *, agrees, reason="", actor, seen=None):
    """Leader or union representative: what a member who has no phone signed on the paper list.

    Nobody keeps the own word; what a member said on the phone stays, and agreement on paper stays, too.
    """
    if user == actor:
        raise IncentiveError("自己的会签在自己的页面上签，不能当作纸面会签登记。")
    earlier = _said(distribution, user, seen)
    if earlier and (earlier.agrees or not earlier.kept_by_id):
        raise IncentiveError(f"{user.name}已经签过了。本人要改，请本人登录来改。")
    if earlier and not agrees:
        raise IncentiveError(f"{user.name}的不同意已经登记过了。")
    _say(distribution, user, earlier, agrees, reason, actor=actor)


def _said(distribution, user, seen):
    """What the member said so far, or None; holds the distribution so that nothing happens to it meanwhile."""
    require_seen(distribution, seen)
    proposed = Distribution.objects.select_for_update().filter(pk=distribution.pk, state=Distribution.State.PROPOSED)
    if proposed.first() is None:
        raise StaleState("这份分配现在不在会签：还没有提交，或者已经批准了。请刷新页面再看。")
    if not distribution.lines.filter(user=user).exists():
        raise IncentiveError(f"{user.name}不参加这份分配，不用会签。")
    return SignOff.objects.filter(distribution=distribution, user=user).first()


def _say(distribution, user, earlier, agrees, reason, *, actor):
    reason = "" if agrees else reason.strip()
    if not agrees and not reason:
        raise IncentiveError("不同意要写明理由，负责人才知道哪里要改。")
    kept_by = None if user == actor else actor
    word = {"agrees": agrees, "reason": reason, "kept_by": kept_by, "at": timezone.now()}
    if earlier is None:
        SignOff.objects.create(distribution=distribution, user=user, agrees=agrees, reason=reason, kept_by=kept_by)
    elif not SignOff.objects.filter(pk=earlier.pk, at=earlier.at).update(**word):
        raise StaleState
    after = {"member": user.name, "agrees": agrees} | ({"reason": reason} if reason else {})
    told = {"actor": actor, "unit": distribution.team.unit, "after": after}
    if kept_by:
        audit.record("bonus.signed_on_paper", distribution, **told)
    else:
        audit.record("bonus.signed", distribution, **told)

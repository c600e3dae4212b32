"""How a unit posts, set by its manager; whatever hangs already stays as it is."""

from django.db import transaction

from bulletins.errors import BulletinError, StaleState
from bulletins.models import BoardPolicy, Bulletin
from bulletins.policies import policy_for, stamp_of
from teams import audit
from teams.models import Unit

FIELDS = (
    "bonus_mode",
    "mask_names",
    "notice_days",
    "publish_on_posting",
    "restart_notice",
    "anonymous_objections",
    "accept_days",
    "answer_days",
)
NOTHING_NEW = "没有改动：这些规定现在就是这样。"


@transaction.atomic
def set_policy(unit, chosen, *, actor, seen=None):
    """Give a unit a policy of its own, or change it; it holds for what is posted from now on.

    `chosen` maps all FIELDS to values. `seen` is the stamp_of the policy that the page showed: StaleState when another
    holds by now. Raises BulletinError when nothing would change.
    """
    own, held = _held(unit, seen)
    before, after = _told(held), _told(BoardPolicy(**chosen))
    changed = [name for name in FIELDS if before[name] != after[name]]
    if own and not changed:
        raise BulletinError(NOTHING_NEW)
    policy, _ = BoardPolicy.objects.update_or_create(unit=unit, defaults=chosen | {"set_by": actor})
    before, after = ({name: side[name] for name in changed} for side in (before, after))
    audit.record("policy.changed", policy, actor=actor, unit=unit, before=before, after=after)


@transaction.atomic
def drop_policy(unit, *, actor, seen=None):
    """Let a unit post again as the unit above it does. Raises BulletinError when it has no policy of its own."""
    own, held = _held(unit, seen)
    if not own:
        raise BulletinError(f"{unit}没有自己的张榜规定，不用取消。")
    audit.record("policy.dropped", held, actor=actor, unit=unit, before=_told(held))
    held.delete()


def _held(unit, seen):
    """Whether the unit has its own policy, and the one that holds, with the unit held against other changes."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    held = policy_for(unit)
    if seen is not None and seen != stamp_of(held):
        raise StaleState("您打开页面之后，张榜规定又有人改过。请刷新页面，看过再改。")
    return held.pk is not None and held.unit_id == unit.pk, held


def _told(policy):
    """The policy's fields as the trail keeps them, with the kinds of boards by name."""
    days = {Bulletin.Kind(kind).label: days for kind, days in policy.notice_days.items()}
    return {name: getattr(policy, name) for name in FIELDS} | {
        "bonus_mode": policy.get_bonus_mode_display(),
        "notice_days": days,
    }

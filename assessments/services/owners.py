"""Who in a team answers for which line of its standard (事事有人管)."""

from django.db import transaction

from assessments.errors import AssessmentError, StaleState
from assessments.models import ItemOwner
from teams import audit
from teams.models import Membership, Team, User


@transaction.atomic
def assign(team, standard, changes, *, actor):
    """Write the owners of single items and leave all others as they are; returns how many changed.

    `changes` maps the code of an item to (who stood there when the person began, who shall own it), ids or None. Somebody
    who has left the team owns nothing any more. Raises StaleState when one of these items has a third owner by now,
    AssessmentError for people who are not in the team.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    members = set(Membership.objects.open().filter(team=team).values_list("user_id", flat=True))
    _refuse_outsiders(team, changes, members)
    before = _owners(team, standard, changes, members)
    _refuse_third(changes, before)
    changed = {code: user for code, (_, user) in changes.items() if before.get(code) != user}
    rows = ItemOwner.objects.filter(team=team, standard=standard, code__in=changed)
    rows.delete()
    ItemOwner.objects.bulk_create(
        ItemOwner(team=team, standard=standard, code=code, user_id=user) for code, user in changed.items() if user
    )
    if changed:
        names = _names([*before.values(), *changed.values()])
        trail = {"before": _in_trail(before, changed, names), "after": _in_trail(changed, changed, names)}
        audit.record("items.assigned", team, actor=actor, unit=team.unit, **trail)
    return len(changed)


def _refuse_outsiders(team, changes, members):
    outside = [code for code, (_, user) in changes.items() if user and user not in members]
    if outside:
        raise AssessmentError(f"{'、'.join(outside[:3])} 选的人已不在{team}，请重新选。")


def _owners(team, standard, codes, members):
    """{code: id of the owner who is still in the team} as it stands now."""
    rows = ItemOwner.objects.filter(team=team, standard=standard, code__in=codes, user__in=members)
    return dict(rows.values_list("code", "user_id"))


def _refuse_third(changes, before):
    taken = [code for code, pair in changes.items() if before.get(code) not in pair]
    if taken:
        names = _names(before.values())
        said = "，".join(f"{code} 已改由{names.get(before.get(code), '无人')}负责" for code in taken[:3])
        raise StaleState(f"您分配的时候，{said}。什么都没有保存，请刷新页面核对后再保存。")


def _names(ids):
    return dict(User.objects.filter(pk__in=filter(None, ids)).values_list("pk", "name"))


def _in_trail(owners, codes, names):
    return {code: names.get(owners.get(code)) for code in codes}

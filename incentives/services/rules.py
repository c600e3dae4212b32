"""Bonus rules: drafted from a preset or a former version, edited, passed by the meeting, put in force from a month."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from assessments.inputs import fingerprint
from assessments.services.standards import require_near
from incentives.errors import IncentiveError, StaleState
from incentives.models import BonusRule, BonusRuleVersion, Distribution
from incentives.rules.definition import read_rule
from incentives.rules.words import differences
from teams import audit, periods
from teams.access import line_of, subtree_ids

State = BonusRuleVersion.State
PRESETS = Path(__file__).resolve().parent.parent / "presets"


def presets():
    """{key: definition} of the rules that ship with the product."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PRESETS.glob("rule_*.toml"))}


@transaction.atomic
def install_preset(key, unit, *, actor):
    """Make a draft version of the shipped rule `key` for a unit."""
    definition = presets()[key]
    read_rule(definition)
    rule, _ = BonusRule.objects.get_or_create(unit=unit, name=definition["name"])
    return _drafted(rule, definition, actor)


def _drafted(rule, definition, actor):
    latest = rule.versions.order_by("-number").first()
    number = latest.number + 1 if latest else 1
    version = BonusRuleVersion.objects.create(rule=rule, number=number, definition=definition)
    audit.record("rule.drafted", version, actor=actor, unit=rule.unit)
    return version


@transaction.atomic
def redraft(version, *, actor):
    """Make a further draft of a version's rule that says the same; raises IncentiveError while another one waits."""
    rule = BonusRule.objects.select_for_update().select_related("unit").get(pk=version.rule_id)
    waiting = rule.versions.filter(state__in=[State.DRAFT, State.PASSED]).first()
    if waiting:
        raise IncentiveError(f"“{waiting}”还没有执行，请先在那一版上改，或者先办完那一版。")
    return _drafted(rule, version.definition, actor)


@transaction.atomic
def save_draft(version, definition, shown, *, actor):
    """Let a draft say something else; returns what changed as [(what it is about, old words, new words)].

    `shown` is the fingerprint of the definition that the page was made from. Raises StaleState when the draft says something else by now or
    is no draft any more.
    """
    draft = BonusRuleVersion.objects.select_for_update().filter(pk=version.pk, state=State.DRAFT).first()
    if draft is None or fingerprint(draft.definition) != shown:
        raise StaleState("您打开页面之后，这个草案又有人改过或者已经通过。请刷新页面，看过新的内容再改。")
    changes = differences(read_rule(draft.definition), read_rule(definition))
    if draft.definition == definition:
        return changes
    BonusRuleVersion.objects.filter(pk=version.pk, state=State.DRAFT).update(definition=definition)
    before, after = ({label: pair[side] for label, *pair in changes} for side in (0, 1))
    audit.record("rule.edited", version, actor=actor, unit=version.rule.unit, before=before, after=after)
    return changes


@transaction.atomic
def pass_by_meeting(version, *, passed_on, votes_for, votes_against, votes_abstained, minutes, photos=(), actor):
    """The members' meeting (民主管理会) agrees to a draft: more than half of the votes. It can no longer be edited."""
    cast = votes_for + votes_against + votes_abstained
    if votes_for * 2 <= cast:
        raise IncentiveError(f"到会 {cast} 人，同意 {votes_for} 人，没有超过一半，不能登记为通过。")
    if passed_on > timezone.localdate():
        raise IncentiveError("会议日期不能晚于今天。")
    votes = {"votes_for": votes_for, "votes_against": votes_against, "votes_abstained": votes_abstained}
    draft = BonusRuleVersion.objects.filter(pk=version.pk, state=State.DRAFT)
    if not draft.update(state=State.PASSED, passed_on=passed_on, minutes=minutes, **votes):
        raise StaleState("这个办法已经通过、执行或删除了，不用再登记。")
    version.files.set(photos)
    version.refresh_from_db()
    after = votes | {"passed_on": passed_on.isoformat()}
    audit.record("rule.passed", version, actor=actor, unit=version.rule.unit, after=after)


@transaction.atomic
def put_in_force(version, period, *, actor):
    """Let a version that does not hold yet do so from a month on.

    Raises IncentiveError when another rule already holds from that month, or when one of the months it would hold for
    was already divided by another rule.
    """
    rivals = BonusRuleVersion.objects.filter(rule__unit=version.rule.unit, in_force_from=period)
    if rivals.exclude(pk=version.pk).exists():
        raise IncentiveError(f"{periods.label(period)}起已有另一个分配办法执行，请换一个月份。")
    _require_undivided(version, period)
    moved = BonusRuleVersion.objects.filter(pk=version.pk, state__in=[State.DRAFT, State.PASSED])
    if not moved.update(state=State.IN_FORCE, in_force_from=period):
        raise StaleState("这个办法已经在执行了。")
    version.refresh_from_db()
    audit.record("rule.put_in_force", version, actor=actor, unit=version.rule.unit, after={"from": period})


def put_in_force_by_hand(version, period, *, actor):
    """As put_in_force, for people: the month must be near, and the members' meeting must have passed it."""
    require_near(period)
    if version.state == State.DRAFT:
        raise IncentiveError("办法要先经民主管理会通过，再执行。请先登记会议日期和票数。")
    put_in_force(version, period, actor=actor)


def _require_undivided(version, period):
    """Bonuses that were proposed or approved by the rule that held so far must not seem to stand on this one."""
    unit = version.rule.unit
    later = BonusRuleVersion.objects.filter(rule__unit=unit, in_force_from__gt=period).order_by("in_force_from").first()
    divided = Distribution.objects.filter(
        team__unit__in=subtree_ids(unit),
        period__range=(period, periods.shift(later.in_force_from, -1) if later else periods.LAST),
        rule_version__rule__unit__in=line_of(unit),
    ).exclude(state=Distribution.State.DRAFT)
    latest = divided.select_related("team").order_by("-period").first()
    if latest:
        raise IncentiveError(
            f"{latest.team}{periods.label(latest.period)}的奖金已经按“{latest.rule_version}”提交或者批准，"
            f"这个办法最早从{periods.label(periods.shift(latest.period, 1))}起执行。"
        )


@transaction.atomic
def discard(version, *, actor):
    """Delete a draft that was never in force; with its last version the rule goes too. Raises StaleState otherwise."""
    draft = BonusRuleVersion.objects.select_for_update().filter(pk=version.pk, state="draft").first()
    if draft is None:
        raise StaleState("这个办法已经执行或删除了，不能再删除。")
    audit.record("rule.discarded", draft, actor=actor, unit=version.rule.unit)
    draft.delete()
    if not version.rule.versions.exists():
        version.rule.delete()

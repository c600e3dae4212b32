"""A team's bonus of a month: drafted from closed scores, approved by another person, posted to the ledger."""

import hashlib

from django.db import transaction
from django.utils import timezone

from assessments import selectors as assessment
from assessments.inputs import canonical
from assessments.models import MonthClose
from incentives import selectors
from incentives.errors import IncentiveError, StaleState
from incentives.inputs import FIGURES, divided, members_of, standings
from incentives.models import BonusRuleVersion, Distribution, DistributionLine, Pool
from incentives.rules import STANDINGS, read_rule
from incentives.services import ledger
from teams import audit, periods

State = Distribution.State


@transaction.atomic
def set_pool(team, period, amount, *, actor):
    """Set a team's pool of a month (fen). Raises IncentiveError for zero or less, or when it is already divided."""
    if amount <= 0:
        raise IncentiveError(f"{team}的奖金总额必须大于 0。没有奖金的班组请留空。")
    if amount > 10**12:
        raise IncentiveError(f"{team}的奖金总额超过了 100 亿元，请检查是否多打了零。")
    pool = Pool.objects.filter(team=team, period=period).first()
    if pool and pool.amount == amount:
        return pool
    _undivide(team, period, actor)
    before = {"amount": pool.amount} if pool else {}
    pool, _ = Pool.objects.update_or_create(team=team, period=period, defaults={"amount": amount, "set_by": actor})
    audit.record("pool.set", pool, actor=actor, unit=team.unit, before=before, after={"amount": amount})
    return pool


@transaction.atomic
def withdraw_pool(team, period, *, actor):
    """Take a team's pool of a month back, with the draft that divides it; refused once somebody approved that."""
    pool = Pool.objects.filter(team=team, period=period).first()
    if pool is None:
        raise StaleState(f"{team}{periods.label(period)}的奖金总额已经收回了。")
    _undivide(team, period, actor)
    audit.record("pool.withdrawn", pool, actor=actor, unit=team.unit, before={"amount": pool.amount})
    pool.delete()


@transaction.atomic
def set_pools(amounts, period, *, actor):
    """Set the pools of several teams, [(team, fen or None)], all or none; None withdraws. Returns (set, withdrawn)."""
    before = {
        team_id: pool.amount for team_id, pool in selectors.pools_of([team for team, _ in amounts], period).items()
    }
    changed = [(team, amount) for team, amount in amounts if amount != before.get(team.pk)]
    for team, amount in changed:
        if amount is None:
            withdraw_pool(team, period, actor=actor)
        else:
            set_pool(team, period, amount, actor=actor)
    withdrawn = sum(amount is None for _, amount in changed)
    return len(changed) - withdrawn, withdrawn


def _undivide(team, period, actor):
    """Throw away the draft that divides a pool; raises IncentiveError when it is more than a draft."""
    divided = selectors.distribution_of(team, period)
    if divided and divided.state != State.DRAFT:
        raise IncentiveError(
            f"{team}{periods.label(period)}的奖金{divided.get_state_display()}，总额不能再改，也不能收回。"
        )
    if divided:
        discard(divided, actor=actor)


@transaction.atomic
def draft(team, period, *, actor):
    """Divide the team's pool by the rule in force over the closed month; a draft can be drawn up again.

    Raises IncentiveError while the month is not closed, without a pool or a rule, or when all weights are zero.
    """
    score = assessment.team_score(team, period)
    if score is None or score.close.state != MonthClose.State.CLOSED:
        raise IncentiveError(f"{team}{periods.label(period)}的考核还没有关账，关账后才能分配奖金。")
    pool = Pool.objects.filter(team=team, period=period).first()
    if pool is None:
        raise IncentiveError(f"{team}{periods.label(period)}还没有下达奖金总额，请劳资财务先下达。")
    version = selectors.rule_for(team.unit, period)
    if version is None:
        raise IncentiveError(f"{periods.label(period)}没有执行中的分配办法，请先启用一个办法。")
    existing = selectors.distribution_of(team, period)
    if existing:
        discard(existing, actor=actor)
    return _create(team, period, pool, score.close, version, actor)


def _create(team, period, pool, close, version, actor):
    rule = read_rule(version.definition)
    members = members_of(rule, close, team)
    division = divided(pool.amount, rule, members, team)
    distribution = Distribution.objects.create(
        team=team,
        period=period,
        pool=pool,
        close=close,
        rule_version=version,
        amount=pool.amount,
        reserve=division.reserve,
        parts=_parts(rule, division, members),
        inputs_hash=_fingerprint(pool, version, members, close),
        drafted_by=actor,
        drafted_at=timezone.now(),
    )
    DistributionLine.objects.bulk_create(_line(distribution, *member, division.shares) for member in members)
    audit.record("bonus.drafted", distribution, actor=actor, unit=team.unit, after={"amount": pool.amount})
    return distribution


def _parts(rule, division, members):
    """{part: fen}, and under STANDINGS what the rule asked of members besides the figures of their lines."""
    parts = {part.key: sum(share.parts[part.key] for share in division.shares.values()) for part in rule.parts}
    asked = standings(members)
    return parts | {STANDINGS: asked} if asked else parts


def _line(distribution, member, factors, shares):
    share = shares[member.user.employee_no]
    return DistributionLine(
        distribution=distribution,
        user=member.user,
        parts=share.parts,
        amount=share.amount,
        **{name: factors[name] for name in FIGURES},
    )


def _fingerprint(pool, version, members, close):
    inputs = {
        "amount": pool.amount,
        "definition": version.definition,
        "members": {member.user.employee_no: factors for member, factors in members},
        "close": close.inputs_hash,
    }
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()


def discard(distribution, *, actor):
    """Throw a draft away; raises StaleState when it is no longer one."""
    if distribution.state != State.DRAFT:
        raise StaleState("这份分配已经批准，不能重新拟定。")
    audit.record("bonus.discarded", distribution, actor=actor, unit=distribution.team.unit)
    distribution.lines.all().delete()
    distribution.delete()


def _require_seen(distribution, seen):
    """Raise StaleState when the page (`seen`) showed another draft; None stands for a caller that has no page."""
    if seen is not None and seen != distribution.seen:
        raise StaleState("您打开页面之后，这份分配又重新拟定过。请看过新的金额再办。")


def _move(distribution, old, new, **fields):
    if not Distribution.objects.filter(pk=distribution.pk, state=old, question="").update(state=new, **fields):
        raise StaleState
    distribution.refresh_from_db()


@transaction.atomic
def approve(distribution, *, actor, seen=None):
    """Manager: the draft is right. Whoever drew it up cannot approve it. Freezes the lines and the rule version.

    `seen` is Distribution.seen as the page showed it; StaleState when that was another draft.
    """
    _require_seen(distribution, seen)
    if distribution.returned:
        raise IncentiveError("这份分配已经退回班组长，等重新拟定后再批准。")
    if actor and distribution.drafted_by_id == actor.pk:
        raise IncentiveError("分配是您自己拟定的，要由另一个人批准。")
    if sum(distribution.lines.values_list("amount", flat=True)) != distribution.shared:
        raise IncentiveError("各人金额与留存之和与奖金总额不符，不能批准。请重新拟定。")
    _move(distribution, State.DRAFT, State.APPROVED, approved_by=actor, approved_at=timezone.now())
    BonusRuleVersion.objects.filter(pk=distribution.rule_version_id, state="in_force").update(state="frozen")
    audit.record("bonus.approved", distribution, actor=actor, unit=distribution.team.unit)


@transaction.atomic
def return_draft(distribution, question, *, actor, seen=None):
    """Manager: back to the leader with a question; nobody can approve it until it is drawn up again."""
    _require_seen(distribution, seen)
    waiting = Distribution.objects.filter(pk=distribution.pk, state=State.DRAFT, question="")
    if not waiting.update(question=question):
        raise StaleState
    audit.record("bonus.returned", distribution, actor=actor, unit=distribution.team.unit, after={"question": question})


@transaction.atomic
def post(distribution, *, actor, seen=None):
    """Finance: write the approved distribution to the ledger: company to pool, pool to members and reserve, all at once."""
    _require_seen(distribution, seen)
    _move(distribution, State.APPROVED, State.POSTED, posted_by=actor, posted_at=timezone.now())
    lines = list(distribution.lines.select_related("user"))
    pool, accounts = ledger.pool_account(distribution.team), ledger.member_accounts([line.user for line in lines])
    movements = [(ledger.company_account(), pool, distribution.amount)]
    movements += [(pool, accounts[line.user_id], line.amount) for line in lines if line.amount]
    if distribution.reserve:
        movements.append((pool, ledger.reserve_account(distribution.team), distribution.reserve))
    ledger.post(
        f"distribution:{distribution.pk}",
        movements,
        period=distribution.period,
        memo=f"{distribution.team}{periods.label(distribution.period)}绩效奖金",
        actor=actor,
    )
    audit.record("bonus.posted", distribution, actor=actor, unit=distribution.team.unit)

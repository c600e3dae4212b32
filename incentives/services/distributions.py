"""A team's bonus of a month, drawn up: its pool divided by the rule in force over the closed scores."""

import hashlib

from django.db import transaction
from django.utils import timezone

from assessments import selectors as assessment
from assessments.inputs import canonical
from assessments.models import MonthClose
from incentives import selectors
from incentives.errors import IncentiveError, StaleState
from incentives.inputs import FIGURES, divided, members_of, standings
from incentives.models import Distribution, DistributionLine, Pool
from incentives.rules import STANDINGS, read_rule
from teams import audit, periods

State = Distribution.State


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

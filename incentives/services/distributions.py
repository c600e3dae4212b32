"""A team's bonus of a month, drawn up: its pool divided by the rule in force over the closed scores."""

import hashlib
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from assessments import selectors as assessment
from assessments.inputs import canonical
from assessments.models import MonthClose
from incentives import selectors
from incentives.errors import IncentiveError, StaleState
from incentives.inputs import FIGURES, divided, figures_behind, members_of, standings
from incentives.models import Distribution, DistributionLine, Pool
from incentives.pay import pays_of, undecided
from incentives.piecework import selectors as pieces
from incentives.rules.definition import STANDINGS, read_rule
from teams import audit, periods
from teams.models import User

State = Distribution.State


@transaction.atomic
def draft(team, period, *, actor):
    """Divide the team's pool by the rule in force over the closed month; a draft can be drawn up again.

    Raises IncentiveError while the month is not closed, without a pool or a rule, or when all weights are zero.
    """
    score = assessment.team_score(team, period)
    if score is None or score.close.state != MonthClose.State.CLOSED:
        raise IncentiveError(f"{team}{periods.label(period)}的考核还没有关账，关账后才能分配奖金。")
    pool = Pool.objects.select_for_update().filter(team=team, period=period).first()
    if pool is None:
        raise IncentiveError(f"{team}{periods.label(period)}还没有下达奖金总额，请劳资财务先下达。")
    version = selectors.rule_for(team.unit, period)
    if version is None:
        raise IncentiveError(f"{periods.label(period)}没有执行中的分配办法，请先启用一个办法。")
    existing = selectors.distribution_of(team, period)
    if existing:
        discard(existing, actor=actor)
    return _create(team, period, pool, score.close, version, actor)


@dataclass(frozen=True)
class _Drawn:
    """What a month comes to: the Rule, [(MemberScore, factors)], the Division and {user id: Pay}."""

    rule: object
    members: list
    division: object
    pays: dict
    fingerprint: str


def _drawn(team, pool, close, version):
    rule = read_rule(version.definition)
    members = members_of(rule, close, team)
    division = divided(pool.amount, rule, members, team)
    shares = {
        row.user_id: (division.shares[row.user.employee_no].amount, factors.get("allowance", 0))
        for row, factors in members
    }
    pays = pays_of(team, close.period, rule, shares)
    return _Drawn(rule, members, division, pays, _fingerprint(pool, version, members, close, pays))


def _create(team, period, pool, close, version, actor):
    drawn = _drawn(team, pool, close, version)
    distribution = Distribution.objects.create(
        team=team,
        period=period,
        pool=pool,
        close=close,
        rule_version=version,
        amount=pool.amount,
        reserve=drawn.division.reserve,
        parts=_parts(drawn),
        inputs_hash=drawn.fingerprint,
        drafted_by=actor,
        drafted_at=timezone.now(),
    )
    DistributionLine.objects.bulk_create(_line(distribution, drawn, *member) for member in drawn.members)
    audit.record("bonus.drafted", distribution, actor=actor, unit=team.unit, after={"amount": pool.amount})
    return distribution


def _parts(drawn):
    """{part: fen}, and under STANDINGS what the rule asked of members besides the figures of their lines."""
    shares = drawn.division.shares.values()
    parts = {part.key: sum(share.parts[part.key] for share in shares) for part in drawn.rule.parts}
    asked = standings(drawn.members)
    return parts | {STANDINGS: asked} if asked else parts


def _line(distribution, drawn, member, factors):
    share, pay = drawn.division.shares[member.user.employee_no], drawn.pays[member.user_id]
    return DistributionLine(
        distribution=distribution,
        user=member.user,
        parts=share.parts,
        amount=share.amount,
        adjusted=pay.adjusted,
        carried_in=pay.carried_in,
        carried_out=pay.carried_out,
        **{name: factors[name] for name in FIGURES},
    )


def _fingerprint(pool, version, members, close, pays):
    inputs = {
        "amount": pool.amount,
        "definition": version.definition,
        "members": {member.user.employee_no: factors for member, factors in members},
        "pays": {member.user.employee_no: asdict(pays[member.user_id]) for member, _ in members},
        "close": close.inputs_hash,
    }
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()


def require_current(distribution):
    """Raise IncentiveError while work points, awards or deductions of the month wait for a decision, or when something about
    them, about debts or about who takes part is not as it was when the distribution was drawn up.

    Locks the distribution and its people, so that a debt is not taken by two distributions at once.
    """
    Distribution.objects.select_for_update().get(pk=distribution.pk)
    lines = list(distribution.lines.select_related("user"))
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[line.user_id for line in lines]).order_by("pk"))
    _require_checked_pieces(distribution)
    waiting = list(undecided(distribution.team, distribution.period))
    if waiting:
        names = "、".join(dict.fromkeys(row.user.name for row in waiting))
        raise IncentiveError(
            f"还有 {len(waiting)} 条个人奖罚没有审批（{names}）。请单位负责人先在“个人奖罚”里批准或者不批准。"
        )
    if _has_changed(distribution, lines):
        raise IncentiveError("拟定之后，工分、个人奖罚、不参加分配的人或者以前的结转有变动，请重新拟定。")


def _require_checked_pieces(distribution):
    rule = read_rule(distribution.rule_version.definition)
    waiting = pieces.waiting(distribution.team, distribution.period) if rule.uses("points") else 0
    if waiting:
        raise IncentiveError(f"还有 {waiting} 条工分没有验收。请先在“工分”里验收或者作废，再重新拟定。")


def _has_changed(distribution, lines):
    """Whether the same shares would be paid otherwise by now, or other people would take part."""
    rule = read_rule(distribution.rule_version.definition)
    now = {row.user_id: factors for row, factors in members_of(rule, distribution.close, distribution.team)}
    if now.keys() != {line.user_id for line in lines}:
        return True
    factors = figures_behind(distribution, lines)
    if any(now[line.user_id].get("points") != factors[line.user.employee_no].get("points") for line in lines):
        return True
    shares = {line.user_id: (line.amount, factors[line.user.employee_no].get("allowance", 0)) for line in lines}
    pays = pays_of(distribution.team, distribution.period, rule, shares)
    return any(
        (line.adjusted, line.carried_in, line.carried_out) != (pay.adjusted, pay.carried_in, pay.carried_out)
        for line, pay in ((line, pays[line.user_id]) for line in lines)
    )


def discard(distribution, *, actor):
    """Throw a draft away; raises StaleState when it is no longer one."""
    if distribution.state != State.DRAFT:
        raise StaleState("这份分配已经提交，不能重新拟定。还没有批准的，可以先撤回。")
    audit.record("bonus.discarded", distribution, actor=actor, unit=distribution.team.unit)
    distribution.lines.all().delete()
    distribution.delete()

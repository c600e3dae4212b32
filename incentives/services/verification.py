"""The proof of the ledger, kept as a row of the trail: what was looked at and what is wrong. A ledger that does not hold posts no board."""

from django.db import transaction

from incentives.errors import IncentiveError
from incentives.ledger_check import MOST_NAMED, problems_of, verify
from incentives.services import ledger
from teams import audit, periods
from teams.models import AuditEntry


def verify_ledger(*, actor=None):
    """Prove the whole ledger and keep the result; returns the Outcomes. The proof itself holds no lock."""
    outcomes = verify()
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    with transaction.atomic():
        facts = {"examined": sum(outcome.examined for outcome in outcomes), "problems": problems[:MOST_NAMED]}
        _keep(ledger.company_account(), facts, actor)
    return outcomes


def _keep(account, facts, actor):
    if facts["problems"]:
        audit.record("ledger.broken", account, actor=actor, after=facts)
    else:
        audit.record("ledger.verified", account, actor=actor, after=facts)


def last_verification():
    """The trail's row of the latest proof, or None before the first."""
    return AuditEntry.objects.filter(verb__in=["ledger.verified", "ledger.broken"]).order_by("-id").first()


def found_broken():
    """What the latest proof found wrong, as sentences; none when the ledger holds or was never proved."""
    latest = last_verification()
    return latest.after["problems"] if latest and latest.verb == "ledger.broken" else []


def require_sound(team, period):
    """Raise IncentiveError while the ledger, or what it says about this team's month, does not hold."""
    problems = problems_of(team, period)
    if problems:
        raise IncentiveError(
            f"{team}{periods.label(period)}的账对不上，不能张榜：{problems[0]}。请联系劳资财务查清，金额不要再动。"
        )
    if found_broken():
        raise IncentiveError("账目核验没有通过，所有班组暂停张榜。请劳资财务和系统管理员先查清，核验通过后再张榜。")

"""Changing a member's post coefficient: proposed, decided by somebody else, in force from a day on."""

import datetime

from django.db import IntegrityError, transaction

from teams import audit
from teams.errors import StaleState, TeamError
from teams.figures import coefficient_text
from teams.models import CoefficientChange, Membership
from teams.services.proposals import decide, require_proposer, require_somebody_else

State = CoefficientChange.State


@transaction.atomic
def propose(membership, new, *, effective_on, reason, actor):
    """Propose another coefficient (hundredths) for a member from a day on; returns the CoefficientChange.

    Raises TeamError when nothing would change, the day lies before the present membership, or a proposal is pending.
    """
    if not 1 <= new <= 999:
        raise TeamError("岗位系数应在 0.01 到 9.99 之间。")
    if new == membership.coefficient:
        raise TeamError(f"{membership.user}的系数已经是 {coefficient_text(new)}。")
    if effective_on <= membership.started_on:
        raise TeamError(f"生效日期要晚于 {membership.started_on:%Y-%m-%d}（现在这个系数的起始日期）。")
    try:
        with transaction.atomic():
            change = CoefficientChange.objects.create(
                user=membership.user,
                team=membership.team,
                old=membership.coefficient,
                new=new,
                effective_on=effective_on,
                reason=reason,
                proposed_by=actor,
            )
    except IntegrityError as error:
        raise TeamError(f"{membership.user}已有一条待审批的系数变更，先等它办完。") from error
    _record("coefficient.proposed", change, actor, reason=reason)
    return change


@transaction.atomic
def approve(change, *, actor):
    """Manager: the change holds. Closes the present membership the day before and opens one with the new coefficient.

    Whoever proposed it cannot approve it, nor can the person it is about. Raises StaleState when the member has left the
    team or has another coefficient by now.
    """
    require_somebody_else(change, actor)
    decide(change, State.APPROVED, actor)
    membership = Membership.objects.open().filter(user=change.user, team=change.team, coefficient=change.old).first()
    if membership is None or membership.started_on >= change.effective_on:
        raise StaleState(f"{change.user}的班组或系数在提出之后变过，请不批准这一条，重新提出。")
    membership.ended_on = change.effective_on - datetime.timedelta(days=1)
    membership.save(update_fields=["ended_on"])
    Membership.objects.create(
        user=change.user,
        team=change.team,
        role=membership.role,
        coefficient=change.new,
        started_on=change.effective_on,
    )
    _record("coefficient.approved", change, actor, effective_on=change.effective_on.isoformat())


@transaction.atomic
def refuse(change, answer, *, actor):
    """Manager: the coefficient stays, with a reason. Not for its proposer, nor for the person."""
    require_somebody_else(change, actor)
    decide(change, State.REFUSED, actor, answer=answer)
    _record("coefficient.refused", change, actor, answer=answer)


@transaction.atomic
def withdraw(change, *, actor):
    """Whoever proposed it takes the proposal back."""
    require_proposer(change, actor)
    decide(change, State.WITHDRAWN, actor)
    _record("coefficient.withdrawn", change, actor)


def _record(verb, change, actor, **more):
    before, after = {"coefficient": change.old}, {"coefficient": change.new, **more}
    audit.record(verb, change, actor=actor, unit=change.team.unit, before=before, after=after)

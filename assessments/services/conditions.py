"""The conditions of a team's month: which criteria do not apply to it, and what vetoes it."""

from django.db import transaction

from assessments import selectors
from assessments.errors import AssessmentError, StaleState
from assessments.models import MonthClose, NotApplicable, Veto
from assessments.scoring import LOSSES
from assessments.services.checks import require_open
from teams import audit, periods

SETTLED_CONDITIONS = {
    MonthClose.State.CONFIRMED: "要改不适用和一票否决，先在月结里取消确认。",
    MonthClose.State.CLOSED: "不适用和一票否决关账以后不能再改。",
}
"""What to do about conditions of a month that is settled."""


@transaction.atomic
def set_not_applicable(team, period, criteria, *, actor, seen=None):
    """Declare which criteria do not apply to a team in a month; replaces the earlier declaration.

    `seen` are the codes that the page showed as declared. Raises StaleState when they are others by now, AssessmentError
    for a month that has not come and when nothing would be left to score.
    """
    _require_time(team, period)
    _require_rest(criteria)
    declared = NotApplicable.objects.filter(team=team, period=period)
    before = sorted(declared.values_list("criterion__code", flat=True))
    if seen is not None and sorted(seen) != before:
        now = f"现在是 {'、'.join(before)}" if before else "现在一条也没有"
        raise StaleState(f"没有保存：您打开页面之后，不适用的小项别人改过，{now}。请看过再改。")
    declared.delete()
    NotApplicable.objects.bulk_create(
        NotApplicable(team=team, period=period, criterion=criterion, recorded_by=actor) for criterion in criteria
    )
    after = sorted(criterion.code for criterion in criteria)
    if before != after:
        told = {"before": {"codes": before}, "after": {"codes": after}}
        audit.record("applicability.set", team, actor=actor, unit=team.unit, **told)


def _require_time(team, period):
    """Raise AssessmentError unless the month has begun, has a standard, and is not settled; locks it (see require_open)."""
    if period > periods.current_period():
        raise AssessmentError(f"还没到{periods.label(period)}，到了再登记。")
    if selectors.version_for(team.unit, period) is None:
        raise AssessmentError(f"{periods.label(period)}没有执行中的考核标准，没有得分，不用登记。")
    require_open(team, period, SETTLED_CONDITIONS)


def _require_rest(criteria):
    """Raise AssessmentError when these are all that the standard scores, and what does not apply leaves the base."""
    version = criteria[0].version if criteria else None
    if version is None or version.na_rule == "full":
        return
    scored = version.criteria.filter(method__in=LOSSES, points__gt=0)
    if not scored.exclude(pk__in=[criterion.pk for criterion in criteria]).exists():
        raise AssessmentError("没有保存：小项不能全部不适用，那样没有分可算。至少留一条要考核的。")


@transaction.atomic
def add_veto(team, period, reason, *, actor):
    """Record a veto (一票否决) of a team's month. Raises AssessmentError for a month that has not come or has no standard."""
    _require_time(team, period)
    veto, created = Veto.objects.get_or_create(team=team, period=period, reason=reason, defaults={"recorded_by": actor})
    if created:
        audit.record("veto.recorded", veto, actor=actor, unit=team.unit, after={"reason": reason})
    return veto


@transaction.atomic
def remove_veto(veto, *, actor):
    """Take back a veto recorded by mistake."""
    require_open(veto.team, veto.period, SETTLED_CONDITIONS)
    audit.record("veto.removed", veto, actor=actor, unit=veto.team.unit, before={"reason": veto.reason})
    veto.delete()

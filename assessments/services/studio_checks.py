"""The yearly check of studios, looked at every night: what the union has to decide is written down once, not done silently.

Only where the programme of a title that the studio holds sets a time without results (`result_months` and
`rectify_months` of its re-evaluation) is the studio asked to mend by itself.
"""

from django.db import transaction

from assessments.errors import StaleState
from assessments.honours.studio_lists import leaderless, unchecked, without_results
from assessments.honours.studio_moves import MOVES
from assessments.models import Studio, Title
from assessments.services import studios
from teams import periods

State = Studio.State
WARNING = f"{MOVES['warn'].label}："
NO_RESULT = "十二个月没有核实过的成果，建议限期整改"
CHECK_DUE = "命名或上次年检已满一年，请年检"
OVERDUE = "整改期限已过，建议验收恢复或撤销"
NO_LEADER = "领军人已离开，请换领军人或撤销"


def keep(today):
    """Warn of named studios without a result or a check, of rectifications that are overdue, and of leaders who left."""
    alive = list(Studio.objects.exclude(state=State.REVOKED).select_related("unit", "leader"))
    named = [studio for studio in alive if studio.state == State.NAMED]
    idle = without_results(named, today)
    for studio in idle:
        _ask_to_mend(studio, today)
    for studio in unchecked([studio for studio in named if studio not in idle], today):
        _warn(studio, CHECK_DUE)
    for studio in alive:
        if studio.state == State.RECTIFYING and studio.rectify_until < today:
            _warn(studio, OVERDUE)
    for studio in leaderless(alive):
        _warn(studio, NO_LEADER)


def _ask_to_mend(studio, today):
    months = _months_to_mend(studio)
    if not months:
        return _warn(studio, NO_RESULT)
    until = periods.last_day(periods.shift(periods.period_of(today), months))
    return _unless_stale(studios.rectify, studio, until, "十二个月没有核实过的成果，按评选办法自动限期整改")


def _months_to_mend(studio):
    """How many months the strictest programme of its valid titles gives a studio without results; 0 when none says so."""
    rules = Title.objects.filter(studio=studio, state=Title.State.VALID).values_list("programme__recheck", flat=True)
    months = [rule.get("rectify_months", 0) for rule in rules if rule.get("result_months")]
    return min(filter(None, months), default=0)


def _warn(studio, text):
    if not _is_told(studio, f"{WARNING}{text}"):
        _unless_stale(studios.warn, studio, text)


def _is_told(studio, warning):
    """Whether it has been said since the last thing that somebody decided."""
    for step in studio.steps.order_by("-id"):
        if step.text == warning or not step.text.startswith(WARNING):
            return step.text == warning
    return False


def _unless_stale(service, studio, *args):
    """Somebody may decide about the studio at the same moment; then there is nothing left to do."""
    try:
        with transaction.atomic():
            service(studio, *args, actor=None)
    except StaleState:
        return

"""The monthly close of a unit: requested as a row, computed by a worker, confirmed and closed by people.

The MonthClose row is the truth and carries the job (queued, running under a lease, failed); a Celery message only wakes
a worker. A killed computation leaves no result behind: results, inputs and the state are written in one transaction, and
only while the run still holds the lease it started with.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Case, F, Q, TextField, Value, When
from django.utils import timezone

from assessments import preflight, results, selectors
from assessments.errors import AssessmentError, StaleState
from assessments.gathering import facts_of, gather, written
from assessments.inputs import parsed, sha256_of
from assessments.models import MonthClose
from assessments.services import score_rows
from assessments.services.standards import freeze
from assessments.stamps import stamp_of, stamps_now
from teams import audit, periods
from teams.models import Team

State, Job = MonthClose.State, MonthClose.Job
LIGHT = [field.attname for field in MonthClose._meta.concrete_fields if field.name != "inputs"]
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 4
REFRESH_EVERY = timedelta(minutes=1)
PATIENCE = timedelta(seconds=30)


def close_of(unit, period):
    """The MonthClose of a unit's month, opened when there is none yet."""
    return MonthClose.objects.defer("inputs").get_or_create(unit=unit, period=period)[0]


def obstacles(unit, period):
    """Sentences that say what stands in the way of computing a unit's month; empty when nothing does."""
    return [lack.sentence for lack in preflight.musts([unit], period)[unit.pk]]


def request_computation(close, *, actor):
    """Ask for the scores of a month to be (re)computed; the caller then wakes a worker with tasks.wake.

    Raises AssessmentError when something stands in the way or the month is already confirmed.
    """
    request_all([close], actor=actor)


@transaction.atomic
def request_all(closes, *, actor):
    """Ask for the scores of all these closes of one month or, when one of them refuses, of none (see request_computation)."""
    (period,) = {close.period for close in closes}
    lacks = preflight.musts([close.unit for close in closes], period)
    problems = [lack.sentence for close in closes for lack in lacks[close.unit_id]]
    if problems:
        raise AssessmentError(" ".join(problems))
    ready = MonthClose.objects.filter(pk__in=[close.pk for close in closes], state__in=[State.OPEN, State.COMPUTED])
    asked = {"job": Job.QUEUED, "attempts": 0, "problem": ""}
    asked |= {"requested_by": actor, "requested_at": timezone.now()}
    if ready.exclude(job__in=[Job.QUEUED, Job.RUNNING]).update(**asked) != len(closes):
        raise StaleState("这个月正在计算，或者已经确认。请刷新页面再看。")
    _reread(closes)
    audit.record_all("close.requested", closes, actor=actor)


def due_for_work():
    """Closes that a worker should take up: queued, or running under a lease that has run out."""
    now = timezone.now()
    return MonthClose.objects.filter(Q(job=Job.QUEUED) | Q(job=Job.RUNNING, lease_until__lt=now))


def compute(close_id):
    """Worker: compute a requested month. Harmless to repeat, safe to kill at any point; returns whether it did anything."""
    close = _claim(close_id)
    if close is None:
        return False
    try:
        version = selectors.version_for(close.unit, close.period)
        facts = facts_of([close.unit_id], close.period)
        text = written(facts, close.unit_id, version)
        inputs = parsed(text)
        rows = results.team_rows(inputs), results.member_rows(inputs)
    except Exception as error:
        _fail(close, f"计算没有完成，数据没有任何改动；请改正后重新计算，仍不成功请联系管理员。原因：{error}")
        if isinstance(error, ValueError | AssessmentError):
            return False
        raise
    return _store(close, version, text, stamp_of(facts, close.unit_id, version), rows)


def _claim(close_id):
    """Take the job under a fresh lease; None when there is nothing to do or too many runs died of it."""
    if (
        not due_for_work()
        .filter(pk=close_id)
        .update(job=Job.RUNNING, lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1, problem="")
    ):
        return None
    close = MonthClose.objects.select_related("unit", "requested_by").defer("inputs").get(pk=close_id)
    if close.attempts > MAX_ATTEMPTS:
        _fail(close, "计算多次中断，已停止重试。请联系管理员查看日志后重新计算。")
        return None
    return close


def _held(close):
    """The row while this run still holds it: same request, same attempt."""
    return MonthClose.objects.filter(
        pk=close.pk, job=Job.RUNNING, attempts=close.attempts, requested_at=close.requested_at
    )


def _fail(close, problem):
    _held(close).update(job=Job.FAILED, problem=problem)


@transaction.atomic
def _store(close, version, text, stamp, rows):
    """Replace the month's results and move to `computed`, all at once; refused when another run took over."""
    hash_ = sha256_of(text)
    moved = (
        _held(close)
        .filter(state__in=[State.OPEN, State.COMPUTED])
        .update(
            state=State.COMPUTED,
            job=Job.IDLE,
            version=version,
            inputs=text,
            inputs_hash=hash_,
            stamp=stamp,
            computed_at=timezone.now(),
        )
    )
    if not moved:
        return False
    score_rows.replace(close, *rows)
    close.state, close.inputs_hash = State.COMPUTED, hash_
    audit.record("close.computed", close, actor=close.requested_by, unit=close.unit, after=_hashed(close))
    return True


def _hashed(close):
    return {"hash": close.inputs_hash}


def is_running(period):
    """Whether a month's scores still run while it is open: this month's and those of the past one."""
    current = periods.current_period()
    return period in (current, periods.shift(current, -1))


def is_refreshing(close):
    """Whether running scores asked for within the last minute are still awaited."""
    at = close.requested_at
    waits = at is not None and not close.problem and (close.computed_at is None or close.computed_at < at)
    return waits and at > timezone.now() - REFRESH_EVERY


def is_forgotten(close):
    """Whether what was asked for, and still waits for a worker, has waited longer than it should."""
    return close.requested_at is not None and timezone.now() - close.requested_at > PATIENCE


def can_ask_again(close):
    """Whether request_refresh would take up an open close: not within the minute after the last time, nor while it is computed."""
    rested = close.requested_at is None or close.requested_at <= timezone.now() - REFRESH_EVERY
    return rested and close.job in (Job.IDLE, Job.FAILED)


@transaction.atomic
def request_refresh(unit, period, *, actor):
    """Ask for the running scores of this or the past month now; the caller then sends tasks.wake_refresh.

    Once a minute for a unit. Raises AssessmentError for another month or one without a standard, StaleState when the
    scores were asked for just now or are settled already.
    """
    if not is_running(period):
        raise AssessmentError("只有本月和上个月没有结算的得分可以刷新。")
    if selectors.version_for(unit, period) is None:
        raise AssessmentError(f"{periods.label(period)}没有执行中的考核标准，还不能算得分。")
    close, now = close_of(unit, period), timezone.now()
    rested = Q(requested_at__isnull=True) | Q(requested_at__lte=now - REFRESH_EVERY)
    ready = MonthClose.objects.filter(rested, pk=close.pk, state=State.OPEN, job__in=[Job.IDLE, Job.FAILED])
    if not ready.update(requested_at=now, requested_by=actor):
        _refuse_refresh(close)
    audit.record("close.refreshed", close, actor=actor, unit=unit)


def _refuse_refresh(close):
    _reread([close])
    if close.state != State.OPEN:
        raise StaleState(f"这个月的得分{close.get_state_display()}，不再刷新。")
    raise StaleState("刚刚有人刷新过，一分钟后才能再刷新。")


def refreshes_waiting():
    """Closes whose running scores somebody asked for and no worker has brought up to date."""
    asked = MonthClose.objects.filter(state=State.OPEN, job=Job.IDLE, problem="", requested_at__isnull=False)
    return asked.filter(Q(computed_at__isnull=True) | Q(computed_at__lt=F("requested_at")))


def refresh_running(unit, period):
    """Bring the running scores of an open month up to date; leaves computed, confirmed and closed months alone.

    What cannot be scored leaves the scores as they are and a sentence in `problem`.
    """
    version = selectors.version_for(unit, period)
    if version is None:
        return False
    close = close_of(unit, period)
    held = MonthClose.objects.filter(pk=close.pk, state=State.OPEN, job__in=[Job.IDLE, Job.FAILED])
    inputs, now = parsed(gather(unit, period, version)), timezone.now()
    try:
        rows = results.team_rows(inputs), results.member_rows(inputs)
    except ValueError as error:
        held.filter(job=Job.IDLE).update(problem=f"得分没有更新：{error}")
        return False
    with transaction.atomic():
        problem = Case(When(job=Job.FAILED, then=F("problem")), default=Value(""), output_field=TextField())
        if not held.update(version=version, computed_at=now, problem=problem):
            return False
        score_rows.replace(close, *rows)
    return True


def units_with_teams(period):
    """Units that had teams of their own in a month: the units that are closed one by one."""
    return units_by_month([period])[period]


def units_by_month(months):
    """{month: units that had teams of their own in it}; one query, however many they are."""
    days = {month: (periods.first_day(month), periods.last_day(month)) for month in months}
    whole = Team.objects.in_period(days[min(days)][0], days[max(days)][1])
    teams = list(whole.select_related("unit"))
    return {
        month: list(dict.fromkeys(team.unit for team in teams if team.existed(*span))) for month, span in days.items()
    }


def confirm(close, *, actor, seen=None):
    """The computed scores are right. From here on no fact of the month can be entered.

    `seen` is the inputs_hash of the scores that the page showed. Raises AssessmentError when facts were entered after
    the scores were computed, StaleState when they were computed again after the page was opened.
    """
    confirm_all({close: seen}, actor=actor)


@transaction.atomic
def confirm_all(seen, *, actor):
    """Confirm all of {close: seen} of one month or, when one of them refuses, none (see confirm)."""
    _move(seen, State.COMPUTED, State.CONFIRMED, confirmed_by=actor, confirmed_at=timezone.now())
    _require_same_facts(seen)
    audit.record_all("close.confirmed", seen, actor=actor)


@transaction.atomic
def take_back(close, *, actor, seen=None):
    """Undo a confirmation, so that facts can be corrected and the month computed again; never after closing."""
    _move({close: seen}, State.CONFIRMED, State.COMPUTED, confirmed_by=None, confirmed_at=None)
    audit.record("close.taken_back", close, actor=actor, unit=close.unit)


def finish(close, *, actor, seen=None):
    """Close the confirmed month for good; freezes its standard version. Nothing of it can change afterwards."""
    finish_all({close: seen}, actor=actor)


@transaction.atomic
def finish_all(seen, *, actor):
    """Close all of {close: seen} of one month for good or, when one of them refuses, none (see finish)."""
    _move(seen, State.CONFIRMED, State.CLOSED, closed_by=actor, closed_at=timezone.now())
    _require_same_facts(seen)
    audit.record_all("close.closed", seen, actor=actor, after=_hashed)
    for version in {close.version for close in seen}:
        freeze(version)


def overtaken(closes):
    """Those of the closes of one month for which facts came in, or were changed, since they were computed; not once confirmed."""
    computed = [close for close in closes if close.state == State.COMPUTED and close.job == Job.IDLE]
    return _overtaken(computed) if computed else []


def _require_same_facts(closes):
    """The scores must stand on the facts of this moment: one that came in since would silently be lost."""
    if _overtaken(closes):
        raise AssessmentError("计算之后又有登记或改动，得分已经不是最新的。请重新计算后再确认。")


def _overtaken(closes):
    """Those of the closes of one month that stand on other facts than are there now, or whose standard is gone."""
    (period,) = {close.period for close in closes}
    versions = selectors.versions_for([close.unit_id for close in closes], period)
    stamps = stamps_now({unit: version for unit, version in versions.items() if version}, period)
    return [close for close in closes if not close.stamp or stamps.get(close.unit_id) != close.stamp]


def _move(seen, old, new, **fields):
    """Take all of {close: what the page showed of it} from one state to another, or raise for one that cannot be taken."""
    shown = [Q(pk=close.pk) if hash_ is None else Q(pk=close.pk, inputs_hash=hash_) for close, hash_ in seen.items()]
    moved = MonthClose.objects.filter(reduce(or_, shown), state=old, job=Job.IDLE).update(state=new, **fields)
    _reread(seen)
    if moved != len(seen):
        for close in seen:
            if close.state == old:
                _refuse_move(close, seen[close])
        raise StaleState("这个月刚刚有人办过，状态已经变了。请看过现在的状态再办。")


def _reread(closes):
    """Bring the rows at hand up to date but for their inputs, which are large and read when somebody asks for them."""
    rows = MonthClose.objects.filter(pk__in=[close.pk for close in closes]).order_by().values(*LIGHT)
    found = {row["id"]: row for row in rows}
    for close in closes:
        close.__dict__.pop("inputs", None)
        for name, value in found[close.pk].items():
            setattr(close, name, value)


def _refuse_move(close, seen):
    if close.job == Job.FAILED:
        raise AssessmentError("最近一次计算没有完成，请重新计算后再继续。")
    if seen is not None and close.inputs_hash != seen:
        raise StaleState("您打开页面之后，得分又重新算过。请看过新的得分再办。")


def note_problem(close, problem):
    """Keep a sentence about why the month could not be computed, for the people who open its page."""
    MonthClose.objects.filter(pk=close.pk, state=State.OPEN, job__in=[Job.IDLE, Job.FAILED]).update(
        job=Job.FAILED, problem=problem
    )

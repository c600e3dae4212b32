"""Filing a check: one sheet with its findings in one transaction, once, however often it is sent."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.duties import SELF_CHECK, source_of
from activities.services import duties
from assessments import selectors
from assessments.errors import AlreadyFiled, AssessmentError, StaleState
from assessments.models import Check, Criterion, Finding, MonthClose
from assessments.services import plan_outcomes, rectifications
from teams import audit, periods
from teams.figures import short_text, signed_text
from teams.models import Membership

SCORED = Criterion.Method.SCORE
FULL_MARKS = "打满分"
MOST_PER_FINDING = 10000
"""A single finding may cost a person more than the criterion holds; the team loses at most the criterion's points."""

BY_A_LATE_RECORD = "查到的请考核员勾选“迟到的记录”登记。"


@dataclass
class Deviation:
    """One exception on a sheet: criterion (None for an award outside the standard), points (hundredths), who, note."""

    criterion: Criterion | None
    points: int
    person: object = None
    note: str = ""
    photos: list = field(default_factory=list)


def file_check(
    team, *, kind, date, deviations, key, actor, shift=Check.Shift.DAY, checker=None, rectified=False, late=False
):
    """Store one sheet with its deviations; everything untouched was in order. Returns the Check.

    Each deduction opens a rectification; with `rectified` none does: an import of past months tells what was dealt with
    long ago, and would flood people with work. With `late` a sheet of a closed month counts in the first open month after
    it, by that month's standard; its date stays. `key` makes it repeatable: sent again with the same key, the stored sheet
    is returned and nothing is added. Raises AssessmentError for a future date, a month already computed, no standard in
    force, an impossible deduction, or a second self check of the same team, date and shift.
    """
    stored = Check.objects.filter(key=key, team=team).first()
    if stored:
        return stored
    period = _late_month(team, date) if late else periods.period_of(date)
    _require_other_hands(team, kind, date, checker)
    deviations = [deviation for deviation in deviations if deviation.points or _lost_before(deviation, team, period)]
    for deviation in deviations:
        _require_possible(deviation, team, date)
        _require_member_in(deviation, team, period)
    try:
        with transaction.atomic():
            version = _version_for_entry(team, date, period)
            _require_version(version, deviations)
            check = Check.objects.create(
                team=team, kind=kind, period=period, date=date, shift=shift, version=version, checker=checker, key=key
            )
            findings = [_store(check, deviation) for deviation in deviations]
            if kind == Check.Kind.SELF:
                duties.fulfil_day(SELF_CHECK, team, date, actor=actor)
            else:
                plan_outcomes.fulfil(check)
            rectifications.open_for([] if rectified else findings)
            after = {"findings": [str(f) for f in findings]} | ({"counts_in": period} if late else {})
            audit.record("check.filed", check, actor=actor, unit=team.unit, after=after)
    except IntegrityError:
        return _stored_meanwhile(key, team, date, shift)
    return check


def _stored_meanwhile(key, team, date, shift):
    """The same sheet when it has arrived before; another self check of that shift is the reason to refuse this one."""
    stored = Check.objects.filter(key=key, team=team).first()
    if stored:
        return stored
    first = selectors.self_checks_since(team, date).filter(date=date, shift=shift).first()
    if first:
        raise AlreadyFiled(first)
    raise AssessmentError("这张检查没有存下，请重新打开检查页再提交。")


def _late_month(team, date):
    """The month in which a sheet of a closed month counts."""
    period = selectors.counting_month(team, date)
    if period == periods.period_of(date):
        raise AssessmentError(
            f"{periods.label(period)}还没有关账，{date:%Y-%m-%d} 的检查直接登记就行，请去掉“迟到的记录”再提交。"
        )
    return period


def _version_for_entry(team, date, period):
    if date > timezone.localdate():
        raise AssessmentError("检查日期还没到，不能提前填写。")
    require_open(team, period)
    version = selectors.version_for(team.unit, period)
    if version is None:
        raise AssessmentError(f"{periods.label(period)}没有执行中的考核标准，请考核员先启用一个标准。")
    return version


def _lost_before(deviation, team, period):
    """Whether full marks of a scored line say anything: only after it has lost points in the month."""
    line = deviation.criterion
    if line is None or line.method != SCORED:
        return True
    return Finding.objects.valid().filter(team=team, period=period, criterion=line, points__lt=0).exists()


def _require_version(version, deviations):
    for deviation in deviations:
        if deviation.criterion and deviation.criterion.version_id != version.pk:
            raise AssessmentError(f"“{deviation.criterion}”不是这一天执行的标准（{version}）里的小项，请重新选择。")


def require_open(team, period, advice=None):
    """Raise AssessmentError unless facts of the month may still be entered: not yet confirmed or closed.

    `advice` says what can be done instead, {state: sentence}; unless told, by a late record.

    Locks the unit's month until the end of the transaction, so that it cannot be confirmed between asking and writing.
    """
    close, _ = MonthClose.objects.select_for_update().get_or_create(unit_id=team.unit_id, period=period)
    if close.state in selectors.SETTLED or selectors.is_closed(team, period):
        state = close.state if close.state in selectors.SETTLED else MonthClose.State.CLOSED
        word, instead = MonthClose.State(state).label, (advice or {}).get(state, BY_A_LATE_RECORD)
        raise AssessmentError(f"{team}{periods.label(period)}{word}，不能再登记。{instead}")


def _require_other_hands(team, kind, date, checker):
    """Nobody checks the own team, of that day or of today, except in a self check."""
    if kind == Check.Kind.SELF or checker is None:
        return
    if Membership.objects.during(date, timezone.localdate()).filter(team=team, user=checker).exists():
        raise AssessmentError(f"{checker}是{team}的成员，不能检查自己的班组，请换人来查。")


def _require_possible(deviation, team, date):
    if deviation.criterion and deviation.criterion.method == Criterion.Method.AWARD:
        if not 0 < deviation.points <= deviation.criterion.points:
            raise AssessmentError(f"“{deviation.criterion}”是加分项，加分要大于 0、不超过它的满分。")
    elif deviation.criterion and not -MOST_PER_FINDING <= deviation.points <= _least_taken(deviation.criterion):
        raise AssessmentError(
            f"“{deviation.criterion}”的扣分要大于 0、不超过 {short_text(MOST_PER_FINDING)} 分，"
            f"现在是 {signed_text(deviation.points)} 分。"
        )
    if deviation.criterion is None and deviation.points <= 0:
        raise AssessmentError("加分要大于 0。")
    if deviation.person and not Membership.objects.during(date, date).filter(team=team, user=deviation.person).exists():
        raise AssessmentError(f"{deviation.person} {date:%Y-%m-%d} 不是{team}的成员，不能作为责任人。")


def _least_taken(criterion):
    """Points of the mildest deduction: none from a scored line, which may be given full marks."""
    return 0 if criterion.method == SCORED else -1


def _require_member_in(deviation, team, period):
    """What counts in a later month can name only who still belonged to the team then, for others have no score there."""
    days = (periods.first_day(period), periods.last_day(period))
    if deviation.person and not Membership.objects.during(*days).filter(team=team, user=deviation.person).exists():
        raise AssessmentError(f"{deviation.person}在{periods.label(period)}已经不在{team}，请把这一条记给整个班组。")


def _store(check, deviation):
    finding = Finding.objects.create(
        on_sheet=check,
        team=check.team,
        period=check.period,
        date=check.date,
        criterion=deviation.criterion,
        points=deviation.points,
        person=deviation.person,
        note=deviation.note or ("" if deviation.points else FULL_MARKS),
    )
    finding.photos.set(deviation.photos)
    return finding


@transaction.atomic
def void_finding(finding, reason, *, actor):
    """Take back a finding entered by mistake; it stays readable with the reason. Only before the month is confirmed.

    Raises AssessmentError when its sheet corrects an objection, for the board says so.
    """
    require_open(finding.team, finding.period)
    _require_no_correction(finding.on_sheet_id)
    valid = Finding.objects.valid().filter(pk=finding.pk)
    if not valid.update(voided_at=timezone.now(), voided_by=actor, void_reason=reason):
        raise StaleState("这一条已经作废了。")
    rectifications.withdraw([finding.pk], reason)
    audit.record("finding.voided", finding, actor=actor, unit=finding.team.unit, after={"reason": reason})


def _require_no_correction(check_id):
    """What a board says to correct it stays; who was wrong again files the difference."""
    if selectors.with_corrections(Check.objects.filter(pk=check_id)).get().corrects:
        raise AssessmentError(
            "没有作废：它更正了一条异议，更正说明已经张榜。登记错了的，请再登记一张，把差的分补上或扣掉。"
        )


@transaction.atomic
def void_check(check, reason, *, actor):
    """Take back a whole sheet filed by mistake, with all its findings, so that the shift can be filed anew.

    It stays readable with the reason. Only before the month is confirmed; raises StaleState when voided meanwhile,
    AssessmentError when it corrects an objection.
    """
    require_open(check.team, check.period)
    _require_no_correction(check.pk)
    voided = {"voided_at": timezone.now(), "voided_by": actor, "void_reason": reason}
    if not Check.objects.valid().filter(pk=check.pk).update(**voided):
        raise StaleState("这张检查已经作废了。")
    rectifications.withdraw(check.findings.values_list("pk", flat=True), reason)
    findings = check.findings.valid().update(**voided)
    plan_outcomes.reopen(check)
    if check.kind == Check.Kind.SELF and not selectors.self_checks_since(check.team, check.date).filter(
        date=check.date
    ):
        duties.reopen(source_of(SELF_CHECK, check.team_id, check.date))
    after = {"reason": reason, "findings": findings}
    audit.record("check.voided", check, actor=actor, unit=check.team.unit, after=after)

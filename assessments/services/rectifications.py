"""From finding to closure: assigned by the leader, reported by whoever did it, closed by somebody who did not.

The score of a month never depends on it, so it goes on after the month is closed.
"""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.duties import RECTIFICATION, Occasion, source_about
from activities.services import duties
from assessments.errors import AssessmentError, StaleState
from assessments.models import Finding, Rectification, RectificationStep, Statement
from teams import audit
from teams.models import Membership
from teams.workdays import last_day_of_notice

State = Rectification.State
DAYS_TO_RECTIFY = 3
"""Working days after the filing of a sheet within which a finding on it is put right."""
LONGEST = 30
"""Days from today that a leader may allow; more time is given by an extension with a reason."""


def open_for(findings):
    """Open a rectification, and its duty, for each deduction on a criterion, under the trail row of the filing."""
    deductions = [finding for finding in findings if finding.criterion_id and finding.points < 0]
    if deductions:
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        due_on = last_day_of_notice(tomorrow, DAYS_TO_RECTIFY)
        Rectification.objects.bulk_create(
            Rectification(finding=finding, team_id=finding.team_id, due_on=due_on) for finding in deductions
        )
        duties.raise_once(RECTIFICATION, [_occasion(finding, due_on) for finding in deductions])


def _occasion(finding, due_on):
    return Occasion(finding.team, finding.pk, f"整改：{finding.note or finding.criterion.name}"[:200], due_on)


def withdraw(finding_ids, reason):
    """Findings are void: nobody has to put them right, under the trail row of the voiding."""
    duties.withdraw(RECTIFICATION, finding_ids, f"检查记录作废（{reason}）")


@transaction.atomic
def assign(rectification, assignee, *, note, actor, due_on=None, seen=None):
    """Leader: who puts it right, and until when. Assigned to somebody else later, the due date stays.

    `seen` is the id of the assignee that the page showed, None for nobody. Raises AssessmentError for somebody who is not
    in the team today and for a due date before today or too far away, StaleState when somebody was faster.
    """
    _require_member(rectification.team, assignee)
    if seen is None:
        _require_near(due_on)
        wanted, fields = {"state": State.UNASSIGNED}, {"assignee": assignee, "due_on": due_on}
    else:
        wanted, fields = {"state": State.ASSIGNED, "assignee": seen}, {"assignee": assignee}
    _move(rectification, wanted, state=State.ASSIGNED, **fields)
    _set_duty(rectification)
    after = {"assignee": assignee.name, "due_on": rectification.due_on.isoformat()}
    _record(
        "rectification.assigned", rectification, f"{assignee}：{note}" if note else str(assignee), actor, after=after
    )


def _require_member(team, assignee):
    if not Membership.objects.open().filter(team=team, user=assignee).exists():
        raise AssessmentError(f"{assignee}今天不在{team}，请从现在的成员里选。")


def _require_near(due_on):
    today = timezone.localdate()
    if due_on < today:
        raise AssessmentError("整改期限不能早于今天，请重新选日期。")
    if due_on > today + datetime.timedelta(days=LONGEST):
        raise AssessmentError(f"整改期限最长 {LONGEST} 天。确实要更久，先分配，再请负责人或复核人延期。")


@transaction.atomic
def report(rectification, measure, *, photos, actor):
    """Assignee or leader: what was done, with photos of how it looks now; it then waits for somebody else to look."""
    at = timezone.now()
    _move(
        rectification,
        {"state": State.ASSIGNED},
        state=State.REPORTED,
        measure=measure,
        reported_by=actor,
        reported_at=at,
    )
    duties.fulfil(_source(rectification), actor=actor, at=at)
    after = {"measure": measure, "photos": len(photos)}
    step = _record("rectification.reported", rectification, measure, actor, after=after)
    step.photos.set(photos)


@transaction.atomic
def refuse(rectification, reason, *, actor):
    """Reviewer: it is not right yet, with a reason; words and photos of the report stay in the steps.

    There is time until the end of the next working day at least: how long the reviewer took is not the team's fault.
    """
    _require_somebody_else(rectification, actor)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    due_on = max(rectification.due_on, last_day_of_notice(tomorrow, 1))
    _move(rectification, _reported(rectification), state=State.ASSIGNED, due_on=due_on)
    duties.reopen(_source(rectification))
    _set_duty(rectification)
    after = {"reason": reason, "due_on": due_on.isoformat()}
    _record("rectification.refused", rectification, reason, actor, after=after)


@transaction.atomic
def close(rectification, *, actor):
    """Reviewer: it is right now. Never the assignee or whoever reported it; the report has done the duty."""
    _require_somebody_else(rectification, actor)
    _move(rectification, _reported(rectification), state=State.CLOSED, closed_by=actor, closed_at=timezone.now())
    _record("rectification.closed", rectification, "", actor)


def _reported(rectification):
    """The report that the reviewer has seen, not one that came after it."""
    return {"state": State.REPORTED, "reported_at": rectification.reported_at}


def _require_somebody_else(rectification, actor):
    if actor and actor.pk in (rectification.assignee_id, rectification.reported_by_id):
        raise AssessmentError("整改的人不能自己复核，请别的复核人来看。")


@transaction.atomic
def extend(rectification, due_on, reason, *, actor):
    """Manager or reviewer: more time, with a reason. Not for the own work."""
    if actor and actor.pk == rectification.assignee_id:
        raise AssessmentError("整改人不能给自己延期，请负责人或复核人办理。")
    if due_on <= rectification.due_on or due_on < timezone.localdate():
        raise AssessmentError(f"新的期限要晚于现在的期限 {rectification.due_on:%Y-%m-%d}，也不能早于今天。")
    before = rectification.due_on
    wanted = {"state__in": [State.UNASSIGNED, State.ASSIGNED], "due_on": before}
    _move(rectification, wanted, due_on=due_on)
    _set_duty(rectification)
    figures = {"before": {"due_on": before.isoformat()}, "after": {"due_on": due_on.isoformat(), "reason": reason}}
    _record(
        "rectification.extended", rectification, f"{before:%Y-%m-%d} → {due_on:%Y-%m-%d}：{reason}", actor, **figures
    )


def _move(rectification, wanted, **fields):
    """Change the row if it is still as wanted and its finding still counts; else say what has happened to it.

    The finding is asked in a subquery: a join would move the comparison in there, where PostgreSQL does not look again
    after it has waited for somebody else's change.
    """
    rows = Rectification.objects.filter(pk=rectification.pk, finding__in=Finding.objects.valid(), **wanted)
    moved = rows.update(**fields)
    rectification.refresh_from_db()
    if not moved:
        if rectification.finding.voided_at:
            raise StaleState("这条检查记录已经作废，不用再整改了。")
        raise StaleState(f"这条整改刚刚有了进展，现在是“{rectification.get_state_display()}”。请看过再办。")


def _source(rectification):
    return source_about(RECTIFICATION, rectification.finding_id)


def _set_duty(rectification):
    """Let the duty have the due date and the assignee of the rectification."""
    about, user = rectification.finding_id, rectification.assignee
    duties.set_once(RECTIFICATION, about, due_on=rectification.due_on, user=user)


def _record(verb, rectification, words, actor, *, before=None, after=None):
    """The step, for the people of the team, which is returned, and the one row of the trail."""
    audit.record(verb, rectification, actor=actor, unit=rectification.team.unit, before=before, after=after)
    facts = {"verb": verb.removeprefix("rectification."), "note": words[:500]}
    return RectificationStep.objects.create(rectification=rectification, actor=actor, **facts)


@transaction.atomic
def add_statement(finding, text, *, actor):
    """The person named by a finding says something to it, once; returns the Statement."""
    if finding.person_id != actor.pk:
        raise AssessmentError("情况说明只能由本人写。")
    if finding.voided_at:
        raise StaleState("这一条已经作废，不用再说明了。")
    try:
        with transaction.atomic():
            statement = Statement.objects.create(finding=finding, person=actor, text=text)
    except IntegrityError as error:
        raise StaleState("您已经写过情况说明了，每条记录写一次。") from error
    audit.record("statement.added", statement, actor=actor, unit=finding.team.unit, after={"text": text})
    return statement

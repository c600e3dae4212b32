"""Results of studios: entered with their proof, verified or refused by somebody apart."""

from django.db import transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.models import StudioResult
from assessments.services.studios import held, require_past
from teams import audit
from teams.figures import yuan_text

State, Kind = StudioResult.State, StudioResult.Kind
MOST = 10**12
"""Ten billion yuan a year in fen: no result is worth more."""
VERBS = {State.VERIFIED: "studio_result.verified", State.REFUSED: "studio_result.refused"}


@transaction.atomic
def enter(studio, *, kind, name, text, date, files, actor, theme="", people=0, claimed=0, activity=None):
    """Enter a result with its proof: files (Attachments) or a record of the log; `claimed` is fen a year.

    Returns the StudioResult. Raises AssessmentError without proof, for a day to come and for one before the studio.
    """
    found = held(studio)
    require_past(date, "完成日期")
    if date < found.founded_on:
        raise AssessmentError(f"工作室 {found.founded_on:%Y-%m-%d} 才成立，成果不能更早。")
    if not files and activity is None:
        raise AssessmentError("没有证明不能登记成果，请上传材料或选一条活动记录。")
    if kind == Kind.TRAINING and not people:
        raise AssessmentError("带徒和培训要填培训人数。")
    _require_worth(claimed)
    facts = {"kind": kind, "name": name, "text": text, "date": date, "theme": theme, "people": people}
    result = StudioResult.objects.create(studio=found, **facts, claimed=claimed, activity=activity, entered_by=actor)
    result.files.set(files)
    told = {"kind": result.get_kind_display(), "claimed": yuan_text(claimed)}
    audit.record("studio_result.entered", result, actor=actor, unit=found.unit, after=told)
    return result


def _require_worth(fen):
    if not 0 <= fen <= MOST:
        raise AssessmentError("年效益不能小于 0，也不能超过 100 亿元，请核对。")


@transaction.atomic
def verify(result, benefit, text="", *, actor):
    """Somebody apart confirms the result and says what it is worth in fen a year, in words when it is no money."""
    _require_worth(benefit)
    if benefit > result.claimed:
        raise AssessmentError(f"核实的年效益不能超过申报的 {yuan_text(result.claimed)} 元。")
    if benefit < result.claimed and not text:
        raise AssessmentError("核实的比申报的少，请写明原因。")
    _decide(result, State.VERIFIED, actor, text, benefit=benefit)


@transaction.atomic
def refuse(result, text, *, actor):
    """Somebody apart does not accept the result, with the reason."""
    _decide(result, State.REFUSED, actor, text)


def _decide(result, state, actor, text, **columns):
    studio = held(result.studio)
    if actor.pk in (result.entered_by_id, studio.leader_id):
        raise AssessmentError("自己登记的或自己工作室的成果，要请别人核实。")
    rows = StudioResult.objects.filter(pk=result.pk, state=State.CLAIMED)
    facts = {"answer": text, "verified_by": actor, "verified_at": timezone.now()} | columns
    if not rows.update(state=state, **facts):
        raise StaleState("这项成果已经核实过了，请刷新页面再看。")
    result.refresh_from_db()
    told = {"state": result.get_state_display(), "text": text}
    told |= {"benefit": yuan_text(columns["benefit"])} if columns else {}
    audit.record(VERBS[state], result, actor=actor, unit=studio.unit, after=told)

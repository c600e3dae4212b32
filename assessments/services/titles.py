"""The life of a title after its naming: looked at again, kept, rectified, restored, revoked, ended by its day or its holder."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.studio_moves import ALIVE as STUDIO_ALIVE
from assessments.honours.title_days import prolonged
from assessments.honours.title_facts import facts_of, has_result
from assessments.honours.title_moves import LIVE, MOVES
from assessments.honours.title_rules import latest_mending_day, rule_of, total_of
from assessments.models import Recheck, Studio, Title, TitleStep
from assessments.services import studios, title_honours
from teams import audit

State, Result, Way = Title.State, Recheck.Result, Title.Way
RESULTS = {"keep": Result.KEPT, "rectify": Result.RECTIFY, "revoke": Result.REVOKE}


@dataclass(frozen=True)
class Verdict:
    """What a recheck comes to: `scores` are {criterion code: hundredths}, `reason` one sentence."""

    reason: str = ""
    scores: dict = field(default_factory=dict)


@transaction.atomic
def open_recheck(title, due_on, reason, *, actor):
    """Look at a valid title again on a day; returns the Recheck. Raises StaleState when one is open or it is over."""
    held = Title.objects.select_for_update(of=("self",)).select_related("programme__unit").get(pk=title.pk)
    if held.state != State.VALID or held.rechecks.filter(result=Result.OPEN).exists():
        raise StaleState("这个称号正在复评，或者已经不是有效的，请刷新页面再看。")
    try:
        with transaction.atomic():
            recheck = Recheck.objects.create(title=held, due_on=due_on)
    except IntegrityError as error:
        raise StaleState(f"{due_on:%Y-%m-%d} 的复评已经做过了，要再复评请改天。") from error
    _step(held, f"开始复评：{reason}", actor)
    told = {"due_on": f"{due_on}", "reason": reason}
    audit.record("recheck.opened", held, actor=actor, unit=held.programme.unit, after=told)
    return recheck


@transaction.atomic
def keep(recheck, verdict, *, actor):
    """The holder still deserves the title. Refused below the line, and to a studio without a result where the rule asks."""
    title = recheck.title
    _require_deserved(title, verdict.scores)
    until = prolonged(title.valid_from, title.valid_to, rule_of(title).get("every_months", 0), recheck.due_on)
    _decide(recheck, "keep", verdict, actor)
    _move("keep", title, f"{verdict.reason or '复评合格'}，有效期至 {until:%Y-%m-%d}", actor, valid_to=until)
    _carry_on(title, actor)


def _require_deserved(title, scores):
    rule, today = rule_of(title), timezone.localdate()
    line, months = rule.get("pass_line", 0), rule.get("result_months", 0)
    if line and total_of(scores) < line:
        raise AssessmentError(f"复评 {total_of(scores) / 100:g} 分，不到 {line / 100:g} 分，只能限期整改或撤销。")
    if months and title.studio and not has_result(title.studio, months, today):
        raise AssessmentError(f"{months} 个月里没有核实过的成果，只能限期整改或撤销。")


@transaction.atomic
def rectify(recheck, verdict, until, *, actor):
    """The holder mends what is wrong by a day; a named studio is asked the same. The title holds at least until then."""
    title, today = recheck.title, timezone.localdate()
    latest = latest_mending_day(rule_of(title), today)
    if not today < until <= latest:
        raise AssessmentError(f"整改期限请选明天到 {latest:%Y-%m-%d} 之间的日期。")
    _decide(recheck, "rectify", verdict, actor)
    said = f"{until:%Y-%m-%d} 前整改：{verdict.reason}"
    _move("rectify", title, said, actor, rectify_until=until, valid_to=max(title.valid_to, until))
    _carry_on(title, actor)
    if title.studio and title.studio.state == Studio.State.NAMED:
        studios.rectify(title.studio, until, verdict.reason, actor=actor)


@transaction.atomic
def revoke(recheck, verdict, way, *, actor):
    """The recheck ends the title, in one of the ways; its honour is taken back, a studio without another title is over."""
    _decide(recheck, "revoke", verdict, actor)
    _end(recheck.title, "revoke", way, verdict.reason, actor)


@transaction.atomic
def restore(title, reason, *, actor):
    """What was wrong is mended: the title holds on as if it had been kept. A studio needs a result of the last year."""
    _require_source("restore", title)
    due_on = title.rechecks.filter(result=Result.RECTIFY).latest("decided_at").due_on
    until = prolonged(title.valid_from, title.valid_to, rule_of(title).get("every_months", 0), due_on)
    _move("restore", title, f"{reason}，有效期至 {until:%Y-%m-%d}", actor, rectify_until=None, valid_to=until)
    _carry_on(title, actor)
    if title.studio and title.studio.state == Studio.State.RECTIFYING:
        studios.restore(title.studio, reason, actor=actor)


@transaction.atomic
def fail(title, way, reason, *, actor):
    """What was wrong is not mended: the title is revoked."""
    _end(title, "fail", way, reason, actor)


@transaction.atomic
def lapse(title, reason, *, actor=None):
    """The holder is no more; the title ends by itself."""
    _move("lapse", title, reason, actor, way=Way.NATURAL, rectify_until=None)
    title_honours.take_back(title)


@transaction.atomic
def expire(title, *, actor=None):
    """Its last day is over; the honour shows by itself that it has ended."""
    _move("expire", title, f"有效期到 {title.valid_to:%Y-%m-%d}，自然失效", actor, rectify_until=None)


def _end(title, name, way, reason, actor):
    said = f"{Way(way).label}：{reason}"
    _move(name, title, said, actor, way=way, rectify_until=None)
    title_honours.take_back(title)
    if title.studio and title.studio.state in STUDIO_ALIVE and not _has_another(title):
        studios.revoke(title.studio, said[:300], actor=actor)


def _has_another(title):
    return Title.objects.filter(studio=title.studio, state__in=LIVE).exists()


def _carry_on(title, actor):
    honour = title_honours.carry_on(title, actor=actor)
    if honour != title.honour:
        Title.objects.filter(pk=title.pk).update(honour=honour)
        title.honour = honour


def _decide(recheck, name, verdict, actor):
    """Compare and set: an open recheck is decided once, on the records as they are now."""
    facts = {"facts": facts_of(recheck.title, timezone.localdate()), "scores": verdict.scores}
    facts |= {"result": RESULTS[name], "reason": verdict.reason, "decided_by": actor, "decided_at": timezone.now()}
    if not Recheck.objects.filter(pk=recheck.pk, result=Result.OPEN).update(**facts):
        raise StaleState("这次复评已经有结果了，请刷新页面再看。")


def _move(name, title, text, actor, **columns):
    """Compare-and-set along the declared table, from what was read; StaleState when it is another by now."""
    _require_source(name, title)
    move, before = MOVES[name], title.get_state_display()
    rows = Title.objects.filter(pk=title.pk, state=title.state, valid_to=title.valid_to)
    if not rows.update(state=move.target, **columns):
        raise _overtaken(move)
    for column, value in {"state": move.target, **columns}.items():
        setattr(title, column, value)
    _step(title, text, actor)
    told = {"before": {"state": before}, "after": {"state": title.get_state_display(), "text": text}}
    audit.record(move.verb, title, actor=actor, unit=title.programme.unit, **told)


def _require_source(name, title):
    if title.state not in MOVES[name].sources:
        raise _overtaken(MOVES[name])


def _overtaken(move):
    return StaleState(f"这个称号现在不能“{move.label}”，可能刚刚有了变化，请刷新页面再看。")


def _step(title, text, actor):
    TitleStep.objects.create(title=title, state=title.state, text=text[:300], actor=actor)

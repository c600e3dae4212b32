"""Applications: begun, written, proven, submitted, withdrawn. Which step leads where is assessments.honours.transitions."""

from dataclasses import fields, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.application_ends import WRITABLE, over
from assessments.honours.application_lacks import Draft, Seen, lacks
from assessments.honours.application_starts import obstacles, told
from assessments.honours.transitions import TRANSITIONS
from assessments.models import Application, ApplicationStep, Proof, Round
from teams import audit
from teams.models import Unit

State = Application.State
MOST_PROOFS = 30
"""So many proofs of one criterion say everything; more nobody reads."""
VERBS = {"submit": "application.submitted", "withdraw": "application.withdrawn"}


@transaction.atomic
def start(opened, applicant, *, actor):
    """Begin the application of an Applicant in an open round; returns the draft.

    Raises AssessmentError for a round that is not open, for who is barred, and where there is an application already.
    """
    found = _open_round(opened)
    _require_in_time(found)
    _require_free(found, applicant.subject)
    number = _next_number()
    try:
        with transaction.atomic():
            row = Application.objects.create(round=found, number=number, filed_by=actor, **applicant.columns)
    except IntegrityError as error:
        raise AssessmentError(f"{applicant.subject}在这一批里已经有申报了，请在申报列表里接着写。") from error
    tell("start", row, "application.started", actor=actor)
    return row


def _open_round(opened):
    found = Round.objects.select_for_update(no_key=True).get(pk=opened.pk)
    if found.state != Round.State.OPEN:
        raise AssessmentError(f"{found}现在是“{found.get_state_display()}”，不能申报。")
    return found


def _require_in_time(opened):
    today = timezone.localdate()
    if today < opened.opens_on:
        raise AssessmentError(f"{opened}从 {opened.opens_on:%Y-%m-%d} 开始申报。")
    if today > opened.apply_until:
        raise AssessmentError(f"{opened}的申报 {opened.apply_until:%Y-%m-%d} 已经截止，要补报请找主办单位延期。")


def _require_free(opened, subject):
    against = obstacles(opened.frozen, [subject], timezone.localdate())[subject]
    if against:
        raise AssessmentError(f"{subject}不能申报：{told(against)}。")


def _next_number():
    """PX-2026-0001: the first application of the year. Others wait until the end of the transaction."""
    year = timezone.localdate().year
    list(Unit.objects.select_for_update().filter(parent__isnull=True).order_by("pk"))
    latest = Application.objects.filter(number__startswith=f"PX-{year}-").order_by("-id").first()
    return f"PX-{year}-{(int(latest.number.rpartition('-')[2]) if latest else 0) + 1:04d}"


def tell(action, application, verb, *, actor, text="", unit=None):
    """One step of an application's history and one row in the trail."""
    step(action, application, actor=actor, text=text, unit=unit)
    facts = {"state": application.get_state_display()} | ({"text": text} if text else {})
    audit.record(verb, application, actor=actor, unit=application.unit, after=facts)


def step(action, application, *, actor, text="", unit=None):
    """One step of an application's history."""
    facts = {"action": action, "state": application.state, "level": application.level, "text": text}
    place = unit or application.unit_id
    ApplicationStep.objects.create(application=application, unit_id=place, actor=actor, **facts)


def draft_of(application):
    """What the application says now."""
    return Draft(**{column.name: getattr(application, column.name) for column in fields(Draft)})


@transaction.atomic
def save(application, draft, seen, *, actor):
    """Keep what was typed; `seen` is the saved_at that the page showed. Returns whether anything was new.

    Raises StaleState when somebody else, or another page, has saved since, and once its round has gone on without it.
    """
    _require_awaited(Application.objects.select_related("round").get(pk=application.pk))
    changed = [name for name, value in vars(draft).items() if getattr(application, name) != value]
    if not changed:
        _require_seen(application, seen)
        return False
    _write(application, draft, seen, WRITABLE)
    names = [Application._meta.get_field(name).verbose_name for name in changed]
    audit.record("application.saved", application, actor=actor, unit=application.unit, after={"fields": names})
    return True


def _require_awaited(application):
    if said := over(application):
        raise StaleState(said)


def _require_seen(application, seen):
    if application.saved_at != seen or application.state not in WRITABLE:
        raise _overtaken()


def _overtaken():
    return StaleState("这份申报在别的页面或被别人改过了，这里没有保存。请把刚写的内容复制下来，刷新页面再改。")


def _write(application, draft, seen, sources, **columns):
    """Compare-and-set on the state and on the moment of the last saving."""
    rows = Application.objects.filter(pk=application.pk, state__in=sources, saved_at=seen)
    if not rows.update(**vars(draft), saved_at=timezone.now(), **columns):
        raise _overtaken()
    application.refresh_from_db()


@transaction.atomic
def submit(application, draft, seen, *, actor):
    """Keep what was typed and hand it in to the first level; the reply to what was asked becomes a step of its history.

    Raises AssessmentError for what is incomplete, too late or barred.
    """
    found, move = _open_round(application.round), TRANSITIONS["submit"]
    if application.state not in move.sources:
        raise StaleState(f"这份申报现在是“{application.get_state_display()}”，不能提交。")
    if application.submitted_at is None:
        _require_in_time(found)
    _require_whole(application, draft, found)
    facts = {"state": move.target, "level": 0, "submitted_at": timezone.now()}
    _write(application, replace(draft, reply=""), seen, move.sources, **facts)
    tell("submit", application, VERBS["submit"], actor=actor, text=draft.reply)


def _require_whole(application, draft, found):
    is_returned = application.state == State.RETURNED
    missing = lacks(found.frozen, draft, seen_of(application), found.apply_until, is_returned=is_returned)
    if missing:
        more = f"等 {len(missing)} 处" if len(missing) > 3 else ""
        raise AssessmentError(f"还不能提交：{'；'.join(lack.text for lack in missing[:3])}{more}。")
    _require_free(found, application.subject)


def seen_of(application):
    """The application's proofs as the check of completeness wants them."""
    return [Seen(*row) for row in application.proofs.values_list("code", "kind", "date")]


@transaction.atomic
def withdraw(application, text="", *, actor):
    """Take an application back as long as the round is open; somebody may apply anew."""
    move = TRANSITIONS["withdraw"]
    _open_round(application.round)
    if not Application.objects.filter(pk=application.pk, state__in=move.sources).update(state=move.target):
        raise StaleState("这份申报刚刚有了进展，不能撤回，请刷新页面再看。")
    application.refresh_from_db()
    tell("withdraw", application, VERBS["withdraw"], actor=actor, text=text)


@transaction.atomic
def add_proofs(application, code, kind, proofs, *, actor):
    """Let records stand for a criterion: (id, name, day) of each. Returns how many are new.

    A proof keeps the name that it had when it was picked. Raises AssessmentError when there are too many.
    """
    _require_writable(application)
    there = set(application.proofs.filter(code=code, kind=kind).values_list("about", flat=True))
    new = [row for row in proofs if row[0] not in there]
    _require_room(application, code, len(new))
    Proof.objects.bulk_create(
        Proof(application=application, code=code, kind=kind, about=pk, label=name[:150], date=day, picked_by=actor)
        for pk, name, day in new
    )
    if new:
        _note("application.proven", application, actor, {"code": code, "proofs": [name for _, name, _ in new]})
    return len(new)


@transaction.atomic
def add_files(application, code, files, note="", *, names=None, actor):
    """Let stored files stand for a criterion or be a material; `names` are {id: what it is called} of files without one."""
    _require_writable(application)
    _require_room(application, code, len(files))
    today = timezone.localdate()
    for file in files:
        label = (names or {}).get(file.pk) or file.name or "照片"
        facts = {"kind": Proof.Kind.FILE, "label": label[:150], "date": today, "note": note}
        Proof.objects.create(application=application, code=code, file=file, picked_by=actor, **facts)
    _note("application.proven", application, actor, {"code": code, "files": [str(file)[-60:] for file in files]})


@transaction.atomic
def remove_proof(proof, *, actor):
    """A record no longer stands for the criterion; the record itself stays."""
    _require_writable(proof.application)
    deleted, _ = Proof.objects.filter(pk=proof.pk).delete()
    if not deleted:
        raise StaleState("这条依据已经去掉，请刷新页面再看。")
    audit.record(
        "application.proof_removed",
        proof.application,
        actor=actor,
        unit=proof.application.unit,
        before={"code": proof.code, "proof": proof.label},
    )


def _require_writable(application):
    """Nobody hands it in while a proof comes or goes."""
    locked = Application.objects.select_for_update(no_key=True, of=("self",))
    found = locked.select_related("round").get(pk=application.pk)
    if found.state not in WRITABLE:
        raise StaleState(f"这份申报现在是“{found.get_state_display()}”，依据不能再改。")
    _require_awaited(found)


def _require_room(application, code, more):
    there = application.proofs.filter(code=code).count()
    if there + more > MOST_PROOFS:
        raise AssessmentError(f"一条条件最多放 {MOST_PROOFS} 条依据，现在有 {there} 条，请挑最有说服力的。")


def _note(verb, application, actor, facts):
    audit.record(verb, application, actor=actor, unit=application.unit, after=facts)

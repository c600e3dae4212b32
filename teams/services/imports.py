"""Reading and applying a roster in the background: requested as a row, done by a worker.

The ImportBatch row is the truth and carries the job: `reading` and `applying` are its states, a run holds a lease and the
number of its attempt; a Celery message only wakes a worker. A batch whose lease has run out waits for the next worker
since then. A killed run leaves nothing behind: what it does and the new state are written in one transaction.
"""

import io
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import ImportBatch, User
from teams.services import roster
from teams.workbooks import check_container

State = ImportBatch.State
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 4
CHECKING, WRITING = 1, 2
"""Steps of a run as `ImportBatch.done` keeps them; 0 is reading what is there."""
PATIENCE = timedelta(seconds=30)
"""After that long without a worker people are told; the sweep has woken one at least once by then."""


@transaction.atomic
def receive(file, *, root, effective_on, actor):
    """Keep an uploaded roster for a worker to read; the caller then wakes one with tasks.wake. Returns the ImportBatch.

    Raises WorkbookRefused when the file is too big or no workbook at all.
    """
    check_container(file)
    fields = roster.batch_fields(file, root, effective_on, actor)
    batch = ImportBatch.objects.create(state=State.READING, lease_until=timezone.now(), **fields)
    audit.record("import.uploaded", batch, actor=actor, unit=root, after={"sha256": batch.sha256})
    return batch


@transaction.atomic
def request_apply(batch, *, actor, without_bad_rows=False, absent=""):
    """Ask for a staged roster to be applied; the caller then wakes a worker. Wishes as in roster.carry_out.

    Raises StaleState when the batch was decided already.
    """
    wishes = {"without_bad_rows": without_bad_rows, "absent": absent}
    job = {"actor": actor.pk, "attempts": batch.attempts, "wishes": wishes}
    ready = ImportBatch.objects.filter(pk=batch.pk, state=State.PREVIEWED, attempts=batch.attempts)
    if not ready.update(state=State.APPLYING, wishes=job, problem="", done=0, lease_until=timezone.now()):
        raise StaleState("这份花名册已经确认、导入或放弃了，不用再确认一次。")
    told = {"without_bad_rows": without_bad_rows, "leaving": bool(absent)}
    audit.record("import.confirmed", batch, actor=actor, unit=batch.unit, after=told)


def due_for_work():
    """Batches that a worker should take up: those whose lease has run out, because none was there yet or it died."""
    return ImportBatch.objects.filter(state__in=[State.READING, State.APPLYING], lease_until__lte=timezone.now())


def is_forgotten(batch):
    """Whether a batch has waited for a worker longer than it should."""
    return batch.lease_until is not None and timezone.now() - batch.lease_until > PATIENCE


def work_on(batch_id):
    """Worker: read or apply a batch. Harmless to repeat, safe to kill at any point; returns whether it did anything."""
    batch = _claim(batch_id)
    if batch is None:
        return False
    try:
        return _read(batch) if batch.state == State.READING else _apply(batch)
    except TeamError as error:
        _give_up(batch, str(error))
        return False
    except Exception:
        _give_up(batch, "后台处理没有完成，数据没有任何改动。请再试一次，仍不成功请联系管理员查看日志。")
        raise


def _claim(batch_id):
    """Take the batch under a fresh lease; None when there is nothing to do or too many runs died of it."""
    free = due_for_work().filter(pk=batch_id)
    if not free.update(lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1, done=0):
        return None
    batch = ImportBatch.objects.select_related("unit", "uploaded_by").get(pk=batch_id)
    if batch.attempts - batch.wishes.get("attempts", 0) > MAX_ATTEMPTS:
        _give_up(batch, "后台处理多次中断，已停止重试，数据没有任何改动。请联系管理员查看日志后再试。")
        return None
    return batch


def _held(batch):
    """The row while this run still holds it."""
    return ImportBatch.objects.filter(pk=batch.pk, state=batch.state, attempts=batch.attempts)


def _step(batch, done, total):
    """Tell people how far it is and renew the lease."""
    _held(batch).update(done=done, total=total, lease_until=timezone.now() + LEASE)


def _give_up(batch, problem):
    """What cannot be read has failed; what cannot be applied can still be corrected, confirmed again or discarded."""
    back = {"state": State.FAILED, "content": None} if batch.state == State.READING else {"state": State.PREVIEWED}
    _held(batch).update(problem=problem[:500], lease_until=None, **back)


def _read(batch):
    rows = roster.staged_rows(io.BytesIO(batch.content))
    ready = {"state": State.PREVIEWED, "rows": rows, "total": len(rows["people"]), "lease_until": None}
    return bool(_held(batch).update(**ready))


def _apply(batch):
    actor = User.objects.get(pk=batch.wishes["actor"])
    people = len(batch.rows["people"])
    _step(batch, CHECKING, people)
    roster.refuse_unfit(roster.staged_plan(batch), actor, **batch.wishes["wishes"])
    _step(batch, WRITING, people)
    roster.carry_out(_held(batch), batch, actor=actor, **batch.wishes["wishes"])
    return True

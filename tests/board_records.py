"""What gathers round a posted board and is kept for good: a signature, a correction, an answered objection, the end of the notice."""

from django.utils import timezone

from bulletins.models import (
    ChainHead,
    Closing,
    CorrectionNote,
    Objection,
    ObjectionStep,
    ObjectionSupport,
    Signature,
)
from teams.models import Attachment


def add_board_records(bulletin, *, member, supporter, decider):
    """One row of each kind: the member signed and objected to the own score, the supporter holds the same, the decider kept it."""
    today = timezone.localdate()
    Signature.objects.create(bulletin=bulletin, user=member)
    about = {"bulletin": bulletin, "row_user": member, "column": "score", "label": "得分", "shown": "90.50"}
    answered = {"state": "kept", "answer": "检查记录属实", "decided_by": decider, "decided_at": timezone.now()}
    objection = Objection.objects.create(
        number="YY202610-001", reason="那天我不在岗", filed_by=member, accept_by=today, **about
    )
    facts = {"file": "c.jpg", "sha256": "2" * 64, "size": 1, "uploaded_by": member}
    objection.evidence.add(Attachment.objects.create(team=bulletin.team, **facts))
    Objection.objects.filter(pk=objection.pk).update(**answered)
    ObjectionSupport.objects.create(objection=objection, user=supporter)
    ObjectionStep.objects.create(objection=objection, state="kept", actor=decider, note="检查记录属实")
    CorrectionNote.objects.create(bulletin=bulletin, text="工时应当是 160，下月补算。", noted_by=decider)
    Closing.objects.create(bulletin=bulletin, concerned=8, signed=1, objections=1)
    head = {"bulletin": bulletin, "content_hash": bulletin.content_hash, "count": 1}
    ChainHead.objects.create(unit=bulletin.unit, date=today, **head)
    return objection

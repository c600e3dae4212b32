"""Knowledge: written, sent for review, published by somebody else, revised as a further version, retired."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.knowledge.access import OPEN, has_written, reviewers_of
from activities.knowledge.steps import require_steps
from activities.knowledge.words import fold
from activities.models import KnowledgeItem, KnowledgeVersion
from teams import audit

State = KnowledgeVersion.State
WORDS = ("title", "summary", "body", "steps", "tags", "must_read", "changes")
"""What a version says, by column."""
UNPUBLISHED_ONCE = "这一条已经有一个还没发布的版本，请先把它办完。"


@dataclass(frozen=True)
class Content:
    """What a version says; `changes` is what differs from the version before."""

    title: str
    summary: str
    body: str = ""
    steps: list = field(default_factory=list)
    tags: list = field(default_factory=list)
    must_read: bool = False
    changes: str = ""
    authors: list = field(default_factory=list)
    files: list = field(default_factory=list)


@transaction.atomic
def draft(content, *, unit, team, kind, origin, actor):
    """Begin an item of a team or, without one, of a unit, with its first version as a draft; returns the version."""
    require_steps(kind, content.steps)
    item = KnowledgeItem.objects.create(unit=unit, team=team, kind=kind, origin=origin, created_by=actor)
    version = KnowledgeVersion.objects.create(item=item, number=1, written_by=actor, **_columns(content))
    _fill(version, content)
    _record("knowledge.drafted", version, actor, after=_told(version))
    return version


@transaction.atomic
def edit(version, content, *, actor):
    """Put other content in place of a draft's or of a returned version's; returns it."""
    require_steps(version.item.kind, content.steps)
    before = {name: getattr(version, name) for name in WORDS}
    if not KnowledgeVersion.objects.filter(pk=version.pk, state__in=OPEN).update(**_columns(content)):
        raise StaleState("这一版已经提交审核，不能再改。请先收回。")
    version.refresh_from_db()
    _fill(version, content)
    changed = [name for name in WORDS if getattr(version, name) != before[name]]
    _record("knowledge.edited", version, actor, after=_told(version) | {"changed": changed})
    return version


@transaction.atomic
def discard(version, *, actor):
    """Throw a draft or a returned version away, with its item when there is nothing else of it."""
    found = KnowledgeVersion.objects.select_for_update().filter(pk=version.pk, state__in=OPEN).first()
    if found is None:
        raise StaleState("这一版已经提交审核或发布，不能扔掉。")
    _record("knowledge.discarded", version, actor, before=_told(version))
    found.delete()
    if not version.item.versions.exists():
        version.item.delete()


@transaction.atomic
def submit(version, *, actor):
    """Ask for the review of a draft or of a returned version; somebody else must be there to review it."""
    _require_in_use(version.item)
    if version.number > 1 and not version.changes:
        raise ActivityError("还没有写明这一版改了什么，请先在“修改”里写上。")
    if not reviewers_of(version).exists():
        raise ActivityError(
            "没有别人能审核：班组的由班长或单位负责人审核，单位的由负责人审核。请联系安全管理员授予职务。"
        )
    _move(version, OPEN, State.REVIEW, "这一版已经提交过了。")
    _record("knowledge.submitted", version, actor)


@transaction.atomic
def take_back(version, *, actor):
    """The writer has more to say before the review is over."""
    _move(version, [State.REVIEW], State.DRAFT, "这一版已经审核过了，请刷新页面再看。")
    _record("knowledge.taken_back", version, actor)


@transaction.atomic
def send_back(version, reason, *, actor):
    """Return a version to its writer with what has to change. Raises ActivityError without a reason or for one's own."""
    if not reason:
        raise ActivityError("退回要写明原因。")
    _require_others(version, actor)
    _move(version, [State.REVIEW], State.RETURNED, "这一版已经审核过了，请刷新页面再看。", **_by(actor, reason))
    _record("knowledge.returned", version, actor, after={"reason": reason})


@transaction.atomic
def publish(version, *, actor):
    """Let a version hold from now on, for everybody. Raises ActivityError for one's own or a retired item's."""
    _require_others(version, actor)
    _require_in_use(version.item)
    _move(version, [State.REVIEW], State.PUBLISHED, "这一版已经审核过了，请刷新页面再看。", **_by(actor, ""))
    _record("knowledge.published", version, actor)


@transaction.atomic
def revise(item, *, actor):
    """Begin the next version with what the present one says; returns it, a draft."""
    _require_in_use(item)
    latest = item.versions.order_by("-number").first()
    if latest.state != State.PUBLISHED:
        raise ActivityError(UNPUBLISHED_ONCE)
    columns = ("title", "summary", "body", "steps", "tags", "words", "must_read")
    said = {name: getattr(latest, name) for name in columns}
    try:
        with transaction.atomic():
            version = item.versions.create(number=latest.number + 1, written_by=actor, **said)
    except IntegrityError as error:
        raise StaleState(UNPUBLISHED_ONCE) from error
    version.authors.set(latest.authors.all())
    version.files.set(latest.files.all())
    _record("knowledge.revised", version, actor, after={"number": version.number})
    return version


@transaction.atomic
def retire(item, reason, *, actor):
    """Take an item out of the library; who looks for it still finds it, with the reason."""
    if not reason:
        raise ActivityError("停用要写明原因。")
    if not item.versions.filter(state=State.PUBLISHED).exists():
        raise ActivityError("这一条还没有发布过。不要的草稿由撰写人扔掉。")
    rows = KnowledgeItem.objects.filter(pk=item.pk, retired_on=None)
    if not rows.update(retired_on=timezone.localdate(), retired_reason=reason):
        raise StaleState("这一条已经停用了。")
    item.refresh_from_db()
    title = item.versions.filter(state=State.PUBLISHED).first().title
    audit.record("knowledge.retired", item, actor=actor, unit=item.unit, after={"reason": reason}, label=title)


def _require_in_use(item):
    if KnowledgeItem.objects.filter(pk=item.pk, retired_on__isnull=False).exists():
        raise ActivityError("这一条已经停用，不能再改、再发布。")


def _require_others(version, actor):
    if has_written(actor, version):
        raise ActivityError("自己写的、自己是作者的，要由别人审核。")


def _by(actor, answer):
    return {"reviewed_by": actor, "reviewed_at": timezone.now(), "answer": answer}


def _move(version, before, after, stale, **columns):
    if not KnowledgeVersion.objects.filter(pk=version.pk, state__in=before).update(state=after, **columns):
        raise StaleState(stale)
    version.refresh_from_db()


def _columns(content):
    said = (content.title, content.summary, content.body, *content.steps, *content.tags)
    return {name: getattr(content, name) for name in WORDS} | {"words": fold("\n".join(said))}


def _fill(version, content):
    version.authors.set(content.authors)
    version.files.set(content.files)


def _told(version):
    """What the trail says of an unpublished version: not its text, which only few may read before it is published."""
    return {"number": version.number, "must_read": version.must_read}


def _record(verb, version, actor, **told):
    audit.record(verb, version, actor=actor, unit=version.item.unit, **told)

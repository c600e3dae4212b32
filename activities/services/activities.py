"""Activities are kept with what they consist of, edited while their month is open, corrected afterwards, or voided."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import Activity, FollowUp, Participant, Resolution
from activities.services import record_duties
from teams import audit, months, periods
from teams.models import Membership

State = Activity.State
DAYS_BACK = 92
"""How late something may be written down."""
UNNAMED = "保密记录"
"""What the trail calls a confidential record: neither its kind nor its people."""
CHANGED = "这条记录刚刚被改过、作废或更正了，请刷新页面再看。"


@dataclass(frozen=True)
class Content:
    """What a record says. `values` are clean (activities/fields.py); `hours` are hundredths; `people` is {user: part}.

    `resolutions` are dicts of Resolution's figures and words, `follow_ups` of text, owner and due_on.
    """

    title: str
    date: datetime.date
    shift: str = ""
    place: str = ""
    host: Any = None
    values: dict = field(default_factory=dict)
    minutes: str = ""
    hours: int = 0
    people: dict = field(default_factory=dict)
    resolutions: list = field(default_factory=list)
    follow_ups: list = field(default_factory=list)
    photos: list = field(default_factory=list)


def record(kind, content, *, unit, team, actor, source, as_draft=False):
    """Keep an activity of a team or, without one, of a unit; returns the Activity.

    `source` is a UUID made with the form: sent again, even at the same moment, it is kept once. Raises ActivityError for a
    day to come or long past, for people who are not there, and for what the kind asks for and is missing.
    """
    try:
        with transaction.atomic():
            return sent_before(source, actor) or _keep(kind, content, unit, team, actor, source, as_draft)
    except IntegrityError as error:
        known = sent_before(source, actor)
        if known is None:
            raise ActivityError("这条记录没有存下，请重新打开页面再填。") from error
        return known


def sent_before(source, actor):
    """The record that the person has already made with this form, or None."""
    return Activity.objects.filter(source=source, recorded_by=actor).first()


def _keep(kind, content, unit, team, actor, source, as_draft):
    activity = Activity.objects.create(
        kind=kind,
        unit=unit,
        team=team,
        fields=kind.fields,
        privacy=kind.privacy,
        points=kind.points if team else 0,
        state=State.DRAFT if as_draft else State.KEPT,
        source=source,
        recorded_by=actor,
        **_columns(content, unit, team),
    )
    _require(kind, content, as_draft)
    _put(activity, content)
    _note("activity.drafted" if as_draft else "activity.recorded", activity, actor)
    record_duties.notice(activity)
    return activity


@transaction.atomic
def edit(activity, content, *, actor, as_draft=False):
    """Put other content in place of a record's while its month is open; a draft becomes a kept record unless told otherwise.

    Returns the Activity. Raises StaleState when the record was changed, voided or corrected since it was read.
    """
    _require_open(activity)
    _require(activity.kind, content, as_draft and activity.state == State.DRAFT, activity)
    before, as_draft = _told(activity), as_draft and activity.state == State.DRAFT
    state = State.DRAFT if as_draft else State.KEPT
    was_on, counts_from = activity.date, timezone.now() if activity.state == State.DRAFT else None
    rows = Activity.objects.filter(pk=activity.pk, state=activity.state, edited_at=activity.edited_at)
    if not rows.update(state=state, edited_at=timezone.now(), **_columns(content, activity.unit, activity.team)):
        raise StaleState(CHANGED)
    activity.refresh_from_db()
    _put(activity, content)
    _note("activity.edited", activity, actor, before)
    record_duties.notice(activity, was_on, at=counts_from)
    return activity


@transaction.atomic
def correct(activity, content, *, actor, reason, source):
    """Replace a record whose month is settled by a further one that names it and counts in the first open month.

    What the first one earned stays with its month; the further one earns nothing again. What is still to do moves on.
    """
    if not reason:
        raise ActivityError("更正要写明原因。")
    if not is_settled(activity):
        raise ActivityError("这个月还没有结算，直接修改就行。")
    _require(activity.kind, content, False, activity)
    if not Activity.objects.filter(pk=activity.pk, state=State.KEPT).update(state=State.REPLACED):
        raise StaleState(CHANGED)
    further = Activity.objects.create(
        kind=activity.kind,
        unit=activity.unit,
        team=activity.team,
        fields=activity.fields,
        privacy=activity.privacy,
        state=State.KEPT,
        source=source,
        recorded_by=actor,
        corrects=activity,
        reason=reason,
        **_columns(content, activity.unit, activity.team),
    )
    _take_over(activity, further, content)
    _put(further, content)
    _note("activity.corrected", further, actor, _told(activity))
    record_duties.notice(further, activity.date)
    return further


def _take_over(activity, further, content):
    """The signatures of those who were there, with their time, and what is to do."""
    signed = [row for row in activity.participants.filter(how=Participant.How.SIGNED) if row.user in content.people]
    copies = [Participant(activity=further, user=row.user, part=row.part, how=row.how) for row in signed]
    for copy, row in zip(Participant.objects.bulk_create(copies), signed, strict=True):
        copy.at = row.at
    Participant.objects.bulk_update(copies, ["at"])
    activity.follow_ups.update(activity=further)


@transaction.atomic
def void(activity, reason, *, actor):
    """Take a record out of every count, with a reason; it stays readable."""
    if not reason:
        raise ActivityError("作废要写明原因。")
    rows = Activity.objects.filter(pk=activity.pk, state__in=[State.DRAFT, State.KEPT])
    if not rows.update(state=State.VOIDED, reason=reason, edited_at=timezone.now()):
        raise StaleState(CHANGED)
    activity.refresh_from_db()
    _note("activity.voided", activity, actor)
    record_duties.notice(activity)


def is_settled(activity):
    """Whether the record's month is over for entries: it is corrected instead of edited."""
    return months.is_settled(activity.unit, activity.team, activity.counts_in)


def _require_open(activity):
    if activity.state == State.KEPT and is_settled(activity):
        raise ActivityError("这个月已经结算，不能直接修改。请用“更正”，原记录会留着。")


def _columns(content, unit, team):
    columns = ("title", "date", "shift", "place", "host", "values", "minutes", "hours")
    counts_in = months.counting_month(unit, team, content.date)
    month = {"period": periods.period_of(content.date), "counts_in": counts_in}
    return {name: getattr(content, name) for name in columns} | month


def _require(kind, content, as_draft, stored=None):
    """`stored` is the record whose place the content takes: its day may be long past, and its photos were enough."""
    today, same_day = timezone.localdate(), stored is not None and stored.date == content.date
    if content.date < today - datetime.timedelta(days=DAYS_BACK) and not same_day:
        raise ActivityError(f"日期太早了，只能登记最近 {DAYS_BACK} 天的活动。")
    _require_people(content)
    if as_draft:
        return
    if content.date > today:
        raise ActivityError("日期还没有到，先存成草稿，办完再登记。")
    if kind.taking_part != kind.TakingPart.NONE and not content.people:
        raise ActivityError("还没有参加人，请点名。")
    was_kept = stored is not None and stored.state != State.DRAFT
    needed = min(kind.photos_needed, stored.photos.count()) if was_kept else kind.photos_needed
    if len(content.photos) < needed:
        raise ActivityError(f"“{kind}”至少要 {needed} 张照片或附件，现在有 {len(content.photos)} 个。")


def _require_people(content):
    """Whoever is in a record belonged to some team that day or works here now."""
    gone = [user for user in content.people if not user.is_active]
    there = set(
        Membership.objects.during(content.date, content.date).filter(user__in=gone).values_list("user", flat=True)
    )
    strangers = [user.name for user in gone if user.pk not in there]
    if strangers:
        raise ActivityError(f"{'、'.join(strangers)}那天不在册，请去掉后再登记。")


def _put(activity, content):
    """Let the record consist of this content; who signed in stays, and what was already done of the follow-ups."""
    _put_people(activity, content.people)
    activity.resolutions.all().delete()
    Resolution.objects.bulk_create(Resolution(activity=activity, **row) for row in content.resolutions)
    _put_follow_ups(activity, content.follow_ups)
    activity.photos.set(content.photos)


def _put_people(activity, people):
    activity.participants.filter(how=Participant.How.TICKED).exclude(user__in=people).delete()
    there = {row.user_id: row for row in activity.participants.all()}
    Participant.objects.bulk_create(
        Participant(activity=activity, user=user, part=part) for user, part in people.items() if user.pk not in there
    )
    for user, part in people.items():
        if user.pk in there and there[user.pk].part != part:
            activity.participants.filter(user=user).update(part=part)


def _put_follow_ups(activity, wanted):
    """Take back what is open and no longer wanted, add what is new; what was already ended stays."""
    have = {(row.text, row.owner_id, row.due_on): row for row in activity.follow_ups.all()}
    keys = [(row["text"], row["owner"].pk, row["due_on"]) for row in wanted]
    dropped = [row.pk for key, row in have.items() if key not in keys and row.state == FollowUp.State.OPEN]
    activity.follow_ups.filter(pk__in=dropped, state=FollowUp.State.OPEN).delete()
    FollowUp.objects.bulk_create(
        FollowUp(activity=activity, **row) for key, row in zip(keys, wanted, strict=True) if key not in have
    )


def _told(activity):
    """What the trail keeps of a record; nothing of a confidential one."""
    if activity.privacy == activity.kind.Privacy.CONFIDENTIAL:
        return {}
    columns = ("title", "place", "minutes", "values")
    people = list(activity.participants.order_by("id").values_list("user__name", flat=True))
    return {name: getattr(activity, name) for name in columns} | {"date": activity.date.isoformat(), "people": people}


def _note(verb, activity, actor, before=None):
    secret = activity.privacy == activity.kind.Privacy.CONFIDENTIAL
    after = {} if secret else _told(activity) | ({"reason": activity.reason} if activity.reason else {})
    audit.record(
        verb, activity, actor=actor, unit=activity.unit, before=before, after=after, label=UNNAMED if secret else None
    )

"""Activities are kept with what they consist of, edited while their month is open, corrected afterwards, or voided."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import Activity, FollowUp, Participant, Resolution
from teams import audit, months, periods
from teams.models import Membership

State = Activity.State
DAYS_BACK = 92
"""How late something may be written down."""
UNNAMED = "保密记录"
"""What the trail calls a confidential record: neither its kind nor its people."""


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


@transaction.atomic
def record(kind, content, *, unit, team, actor, source, as_draft=False):
    """Keep an activity of a team or, without one, of a unit; returns the Activity.

    `source` is a UUID made with the form: sent twice it is kept once. Raises ActivityError for a day to come or long past,
    for people who were not there, and for what the kind asks for and is missing.
    """
    known = Activity.objects.filter(source=source).first()
    if known:
        return known
    activity = Activity.objects.create(
        kind=kind,
        unit=unit,
        team=team,
        fields=kind.fields,
        privacy=kind.privacy,
        state=State.DRAFT if as_draft else State.KEPT,
        source=source,
        recorded_by=actor,
        **_columns(content, unit, team),
    )
    _require(kind, content, activity, as_draft)
    _fill(activity, content)
    _note("activity.drafted" if as_draft else "activity.recorded", activity, actor)
    return activity


@transaction.atomic
def edit(activity, content, *, actor, as_draft=False):
    """Put other content in place of a record's while its month is open; a draft becomes a kept record unless told otherwise.

    Raises StaleState when the record was settled, voided or corrected meanwhile.
    """
    _require_open(activity)
    as_draft = as_draft and activity.state == State.DRAFT
    state = State.DRAFT if as_draft else State.KEPT
    rows = Activity.objects.filter(pk=activity.pk, state__in=[State.DRAFT, State.KEPT])
    if not rows.update(state=state, edited_at=timezone.now(), **_columns(content, activity.unit, activity.team)):
        raise StaleState("这条记录已经作废或更正，请刷新页面再看。")
    before = _told(activity)
    activity.refresh_from_db()
    _require(activity.kind, content, activity, as_draft)
    _empty(activity)
    _fill(activity, content)
    _note("activity.edited", activity, actor, before)


@transaction.atomic
def correct(activity, content, *, actor, reason, source):
    """Replace a record whose month is settled by a further one that names it and counts in the first open month."""
    if not reason:
        raise ActivityError("更正要写明原因。")
    if not Activity.objects.filter(pk=activity.pk, state=State.KEPT).update(state=State.REPLACED):
        raise StaleState("这条记录已经作废或更正，请刷新页面再看。")
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
    _require(activity.kind, content, further, as_draft=False)
    _fill(further, content)
    _note("activity.corrected", further, actor, _told(activity))
    return further


@transaction.atomic
def void(activity, reason, *, actor):
    """Take a record out of every count, with a reason; it stays readable."""
    if not reason:
        raise ActivityError("作废要写明原因。")
    if not Activity.objects.filter(pk=activity.pk, state__in=[State.DRAFT, State.KEPT]).update(
        state=State.VOIDED, reason=reason, edited_at=timezone.now()
    ):
        raise StaleState("这条记录已经作废或更正，请刷新页面再看。")
    activity.refresh_from_db()
    _note("activity.voided", activity, actor)


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


def _require(kind, content, activity, as_draft):
    today = timezone.localdate()
    if content.date > today and not as_draft:
        raise ActivityError("日期还没有到，先存成草稿，办完再登记。")
    if content.date < today - datetime.timedelta(days=DAYS_BACK):
        raise ActivityError(f"日期太早了，只能登记最近 {DAYS_BACK} 天的活动。")
    _require_people(content, activity)
    if as_draft:
        return
    if kind.taking_part != kind.TakingPart.NONE and not content.people:
        raise ActivityError("还没有参加人，请点名。")
    if len(content.photos) < kind.photos_needed:
        raise ActivityError(f"“{kind}”至少要 {kind.photos_needed} 张照片或附件，现在有 {len(content.photos)} 个。")


def _require_people(content, activity):
    """Of a team's record everybody belonged to it that day, but for confidential ones and those with guests of other teams."""
    wanted = {user.pk for user in content.people} | ({content.host.pk} if content.host else set())
    there = set(
        Membership.objects.during(content.date, content.date).filter(user__in=wanted).values_list("user", flat=True)
    )
    strangers = [user.name for user in content.people if user.pk not in there and not user.is_active]
    if strangers:
        raise ActivityError(f"{'、'.join(strangers)}那天不在册，请去掉后再登记。")


def _empty(activity):
    activity.participants.filter(how=Participant.How.TICKED).delete()
    activity.resolutions.all().delete()
    activity.follow_ups.filter(state=FollowUp.State.OPEN).delete()


def _fill(activity, content):
    signed = set(activity.participants.values_list("user_id", flat=True))
    Participant.objects.bulk_create(
        Participant(activity=activity, user=user, part=part)
        for user, part in content.people.items()
        if user.pk not in signed
    )
    Resolution.objects.bulk_create(Resolution(activity=activity, **row) for row in content.resolutions)
    FollowUp.objects.bulk_create(FollowUp(activity=activity, **row) for row in content.follow_ups)
    activity.photos.set(content.photos)


def _told(activity):
    """What the trail keeps of a record; nothing of a confidential one."""
    if activity.privacy == activity.kind.Privacy.CONFIDENTIAL:
        return {}
    columns = ("title", "place", "minutes", "values")
    return {name: getattr(activity, name) for name in columns} | {"date": activity.date.isoformat()}


def _note(verb, activity, actor, before=None):
    secret = activity.privacy == activity.kind.Privacy.CONFIDENTIAL
    after = {} if secret else _told(activity) | ({"reason": activity.reason} if activity.reason else {})
    audit.record(
        verb, activity, actor=actor, unit=activity.unit, before=before, after=after, label=UNNAMED if secret else None
    )

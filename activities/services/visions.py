"""Own visions with their study plans; somebody looks at them with the person now and then. The trail keeps no words of them."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import StudyItem, Vision, VisionReview
from teams import audit
from teams.access import home_unit

MOST_ITEMS = 20
"""How many open lines a study plan may have."""


@transaction.atomic
def write(user, *, statement, review_on, mentor, is_shown, actor):
    """Write the person's first vision or another in its place; returns the open Vision.

    The same statement keeps the vision and only changes the rest; another one ends it and takes its open study items over.
    """
    today = timezone.localdate()
    if review_on <= today:
        raise ActivityError("下次回顾的日期要在今天以后。")
    if mentor == user:
        raise ActivityError("辅导人要选别人。")
    facts = {"review_on": review_on, "mentor": mentor, "is_shown": is_shown}
    before = Vision.objects.select_for_update().filter(user=user, ended_on__isnull=True).first()
    if before and before.statement == statement:
        Vision.objects.filter(pk=before.pk).update(**facts)
        vision = Vision.objects.get(pk=before.pk)
    else:
        vision = _further(before, user, facts | {"statement": statement, "starts_on": today})
    _note("vision.written", vision, actor, {"review_on": review_on.isoformat(), "is_shown": is_shown})
    return vision


def _further(before, user, facts):
    if before:
        Vision.objects.filter(pk=before.pk).update(ended_on=timezone.localdate())
    try:
        with transaction.atomic():
            vision = Vision.objects.create(user=user, **facts)
    except IntegrityError as error:
        raise StaleState("您的愿景刚刚在别处写过了，请刷新页面再看。") from error
    if before:
        before.items.filter(done_on__isnull=True).update(vision=vision)
    return vision


@transaction.atomic
def add_item(vision, *, text, how, due_on, actor):
    """Add a line to the study plan of an open vision; returns the StudyItem."""
    vision = Vision.objects.select_for_update().get(pk=vision.pk)
    if vision.ended_on:
        raise StaleState("这份愿景已经换掉了，请刷新页面再看。")
    if vision.items.filter(done_on__isnull=True).count() >= MOST_ITEMS:
        raise ActivityError(f"没完成的计划最多 {MOST_ITEMS} 条，先完成或者去掉几条。")
    item = StudyItem.objects.create(vision=vision, text=text, how=how, due_on=due_on)
    _note("study_item.added", vision, actor, {"due_on": due_on.isoformat()})
    return item


@transaction.atomic
def finish_item(item, outcome, *, actor):
    """A line of the plan is done, and what came of it."""
    open_items = StudyItem.objects.filter(pk=item.pk, done_on__isnull=True)
    if not open_items.update(done_on=timezone.localdate(), outcome=outcome):
        raise StaleState("这一条已经完成或去掉了，请刷新页面再看。")
    _note("study_item.done", item.vision, actor, {"item": item.pk})


@transaction.atomic
def drop_item(item, *, actor):
    """Take a line that is not done out of the plan."""
    if not StudyItem.objects.filter(pk=item.pk, done_on__isnull=True).delete()[0]:
        raise StaleState("这一条已经完成或去掉了，请刷新页面再看。")
    _note("study_item.dropped", item.vision, actor, {"due_on": item.due_on.isoformat()})


@transaction.atomic
def review(vision, *, text, review_on, actor):
    """Keep what the person and the reviewer said, and when they meet next; nobody reviews the own vision."""
    if actor == vision.user:
        raise ActivityError("自己的愿景由辅导人或班长来回顾。")
    if review_on <= timezone.localdate():
        raise ActivityError("下次回顾的日期要在今天以后。")
    if not Vision.objects.filter(pk=vision.pk, ended_on__isnull=True).update(review_on=review_on):
        raise StaleState("这份愿景已经换掉了，请刷新页面再看。")
    VisionReview.objects.create(vision=vision, reviewer=actor, text=text)
    _note("vision.reviewed", vision, actor, {"review_on": review_on.isoformat()})


def _note(verb, vision, actor, after):
    audit.record(verb, vision, actor=actor, unit=home_unit(vision.user), after=after)

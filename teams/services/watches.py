"""A team's watches: planned ahead, handed over at the end of the shift, taken over by whoever comes next."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from teams import audit, periods
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, Membership, Shift, Watch
from teams.services.attendance import ChangedMeanwhile

SHIFTS = list(Shift)
"""The shifts of a day in the order in which they follow each other."""


@transaction.atomic
def plan(team, changes, *, actor):
    """Write single cells of the duty roster and leave all others as they are by now; returns how many changed.

    `changes` maps (date, shift) to (who stood there when the person began, who shall stand there), ids of people or None.
    Raises ChangedMeanwhile when one of these cells holds a third value or is handed over by now; TeamError for days that
    are past and for people who are not in the team on the day.
    """
    wanted = sorted(changes.items(), key=lambda change: order_of(*change[0]))
    _refuse_past(wanted)
    _refuse_outsiders(team, wanted)
    before = _stored(team, changes)
    lost = [cell for cell, pair in wanted if not _replace(team, cell, *pair)]
    if lost:
        raise ChangedMeanwhile(_sentence(_stored(team, lost)), lost)
    after = _stored(team, changes)
    changed = [cell for cell, _ in wanted if _holder(before, cell) != _holder(after, cell)]
    if changed:
        trail = {"before": _in_trail(before, changed), "after": _in_trail(after, changed)}
        audit.record("watch.planned", team, actor=actor, unit=team.unit, **trail)
    return len(changed)


def order_of(date, shift):
    """Sort key of the watches of a team: by day, then by shift."""
    return date, SHIFTS.index(shift)


def named(date, shift):
    """How people call a cell of the duty roster: "10月5日夜班"."""
    return f"{periods.day_text(date)}{Shift(shift).label}"


def _refuse_past(wanted):
    today = timezone.localdate()
    past = [named(*cell) for cell, _ in wanted if cell[0] < today]
    if past:
        raise TeamError(f"{'、'.join(past[:3])}已经过去，不能再排。")


def _refuse_outsiders(team, wanted):
    """Nobody is on watch in a team on a day when he or she does not belong to it."""
    people = {person for _, (_, person) in wanted if person is not None}
    rows = list(Membership.objects.filter(team=team, user__in=people))
    for (date, shift), (_, person) in wanted:
        there = any(row.user_id == person and row.started_on <= date <= (row.ended_on or date) for row in rows)
        if person is not None and not there:
            raise TeamError(f"{named(date, shift)}选的人那天不在{team.name}，请重新选。")


def _stored(team, cells):
    """{(date, shift): Watch or None} of some cells as they are now."""
    rows = Watch.objects.filter(team=team, date__in={date for date, _ in cells}).select_related("user")
    watches = {(row.date, row.shift): row for row in rows}
    return {cell: watches.get(cell) for cell in cells}


def _replace(team, cell, shown, wanted):
    """Compare-and-set one cell; whether it now holds what was wanted."""
    date, shift = cell
    here = Watch.objects.filter(team=team, date=date, shift=shift)
    free = here.filter(user=shown, handed_at__isnull=True)
    if shown is None:
        done = wanted is not None and _added(team, cell, wanted)
    elif wanted is None:
        done = free.delete()[0]
    else:
        done = free.update(user=wanted)
    return bool(done) or (here.filter(user=wanted).exists() if wanted is not None else not here.exists())


def _added(team, cell, person):
    try:
        with transaction.atomic():
            return Watch.objects.create(team=team, date=cell[0], shift=cell[1], user_id=person)
    except IntegrityError:
        return None


def _sentence(lost):
    """What became of the cells meanwhile."""
    places = []
    for cell, watch in list(lost.items())[:3]:
        if watch is None:
            places.append(f"{named(*cell)}已空出")
        else:
            places.append(f"{named(*cell)}{'已经交班' if watch.handed_at else f'已排给{watch.user}'}")
    more = f"等 {len(lost)} 处" if len(lost) > 3 else ""
    return f"您排班的时候，{'，'.join(places)}{more}。什么都没有保存，请核对标红的格子再保存。"


def _holder(watches, cell):
    return watches[cell] and watches[cell].user_id


def _in_trail(watches, cells):
    return {
        f"{date} {Shift(shift).label}": watches[date, shift] and watches[date, shift].user.name for date, shift in cells
    }


@transaction.atomic
def hand_over(watch, text, *, actor):
    """Close a watch with the record for whoever comes next; frozen from then on.

    Raises TeamError before the day of the watch, StaleState when it is handed over or given to another person by now.
    """
    if watch.date > timezone.localdate():
        raise TeamError(f"{named(watch.date, watch.shift)}还没有到，到了那天再交班。")
    own = Watch.objects.filter(pk=watch.pk, user=watch.user_id, handed_at__isnull=True)
    if not own.update(handover=text, handed_at=timezone.now()):
        raise StaleState("这一班已经交过，或者改排给别人了，请刷新页面再看。")
    after = {"handover": text} | ({"on_watch": watch.user.name} if actor != watch.user else {})
    audit.record("watch.handed_over", watch, actor=actor, unit=watch.team.unit, after=after)


@transaction.atomic
def take_over(watch, *, actor):
    """Another member of the team takes the watch over: neither the person on watch nor who handed over instead."""
    handed = AuditEntry.objects.filter(
        verb="watch.handed_over", object_type=Watch._meta.label_lower, object_id=watch.pk, actor=actor
    )
    if actor.pk == watch.user_id or handed.exists():
        raise TeamError("自己交的班，要由另一个人接。")
    waiting = Watch.objects.filter(pk=watch.pk, handed_at__isnull=False, taken_by__isnull=True)
    if not waiting.update(taken_by=actor, taken_at=timezone.now()):
        raise StaleState("这一班还没有交，或者已经有人接了，请刷新页面再看。")
    audit.record("watch.taken_over", watch, actor=actor, unit=watch.team.unit, after={"taken_by": actor.name})

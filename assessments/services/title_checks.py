"""Titles looked at every night: what is over ends, what is due is looked at again. Each step by itself, safe to repeat."""

from django.db import transaction
from django.db.models import Max, Q

from assessments.errors import StaleState
from assessments.honours.title_access import WHOLE
from assessments.honours.title_days import TO_CLOSE, due_day, last_rectifying_day
from assessments.honours.title_moves import LIVE
from assessments.honours.title_rules import frozen_of, rule_of
from assessments.models import Bar, Recheck, Studio, Title
from assessments.services import titles
from teams.access import subtree_ids

State = Title.State
BATCH = 200
"""So many titles are held in memory at once."""


def keep(today):
    """End titles whose day or holder is gone, and open the rechecks that are due or that a new case asks for."""
    _each(_over(today), lambda title: _expire(title, today))
    _each(_without_holder(today), _lapse)
    _each(_unasked(), lambda title: _open_due(title, today))
    for bar in Bar.objects.filter(lifted_on__isnull=True).select_related("unit").order_by("id"):
        _each(_concerned(bar), lambda title, bar=bar: _open_for(bar, title, today))


def _each(rows, deed):
    """Do something to every title, a batch at a time; somebody may have decided about one at the same moment."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        for title in WHOLE.filter(pk__in=ids[start : start + BATCH]).order_by("pk"):
            _unless_stale(deed, title)


def _unless_stale(deed, title):
    try:
        with transaction.atomic():
            deed(title)
    except StaleState:
        return


def _over(today):
    late = Q(state=State.RECTIFYING, rectify_until__lt=today - TO_CLOSE)
    return Title.objects.filter(Q(state=State.VALID) | late, valid_to__lt=today)


def _expire(title, today):
    if title.state == State.VALID or last_rectifying_day(title.valid_to, title.rectify_until) < today:
        titles.expire(title)


def _without_holder(today):
    gone = Q(team__disbanded_on__lte=today) | Q(studio__state=Studio.State.REVOKED)
    return Title.objects.filter(gone, state__in=LIVE)


def _lapse(title):
    titles.lapse(title, f"{title.holder}已经撤销，称号自然撤销")


def _unasked():
    """Valid titles that are not being looked at."""
    return Title.objects.filter(state=State.VALID).exclude(rechecks__result=Recheck.Result.OPEN)


def _open_due(title, today):
    day = due_day(title.valid_from, title.valid_to, rule_of(title).get("every_months", 0), today)
    if day and not title.rechecks.filter(due_on=day).exists():
        titles.open_recheck(title, day, f"{day:%Y-%m-%d} 到期复评", actor=None)


def _concerned(bar):
    """Valid titles of whom a case is about, about whom nothing was decided since it was recorded."""
    rows = _unasked().filter(_holders(bar)).annotate(latest=Max("steps__at"))
    return rows.filter(latest__lt=bar.recorded_at)


def _holders(bar):
    if bar.user_id:
        return Q(user=bar.user_id) | Q(studio__leader=bar.user_id)
    if bar.team_id:
        return Q(team=bar.team_id)
    units = subtree_ids(bar.unit)
    return Q(team__unit__in=units) | Q(studio__unit__in=units)


def _open_for(bar, title, today):
    vetoes = {row["code"] for row in frozen_of(title)["conditions"] if row["kind"] == "veto"}
    if bar.code in vetoes:
        titles.open_recheck(title, today, f"登记了否决情形：{bar.text}", actor=None)

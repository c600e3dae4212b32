"""The activities that a person was in or recorded, and what was to do after them, for the person's own data."""

from django.db.models import Q
from django.utils import timezone

from activities.models import Activity, FollowUp, Participant
from activities.records import shown_values


def _records(user):
    own = {row.activity_id: row for row in Participant.objects.filter(user=user)}
    rows = Activity.objects.filter(Q(pk__in=own) | Q(recorded_by=user)).exclude(
        ~Q(recorded_by=user), state=Activity.State.DRAFT
    )
    rows = list(rows.select_related("kind", "team", "unit").order_by("date", "id"))
    values = shown_values(rows)
    for row in rows:
        part = own[row.pk].get_part_display() if row.pk in own else "登记"
        said = "；".join(f"{label}：{text}" for label, text in values[row.pk])
        yield row.date, row.kind, row.team or row.unit, row.title, part, said, row.minutes, row.get_state_display()


def _follow_ups(user):
    for row in FollowUp.objects.filter(owner=user).select_related("activity__kind").order_by("due_on", "id"):
        ended = f"{timezone.localtime(row.ended_at):%Y-%m-%d %H:%M}" if row.ended_at else ""
        yield row.activity, row.text, row.due_on, row.get_state_display(), row.outcome, ended


SHEETS = [
    ("活动记录", ["日期", "种类", "班组", "主题", "身份", "内容", "记录", "状态"], _records),
    ("跟进事项", ["活动", "事项", "完成日期", "状态", "结果", "结束时间"], _follow_ups),
]
"""As in teamhub/own_data.py."""

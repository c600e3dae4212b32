"""What honours say of a person, for the person's own data."""

from django.utils import timezone

from assessments.honours.content import CASES
from assessments.honours.told_states import word_of
from assessments.models import Application, Bar, StudioMember, Title


def _studios(user):
    for row in StudioMember.objects.filter(user=user).select_related("studio").order_by("joined_on", "id"):
        yield row.studio, row.skill, row.joined_on, row.left_on


def _applications(user):
    for row in Application.objects.filter(user=user).select_related("round__programme").order_by("id"):
        at = f"{timezone.localtime(row.submitted_at):%Y-%m-%d %H:%M}" if row.submitted_at else ""
        yield row.number, row.round, row.story, at, word_of(row)


def _bars(user):
    for row in Bar.objects.filter(user=user).order_by("happened_on", "id"):
        yield row.happened_on, CASES.get(row.code, row.code), row.text, row.lifted_on, row.lifted_reason


def _titles(user):
    for row in Title.objects.filter(user=user).order_by("valid_from", "id"):
        yield row.serial, row.name, row.document, row.valid_from, row.valid_to, row.get_state_display()


SHEETS = [
    ("创新工作室", ["工作室", "专长", "加入日期", "离开日期"], _studios),
    ("申报", ["编号", "批次", "事迹", "提交时间", "状态"], _applications),
    ("评选否决情形", ["发生日期", "情形", "说明", "取消日期", "取消原因"], _bars),
    ("称号", ["证书编号", "称号", "文号", "生效日期", "有效期至", "状态"], _titles),
]
"""As in teamhub/own_data.py."""

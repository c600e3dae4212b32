from django.conf import settings
from django.db import models
from django.db.models import Q

from teams.models import Unit

USER = settings.AUTH_USER_MODEL


class ActivityKind(models.Model):
    """活动种类:one kind of team-life record as data; it holds in its unit and all below it.

    `fields` is a list of definitions (see activities/fields.py); a record keeps the ones it was filled in by. `points` are
    hundredths of the standard's points that a record earns its team, `practices` the numbers of the practices it serves.
    """

    class Group(models.TextChoices):
        MEETING = "meeting", "会议"
        SAFETY = "safety", "安全"
        CARE = "care", "谈心关怀"
        STUDY = "study", "学习培训"
        PARTY = "party", "党建"
        EQUIPMENT = "equipment", "设备与现场"
        SAVING = "saving", "节约与创新"
        CULTURE = "culture", "文体与家园"
        CONTEST = "contest", "练兵竞赛"
        MANAGEMENT = "management", "管理"

    class Cadence(models.TextChoices):
        NONE = "none", "随时"
        DAILY = "daily", "每天"
        SHIFT = "shift", "每班"
        WEEKLY = "weekly", "每周"
        TWICE_WEEKLY = "twice_weekly", "每周两次"
        MONTHLY = "monthly", "每月"
        QUARTERLY = "quarterly", "每季度"
        HALF_YEARLY = "half_yearly", "每半年"
        YEARLY = "yearly", "每年"
        CYCLE = "cycle", "按周期"

    class Subject(models.TextChoices):
        TEAM = "team", "班组"
        UNIT = "unit", "单位"
        PERSON = "person", "个人"

    class TakingPart(models.TextChoices):
        NONE = "none", "不点名"
        TICKED = "ticked", "点名"
        SIGNED = "signed", "本人签到，也可点名"

    class Privacy(models.TextChoices):
        UNIT = "unit", "本单位可见"
        TEAM = "team", "本班组可见"
        CONFIDENTIAL = "confidential", "只有当事人和记录人可见"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=40)
    group = models.CharField("类别", max_length=12, choices=Group)
    purpose = models.CharField("说明", max_length=200, blank=True)
    agenda = models.TextField("记录模板", max_length=2000, blank=True)
    fields = models.JSONField("栏目", default=list)
    subject = models.CharField("谁的活动", max_length=6, choices=Subject, default=Subject.TEAM)
    recorders = models.JSONField("谁来记", default=list)
    taking_part = models.CharField("参加人", max_length=6, choices=TakingPart, default=TakingPart.TICKED)
    cadence = models.CharField("多久一次", max_length=12, choices=Cadence, default=Cadence.NONE)
    cycle_days = models.PositiveSmallIntegerField("周期（天）", null=True, blank=True)
    is_asked = models.BooleanField("列入待办", default=False)
    grace_days = models.PositiveSmallIntegerField("宽限（工作日）", default=0)
    photos_needed = models.PositiveSmallIntegerField("至少几张照片", default=0)
    votes = models.BooleanField("有表决", default=False)
    privacy = models.CharField("谁能看", max_length=12, choices=Privacy, default=Privacy.UNIT)
    hours = models.PositiveIntegerField("学时", default=0)
    points = models.PositiveIntegerField("加分", default=0)
    criterion = models.CharField("支持的考核小项", max_length=20, blank=True)
    practices = models.JSONField("对应做法", default=list)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    created_by = models.ForeignKey(USER, verbose_name="建立人", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["group", "name", "id"]
        verbose_name = "活动种类"
        verbose_name_plural = "活动种类"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"],
                name="activities_kind_code_once_per_unit",
                violation_error_message="这个代码已经用过了。",
            ),
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(retired_on__isnull=True),
                name="activities_kind_name_once_per_unit",
                violation_error_message="已有同名的活动种类。",
            ),
            models.CheckConstraint(
                condition=Q(cadence="cycle", cycle_days__gte=1, cycle_days__lte=1100)
                | (~Q(cadence="cycle") & Q(cycle_days__isnull=True)),
                name="activities_kind_cycle_has_days",
                violation_error_message="按周期的活动要写明几天一次（1 到 1100 天）。",
            ),
            models.CheckConstraint(
                condition=Q(is_asked=False) | (~Q(cadence="none") & ~Q(subject="person")),
                name="activities_kind_asked_has_cadence",
                violation_error_message="列入待办的活动要写明多久一次，而且是班组或单位的活动。",
            ),
            models.CheckConstraint(condition=Q(grace_days__lte=30), name="activities_kind_grace_range"),
            models.CheckConstraint(condition=Q(photos_needed__lte=9), name="activities_kind_photos_range"),
            models.CheckConstraint(
                condition=Q(hours__lte=10000, points__lte=10000), name="activities_kind_figures_range"
            ),
            models.CheckConstraint(
                condition=~Q(privacy="confidential") | Q(points=0, criterion=""),
                name="activities_kind_confidential_earns_nothing",
                violation_error_message="保密的活动不加分，也不作考核依据。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_confidential(self):
        """Whether only the people in a record and its recorder may know of it."""
        return self.privacy == self.Privacy.CONFIDENTIAL

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.applications import Application
from assessments.models.programmes import Programme
from assessments.models.studios import Studio
from teams.models import Honour, Team, Unit

USER = settings.AUTH_USER_MODEL


class Title(models.Model):
    """称号:an honour that was named and lasts from one day to another: kept, rectified by a day, revoked or expired."""

    class State(models.TextChoices):
        VALID = "valid", "有效"
        RECTIFYING = "rectifying", "限期整改"
        REVOKED = "revoked", "已撤销"
        EXPIRED = "expired", "已到期"

    class Way(models.TextChoices):
        ORDERED = "ordered", "责令撤销"
        AUTOMATIC = "automatic", "自动撤销"
        NATURAL = "natural", "自然撤销"

    programme = models.ForeignKey(Programme, verbose_name="评选项目", on_delete=models.PROTECT, related_name="titles")
    application = models.OneToOneField(
        Application, verbose_name="申报", null=True, blank=True, on_delete=models.PROTECT, related_name="award"
    )
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        USER, verbose_name="个人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    studio = models.ForeignKey(
        Studio, verbose_name="工作室", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("称号", max_length=60)
    serial = models.CharField("证书编号", max_length=30, unique=True)
    document = models.CharField("文号", max_length=60)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("有效期至")
    state = models.CharField("状态", max_length=10, choices=State, default=State.VALID)
    rectify_until = models.DateField("整改期限", null=True, blank=True)
    way = models.CharField("撤销方式", max_length=10, choices=Way, blank=True)
    honour = models.OneToOneField(
        Honour, verbose_name="荣誉", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = "称号"
        verbose_name_plural = "称号"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="assessments_title_days_in_order"),
            models.CheckConstraint(
                condition=Q(state="rectifying", rectify_until__isnull=False)
                | (~Q(state="rectifying") & Q(rectify_until__isnull=True)),
                name="assessments_title_rectifying_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked") & ~Q(way="") | ~Q(state="revoked") & Q(way=""),
                name="assessments_title_revoked_has_way",
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_to"], name="assessments_title_state")]

    def __str__(self):
        return f"{self.holder} {self.name}"

    @property
    def holder(self):
        """The team, the person or the studio that bears the title."""
        return self.team or self.user or self.studio


class TitleStep(models.Model):
    """称号履历:named, kept, rectified, revoked, expired: when, by whom, why. Append-only and public."""

    title = models.ForeignKey(Title, verbose_name="称号", on_delete=models.PROTECT, related_name="steps")
    state = models.CharField("变为", max_length=10, choices=Title.State)
    text = models.CharField("说明", max_length=300)
    actor = models.ForeignKey(USER, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "称号履历"

    def __str__(self):
        return self.text


class Recheck(models.Model):
    """年度复评:a title looked at again on the year's own records (`facts`, frozen when it is decided)."""

    class Result(models.TextChoices):
        OPEN = "open", "待复评"
        KEPT = "kept", "保留"
        RECTIFY = "rectify", "限期整改"
        REVOKE = "revoke", "撤销"

    title = models.ForeignKey(Title, verbose_name="称号", on_delete=models.PROTECT, related_name="rechecks")
    due_on = models.DateField("复评日期")
    facts = models.JSONField("记录", default=dict)
    scores = models.JSONField("评分", default=dict)
    result = models.CharField("结果", max_length=8, choices=Result, default=Result.OPEN)
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(USER, verbose_name="复评人", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("复评时间", null=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "年度复评"
        constraints = [
            models.UniqueConstraint(fields=["title", "due_on"], name="assessments_recheck_once"),
            models.CheckConstraint(
                condition=Q(result="open", decided_at__isnull=True) | (~Q(result="open") & Q(decided_at__isnull=False)),
                name="assessments_recheck_decided_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["open", "kept"]) | ~Q(reason=""),
                name="assessments_recheck_fault_has_reason",
                violation_error_message="限期整改或撤销要写明理由。",
            ),
        ]

    def __str__(self):
        return f"{self.due_on} {self.get_result_display()}"

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Attachment, Team, Unit

USER = settings.AUTH_USER_MODEL


class Idea(models.Model):
    """合理化建议或攻关项目:submitted → adopted or refused with a reason → carried out → effect verified by another → rewarded.

    `benefit` (fen a year) is what the effect was verified to be worth; `share` of an author is hundredths of a per cent.
    """

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", "合理化建议"
        QC = "qc", "QC 课题"
        PROJECT = "project", "攻关项目"

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待评审"
        RETURNED = "returned", "退回补充"
        REFUSED = "refused", "未采纳"
        ADOPTED = "adopted", "已采纳"
        CARRIED_OUT = "carried_out", "已实施"
        VERIFIED = "verified", "已验证"
        INEFFECTIVE = "ineffective", "没有效果"
        WITHDRAWN = "withdrawn", "已撤回"

    class Theme(models.TextChoices):
        SAFETY = "safety", "安全生产"
        COST = "cost", "降低成本"
        ENERGY = "energy", "节能减排"
        TECHNIQUE = "technique", "技术改造"
        QUALITY = "quality", "质量提升"
        MANAGEMENT = "management", "管理改进"
        SERVICE = "service", "生活服务"

    kind = models.CharField("类型", max_length=10, choices=Kind, default=Kind.SUGGESTION)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField("编号", max_length=20, unique=True)
    title = models.CharField("题目", max_length=80)
    theme = models.CharField("方向", max_length=10, choices=Theme)
    problem = models.TextField("现状和问题", max_length=2000)
    proposal = models.TextField("建议或做法", max_length=3000)
    expected = models.CharField("预期效果", max_length=300, blank=True)
    files = models.ManyToManyField(Attachment, verbose_name="照片和附件", related_name="+")
    state = models.CharField("状态", max_length=12, choices=State, default=State.SUBMITTED)
    source = models.UUIDField("来源", unique=True)
    submitted_by = models.ForeignKey(USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("提出时间", auto_now_add=True)
    period = models.PositiveIntegerField("月份")
    owner = models.ForeignKey(
        USER, verbose_name="实施人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField("完成日期", null=True, blank=True)
    benefit = models.BigIntegerField("年效益", null=True, blank=True)
    verified_by = models.ForeignKey(USER, verbose_name="验证人", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = "建议"
        verbose_name_plural = "建议"
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("submitted_by")),
                name="activities_idea_verified_by_another",
                violation_error_message="提出人不能验证自己的建议。",
            ),
            models.CheckConstraint(
                condition=Q(benefit__isnull=True) | Q(benefit__gte=0, benefit__lte=10**12),
                name="activities_idea_benefit_range",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(owner__isnull=False, due_on__isnull=False),
                name="activities_idea_adopted_has_owner",
            ),
        ]
        indexes = [models.Index(fields=["team", "period"], name="activities_idea_team")]

    def __str__(self):
        return f"{self.number} {self.title}"


class Author(models.Model):
    """署名:who an idea is by, in order."""

    idea = models.ForeignKey(Idea, verbose_name="建议", on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(USER, verbose_name="作者", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["idea_id", "id"]
        verbose_name = "署名"
        constraints = [models.UniqueConstraint(fields=["idea", "user"], name="activities_author_once")]

    def __str__(self):
        return str(self.user)


class IdeaStep(models.Model):
    """步骤:what became of an idea, who said so and why. Append-only."""

    idea = models.ForeignKey(Idea, verbose_name="建议", on_delete=models.PROTECT, related_name="steps")
    state = models.CharField("变为", max_length=12, choices=Idea.State)
    text = models.CharField("说明", max_length=500, blank=True)
    actor = models.ForeignKey(USER, verbose_name="经办人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "步骤"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "returned", "ineffective"]) | ~Q(text=""),
                name="activities_ideastep_refusal_has_reason",
                violation_error_message="不采纳或退回要写明原因。",
            )
        ]

    def __str__(self):
        return self.get_state_display()

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from activities.models.activities import Activity
from teams.models import Attachment, Team, Unit

USER = settings.AUTH_USER_MODEL


class KnowledgeItem(models.Model):
    """知识条目:a case, an experience, a method ... of a team or a unit; what it says stands in its versions."""

    class Kind(models.TextChoices):
        CASE = "case", "案例"
        EXPERIENCE = "experience", "经验"
        TOOL = "tool", "工具"
        METHOD = "method", "先进操作法"
        KNACK = "knack", "绝招"
        POCKET_CARD = "pocket_card", "口袋卡"
        EMERGENCY_CARD = "emergency_card", "应急三板斧"
        RULE = "rule", "制度细则"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("种类", max_length=16, choices=Kind)
    origin = models.ForeignKey(
        Activity, verbose_name="来自活动", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(USER, verbose_name="建立人", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    retired_reason = models.CharField("停用原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "知识条目"
        verbose_name_plural = "知识条目"
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True) | ~Q(retired_reason=""),
                name="activities_knowledge_retired_has_reason",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"


class KnowledgeVersion(models.Model):
    """知识版本:what an item says: draft → in review → published, or returned with a reason. A published one never changes.

    `steps` is the short list of a card or of a tool's use. Which version holds is the published one with the highest number.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审核"
        RETURNED = "returned", "已退回"
        PUBLISHED = "published", "已发布"

    item = models.ForeignKey(KnowledgeItem, verbose_name="条目", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    title = models.CharField("标题", max_length=80)
    summary = models.CharField("摘要", max_length=200)
    body = models.TextField("正文", max_length=10000, blank=True)
    steps = models.JSONField("步骤", default=list)
    tags = models.JSONField("标签", default=list)
    words = models.TextField("检索文字", default="")
    changes = models.CharField("修改说明", max_length=200, blank=True)
    authors = models.ManyToManyField(USER, verbose_name="作者", related_name="+")
    files = models.ManyToManyField(Attachment, verbose_name="附件", related_name="+")
    must_read = models.BooleanField("须签收", default=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(USER, verbose_name="撰写人", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("撰写时间", auto_now_add=True)
    reviewed_by = models.ForeignKey(USER, verbose_name="审核人", null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    answer = models.CharField("审核意见", max_length=200, blank=True)

    class Meta:
        ordering = ["item_id", "-number"]
        verbose_name = "知识版本"
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="activities_knowledgeversion_number"),
            models.UniqueConstraint(
                fields=["item"],
                condition=~Q(state="published"),
                name="activities_knowledgeversion_one_unpublished",
                violation_error_message="这一条已有一个还没发布的版本。",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("written_by")),
                name="activities_knowledgeversion_two_people",
                violation_error_message="撰写人不能审核自己写的。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="activities_knowledgeversion_published_is_reviewed",
            ),
        ]

    def __str__(self):
        return self.title


class Adoption(models.Model):
    """采用:another team tries a published version and says what came of it."""

    class State(models.TextChoices):
        TRYING = "trying", "试用中"
        ADOPTED = "adopted", "已采用"
        DROPPED = "dropped", "不适用"

    version = models.ForeignKey(
        KnowledgeVersion, verbose_name="版本", on_delete=models.PROTECT, related_name="adoptions"
    )
    team = models.ForeignKey(Team, verbose_name="采用班组", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.TRYING)
    feedback = models.CharField("反馈", max_length=500, blank=True)
    started_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField("开始日期")
    ended_at = models.DateTimeField("反馈时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "采用"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "team"],
                name="activities_adoption_once",
                violation_error_message="本班组已经登记采用了。",
            ),
            models.CheckConstraint(
                condition=Q(state="trying") | ~Q(feedback=""), name="activities_adoption_ended_has_feedback"
            ),
        ]

    def __str__(self):
        return f"{self.team} {self.get_state_display()}"


class ReadReceipt(models.Model):
    """签收:a person has read a published version that must be read. Append-only."""

    version = models.ForeignKey(
        KnowledgeVersion, verbose_name="版本", on_delete=models.PROTECT, related_name="receipts"
    )
    user = models.ForeignKey(USER, verbose_name="签收人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("签收时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "签收"
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="activities_readreceipt_once")]

    def __str__(self):
        return f"{self.user} {self.at:%Y-%m-%d}"

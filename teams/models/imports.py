from django.conf import settings
from django.db import models

from teams.models.units import Team, Unit


class ImportBatch(models.Model):
    """导入批次:an uploaded workbook, parsed and checked, waiting for its uploader to confirm or discard it.

    `rows` holds what was read, so that confirming needs no second upload and checks again against today's data.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", "花名册"
        ATTENDANCE = "attendance", "考勤表"

    class State(models.TextChoices):
        READING = "reading", "读取中"
        PREVIEWED = "previewed", "待确认"
        APPLYING = "applying", "导入中"
        APPLIED = "applied", "已导入"
        DISCARDED = "discarded", "已放弃"
        FAILED = "failed", "读不了"

    kind = models.CharField("类别", max_length=12, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PREVIEWED)
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", null=True, on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份", null=True)
    effective_on = models.DateField("生效日期", null=True)
    filename = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("指纹", max_length=64)
    content = models.BinaryField("文件内容", null=True)
    rows = models.JSONField("读到的内容", default=dict)
    wishes = models.JSONField("导入选项", default=dict)
    problem = models.CharField("问题", max_length=500, blank=True)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共", default=0)
    lease_until = models.DateTimeField("任务租约", null=True)
    attempts = models.PositiveIntegerField("次数", default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    result = models.JSONField("结果", default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = "导入批次"

    def __str__(self):
        return f"{self.get_kind_display()} {self.filename}"

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
        PREVIEWED = "previewed", "待确认"
        APPLIED = "applied", "已导入"
        DISCARDED = "discarded", "已放弃"

    kind = models.CharField("类别", max_length=12, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PREVIEWED)
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", null=True, on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份", null=True)
    effective_on = models.DateField("生效日期", null=True)
    filename = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("指纹", max_length=64)
    rows = models.JSONField("读到的内容")
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

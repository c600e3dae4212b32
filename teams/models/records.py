from django.conf import settings
from django.db import models

from teams.models.units import Team, Unit


class Attachment(models.Model):
    """附件:a stored photo or document. Photos are re-encoded on arrival; the sha256 shows when one file is used twice.

    Whoever sees its team may open it; without a team only those to whom a page shows it. `name` is a document's own name.
    """

    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("文件名", max_length=120, blank=True)
    file = models.FileField("文件", upload_to="photos/%Y/%m/")
    sha256 = models.CharField("指纹", max_length=64, db_index=True)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("字节数")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "附件"

    def __str__(self):
        return self.name or self.file.name

    @property
    def is_photo(self):
        """Whether a page shows it as a picture."""
        return self.content_type.startswith("image/")


class AuditEntry(models.Model):
    """留痕:who changed what, from what to what, when and from where. Append-only; write through teams.audit.record."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField("动作", max_length=40, db_index=True)
    object_type = models.CharField("对象类型", max_length=40)
    object_id = models.BigIntegerField("对象编号")
    label = models.CharField("对象", max_length=200)
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    address = models.GenericIPAddressField("来源地址", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "留痕"
        indexes = [models.Index(fields=["object_type", "object_id"], name="teams_auditentry_object")]

    def __str__(self):
        return f"{self.verb} {self.label}"


class AuditSeal(models.Model):
    """封签:the sha256 over a run of trail entries, chained to the seal before it. Append-only.

    Sealing a little later, instead of hashing each entry as it is written, keeps writers from waiting for each other.
    """

    first = models.BigIntegerField("起始编号")
    last = models.BigIntegerField("截止编号", unique=True)
    count = models.PositiveIntegerField("条数")
    digest = models.CharField("指纹", max_length=64)
    previous = models.CharField("上一封签", max_length=64, unique=True)
    sealed_at = models.DateTimeField("封签时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "封签"

    def __str__(self):
        return f"{self.first}–{self.last}"

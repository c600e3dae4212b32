from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bulletins.models.bulletins import Bulletin

USER = settings.AUTH_USER_MODEL


class Receipt(models.Model):
    """阅读记录:that somebody signed in opened a board on a day, and how often: who has read, and who looked at whose figures."""

    bulletin = models.ForeignKey(Bulletin, verbose_name="公告", on_delete=models.PROTECT, related_name="receipts")
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("日期")
    first_at = models.DateTimeField("首次", auto_now_add=True)
    last_at = models.DateTimeField("最近")
    views = models.PositiveIntegerField("次数", default=1)

    class Meta:
        ordering = ["first_at"]
        verbose_name = "阅读记录"
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "user", "date"], name="bulletins_receipt_one_per_day"),
            models.CheckConstraint(condition=Q(views__gt=0), name="bulletins_receipt_views_positive"),
        ]

    def __str__(self):
        return f"{self.user} {self.date} {self.bulletin}"


class Signature(models.Model):
    """核对签字:a member of the board has checked it (我已核对). Said once, never taken back; on paper if `kept_by`."""

    bulletin = models.ForeignKey(Bulletin, verbose_name="公告", on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    kept_by = models.ForeignKey(USER, verbose_name="代为登记", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = "核对签字"
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "user"], name="bulletins_signature_once"),
            models.CheckConstraint(
                condition=Q(kept_by__isnull=True) | ~Q(kept_by=F("user")),
                name="bulletins_signature_kept_for_another",
                violation_error_message="自己的签字自己点，不用代为登记。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.bulletin}"

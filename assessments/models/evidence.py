from django.conf import settings
from django.db import models

from activities.models import Activity
from assessments.models.standards import Standard
from teams.models import Team

USER = settings.AUTH_USER_MODEL


class Evidence(models.Model):
    """佐证:a record that stands for a line of the standard, named by its code, which is the same in all versions.

    Records of a kind that supports the line stand for it without a row here; a record may stand for several lines.
    """

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    standard = models.ForeignKey(Standard, verbose_name="考核标准", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("小项", max_length=10)
    activity = models.ForeignKey(Activity, verbose_name="活动记录", on_delete=models.PROTECT, related_name="+")
    picked_by = models.ForeignKey(USER, verbose_name="挑选人", on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField("挑选时间", auto_now_add=True)

    class Meta:
        ordering = ["code", "id"]
        verbose_name = "佐证"
        verbose_name_plural = "佐证"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "standard", "code"],
                name="assessments_evidence_once",
                violation_error_message="这条记录已经是这个小项的佐证了。",
            )
        ]

    def __str__(self):
        return f"{self.code} {self.activity}"

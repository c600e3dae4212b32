from django.conf import settings
from django.db import models


class Proposal(models.Model):
    """What every paper has that one person proposes and another one decides.

    `key` comes from the form that was sent: sent twice, it is one paper. A paper that came in another way has none.
    """

    key = models.UUIDField("提交标识", null=True, unique=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审批人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)

    class Meta:
        abstract = True

from django.db import models

from bulletins.models.bulletins import Bulletin
from teams.models import Unit


class ChainHead(models.Model):
    """榜链之首:the latest board of a unit's chain on a day, as it was also written outside the database. Append-only."""

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("日期")
    bulletin = models.ForeignKey(Bulletin, verbose_name="最后一张", on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField("指纹", max_length=64)
    count = models.PositiveIntegerField("张数")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["-date", "unit_id"]
        verbose_name = "榜链之首"
        constraints = [models.UniqueConstraint(fields=["unit", "date"], name="bulletins_chainhead_one_per_day")]

    def __str__(self):
        return f"{self.unit} {self.date} {self.content_hash[:8]}"

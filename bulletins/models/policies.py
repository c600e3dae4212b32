from django.conf import settings
from django.db import models
from django.db.models import Q

from teams.models import Unit

USER = settings.AUTH_USER_MODEL


class BoardPolicy(models.Model):
    """张榜规定:how a unit and all below it post, unless one below has its own: what of pay is shown to whom, and how long.

    `notice_days` maps a kind of board to full working days; what it leaves out keeps the usual number.
    """

    class BonusMode(models.TextChoices):
        FULL = "full", "班组内公开每个人的金额"
        DISTRIBUTION = "distribution", "只看自己的金额，加不记名的分布"
        OWN = "own", "只看自己的金额"

    unit = models.OneToOneField(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    bonus_mode = models.CharField("奖金表", max_length=12, choices=BonusMode, default=BonusMode.FULL)
    mask_names = models.BooleanField("班组以外的人看到的姓名打码", default=True)
    notice_days = models.JSONField("公示天数", default=dict)
    publish_on_posting = models.BooleanField("奖金入账后自动张榜", default=False)
    restart_notice = models.BooleanField("更正后重新公示", default=True)
    anonymous_objections = models.BooleanField("异议对答复人匿名", default=False)
    accept_days = models.PositiveIntegerField("几个工作日内受理", default=3)
    answer_days = models.PositiveIntegerField("几个工作日内答复", default=15)
    set_by = models.ForeignKey(USER, verbose_name="设置人", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("设置时间", auto_now=True)

    class Meta:
        verbose_name = "张榜规定"
        constraints = [
            models.CheckConstraint(
                condition=Q(accept_days__gte=1, accept_days__lte=30, answer_days__gte=1, answer_days__lte=60),
                name="bulletins_boardpolicy_days_range",
            )
        ]

    def __str__(self):
        return f"{self.unit}张榜规定"

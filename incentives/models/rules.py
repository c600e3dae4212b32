from django.conf import settings
from django.db import models
from django.db.models import Q

from teams.models import Attachment, Unit
from teams.periods import FIRST, LAST

USER = settings.AUTH_USER_MODEL


class BonusRule(models.Model):
    """分配办法:how a team's pool is divided; its content lives in versions."""

    unit = models.ForeignKey(Unit, verbose_name="适用单位", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = "分配办法"
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="incentives_bonusrule_name_unique_in_unit")
        ]

    def __str__(self):
        return self.name


class BonusRuleVersion(models.Model):
    """办法版本:data, never an expression (incentives.rules reads `definition`). Frozen once a distribution used it.

    Before it holds, the members' meeting (民主管理会) may pass it: the day, the votes, the minutes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草案"
        PASSED = "passed", "已通过"
        IN_FORCE = "in_force", "执行中"
        FROZEN = "frozen", "已冻结"

    rule = models.ForeignKey(BonusRule, verbose_name="办法", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    in_force_from = models.PositiveIntegerField("执行月份", null=True)
    definition = models.JSONField("内容")
    passed_on = models.DateField("通过日期", null=True, blank=True)
    votes_for = models.PositiveIntegerField("同意", null=True, blank=True)
    votes_against = models.PositiveIntegerField("不同意", null=True, blank=True)
    votes_abstained = models.PositiveIntegerField("弃权", null=True, blank=True)
    minutes = models.CharField("会议纪要", max_length=1000, blank=True)
    files = models.ManyToManyField(Attachment, verbose_name="附件", related_name="+")

    class Meta:
        ordering = ["rule_id", "-number"]
        verbose_name = "办法版本"
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="incentives_bonusruleversion_number_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "passed"]) | Q(in_force_from__gte=FIRST, in_force_from__lte=LAST),
                name="incentives_bonusruleversion_in_force_has_month",
            ),
            models.CheckConstraint(
                condition=~Q(state="passed") | Q(passed_on__isnull=False, votes_for__gt=0),
                name="incentives_bonusruleversion_passed_has_votes",
            ),
        ]

    def __str__(self):
        return f"{self.rule} 第 {self.number} 版"

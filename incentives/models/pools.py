from django.conf import settings
from django.db import models
from django.db.models import Q

from teams import periods
from teams.models import Team, Unit
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class Budget(models.Model):
    """奖金预算:what a unit and all below it may hand out in bonuses in a year, in fen."""

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField("年份")
    amount = models.BigIntegerField("预算")
    set_by = models.ForeignKey(USER, verbose_name="下达人", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("下达时间", auto_now=True)

    class Meta:
        verbose_name = "奖金预算"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="incentives_budget_one_per_unit_year"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=10**14), name="incentives_budget_amount_range"
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.year} 年 {self.amount / 100:.2f} 元"


class UnitPool(models.Model):
    """单位奖金总额:a unit's pool of a month (fen) that was divided over its teams, and by what; see domain practice F5.

    `inputs` are what each team brought into the division ({team id: {heads, coefficients, score}}), frozen.
    """

    class Basis(models.TextChoices):
        HEADS = "heads", "按人数"
        SCORE = "score", "按人数 × 得分"
        COEFFICIENT = "coefficient", "按岗位系数 × 得分"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    amount = models.BigIntegerField("奖金总额")
    basis = models.CharField("分法", max_length=12, choices=Basis)
    inputs = models.JSONField("依据")
    set_by = models.ForeignKey(USER, verbose_name="下达人", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("下达时间", auto_now=True)

    class Meta:
        verbose_name = "单位奖金总额"
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="incentives_unitpool_one_per_unit_month"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=10**12), name="incentives_unitpool_amount_range"
            ),
            models.CheckConstraint(**period_check("incentives_unitpool_period_valid")),
        ]

    def __str__(self):
        return f"{self.unit}{periods.label(self.period)} {self.amount / 100:.2f} 元"


class Pool(models.Model):
    """奖金总额:what a team has to divide for a month, in fen; set by hand, or its part of a unit's pool."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    amount = models.BigIntegerField("奖金总额")
    unit_pool = models.ForeignKey(
        UnitPool, verbose_name="出自单位总额", null=True, on_delete=models.PROTECT, related_name="pools"
    )
    set_by = models.ForeignKey(USER, verbose_name="下达人", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("下达时间", auto_now=True)

    class Meta:
        verbose_name = "奖金总额"
        constraints = [
            models.UniqueConstraint(fields=["team", "period"], name="incentives_pool_one_per_team_month"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=10**12),
                name="incentives_pool_amount_range",
                violation_error_message="奖金总额必须大于 0。",
            ),
            models.CheckConstraint(**period_check("incentives_pool_period_valid")),
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.amount / 100:.2f} 元"

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams import periods
from teams.models import Attachment, Unit
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class PointScheme(models.Model):
    """贡献度积分办法:a branch's scheme of a year for 党员安全生产贡献度积分. Points are hundredths.

    `grades` lists [name, least yearly points] from the best down. Source: domain.md §5.
    """

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField("年份")
    base = models.PositiveIntegerField("每月基础分", default=6000)
    grades = models.JSONField("等级线")
    lowest_grade = models.CharField("最低等级", max_length=20)
    field_caps = models.JSONField("每月每方面上限", default=dict)
    published_at = models.DateTimeField("发布时间", null=True)

    class Meta:
        ordering = ["-year", "unit_id"]
        verbose_name = "贡献度积分办法"
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="incentives_pointscheme_one_per_year")]

    def __str__(self):
        return f"{self.unit} {self.year} 年党员安全生产贡献度积分办法"


class PointIndicator(models.Model):
    """积分指标:one line of the scheme: how many points (hundredths, below zero for a fault), and how many a month at most."""

    class Field(models.TextChoices):
        PRODUCTION = "production", "生产组织"
        SAFETY = "safety", "安全环保"
        LONG_RUN = "long_run", "长周期运行"
        COST = "cost", "降本增效"
        HAZARD = "hazard", "隐患排查"
        ROLE = "role", "四个作用"

    scheme = models.ForeignKey(PointScheme, verbose_name="办法", on_delete=models.PROTECT, related_name="indicators")
    field = models.CharField("方面", max_length=12, choices=Field)
    number = models.PositiveIntegerField("序号")
    name = models.CharField("指标", max_length=100)
    points = models.IntegerField("分值")
    month_cap = models.PositiveIntegerField("每月上限", null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = "积分指标"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="incentives_pointindicator_number_unique"),
            models.CheckConstraint(condition=~Q(points=0), name="incentives_pointindicator_not_zero"),
        ]

    def __str__(self):
        return self.name


class PointEntry(models.Model):
    """积分记录:points of a Party member for a deed, with evidence; a second person confirms it. Never edited."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未确认"
        WITHDRAWN = "withdrawn", "已撤回"

    indicator = models.ForeignKey(PointIndicator, verbose_name="指标", on_delete=models.PROTECT, related_name="entries")
    user = models.ForeignKey(USER, verbose_name="党员", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    date = models.DateField("日期")
    points = models.IntegerField("分值")
    what = models.CharField("事由", max_length=300)
    evidence = models.ManyToManyField(Attachment, verbose_name="凭据", related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("登记时间", auto_now_add=True)
    decided_by = models.ForeignKey(USER, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("确认时间", null=True)
    answer = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = "积分记录"
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="incentives_pointentry_not_zero"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user"))),
                name="incentives_pointentry_two_people",
            ),
            models.CheckConstraint(**period_check("incentives_pointentry_period_valid")),
        ]
        indexes = [models.Index(fields=["user", "period"], name="incentives_pointentry_user_per")]

    def __str__(self):
        return f"{self.user}{periods.label(self.period)} {self.points / 100:+g} 分"


class PointMonth(models.Model):
    """积分月表:a branch's month, closed: one frozen row a member ({user, name, number, base, fields, total, rank})."""

    scheme = models.ForeignKey(PointScheme, verbose_name="办法", on_delete=models.PROTECT, related_name="months")
    period = models.PositiveIntegerField("月份")
    rows = models.JSONField("各人积分")
    closed_by = models.ForeignKey(USER, verbose_name="结算人", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("结算时间", auto_now_add=True)

    class Meta:
        ordering = ["-period"]
        verbose_name = "积分月表"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "period"], name="incentives_pointmonth_one_per_month"),
            models.CheckConstraint(**period_check("incentives_pointmonth_period_valid")),
        ]

    def __str__(self):
        return f"{self.scheme.unit}{periods.label(self.period)}党员积分月表"

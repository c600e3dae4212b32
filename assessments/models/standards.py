from django.db import models
from django.db.models import Q

from teams.models import Unit
from teams.periods import FIRST, LAST, current_period


class Standard(models.Model):
    """考核标准:a named yardstick of one unit and all below it; its content lives in versions."""

    unit = models.ForeignKey(Unit, verbose_name="适用单位", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = "考核标准"
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="assessments_standard_name_unique_in_unit")
        ]

    def __str__(self):
        return self.name


class StandardVersion(models.Model):
    """标准版本:draft, then in force from a month on, frozen once a closed month used it.

    Points are integer hundredths. `grades` lists [name, least score] from the best down; below the last one comes
    `lowest_grade`. `stars` lists [number of stars, least score] likewise. `rank_points` lists [last rank, ratio in
    hundredths] for figures that count by rank; ranks below the last one count as it does.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草案"
        IN_FORCE = "in_force", "执行中"
        FROZEN = "frozen", "已冻结"

    class VetoEffect(models.TextChoices):
        LOWEST = "lowest", "等级直接最低"
        CAP = "cap", "等级最高只到某一级"

    class NotApplicableRule(models.TextChoices):
        LEAVE = "leave", "不进分母"
        FULL = "full", "按满分算"

    class League(models.TextChoices):
        UNIT = "unit", "全单位一起排"
        TRADE = "trade", "单位内按专业排"

    class Ties(models.TextChoices):
        SHARED = "shared", "同分同名次，后面的名次空出来"
        DENSE = "dense", "同分同名次，后面的名次接着排"
        CATEGORY = "category", "同分时依次比各大项的得分率"

    standard = models.ForeignKey(Standard, verbose_name="标准", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    in_force_from = models.PositiveIntegerField("执行月份", null=True)
    awards_cap = models.PositiveIntegerField("每月加分上限", default=1000)
    grades = models.JSONField("等级线")
    lowest_grade = models.CharField("最低等级", max_length=20, default="不合格")
    stars = models.JSONField("星级线", default=list, blank=True)
    veto_effect = models.CharField("一票否决的后果", max_length=10, choices=VetoEffect, default=VetoEffect.LOWEST)
    veto_cap = models.CharField("否决后最高等级", max_length=20, blank=True)
    na_rule = models.CharField(
        "不适用的小项", max_length=10, choices=NotApplicableRule, default=NotApplicableRule.LEAVE
    )
    league = models.CharField("排名范围", max_length=10, choices=League, default=League.UNIT)
    ties = models.CharField("同分怎么排", max_length=10, choices=Ties, default=Ties.SHARED)
    rank_points = models.JSONField("名次折算", default=list, blank=True)
    member_base = models.IntegerField("个人基础分", default=10000)
    member_min = models.IntegerField("个人最低分", default=0)
    member_max = models.IntegerField("个人最高分", default=12000)

    class Meta:
        ordering = ["standard_id", "-number"]
        verbose_name = "标准版本"
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="assessments_standardversion_number_unique"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(in_force_from__isnull=False),
                name="assessments_standardversion_in_force_has_month",
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True) | Q(in_force_from__gte=FIRST, in_force_from__lte=LAST),
                name="assessments_standardversion_period_valid",
            ),
            models.CheckConstraint(
                condition=Q(member_min__lte=models.F("member_base"), member_max__gte=models.F("member_base")),
                name="assessments_standardversion_member_range",
            ),
            models.CheckConstraint(
                condition=~Q(veto_effect="cap") | ~Q(veto_cap=""),
                name="assessments_standardversion_veto_cap_named",
            ),
        ]

    def __str__(self):
        return f"{self.standard} 第 {self.number} 版"

    @property
    def is_to_come(self):
        """Whether it is settled that it will hold, from a later month on."""
        return self.state == self.State.IN_FORCE and self.in_force_from > current_period()


class Category(models.Model):
    """大项:a chapter of the standard."""

    version = models.ForeignKey(
        StandardVersion, verbose_name="版本", on_delete=models.PROTECT, related_name="categories"
    )
    number = models.PositiveIntegerField("编号")
    name = models.CharField("名称", max_length=60)

    class Meta:
        ordering = ["number"]
        verbose_name = "大项"
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="assessments_category_number_unique"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class Criterion(models.Model):
    """小项:one line of the standard, `points` at most to lose (hundredths); `code` is e.g. "2.10", `number` is 10.

    How a month is judged depends on the `method`: deductions add up to the points at most; a yes-no line loses them all with
    the first deduction; a scored line loses what its latest scoring took; an award line lies outside the base and earns its
    points at most. `levels` are [name, text, points] from the best down, for lines that are rated in steps. `origin` is the
    line of the upper unit's standard that this one was copied from.
    """

    class Method(models.TextChoices):
        DEDUCT = "deduct", "扣分"
        YES_NO = "yes_no", "是否"
        SCORE = "score", "打分"
        AWARD = "award", "加分"

    version = models.ForeignKey(StandardVersion, verbose_name="版本", on_delete=models.PROTECT, related_name="criteria")
    category = models.ForeignKey(Category, verbose_name="大项", on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveIntegerField("序号")
    code = models.CharField("编号", max_length=10)
    name = models.CharField("名称", max_length=100)
    points = models.PositiveIntegerField("满分")
    step = models.PositiveIntegerField("扣分单位", default=50)
    method = models.CharField("方式", max_length=10, choices=Method, default=Method.DEDUCT)
    guidance = models.CharField("评分说明", max_length=300, blank=True)
    levels = models.JSONField("分级说明", default=list, blank=True)
    evidence = models.CharField("要求的证据", max_length=100, blank=True)
    department = models.CharField("责任部门", max_length=60, blank=True)
    veto = models.BooleanField("一票否决", default=False)
    may_be_na = models.BooleanField("可以不适用", default=True)
    origin = models.ForeignKey(
        "self", verbose_name="继承自", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["category__number", "number"]
        verbose_name = "小项"
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="assessments_criterion_code_unique"),
            models.UniqueConstraint(fields=["category", "number"], name="assessments_criterion_number_unique"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=100000), name="assessments_criterion_points"),
            models.CheckConstraint(condition=Q(step__gte=1), name="assessments_criterion_step_positive"),
            models.CheckConstraint(
                condition=~Q(method="award") | Q(veto=False), name="assessments_criterion_award_is_no_veto"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

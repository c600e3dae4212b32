from django.conf import settings
from django.db import models
from django.db.models import F, Q

from activities.models import Activity
from teams.models import Attachment, Unit

USER = settings.AUTH_USER_MODEL


class Studio(models.Model):
    """创新工作室:named after its leader; 七有 asks for sign, place, funds, members, rules, log and results.

    growing (培育) → mature (成熟) → named → rectifying → revoked; a studio whose leader leaves is renamed or revoked.
    """

    class Kind(models.TextChoices):
        TECHNIQUE = "technique", "技术攻关型"
        TEACHING = "teaching", "技能传授型"
        SERVICE = "service", "服务示范型"
        MANAGEMENT = "management", "管理创新型"

    class State(models.TextChoices):
        GROWING = "growing", "培育中"
        MATURE = "mature", "已成熟"
        NAMED = "named", "已命名"
        RECTIFYING = "rectifying", "整改中"
        REVOKED = "revoked", "已撤销"

    unit = models.ForeignKey(Unit, verbose_name="所在单位", on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(USER, verbose_name="领军人", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    aims = models.CharField("宗旨", max_length=300, blank=True)
    plan = models.TextField("创建方案", max_length=3000, blank=True)
    plaque = models.ForeignKey(
        Attachment, verbose_name="挂牌照片", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField("场所", max_length=100, blank=True)
    area = models.PositiveIntegerField("面积（平方米）", null=True, blank=True)
    equipment = models.TextField("设备清单", max_length=2000, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.GROWING)
    rectify_until = models.DateField("整改期限", null=True, blank=True)
    reason = models.CharField("整改或撤销原因", max_length=300, blank=True)
    founded_on = models.DateField("成立日期")
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    created_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "创新工作室"
        verbose_name_plural = "创新工作室"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(ended_on__isnull=True),
                name="assessments_studio_name_once",
                violation_error_message="本单位已有同名的工作室。",
            ),
            models.UniqueConstraint(
                fields=["leader"],
                condition=Q(ended_on__isnull=True),
                name="assessments_studio_one_per_leader",
                violation_error_message="这位领军人已有一个工作室。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rectifying", "revoked"]) | ~Q(reason=""),
                name="assessments_studio_fault_has_reason",
                violation_error_message="整改或撤销要写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(state="rectifying", rectify_until__isnull=False) | ~Q(state="rectifying"),
                name="assessments_studio_rectifying_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", ended_on__isnull=False) | (~Q(state="revoked") & Q(ended_on__isnull=True)),
                name="assessments_studio_revoked_is_dated",
            ),
        ]

    def __str__(self):
        return self.name


class StudioMember(models.Model):
    """工作室成员:who belongs to a studio from when to when, and for which skill."""

    studio = models.ForeignKey(Studio, verbose_name="工作室", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(USER, verbose_name="成员", on_delete=models.PROTECT, related_name="+")
    skill = models.CharField("专长", max_length=60, blank=True)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离开日期", null=True, blank=True)

    class Meta:
        ordering = ["studio_id", "joined_on", "id"]
        verbose_name = "工作室成员"
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "user"],
                condition=Q(left_on__isnull=True),
                name="assessments_studiomember_once",
                violation_error_message="此人已在工作室里。",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="assessments_studiomember_days_in_order",
            ),
        ]

    def __str__(self):
        return str(self.user)


class StudioRule(models.Model):
    """工作室制度:one of the seven rules with its text or file; a newer one replaces it, the older stays readable."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", "组织机构"
        AIMS = "aims", "目标任务"
        ACTIVITY = "activity", "活动制度"
        STUDY = "study", "学习制度"
        PLAN = "plan", "创新计划"
        REWARD = "reward", "成果奖励"
        MANAGEMENT = "management", "内部管理"

    studio = models.ForeignKey(Studio, verbose_name="工作室", on_delete=models.PROTECT, related_name="rules")
    kind = models.CharField("制度", max_length=12, choices=Kind)
    text = models.TextField("内容", max_length=5000, blank=True)
    file = models.ForeignKey(
        Attachment, verbose_name="文件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    set_on = models.DateField("实行日期")
    set_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["studio_id", "kind", "-set_on", "-id"]
        verbose_name = "工作室制度"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(file__isnull=False),
                name="assessments_studiorule_says_something",
                violation_error_message="请写制度内容或上传文件。",
            )
        ]

    def __str__(self):
        return self.get_kind_display()


class StudioResult(models.Model):
    """工作室成果:an innovation, training or service with its proof; its benefit (fen a year) is verified by somebody else."""

    class Kind(models.TextChoices):
        PROJECT = "project", "攻关项目"
        PATENT = "patent", "专利、论文、标准"
        TRAINING = "training", "带徒和培训"
        SERVICE = "service", "服务示范"

    class State(models.TextChoices):
        CLAIMED = "claimed", "待核实"
        VERIFIED = "verified", "已核实"
        REFUSED = "refused", "不认可"

    studio = models.ForeignKey(Studio, verbose_name="工作室", on_delete=models.PROTECT, related_name="results")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    theme = models.CharField("方向", max_length=20, blank=True)
    name = models.CharField("成果", max_length=80)
    text = models.CharField("说明", max_length=500)
    date = models.DateField("完成日期")
    people = models.PositiveSmallIntegerField("培训人数", default=0)
    claimed = models.BigIntegerField("申报年效益", default=0)
    benefit = models.BigIntegerField("核实年效益", null=True, blank=True)
    activity = models.ForeignKey(
        Activity, verbose_name="活动记录", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    files = models.ManyToManyField(Attachment, verbose_name="证明材料", related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.CLAIMED)
    answer = models.CharField("核实意见", max_length=200, blank=True)
    entered_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    verified_by = models.ForeignKey(USER, verbose_name="核实人", null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField("核实时间", null=True)

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = "工作室成果"
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="assessments_studioresult_two_people",
                violation_error_message="登记人不能核实自己登记的成果。",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="assessments_studioresult_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(claimed__gte=0, claimed__lte=10**12), name="assessments_studioresult_claimed_range"
            ),
        ]

    def __str__(self):
        return self.name


class StudioMoney(models.Model):
    """工作室经费:a grant that came in, or what was spent on activities, material, equipment or rewards (fen). Append-only.

    What was wrong is taken back by a row of the opposite amount that names it.
    """

    class Kind(models.TextChoices):
        UNIT_GRANT = "unit_grant", "单位拨款"
        UNION_GRANT = "union_grant", "工会拨款"
        UPPER_GRANT = "upper_grant", "上级扶持"
        ACTIVITY = "activity", "活动"
        MATERIAL = "material", "资料"
        EQUIPMENT = "equipment", "设备"
        REWARD = "reward", "成果奖励"

    GRANTS = ("unit_grant", "union_grant", "upper_grant")

    studio = models.ForeignKey(Studio, verbose_name="工作室", on_delete=models.PROTECT, related_name="money")
    kind = models.CharField("科目", max_length=12, choices=Kind)
    amount = models.BigIntegerField("金额")
    date = models.DateField("日期")
    text = models.CharField("用途", max_length=100)
    voucher = models.CharField("凭证或文号", max_length=60, blank=True)
    source = models.UUIDField("来源", unique=True)
    reverses = models.OneToOneField(
        "self", verbose_name="冲销", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    entered_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        ordering = ["date", "id"]
        verbose_name = "工作室经费"
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gte=-(10**10), amount__lte=10**10),
                name="assessments_studiomoney_amount_range",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(kind__in=["unit_grant", "union_grant", "upper_grant"], amount__gt=0)
                | (~Q(kind__in=["unit_grant", "union_grant", "upper_grant"]) & Q(amount__lt=0)),
                name="assessments_studiomoney_grants_come_in",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount / 100:.2f}"


class StudioStep(models.Model):
    """工作室履历:what became of a studio, who said so and why. Append-only."""

    studio = models.ForeignKey(Studio, verbose_name="工作室", on_delete=models.PROTECT, related_name="steps")
    state = models.CharField("变为", max_length=10, choices=Studio.State)
    text = models.CharField("说明", max_length=300)
    actor = models.ForeignKey(USER, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "工作室履历"

    def __str__(self):
        return self.text

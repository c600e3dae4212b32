from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models.units import Team

USER = settings.AUTH_USER_MODEL


class Paper(models.Model):
    """What somebody holds and may show. It is never rewritten: one that no longer counts is withdrawn, never deleted.

    Each kind has a `holder`, a `name`, the day since when it counts (the field named SINCE) and `expires_on`; THIS and
    `title` are what a sentence calls it.
    """

    recorded_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("注销日期", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.holder} {self.name}"


class Certificate(Paper):
    """证书:a qualification of a person and how long it holds."""

    SINCE, THIS = "issued_on", "这本证书"

    user = models.ForeignKey(USER, verbose_name="持证人", on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField("证书名称", max_length=60)
    number = models.CharField("证书编号", max_length=40, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        ordering = ["expires_on", "name"]
        verbose_name = "证书"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name", "number"],
                condition=Q(withdrawn_on__isnull=True),
                name="teams_certificate_once",
                violation_error_message="这本证书已经登记过了。",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="teams_certificate_expires_after_issue",
                violation_error_message="有效期不能早于发证日期。",
            ),
        ]

    @property
    def holder(self):
        return self.user

    @property
    def title(self):
        """Name and number, as a sentence calls it."""
        return f"“{self.name}”（{self.number}）" if self.number else f"“{self.name}”"


class Honour(Paper):
    """荣誉:an honour that a person or a whole team was given, by whom and when, and until when it is valid if it ends."""

    SINCE, THIS = "granted_on", "这项荣誉"

    class Level(models.TextChoices):
        NATIONAL = "national", "国家级"
        PROVINCE = "province", "省部级"
        CITY = "city", "市级"
        GROUP = "group", "集团公司级"
        COMPANY = "company", "公司级"
        UNIT = "unit", "本单位"

    user = models.ForeignKey(
        USER, verbose_name="获奖人", null=True, blank=True, on_delete=models.PROTECT, related_name="honours"
    )
    team = models.ForeignKey(
        Team, verbose_name="获奖班组", null=True, blank=True, on_delete=models.PROTECT, related_name="honours"
    )
    name = models.CharField("荣誉名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level)
    granted_by = models.CharField("授予单位", max_length=60)
    granted_on = models.DateField("授予日期")
    expires_on = models.DateField("有效期至", null=True, blank=True)
    document = models.CharField("文号", max_length=40, blank=True)

    class Meta:
        ordering = ["-granted_on", "name"]
        verbose_name = "荣誉"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, team__isnull=False) | Q(user__isnull=False, team__isnull=True),
                name="teams_honour_one_holder",
                violation_error_message="荣誉要么属于一个人，要么属于一个班组。",
            ),
            models.UniqueConstraint(
                fields=["user", "name", "granted_on"],
                condition=Q(user__isnull=False, withdrawn_on__isnull=True),
                name="teams_honour_once_per_user",
                violation_error_message="这项荣誉已经登记过了。",
            ),
            models.UniqueConstraint(
                fields=["team", "name", "granted_on"],
                condition=Q(team__isnull=False, withdrawn_on__isnull=True),
                name="teams_honour_once_per_team",
                violation_error_message="这项荣誉已经登记过了。",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("granted_on")),
                name="teams_honour_expires_after_grant",
                violation_error_message="有效期不能早于授予日期。",
            ),
        ]

    @property
    def holder(self):
        """The person or the team that it was given to."""
        return self.user or self.team

    @property
    def title(self):
        """Name and day, as a sentence calls it."""
        return f"“{self.name}”（{self.granted_on} 授予）"


class CoefficientChange(models.Model):
    """系数变更:proposed by the leader, decided by the manager. Approved, it becomes a new Membership from its day on.

    Coefficients are hundredths.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    old = models.PositiveIntegerField("原系数")
    new = models.PositiveIntegerField("新系数")
    effective_on = models.DateField("生效日期")
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(USER, verbose_name="审批人", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("审批时间", null=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "系数变更"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state="proposed"),
                name="teams_coefficientchange_one_open_per_user",
                violation_error_message="此人已有一条待审批的系数变更。",
            ),
            models.CheckConstraint(
                condition=Q(new__gte=1, new__lte=999) & ~Q(new=F("old")), name="teams_coefficientchange_new_value"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="teams_coefficientchange_two_people",
                violation_error_message="提出人和审批人不能是同一个人。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.old / 100:g} → {self.new / 100:g}"

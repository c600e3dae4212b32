from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models.units import Team

USER = settings.AUTH_USER_MODEL


class Certificate(models.Model):
    """证书:a qualification of a person and how long it holds. One that no longer counts is withdrawn, never deleted."""

    user = models.ForeignKey(USER, verbose_name="持证人", on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField("证书名称", max_length=60)
    number = models.CharField("证书编号", max_length=40, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    recorded_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("注销日期", null=True, blank=True)

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

    def __str__(self):
        return f"{self.user} {self.name}"


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

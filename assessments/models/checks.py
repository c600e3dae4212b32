import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.standards import Criterion, StandardVersion
from teams import periods
from teams.models import Attachment, Shift, Team
from teams.periods import period_check


class VoidableQuerySet(models.QuerySet):
    def valid(self):
        """Rows that count: not voided."""
        return self.filter(voided_at__isnull=True)


class Check(models.Model):
    """检查:one sheet of one team and shift, stored by exception.

    An untouched criterion of a stored sheet means "checked, in order"; a missing sheet never counts as in order.
    `key` makes a submission repeatable: the same sheet sent twice is stored once. A sheet filed by mistake is voided as
    a whole with a reason: it stays readable, counts for nothing, and another self check may take its place.
    """

    class Kind(models.TextChoices):
        SELF = "self", "自查"
        MUTUAL = "mutual", "互查"
        SPOT = "spot", "抽查"
        SUPERIOR = "superior", "上级检查"
        SPECIAL = "special", "专项检查"

    Shift = Shift

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("检查类型", max_length=10, choices=Kind)
    period = models.PositiveIntegerField("月份")
    date = models.DateField("日期")
    shift = models.CharField("班次", max_length=10, choices=Shift, default=Shift.DAY)
    version = models.ForeignKey(StandardVersion, verbose_name="标准版本", on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="检查人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField("提交标识", max_length=80, unique=True)
    submitted_at = models.DateTimeField("提交时间", auto_now_add=True)
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作废人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True, default="", db_default="")

    objects = VoidableQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = "检查"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "date", "shift"],
                condition=Q(kind="self", voided_at__isnull=True),
                name="assessments_check_one_self_check_per_shift",
                violation_error_message="本班组这一天这个班次的自查已经提交过了。",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""), name="assessments_check_void_has_reason"
            ),
            models.CheckConstraint(**period_check("assessments_check_period_valid")),
        ]
        indexes = [models.Index(fields=["team", "period"], name="assessments_check_team_period")]

    def __str__(self):
        return f"{self.team} {self.date} {self.get_kind_display()}"

    @property
    def valid_findings(self):
        """Findings that count, from what was prefetched."""
        return [finding for finding in self.findings.all() if finding.voided_at is None]

    @property
    def voided_findings(self):
        """Findings that no longer count, from what was prefetched."""
        return [finding for finding in self.findings.all() if finding.voided_at]

    @property
    def points(self):
        """What the sheet's valid findings add up to, in hundredths."""
        return sum(finding.points for finding in self.valid_findings)

    @property
    def back_dated(self):
        """Whether somebody entered the sheet later than the day after its shift (补录)."""
        entered = timezone.localdate(self.submitted_at)
        return self.checker_id is not None and entered > self.date + datetime.timedelta(days=1)

    @property
    def is_late(self):
        """Whether it counts in a later month than that of its date, which was closed when it was entered (迟到的记录)."""
        return self.period != periods.period_of(self.date)

    @property
    def filing(self):
        """Which shift it was, who filed it and when: 白班已由周建国 15:18 提交."""
        at = timezone.localtime(self.submitted_at)
        moment = f"{at:%H:%M}" if at.date() == self.date else f"{periods.day_text(at)} {at:%H:%M}"
        return f"{self.get_shift_display()}已由{self.checker or '系统'} {moment} 提交"


class Finding(models.Model):
    """检查发现:one deviation (points below zero) or award (above zero) of a team, naming a person where one is at fault.

    Without a criterion it is an award outside the standard (加分). Never edited: a mistake is voided with a reason and
    entered anew. `points` are hundredths; zero are full marks of a scored line that had lost some before.
    """

    on_sheet = models.ForeignKey(Check, verbose_name="检查", on_delete=models.PROTECT, related_name="findings")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    date = models.DateField("日期")
    criterion = models.ForeignKey(Criterion, verbose_name="小项", null=True, on_delete=models.PROTECT, related_name="+")
    points = models.IntegerField("分值")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="责任人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField("说明", max_length=500, blank=True)
    photos = models.ManyToManyField(Attachment, verbose_name="照片", related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作废人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = VoidableQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        verbose_name = "检查发现"
        constraints = [
            models.CheckConstraint(
                condition=~Q(points=0) | Q(criterion__isnull=False), name="assessments_finding_award_not_zero"
            ),
            models.CheckConstraint(
                condition=Q(criterion__isnull=False) | Q(points__gt=0), name="assessments_finding_award_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""), name="assessments_finding_void_has_reason"
            ),
            models.CheckConstraint(**period_check("assessments_finding_period_valid")),
        ]
        indexes = [
            models.Index(fields=["team", "period"], name="assessments_finding_team_per"),
            models.Index(fields=["person", "period"], name="assessments_finding_person_per"),
        ]

    def __str__(self):
        return f"{self.criterion or '加分'} {self.points / 100:+g} 分"


class NotApplicable(models.Model):
    """不适用:a criterion that does not count for a team in a month; its points leave the base."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    criterion = models.ForeignKey(Criterion, verbose_name="小项", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "不适用小项"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "period", "criterion"],
                name="assessments_notapplicable_once",
                violation_error_message="这一条已经登记为不适用。",
            )
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.criterion.code}"


class Veto(models.Model):
    """一票否决:leaves the score as it is, but brings the lowest grade and the last rank."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    reason = models.CharField("事由", max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "一票否决"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "period", "reason"],
                name="assessments_veto_once",
                violation_error_message="同样的否决事由已经登记过。",
            )
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.reason}"

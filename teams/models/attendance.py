from django.conf import settings
from django.db import models
from django.db.models import Q

from teams import periods
from teams.models.units import Team
from teams.periods import FIRST, LAST, period_check


class Attendance(models.Model):
    """出勤:what one person did on one day, as one code (domain codes of the paper sheet). One row per person and day."""

    class Code(models.TextChoices):
        PRESENT = "√", "出勤"
        NIGHT = "夜", "夜班"
        LATE = "⊙", "迟到"
        EARLY = "※", "早退"
        BUSINESS = "公", "公出"
        TRAINING = "学", "培训"
        ANNUAL = "年", "年休"
        COMPENSATORY = "调", "调休"
        PERSONAL = "事", "事假"
        SICK = "病", "病假"
        INJURY = "伤", "工伤"
        MARRIAGE = "婚", "婚假"
        MATERNITY = "产", "产假"
        BEREAVEMENT = "丧", "丧假"
        HOME_LEAVE = "探", "探亲"
        SECONDED = "借", "借调"
        ABSENT = "旷", "旷工"
        REST = "休", "轮休"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    date = models.DateField("日期")
    code = models.CharField("考勤符号", max_length=1, choices=Code)

    class Meta:
        ordering = ["date"]
        verbose_name = "出勤"
        constraints = [
            models.UniqueConstraint(fields=["user", "date"], name="teams_attendance_one_per_user_and_day"),
            models.CheckConstraint(
                condition=Q(code__in=list("√夜⊙※公学年调事病伤婚产丧探借旷休")), name="teams_attendance_code_known"
            ),
            models.CheckConstraint(**period_check("teams_attendance_period_valid")),
        ]
        indexes = [
            models.Index(fields=["team", "period"], name="teams_attendance_team_period"),
            models.Index(fields=["user", "period"], name="teams_attendance_user_period"),
        ]

    def __str__(self):
        return f"{self.date} {self.code}"


class Overtime(models.Model):
    """加班:overtime of one person in one team and month, in hundredths of an hour (250 is 2.5 hours).

    Sheets hand in a month's total only, so this is a row of its own and not a column of a day.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    hours = models.PositiveIntegerField("加班小时")

    class Meta:
        verbose_name = "加班"
        constraints = [
            models.UniqueConstraint(fields=["user", "team", "period"], name="teams_overtime_one_per_user_team_month"),
            models.CheckConstraint(condition=Q(hours__lte=40000), name="teams_overtime_hours_range"),
            models.CheckConstraint(**period_check("teams_overtime_period_valid")),
        ]
        indexes = [models.Index(fields=["team", "period"], name="teams_overtime_team_period")]

    def __str__(self):
        return f"{self.user}{periods.label(self.period)} {self.hours / 100:g} 小时"


class AttendanceMonth(models.Model):
    """考勤月表:a team's month on its way from draft to approved. Scores and bonuses read approved months only."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        CONFIRMED = "confirmed", "待审批"
        APPROVED = "approved", "已审批"

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    question = models.CharField("退回意见", max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审批人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("审批时间", null=True)

    class Meta:
        verbose_name = "考勤月表"
        constraints = [
            models.UniqueConstraint(fields=["team", "period"], name="teams_attendancemonth_one_per_team_month"),
            models.CheckConstraint(**period_check("teams_attendancemonth_period_valid")),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="teams_attendancemonth_approved_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("confirmed_by")),
                name="teams_attendancemonth_two_people",
                violation_error_message="确认人和审批人不能是同一个人。",
            ),
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.get_state_display()}"


class AttendanceCorrection(models.Model):
    """考勤更正:a change to an approved month. That month stays as it is; the change counts in the open month `counts_in`.

    There the member of `counts_team` loses a day of `old_code`, gains one of `new_code` ('' is none) and `hours` of
    overtime (hundredths, may be negative). Somebody who has left every team has no `counts_team`: nothing is counted.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("日期")
    old_code = models.CharField("原符号", max_length=1, choices=Attendance.Code, blank=True)
    new_code = models.CharField("更正为", max_length=1, choices=Attendance.Code, blank=True)
    hours = models.IntegerField("加班增减", default=0)
    reason = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    counts_team = models.ForeignKey(
        Team, verbose_name="计入班组", null=True, on_delete=models.PROTECT, related_name="+"
    )
    counts_in = models.PositiveIntegerField("计入月份", null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审批人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "考勤更正"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "date"],
                condition=Q(state="proposed"),
                name="teams_attendancecorrection_one_open_per_day",
                violation_error_message="这一天已有一条待审批的更正。",
            ),
            models.CheckConstraint(
                condition=Q(counts_in__isnull=True) | Q(state="approved", counts_in__gte=FIRST, counts_in__lte=LAST),
                name="teams_attendancecorrection_counts_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(counts_in__isnull=True, counts_team__isnull=True)
                | Q(counts_in__isnull=False, counts_team__isnull=False),
                name="teams_attendancecorrection_counts_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn")
                | Q(decided_by__isnull=True)
                | (~Q(decided_by=models.F("proposed_by")) & ~Q(decided_by=models.F("user"))),
                name="teams_attendancecorrection_two_people",
                violation_error_message="更正要由提出人和本人以外的负责人审批。",
            ),
            models.CheckConstraint(
                condition=~Q(old_code=models.F("new_code")) | ~Q(hours=0),
                name="teams_attendancecorrection_changes_something",
                violation_error_message="更正前后一样，没有要改的。",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=-40000, hours__lte=40000), name="teams_attendancecorrection_hours_range"
            ),
        ]
        indexes = [models.Index(fields=["counts_team", "counts_in"], name="teams_correction_team_period")]

    def __str__(self):
        return f"{self.user} {self.date} {self.old_code or '空'} → {self.new_code or '空'}"


class WorkDay(models.Model):
    """工作日调整:an exception to the public holiday calendar, e.g. a shutdown (停产) or a make-up day."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = "工作日调整"

    def __str__(self):
        return f"{self.date} {'上班' if self.is_workday else '休息'}"

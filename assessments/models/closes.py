from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.inputs import canonical, parsed
from assessments.models.standards import StandardVersion
from teams import periods
from teams.models import Team, Unit
from teams.periods import period_check


class CanonicalJSONField(models.TextField):
    """Plain data kept as JSON text, which PostgreSQL stores much faster than jsonb; a text given to it is such JSON already."""

    def get_prep_value(self, value):
        return value if value is None or isinstance(value, str) else canonical(value)

    def from_db_value(self, value, expression, connection):
        return None if value is None else parsed(value)


class MonthClose(models.Model):
    """月结:one unit's month: open, computed, confirmed, closed. The row is also the job: Celery only carries its id.

    `inputs` is everything the scores were computed from, frozen; `inputs_hash` is its sha256. `stamp` tells whether the facts
    are still the same (see assessments.stamps). A closed month is refused every change by the database.
    """

    class State(models.TextChoices):
        OPEN = "open", "未结算"
        COMPUTED = "computed", "已计算"
        CONFIRMED = "confirmed", "已确认"
        CLOSED = "closed", "已关账"

    class Job(models.TextChoices):
        IDLE = "idle", "空闲"
        QUEUED = "queued", "排队中"
        RUNNING = "running", "计算中"
        FAILED = "failed", "未完成"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    version = models.ForeignKey(
        StandardVersion, verbose_name="标准版本", null=True, on_delete=models.PROTECT, related_name="+"
    )
    inputs = CanonicalJSONField("输入", null=True)
    inputs_hash = models.CharField("输入指纹", max_length=64, blank=True)
    stamp = models.CharField("事实印记", max_length=64, null=True)
    computed_at = models.DateTimeField("计算时间", null=True)

    job = models.CharField("任务", max_length=10, choices=Job, default=Job.IDLE)
    requested_at = models.DateTimeField("发起时间", null=True)
    lease_until = models.DateTimeField("任务租约", null=True)
    attempts = models.PositiveIntegerField("次数", default=0)
    problem = models.TextField("问题", blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="关账人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("关账时间", null=True)

    class Meta:
        ordering = ["-period", "unit__position", "unit_id"]
        verbose_name = "月结"
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="assessments_monthclose_one_per_unit_month"),
            models.CheckConstraint(**period_check("assessments_monthclose_period_valid")),
            models.CheckConstraint(
                condition=Q(state="open") | (Q(inputs__isnull=False) & ~Q(inputs_hash="")),
                name="assessments_monthclose_computed_has_inputs",
            ),
        ]

    def __str__(self):
        return f"{self.unit}{periods.label(self.period)} {self.get_state_display()}"


DERIVED = {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False, "related_name": "+"}
"""Keys of rows that are computed from what the database has checked already, as cheap as can be."""


class TeamScore(models.Model):
    """班组得分:a derived row, rewritten by each computation until its month is closed. Scores are hundredths.

    `categories` and `lines` explain it: what each category kept, which finding cost how much. `rank` holds among the teams
    of the unit with the same `league`; `rank_ratio` is what the standard makes of the rank (hundredths), if anything.
    """

    # What is looked for by close or by team finds it in the indexes below; one more for each key would cost the close of a month.
    close = models.ForeignKey(
        MonthClose, verbose_name="月结", on_delete=models.PROTECT, related_name="team_scores", db_index=False
    )
    team = models.ForeignKey(Team, verbose_name="班组", **DERIVED)
    period = models.PositiveIntegerField("月份")
    score = models.IntegerField("得分")
    awards = models.IntegerField("加分")
    vetoed = models.BooleanField("一票否决", default=False)
    veto_reason = models.CharField("否决事由", max_length=500, blank=True)
    grade = models.CharField("等级", max_length=20)
    stars = models.PositiveSmallIntegerField("星级", default=0)
    league = models.CharField("排名范围", max_length=30, blank=True)
    rank = models.PositiveIntegerField("名次")
    rank_ratio = models.PositiveIntegerField("名次折算", null=True)
    categories = models.JSONField("大项得分")
    lines = CanonicalJSONField("明细")

    class Meta:
        ordering = ["rank", "team__position", "team_id"]
        verbose_name = "班组得分"
        constraints = [models.UniqueConstraint(fields=["close", "team"], name="assessments_teamscore_one_per_team")]
        indexes = [models.Index(fields=["team", "period"], name="assessments_teamscore_team_per")]

    def __str__(self):
        return f"{self.team_id} {self.period} {self.score / 100:.2f}"

    @property
    def ranked_among(self):
        """Among whom the rank holds: 运行部, or 运行部运行专业 where trades are ranked on their own."""
        return f"{self.team.unit.name}{self.league and f'{self.league}专业'}"


class MemberScore(models.Model):
    """个人得分:a member's month in one team: score (hundredths), attendance as counts per code, overtime, coefficient."""

    # Indexed below, as far as anybody looks for it.
    close = models.ForeignKey(
        MonthClose, verbose_name="月结", on_delete=models.PROTECT, related_name="member_scores", db_index=False
    )
    team = models.ForeignKey(Team, verbose_name="班组", **DERIVED)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="人员", **DERIVED)
    period = models.PositiveIntegerField("月份")
    score = models.IntegerField("得分")
    coefficient = models.PositiveIntegerField("岗位系数")
    codes = models.JSONField("考勤次数")
    overtime = models.PositiveIntegerField("加班小时")
    late = models.JSONField("计入本月的考勤更正", default=list)
    lines = CanonicalJSONField("明细")

    class Meta:
        ordering = ["team_id", "user__employee_no"]
        verbose_name = "个人得分"
        constraints = [
            models.UniqueConstraint(fields=["close", "team", "user"], name="assessments_memberscore_one_per_member")
        ]
        indexes = [models.Index(fields=["user", "period"], name="assessments_memberscore_user_p")]

    def __str__(self):
        return f"{self.user_id} {self.period} {self.score / 100:.2f}"

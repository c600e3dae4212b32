from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from teams.models import Team, Unit
from teams.periods import period_check


class BulletinQuerySet(models.QuerySet):
    def current(self):
        """Boards that no later revision supersedes."""
        later = Bulletin.objects.filter(
            kind=OuterRef("kind"), team=OuterRef("team"), period=OuterRef("period"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(later))


class Bulletin(models.Model):
    """公告:one posted board, frozen. Append-only: a correction is a further revision; the first stays readable.

    `content` is the finished table the upper floors handed in (see bulletins.tables.Board); `content_hash` is the sha256
    of its canonical JSON chained to `previous_hash`, the hash of the unit's board before it.
    """

    class Kind(models.TextChoices):
        SCORES = "scores", "考核得分榜"
        ATTENDANCE = "attendance", "考勤表"
        BONUS = "bonus", "绩效奖金表"
        EXPENSES = "expenses", "班组费用明细表"

    serial = models.CharField("编号", max_length=30, unique=True)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    revision = models.PositiveIntegerField("版次", default=1)
    title = models.CharField("标题", max_length=120)
    content = models.JSONField("内容")
    notice_starts_on = models.DateField("公示起")
    notice_ends_on = models.DateField("公示止")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发布人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField("发布时间")
    previous_hash = models.CharField("上一张指纹", max_length=64)
    content_hash = models.CharField("指纹", max_length=64, unique=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "unit__position", "team__position", "team_id", "kind", "-revision"]
        verbose_name = "公告"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "team", "period", "revision"], name="bulletins_bulletin_revision_unique"
            ),
            models.UniqueConstraint(fields=["unit", "previous_hash"], name="bulletins_bulletin_chain_has_no_fork"),
            models.CheckConstraint(**period_check("bulletins_bulletin_period_valid")),
            models.CheckConstraint(
                condition=Q(notice_ends_on__gte=F("notice_starts_on")),
                name="bulletins_bulletin_notice_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["unit", "period"], name="bulletins_bulletin_unit_period")]

    def __str__(self):
        return self.title

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from teams.models import Team, Unit
from teams.periods import period_check


class BulletinQuerySet(models.QuerySet):
    def current(self):
        """Boards that no later revision supersedes."""
        same = {name: OuterRef(name) for name in ("unit", "kind", "period", "topic")}
        later = Bulletin.objects.alias(subject=Coalesce("team_id", 0)).filter(
            **same, subject=Coalesce(OuterRef("team_id"), 0), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(later))


class Bulletin(models.Model):
    """公告:one posted board, frozen. Append-only: a correction is a further revision; the first stays readable.

    Revisions share kind, unit or team, month and `topic` (which of several of a kind in a month: "round:12"); a board of a
    whole unit has no team.
    `content` is the finished table the upper floors handed in (see bulletins.tables.Board); `content_hash` is the sha256
    of its canonical JSON chained to `previous_hash`, the hash of the unit's board before it.
    """

    class Kind(models.TextChoices):
        SCORES = "scores", "考核得分榜"
        ATTENDANCE = "attendance", "考勤表"
        BONUS = "bonus", "绩效奖金表"
        EXPENSES = "expenses", "班组费用明细表"
        POINTS = "points", "党员积分表"
        CONTEST = "contest", "竞赛评比板"
        NOMINATION = "nomination", "评选公示"
        NAMING = "naming", "命名公告"
        NOTICE = "notice", "通知"

    serial = models.CharField("编号", max_length=30, unique=True)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", null=True, on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    topic = models.CharField("事项", max_length=60, blank=True, default="")
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
                fields=["kind", "team", "period", "topic", "revision"], name="bulletins_bulletin_revision_unique"
            ),
            models.UniqueConstraint(
                fields=["kind", "unit", "period", "topic", "revision"],
                condition=Q(team__isnull=True),
                name="bulletins_bulletin_unit_revision_unique",
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

    @property
    def place_name(self):
        """The unit, with the team where the title need not name it."""
        return f"{self.unit} · {self.team}" if self.topic and self.team_id else f"{self.unit}"

    @property
    def people(self):
        """Whose people it is about, in words."""
        return "本班组" if self.team_id else "本单位"


class CorrectionNote(models.Model):
    """更正说明:what is said on a board about an error in it and where the correction counts. Append-only."""

    bulletin = models.ForeignKey(Bulletin, verbose_name="公告", on_delete=models.PROTECT, related_name="corrections")
    text = models.CharField("说明", max_length=500)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = "更正说明"

    def __str__(self):
        return self.text


class Closing(models.Model):
    """公示结束证明:the notice of a board has run its time with nothing open. Append-only, once a board.

    `signed` and `concerned` say how many had signed of how many in the table, `objections` how many were raised.
    """

    bulletin = models.OneToOneField(Bulletin, verbose_name="公告", on_delete=models.PROTECT, related_name="closing")
    concerned = models.PositiveIntegerField("榜上人数")
    signed = models.PositiveIntegerField("签字人数")
    objections = models.PositiveIntegerField("异议件数")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "公示结束证明"

    def __str__(self):
        return f"{self.bulletin}公示结束"

import datetime
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bulletins.models.bulletins import Bulletin
from teams.models import Team, Unit

USER = settings.AUTH_USER_MODEL


class DisplayQuerySet(models.QuerySet):
    def in_use(self):
        """Displays that nobody has revoked."""
        return self.filter(revoked_at__isnull=True)

    def with_token(self, token):
        """The display whose address holds this token, be it revoked."""
        return self.filter(token_hash=Display.digest(token))


class Display(models.Model):
    """大屏:a TV or kiosk that shows boards in turn through a read-only address, without anybody being signed in.

    The address holds a token of which only the sha256 is kept; a revoked one shows nothing any more.
    """

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    teams = models.ManyToManyField(Team, verbose_name="班组", related_name="+")
    kinds = models.JSONField("类别", default=list)
    seconds = models.PositiveIntegerField("每张停留秒数", default=20)
    token_hash = models.CharField("令牌指纹", max_length=64, unique=True)
    created_by = models.ForeignKey(USER, verbose_name="设置人", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("设置时间", auto_now_add=True)
    revoked_at = models.DateTimeField("停用时间", null=True)
    seen_at = models.DateTimeField("最近在线", null=True)

    objects = DisplayQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "name"]
        verbose_name = "大屏"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(revoked_at__isnull=True),
                name="bulletins_display_name_unique_in_unit",
                violation_error_message="这个单位已经有同名的大屏。",
            ),
            models.CheckConstraint(
                condition=Q(seconds__gte=5, seconds__lte=600), name="bulletins_display_seconds_range"
            ),
        ]

    def __str__(self):
        return f"{self.unit}{self.name}"

    @staticmethod
    def digest(token):
        """What is kept of a token."""
        return hashlib.sha256(token.lower().encode()).hexdigest()

    @property
    def is_online(self):
        """Whether it has asked for a board about when it should have."""
        silence = datetime.timedelta(seconds=2 * self.seconds + 120)
        return self.seen_at is not None and self.seen_at > timezone.now() - silence

    def kind_names(self):
        """What it shows, in words."""
        return [label for kind, label in Bulletin.Kind.choices if kind in self.kinds]

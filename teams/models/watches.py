from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models.units import Shift, Team

USER = settings.AUTH_USER_MODEL


class Watch(models.Model):
    """值班:one turn of a team's duty roster, and its hand-over to whoever comes next."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("日期")
    shift = models.CharField("班次", max_length=10, choices=Shift, default=Shift.DAY)
    user = models.ForeignKey(USER, verbose_name="值班人", on_delete=models.PROTECT, related_name="+")
    handover = models.CharField("交班记录", max_length=500, blank=True)
    handed_at = models.DateTimeField("交班时间", null=True)
    taken_by = models.ForeignKey(USER, verbose_name="接班人", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("接班时间", null=True)

    class Meta:
        ordering = ["date", "id"]
        verbose_name = "值班"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "date", "shift"],
                name="teams_watch_one_per_shift",
                violation_error_message="这个班次已经排了人。",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | (Q(handed_at__isnull=False) & ~Q(taken_by=F("user"))),
                name="teams_watch_taken_after_handed_by_another",
                violation_error_message="交班之后，由另一个人接班。",
            ),
        ]
        indexes = [models.Index(fields=["user", "date"], name="teams_watch_user_date")]

    def __str__(self):
        return f"{self.team} {self.date} {self.get_shift_display()} {self.user}"


class Substitution(models.Model):
    """补位:who covered whom on which day. A wrong one is withdrawn, never deleted."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("日期")
    user = models.ForeignKey(USER, verbose_name="补位人", on_delete=models.PROTECT, related_name="+")
    covered = models.ForeignKey(USER, verbose_name="被补位人", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = "补位"
        constraints = [
            models.UniqueConstraint(
                fields=["date", "user", "covered"],
                condition=Q(withdrawn_at__isnull=True),
                name="teams_substitution_once",
                violation_error_message="这次补位已经登记过了。",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("covered")),
                name="teams_substitution_two_people",
                violation_error_message="补位人和被补位人不能是同一个人。",
            ),
        ]
        indexes = [models.Index(fields=["team", "date"], name="teams_substitution_team_date")]

    def __str__(self):
        return f"{self.date} {self.user} 补 {self.covered}"

from django.db import models
from django.db.models import F, Q

from teams import periods


class UnitQuerySet(models.QuerySet):
    def open(self):
        """Units that still exist."""
        return self.filter(closed_on__isnull=True)


class Unit(models.Model):
    """单位:a company, plant, department or workshop; units form a tree. Closed, never deleted, once it has history."""

    parent = models.ForeignKey(
        "self", verbose_name="上级单位", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField("名称", max_length=60)
    position = models.PositiveIntegerField("顺序", default=0)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(closed_on__isnull=True),
                name="teams_unit_open_name_unique_in_parent",
                violation_error_message="同一上级下已有同名单位。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(parent__isnull=True, closed_on__isnull=True),
                name="teams_unit_open_root_name_unique",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="teams_unit_not_own_parent"),
        ]

    def __str__(self):
        return self.name


class Shift(models.TextChoices):
    """班次:the part of a day that a check or a watch belongs to; a night shift belongs to the day it begins on."""

    DAY = "day", "白班"
    MORNING = "morning", "早班"
    MIDDLE = "middle", "中班"
    NIGHT = "night", "夜班"


class TeamQuerySet(models.QuerySet):
    def open(self):
        """Teams that are not disbanded."""
        return self.filter(disbanded_on__isnull=True)

    def open_since(self, period):
        """Teams that are not disbanded, or not before this month."""
        return self.filter(Q(disbanded_on__isnull=True) | Q(disbanded_on__gte=periods.first_day(period)))

    def in_period(self, first, last):
        """Teams that existed on some day between two dates."""
        return self.filter(formed_on__lte=last).exclude(disbanded_on__lt=first)


class Team(models.Model):
    """班组:the smallest unit of work, 8 to 20 people with one leader. Disbanded, never deleted, once it has history."""

    class ShiftPattern(models.TextChoices):
        DAY = "day", "常白班"
        ROTATING = "rotating", "轮班"

    unit = models.ForeignKey(Unit, verbose_name="所属单位", on_delete=models.PROTECT, related_name="teams")
    name = models.CharField("名称", max_length=60)
    trade = models.CharField("专业", max_length=30, blank=True)
    shift_pattern = models.CharField("班制", max_length=10, choices=ShiftPattern, default=ShiftPattern.ROTATING)
    slogan = models.CharField("口号", max_length=60, blank=True)
    vision = models.CharField("愿景", max_length=300, blank=True)
    style = models.CharField("班风", max_length=100, blank=True)
    photo = models.ForeignKey(
        "teams.Attachment", verbose_name="合影", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveIntegerField("顺序", default=0)
    formed_on = models.DateField("成立日期")
    disbanded_on = models.DateField("撤销日期", null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["unit__position", "unit_id", "position", "id"]
        verbose_name = "班组"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(disbanded_on__isnull=True),
                name="teams_team_open_name_unique_in_unit",
                violation_error_message="该单位已有同名班组。",
            ),
            models.CheckConstraint(
                condition=Q(disbanded_on__isnull=True) | Q(disbanded_on__gte=F("formed_on")),
                name="teams_team_disbanded_after_formed",
            ),
        ]

    def __str__(self):
        return self.name

    def existed(self, first, last):
        """Whether the team existed on some day between two dates: TeamQuerySet.in_period for a team at hand."""
        return self.formed_on <= last and not (self.disbanded_on and self.disbanded_on < first)

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams import periods
from teams.figures import short_text
from teams.models import Team, Unit
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class PieceItem(models.Model):
    """计件项目:one line of a price list of piece work: `points` (hundredths) for one `measure` of it. Ended, never rewritten.

    It holds for the unit and everything below it; with a `team` for that team alone. Source: F9 of domain.md §1.2.
    """

    unit = models.ForeignKey(Unit, verbose_name="适用单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="适用班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("项目", max_length=60)
    measure = models.CharField("计量单位", max_length=10)
    points = models.PositiveIntegerField("每个单位的工分")
    note = models.CharField("质量要求", max_length=200, blank=True)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "pk"]
        verbose_name = "计件项目"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(ended_on__isnull=True, team__isnull=True),
                name="incentives_pieceitem_name_unique_in_unit",
            ),
            models.UniqueConstraint(
                fields=["team", "name"],
                condition=Q(ended_on__isnull=True, team__isnull=False),
                name="incentives_pieceitem_name_unique_in_team",
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0, points__lte=10**6), name="incentives_pieceitem_points_range"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def price_text(self):
        """The price in words."""
        return f"{short_text(self.points)} 分/{self.measure}"


class PieceRecord(models.Model):
    """工分记录:what somebody did on a day by a line of the price list. A second person checks it; it is voided, never edited.

    points (hundredths) = quantity (hundredths) × price at that time, rounded half up. `period` is the month in which it counts:
    that of the day, or the first later one whose bonus is still open. One that counted is undone by a record below zero, which
    names it in `undoes`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待验收"
        APPROVED = "approved", "已验收"
        VOIDED = "voided", "已作废"

    LIVE = (State.PROPOSED, State.APPROVED)
    """States of records that count, or may still count."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(PieceItem, verbose_name="计件项目", on_delete=models.PROTECT, related_name="records")
    date = models.DateField("日期")
    period = models.PositiveIntegerField("计入月份")
    quantity = models.IntegerField("数量")
    points = models.BigIntegerField("工分")
    note = models.CharField("说明", max_length=200, blank=True)
    undoes = models.ForeignKey(
        "self", verbose_name="冲减", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("登记时间", auto_now_add=True)
    decided_by = models.ForeignKey(USER, verbose_name="验收人", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("验收时间", null=True)
    voided_by = models.ForeignKey(USER, verbose_name="作废人", null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        ordering = ["date", "user__employee_no", "pk"]
        verbose_name = "工分记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(undoes__isnull=True, quantity__gt=0, points__gt=0)
                | Q(undoes__isnull=False, quantity__lt=0, points__lt=0),
                name="incentives_piecerecord_only_undoing_is_negative",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user"))),
                name="incentives_piecerecord_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="incentives_piecerecord_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | (Q(voided_by__isnull=False) & ~Q(void_reason="")),
                name="incentives_piecerecord_voided_with_reason",
            ),
            models.UniqueConstraint(
                fields=["team", "user", "item", "date", "period"],
                condition=Q(undoes__isnull=True, state__in=["proposed", "approved"]),
                name="incentives_piecerecord_entered_once",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(state__in=["proposed", "approved"]),
                name="incentives_piecerecord_undone_once",
            ),
            models.CheckConstraint(**period_check("incentives_piecerecord_period_valid")),
        ]
        indexes = [
            models.Index(fields=["team", "period"], name="incentives_piece_team_period"),
            models.Index(fields=["team", "date"], name="incentives_piece_team_date"),
        ]

    def __str__(self):
        return f"{self.user} {self.date:%Y-%m-%d} {self.item} {short_text(self.points)} 分"

    @property
    def quantity_text(self):
        return f"{short_text(self.quantity)} {self.item.measure}"

    @property
    def is_late(self):
        """Whether it counts in a later month than that of its day."""
        return self.period != periods.period_of(self.date)

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Team, Unit

USER = settings.AUTH_USER_MODEL


class Liaison(models.Model):
    """支委联系班组:a member of a branch committee is in touch with a team: reads, visits, has no hand in daily matters."""

    user = models.ForeignKey(USER, verbose_name="支委", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="联系班组", on_delete=models.PROTECT, related_name="liaisons")
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        ordering = ["team_id", "-started_on"]
        verbose_name = "联系班组"
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(ended_on__isnull=True),
                name="activities_liaison_one_open_per_team",
                violation_error_message="这个班组已有联系支委。",
            )
        ]

    def __str__(self):
        return f"{self.user}联系{self.team}"


class PartyGroup(models.Model):
    """党小组:Party members organised by team; experts of offices are attached to it."""

    unit = models.ForeignKey(Unit, verbose_name="支部所在单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("名称", max_length=40)
    leader = models.ForeignKey(USER, verbose_name="组长", on_delete=models.PROTECT, related_name="+")
    formed_on = models.DateField("成立日期")
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "党小组"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(ended_on__isnull=True), name="activities_partygroup_name_once"
            )
        ]

    def __str__(self):
        return self.name


class PartyGroupMember(models.Model):
    """党小组成员:a member of a group, of the team or attached for a speciality."""

    group = models.ForeignKey(PartyGroup, verbose_name="党小组", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(USER, verbose_name="党员", on_delete=models.PROTECT, related_name="+")
    speciality = models.CharField("技术专业", max_length=40, blank=True)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离开日期", null=True, blank=True)

    class Meta:
        ordering = ["group_id", "id"]
        verbose_name = "党小组成员"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(left_on__isnull=True),
                name="activities_partygroupmember_one_group",
                violation_error_message="此人已在一个党小组里。",
            )
        ]

    def __str__(self):
        return str(self.user)


class PartyPost(models.Model):
    """责任区和示范岗:an area or a post that a Party member answers for, with what came of it when it ends."""

    class Kind(models.TextChoices):
        AREA = "area", "党员责任区"
        SAFETY = "safety", "党员安全示范岗"
        MODEL = "model", "党员示范岗"
        PIONEER = "pioneer", "党员先锋岗"

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=8, choices=Kind)
    name = models.CharField("名称", max_length=60)
    user = models.ForeignKey(USER, verbose_name="责任人", on_delete=models.PROTECT, related_name="+")
    duties = models.CharField("职责或承诺", max_length=300)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    outcome = models.CharField("成效", max_length=300, blank=True)

    class Meta:
        ordering = ["team_id", "kind", "id"]
        verbose_name = "责任区和示范岗"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "kind", "name"], condition=Q(ended_on__isnull=True), name="activities_partypost_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(outcome=""), name="activities_partypost_ended_has_outcome"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}"


class Commitment(models.Model):
    """承诺:what a Party member promises for a year."""

    user = models.ForeignKey(USER, verbose_name="承诺人", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    text = models.CharField("承诺", max_length=200)
    made_at = models.DateTimeField("承诺时间", auto_now_add=True)

    class Meta:
        ordering = ["-year", "user_id", "id"]
        verbose_name = "承诺"

    def __str__(self):
        return self.text


class CommitmentCheck(models.Model):
    """承诺检查:how far a promise was kept at the end of a quarter, in somebody else's words. Append-only."""

    class Result(models.TextChoices):
        KEPT = "kept", "已兑现"
        UNDER_WAY = "under_way", "正在做"
        NOT_KEPT = "not_kept", "没有兑现"

    commitment = models.ForeignKey(Commitment, verbose_name="承诺", on_delete=models.PROTECT, related_name="checks")
    quarter = models.PositiveSmallIntegerField("季度")
    result = models.CharField("结果", max_length=10, choices=Result)
    note = models.CharField("说明", max_length=200)
    checked_by = models.ForeignKey(USER, verbose_name="检查人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["commitment_id", "quarter"]
        verbose_name = "承诺检查"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "quarter"], name="activities_commitmentcheck_once"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="activities_commitmentcheck_quarter"
            ),
        ]

    def __str__(self):
        return self.get_result_display()


class Mechanism(models.Model):
    """创建机制:a list of things to get going, such as 四建四强 or 四个一, in one unit for one year; items as data."""

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("代码", max_length=20)
    name = models.CharField("名称", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    items = models.JSONField("事项", default=list)

    class Meta:
        ordering = ["-year", "name"]
        verbose_name = "创建机制"
        constraints = [models.UniqueConstraint(fields=["unit", "code", "year"], name="activities_mechanism_once")]

    def __str__(self):
        return f"{self.year} 年{self.name}"


class MechanismStep(models.Model):
    """机制进展:what was done about an item of a mechanism, in per cent. Append-only; the latest counts."""

    mechanism = models.ForeignKey(Mechanism, verbose_name="机制", on_delete=models.PROTECT, related_name="steps")
    item = models.CharField("事项", max_length=60)
    percent = models.PositiveSmallIntegerField("完成（%）")
    text = models.CharField("做了什么", max_length=300)
    actor = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "机制进展"
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="activities_mechanismstep_percent")]

    def __str__(self):
        return f"{self.item} {self.percent}%"


class Reserve(models.Model):
    """班组长后备:a person who may become a leader, and how far the training is."""

    class Stage(models.TextChoices):
        LISTED = "listed", "入库"
        TRAINING = "training", "培养中"
        ACTING = "acting", "见习顶岗"
        READY = "ready", "可任用"
        APPOINTED = "appointed", "已任用"
        LEFT = "left", "出库"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, verbose_name="后备人选", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField("阶段", max_length=10, choices=Stage, default=Stage.LISTED)
    coach = models.ForeignKey(
        USER, verbose_name="培养人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    listed_on = models.DateField("入库日期")
    ended_on = models.DateField("出库日期", null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "listed_on", "id"]
        verbose_name = "班组长后备"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_on__isnull=True), name="activities_reserve_listed_once"
            ),
            models.CheckConstraint(
                condition=Q(coach__isnull=True) | ~Q(coach=F("user")), name="activities_reserve_coach_is_another"
            ),
        ]

    def __str__(self):
        return str(self.user)


class ReserveStep(models.Model):
    """培养记录:a step of a reserve leader's training, with its stage. Append-only."""

    reserve = models.ForeignKey(Reserve, verbose_name="后备", on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField("阶段", max_length=10, choices=Reserve.Stage)
    text = models.CharField("记录", max_length=300)
    actor = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "培养记录"

    def __str__(self):
        return self.text

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from teams.models.units import Team, Unit


class UserManager(BaseUserManager):
    def create_user(self, employee_no, name, password=None, **fields):
        """Add a person; without a password nobody can sign in until one is issued."""
        user = self.model(employee_no=employee_no, name=name, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """人员:signs in by employee number, which is text (leading zeros count). Deactivated, never deleted."""

    class PoliticalStatus(models.TextChoices):
        PARTY_MEMBER = "party_member", "中共党员"
        PROBATIONARY = "probationary", "预备党员"
        LEAGUE_MEMBER = "league_member", "共青团员"
        DEMOCRATIC = "democratic", "民主党派"
        MASSES = "masses", "群众"

    class SkillLevel(models.TextChoices):
        JUNIOR = "junior", "初级工"
        INTERMEDIATE = "intermediate", "中级工"
        SENIOR = "senior", "高级工"
        TECHNICIAN = "technician", "技师"
        SENIOR_TECHNICIAN = "senior_technician", "高级技师"

    employee_no = models.CharField(
        "工号", max_length=20, unique=True, error_messages={"unique": "这个工号已经有人用了。"}
    )
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, choices=PoliticalStatus, blank=True)
    skill_level = models.CharField("技能等级", max_length=20, choices=SkillLevel, blank=True)
    hired_on = models.DateField("参加工作时间", null=True, blank=True)
    is_active = models.BooleanField("可登录", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_set_at = models.DateTimeField("密码启用时间", null=True, blank=True)
    sessions_ended = models.PositiveIntegerField("全部退出次数", default=0)
    created_at = models.DateTimeField("建档时间", auto_now_add=True)

    USERNAME_FIELD = "employee_no"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["employee_no"]
        verbose_name = "人员"
        constraints = [models.CheckConstraint(condition=~Q(employee_no=""), name="teams_user_employee_no_given")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def _get_session_auth_hash(self, secret=None):
        """What a session must carry to be this person's: changes with the password and when all sessions are ended."""
        value = f"{self.password}:{self.sessions_ended}"
        return salted_hmac("teams.User.session", value, secret=secret, algorithm="sha256").hexdigest()


class MembershipQuerySet(models.QuerySet):
    def open(self):
        """Memberships in force now."""
        return self.filter(ended_on__isnull=True)

    def during(self, first, last):
        """Memberships in force on some day between two dates."""
        return self.filter(started_on__lte=last).exclude(ended_on__lt=first)


class Membership(models.Model):
    """成员关系:one person's place in one team with duty and post coefficient, from a date on.

    A change of team, duty or coefficient closes the row and opens another: history is never overwritten.
    `coefficient` is in hundredths (105 is 1.05).
    """

    class Role(models.TextChoices):
        LEADER = "leader", "班长"
        DEPUTY = "deputy", "副班长"
        SAFETY = "safety", "安全员"
        CLERK = "clerk", "核算员"
        UNION_REP = "union_rep", "工会小组长"
        WORKER = "worker", "组员"

    user = models.ForeignKey(User, verbose_name="人员", on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("班组职务", max_length=12, choices=Role, default=Role.WORKER)
    coefficient = models.PositiveIntegerField("岗位系数", default=100)
    started_on = models.DateField("起始日期")
    ended_on = models.DateField("截止日期", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["team_id", "user__employee_no"]
        verbose_name = "成员关系"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_on__isnull=True),
                name="teams_membership_one_open_per_user",
                violation_error_message="此人已在一个班组里。",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(ended_on__isnull=True, role="leader"),
                name="teams_membership_one_open_leader_per_team",
                violation_error_message="班组已有班长。",
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gte=1, coefficient__lte=999), name="teams_membership_coefficient_range"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="teams_membership_ended_after_started",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.team} · {self.get_role_display()}"


class UnitRole(models.Model):
    """单位职务:what a person may do for a unit and everything below it."""

    class Role(models.TextChoices):
        ASSESSOR = "assessor", "考核员"
        MANAGER = "manager", "单位负责人"
        UNION = "union", "工会干事"
        PARTY = "party", "支委"
        FINANCE = "finance", "劳资财务"
        ADMIN = "admin", "系统管理员"
        SECURITY = "security", "安全管理员"
        AUDITOR = "auditor", "审计员"

    user = models.ForeignKey(User, verbose_name="人员", on_delete=models.PROTECT, related_name="unit_roles")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="roles")
    role = models.CharField("职务", max_length=10, choices=Role)
    started_on = models.DateField("起始日期")
    ended_on = models.DateField("截止日期", null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "role"]
        verbose_name = "单位职务"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(ended_on__isnull=True),
                name="teams_unitrole_open_unique",
                violation_error_message="此人在该单位已有这个职务。",
            )
        ]

    def __str__(self):
        return f"{self.user} · {self.unit} · {self.get_role_display()}"

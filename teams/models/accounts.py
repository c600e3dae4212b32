from django.conf import settings
from django.db import models
from django.utils import timezone

USER = settings.AUTH_USER_MODEL


class SignIn(models.Model):
    """登录:one session of a person, from signing in to its end, so that it can be seen and ended."""

    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    session_key = models.CharField("会话", max_length=40, unique=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    device = models.CharField("设备", max_length=200, blank=True)
    started_at = models.DateTimeField("登录时间", auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "登录"
        indexes = [models.Index(fields=["user", "ended_at"], name="teams_signin_user_ended")]

    def __str__(self):
        return f"{self.user} {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class FormerPassword(models.Model):
    """用过的密码:the hash of a password that its owner chose, so that it is not chosen again too soon."""

    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.CASCADE, related_name="+")
    password = models.CharField("密码指纹", max_length=128)
    chosen_at = models.DateTimeField("启用时间", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "用过的密码"

    def __str__(self):
        return f"{self.user} {timezone.localdate(self.chosen_at):%Y-%m-%d}"

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Team

USER = settings.AUTH_USER_MODEL


class Election(models.Model):
    """公推共选:a team chooses its leader: nominations → secret ballot with more candidates than posts → count → notice → appointment."""

    class State(models.TextChoices):
        NOMINATING = "nominating", "推荐中"
        VOTING = "voting", "投票中"
        COUNTED = "counted", "已计票"
        POSTED = "posted", "公示中"
        APPOINTED = "appointed", "已任命"
        CANCELLED = "cancelled", "已取消"

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    post = models.CharField("岗位", max_length=20)
    posts = models.PositiveSmallIntegerField("名额", default=1)
    term_months = models.PositiveSmallIntegerField("任期（月）", default=36)
    nominate_until = models.DateField("推荐截止")
    vote_until = models.DateField("投票截止")
    state = models.CharField("状态", max_length=12, choices=State, default=State.NOMINATING)
    reason = models.CharField("取消原因", max_length=200, blank=True)
    called_by = models.ForeignKey(USER, verbose_name="发起人", on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField("发起时间", auto_now_add=True)
    counted_at = models.DateTimeField("计票时间", null=True)
    notice_until = models.DateField("公示到", null=True)
    appointed_at = models.DateTimeField("任命时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "公推共选"
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(state__in=["nominating", "voting", "counted", "posted"]),
                name="activities_election_one_open_per_team",
                violation_error_message="这个班组已有一次没有结束的选举。",
            ),
            models.CheckConstraint(
                condition=Q(vote_until__gt=F("nominate_until")), name="activities_election_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="activities_election_cancelled_has_reason"
            ),
            models.CheckConstraint(condition=Q(posts__gte=1, posts__lte=9), name="activities_election_posts_range"),
        ]

    def __str__(self):
        return f"{self.team}{self.post}选举"


class Candidate(models.Model):
    """候选人:somebody nominated, whether he or she stands, and the votes once counted."""

    election = models.ForeignKey(Election, verbose_name="选举", on_delete=models.PROTECT, related_name="candidates")
    user = models.ForeignKey(USER, verbose_name="候选人", on_delete=models.PROTECT, related_name="+")
    stands = models.BooleanField("同意参选", null=True)
    votes = models.PositiveSmallIntegerField("得票", null=True)
    is_elected = models.BooleanField("当选", default=False)

    class Meta:
        ordering = ["election_id", "id"]
        verbose_name = "候选人"
        constraints = [models.UniqueConstraint(fields=["election", "user"], name="activities_candidate_once")]

    def __str__(self):
        return str(self.user)


class Nomination(models.Model):
    """推荐:a member (or the person) names a candidate."""

    candidate = models.ForeignKey(
        Candidate, verbose_name="候选人", on_delete=models.PROTECT, related_name="nominations"
    )
    by = models.ForeignKey(USER, verbose_name="推荐人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "推荐"
        constraints = [models.UniqueConstraint(fields=["candidate", "by"], name="activities_nomination_once")]

    def __str__(self):
        return str(self.by)


class Voter(models.Model):
    """已投票:that a member has voted in an election, and nothing of how. Append-only."""

    election = models.ForeignKey(Election, verbose_name="选举", on_delete=models.PROTECT, related_name="voters")
    user = models.ForeignKey(USER, verbose_name="投票人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["election_id", "user_id"]
        verbose_name = "已投票"
        constraints = [models.UniqueConstraint(fields=["election", "user"], name="activities_voter_once")]

    def __str__(self):
        return str(self.user)


class BallotPaper(models.Model):
    """选票:the candidates that one ballot names; nothing links it to who gave it (a random key, no time). Append-only."""

    key = models.UUIDField("票号", primary_key=True)
    election = models.ForeignKey(Election, verbose_name="选举", on_delete=models.PROTECT, related_name="papers")
    choices = models.JSONField("所选候选人", default=list)

    class Meta:
        ordering = ["key"]
        verbose_name = "选票"

    def __str__(self):
        return str(self.key)

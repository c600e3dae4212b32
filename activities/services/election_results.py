"""What comes after the count: the result hangs as a notice, and who is elected is appointed when it is over."""

from django.db import transaction
from django.utils import timezone

from activities.elections.names import named
from activities.errors import ActivityError
from activities.models import Election
from activities.services.elections import lock, move_on, require_no_candidate
from bulletins.models import Bulletin
from bulletins.services.notices import TOPIC, is_withdrawn, post_notice, withdraw_notice
from bulletins.tables import Audience
from teams import audit
from teams.models import Membership
from teams.services.posts import fill_post

State = Election.State
UNDER_WAY = [State.NOMINATING, State.VOTING, State.COUNTED, State.POSTED]
LEAST_DAYS = 3
"""Full working days for which a result hangs at least."""


@transaction.atomic
def post_result(election, days, *, actor):
    """Hang the result as a notice of the team for that many working days; its trail row is that of the notice."""
    held = lock(election, State.COUNTED)
    require_no_candidate(held, actor)
    if days < LEAST_DAYS:
        raise ActivityError(f"公示至少 {LEAST_DAYS} 个工作日，请改天数。")
    if not held.candidates.filter(is_elected=True).exists():
        raise ActivityError("这次没有人当选，不用公示。请取消，说明原因后重新发起。")
    notice = post_notice({"team": held.team}, _wish(held, days), actor=actor)
    move_on(held, State.COUNTED, State.POSTED, notice_until=notice.notice_ends_on)
    return notice


def _wish(held, days):
    candidates = named(held.candidates.filter(stands=True).select_related("user").order_by("-votes", "id"))
    elected = "、".join(row.label for row in candidates if row.is_elected)
    text = (
        f"经推荐和无记名投票，{elected}当选{held.team}{held.post}，任期 {held.term_months} 个月。"
        f"\n收回选票 {held.papers.count()} 张，其中弃权 {held.papers.filter(choices=[]).count()} 张。"
        "公示期间有意见，请向单位负责人或工会反映。"
    )
    lines = [(row.label, str(row.votes), "当选" if row.is_elected else "—") for row in candidates]
    facts = {"title": f"{held.team}{held.post}选举结果公示", "text": text, "table": (("候选人", "得票", "结果"), lines)}
    return facts | {"key": _key(held), "audience": Audience.UNIT, "days": days}


def _key(election):
    return f"election-{election.pk}"


def notice_of(election):
    """The Bulletin on which the result hangs, or None."""
    hung = Bulletin.objects.filter(kind=Bulletin.Kind.NOTICE, topic=f"{TOPIC}{_key(election)}")
    return hung.order_by("revision").first()


def is_taken_down(election):
    """Whether the notice of the result was withdrawn by hand, without calling the election off."""
    notice = notice_of(election)
    return notice is not None and is_withdrawn(notice)


@transaction.atomic
def appoint(election, *, actor):
    """Put the elected into the post when the notice is over; whoever held it and was not elected is a worker again."""
    held = lock(election, State.POSTED)
    today = timezone.localdate()
    if today <= held.notice_until:
        raise ActivityError(f"公示到 {held.notice_until:%Y-%m-%d}，第二天起可以任命。")
    require_no_candidate(held, actor)
    if is_taken_down(held):
        raise ActivityError("结果的公示已经撤回，不能任命。请取消这次选举，说明原因后重新发起。")
    elected = [row.user for row in held.candidates.filter(is_elected=True).select_related("user")]
    before, after = fill_post(held.team, role_of(held.post), elected, on=today)
    move_on(held, State.POSTED, State.APPOINTED, appointed_at=timezone.now())
    told = {"before": {"post": before}, "after": {"post": after, "term_months": held.term_months}}
    audit.record("election.appointed", held, actor=actor, unit=held.team.unit, **told)


@transaction.atomic
def cancel(election, reason, *, actor):
    """Call an election off at any time before the appointment, with a reason; papers of a vote under way are never counted.

    A result that hangs is taken down, and the trail row is that of its withdrawal.
    """
    if not reason:
        raise ActivityError("取消要写明原因。")
    held = lock(election, *UNDER_WAY)
    hung = held.state == State.POSTED and not is_taken_down(held)
    move_on(held, held.state, State.CANCELLED, reason=reason)
    if hung:
        withdraw_notice(notice_of(held), reason, actor=actor)
    else:
        audit.record("election.cancelled", held, actor=actor, unit=held.team.unit, after={"reason": reason})


def role_of(post):
    """The duty in the team that a post's name stands for."""
    return next(role for role in Membership.Role if role.label == post)

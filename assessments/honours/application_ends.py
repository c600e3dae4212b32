"""When an application can be written no longer, in sentences, and who is told that its round went on without it."""

import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assessments.honours import application_access as reach
from assessments.models import Application, Round
from teams.models import AuditEntry

State = Application.State
WRITABLE = (State.DRAFT, State.RETURNED)
LEFT_BEHIND = {State.DRAFT: "没有提交", State.RETURNED: "退回以后没有再提交", State.SUBMITTED: "还没有推荐上来"}
"""States in which an application does not come to the review, and what is said of it then."""
LEAVING = ("round.reviewing", "round.cancelled")
"""Entries of the trail with which a round stops taking applications."""
TOLD_FOR = datetime.timedelta(days=14)


def shut(application):
    """Why nothing more can be written into an application; empty as long as it can."""
    if application.state not in WRITABLE:
        return f"这份申报现在是“{application.get_state_display()}”，不能再改。"
    return over(application)


def over(application):
    """What has become of an application that its round no longer waits for; empty for all others."""
    opened, left = application.round, LEFT_BEHIND.get(application.state)
    if not left:
        return ""
    if opened.state == Round.State.CANCELLED:
        return "本批评选已经取消，这份申报不再办了，写的内容都留着。"
    if opened.state != Round.State.OPEN:
        return f"本批已转入评审，这份{left}，不再参加。"
    return _late(application)


def _late(application):
    until = application.round.apply_until
    if application.submitted_at or until >= timezone.localdate():
        return ""
    return f"申报 {until} 已经截止，这份没有提交。要补报请找主办单位延期，写的内容都留着。"


def on_home(user):
    """Own applications to finish, and for two weeks those whose round went on without them."""
    since, is_open = timezone.localdate() - TOLD_FOR, Q(round__state=Round.State.OPEN)
    unfinished = is_open & (Q(state=State.RETURNED) | Q(state=State.DRAFT, round__apply_until__gte=since))
    entries = {"object_type": Round._meta.label_lower, "verb__in": LEAVING, "at__gte": timezone.now() - TOLD_FOR}
    gone = ~is_open & Q(Exists(AuditEntry.objects.filter(object_id=OuterRef("round_id"), **entries)))
    return reach.WHOLE.filter(reach.own(user), unfinished | gone, state__in=LEFT_BEHIND)


def line_of(application):
    """The line of the home page about an application that its round no longer waits for."""
    detail = f"{application.round}：{application.subject}。{over(application)}"
    address = reverse("assessments:application", args=[application.pk])
    return "没有参评的申报", detail, address, "warn", "已截止"

"""Lists of ideas: those in sight, the filters, what waits for whom, what is news to the authors, the export."""

import datetime
from dataclasses import dataclass

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from activities.ideas import access as reach
from activities.ideas.moves import REVIEW, VERIFY, days_late
from activities.models import Idea, IdeaStep
from teams import periods
from teams.access import access_of
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import Team
from teams.selectors import with_words

State = Idea.State
TEXTS = ("number", "title", "problem", "proposal", "authors__user__name", "authors__user__employee_no")
HEADERS = [
    *("编号", "类型", "方向", "题目", "单位", "班组", "作者", "提出日期", "状态"),
    *("实施人", "完成日期", "逾期（天）", "年效益（元）"),
]
TOTALS = ("年效益（元）",)
"""What an export adds up."""


@dataclass(frozen=True)
class Waiting:
    """An idea that waits for a person, and what for."""

    idea: Idea
    what: str


def listed(user, *, q="", kind="", theme="", state="", team=None, year=None, whose=""):
    """Ideas that the person may see, narrowed, the latest first; each with `since`, the moment of its last step."""
    rows = reach.visible_to(user)
    if whose == "own":
        rows = rows.filter(reach.own(user))
    if whose == "waiting":
        rows = rows.filter(_waiting(user))
    narrowed = {"kind": kind, "theme": theme, "state": state, "team": team}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    if year:
        rows = rows.filter(period__range=(year * 100 + 1, year * 100 + 12))
    found = with_words(rows, q, *(f"{text}__icontains" for text in TEXTS))
    return with_people(Idea.objects.filter(pk__in=found.values("pk")))


def with_people(ideas):
    """Ideas with what a row of a list shows of them."""
    rows = ideas.select_related("unit", "team", "owner").prefetch_related("authors__user")
    return rows.annotate(since=Max("steps__at")).order_by("-id")


def lateness_of(idea):
    """By how many days the idea is late; 0 when it is not."""
    return days_late(idea.state, timezone.localdate(idea.since), idea.due_on, timezone.localdate())


def idea_for(user, pk):
    """The idea with everything its page shows, if the person may see it; else None."""
    rows = Idea.objects.filter(pk__in=reach.visible_to(user).filter(pk=pk).values("pk"))
    return with_people(rows).select_related("verified_by").prefetch_related("files", "steps__actor").first()


def teams_seen(user):
    """Teams of the ideas that the person may see."""
    return Team.objects.filter(pk__in=reach.visible_to(user).values("team"))


def _waiting(user):
    access = access_of(user)
    review = Q(state=State.SUBMITTED, unit__in=access.unit_ids(REVIEW)) & ~reach.own(user)
    verify = Q(state=State.CARRIED_OUT, unit__in=access.unit_ids(VERIFY)) & ~reach.own(user) & ~Q(owner=user)
    return review | verify | Q(state=State.ADOPTED, owner=user) | (Q(state=State.RETURNED) & reach.own(user))


WORDS = {
    State.SUBMITTED: "评审建议",
    State.CARRIED_OUT: "验证建议效果",
    State.ADOPTED: "实施建议",
    State.RETURNED: "补充建议",
}


def waiting_for(user):
    """[Waiting] of the person, the longest first: to review, to verify, to carry out, returned to be supplemented."""
    rows = Idea.objects.filter(_waiting(user)).order_by("id")
    return [Waiting(idea, WORDS[idea.state]) for idea in rows]


TOLD_FOR = datetime.timedelta(days=14)
"""So long the authors are told what became of their idea."""
OUTCOMES = (State.ADOPTED, State.REFUSED, State.CARRIED_OUT, State.VERIFIED, State.INEFFECTIVE)


def outcomes_for(user):
    """Lines of the home page about own ideas: the latest thing that somebody else did with each, for TOLD_FOR."""
    rows = Idea.objects.filter(reach.own(user), state__in=OUTCOMES, steps__at__gte=timezone.now() - TOLD_FOR)
    steps = IdeaStep.objects.filter(idea__in=rows.values("pk")).select_related("idea").order_by("id")
    for step in {step.idea_id: step for step in steps}.values():
        if step.actor_id != user.pk:
            detail = f"{step.idea}：{step.text}" if step.text else str(step.idea)
            address, day = reverse("activities:idea", args=[step.idea_id]), timezone.localdate(step.at)
            yield f"建议{step.get_state_display()}", detail, address, "ok", periods.day_text(day)


def news_for(user):
    """Lines of the home page: (title, detail, address, state, word)."""
    yield from _asked_of(user)
    yield from outcomes_for(user)


def _asked_of(user):
    today = timezone.localdate()
    for row in waiting_for(user):
        late = row.idea.state == State.ADOPTED and row.idea.due_on < today
        until = f"，{periods.day_text(row.idea.due_on)}前完成" if row.idea.state == State.ADOPTED else ""
        state = ("warn", "逾期") if late else ("wait", "待办")
        yield row.what, f"{row.idea}{until}", reverse("activities:idea", args=[row.idea.pk]), *state


def exported(ideas):
    """Rows under HEADERS, as texts and figures."""
    for idea in ideas:
        people = "、".join(f"{row.user.name}（{row.user.employee_no}）" for row in idea.authors.all())
        kinds = [idea.number, idea.get_kind_display(), idea.get_theme_display(), idea.title]
        place = [idea.unit, idea.team or "", people, f"{timezone.localdate(idea.submitted_at)}"]
        late, benefit = lateness_of(idea), idea.benefit
        owner = f"{idea.owner.name}（{idea.owner.employee_no}）" if idea.owner else ""
        plan = [owner, idea.due_on or "", Figure(str(late)) if late else ""]
        worth = "" if benefit is None else Figure(decimal_text(benefit), money=True)
        yield [*kinds, *place, idea.get_state_display(), *plan, worth]

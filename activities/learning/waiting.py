"""What of learning waits for somebody, for the home page."""

from dataclasses import dataclass

from django.urls import reverse

from activities.learning import contests, mentorships, visions


@dataclass(frozen=True)
class Line:
    """One thing to do: what, where, and by when (None: no day is set)."""

    text: str
    url: str
    due_on: object = None


def waiting_for(user):
    """Agreements to confirm, visions to review, contests whose scores are to be entered: [Line]."""
    agreements = [
        Line(f"确认师徒协议：{row}", reverse("activities:mentorship", args=[row.pk]), row.starts_on)
        for row in mentorships.to_confirm(user)
    ]
    reviews = [
        Line(f"和{row.user}回顾愿景", reverse("activities:vision", args=[row.pk]), row.review_on)
        for row in visions.to_review(user)
    ]
    scores = [
        Line(f"填竞赛成绩：{row.name}", reverse("activities:contest-scores", args=[row.pk]), row.ends_on)
        for row in contests.to_score(user)
    ]
    return agreements + reviews + scores

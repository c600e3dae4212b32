"""Who files a challenge to a posted name, who sees it with its filer, and who investigates it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessments.honours.application_access import of_others
from assessments.honours.rounds import visible_to as rounds_for
from assessments.models import Application, Challenge, Round
from teams.access import access_of
from teams.selectors import with_words

State = Challenge.State
IN_HAND = (Round.State.SHORTLISTED, Round.State.POSTED)
"""States of a round in which its challenges are investigated."""
WHOLE = Challenge.objects.select_related(
    *("application__round__programme", "application__unit", "application__team", "application__user"),
    *("application__studio", "filed_by", "answered_by"),
)


def posted_for(user, pk):
    """The application with this id that stands on a posted list of a round that the person reaches; else 404."""
    posted = {"state": Application.State.SHORTLISTED, "round__state": Round.State.POSTED}
    rows = Application.objects.filter(round__in=rounds_for(user), **posted)
    return get_object_or_404(rows.select_related("round__programme", "unit", "team", "user", "studio"), pk=pk)


def visible_to(user):
    """Challenges that the person filed or investigates; all others know nothing of them, least of all who filed them."""
    return WHOLE.filter(Q(filed_by=user) | _in_charge(user))


def _in_charge(user):
    """Of rounds that the person runs, about applications that are not the own ones."""
    units = access_of(user).unit_ids("programme.manage")
    return Q(application__in=of_others(Application.objects.filter(round__programme__unit__in=units), user))


def challenge_for(user, pk):
    """The challenge with this id; 404 for everybody who neither filed it nor is in charge."""
    return get_object_or_404(visible_to(user), pk=pk)


def challenge_to(user, pk):
    """The challenge with this id, for those who investigate it; 403 for whoever filed it."""
    found = challenge_for(user, pk)
    if not WHOLE.filter(_in_charge(user), pk=pk).exclude(filed_by=user).exists():
        raise PermissionDenied
    return found


def to_investigate(user):
    """Challenges that wait for the person's answer."""
    if not access_of(user).unit_ids("programme.manage"):
        return Challenge.objects.none()
    rows = WHOLE.filter(_in_charge(user), state=State.OPEN, application__round__state__in=IN_HAND)
    return rows.exclude(filed_by=user)


def investigates(user, challenge):
    """Whether the person can answer the challenge now."""
    return to_investigate(user).filter(pk=challenge.pk).exists()


def rounds_of(user):
    """Rounds that have a challenge in sight of the person, the latest first."""
    rows = Round.objects.filter(pk__in=visible_to(user).order_by().values("application__round"))
    return rows.select_related("programme").order_by("-opens_on", "-id")


def listed(user, *, q="", state="", in_round=None):
    """Challenges for the list, narrowed, the latest first."""
    narrowed = {"state": state, "application__round": in_round}
    rows = visible_to(user).filter(**{name: value for name, value in narrowed.items() if value})
    names = ("team__name", "user__name", "studio__name", "round__name", "round__programme__name")
    found = with_words(rows, q, "text__icontains", *(f"application__{name}__icontains" for name in names))
    return found.order_by("-id")


def shows(user, attachment):
    """Whether a challenge that the person may see has this photo or file."""
    return visible_to(user).filter(files=attachment).exists()


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each challenge to investigate."""
    for row in to_investigate(user).order_by("id"):
        detail = f"{row.application.round}：{row.application.subject}，{row.filed_at:%Y-%m-%d} 提出"
        yield "公示异议", detail, reverse("assessments:challenge", args=[row.pk]), "warn", "待调查"

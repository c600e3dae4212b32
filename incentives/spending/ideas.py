"""Ideas and the awards they bring: one award an author, proposed from the page of a verified idea."""

from urllib.parse import urlencode

from django.urls import reverse

from activities.ideas.access import visible_to
from activities.models import Idea
from incentives.models import SpecialAward
from teams.access import access_of
from teams.figures import whole_number, yuan_text
from teams.models import Membership

State = SpecialAward.State


def source_of(idea, user_id):
    """What names an author's part in an idea: it is paid at most once."""
    return f"suggestion:{idea.pk}:{user_id}"


def awards_of(idea):
    """Awards for an idea that wait or are posted."""
    rows = SpecialAward.objects.filter(source__startswith=f"suggestion:{idea.pk}:")
    return rows.filter(state__in=[State.PROPOSED, State.APPROVED]).select_related("user", "team").order_by("id")


def ways_for(user, idea):
    """[(label, address)] where the person proposes an award for an author who has none (see activities.ideas.rewards)."""
    access = access_of(user)
    authors = idea.authors.exclude(user__in=awards_of(idea).values("user")).exclude(user=user)
    stays = Membership.objects.open().filter(user__in=authors.values("user")).select_related("user", "team")
    return [
        (f"给{stay.user.name}提专项奖励", f"{address}?{urlencode({'idea': idea.pk, 'user': stay.user_id})}")
        for stay in stays.order_by("user__employee_no")
        if access.on_team("award.propose", stay.team)
        for address in [reverse("incentives:award-propose", args=[stay.team_id])]
    ]


def rewards_of(user, idea):
    """[(words, address or None)] of the awards for an idea; the amount for whoever may see it."""
    access = access_of(user)
    for award in awards_of(idea):
        if award.user_id == user.pk or access.on_team("award.view", award.team):
            words = f"{award.user.name} {yuan_text(award.amount)} 元，{award.get_state_display()}"
            yield words, reverse("incentives:award", args=[award.pk])
        else:
            yield f"{award.user.name}，{award.get_state_display()}", None


def rewardable(user):
    """Verified ideas that the person may see."""
    return visible_to(user).filter(state=Idea.State.VERIFIED)


def asked_by_idea(query, user):
    """What the form of an award shows first when it is opened from an idea; None otherwise."""
    idea = rewardable(user).filter(pk=whole_number(query.get("idea", ""))).first()
    if idea is None:
        return None
    first = {"kind": SpecialAward.Kind.SUGGESTION, "user": whole_number(query.get("user", "")), "idea": idea.pk}
    return first | {"reason": f"{idea.get_kind_display()} {idea.number} {idea.title}"}

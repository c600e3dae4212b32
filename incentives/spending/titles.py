"""Titles and the award each brings: to the person, or to the fund of the team; proposed from the page of a valid title."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from assessments.honours.title_access import WHOLE
from assessments.models import Title
from incentives.models import SpecialAward
from teams.access import access_of
from teams.figures import decimal_text, whole_number, yuan_text
from teams.models import Membership, Team

State, Kind = SpecialAward.State, SpecialAward.Kind


def source_of(title):
    """What names the reward of a title: it is paid at most once."""
    return f"title:{title.pk}"


def awards_of(title):
    """Awards for a title that wait or are posted."""
    rows = SpecialAward.objects.filter(source=source_of(title), state__in=[State.PROPOSED, State.APPROVED])
    return rows.select_related("user", "team").order_by("id")


def team_of(title):
    """The team in which a title is rewarded: the one that bears it, or that of the person or the leader; None without one."""
    if title.team_id:
        return title.team
    bearer = title.user_id or title.studio.leader_id
    return Team.objects.filter(pk__in=Membership.objects.open().filter(user=bearer).values("team")).first()


def ways_for(user, title):
    """[(label, address)] where the person proposes the reward of a title (see assessments.honours.title_rewards)."""
    team = team_of(title)
    if team is None or title.user_id == user.pk or not access_of(user).on_team("award.propose", team):
        return []
    if awards_of(title).exists():
        return []
    address = reverse("incentives:award-propose", args=[team.pk])
    return [("提专项奖励", f"{address}?{urlencode({'title': title.pk})}")]


def rewards_of(user, title):
    """[(words, address or None)] of the awards for a title; the amount for whoever may see it."""
    for award in awards_of(title):
        if award.user_id == user.pk or access_of(user).on_team("award.view", award.team):
            words = f"{award.user.name if award.user else award.team} {yuan_text(award.amount)} 元"
            yield f"{words}，{award.get_state_display()}", reverse("incentives:award", args=[award.pk])
        else:
            yield f"专项奖励，{award.get_state_display()}", None


def rewardable(team):
    """Valid titles that are rewarded in a team: its own, and those of its people and of the studios that they lead."""
    mates = Membership.objects.open().filter(team=team).values("user")
    borne = Q(team=team) | Q(user__in=mates) | Q(studio__leader__in=mates)
    return WHOLE.filter(borne, state=Title.State.VALID)


def asked_by_title(query, team):
    """What the form of an award shows first when it is opened from a title; None otherwise."""
    title = "title" in query and rewardable(team).filter(pk=whole_number(query["title"])).first()
    if not title:
        return None
    first = {"kind": Kind.STUDIO if title.studio_id else Kind.PROGRAMME, "user": title.user_id, "title": title.pk}
    amount = title.programme.reward
    first |= {"amount": decimal_text(amount)} if amount else {}
    return first | {"reason": f"{title.holder.name}命名为“{title.name}”（{title.document}）"[:200]}

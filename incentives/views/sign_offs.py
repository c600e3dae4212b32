"""会签: a member's page of a proposed distribution, and words from the paper list."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from bulletins.tables import Audience, Viewer, own_first, seen_by
from incentives import selectors
from incentives.boards import bonus_board
from incentives.forms.sign_offs import PaperForm, SignForm
from incentives.models import Distribution, DistributionLine
from incentives.services import sign_offs
from incentives.views.distributions import as_seen
from incentives.votes import votes_of, words_of
from teams.access import access_of, team_for
from teams.actions import carry_out, turned_back
from teams.models import User


def _team(user, team_id, period):
    """The team, for its members and for who has left it with a share in this month's bonus."""
    if team_id not in access_of(user).team_roles:
        lines = DistributionLine.objects.filter(user=user, distribution__team=team_id, distribution__period=period)
        line = lines.select_related("distribution__team__unit").first()
        if line:
            return line.distribution.team
    return team_for(user, team_id, "bonus.sign")


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, team_id, period):
    team = _team(request.user, team_id, period)
    if request.method == "POST":
        return _said(request, SignForm(request.POST), sign_offs.sign, team, period)
    found = selectors.distribution_of(team, period)
    shown = found if found and found.state in Distribution.SHOWN else None
    context = {"team": team, "period": period, "distribution": shown}
    return render(request, "incentives/sign.html", context | (_contents(request.user, shown) if shown else {}))


def _contents(user, found):
    """What a member sees of a distribution: the own amount, what everybody says, everybody's amounts."""
    words = words_of(found)
    own = next((word for word in words if word.line.user_id == user.pk), None)
    word, line = own and own.sign_off, own and own.line
    is_open = found.state == Distribution.State.PROPOSED
    return {
        "line": line,
        "word": word,
        "words": words,
        "votes": votes_of([found.pk])[found.pk],
        "may_sign": is_open and line and (word is None or word.kept_by_id or not word.agrees),
        "on_paper": _on_paper(words, user) if is_open and _keeps(user, found.team) else [],
        "board": own_first(seen_by(bonus_board(found).content(), Viewer(user.pk, Audience.TEAM))),
    }


def _keeps(user, team):
    return access_of(user).on_team("bonus.keep_paper", team)


def _on_paper(words, user):
    """The others who have said nothing yet, or objected on paper."""
    others = [word for word in words if word.line.user_id != user.pk]
    return [word for word in others if not word.sign_off or (word.sign_off.kept_by_id and not word.sign_off.agrees)]


@require_POST
def paper(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.keep_paper")
    lines = DistributionLine.objects.filter(distribution__team=team, distribution__period=period)
    form = PaperForm(request.POST, people=User.objects.filter(pk__in=lines.values("user")))
    return _said(request, form, sign_offs.keep_paper, team, period, "user")


def _said(request, form, service, team, period, *names):
    """Carry out what a valid form says, else tell what is wrong with it; back to the page in both cases."""
    back = ("incentives:sign", [team.pk, period])
    if not form.is_valid():
        return turned_back(request, form, back)
    extra = [form.cleaned_data[name] for name in names]
    word = "同意。" if form.said["agrees"] else "不同意，理由单位负责人看得到。"
    done = f"已按纸面登记{extra[0].name}：{word}" if extra else f"已记下：{word}"
    return carry_out(request, done, back, as_seen(request, service), team, period, *extra, **form.said)

"""Leader appraisals for tests: a round that runs from today on, and the answers of its three sides."""

import datetime

from django.utils import timezone

from assessments.appraisals.figures import points_of
from assessments.appraisals.presets import presets
from assessments.models import Appraisal
from assessments.services import appraisals
from tests import factories as make

GOOD, FAIR, POOR = range(3)


def make_round(unit, *, actor=None, preset="appraisal_four_musts", title="", **changes):
    """A round of the unit's leaders, open from today for a week, by default opened by a new manager."""
    chosen, today = presets()[preset], timezone.localdate()
    facts = {name: getattr(chosen, name) for name in ("items", "weights", "least_answers", "grades", "lowest_grade")}
    days = {"opens_on": today, "ends_on": today + datetime.timedelta(days=6)}
    return appraisals.open_round(
        unit,
        actor=actor or make.give_role(unit, "manager"),
        title=title or f"第 {Appraisal.objects.count() + 1} 轮测评",
        **facts | days | changes,
    )


def scores(about, level=GOOD):
    """The same level for every item of the round."""
    return [points_of(level, points) for _, _, points in about.appraisal.items]


def give_votes(about, voters, level=GOOD, words=""):
    """One ballot of each voter, all with the same level."""
    for voter in voters:
        appraisals.vote(about, scores(about, level), words, actor=voter)


def end(appraisal, actor=None):
    """Close a round before its last day is over; returns it as it is then."""
    appraisals.close(appraisal, actor=actor, early=True)
    return Appraisal.objects.get(pk=appraisal.pk)


def ticked(about, level=GOOD, **fields):
    """What a browser posts when every item has the same level."""
    return {f"item-{place}": f"{level}" for place in range(len(about.appraisal.items))} | fields


def two_rounds(team, manager, worker):
    """An open round of the team's unit and a closed one in which everybody but the worker has answered; ids by word."""
    voters = [row.user for row in team.memberships.filter(ended_on=None).exclude(role="leader")]
    first, second = (make_round(team.unit, actor=manager, title=title) for title in ("三季度测评", "二季度测评"))
    rated, rated_before = first.leaders.get(team=team), second.leaders.get(team=team)
    for about in (rated, rated_before):
        appraisals.rate_oneself(about, scores(about), "一年来没有出过事故，还要多关心新人。", actor=about.leader)
        give_votes(about, [voter for voter in voters if voter != worker], FAIR, "希望早会短一点")
        appraisals.rate_as_superior(about, scores(about, FAIR), "总体不错", actor=manager)
    end(second, manager)
    ids = {"appraisal": first.pk, "closed_appraisal": second.pk}
    return ids | {"rated": rated.pk, "rated_before": rated_before.pk}

"""Who may be asked to review, what every application of a round has, and what a draw of the missing ones starts from."""

from dataclasses import dataclass

from django.db.models import Prefetch

from assessments.honours.application_access import of_others
from assessments.honours.conflicts import conflicts
from assessments.honours.marks import way_of
from assessments.models import Application, Review
from teams.access import GRANTS, line_of, subtree_ids
from teams.models import Membership, UnitRole, User

LETTERS = "甲乙丙丁戊己庚辛壬癸"
ASIDE = "回避"
"""How the alias of somebody begins who never was a reviewer: the roster kept the person away."""
EXPERTS = ("assessor", "manager", "party", "finance", "union")
"""Roles of units whose holders are proposed as reviewers; anybody else is asked by name."""
LIVE = (Review.State.ASSIGNED, Review.State.DONE)


def alias(number):
    """What the reviewer with this number, from 1 on, is called: 评委甲 … 评委癸, 评委11 …"""
    return f"评委{LETTERS[number - 1] if number <= len(LETTERS) else number}"


def in_order(aliases):
    """Aliases of reviewers in the order of their numbers."""
    return sorted(aliases, key=lambda name: (len(name), LETTERS.find(name[-1]), name))


def candidates(round_):
    """People who may be asked: in use, of the organiser or below it or with a role above, and without a hand in the running of it."""
    unit = round_.programme.unit
    line, below = line_of(unit), subtree_ids(unit)
    roles = UnitRole.objects.filter(ended_on__isnull=True)
    members = Membership.objects.open().filter(team__unit__in=below).values("user")
    holders = roles.filter(unit__in=below | set(line)).values("user")
    runners = roles.filter(unit__in=line, role__in=GRANTS["review.assign"]).values("user")
    people = User.objects.filter(is_active=True).exclude(pk__in=runners)
    return (people.filter(pk__in=members) | people.filter(pk__in=holders)).order_by("employee_no")


def experts(round_):
    """Those among the candidates who are asked first: who holds a role of a unit, or reviews in this round already."""
    roles = UnitRole.objects.filter(ended_on__isnull=True)
    busy = Review.objects.filter(application__round=round_, state__in=LIVE).values("reviewer")
    found = candidates(round_)
    held = Prefetch("unit_roles", roles.select_related("unit"), to_attr="open_roles")
    return (
        found.filter(pk__in=roles.filter(role__in=EXPERTS).values("user")) | found.filter(pk__in=busy)
    ).prefetch_related(held)


def reviewed(user, round_):
    """Applications in the review with which the person has nothing to do, by number."""
    rows = of_others(round_.applications.filter(state=Application.State.REVIEWING), user)
    named = rows.select_related("round__programme", "unit", "team__unit", "user", "studio").order_by("number")
    return named.prefetch_related("reviews__reviewer", "panels")


def live(application):
    """The reviews of an application that count or will."""
    return [row for row in application.reviews.all() if row.state in LIVE]


def needed(application):
    """How many reviewers an application still lacks."""
    return max(way_of(application.round.frozen["review"]).reviewers - len(live(application)), 0)


@dataclass(frozen=True)
class Urn:
    """What a draw starts from, by employee numbers and application numbers: {application: free people}, how many each needs,
    how many applications everybody has, and {application: {person: why aside}}."""

    eligible: dict
    needed: dict
    loads: dict
    aside: dict


def urn(applications, people):
    """The Urn of those of the applications that lack reviewers, with these people in it."""
    lacking = [row for row in applications if needed(row)]
    against, there = conflicts(lacking, people), {row.pk: _there(row) for row in lacking}
    out = {row.number: _aside(row, people, against) for row in lacking}
    return Urn(
        eligible={row.number: _free(row, people, out[row.number], there[row.pk]) for row in lacking},
        needed={row.number: needed(row) for row in lacking},
        loads=_loads(applications, people),
        aside=out,
    )


def _there(application):
    return {row.reviewer_id for row in application.reviews.all()}


def _aside(application, people, against):
    pairs = ((who.employee_no, against.get((application.pk, who.pk))) for who in people)
    return {number: reason for number, reason in pairs if reason}


def _free(application, people, aside, there):
    return sorted(who.employee_no for who in people if who.employee_no not in aside and who.pk not in there)


def _loads(applications, people):
    reviewers = [row.reviewer_id for application in applications for row in live(application)]
    return {who.employee_no: reviewers.count(who.pk) for who in people}

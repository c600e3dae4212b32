"""Who sees an idea and what a person may do with it."""

from django.db.models import Q

from activities.ideas.moves import AUTHOR, MOVES, OWNER
from activities.models import Author, Idea
from teams.access import access_of, subtree_ids
from teams.models import Membership, Team, UnitRole, User

State = Idea.State
OPEN_TO_UNIT = (State.ADOPTED, State.CARRIED_OUT, State.VERIFIED, State.INEFFECTIVE)
"""What was adopted is also for the other teams of the unit."""


def own(user):
    """Ideas that the person submitted or signed."""
    return Q(submitted_by=user) | Q(pk__in=Author.objects.filter(user=user).values("idea"))


def visible_to(user):
    """Ideas that the person may see: own ones, those to carry out, those of the own team and of units in reach.

    Withdrawn ones are for their authors; the other teams of the unit see what was adopted.
    """
    access = access_of(user)
    around = Q(unit__in=access.unit_ids("team.view")) | Q(team__in=access.team_roles)
    shared = Q(unit__in=access.home_units(), state__in=OPEN_TO_UNIT)
    return Idea.objects.filter(own(user) | Q(owner=user) | (around & ~Q(state=State.WITHDRAWN)) | shared)


def parts_of(user, idea):
    """Which of AUTHOR and OWNER the person is."""
    is_author = idea.submitted_by_id == user.pk or any(row.user_id == user.pk for row in idea.authors.all())
    parts = {AUTHOR: is_author, OWNER: idea.owner_id == user.pk}
    return {part for part, holds in parts.items() if holds}


def may(user, idea, name):
    """Whether a move is the person's to make, in whatever state the idea is."""
    move, parts = MOVES[name], parts_of(user, idea)
    if move.by in (AUTHOR, OWNER):
        return move.by in parts
    return access_of(user).on_unit(move.by, idea.unit_id) and not parts & set(move.apart)


def open_moves(user, idea):
    """Names of the moves that the person can make now."""
    return [name for name, move in MOVES.items() if idea.state in move.sources and may(user, idea, name)]


def home_team(user):
    """The team for which the person submits ideas, or None."""
    return Team.objects.open().filter(pk__in=access_of(user).team_roles).select_related("unit").first()


def owners_of(unit):
    """People who can carry out an idea of a unit: members of its teams and holders of its roles."""
    members = Membership.objects.open().filter(team__unit__in=subtree_ids(unit)).values("user")
    holders = UnitRole.objects.filter(unit=unit, ended_on__isnull=True).values("user")
    people = User.objects.filter(Q(pk__in=members) | Q(pk__in=holders), is_active=True)
    return people.order_by("employee_no")

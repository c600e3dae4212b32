"""What is a person's own: what is about the person, the own team or the own studio. Nobody decides on the own."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from assessments.models import StudioMember
from teams.models import Membership


def in_studio(user, studio):
    """Whether the person leads the studio or is a member of it."""
    return studio.leader_id == user.pk or studio.members.filter(user=user, left_on__isnull=True).exists()


def is_own(user, found):
    """Whether an application or a title is the person's: as the one it is about, as a member of its team or studio."""
    if found.team_id:
        return Membership.objects.open().filter(team=found.team_id, user=user).exists()
    return found.user_id == user.pk if found.user_id else in_studio(user, found.studio)


def own_studios(user, at=""):
    """The condition of in_studio for rows; `at` is the way to the studio, as "studio__"."""
    inside = StudioMember.objects.filter(user=user, left_on__isnull=True).values("studio")
    return Q(**{f"{at}leader": user}) | Q(**{f"{at}pk__in": inside})


def own_rows(user, at=""):
    """The condition of is_own for rows; `at` is the way to the application or title, as "title__"."""
    teams = Membership.objects.open().filter(user=user).values("team")
    return Q(**{f"{at}user": user}) | Q(**{f"{at}team__in": teams}) | own_studios(user, f"{at}studio__")


def permitted(rule, user, found):
    """What was found, for those whom the rule allows; 403 for others."""
    if not rule(user, found):
        raise PermissionDenied
    return found

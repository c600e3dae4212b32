"""Who sees a title and who keeps it. Its history is for everybody where its programme holds; nobody decides on the own."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from assessments.models import Recheck, StudioMember, Title
from assessments.standards.access import reach
from teams.access import GRANTS, access_of
from teams.models import Membership

WHOLE = Title.objects.select_related(
    "programme__unit", "application__round", "unit", "team__unit", "user", "studio__leader", "studio__unit", "honour"
)


def visible_to(user):
    """Titles of the programmes that hold where the person belongs."""
    return WHOLE.filter(programme__unit__in=reach(user))


def title_for(user, pk):
    """The title with this id; 404 for those to whom its programme does not apply."""
    title = visible_to(user).filter(pk=pk).first()
    if title is None:
        raise Http404
    return title


def belongs(user, title):
    """Whether the title is the person's own: as its holder, as a member of the team or the studio that holds it."""
    if title.team_id:
        return Membership.objects.open().filter(team=title.team_id, user=user).exists()
    if title.user_id:
        return title.user_id == user.pk
    inside = StudioMember.objects.filter(studio=title.studio_id, user=user, left_on__isnull=True)
    return title.studio.leader_id == user.pk or inside.exists()


def runs(user, title):
    """Whether the person decides about the title; nobody does about the own one."""
    return access_of(user).on_unit("title.recheck", title.programme.unit_id) and not belongs(user, title)


def may_print(user, title):
    """Whether the person prints the certificate: the union that keeps it, and who bears it."""
    return access_of(user).on_unit("title.recheck", title.programme.unit_id) or belongs(user, title)


def own_ids(user):
    """(team ids, studio ids) of what the person belongs to, for filters."""
    teams = set(Membership.objects.open().filter(user=user).values_list("team", flat=True))
    return teams, set(StudioMember.objects.filter(user=user, left_on__isnull=True).values_list("studio", flat=True))


def led_teams(user):
    """Ids of the teams for which the person files applications, who is reminded of their titles."""
    return [pk for pk, role in access_of(user).team_roles.items() if role in GRANTS["application.file"]]


def title_to_run(user, pk):
    """As title_for, for those who decide about it; 403 for others."""
    return _only(runs, user, title_for(user, pk))


def title_to_print(user, pk):
    """As title_for, for those who may print its certificate; 403 for others."""
    return _only(may_print, user, title_for(user, pk))


def recheck_to_run(user, pk):
    """The recheck with this id, for those who decide about its title; 404 for strangers, 403 for others."""
    recheck = Recheck.objects.filter(pk=pk).select_related("decided_by").first()
    if recheck is None:
        raise Http404
    recheck.title = _only(runs, user, title_for(user, recheck.title_id))
    return recheck


def _only(rule, user, found):
    if not rule(user, found):
        raise PermissionDenied
    return found

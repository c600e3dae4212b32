"""Who sees an application, and in which hat somebody may act on it. Nobody gives an opinion on the own."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from assessments.honours.content import unit_at
from assessments.honours.own import is_own, own_rows
from assessments.honours.transitions import FILER, RECOMMENDER, SECRETARY, TRANSITIONS
from assessments.models import Application, ApplicationStep
from teams.access import GRANTS, access_of, lines_by_unit

State = Application.State
WHOLE = Application.objects.select_related("round__programme", "unit", "team__unit", "user", "studio", "filed_by")


def visible_to(user):
    """Applications that the person may see: own ones, those to give an opinion on, and handed in ones of units in reach."""
    access = access_of(user)
    handed_in = Q(unit__in=access.unit_ids("application.view"), submitted_at__isnull=False)
    had_a_say = Q(pk__in=ApplicationStep.objects.filter(actor=user).values("application"), submitted_at__isnull=False)
    return WHOLE.filter(own(user) | handed_in | had_a_say | Q(pk__in=[row.pk for row in waiting(user)]))


def own(user):
    """The condition for applications of the person's own side: who files them, or is who they are about."""
    about = Q(team__in=access_of(user).duty_teams("application.view")) | Q(user=user) | Q(studio__leader=user)
    return about | Q(user__isnull=False, filed_by=user)


def application_for(user, pk):
    """The application with this id, if the person may see it; 404 for strangers, 403 for insiders of its place."""
    found = visible_to(user).filter(pk=pk).first()
    if found is None:
        row = WHOLE.filter(pk=pk).first()
        raise PermissionDenied if row and _knows_place(user, row) else Http404
    return found


def _knows_place(user, application):
    access, team = access_of(user), application.team
    return access.on_team("team.view", team) if team else access.on_unit("team.view", application.unit_id)


def application_to(user, pk, action):
    """The application for somebody who may take the action on it in some state; 403 for the others who see it."""
    application = application_for(user, pk)
    if TRANSITIONS[action].hat not in hats(user, application):
        raise PermissionDenied
    return application


def hats(user, application):
    """In which hats of the table of transitions the person may act on the application as it is."""
    found = {FILER} if is_filer(user, application) else set()
    if has_to_do_with(user, application):
        return found
    access = access_of(user)
    if access.on_unit("programme.manage", application.round.programme.unit_id):
        found.add(SECRETARY)
    if access.unit_roles.get(level_unit(application), set()) & roles_at_level(application):
        found.add(RECOMMENDER)
    return found


def is_filer(user, application):
    """Whether the person writes the application: of the team by duty, of a person by having filed it or being it."""
    if application.team:
        return access_of(user).team_roles.get(application.team_id) in GRANTS["application.file"]
    if application.studio:
        return application.studio.leader_id == user.pk
    return user.pk in (application.user_id, application.filed_by_id)


def has_to_do_with(user, application):
    """Whether the application is the person's own, or was filed by the person."""
    return user.pk == application.filed_by_id or is_own(user, application)


def level_of(application):
    """The step of recommendation at which the application waits, as the round froze it; None after the last."""
    levels = application.round.frozen["levels"]
    return levels[application.level] if application.level < len(levels) else None


def roles_at_level(application):
    """Codes of the roles that give the opinion now."""
    level = level_of(application)
    return set(level["roles"]) if level else set()


def level_unit(application, lines=None):
    """The id of the unit where the opinion is given now, or None; `lines` as teams.access.lines_by_unit gives them."""
    level = level_of(application)
    if level is None:
        return None
    return unit_at(level, (lines or lines_by_unit([application.unit_id]))[application.unit_id])


def waiting(user):
    """Applications that wait for the person's opinion, the longest first; the own ones are not among them."""
    access = access_of(user)
    rows = WHOLE.filter(state=State.SUBMITTED, round__state="open", unit__in=access.unit_ids("team.view"))
    rows = list(of_others(rows, user).order_by("submitted_at", "id")) if access.unit_roles else []
    lines = lines_by_unit({row.unit_id for row in rows}) if rows else {}
    return [row for row in rows if access.unit_roles.get(level_unit(row, lines), set()) & roles_at_level(row)]


def of_others(rows, user):
    """Applications that the person has nothing to do with."""
    return rows.exclude(own_rows(user)).exclude(filed_by=user)


def shows(user, attachment):
    """Whether an application that the person may see has this photo or file."""
    return visible_to(user).filter(proofs__file=attachment).exists()

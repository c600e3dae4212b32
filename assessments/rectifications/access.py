"""Who may see a rectification and who may take which step of it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.models import Check, Rectification
from teams.access import GRANTS, access_of

State = Rectification.State
STEPS = {
    State.UNASSIGNED: {"assign", "extend"},
    State.ASSIGNED: {"assign", "report", "extend"},
    State.REPORTED: {"refuse", "close"},
    State.CLOSED: set(),
}
"""The steps that a state is open to."""


def rectifications_about(user):
    """Those that a person is concerned by in whatever team, then or now: does it, is named by the finding, or found it."""
    return Rectification.objects.filter(Q(assignee=user) | Q(finding__person=user) | Q(finding__on_sheet__checker=user))


def rectification_for(user, pk):
    """The Rectification with this id, for whoever sees its team or is concerned by it; 404 for everybody else."""
    rows = Rectification.objects.select_related(
        "team__unit", "assignee", "reported_by", "closed_by", "finding__criterion__category", "finding__person"
    ).select_related("finding__on_sheet__checker", "finding__voided_by", "finding__statement")
    found = get_object_or_404(rows, pk=pk)
    if not access_of(user).on_team("team.view", found.team) and not rectifications_about(user).filter(pk=pk).exists():
        raise Http404
    return found


def reads_sheet(user, rectification):
    """Whether the sheet of the finding is open to the person, too: a former member who did it sees no more than this."""
    concerned = (rectification.finding.person_id, rectification.finding.on_sheet.checker_id)
    return user.pk in concerned or access_of(user).on_team("team.view", rectification.team)


def rights(user, rectification):
    """The steps that a person's place allows, in whatever state the rectification is."""
    access, team = access_of(user), rectification.team
    leads, reviews = access.on_team("rectification.assign", team), _reviews(access, rectification)
    allowed = {
        "assign": leads,
        "report": leads or rectification.assignee_id == user.pk,
        "refuse": reviews,
        "close": reviews,
        "extend": reviews or access.on_unit("rectification.review", team.unit_id),
    }
    return {step for step, is_allowed in allowed.items() if is_allowed}


def _reviews(access, rectification):
    """Assessors review everything; else what the team found itself its officers, what others found whoever found it."""
    team, sheet = rectification.team, rectification.finding.on_sheet
    if access.on_unit("check.inspect", team.unit_id):
        return True
    if sheet.kind == Check.Kind.SELF:
        return access.team_roles.get(team.pk) in GRANTS["rectification.review"]
    return sheet.checker_id == access.user.pk


def rectification_to(user, pk, step):
    """The Rectification with this id, if the person's place allows the step; else 404 or 403."""
    found = rectification_for(user, pk)
    if step not in rights(user, found):
        raise PermissionDenied
    return found


def open_steps(user, rectification):
    """The steps that the person can take now; nobody judges or prolongs the own work."""
    if rectification.finding.voided_at:
        return set()
    steps = rights(user, rectification) & STEPS[rectification.state]
    if user.pk == rectification.assignee_id:
        steps -= {"refuse", "close", "extend"}
    if user.pk == rectification.reported_by_id:
        steps -= {"refuse", "close"}
    return steps


def waiting_for(user):
    """Rectifications whose next step is this person's: to assign, to do, or to review."""
    access = access_of(user)
    own_checks = Q(finding__on_sheet__kind=Check.Kind.SELF)
    review = (
        Q(team__unit__in=access.unit_ids("check.inspect"))
        | (own_checks & Q(team__in=access.duty_teams("rectification.review")))
        | (~own_checks & Q(finding__on_sheet__checker=user))
    )
    turn = (
        Q(state=State.UNASSIGNED, team__in=access.teams("rectification.assign"))
        | Q(state=State.ASSIGNED, assignee=user)
        | (Q(state=State.REPORTED) & review & ~Q(assignee=user) & ~Q(reported_by=user))
    )
    return Rectification.objects.filter(turn, finding__voided_at__isnull=True)

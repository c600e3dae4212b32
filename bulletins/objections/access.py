"""Who may object to a board, who may see an objection, and who may take which step of it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bulletins.models import Bulletin, Objection
from bulletins.models.objections import OF_TEAM, OF_UNIT
from bulletins.objections.cells import holds, lines_of
from bulletins.objections.deciding import is_involved
from bulletins.selectors import viewer_of
from bulletins.tables import Audience
from teams.access import GRANTS, access_of

State = Objection.State
STEPS = {
    State.FILED: {"support", "withdraw", "accept", "refuse"},
    State.ACCEPTED: {"support", "withdraw", "answer"},
    State.UPHELD: {"correct"},
}
"""The steps that a state is open to; the other states are the end."""
ANSWERS = {"accept", "refuse", "answer"}
"""What nobody does who is involved; whoever checked the figures may well correct them."""
SHOWN = ("bulletin__unit", "bulletin__team__unit", "row_user", "filed_by", "decided_by")


def belongs_to(user, bulletin):
    """Whether somebody is a member of the team of a board, or of a team below the unit of one without a team."""
    access = access_of(user)
    if bulletin.team_id:
        return access.on_team("objection.file", bulletin.team)
    is_member = set(access.team_roles.values()) & GRANTS["objection.file"]
    return bool(is_member) and viewer_of(user, bulletin).nearness >= Audience.UNIT


def lines_for(user, bulletin):
    """The Lines of a board that a person may object to: the own row, and for its members all that they see."""
    member = belongs_to(user, bulletin)
    facts_of = OF_TEAM if bulletin.team_id else OF_UNIT
    lines = lines_of(bulletin.content, viewer_of(user, bulletin), others=member, facts_of=facts_of)
    may = bulletin.kind != Bulletin.Kind.NOTICE and (member or any(line.own for line in lines))
    return lines if may else []


def may_object(user, bulletin):
    """Whether the board offers it to a person: its notice runs and there is something to object to."""
    return timezone.localdate() <= bulletin.notice_ends_on and bool(lines_for(user, bulletin))


def board_to_object(user, serial):
    """(Bulletin, its Lines) for whoever may object to something on it; else 404 or 403."""
    bulletin = get_object_or_404(Bulletin.objects.select_related("unit", "team__unit"), serial=serial)
    lines = lines_for(user, bulletin)
    if not lines:
        raise _denial(user, bulletin)
    return bulletin, lines


def _denial(user, bulletin):
    return PermissionDenied() if "team.view" in viewer_of(user, bulletin).capabilities else Http404()


def held_by(user):
    """Q of the objections that a person filed or supports."""
    return Q(filed_by=user) | Q(supports__user=user)


def concerning(user):
    """Q of those that a person filed or supports, or whose figure they are about."""
    return held_by(user) | Q(row_user=user)


def reached(user):
    """Q of the objections that a person answers or, as auditor, reads."""
    access = access_of(user)
    return Q(bulletin__unit__in={*access.unit_ids("objection.decide"), *access.unit_ids("trail.read")})


def sees(user, objection):
    """Whether the page of an objection is open to somebody: concerned, in charge, or a member who sees the figure itself."""
    rows = Objection.objects.filter(concerning(user) | reached(user), pk=objection.pk)
    return rows.exists() or is_colleague(user, objection)


def is_colleague(user, objection):
    """Whether somebody could have objected to the same figure."""
    return holds(lines_for(user, objection.bulletin), objection.row_user_id, objection.column)


def objection_for(user, pk):
    """The Objection with this id, for whoever sees it; 404 for strangers, 403 for insiders who do not."""
    found = get_object_or_404(Objection.objects.select_related(*SHOWN), pk=pk)
    if not sees(user, found):
        raise _denial(user, found.bulletin)
    return found


def objection_to(user, pk, step):
    """The Objection with this id, if the person's place allows the step; else 404 or 403."""
    found = objection_for(user, pk)
    if step not in rights(user, found):
        raise PermissionDenied
    return found


def rights(user, objection):
    """The steps that a person's place allows, in whatever state the objection is."""
    may = {"withdraw"} if objection.filed_by_id == user.pk else set()
    if is_colleague(user, objection):
        may.add("support")
    if access_of(user).on_unit("objection.decide", objection.bulletin.unit_id):
        may |= ANSWERS | {"correct"}
    return may


def open_steps(user, objection):
    """The steps that the person can take now: nobody answers where involved, or corrects and supports the own objection."""
    steps = rights(user, objection) & STEPS.get(objection.state, set())
    if steps & ANSWERS and is_involved(user, objection):
        steps -= ANSWERS
    return steps - {"support", "correct"} if holds_it(user, objection) else steps


def holds_it(user, objection):
    """Whether somebody filed or supports it."""
    return Objection.objects.filter(held_by(user), pk=objection.pk).exists()


def sees_names(user, objection):
    """Whether somebody may know who filed and supports it: of an anonymous one only the filer and the auditor."""
    if not objection.anonymous or objection.filed_by_id == user.pk:
        return True
    return access_of(user).on_unit("trail.read", objection.bulletin.unit_id)

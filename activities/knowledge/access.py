"""Who may read, write, review and follow which version: what is published belongs to the whole plant, the rest to few."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from activities.access import visible_to as records_seen
from activities.models import Activity, ActivityKind, Adoption, KnowledgeVersion
from teams.access import access_of, lines_of, subtree_ids
from teams.models import Membership, Team, Unit, UnitRole, User

State = KnowledgeVersion.State
OPEN = (State.DRAFT, State.RETURNED)
"""States in which the writer goes on writing."""
WHOLE = KnowledgeVersion.objects.select_related("item__unit", "item__team__unit", "written_by", "reviewed_by")


def plant_ids(user):
    """Ids of all units of the plants to which the person belongs."""
    roots = Unit.objects.filter(pk__in=access_of(user).line_ids(), parent=None)
    return set().union(*(subtree_ids(root) for root in roots))


def visible_to(user):
    """Versions that the person may read: published ones of the plant, own ones, and those that the person may review."""
    published = Q(state=State.PUBLISHED, item__unit__in=plant_ids(user))
    return WHOLE.filter(published | Q(written_by=user) | to_review(user))


def to_review(user):
    """The condition for versions of the teams and units for which the person reviews."""
    reach, right = access_of(user), "knowledge.review"
    return Q(item__team__in=reach.duty_teams(right)) | Q(item__unit__in=reach.unit_ids(right))


def current():
    """The version of each item that holds: published, and no later one is."""
    later = KnowledgeVersion.objects.filter(item=OuterRef("item"), state=State.PUBLISHED, number__gt=OuterRef("number"))
    return WHOLE.filter(~Exists(later), state=State.PUBLISHED)


def version_for(user, pk):
    """The version with this id, if the person may read it; else 404."""
    version = visible_to(user).filter(pk=pk).first()
    if version is None:
        raise Http404
    return version


def may(user, capability, item):
    """Whether the person has the capability on the team of an item or, of a unit's item, on the unit."""
    access = access_of(user)
    return access.on_team(capability, item.team) if item.team else access.on_unit(capability, item.unit_id)


def reviewed_by(user, pk):
    """The version with this id for somebody who decides about what others wrote; 404 for strangers, 403 for insiders."""
    version = version_for(user, pk)
    if not may(user, "knowledge.review", version.item):
        raise PermissionDenied
    return version


def written_by(user, pk):
    """The version with this id for whoever wrote it; 404 for strangers, 403 for the others who may read it."""
    version = version_for(user, pk)
    if version.written_by_id != user.pk:
        raise PermissionDenied
    return version


def may_follow(user, version):
    """Whether the person may know who has read the version: whoever wrote it or reviews there."""
    return version.written_by_id == user.pk or may(user, "knowledge.review", version.item)


def followed_by(user, pk):
    """The version with this id for whoever may know who has read it."""
    version = version_for(user, pk)
    if not may_follow(user, version):
        raise PermissionDenied
    return version


def places_of(user):
    """(own open teams, open units of the own roles) for which the person may write."""
    access = access_of(user)
    own = Team.objects.open().filter(pk__in=access.team_roles).select_related("unit")
    given = UnitRole.objects.filter(user=user, ended_on__isnull=True).values("unit")
    return list(own), list(access.units("knowledge.write").filter(pk__in=given))


def teams_to_adopt(user, item):
    """Other teams of the person that may adopt what an item says."""
    return access_of(user).teams("knowledge.adopt").exclude(pk=item.team_id)


def adoption_for(user, pk):
    """The trial with this id for whoever may say what came of it."""
    adoption = Adoption.objects.select_related("team", "version__item__unit").filter(pk=pk).first()
    if adoption is None or not visible_to(user).filter(pk=adoption.version_id).exists():
        raise Http404
    if not access_of(user).on_team("knowledge.adopt", adoption.team):
        raise PermissionDenied
    return adoption


def has_written(user, version):
    """Whether the person wrote a version down or is one of its authors, and so does not review it."""
    return version.written_by_id == user.pk or version.authors.filter(pk=user.pk).exists()


def reviewers_of(version):
    """People who may review a version: who reviews for its team or unit and has not written it."""
    item = version.item
    leads = Q(memberships__in=Membership.objects.open().filter(team=item.team_id, role=Membership.Role.LEADER))
    roles = UnitRole.objects.filter(unit__in=lines_of({item.unit_id}), role="manager", ended_on__isnull=True)
    people = User.objects.filter(leads | Q(unit_roles__in=roles), is_active=True).distinct().order_by("employee_no")
    return people.exclude(pk=version.written_by_id).exclude(pk__in=version.authors.values("pk"))


def asked_to_sign(user):
    """The condition for versions that the person has to read and sign, as a member of the team or of one below the unit."""
    access = access_of(user)
    units = lines_of(access.home_units())
    return Q(item__team__in=access.team_roles) | Q(item__team=None, item__unit__in=units)


def must_sign(user, version):
    """Whether the version is one of those that the person has to sign."""
    return version.must_read and current().filter(asked_to_sign(user), pk=version.pk, item__retired_on=None).exists()


def origins_for(user, unit, team):
    """Latest records of the place that the person sees and that an item may come from; no confidential ones."""
    rows = records_seen(user).filter(unit=unit, team=team, state=Activity.State.KEPT)
    return rows.exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL).select_related("kind")


def shows(user, attachment):
    """Whether a version that the person may read shows this photo or file."""
    return visible_to(user).filter(files=attachment).exists()

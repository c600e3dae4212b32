"""Who sees what of a studio and who keeps it. Its page is for everybody signed in; its money and proofs are not."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from assessments.honours.own import in_studio, own_studios, permitted
from assessments.models import Studio, StudioMember, StudioMoney, StudioResult, StudioRule
from teams.access import access_of

WHOLE = Studio.objects.select_related("unit", "leader", "plaque")


def studio_for(user, pk):
    """The studio with this id; everybody signed in reads its page."""
    return get_object_or_404(WHOLE, pk=pk)


def sees_inside(user, studio):
    """Whether the person sees money and proofs: whoever belongs to the studio or holds a role over its unit."""
    return access_of(user).on_unit("team.view", studio.unit_id) or in_studio(user, studio)


def runs(user, studio):
    """Whether the person decides about the studio; nobody does about the own one."""
    return access_of(user).on_unit("studio.keep", studio.unit_id) and not in_studio(user, studio)


def keeps(user, studio):
    """Whether the person writes down what the studio has and does: its leader, or who keeps the studios of the unit."""
    return studio.leader_id == user.pk or access_of(user).on_unit("studio.keep", studio.unit_id)


def verifies(user, result):
    """Whether the person may say what a result is worth: neither who entered it nor anybody of the studio."""
    on_unit = access_of(user).on_unit("studio.verify", result.studio.unit_id)
    return on_unit and result.entered_by_id != user.pk and not in_studio(user, result.studio)


def studio_seen_inside(user, pk):
    """As studio_for, for those who see its money and proofs; 403 for others."""
    return permitted(sees_inside, user, studio_for(user, pk))


def studio_to_keep(user, pk):
    """As studio_for, for those who keep it; 403 for others."""
    return permitted(keeps, user, studio_for(user, pk))


def studio_to_run(user, pk):
    """As studio_for, for those who decide about it; 403 for others."""
    return permitted(runs, user, studio_for(user, pk))


def result_seen(user, pk):
    """The result with this id, for those who see its studio from inside; 403 for others."""
    rows = StudioResult.objects.select_related(
        "studio__unit", "studio__leader", "entered_by", "verified_by", "activity"
    )
    result = get_object_or_404(rows, pk=pk)
    permitted(sees_inside, user, result.studio)
    return result


def result_to_verify(user, pk):
    """As result_seen, for those who may verify it."""
    return permitted(verifies, user, result_seen(user, pk))


def member_to_keep(user, pk):
    """The open membership with this id, for those who keep its studio."""
    member = get_object_or_404(StudioMember.objects.select_related("studio__unit", "user"), pk=pk)
    permitted(keeps, user, member.studio)
    return member


def money_to_reverse(user, pk):
    """The row of money with this id; a grant for those who decide about the studio, a spending also for its leader."""
    row = get_object_or_404(StudioMoney.objects.select_related("studio__unit", "studio__leader"), pk=pk)
    permitted(runs if row.kind in StudioMoney.GRANTS else keeps, user, row.studio)
    return row


def shows_photo(user, photo):
    """Whether a studio shows a photo or file to a person: plaques and rules to everybody, proofs inside."""
    if Studio.objects.filter(plaque=photo).exists() or StudioRule.objects.filter(file=photo).exists():
        return True
    seen = Q(studio__unit__in=access_of(user).unit_ids("team.view")) | own_studios(user, "studio__")
    return StudioResult.objects.filter(seen, files=photo).exists()

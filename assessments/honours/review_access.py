"""Who reaches what of a review: reviewers their own, whoever assigns the rest. Nobody looks into the review of the own application."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.honours.application_access import of_others
from assessments.honours.assignments import LIVE
from assessments.honours.rounds import round_for
from assessments.honours.summary import REVIEWED
from assessments.models import Application, Review, Round
from teams.access import unit_for

WHOLE = Review.objects.select_related(
    *("reviewer", "application__round__programme__unit", "application__unit", "application__team"),
    *("application__user", "application__studio"),
)
CAME = (Round.State.REVIEWING, Round.State.SHORTLISTED, Round.State.POSTED, Round.State.NAMED)
"""States of a round that has come to its review."""


def own(user):
    """Reviews that the person is asked for or has given, those to do in front, what is due first before the rest."""
    rows = WHOLE.filter(reviewer=user, state__in=LIVE, application__round__state__in=CAME)
    return rows.order_by("state", "application__round__review_until", "application__number")


def review_for(user, pk):
    """The person's own review with this id; 404 for all others, and for who was excused."""
    return get_object_or_404(own(user), pk=pk)


def to_do(user):
    """Reviews that the person has still to give."""
    return own(user).filter(
        state=Review.State.ASSIGNED,
        application__round__state=Round.State.REVIEWING,
        application__state=Application.State.REVIEWING,
    )


def round_to_assign(user, pk):
    """The round, for whoever runs its review; 403 for the others who see it, 404 before it has come to that."""
    found = round_for(user, pk)
    unit_for(user, found.programme.unit_id, "review.assign")
    if found.state not in CAME:
        raise Http404
    return found


def application_to_assign(user, pk):
    """The application in the review of a round that the person runs; 403 for the own one."""
    row = get_object_or_404(Application.objects.select_related("team__unit", "unit", "user", "studio"), pk=pk)
    row.round = round_to_assign(user, row.round_id)
    if row.state not in REVIEWED:
        raise Http404
    if not of_others(Application.objects.filter(pk=pk), user).exists():
        raise PermissionDenied
    return row


def review_to_excuse(user, pk):
    """The review of somebody else, for whoever runs the review."""
    row = get_object_or_404(WHOLE, pk=pk)
    application_to_assign(user, row.application_id)
    return row


def shows(user, attachment):
    """Whether an application that the person reviews has this photo or file."""
    return own(user).filter(application__proofs__file=attachment).exists()

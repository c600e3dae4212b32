"""Who sees a title and who keeps it. Its history is for everybody where its programme holds; nobody decides on the own."""

from django.http import Http404
from django.urls import reverse

from assessments.honours.own import is_own, permitted
from assessments.models import Recheck, Title
from assessments.standards.access import reach
from teams.access import access_of

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


def pages_of(user, honours):
    """{id of the honour: address of its title} of those of these honours that stand for a title the person sees."""
    rows = visible_to(user).filter(honour__in=honours).values_list("honour_id", "pk")
    return {honour: reverse("assessments:title", args=[pk]) for honour, pk in rows}


def runs(user, title):
    """Whether the person decides about the title; nobody does about the own one."""
    return access_of(user).on_unit("title.recheck", title.programme.unit_id) and not is_own(user, title)


def may_print(user, title):
    """Whether the person prints the certificate: the union that keeps it, and who bears it."""
    return access_of(user).on_unit("title.recheck", title.programme.unit_id) or is_own(user, title)


def title_to_run(user, pk):
    """As title_for, for those who decide about it; 403 for others."""
    return permitted(runs, user, title_for(user, pk))


def title_to_print(user, pk):
    """As title_for, for those who may print its certificate; 403 for others."""
    return permitted(may_print, user, title_for(user, pk))


def recheck_to_run(user, pk):
    """The recheck with this id, for those who decide about its title; 404 for strangers, 403 for others."""
    recheck = Recheck.objects.filter(pk=pk).select_related("decided_by").first()
    if recheck is None:
        raise Http404
    recheck.title = permitted(runs, user, title_for(user, recheck.title_id))
    return recheck

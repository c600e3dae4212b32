"""Reads about honours: what teams and their people were given, and which of it is valid today."""

from collections import defaultdict

from django.apps import apps
from django.db.models import Count, Q

from teams.careers import standing_of, with_places
from teams.models import Honour, Membership
from teams.selectors import with_words

TEXTS = (
    *("name__icontains", "granted_by__icontains", "document__icontains"),
    *("user__name__icontains", "team__name__icontains", "user__employee_no"),
)
"""What the words of a search are looked for in."""
STANDINGS = ("valid", "ended", "withdrawn")
"""The standings that an honour can have; their words are in teams.careers.STANDINGS."""


def honours_of(people):
    """Honours of these people that were not withdrawn, newest first; each has a `standing`."""
    return _with_standing(Q(user__in=people)).filter(withdrawn_on__isnull=True).select_related("user")


def honours_in(teams, filters):
    """Honours of these teams and of their present members, newest first; each has a `standing`.

    Narrowed by words `q`, `level`, `year` and standing `state`; withdrawn ones are there only when asked for.
    Persons have the present membership as `open_memberships`.
    """
    rows, wanted = _with_standing(_in(teams)), filters.get("state")
    rows = rows.filter(standing=wanted) if wanted else rows.filter(withdrawn_on__isnull=True)
    rows = with_words(rows, filters.get("q", ""), *TEXTS)
    if filters.get("level"):
        rows = rows.filter(level=filters["level"])
    if filters.get("year"):
        rows = rows.filter(granted_on__year=filters["year"])
    return with_places(rows.select_related("user", "team__unit"))


def years_of(teams):
    """The years in which these teams and their present members were given honours, the latest first."""
    return [day.year for day in Honour.objects.filter(_in(teams)).dates("granted_on", "year", order="DESC")]


def count_levels(rows):
    """[(level in words, number of these honours)], the highest level first, levels without any left out."""
    counts = rows.aggregate(**{level: Count("pk", filter=Q(level=level)) for level in Honour.Level.values})
    return [(level.label, counts[level]) for level in Honour.Level if counts[level]]


def hand_out(team, members):
    """The valid honours of a team, newest first; `honours` of each of these memberships become those of its person."""
    people = [member.user_id for member in members]
    held = defaultdict(list)
    for honour in _with_standing(Q(team=team) | Q(user__in=people)).filter(standing="valid"):
        held[honour.user_id].append(honour)
    for member in members:
        member.honours = held[member.user_id]
    return held[None]


def with_pages(user, honours):
    """These honours, each with the address of its `page` or None: of honours that are named, an app above tells the life.

    Such an app has `honour_pages(user, honours)` on its AppConfig, which gives {id of the honour: address} of what the person sees.
    """
    found = {}
    for config in apps.get_app_configs() if honours else ():
        found |= config.honour_pages(user, honours) if hasattr(config, "honour_pages") else {}
    for honour in honours:
        honour.page = found.get(honour.pk)
    return honours


def _with_standing(which):
    rows = Honour.objects.filter(which).annotate(standing=standing_of("ended"))
    return rows.order_by("-granted_on", "name", "pk")


def _in(teams):
    return Q(team__in=teams) | Q(user__in=Membership.objects.open().filter(team__in=teams).values("user"))

"""Reads of the walls of teams: what a team shows of itself to everybody of the plant."""

import datetime
from collections import Counter
from itertools import islice

from django.apps import apps
from django.db.models import Count, Q
from django.utils import timezone

from activities.access import visible_to
from activities.cadence import BY_DAY
from activities.models import Activity, ActivityKind, KnowledgeItem, KnowledgeVersion
from teams.honours import hand_out
from teams.models import Membership, Team
from teams.selectors import members_of, with_words

DAYS = 365
MOST_PHOTOS, MOST_TOLD = 8, 6


def walls(*, q="", unit=None):
    """Open teams with unit and number of `heads`, those of a unit or with the words in what they say of themselves."""
    teams = Team.objects.open().filter(unit__closed_on__isnull=True).select_related("unit")
    teams = teams.filter(unit=unit) if unit else teams
    teams = with_words(
        teams, q, *(f"{name}__icontains" for name in ("name", "trade", "slogan", "vision", "unit__name"))
    )
    heads = Count("memberships", filter=Q(memberships__ended_on__isnull=True))
    return teams.annotate(heads=heads).order_by("unit__position", "unit_id", "position", "id")


def wall_of(user, team):
    """What the wall of a team shows a person: people, honours, records with their photos as far as the person may see them."""
    members = list(members_of(team))
    records, honours = _records(user, team), hand_out(team, members)
    honoured = [row for row in members if row.honours]
    return {
        "leader": next((row.user for row in members if row.role == Membership.Role.LEADER), None),
        "heads": len(members),
        "honours": honours,
        "honoured": honoured,
        "count": len(honours) + sum(len(row.honours) for row in honoured),
        "standing": _proud_of(team),
        "records": _told(records),
        "groups": _groups(records),
        "photos": _photos(records),
        "knowledge": _knowledge(team),
    }


def _records(user, team):
    since = timezone.localdate() - datetime.timedelta(days=DAYS)
    rows = visible_to(user).filter(team=team, date__gte=since, state=Activity.State.KEPT)
    rows = rows.exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL).select_related("kind").prefetch_related("photos")
    return list(rows.order_by("-date", "-id"))


def _told(records):
    """The latest records, without those of every day and shift, which only their number tells of."""
    return [record for record in records if record.kind.cadence not in BY_DAY][:MOST_TOLD]


def _groups(records):
    """[(group in words, number of records)], the most frequent first."""
    return Counter(record.kind.get_group_display() for record in records).most_common()


def _photos(records):
    """[(photo, record)] of the latest photos; documents are none."""
    found = ((photo, record) for record in records for photo in record.photos.all() if photo.is_photo)
    return list(islice(found, MOST_PHOTOS))


def _proud_of(team):
    """What apps above tell of the team: those whose AppConfig has a method `proud_of(team)`."""
    told = [config.proud_of for config in apps.get_app_configs() if hasattr(config, "proud_of")]
    return [fact for tell in told for fact in tell(team)]


def _knowledge(team):
    """The latest published version of each thing that the team wrote and that is in use."""
    published = KnowledgeVersion.objects.filter(state=KnowledgeVersion.State.PUBLISHED)
    items = KnowledgeItem.objects.filter(team=team, retired_on__isnull=True)
    latest = {row.item_id: row for row in published.filter(item__in=items).select_related("item").order_by("number")}
    return sorted(latest.values(), key=lambda row: row.pk, reverse=True)[:MOST_TOLD]

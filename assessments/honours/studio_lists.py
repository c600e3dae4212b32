"""Reads of studios: the gallery, the board of the seven lamps, the log, what belongs to one studio's page."""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from activities.access import visible_to
from activities.models import Activity
from assessments.honours.studio_lamps import Facts, is_late, seven, year_before
from assessments.honours.studio_moves import MOVES
from assessments.models import Studio, StudioMember, StudioMoney, StudioResult, StudioRule, StudioStep
from teams.access import line_of, subtree_ids
from teams.models import Membership, UnitRole
from teams.selectors import with_words

State = Studio.State
LOG_KINDS = ("studio_activity", "studio_training", "studio_service")
"""Kinds of records that make up the log of the studio whose member hosts what they tell."""
TEXTS = ("name", "leader__name", "unit__name", "aims", "members__user__name", "results__name")
CHECKED = tuple(f"{MOVES[name].label}：" for name in ("name", "keep", "restore"))
"""How the steps begin after which a studio is fine for a year."""
VERIFIED = Q(results__state=StudioResult.State.VERIFIED)


def listed(*, q="", unit=None, kind="", state=""):
    """Studios for the gallery, narrowed, each with `projects` (verified results) and `worth` (their fen a year)."""
    rows = Studio.objects.filter(**{name: value for name, value in (("kind", kind), ("state", state)) if value})
    rows = rows if state else rows.exclude(state=State.REVOKED)
    rows = rows.filter(unit__in=subtree_ids(unit)) if unit else rows
    found = Studio.objects.filter(pk__in=with_words(rows, q, *(f"{text}__icontains" for text in TEXTS)).values("pk"))
    counted = found.annotate(projects=Count("results", filter=VERIFIED), worth=Sum("results__benefit", filter=VERIFIED))
    return counted.select_related("unit", "leader").order_by(F("worth").desc(nulls_last=True), "name", "id")


def boarded(studios, today):
    """[(studio, its seven lamps)], most lamps lit last."""
    facts = facts_of(studios, today)
    rows = [(studio, seven(facts[studio.pk], today)) for studio in studios]
    return sorted(rows, key=lambda row: sum(lamp.is_lit for lamp in row[1]))


def facts_of(studios, today):
    """{studio id: Facts} of today; as many queries for one studio as for a hundred."""
    studios = list(studios)
    members, rules, grants, results = _members(studios), _rules(studios), _grants(studios), _results(studios)
    entries = _entries(studios, year_before(today))
    return {
        studio.pk: Facts(
            name=studio.name,
            leader=studio.leader.name,
            has_plaque=studio.plaque_id is not None,
            place=studio.place,
            equipment=studio.equipment,
            grants=tuple(grants[studio.pk]),
            members=len(members[studio.pk]),
            leader_is_there=studio.leader_id in members[studio.pk],
            rules=frozenset(rules[studio.pk]),
            entries=tuple(row.date for row in entries[studio.pk]),
            results=tuple(day for day, state in results[studio.pk] if state == StudioResult.State.VERIFIED),
            claimed=sum(state == StudioResult.State.CLAIMED for _, state in results[studio.pk]),
            founded_on=studio.founded_on,
        )
        for studio in studios
    }


def facts_about(studio, today):
    """Facts of one studio."""
    return facts_of([studio], today)[studio.pk]


def _members(studios):
    """{studio id: ids of present members whose accounts are in use}."""
    rows = StudioMember.objects.filter(studio__in=studios, left_on__isnull=True, user__is_active=True)
    return _grouped(rows.values_list("studio", "user"))


def _rules(studios):
    return _grouped(StudioRule.objects.filter(studio__in=studios).values_list("studio", "kind"))


def _grants(studios):
    rows = StudioMoney.objects.filter(studio__in=studios, amount__gt=0, reverses=None, reversed_by=None)
    return _grouped(rows.values_list("studio", "date"))


def _results(studios):
    rows = StudioResult.objects.filter(studio__in=studios).exclude(state=StudioResult.State.REFUSED)
    return _grouped((studio, (date, state)) for studio, date, state in rows.values_list("studio", "date", "state"))


def _grouped(pairs):
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def log_of(studio, since=None):
    """Records of the studio's log, the latest first, each with `is_late`."""
    return _entries([studio], since)[studio.pk]


def _entries(studios, since=None):
    """{studio id: kept records of LOG_KINDS whose host was a member of the studio on that day}."""
    stays = defaultdict(list)
    for row in StudioMember.objects.filter(studio__in=studios):
        stays[row.user_id].append(row)
    rows = Activity.objects.valid().filter(kind__code__in=LOG_KINDS, host__in=stays).exclude(privacy="confidential")
    rows = rows.filter(date__gte=since) if since else rows
    found = defaultdict(list)
    for record in rows.select_related("kind", "host").order_by("-date", "-id"):
        record.is_late = is_late(record.date, timezone.localtime(record.entered_at).date())
        for pk in {stay.studio_id for stay in stays[record.host_id] if _was_there(stay, record.date)}:
            found[pk].append(record)
    return found


def _was_there(stay, day):
    return stay.joined_on <= day and (stay.left_on is None or day <= stay.left_on)


def log_seen(user, studio):
    """The log as far as the person may read its records."""
    records = log_of(studio)
    seen = set(visible_to(user).filter(pk__in=[row.pk for row in records]).values_list("pk", flat=True))
    return [row for row in records if row.pk in seen]


def rules_of(studio):
    """[(kind, label, the rule in force or None, number of older ones)] of the seven rules."""
    found = _grouped((row.kind, row) for row in studio.rules.select_related("file"))
    return [
        (kind, label, next(iter(found[kind]), None), len(found[kind][1:])) for kind, label in StudioRule.Kind.choices
    ]


def leaderless(studios):
    """Those of the studios whose leader left: the account is off, or nothing ties the person to the unit any more."""
    studios = [studio for studio in studios if studio.state != State.REVOKED]
    leaders = [studio.leader_id for studio in studios]
    homes = _grouped(Membership.objects.open().filter(user__in=leaders).values_list("user", "team__unit"))
    posts = _grouped(UnitRole.objects.filter(user__in=leaders, ended_on__isnull=True).values_list("user", "unit"))
    return [studio for studio in studios if not _leads(studio, {*homes[studio.leader_id], *posts[studio.leader_id]})]


def _leads(studio, units):
    around = {*subtree_ids(studio.unit), *line_of(studio.unit)}
    return studio.leader.is_active and bool(units & around)


def unchecked(studios, today):
    """Those of the studios that were named, checked or restored last a year ago or earlier."""
    fine = reduce(or_, (Q(text__startswith=words) for words in CHECKED))
    rows = StudioStep.objects.filter(fine, studio__in=studios, at__date__gt=year_before(today))
    checked = set(rows.values_list("studio", flat=True))
    return [studio for studio in studios if studio.state == State.NAMED and studio.pk not in checked]


def without_results(studios, today):
    """Those of the studios that had no verified result for twelve months and are at least that old."""
    since = year_before(today)
    found = StudioResult.objects.filter(studio__in=studios, state=StudioResult.State.VERIFIED, date__gt=since)
    busy = set(found.values_list("studio", flat=True))
    return [studio for studio in studios if studio.founded_on <= since and studio.pk not in busy]

"""Reads of knowledge: the library with its filters, one version with everything on its page, what waits for a person."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities import fields as kind_fields
from activities.access import visible_to as records_seen
from activities.knowledge.access import (
    OPEN,
    WHOLE,
    asked_to_sign,
    current,
    has_written,
    may,
    may_follow,
    must_sign,
    plant_ids,
    teams_to_adopt,
    to_review,
    visible_to,
)
from activities.knowledge.steps import CARDS
from activities.knowledge.words import fold, marked, snippet
from activities.models import Activity, Adoption, KnowledgeVersion
from teams.access import access_of
from teams.selectors import with_words

State = KnowledgeVersion.State
MOST_TAGS = 5
TAGS_SHOWN = 30
DRILL = "drill"
"""The code of the shipped kind of emergency drills."""


def adopters():
    """How many teams try or have adopted any version of an item, as a subquery of its versions."""
    rows = Adoption.objects.filter(version__item=OuterRef("item")).exclude(state=Adoption.State.DROPPED).order_by()
    counted = rows.values("version__item").annotate(teams=Count("team", distinct=True)).values("teams")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def shelf(user, state=""):
    """Versions of one shelf: the published ones that hold, those that are retired, or the person's and reviewers' others."""
    published = current().filter(item__unit__in=plant_ids(user))
    if state in ("", State.PUBLISHED):
        return published.filter(item__retired_on=None)
    if state == "retired":
        return published.filter(item__retired_on__isnull=False)
    return visible_to(user).filter(state=state)


def listed(user, *, q="", kind="", tag="", unit=None, team=None, state="", sort=""):
    """Versions of a shelf, narrowed; each with `adopters`."""
    rows = with_words(shelf(user, state), fold(q), "words__contains")
    narrowed = {"item__kind": kind, "item__unit": unit, "item__team": team}
    rows = tagged(rows.filter(**{name: value for name, value in narrowed.items() if value}), tag)
    rows = rows.annotate(adopters=adopters())
    return rows.order_by(*(["-adopters"] if sort == "adopted" else []), "-reviewed_at", "-pk")


def tagged(rows, tag):
    """Versions that have the tag; all of them without one."""
    places = (Q(**{f"tags__{number}": tag}) for number in range(MOST_TAGS))
    wanted = Q()
    for place in places:
        wanted |= place
    return rows.filter(wanted) if tag else rows


def tag_counts(user):
    """[(tag, how many items have it)], the most used first."""
    counts = Counter(tag for tags in shelf(user).order_by().values_list("tags", flat=True) for tag in tags)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TAGS_SHOWN]


def with_hits(rows, q):
    """The versions with what a list shows of a search: `title_parts` and `snippet`, as marked pieces."""
    words = fold(q).split()
    for version in rows:
        version.title_parts = marked(version.title, words)
        version.snippet = snippet(" ".join([version.summary, *version.steps, version.body]), words) if words else []
    return rows


def story_of(user, version):
    """What the page of a version shows beside its text, and what the person may do there."""
    item, versions = version.item, visible_to(user).filter(item=version.item).order_by("-number")
    holding = next((row for row in versions if row.state == State.PUBLISHED), None)
    adoptions = Adoption.objects.filter(version__item=item).select_related("team__unit", "version", "started_by")
    story = {"version": version, "item": item, "versions": versions, "holding": holding, "adoptions": adoptions}
    story |= {"holds": holding == version and not item.retired_on, "origin": _origin(user, item)}
    story |= {"is_card": item.kind in CARDS, "may_follow": may_follow(user, version)}
    return story | {"adopting": _adopting(user, adoptions), "may": _steps(user, story)}


def _origin(user, item):
    return item.origin_id and records_seen(user).filter(pk=item.origin_id).select_related("kind").first()


def _adopting(user, adoptions):
    """Trials that the person may conclude."""
    teams = set(access_of(user).teams("knowledge.adopt").values_list("pk", flat=True))
    return {row.pk for row in adoptions if row.team_id in teams and row.state == Adoption.State.TRYING}


def _steps(user, story):
    """Names of the deeds that the person may do to the version now."""
    version, item = story["version"], story["item"]
    is_writer, reviews = version.written_by_id == user.pk, may(user, "knowledge.review", item)
    in_use, waits = not item.retired_on, version.state == State.REVIEW
    unfinished = item.versions.exclude(state=State.PUBLISHED).exists()
    allowed = {
        "edit": is_writer and version.state in OPEN,
        "take_back": is_writer and waits,
        "review": reviews and waits and not has_written(user, version),
        "revise": story["holds"] and not unfinished and may(user, "knowledge.write", item),
        "retire": story["holds"] and reviews,
        "adopt": story["holds"] and _free_teams(user, story),
        "sign": _signs(user, version) if in_use else None,
    }
    return {name: value for name, value in allowed.items() if value}


def _free_teams(user, story):
    """Teams of the person that have not registered the version yet."""
    taken = {row.team_id for row in story["adoptions"] if row.version_id == story["version"].pk}
    return [team for team in teams_to_adopt(user, story["item"]) if team.pk not in taken]


def _signs(user, version):
    """The receipt of the person, "open" before it is given, None when nobody asks for it."""
    if not must_sign(user, version):
        return None
    return version.receipts.filter(user=user).first() or "open"


@dataclass(frozen=True)
class Waiting:
    """Versions that wait for a person: to review, to read and sign, and own ones that were returned."""

    to_review: list
    to_sign: list
    returned: list


def waiting_for(user):
    """What of the knowledge waits for the person."""
    asked = current().filter(asked_to_sign(user), must_read=True, item__retired_on=None)
    return Waiting(
        to_review=list(
            WHOLE.filter(to_review(user), state=State.REVIEW).exclude(written_by=user).exclude(authors=user)
        ),
        to_sign=list(asked.exclude(receipts__user=user)),
        returned=list(WHOLE.filter(written_by=user, state=State.RETURNED)),
    )


def cards(user):
    """Published cards of the plant, in the order of their kinds."""
    return shelf(user).filter(item__kind__in=CARDS).order_by("item__kind", "title", "pk")


def latest_drill(user):
    """(the latest emergency drill of the person's own team, [(step, seconds as text)]), or None before the first."""
    kept = Activity.objects.valid().filter(team__in=access_of(user).team_roles, kind__code=DRILL)
    drill = kept.order_by("-date", "-id").first()
    timed = [field for field in drill.fields if field["type"] == "seconds"] if drill else []
    return (drill, kind_fields.shown(timed, drill.values, {})) if timed else None


HEADERS = [
    "标题",
    "种类",
    "单位",
    "班组",
    "摘要",
    "标签",
    "版本",
    "状态",
    "作者",
    "撰写人",
    "审核人",
    "发布日期",
    "采用班组数",
]


def exported(rows):
    """The lines of the workbook of versions, under HEADERS."""
    for row in rows.prefetch_related("authors"):
        place = (
            row.title,
            row.item.get_kind_display(),
            row.item.unit.name,
            row.item.team.name if row.item.team else "",
        )
        said = (row.summary, "、".join(row.tags), f"第 {row.number} 版", row.get_state_display())
        people = ("、".join(user.name for user in row.authors.all()), row.written_by.name)
        published = (
            (row.reviewed_by.name, timezone.localtime(row.reviewed_at).date())
            if row.state == State.PUBLISHED
            else ("", "")
        )
        yield [*place, *said, *people, *published, str(row.adopters)]

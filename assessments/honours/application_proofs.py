"""What exists that can stand for a criterion of an application: one declared table of kinds, each a list to pick from."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone

from activities.access import visible_to as records_seen
from activities.ideas.access import visible_to as ideas_seen
from activities.knowledge.access import visible_to as knowledge_seen
from activities.models import ActivityKind, Author, Idea, KnowledgeVersion, Participant
from assessments.models import Check, MemberScore, Proof, StudioMember, StudioResult, StudioRule, TeamScore
from teams import periods
from teams.figures import decimal_text
from teams.models import Attachment, Honour
from teams.selectors import with_words

Kind = Proof.Kind
EVERYWHERE = {"工作", "管理", "生产", "班组", "建设", "完成", "情况"}
"""Pairs of signs that say nothing about what a criterion is about."""


@dataclass(frozen=True)
class Source:
    """A kind of proof: its rows for an application, how one is called, which column is its day, where words are searched."""

    rows: Callable
    label: Callable
    day: str
    words: tuple

    def date_of(self, row):
        """The day of a row; of a month its last one."""
        found = getattr(row, self.day)
        if self.day == "period":
            return periods.last_day(found)
        return timezone.localdate(found) if isinstance(found, datetime.datetime) else found

    def narrowed(self, rows, *, q="", first=None, last=None):
        """Rows with the words, of days between two that may be None."""
        convert = periods.period_of if self.day == "period" else _same
        name = f"{self.day}__date" if self.day.endswith("_at") else self.day
        bounds = {f"{name}__gte": first, f"{name}__lte": last}
        rows = rows.filter(**{key: convert(day) for key, day in bounds.items() if day})
        return with_words(rows, q, *(f"{path}__icontains" for path in self.words))


def _same(day):
    return day


def people_of(application):
    """Ids of the people whose records may stand for the application of a person or a studio."""
    if application.user_id:
        return [application.user_id]
    members = StudioMember.objects.filter(studio=application.studio_id, left_on__isnull=True)
    return [application.studio.leader_id, *members.values_list("user", flat=True)]


def _of(application, team, people):
    """The condition for rows of the applying team, or else of the people of the application."""
    return Q(**{team: application.team_id}) if application.team_id else people(people_of(application))


def _scores(user, application):
    if application.user_id:
        return MemberScore.objects.filter(close__state="closed", user=application.user_id).order_by("-period", "-id")
    closed = TeamScore.objects.filter(close__state="closed", team__isnull=False, team_id=application.team_id)
    return closed.order_by("-period", "-id")


def _checks(user, application):
    return Check.objects.valid().filter(team__isnull=False, team=application.team_id).order_by("-date", "-id")


def _records(user, application):
    def theirs(people):
        return Q(pk__in=Participant.objects.filter(user__in=people).values("activity"))

    rows = records_seen(user).valid().exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL)
    return rows.filter(_of(application, "team", theirs)).select_related("kind").order_by("-date", "-id")


def _knowledge(user, application):
    rows = knowledge_seen(user).filter(state=KnowledgeVersion.State.PUBLISHED)
    found = rows.filter(_of(application, "item__team", lambda people: Q(authors__in=people) | Q(written_by__in=people)))
    return KnowledgeVersion.objects.filter(pk__in=found.values("pk")).select_related("item").order_by("-reviewed_at")


def _honours(user, application):
    rows = Honour.objects.filter(withdrawn_on__isnull=True)
    return rows.filter(_of(application, "team", lambda people: Q(user__in=people))).order_by("-granted_on", "-id")


def _ideas(user, application):
    def theirs(people):
        return Q(pk__in=Author.objects.filter(user__in=people).values("idea"))

    rows = ideas_seen(user).filter(state=Idea.State.VERIFIED).filter(_of(application, "team", theirs))
    return rows.order_by("-id")


def _results(user, application):
    verified = StudioResult.objects.filter(state=StudioResult.State.VERIFIED)
    return verified.filter(studio__isnull=False, studio=application.studio_id).order_by("-date", "-id")


def _files(user, application):
    """Files that the studio has already: its plaque, those of its rules (`rule` is the kind) and results (`result` the name)."""
    if application.studio is None:
        return Attachment.objects.none()
    rules, results = (model.objects.filter(studio=application.studio_id) for model in (StudioRule, StudioResult))
    there = Q(pk__in=rules.values("file")) | Q(pk__in=results.values("files")) | Q(pk=application.studio.plaque_id)
    origin = {
        "rule": Subquery(rules.filter(file=OuterRef("pk")).values("kind")[:1]),
        "result": Subquery(results.filter(files=OuterRef("pk")).values("name")[:1]),
    }
    return Attachment.objects.filter(there).annotate(**origin).order_by("-uploaded_at", "-id")


def _file_label(row):
    origin = f"{row.result}的证明" if row.result else StudioRule.Kind(row.rule).label if row.rule else "挂牌照片"
    return f"{origin}：{row.name}" if row.name else origin


def _score_label(row):
    return f"{periods.label(row.period)}得分 {decimal_text(row.score)}"


def _record_label(row):
    return row.title if row.title == row.kind.name else f"{row.kind}：{row.title}"


def _check_label(row):
    return f"{row.date:%Y-%m-%d} {row.get_kind_display()}"


SOURCES = {
    Kind.ACTIVITY: Source(_records, _record_label, "date", ("title", "minutes", "kind__name")),
    Kind.SCORE: Source(_scores, _score_label, "period", ("close__unit__name",)),
    Kind.CHECK: Source(_checks, _check_label, "date", ("checker__name",)),
    Kind.KNOWLEDGE: Source(
        _knowledge, lambda row: f"{row.item.get_kind_display()}：{row.title}", "reviewed_at", ("title", "words")
    ),
    Kind.HONOUR: Source(
        _honours, lambda row: f"{row.get_level_display()}荣誉：{row.name}", "granted_on", ("name", "granted_by")
    ),
    Kind.IDEA: Source(_ideas, lambda row: f"{row.number} {row.title}", "submitted_at", ("number", "title")),
    Kind.RESULT: Source(_results, lambda row: f"{row.get_kind_display()}：{row.name}", "date", ("name", "text")),
    Kind.FILE: Source(_files, _file_label, "uploaded_at", ("name",)),
}
"""What can be picked; of files those that a studio has, others are uploaded."""


def fitting_kinds(application):
    """Kinds of SOURCES that the subject of the application can have."""
    if application.team_id:
        return [kind for kind in SOURCES if kind not in (Kind.RESULT, Kind.FILE)]
    without = {Kind.CHECK, Kind.RESULT, Kind.FILE} if application.user_id else {Kind.CHECK, Kind.SCORE}
    return [kind for kind in SOURCES if kind not in without]


def kinds_for(application, criterion):
    """(kind, name, whether the criterion asks for it): those it asks for come first."""
    asked = set(criterion["evidence"])
    kinds = sorted(fitting_kinds(application), key=lambda kind: kind not in asked)
    return [(kind.value, kind.label, kind in asked) for kind in kinds]


def candidates(user, application, criterion, kind):
    """Rows of a kind that do not stand for the criterion yet; records of kinds that sound like it come first."""
    column = "file" if kind == Kind.FILE else "about"
    picked = application.proofs.filter(code=criterion["code"], kind=kind).values(column)
    rows = SOURCES[kind].rows(user, application).exclude(pk__in=picked)
    return _akin_first(rows, criterion) if kind == Kind.ACTIVITY else rows


def _akin_first(rows, criterion):
    pairs = {name[at : at + 2] for name in (criterion["name"], criterion["group"]) for at in range(len(name) - 1)}
    akin = [Q(kind__name__contains=pair) for pair in sorted(pairs - EVERYWHERE)]
    if not akin:
        return rows
    near = Case(When(reduce(or_, akin), then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(near, "-date", "-id")


ADDRESSES = {
    Kind.CHECK: "assessments:check",
    Kind.ACTIVITY: "activities:activity",
    Kind.KNOWLEDGE: "activities:knowledge-version",
    Kind.IDEA: "activities:idea",
}


def address_of(application, proof):
    """Where the proof itself is read, or None: that page has an access of its own."""
    if proof.kind == Kind.FILE:
        return reverse("teams:photo", args=[proof.file_id])
    if proof.kind == Kind.SCORE and application.team_id and proof.date:
        return reverse("assessments:score", args=[application.team_id, periods.period_of(proof.date)])
    if proof.kind == Kind.HONOUR and application.team_id:
        return reverse("teams:honours", args=[application.team_id])
    name = ADDRESSES.get(proof.kind)
    return reverse(name, args=[proof.about]) if name else None


def shown(kind, rows):
    """(row, its name, its day) of rows to pick from."""
    source = SOURCES[kind]
    return [(row, source.label(row), source.date_of(row)) for row in rows]

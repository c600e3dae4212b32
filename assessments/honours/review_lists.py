"""Lists of the review: what a reviewer sees of an application, what every application has, the summary as a workbook, what waits."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from activities.access import visible_to as records_seen
from activities.ideas.access import visible_to as ideas_seen
from activities.knowledge.access import visible_to as knowledge_seen
from assessments.honours import application_lists, summary
from assessments.honours.application_access import of_others
from assessments.honours.assignments import in_order, live, reviewed
from assessments.honours.content import quota_words, review_words
from assessments.honours.marks import full, most, way_of
from assessments.honours.review_access import to_do
from assessments.models import Application, Proof, Review, Round
from teams import periods
from teams.access import access_of
from teams.downloads import Figure, Sheet, workbook_of
from teams.figures import decimal_text

Kind = Proof.Kind
SEEN = {Kind.ACTIVITY: records_seen, Kind.KNOWLEDGE: knowledge_seen, Kind.IDEA: ideas_seen}
OF_TEAM = (Kind.CHECK, Kind.SCORE, Kind.HONOUR)


# -- What a reviewer sees ------------------------------------------------------------------------------------------------


def evidence(user, review, form):
    """The matrix of the application with the fields of the form; proofs lead on only where the reviewer gets in."""
    rows = application_lists.matrix(review.application, form)
    _only_readable(user, review.application, [proof for row in rows for proof in row.proofs])
    for row in rows:
        if not row.slot.is_material:
            row.slot.row["most"] = full(row.slot.row)
    return rows


def _only_readable(user, application, proofs):
    team = application.team
    inside = team is not None and access_of(user).on_team("team.view", team)
    seen = {kind: _seen(user, kind, proofs) for kind in SEEN}
    for proof in proofs:
        known = proof.about in seen[proof.kind] if proof.kind in seen else proof.kind not in OF_TEAM or inside
        proof.address = proof.address if known else None


def _seen(user, kind, proofs):
    wanted = [proof.about for proof in proofs if proof.kind == kind]
    return set(SEEN[kind](user).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def others(review):
    """[(name, total or None)] of the other reviewers, where the round is reviewed openly; nothing where it is blind."""
    if way_of(review.application.round.frozen["review"]).is_blind:
        return []
    rows = review.application.reviews.exclude(pk=review.pk).exclude(state=Review.State.EXCUSED)
    return [(row.reviewer.name, row.total) for row in rows.select_related("reviewer").order_by("alias")]


def given(review):
    """(points given so far, points in all) of a review."""
    criteria = review.application.round.frozen["criteria"]
    return sum(review.marks.get(row["code"], 0) for row in criteria), most(criteria)


# -- What whoever runs it sees -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """What a round has: [(application, its reviewers by name)], {reviewer: (to do, done)}, and how many are still lacking."""

    rows: list
    loads: list
    lacking: int


def desk(user, round_):
    """The Desk of the applications with which the person has nothing to do."""
    rows = [(row, _by_name(row.reviews.all())) for row in reviewed(user, round_)]
    wanted = way_of(round_.frozen["review"]).reviewers
    return Desk(rows, _loads(rows), sum(max(wanted - len(live(row)), 0) for row, _ in rows))


def asked(application):
    """The reviews of one application, by the names of their people."""
    return _by_name(application.reviews.select_related("reviewer"))


def _by_name(reviews):
    """In an order that says nothing about who has which alias; those who stepped aside stand last."""
    return sorted(reviews, key=lambda row: (row.state == Review.State.EXCUSED, row.reviewer.employee_no))


def _loads(rows):
    todo, done = Counter(), Counter()
    for _, reviews in rows:
        for row in reviews:
            todo[row.reviewer] += row.state == Review.State.ASSIGNED
            done[row.reviewer] += row.state == Review.State.DONE
    people = sorted((who for who in todo if todo[who] + done[who]), key=lambda who: who.employee_no)
    return [(who, todo[who], done[who]) for who in people]


@dataclass(frozen=True)
class MarkRow:
    """A criterion with what each alias gave and said: [(alias, mark, note)]."""

    criterion: dict
    cells: list


def marked(application):
    """([reviews that may be told, by alias], [MarkRow], [(review, note about the whole)]) of one application."""
    prefetch_related_objects([application], "reviews__reviewer")
    done = _by_alias(summary.told(application))
    rows = [_mark_row(criterion, done) for criterion in application.round.frozen["criteria"]]
    return done, rows, [(row, row.notes[""]) for row in done if row.notes.get("")]


def _by_alias(reviews):
    by_alias = {row.alias: row for row in reviews}
    return [by_alias[name] for name in in_order(by_alias)]


def _mark_row(criterion, done):
    code = criterion["code"]
    return MarkRow(criterion, [(row.alias, row.marks[code], row.notes.get(code, "")) for row in done])


def summarised(user, round_, *, q="", show=""):
    """Rows of the summary that are not about the person's own, narrowed; places count among all."""
    known = set(of_others(round_.applications.all(), user).values_list("pk", flat=True))
    found = [row for row in summary.rows(round_) if row.application.pk in known]
    return [row for row in found if _fits(row, q.split()) and (not show or getattr(row, show))]


def _fits(row, words):
    text = f"{row.application} {row.application.unit}"
    return all(word in text for word in words)


def aliases(rows):
    """The aliases that stand in the summary, in their order."""
    return in_order({name for row in rows for name in row.totals})


ABOUT_ALIASES = (
    "每份申报的代号各抽各的：同一个代号在不同的申报里，不一定是同一位评委；一份申报加了评委，这一份的代号重新抽。"
)
"""What readers of the summary have to know, whose columns are headed by aliases."""
HEADERS = ["名次", "编号", "申报对象", "单位", "一线"]
AFTER = ["平均分", "相差大", "评审还差", "没达到的要求"]


def workbook(round_, rows):
    """The bytes of the summary as a workbook; reviewers by alias."""
    names = aliases(rows)
    before = [["批次", str(round_)], ["评审办法", "；".join(review_words(round_.frozen["review"]))]]
    before += [["名额", "；".join(quota_words(round_.frozen["quota"]))], ["评委代号", ABOUT_ALIASES]]
    headers = [*HEADERS, *names, *AFTER]
    table = [_exported(row, names) for row in rows]
    return workbook_of(Sheet("评审汇总表", headers, table, title=f"{round_}评审汇总表", before=before))


def _exported(row, names):
    application = row.application
    who = [application.number, application.subject, application.unit, "是" if application.is_front_line else "否"]
    totals = [_figure(row.totals.get(name)) for name in names]
    words = [_divergence(row), "；".join(row.missing), "；".join(row.lacks)]
    return [None if row.place is None else Figure(str(row.place)), *who, *totals, _figure(row.mean), *words]


def _divergence(row):
    return "是，已复核" if row.is_rechecked else "是" if row.diverges else "否"


def _figure(points):
    return None if points is None else Figure(decimal_text(points))


# -- After the naming ----------------------------------------------------------------------------------------------------


def feedback(application):
    """What the applicant reads once the round is named: (mean, place, [(criterion, notes)]) without any alias; else None.

    Notes stand in an order that says nothing about who wrote them.
    """
    if application.round.state != Round.State.NAMED or application.score is None:
        return None
    done = application.reviews.filter(state=Review.State.DONE).values_list("notes", flat=True)
    names = [(row["code"], row["name"]) for row in application.round.frozen["criteria"]] + [("", "总评")]
    said = ((name, sorted(notes[code] for notes in done if notes.get(code))) for code, name in names)
    return application.score, application.place, [(name, words) for name, words in said if words]


# -- What waits ----------------------------------------------------------------------------------------------------------


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each line: reviews to give, and rounds whose review lacks something."""
    yield from _to_give(user)
    yield from _to_run(user)


def _to_give(user):
    counts = Counter(row.application.round for row in to_do(user))
    for round_, count in counts.items():
        late = round_.review_until < timezone.localdate()
        detail = f"{round_}：{count} 份，{periods.day_text(round_.review_until)}前评完"
        word = "已过期" if late else "待评"
        yield "评审申报", detail, reverse("assessments:reviews"), "bad" if late else "wait", word


def _to_run(user):
    units = access_of(user).unit_ids("review.assign")
    rows = _reviewing(units) if units else ()
    lacking = {row.round: 0 for row in rows}
    for row in rows:
        wanted = way_of(row.round.frozen["review"]).reviewers
        lacking[row.round] += bool(row.pending) or row.done < wanted
    for round_, count in lacking.items():
        yield _progress(round_, count)


def _reviewing(units):
    reviewing = {"state": Application.State.REVIEWING, "round__state": Round.State.REVIEWING}
    rows = Application.objects.filter(round__programme__unit__in=units, **reviewing).select_related("round__programme")
    counts = {
        "pending": Count("reviews", filter=Q(reviews__state=Review.State.ASSIGNED)),
        "done": Count("reviews", filter=Q(reviews__state=Review.State.DONE)),
    }
    return rows.annotate(**counts).order_by("round__review_until", "round", "id")


def _progress(round_, count):
    address, until = reverse("assessments:review-summary", args=[round_.pk]), round_.review_until
    if not count:
        return "评审进度", f"{round_}的评委都评完了，请看汇总表", address, "wait", "待汇总"
    late = until < timezone.localdate()
    detail = f"{round_}：{count} 份还没评完，{periods.day_text(until)}截止"
    return "评审进度", detail, address, "bad" if late else "wait", "已过期" if late else "评审中"

"""评审汇总: what the reviewers gave every application of a round, by alias, and what still lacks before its list is made."""

from dataclasses import dataclass, field

from assessments.honours import marks
from assessments.honours.content import groups_of
from assessments.models import Application, PanelRecord, Review

State = Application.State
REVIEWED = (State.REVIEWING, State.SHORTLISTED, State.RESERVE, State.NOT_CHOSEN, State.NAMED)
"""States of applications that came to the review."""
STEPS = (("needs_visit", "visit"), ("needs_defence", "defence"), ("needs_vote", "vote"))
"""Fields of marks.Way and the kinds of PanelRecord that they ask for."""


@dataclass(frozen=True)
class SummaryRow:
    """An application with its reviewers' totals {alias: hundredths}, their mean and its place among all of the round.

    Where the round is reviewed blindly there are no totals before all reviewers are done: who is done stands elsewhere.

    Where the totals `diverges`, `is_rechecked` says whether a reviewer more than the round asks for has looked at it by now.
    `missing` are sentences about what the review itself lacks, `lacks` about what the application does not reach.
    """

    application: Application
    totals: dict
    mean: int | None
    place: int | None
    diverges: bool
    is_rechecked: bool
    missing: list = field(default_factory=list)
    lacks: list = field(default_factory=list)


def rows(round_):
    """[SummaryRow] of all applications that came to the review, the best first; as many queries for one as for a hundred."""
    found = [_row(row, round_.frozen) for row in _applications(round_)]
    places = marks.places({row.application.pk: row.mean for row in found})
    placed = [SummaryRow(**vars(row) | {"place": places.get(row.application.pk)}) for row in found]
    return sorted(placed, key=lambda row: (row.place is None, row.place or 0, row.application.number))


def _applications(round_):
    reviewed = round_.applications.filter(state__in=REVIEWED).select_related("unit", "team", "user", "studio")
    found = list(reviewed.prefetch_related("reviews", "panels"))
    for row in found:
        row.round = round_
    return found


def told(application):
    """The reviews whose marks may be told by now: those that are done; in a blind round all at once or none."""
    way = marks.way_of(application.round.frozen["review"])
    done, pending = _counted(application)
    return [] if way.is_blind and (pending or len(done) < way.reviewers) else done


def _counted(application):
    """(the reviews that are done, how many are pending)."""
    rows = list(application.reviews.all())
    done = [row for row in rows if row.state == Review.State.DONE]
    return done, sum(row.state == Review.State.ASSIGNED for row in rows)


def _row(application, frozen):
    way, done = marks.way_of(frozen["review"]), told(application)
    totals = {row.alias: row.total for row in done}
    mean = marks.mean(totals.values(), drop_extremes=way.drop_extremes)
    diverges = marks.diverge(list(totals.values()), way.divergence)
    missing = [*_missing_reviews(application, way, diverges), *_missing_panels(application, way)]
    facts = (application, totals, mean, None, diverges, diverges and len(done) > way.reviewers, missing)
    return SummaryRow(*facts, list(_shortfalls(application, frozen, done, mean)))


def _missing_reviews(application, way, diverges):
    done, pending = _counted(application)
    asked = len(done) + pending
    if asked < way.reviewers:
        yield f"还差 {way.reviewers - asked} 位评委"
    if pending:
        yield f"还有 {pending} 位评委没有评完"
    if diverges and asked <= way.reviewers:
        yield "评委打分相差太大，请再派一位评委复核"


def _missing_panels(application, way):
    there = {row.kind for row in application.panels.all()}
    for name, kind in STEPS:
        if getattr(way, name) and kind not in there:
            yield f"还没有{PanelRecord.Kind(kind).label}记录"


def _shortfalls(application, frozen, done, mean):
    line = frozen["pass_line"]
    if line and mean is not None and mean < line:
        yield f"没有达到 {line / 100:g} 分的达标分"
    yield from _weak_groups(frozen, done)
    yield from _missed_musts(frozen["criteria"], done)
    yield from _lost_votes(application)


def _weak_groups(frozen, done):
    percent = frozen["review"].get("group_percent") or 0
    for name, criteria in groups_of(frozen["criteria"]) if percent and done else ():
        given = sum(row.marks[criterion["code"]] for row in done for criterion in criteria)
        if given * 100 < percent * marks.most(criteria) * len(done):
            yield f"“{name}”没有达到 {percent}%"


def _missed_musts(criteria, done):
    for row in criteria:
        without = sum(review.marks[row["code"]] == 0 for review in done)
        if row["must"] and without * 2 > len(done):
            yield f"多数评委认为没有做到“{row['name']}”"


def _lost_votes(application):
    votes = [row for row in application.panels.all() if row.kind == PanelRecord.Kind.VOTE]
    if votes and votes[-1].agreed * 2 <= votes[-1].agreed + votes[-1].opposed + votes[-1].abstained:
        yield f"表决没有过半：同意 {votes[-1].agreed}，反对 {votes[-1].opposed}，弃权 {votes[-1].abstained}"

"""The list of a round: who stands where on it, what it still lacks, how its notice runs, and what waits for the union staff."""

import datetime
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from assessments.honours import summary
from assessments.honours.application_access import of_others
from assessments.honours.application_queue import Tally
from assessments.honours.application_starts import obstacles
from assessments.honours.name_list_proposals import Candidate, propose, propose_reserve, tied
from assessments.honours.quotas import Nominee, meter, problems, quota_of
from assessments.models import Application, ApplicationStep, Challenge, Review, Round, Title
from bulletins.models import Bulletin, Objection
from teams.access import access_of
from teams.workdays import workdays_among

State = Application.State
PROPOSALS = ("shortlist", "reserve")
LISTED = (Round.State.REVIEWING, Round.State.SHORTLISTED, Round.State.POSTED, Round.State.NAMED)
"""States of a round that has, or is getting, a list."""
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """An application on the page of the list: what the review came to, in sentences what is `missing` from it and what is said
    against its name, and the title of the same programme that it `holds` already, if that was asked for. `to_recheck` where the
    reviewers are far apart and nobody more has looked at it yet.
    """

    application: Application
    mean: int | None
    place: int | None
    to_recheck: bool
    missing: tuple
    against: tuple
    holds: Title | None = None

    @property
    def nominee(self):
        row = self.application
        return Nominee(str(row.subject), str(row.unit), row.is_front_line, self.against)


def lines_of(round_):
    """[Line] of all applications that came to the review, the best first; few queries, however many."""
    rows = summary.rows(round_)
    barred = obstacles(round_.frozen, [row.application.subject for row in rows], timezone.localdate()) if rows else {}
    return [_line(row, barred[row.application.subject]) for row in rows]


def _line(row, barred):
    said = tuple(sentence.rstrip("。") for sentence in (*barred, *row.lacks))
    to_recheck = row.diverges and not row.is_rechecked
    return Line(row.application, row.mean, row.place, to_recheck, tuple(row.missing), said)


def with_titles(round_, lines):
    """The Lines, each with the title of the round's programme that is still held; one query."""
    held = Title.objects.filter(programme=round_.programme_id, state__in=[Title.State.VALID, Title.State.RECTIFYING])
    known = {_bearer(title): title for title in held.order_by("valid_to")}
    return [replace(line, holds=known.get(_bearer(line.application))) for line in lines]


def _bearer(row):
    return row.team_id, row.user_id, row.studio_id


def tally(round_, lines, ticked=()):
    """The Tally of the shortlisted Lines together with the ticked applications."""
    quota, more = quota_of(round_.frozen["quota"]), {row.pk for row in ticked}
    nominees = [row.nominee for row in lines if _is_listed(row) or row.application.pk in more]
    return Tally(meter(quota, nominees), problems(quota, nominees))


def _is_listed(line):
    return line.application.state == State.SHORTLISTED


def proposed(round_, lines, action, may):
    """(ids to tick, subjects that share the last place) for shortlisting or for the reserve, among the ids in `may`."""
    quota, listed = quota_of(round_.frozen["quota"]), [row.nominee for row in lines if _is_listed(row)]
    free = [row for row in lines if row.application.state == State.REVIEWING and row.application.pk in may]
    candidates = [Candidate(row.application.pk, row.place, row.nominee) for row in free]
    if action == "reserve":
        reserved = sum(row.application.state == State.RESERVE for row in lines)
        chosen = propose_reserve(quota, reserved, candidates)
    else:
        chosen = propose(quota, listed, candidates)
    equal = set(tied(candidates, chosen))
    return chosen, [row.application.subject for row in free if row.application.pk in equal]


def decidable(round_, user):
    """Ids of the applications on which the person may decide: those that are not the own ones."""
    return set(of_others(round_.applications.filter(state__in=summary.REVIEWED), user).values_list("pk", flat=True))


# -- What a list lacks ---------------------------------------------------------------------------------------------------


def lacking(round_, lines):
    """Sentences about what keeps the list of a round in review from standing; none when it can."""
    unready = [f"{row.application.subject}：{words}。" for row in lines for words in row.missing]
    return [*unready, *_undecided(round_), *weak_points(round_, lines)]


def _undecided(round_):
    counts = round_.applications.aggregate(
        waiting=Count("pk", filter=Q(state=State.RECOMMENDED)), open=Count("pk", filter=Q(state=State.REVIEWING))
    )
    if counts["waiting"]:
        yield f"还有 {counts['waiting']} 份推荐上来的申报没有派评委。"
    if counts["open"]:
        yield f"还有 {counts['open']} 份申报没有定：列为拟命名、备选，或者不列入。"


def weak_points(round_, lines):
    """Sentences about what a list must not be posted with: nobody on it, a broken quota, too long a reserve."""
    if not any(map(_is_listed, lines)):
        return ["名单上还没有拟命名的。"]
    return [*tally(round_, lines).problems, *_reserve(round_, lines)]


def _reserve(round_, lines):
    most, there = quota_of(round_.frozen["quota"]).reserve, sum(row.application.state == State.RESERVE for row in lines)
    return [f"备选最多 {most} 个，现在有 {there} 个。"] if most is not None and there > most else []


def hindrances(round_, lines=None):
    """Sentences about what keeps a posted round from being named today; none when it can be. `lines` spare reading them."""
    if round_.state != Round.State.POSTED:
        return [f"这一批现在是“{round_.get_state_display()}”，名单公示期满以后才能命名。"]
    said = (_running(board_of(round_)), _challenged(round_), weak_points(round_, lines or lines_of(round_)))
    return [sentence for sentences in said for sentence in sentences]


def _running(board):
    if timezone.localdate() <= board.notice_ends_on:
        yield f"公示到 {board.notice_ends_on} 结束，第二天起才能命名。"


def _challenged(round_):
    open_ = Challenge.objects.filter(application__round=round_, state=Challenge.State.OPEN).count()
    if open_:
        yield f"还有 {open_} 件异议没有调查完。"
    waiting = (Objection.State.FILED, Objection.State.ACCEPTED)
    figures = Objection.objects.filter(bulletin__topic=topic_of(round_), state__in=waiting)
    count = figures.filter(bulletin__kind=Bulletin.Kind.NOMINATION).count()
    if count:
        yield f"公示榜上还有 {count} 件异议没有答复。"


# -- The notice ----------------------------------------------------------------------------------------------------------


def topic_of(round_):
    """Under which topic the list of a round hangs."""
    return f"round:{round_.pk}"


def board_of(round_):
    """The Bulletin on which the list of a round hangs, or None."""
    return Bulletin.objects.filter(serial=round_.bulletin).first() if round_.bulletin else None


@dataclass(frozen=True)
class Notice:
    """What everybody who reaches a round is told of its list: the board, the names on it, how many working days are left."""

    board: Bulletin
    names: list
    left: int
    is_open: bool


def notice_of(round_):
    """The Notice of a round, or None before its list is posted; names are on it only while the posted list stands."""
    board = board_of(round_)
    if board is None:
        return None
    today = timezone.localdate()
    standing = round_.state in (Round.State.POSTED, Round.State.NAMED)
    names = names_of(round_) if standing else []
    running = round_.state == Round.State.POSTED and today <= board.notice_ends_on
    return Notice(board, names, _days_left(today, board.notice_ends_on) if running else 0, running)


def names_of(round_):
    """Applications on the list of a round, in the order in which they are posted."""
    rows = round_.applications.filter(state__in=(State.SHORTLISTED, State.NAMED))
    return list(rows.select_related("unit", "team", "user", "studio").order_by("unit__position", "unit_id", "number"))


def _days_left(today, last):
    """How many working days the notice still runs, today included."""
    days = [today + DAY * number for number in range((last - today).days + 1)]
    return sum(workdays_among(days).values())


def changes_of(round_):
    """Sentences of the board about names that left the list or came onto it since it was first posted."""
    first = Bulletin.objects.filter(kind=Bulletin.Kind.NOMINATION, topic=topic_of(round_)).order_by("revision").first()
    if first is None:
        return []
    since = {"application__round": round_, "at__gte": first.published_at, "action__in": tuple(_CHANGES)}
    rows = ApplicationStep.objects.filter(**since).order_by("id")
    rows = rows.select_related("application__team", "application__user", "application__studio")
    return [f"{timezone.localdate(row.at)} {row.application.subject}{_CHANGES[row.action]}。" for row in rows]


_CHANGES = {"strike_off": "不再列入", "step_in": "由备选递补"}


# -- What waits ----------------------------------------------------------------------------------------------------------


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each round whose list waits for the person; few queries."""
    units = access_of(user).unit_ids("programme.manage")
    rows = Round.objects.filter(programme__unit__in=units, state__in=LISTED[:3]).select_related("programme")
    for round_ in _with_counts(rows).order_by("review_until", "id") if units else ():
        said = _WAITS[round_.state](round_)
        if said:
            yield "评选名单", f"{round_}{said[0]}", reverse("assessments:name-list", args=[round_.pk]), "wait", said[1]


def _with_counts(rows):
    """Rounds with what decides whether they wait: undecided applications, reviews to come, open challenges, the notice."""
    pending = Review.objects.filter(application__round=OuterRef("pk"), state=Review.State.ASSIGNED)
    done = Review.objects.filter(application__round=OuterRef("pk"), state=Review.State.DONE)
    open_ = Challenge.objects.filter(application__round=OuterRef("pk"), state=Challenge.State.OPEN)
    board = Bulletin.objects.filter(serial=OuterRef("bulletin")).values("notice_ends_on")
    return rows.annotate(
        undecided=Count("applications", filter=Q(applications__state=State.REVIEWING)),
        reviewed=Exists(done) & ~Exists(pending),
        challenged=Exists(open_),
        until=Subquery(board),
    )


def _to_decide(round_):
    if not round_.reviewed:
        return None
    return (
        (f"评完了，还有 {round_.undecided} 份没有定", "待定名单")
        if round_.undecided
        else ("都定了，可以定名单", "待定名单")
    )


def _to_post(round_):
    return ("名单有变动，要重新公示", "待公示") if round_.bulletin else ("名单已定，可以公示", "待公示")


def _to_name(round_):
    over = round_.until and timezone.localdate() > round_.until
    return (f"公示 {round_.until} 已满，可以命名", "可以命名") if over and not round_.challenged else None


_WAITS = {Round.State.REVIEWING: _to_decide, Round.State.SHORTLISTED: _to_post, Round.State.POSTED: _to_name}

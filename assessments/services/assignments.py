"""Who reviews what: by hand, by lot, stepping aside; and what a visit, a defence or a vote brought. A round in review only."""

import secrets

from django.db import IntegrityError, transaction

from assessments.errors import AssessmentError, StaleState
from assessments.honours.assignments import ASIDE, alias, candidates, reviewed, urn
from assessments.honours.conflicts import conflicts
from assessments.honours.draws import NotEnough, draw
from assessments.models import Application, PanelRecord, Review, Round
from teams import audit

State = Review.State
SEEDS = 1_000_000_000


def held(round_):
    """The round, in review; others who assign, review or make its list wait until the end of the transaction."""
    found = Round.objects.select_for_update().select_related("programme__unit").get(pk=round_.pk)
    if found.state != Round.State.REVIEWING:
        raise StaleState(f"{found}现在是“{found.get_state_display()}”，评审这一步已经不能改了。")
    return found


def require_reviewing(application):
    """The application itself is in review, and not on the list yet."""
    application.refresh_from_db(fields=["state"])
    if application.state != Application.State.REVIEWING:
        raise StaleState(f"{application}现在是“{application.get_state_display()}”，评审这一步已经不能改了。")


@transaction.atomic
def assign(application, people, *, actor):
    """Let people review an application; whoever has to do with it is put on record as having stepped aside instead.

    Returns {person: reason} of the latter. Raises AssessmentError for somebody who is its reviewer already, was excused,
    or runs the round.
    """
    round_ = held(application.round)
    require_reviewing(application)
    _require_new(application, people)
    _require_apart(round_, people)
    found = conflicts([application], people)
    aside = {who: found[application.pk, who.pk] for who in people if (application.pk, who.pk) in found}
    chosen = [who for who in people if who not in aside]
    _add(application, chosen, aside, actor=actor)
    facts = {"reviewers": [str(who) for who in chosen], "aside": {str(who): words for who, words in aside.items()}}
    audit.record("review.assigned", application, actor=actor, unit=round_.programme.unit, after=facts)
    return aside


def _require_new(application, people):
    there = application.reviews.filter(reviewer__in=people).select_related("reviewer").first()
    if there:
        state = there.get_state_display()
        raise AssessmentError(f"{there.reviewer.name}已经在这份申报的评委里（{state}），请另选一位。")


def _require_apart(round_, people):
    known = set(candidates(round_).filter(pk__in=[who.pk for who in people]).values_list("pk", flat=True))
    strange = [who.name for who in people if who.pk not in known]
    if strange:
        raise AssessmentError(f"{'、'.join(strange)}不能当评委：管这次评选的工会干事、停用的和外单位的都不行。")


def _add(application, chosen, aside, *, actor, is_drawn=False):
    """Reviews of the chosen, whose letters are dealt together with those of all who are there; and of those kept aside."""
    common = {"application": application, "assigned_by": actor, "is_drawn": is_drawn}
    there = list(application.reviews.all())
    called = [row for row in there if not row.alias.startswith(ASIDE)]
    if chosen:
        _deal(called, [Review(reviewer=who, **common) for who in chosen])
    kept = {"state": State.EXCUSED, **common}
    Review.objects.bulk_create(
        Review(reviewer=who, alias=f"{ASIDE}{number}", conflict=words, **kept)
        for number, (who, words) in enumerate(aside.items(), len(there) - len(called) + 1)
    )


def _deal(there, joining):
    """Give all of them letters by lot, for the next letter would tell who joined later; store those who join.

    Those who are there put theirs down first: at no moment two of an application may have the same.
    """
    for number, row in enumerate(there):
        row.alias = f"#{number}"
    Review.objects.bulk_update(there, ["alias"])
    everybody = [*there, *joining]
    for number, row in enumerate(secrets.SystemRandom().sample(everybody, len(everybody)), 1):
        row.alias = alias(number)
    Review.objects.bulk_update(there, ["alias"])
    Review.objects.bulk_create(joining)


@transaction.atomic
def draw_missing(round_, people, *, actor):
    """Draw the reviewers that the applications of a round still lack among these people. Returns how many were drawn.

    The trail keeps the seed and all that the lot was drawn from, so that assessments.honours.draws.draw gives the same again.
    """
    found = held(round_)
    _require_apart(found, people)
    applications = {row.number: row for row in reviewed(actor, found)}
    lots = urn(applications.values(), people)
    if not lots.needed:
        raise AssessmentError("每份申报的评委都够了，不用再抽。")
    seed = secrets.randbelow(SEEDS)
    drawn = _drawn(lots, seed, applications)
    by_number = {who.employee_no: who for who in people}
    for number, chosen in drawn.items():
        row = applications[number]
        aside = _new_aside(row, lots.aside[number], by_number)
        _add(row, [by_number[who] for who in chosen], aside, actor=actor, is_drawn=True)
    facts = {"seed": seed, **vars(lots), "drawn": drawn}
    audit.record("review.drawn", found, actor=actor, unit=found.programme.unit, after=facts)
    return sum(len(chosen) for chosen in drawn.values())


def _drawn(lots, seed, applications):
    try:
        return draw(lots.eligible, lots.needed, lots.loads, seed)
    except NotEnough as error:
        who = applications[error.application].subject
        raise AssessmentError(f"{who}（{error.application}）{error.lack}请多请几位评委再抽，或者手工分派。") from error


def _new_aside(application, aside, people):
    there = {row.reviewer_id for row in application.reviews.all()}
    return {people[number]: words for number, words in aside.items() if people[number].pk not in there}


@transaction.atomic
def excuse(review, reason, *, actor):
    """Take somebody off who has not given marks yet: declared by the reviewer, or by whoever assigns. The reason stays."""
    round_ = held(review.application.round)
    rows = Review.objects.filter(pk=review.pk, state=State.ASSIGNED)
    if not rows.update(state=State.EXCUSED, conflict=reason, marks={}, notes={}):
        raise StaleState("这份评审刚刚有了进展，请刷新页面再看。")
    facts = {"reviewer": str(review.reviewer), "reason": reason}
    label = str(review.application)
    audit.record("review.excused", review, actor=actor, unit=round_.programme.unit, after=facts, label=label)


@transaction.atomic
def record_panel(application, *, actor, **facts):
    """Keep what a visit, a defence or a vote brought; it is never changed. One of a kind a day."""
    round_ = held(application.round)
    require_reviewing(application)
    try:
        with transaction.atomic():
            row = PanelRecord.objects.create(application=application, entered_by=actor, **facts)
    except IntegrityError as error:
        raise AssessmentError("这一天已经有同样的记录，记下的不能改。") from error
    told = {"kind": row.get_kind_display(), "date": f"{row.date}"}
    audit.record("panel.recorded", application, actor=actor, unit=round_.programme.unit, after=told)

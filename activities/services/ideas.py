"""Ideas: submitted with their authors, and each step of their way; who may do what is declared in activities/ideas/moves.py."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.ideas.moves import MOVES
from activities.models import Author, Idea, IdeaStep
from teams import audit, periods
from teams.models import Unit

State = Idea.State
MOST_AUTHORS = 10
MOST_FEN = 10**12
"""Ten billion yuan a year: nothing that people think of is worth more."""


@dataclass(frozen=True)
class Content:
    """What an idea says; `authors` are people besides whoever submits it, `files` are Attachments."""

    kind: str
    theme: str
    title: str
    problem: str
    proposal: str
    expected: str = ""
    authors: list = field(default_factory=list)
    files: list = field(default_factory=list)


@transaction.atomic
def submit(team, content, *, actor, source):
    """Hand in an idea for review; returns the Idea. `source` is a UUID made with the form: sent twice it is kept once."""
    period = periods.current_period()
    number = _next_number(period)
    known = Idea.objects.filter(source=source).first()
    if known:
        return known
    idea = Idea.objects.create(
        unit=team.unit,
        team=team,
        number=number,
        source=source,
        period=period,
        submitted_by=actor,
        **_columns(content),
    )
    _sign(idea, content, actor)
    idea.files.set(content.files)
    _record("idea.submitted", idea, actor, "")
    return idea


def is_submitted(source):
    """Whether the form that was made with this UUID has been sent already."""
    return Idea.objects.filter(source=source).exists()


def _next_number(period):
    """JY-202610-0001: the first idea of that month. Others wait until the end of the transaction."""
    list(Unit.objects.select_for_update().filter(parent__isnull=True).order_by("pk"))
    latest = Idea.objects.filter(number__startswith=f"JY-{period}-").order_by("-id").first()
    last = int(latest.number.rpartition("-")[2]) if latest else 0
    return f"JY-{period}-{last + 1:04d}"


def _columns(content):
    return {name: getattr(content, name) for name in ("kind", "theme", "title", "problem", "proposal", "expected")}


def _sign(idea, content, first):
    people = list(dict.fromkeys([first, *content.authors]))
    if len(people) > MOST_AUTHORS:
        raise ActivityError(f"署名最多 {MOST_AUTHORS} 人，现在有 {len(people)} 人。")
    idea.authors.all().delete()
    Author.objects.bulk_create(Author(idea=idea, user=person) for person in people)


@transaction.atomic
def supplement(idea, content, *, actor):
    """An author answers the reviewer's question with further content; new files come to those that are there."""
    _move("supplement", idea, actor, "", **_columns(content))
    _sign(idea, content, idea.submitted_by)
    idea.files.add(*content.files)


@transaction.atomic
def adopt(idea, owner, due_on, text="", *, actor):
    """The reviewer says who carries it out by which day. Raises ActivityError for a day that is over."""
    _require_to_come(due_on)
    _move("adopt", idea, actor, text, owner=owner, due_on=due_on)


@transaction.atomic
def reassign(idea, owner, due_on, text="", *, actor):
    """Somebody else carries it out, or by another day."""
    _require_to_come(due_on)
    _move("reassign", idea, actor, text, owner=owner, due_on=due_on)


def _require_to_come(due_on):
    today = timezone.localdate()
    if due_on < today:
        raise ActivityError("完成日期已经过去了，请选今天或以后的日期。")
    if due_on > today + datetime.timedelta(days=3 * 366):
        raise ActivityError("完成日期太远了，最多三年。")


@transaction.atomic
def verify(idea, benefit, text="", *, actor):
    """Somebody apart says what the effect is worth in fen a year; without money, in words."""
    if not 0 <= benefit <= MOST_FEN:
        raise ActivityError("年效益不能小于 0，也不能超过 100 亿元，请核对。")
    if not benefit and not text:
        raise ActivityError("没有直接效益的，请写明效果是什么；没有效果的，请选“没有效果”。")
    _move("verify", idea, actor, text, benefit=benefit, verified_by=actor)


@transaction.atomic
def take(idea, name, text, *, actor):
    """A move that takes one sentence: what was done, or why (activities.ideas.moves.WITH_REASON)."""
    facts = {"verified_by": actor} if name == "ineffective" else {}
    _move(name, idea, actor, text, **facts)


def _move(name, idea, actor, text, **columns):
    """Compare-and-set along the declared table; raises StaleState when the idea is elsewhere by now."""
    move = MOVES[name]
    if not Idea.objects.filter(pk=idea.pk, state__in=move.sources).update(state=move.target, **columns):
        raise StaleState("这条建议刚刚有了进展，请刷新页面再看。")
    idea.refresh_from_db()
    _record(move.verb, idea, actor, text)


def _record(verb, idea, actor, text):
    """One step and one row in the trail."""
    IdeaStep.objects.create(idea=idea, state=idea.state, text=text, actor=actor)
    facts = {"state": idea.get_state_display()} | ({"text": text} if text else {})
    if idea.state == State.ADOPTED:
        facts |= {"owner": str(idea.owner), "due_on": f"{idea.due_on}"}
    if idea.state == State.VERIFIED:
        facts |= {"benefit": idea.benefit}
    audit.record(verb, idea, actor=actor, unit=idea.unit, after=facts)

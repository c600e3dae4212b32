"""Contests: planned, entered, run, scored and ranked; posted on the board with honours for the first ones, in one step."""

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.learning.contests import board_of, posted, topic_of
from activities.learning.ranking import ranks
from activities.models import Contest, Entrant
from bulletins.services import publish
from teams import audit, periods
from teams.models import Honour
from teams.services import papers

State = Contest.State
LIVE = [State.PLANNED, State.RUNNING]
STALE = "这场竞赛刚刚有变动，请刷新页面再看。"
MOST = 500
"""How many may take part in one contest."""
PLACES = "一二三四五六七八九十"


@transaction.atomic
def create(unit, *, actor, **facts):
    """Plan a contest of a unit; `facts` are the fields that people fill in. Returns it."""
    _require_days(facts)
    contest = Contest.objects.create(unit=unit, created_by=actor, **facts)
    _note("contest.created", contest, actor)
    return contest


@transaction.atomic
def change(contest, *, actor, **facts):
    """Change a contest that has not begun; who competes only while nobody is entered."""
    _require_days(facts)
    _held(contest, [State.PLANNED], "已经开始的竞赛不能再改规则。")
    if facts["subject"] != contest.subject and contest.entrants.exists():
        raise ActivityError("已经有人报名，不能再改成个人赛或班组赛。请先去掉参赛者。")
    changed = [name for name, value in facts.items() if getattr(contest, name) != value]
    if not changed:
        raise ActivityError("内容没有变，不用保存。")
    before = {name: str(getattr(contest, name)) for name in changed}
    Contest.objects.filter(pk=contest.pk).update(**facts)
    _note("contest.changed", contest, actor, {name: str(facts[name]) for name in changed}, before)


def _require_days(facts):
    if facts["ends_on"] < facts["starts_on"]:
        raise ActivityError("结束日期不能早于开始日期。")


@transaction.atomic
def enter(contest, holders, *, actor):
    """Enter people or teams in a contest that is not ranked yet; who is in it already stays. Returns how many are new."""
    _held(contest, LIVE)
    key = "team" if contest.subject == Contest.Subject.TEAM else "user"
    there = set(contest.entrants.values_list(key, flat=True))
    new = [holder for holder in holders if holder.pk not in there]
    if not new:
        raise ActivityError("选的都已经在参赛名单里了。")
    if len(there) + len(new) > MOST:
        raise ActivityError(f"一场竞赛最多 {MOST} 个参赛者，请分场次办。")
    Entrant.objects.bulk_create(Entrant(contest=contest, **{key: holder}) for holder in new)
    _note("contest.entered", contest, actor, {"entered": [str(holder) for holder in new]})
    return len(new)


@transaction.atomic
def leave(entrant, *, actor):
    """Take somebody out of a contest that is not ranked yet."""
    _held(entrant.contest, LIVE)
    if not Entrant.objects.filter(pk=entrant.pk).delete()[0]:
        raise StaleState(STALE)
    _note("contest.left", entrant.contest, actor, {"left": str(entrant)})


@transaction.atomic
def start(contest, *, actor):
    """The contest begins; from now on its rules stay as they are and scores are entered."""
    if contest.entrants.count() < 2:
        raise ActivityError("至少要有两个参赛者才能开始。")
    _step(contest, [State.PLANNED], state=State.RUNNING)
    _note("contest.started", contest, actor)


@transaction.atomic
def enter_scores(contest, scores, *, actor):
    """Keep scores (hundredths; None: none yet) of entrants, {Entrant: score}; returns how many changed."""
    _held(contest, [State.RUNNING], "竞赛不在进行中，成绩不能改。")
    changed = {entrant: score for entrant, score in scores.items() if entrant.score != score}
    for entrant, score in changed.items():
        if not Entrant.objects.filter(pk=entrant.pk, score=entrant.score).update(score=score):
            raise StaleState(f"{entrant}的成绩刚刚被别人改过，请刷新页面核对后再填。")
    if changed:
        before, after = ({str(row.pk): value for row, value in pairs} for pairs in _pairs(changed))
        _note("contest.scored", contest, actor, after, before)
    return len(changed)


def _pairs(changed):
    return [(row, row.score) for row in changed], list(changed.items())


@transaction.atomic
def rank(contest, *, actor):
    """Rank the entrants by their scores, equal ones alike; whoever has none is not ranked."""
    entrants = list(contest.entrants.all())
    found = ranks({row.pk: row.score for row in entrants}, contest.lower_is_better)
    if not found:
        raise ActivityError("还没有成绩，先填成绩再排名。")
    _step(contest, [State.RUNNING], state=State.RANKED, ranked_at=timezone.now())
    for row in entrants:
        row.rank = found.get(row.pk)
    Entrant.objects.bulk_update(entrants, ["rank"])
    _note("contest.ranked", contest, actor, {str(pk): place for pk, place in found.items()})


@transaction.atomic
def reopen(contest, *, actor):
    """Go back to the scores to correct them, as long as nothing is posted."""
    _held(contest, [State.RANKED])
    if posted(contest):
        raise ActivityError("名次已经张榜，不能再改成绩。有错请在公告栏发更正通知。")
    _step(contest, [State.RANKED], state=State.RUNNING, ranked_at=None)
    contest.entrants.update(rank=None)
    _note("contest.reopened", contest, actor)


@transaction.atomic
def post(contest, *, honoured, level, granted_by, actor):
    """Post the ranking on the board, and give the first `honoured` places (at most ten) an honour; returns the Bulletin.

    The board is the deed's row in the trail, each honour is one of its own. Raises StaleState when it is posted already.
    """
    _held(contest, [State.RANKED], "先排名，再张榜。")
    if posted(contest):
        raise StaleState("名次已经张榜了。")
    bulletin = publish(
        board_of(contest, actor),
        period=periods.current_period(),
        actor=actor,
        unit=contest.unit,
        topic=topic_of(contest),
    )
    for row in contest.entrants.filter(rank__lte=min(honoured, len(PLACES))):
        row.honour = _honour(contest, row, level, granted_by, actor)
        row.save(update_fields=["honour"])
    return bulletin


def _honour(contest, row, level, granted_by, actor):
    name = f"{contest.name[:50]}第{PLACES[row.rank - 1]}名"
    facts = {"level": level, "granted_by": granted_by, "granted_on": timezone.localdate()}
    return papers.add(Honour, row.user or row.team, actor=actor, name=name, **facts)


@transaction.atomic
def cancel(contest, reason, *, actor):
    """The contest does not take place; why stays with it."""
    _step(contest, LIVE, state=State.CANCELLED, reason=reason)
    _note("contest.cancelled", contest, actor, {"reason": reason})


def _held(contest, states, sentence=STALE):
    """Hold the row of a contest until the end of the transaction; raises StaleState unless it is in one of these states."""
    if Contest.objects.select_for_update().get(pk=contest.pk).state not in states:
        raise StaleState(sentence)


def _step(contest, states, **facts):
    if not Contest.objects.filter(pk=contest.pk, state__in=states).update(**facts):
        raise StaleState(STALE)
    contest.refresh_from_db()


def _note(verb, contest, actor, after=None, before=None):
    audit.record(verb, contest, actor=actor, unit=contest.unit, before=before, after=after)

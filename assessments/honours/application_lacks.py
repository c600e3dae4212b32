"""What an application still lacks before it can be submitted: pure, on what its round froze. Complaints are sentences."""

import calendar
import datetime
from dataclasses import dataclass, field

from teams.figures import short_text

MONTHS = 12
"""A proof that is older than so many months when the round closes no longer stands for its criterion."""
LONGEST_STORY = 2000
OWNED, LACKING = 1, 0
"""The self score of a yes-no criterion without points: it is there, or it is not."""


@dataclass(frozen=True)
class Draft:
    """What somebody typed: `answers` are {criterion code: words}, `self_scores` {code: hundredths}, `declared` places of conditions.

    `reply` answers the questions with which it was returned.
    """

    story: str = ""
    answers: dict = field(default_factory=dict)
    self_scores: dict = field(default_factory=dict)
    declared: list = field(default_factory=list)
    reply: str = ""


@dataclass(frozen=True)
class Seen:
    """What a check of completeness knows of a proof: for which criterion or material, of which kind, of which day."""

    code: str
    kind: str
    date: datetime.date | None


@dataclass(frozen=True)
class Slot:
    """Where proofs are put: a criterion of the round or one of its materials, at its place among all of them."""

    place: int
    row: dict
    is_material: bool

    @property
    def name(self):
        """What it asks for."""
        return self.row["name"]

    @property
    def asks_files(self):
        """Whether nothing but a file can stand for it."""
        return self.is_material or self.row["evidence"] == ["file"]


@dataclass(frozen=True)
class Lack:
    """One thing to do, and the part of the page where it is done."""

    text: str
    place: str


def slots_of(frozen):
    """[Slot]: the criteria, then the materials."""
    rows = [(row, False) for row in frozen["criteria"]] + [(row, True) for row in frozen["materials"]]
    return [Slot(place, row, is_material) for place, (row, is_material) in enumerate(rows)]


def full_of(criterion):
    """The most that the applicant may give itself."""
    return criterion["points"] or OWNED


def oldest_day(until):
    """The first day that still counts when a round closes on `until`: the same day a year before."""
    year, month = until.year - MONTHS // 12, until.month
    return datetime.date(year, month, min(until.day, calendar.monthrange(year, month)[1]))


def promise(condition):
    """What the applicant confirms about a condition, for some months back where it is a veto."""
    if condition["kind"] == "veto":
        return f"最近 {condition['bar_months']} 个月没有这种情形：{condition['text']}"
    return condition["text"]


def standing(criterion, proofs, until):
    """How a criterion is proven: "empty", "outdated" (all too old), "unfit" (none of the kinds asked for) or "ok"."""
    own = [proof for proof in proofs if proof.code == criterion["code"]]
    if not own:
        return "empty"
    fresh = [proof for proof in own if proof.date is None or proof.date >= oldest_day(until)]
    if not fresh:
        return "outdated"
    asked = set(criterion["evidence"])
    return "ok" if not asked or asked & {proof.kind for proof in fresh} else "unfit"


def lacks(frozen, draft, proofs, until, *, is_returned=False):
    """[Lack] of a draft, in the order of the page; an empty list can be submitted. What was returned needs a reply."""
    return [
        *_unproven(frozen["criteria"], proofs, until),
        *_unscored(frozen["criteria"], draft.self_scores),
        *_undeclared(frozen["conditions"], draft.declared),
        *_missing_files(frozen["materials"], proofs, len(frozen["criteria"])),
        *_unanswered(draft.reply, is_returned),
        *_story(draft.story),
    ]


SAYS = {
    "empty": "还没有依据",
    "outdated": f"的依据都早于 {MONTHS} 个月，请补新的",
    "unfit": "的依据种类不对，请补可以作依据的",
}


def _unproven(criteria, proofs, until):
    for place, row in enumerate(criteria):
        found = standing(row, proofs, until) if row["must"] else "ok"
        if found != "ok":
            yield Lack(f"“{row['name']}”{SAYS[found]}", f"c-{place}")


def _unscored(criteria, scores):
    for number, row in enumerate(criteria):
        given, place = scores.get(row["code"]), f"c-{number}"
        if given is None:
            yield Lack(f"“{row['name']}”还没有自评", place)
        elif not 0 <= given <= full_of(row):
            yield Lack(f"“{row['name']}”自评要在 0 到 {short_text(full_of(row))} 分之间", place)
        elif row["must"] and row["method"] == "yes_no" and not given:
            yield Lack(f"“{row['name']}”是必须具备的，自评为“没有”不能提交", place)


def _undeclared(conditions, declared):
    for number, row in enumerate(conditions):
        if number not in declared:
            yield Lack(f"还没有承诺“{promise(row)}”", f"d-{number}")


def _missing_files(materials, proofs, before):
    there = {proof.code for proof in proofs}
    for place, row in enumerate(materials, before):
        if row["must"] and row["code"] not in there:
            yield Lack(f"还缺材料“{row['name']}”", f"c-{place}")


def _unanswered(reply, is_returned):
    if is_returned and not reply.strip():
        yield Lack("还没有写对退回意见的答复", "reply")


def _story(story):
    if not story.strip():
        yield Lack("事迹还没有写", "story")
    elif len(story) > LONGEST_STORY:
        yield Lack(f"事迹最多 {LONGEST_STORY} 字，现在有 {len(story)} 字", "story")


def self_total(frozen, scores):
    """(what the applicant gives itself, full marks) in hundredths, over the criteria that hold points."""
    rows = [row for row in frozen["criteria"] if row["points"]]
    return sum(scores.get(row["code"], 0) for row in rows), sum(row["points"] for row in rows)

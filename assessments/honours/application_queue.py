"""The lists of applications that wait at a level of recommendation, and how far they fill the quota."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from assessments.honours import application_access as reach
from assessments.honours.application_starts import obstacles
from assessments.honours.content import unit_at
from assessments.honours.quotas import Nominee, meter, problems, quota_at
from assessments.models import Application, Round
from teams.access import access_of, lines_by_unit
from teams.models import Unit

State = Application.State
DROPPED = (State.DRAFT, State.RETURNED, State.WITHDRAWN, State.REFUSED)
BEYOND = (State.RECOMMENDED, State.REVIEWING, State.SHORTLISTED, State.RESERVE, State.NOT_CHOSEN, State.NAMED)


@dataclass(frozen=True)
class Desk:
    """Where an opinion is given: a round, a step of its chain of recommendation, and the unit that gives it."""

    round: Round
    level: int
    unit: Unit

    @property
    def name(self):
        """The step as the round calls it, without the word for what is done there."""
        return _named(self.round.frozen["levels"][self.level])

    @property
    def is_last(self):
        """Whether whoever passes here is recommended for review."""
        return self.level + 1 == len(self.round.frozen["levels"])

    @property
    def next_name(self):
        """The step after this one; None after the last."""
        return None if self.is_last else _named(self.round.frozen["levels"][self.level + 1])


def _named(level):
    return level["name"].removesuffix("推荐")


def desks_of(user):
    """{Desk: [applications that wait there for the person's opinion]}, the round that closes first in front."""
    found = defaultdict(list)
    rows = reach.waiting(user)
    lines = lines_by_unit({row.unit_id for row in rows}) if rows else {}
    for row in rows:
        found[row.round_id, row.level, reach.level_unit(row, lines)].append(row)
    units = Unit.objects.in_bulk({unit for _, _, unit in found})
    desks = {Desk(rows[0].round, level, units[unit]): rows for (_, level, unit), rows in found.items()}
    return dict(sorted(desks.items(), key=lambda pair: (pair[0].round.apply_until, pair[0].round.pk, pair[0].level)))


def is_desk(user, desk):
    """Whether the person gives the opinion there."""
    roles = access_of(user).unit_roles.get(desk.unit.pk, set())
    return bool(roles & set(desk.round.frozen["levels"][desk.level]["roles"]))


def at_desk(desk):
    """(applications that wait there, those that have passed it) among the ones whose line leads over the desk."""
    rows = list(reach.WHOLE.filter(round=desk.round).exclude(state__in=DROPPED).order_by("submitted_at", "id"))
    lines = lines_by_unit({row.unit_id for row in rows}) if rows else {}
    here = [row for row in rows if _unit_at(row, desk.level, desk.round, lines) == desk.unit.pk]
    waiting = [row for row in here if row.state == State.SUBMITTED and row.level == desk.level]
    passed = [row for row in here if row.state in BEYOND or row.level > desk.level]
    return waiting, passed


def _unit_at(application, level, opened, lines):
    return unit_at(opened.frozen["levels"][level], lines[application.unit_id])


@dataclass(frozen=True)
class Tally:
    """How a list stands with the quota: the Meter, and sentences about what it breaks."""

    meter: object
    problems: list


def tally(desk, chosen):
    """The Tally of those that have passed the desk together with the chosen ones, who must not be barred."""
    _, passed = at_desk(desk)
    known, quota = {row.pk for row in passed}, quota_at(desk.round.frozen, desk.level)
    against = obstacles(desk.round.frozen, [row.subject for row in chosen], timezone.localdate()) if chosen else {}
    rows = [*passed, *(row for row in chosen if row.pk not in known)]
    nominees = [_nominee(row, against.get(row.subject, ())) for row in rows]
    return Tally(meter(quota, nominees), problems(quota, nominees))


def _nominee(row, bars):
    words = tuple(sentence.rstrip("。") for sentence in bars)
    return Nominee(str(row.subject), str(row.unit), row.is_front_line, words)

"""Reads about people's ways and papers: how a team is made up, who came and went, which certificates hold."""

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db.models import Case, Count, F, Prefetch, Q, Value, When
from django.utils import timezone

from teams.figures import coefficient_text
from teams.models import Certificate, Membership, Team, User
from teams.selectors import with_words

DUE_DAYS = 60
"""A certificate that ends within this many days is due to be renewed."""
STANDINGS = {
    "valid": "有效",
    "due": f"{DUE_DAYS} 天内到期",
    "expired": "已过期",
    "ended": "已到期",
    "withdrawn": "已注销",
}
"""What a paper's `standing` is called. An honour is not renewed: it is never due, and what has run out has ended."""
PARTY = {User.PoliticalStatus.PARTY_MEMBER, User.PoliticalStatus.PROBATIONARY}
DAY = datetime.timedelta(days=1)


# -- Papers ------------------------------------------------------------------------------------------------------------


def standing_of(when_over, *between):
    """The standing of a paper today as an expression: withdrawn, `when_over` after its last day, `between`, or valid."""
    over = When(expires_on__lt=timezone.localdate(), then=Value(when_over))
    withdrawn = When(withdrawn_on__isnull=False, then=Value("withdrawn"))
    return Case(withdrawn, over, *between, default=Value("valid"))


def names_of(model):
    """Names of papers of a kind already in use, for suggestions."""
    held = model.objects.filter(withdrawn_on__isnull=True)
    return held.order_by("name").values_list("name", flat=True).distinct()


def with_places(papers):
    """These papers; each person who holds one has the present membership as `open_memberships`."""
    present = Membership.objects.open().select_related("team__unit")
    return papers.prefetch_related(Prefetch("user__memberships", queryset=present, to_attr="open_memberships"))


# -- Certificates ------------------------------------------------------------------------------------------------------


def certificates_of(people):
    """Certificates in force of these people, what ends first in front; each has a `standing`, a key of STANDINGS."""
    return _with_standing(people).filter(withdrawn_on__isnull=True)


def _with_standing(people):
    due = When(expires_on__lte=timezone.localdate() + DUE_DAYS * DAY, then=Value("due"))
    rows = Certificate.objects.filter(user__in=people).annotate(standing=standing_of("expired", due))
    return rows.select_related("user").order_by(F("expires_on").asc(nulls_last=True), "user__employee_no", "name")


def certificates_in(teams, filters):
    """Certificates of the present members of these teams, narrowed by words `q` and a standing `state`.

    Withdrawn ones are there only when that standing is asked for.

    Each holder has the present membership as `user.open_memberships`.
    """
    wanted = filters.get("state")
    people = Membership.objects.open().filter(team__in=teams).values("user")
    rows = _with_standing(people) if wanted == "withdrawn" else certificates_of(people)
    rows = with_words(rows, filters.get("q", ""), "name__icontains", "user__name__icontains", "user__employee_no")
    if wanted:
        rows = rows.filter(standing=wanted)
    return with_places(rows)


def renewals(teams):
    """{team id: (how many certificates of its members are due, how many have expired)}, teams without any left out."""
    today, held = timezone.localdate(), "user__certificates"
    ending = {f"{held}__withdrawn_on__isnull": True, f"{held}__expires_on__lte": today + DUE_DAYS * DAY}
    rows = Membership.objects.open().filter(team__in=teams, **ending).values("team_id").order_by("team_id")
    expired = Count("pk", filter=Q(**{f"{held}__expires_on__lt": today}))
    return {
        row["team_id"]: (row["all"] - row["expired"], row["expired"])
        for row in rows.annotate(all=Count("pk"), expired=expired)
    }


def renewal_text(due, expired):
    """How many certificates need renewing, in words."""
    told = [f"{due} 本证书 {STANDINGS['due']}"] * bool(due) + [f"{expired} 本{STANDINGS['expired']}"] * bool(expired)
    return "，".join(told) if due else f"{expired} 本证书{STANDINGS['expired']}"


# -- How a team is made up ---------------------------------------------------------------------------------------------


@dataclass
class Profile:
    """A team in figures: heads, mean years of service (one decimal, None when nobody's is known), levels, Party members."""

    heads: int
    tenure: float | None
    skills: list
    party: int


def profile_of(members):
    """The Profile of these memberships; `skills` are (level, number of people), the highest level first."""
    today, people = timezone.localdate(), [member.user for member in members]
    served = [(today - person.hired_on).days / 365.25 for person in people if person.hired_on]
    levels = Counter(person.skill_level for person in people)
    skills = [(level.label, levels[level]) for level in reversed(User.SkillLevel) if levels[level]]
    tenure = round(sum(served) / len(served), 1) if served else None
    return Profile(len(people), tenure, skills, sum(person.political_status in PARTY for person in people))


# -- Who came and went -------------------------------------------------------------------------------------------------


@dataclass
class Step:
    """One step of a person's way through a team: the day, what happened, and the particulars in words."""

    date: datetime.date
    user: User
    what: str
    detail: str


def steps_of(team, *, with_coefficients):
    """Everybody's Steps in a team, newest first: joining, other duties and coefficients, leaving (on the last day)."""
    people = Membership.objects.filter(team=team).values("user")
    rows = Membership.objects.filter(user__in=people).select_related("user", "team__unit")
    ways = groupby(rows.order_by("user_id", "started_on", "id"), key=attrgetter("user_id"))
    steps = [step for _, way in ways for step in _way(team, list(way), with_coefficients)]
    return sorted(steps, key=attrgetter("date"), reverse=True)


def _way(team, rows, with_coefficients):
    """The Steps of one person, whose memberships `rows` are in order of time."""
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        if row.team_id == team.pk:
            stays = _follows(before, row) and before.team_id == team.pk
            yield from _changes(before, row, with_coefficients) if stays else [_joined(before, row)]
            if row.ended_on and not (_follows(row, after) and after.team_id == team.pk):
                yield _left(row, after)


def _follows(one, other):
    """Whether one membership takes over from the other without a day between."""
    return bool(one and other and one.ended_on and other.started_on - one.ended_on <= DAY)


def _joined(before, row):
    origin = f"从{_place(row.team, before.team)}调来，" if _follows(before, row) else ""
    return Step(row.started_on, row.user, "加入", f"{origin}{row.get_role_display()}")


def _left(row, after):
    return Step(row.ended_on, row.user, "离开", f"调往{_place(row.team, after.team)}" if _follows(row, after) else "")


def _place(here: Team, there: Team):
    """What a team is called by the people of another one."""
    return there.name if here.unit_id == there.unit_id else f"{there.unit.name}{there.name}"


def _changes(before, row, with_coefficients):
    if before.role != row.role:
        yield Step(row.started_on, row.user, "换职务", f"{before.get_role_display()} → {row.get_role_display()}")
    if with_coefficients and before.coefficient != row.coefficient:
        told = f"{coefficient_text(before.coefficient)} → {coefficient_text(row.coefficient)}"
        yield Step(row.started_on, row.user, "系数变更", told)

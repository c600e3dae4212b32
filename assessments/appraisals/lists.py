"""Reads of leader appraisals: how far a round is, its results, and what a leader is shown of the answers.

Before a round is closed only counts leave this module; of ballots only means and words in an order that tells nothing.
"""

from collections import defaultdict

from django.db.models import Count, Q

from assessments.appraisals.access import sides_of, waiting_for
from assessments.appraisals.figures import means_by_item
from assessments.models import Appraisal, BallotGiven, LeaderAppraisal
from teams.access import GRANTS, access_of, lines_by_unit
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import AuditEntry, Membership, UnitRole

SIDE_NAMES = {"self": "自评", "members": "民主测评", "superior": "上级评价"}
VERBS = {"self": "appraisal.self_rated", "superior": "appraisal.superior_rated"}
"""Under which verb the trail has the answers that may be changed."""
HEADERS = ["单位", "班组", "班组长", "工号", "自评", "民主测评", "测评份数", "上级评价", "总分", "等级"]


def with_own_rows(rounds, user):
    """The rounds in a list, each with `own`: the rows that the person answers or is rated in, `has_figures`, and `waiting`.

    That is how many leaders wait for the person's answer as superior.
    """
    rounds, access = list(rounds), access_of(user)
    rows = LeaderAppraisal.objects.filter(appraisal__in=rounds)
    given = set(BallotGiven.objects.filter(about__appraisal__in=rounds, user=user).values_list("about", flat=True))
    concerned = rows.filter(Q(leader=user) | Q(team__in=list(access.team_roles)))
    own = defaultdict(list)
    for row in concerned.select_related("appraisal", "leader", "team__unit"):
        row.turn = turn_of(row, user, row.pk in given)
        own[row.appraisal_id].append(row)
    shown = _waiting_by_round(rows.filter(team__unit__in=access.unit_ids("appraisal.view")), user)
    for found in rounds:
        found.own, found.has_figures = own[found.pk], found.pk in shown
        found.waiting = shown.get(found.pk, 0) if found.has_begun else 0
    return rounds


def _waiting_by_round(rows, user):
    """{round id: how many of these rows wait for the person as superior}, also when none does."""
    waiting = Count("pk", filter=waiting_for(user, access_of(user).unit_ids("appraisal.run")))
    return dict(rows.order_by().values_list("appraisal").annotate(waiting=waiting))


def free_title(unit, today):
    """What a new round of the unit may be called: after the quarter, and by number where that was held already."""
    title = f"{today.year}年{'一二三四'[(today.month - 1) // 3]}季度班组长测评"
    held = Appraisal.objects.filter(unit=unit, title__startswith=title).exclude(state=Appraisal.State.CANCELLED)
    taken = set(held.values_list("title", flat=True))
    names = [title, *(f"{title}（第 {number} 次）" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def with_notices(rounds):
    """The rounds in a list, each with what everybody in it is told: `extensions` and `cancellations`, entries of the trail."""
    rounds, verbs = list(rounds), {"appraisal.extended": "extensions", "appraisal.cancelled": "cancellations"}
    told = defaultdict(list)
    about = {"object_type": Appraisal._meta.label_lower, "object_id__in": [found.pk for found in rounds]}
    for entry in AuditEntry.objects.filter(verb__in=verbs, **about).select_related("actor").order_by("id"):
        told[entry.object_id, verbs[entry.verb]].append(entry)
    for found in rounds:
        found.extensions, found.cancellations = (told[found.pk, name] for name in verbs.values())
    return rounds


def last_answer(about, side):
    """The trail's entry of the last answer, "self" or "superior", or None."""
    facts = {"object_type": LeaderAppraisal._meta.label_lower, "object_id": about.pk, "verb": VERBS[side]}
    return AuditEntry.objects.filter(**facts).select_related("actor").order_by("id").last()


def is_answered(about, user):
    """Whether the person has given a ballot about this leader."""
    return BallotGiven.objects.filter(about=about, user=user).exists()


def turn_of(about, user, has_voted):
    """What the person still has to answer now: "self", "vote" or ""."""
    if not about.appraisal.is_asking:
        return ""
    if about.leader_id == user.pk:
        return "" if about.own_scores else "self"
    return "" if has_voted or "member" not in sides_of(user, about) else "vote"


def with_progress(rows):
    """The rows in a list, each with `answered` and `asked`: how many members have answered, and of how many.

    Members who answer as superiors are not asked.
    """
    rows = list(rows)
    given, present = defaultdict(set), defaultdict(set)
    for about, user in BallotGiven.objects.filter(about__in=rows).values_list("about", "user"):
        given[about].add(user)
    members = Membership.objects.open().filter(team__in={row.team_id for row in rows})
    for team, user in members.values_list("team", "user"):
        present[team].add(user)
    superiors = _superiors({row.team.unit_id for row in rows})
    for row in rows:
        row.answered = len(given[row.pk])
        row.asked = len((present[row.team_id] - superiors[row.team.unit_id] | given[row.pk]) - {row.leader_id})
    return rows


def _superiors(units):
    """{unit: ids of the people who rate the leaders of its teams as superiors}."""
    found, lines = defaultdict(set), lines_by_unit(units)
    roles = UnitRole.objects.filter(role__in=GRANTS["appraisal.run"], ended_on__isnull=True)
    for user, of in roles.values_list("user", "unit"):
        for unit, line in lines.items():
            if of in line:
                found[unit].add(user)
    return found


def still_missing(rows):
    """What the leaders of an open round still lack, e.g. "2 名班组长没有自评、7 名组员没有测评"; empty when nothing."""
    rows = with_progress(rows)
    counts = {
        "班组长没有自评": sum(not row.own_scores for row in rows),
        "组员没有测评": sum(row.asked - row.answered for row in rows),
        "班组长没有上级评价": sum(row.superior_id is None for row in rows),
    }
    return "、".join(f"{count} 名{what}" for what, count in counts.items() if count)


def missing_sides(about):
    """Names of the sides that had weight in a closed round but no figure."""
    figures = {"self": about.by_self, "members": about.by_members, "superior": about.by_superior}
    weights = {side: getattr(about.appraisal, f"weight_{side}") for side in figures}
    return [SIDE_NAMES[side] for side, figure in figures.items() if figure is None and weights[side]]


def answers_about(about):
    """What a closed round tells about a leader: `lines` (item, points, self, members' mean, superior) and `words`.

    Ballots come in the order of their random keys and are torn up: means of items here, words there, and neither unless
    enough members answered.
    """
    ballots = [ballot for ballot in about.ballots.all() if about.by_members is not None]
    means = means_by_item([ballot.scores for ballot in ballots])
    sides = [given or [None] * len(about.appraisal.items) for given in (about.own_scores, means, about.superior_scores)]
    lines = [
        {"name": name, "text": text, "points": points, "sides": figures}
        for (name, text, points), *figures in zip(about.appraisal.items, *sides, strict=True)
    ]
    return {"lines": lines, "words": sorted(ballot.words for ballot in ballots if ballot.words)}


def exported(rows):
    """The rows of a closed round as texts and figures for a workbook, in the order of HEADERS."""
    return [_line(row) for row in with_progress(rows)]


def _line(row):
    person = [row.team.unit, row.team, row.leader, row.leader.employee_no]
    sides = [_figure(row.by_self), _figure(row.by_members), Figure(str(row.answered)), _figure(row.by_superior)]
    return [*person, *sides, _figure(row.total), row.grade]


def _figure(value):
    return None if value is None else Figure(decimal_text(value))

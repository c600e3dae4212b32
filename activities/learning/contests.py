"""Reads of contests: those that a person meets, who may take part, the board and the workbook of one."""

from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone

from activities.learning.reach import unit_ids
from activities.models import Contest, Entrant
from bulletins.models import Bulletin
from bulletins.tables import Audience, Board, Column, Fact, Row
from teams.access import access_of, subtree_ids
from teams.downloads import Figure
from teams.figures import decimal_text, short_text
from teams.models import Membership, Team, User
from teams.selectors import with_words

State = Contest.State


def visible_to(user):
    """Contests of the units in sight, and those in which the person or the own team competes."""
    inside = Entrant.objects.filter(Q(user=user) | Q(team__in=access_of(user).team_roles)).values("contest")
    return Contest.objects.filter(Q(unit__in=unit_ids(user)) | Q(pk__in=inside)).select_related("unit", "created_by")


def listed(user, *, q="", state="", subject=""):
    """Those that the person may see, narrowed; what runs and what is planned in front."""
    rows = visible_to(user).annotate(heads=Count("entrants"))
    narrowed = {"state": state, "subject": subject}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    order = Case(When(state=State.RUNNING, then=Value(0)), When(state=State.PLANNED, then=Value(1)), default=Value(2))
    return with_words(rows, q, "name__icontains", "unit__name__icontains").order_by(order, "-starts_on", "-id")


def contest_for(user, pk):
    """The contest if the person may see it, else None."""
    return visible_to(user).filter(pk=pk).first()


def may_run(user, contest):
    return access_of(user).on_unit("contest.run", contest.unit_id)


def entrants_of(contest):
    """Entrants in the order of the ranking; before it by the best score, then in the order of entering."""
    best = F("score").asc(nulls_last=True) if contest.lower_is_better else F("score").desc(nulls_last=True)
    rows = contest.entrants.select_related("user", "team__unit", "honour")
    return list(rows.order_by(F("rank").asc(nulls_last=True), best, "id"))


def with_teams(entrants):
    """Give each person among the entrants the name of the present team as `place`; teams that of their unit."""
    members = Membership.objects.open().filter(user__in=[row.user_id for row in entrants if row.user_id])
    places = {member.user_id: member.team.name for member in members.select_related("team")}
    for row in entrants:
        row.place = row.team.unit.name if row.team_id else places.get(row.user_id, "")
    return entrants


def candidates(contest):
    """Who may still be entered: open teams of the unit and below, or their present members."""
    units = subtree_ids(contest.unit)
    if contest.subject == Contest.Subject.TEAM:
        taken = contest.entrants.values("team")
        return Team.objects.open().filter(unit__in=units).exclude(pk__in=taken).select_related("unit")
    members = Membership.objects.open().filter(team__unit__in=units).values("user")
    return User.objects.filter(pk__in=members).exclude(pk__in=contest.entrants.values("user")).order_by("employee_no")


def topic_of(contest):
    """Which matter of the contest boards of its unit this contest is."""
    return f"contest:{contest.pk}"


def posted(contest):
    """The board on which its ranking hangs, or None."""
    boards = Bulletin.objects.filter(kind=Bulletin.Kind.CONTEST, unit=contest.unit_id, topic=topic_of(contest))
    return boards.order_by("-revision").first()


def to_score(user):
    """Running contests whose last day has come and whose scores the person enters."""
    units = access_of(user).unit_ids("contest.run")
    rows = Contest.objects.filter(unit__in=units, state=State.RUNNING, ends_on__lte=timezone.localdate())
    return rows.order_by("ends_on", "id")


# -- The board -----------------------------------------------------------------------------------------------------------


def board_of(contest, actor):
    """The ranking as a Board: of teams for everybody, of people for those who sign in, their names as the policy says."""
    of_people = contest.subject == Contest.Subject.PERSON
    audience = Audience.SIGNED_IN if of_people else Audience.PUBLIC
    masked = {"mask": "name", "plain": Audience.UNIT} if of_people else {}
    columns = [
        Column("rank", "名次", audience=audience),
        Column("name", "姓名" if of_people else "班组", numeric=False, audience=audience, **masked),
        Column("place", "班组" if of_people else "单位", numeric=False, audience=audience),
        Column("score", "成绩", unit=contest.measured_in, audience=audience),
    ]
    rows = [Row(row.user_id, _cells(row)) for row in with_teams(entrants_of(contest))]
    facts = [Fact("参赛", str(len(rows))), Fact("日期", _days(contest))]
    parties = {"proposers": sorted({contest.created_by_id, actor.pk})}
    return Board(Bulletin.Kind.CONTEST, contest.name, facts, columns, rows, notes=_notes(contest), parties=parties)


def _cells(row):
    score = "" if row.score is None else short_text(row.score)
    return {"rank": str(row.rank or "—"), "name": str(row), "place": row.place, "score": score}


def _days(contest):
    one = contest.starts_on == contest.ends_on
    return str(contest.starts_on) if one else f"{contest.starts_on} 到 {contest.ends_on}"


def _notes(contest):
    better = "低" if contest.lower_is_better else "高"
    return [f"成绩越{better}名次越前，成绩相同名次并列。", *filter(None, map(str.strip, contest.rules.splitlines()))]


HEADERS = ["名次", "姓名或班组", "工号", "单位或班组", "成绩", "成绩单位", "荣誉"]


def exported(contest):
    """Rows of a workbook under HEADERS."""
    return [
        [
            Figure(str(row.rank)) if row.rank else "",
            str(row),
            row.user.employee_no if row.user_id else "",
            row.place,
            "" if row.score is None else Figure(decimal_text(row.score)),
            contest.measured_in,
            row.honour.name if row.honour_id else "",
        ]
        for row in with_teams(entrants_of(contest))
    ]

"""Reads of mentorships: those that a person may see, what waits for whom, who may stand in one."""

import datetime

from django.db.models import Case, Q, Value, When
from django.utils import timezone

from activities.models import Mentorship
from teams.access import access_of, subtree_ids
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import Membership, User
from teams.selectors import with_words

State = Mentorship.State
TRIAL = datetime.timedelta(days=30)
"""How long either of the two may say that it does not fit, once the agreement runs."""


def may_object_until(mentorship):
    """The last day on which either may object; None while it waits for them."""
    if mentorship.state == State.PROPOSED:
        return None
    agreed = (mentorship.mentor_agreed_at, mentorship.apprentice_agreed_at)
    begun = max(timezone.localdate(moment) for moment in agreed)
    return max(begun, mentorship.starts_on) + TRIAL


def visible_to(user):
    """Agreements of the teams in sight, and the own ones."""
    own = Q(mentor=user) | Q(apprentice=user)
    teams = access_of(user).teams("team.view")
    rows = Mentorship.objects.filter(own | Q(team__in=teams.values("pk")))
    return rows.select_related("team__unit", "mentor", "apprentice", "examiner", "proposed_by")


def listed(user, *, q="", team=None, state=""):
    """Those that the person may see, narrowed; what waits and runs in front."""
    rows = visible_to(user)
    if team:
        rows = rows.filter(team=team)
    if state:
        rows = rows.filter(state=state)
    rows = with_words(rows, q, *(f"{part}__{name}" for part in ("mentor", "apprentice") for name in NAMES))
    order = Case(When(state=State.PROPOSED, then=Value(0)), When(state=State.RUNNING, then=Value(1)), default=Value(2))
    return rows.order_by(order, "-starts_on", "-id")


NAMES = ("name__icontains", "employee_no")


def mentorship_for(user, pk):
    """The agreement if the person may see it, else None."""
    return visible_to(user).filter(pk=pk).first()


def shows_result(user, mentorship):
    """Whether the person sees the score and why it ended: the two, the examiner, and who looks after such agreements."""
    access = access_of(user)
    hands = (mentorship.mentor_id, mentorship.apprentice_id, mentorship.examiner_id)
    may = any(access.on_team(name, mentorship.team) for name in ("mentorship.manage", "mentorship.examine"))
    return user.pk in hands or may


def apprentices_of(team):
    """Present members of a team without an open agreement."""
    taken = Mentorship.objects.filter(state__in=[State.PROPOSED, State.RUNNING]).values("apprentice")
    members = Membership.objects.open().filter(team=team).values("user")
    return User.objects.filter(pk__in=members).exclude(pk__in=taken).order_by("employee_no")


def mentors_for(team):
    """Present members of the teams of the unit: a master need not be of the same team."""
    members = Membership.objects.open().filter(team__unit__in=subtree_ids(team.unit)).values("user")
    return User.objects.filter(pk__in=members).order_by("employee_no")


def to_confirm(user):
    """Agreements that wait for the person's own yes."""
    own = Q(mentor=user, mentor_agreed_at__isnull=True) | Q(apprentice=user, apprentice_agreed_at__isnull=True)
    return Mentorship.objects.filter(own, state=State.PROPOSED).select_related("mentor", "apprentice")


def exported(rows, shown):
    """Rows of a workbook under HEADERS; `shown` says of a row whether its result may be told."""
    return [
        [
            *(row.team.unit.name, row.team.name, row.mentor.name, row.mentor.employee_no),
            *(row.apprentice.name, row.apprentice.employee_no),
            *(str(row.starts_on), str(row.ends_on), row.get_state_display()),
            str(row.exam_on or ""),
            *(_result(row) if shown(row) else ("", "")),
        ]
        for row in rows
    ]


def _result(row):
    return "" if row.exam_score is None else Figure(decimal_text(row.exam_score)), row.outcome


HEADERS = [
    *("单位", "班组", "师傅", "师傅工号", "徒弟", "徒弟工号"),
    *("开始", "结束", "状态", "考核日期", "成绩（分）", "结果"),
]

"""How people grow: one person's page, and the list of a unit's backbone with the figures of its training."""

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.learning import hours
from activities.learning.reach import present
from activities.models import Contest, Entrant, Mentorship, Participant
from teams import careers
from teams.access import access_of
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import Certificate, Honour, Membership, User
from teams.selectors import with_words

LEADERS = [Membership.Role.LEADER, Membership.Role.DEPUTY]
SKILLED = [User.SkillLevel.SENIOR, User.SkillLevel.TECHNICIAN, User.SkillLevel.SENIOR_TECHNICIAN]
LEADER_TRAINING = "leader_training"
"""The code of the kind of records about the training of leaders."""
FIRST_PLACES = 3
TAKEN = [Mentorship.State.RUNNING, Mentorship.State.PASSED]
"""Agreements that say of somebody that he leads an apprentice, or has."""


def teams_to_see(user):
    """Teams whose people's growth the person looks after."""
    return access_of(user).teams("mentorship.manage")


def may_see(user, person):
    """Whether the person's page is open: one's own, and those of the teams one looks after."""
    if user.pk == person.pk:
        return True
    return Membership.objects.open().filter(user=person, team__in=teams_to_see(user)).exists()


def person_page(person, year):
    """Everything that the page of a person shows, as a dict for its template."""
    pair = Q(mentor=person) | Q(apprentice=person)
    return {
        "member": present_of(person),
        "hours": hours.own(person, year),
        "certificates": careers.certificates_of([person]),
        "honours": Honour.objects.filter(user=person, withdrawn_on__isnull=True),
        "mentorships": Mentorship.objects.filter(pair).select_related("mentor", "apprentice", "team"),
        "entries": _places_of(person),
        "lectures": hours.lectures_by([person.pk])[person.pk],
        "steps": person.memberships.select_related("team__unit").order_by("-started_on"),
    }


def present_of(person):
    """The present membership of a person, or None."""
    return Membership.objects.open().filter(user=person).select_related("team__unit").first()


def _places_of(person):
    rows = Entrant.objects.filter(user=person, contest__state=Contest.State.RANKED).select_related("contest", "honour")
    return rows.order_by("-contest__ends_on", "-id")


# -- The backbone --------------------------------------------------------------------------------------------------------

WHO = {
    "leaders": "班长、副班长",
    "skilled": "高级工及以上",
    "mentors": "带徒弟的",
    "honoured": "有荣誉的",
    "untrained": "今年没有学时的",
}


@dataclass
class Line:
    """One person of the list with counts; hours are hundredths of the year."""

    member: Membership
    hours: int
    lectures: int


def listed(teams, year, *, q="", who=""):
    """Present memberships of these teams with counts of papers, apprentices and first places, narrowed by a key of WHO."""
    rows = with_words(present(teams), q, "user__name__icontains", "user__employee_no")
    if who:
        rows = rows.filter(_who(year)[who])
    return rows.annotate(
        certificates=_count(Certificate.objects.filter(user=OuterRef("user"), withdrawn_on__isnull=True), "user"),
        honours=_count(Honour.objects.filter(user=OuterRef("user"), withdrawn_on__isnull=True), "user"),
        apprentices=_count(Mentorship.objects.filter(mentor=OuterRef("user"), state__in=TAKEN), "mentor"),
        first_places=_count(Entrant.objects.filter(user=OuterRef("user"), rank__lte=FIRST_PLACES), "user"),
    )


def _count(rows, by):
    counted = rows.order_by().values(by).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _who(year):
    taught = Participant.objects.filter(user=OuterRef("user"), activity__in=hours.counting(year), activity__hours__gt=0)
    alone = hours.counting(year).filter(kind__code=hours.ALONE, recorded_by=OuterRef("user"))
    return {
        "leaders": Q(role__in=LEADERS),
        "skilled": Q(user__skill_level__in=SKILLED),
        "mentors": Exists(Mentorship.objects.filter(mentor=OuterRef("user"), state__in=TAKEN)),
        "honoured": Exists(Honour.objects.filter(user=OuterRef("user"), withdrawn_on__isnull=True)),
        "untrained": ~Exists(taught) & ~Exists(alone),
    }


def lines(members, year):
    """[Line] of these memberships."""
    members = list(members)
    ids = [member.user_id for member in members]
    learnt, lectures = hours.hours_of(ids, year), hours.lectures_by(ids, year)
    return [Line(member, learnt[member.user_id].total(), lectures[member.user_id]) for member in members]


@dataclass(frozen=True)
class Figures:
    """The training of some teams in a year: how many people, how many of them learnt, hours (hundredths) altogether,
    leaders and how many of them were trained as such, skilled people, agreements that run and that were passed this year.
    """

    people: int
    learnt: int
    hours: int
    leaders: int
    leaders_trained: int
    skilled: int
    running: int
    passed: int

    @property
    def mean(self):
        return self.hours // self.people if self.people else 0


def figures(teams, year):
    """The Figures of the present members of these teams."""
    members = Membership.objects.open().filter(team__in=teams)
    learnt = hours.hours_of(members.values("user"), year)
    trained = Participant.objects.filter(
        user=OuterRef("user"), activity__in=hours.counting(year).filter(kind__code=LEADER_TRAINING)
    )
    counts = members.aggregate(
        people=Count("pk"),
        leaders=Count("pk", filter=Q(role__in=LEADERS)),
        leaders_trained=Count("pk", filter=Q(Exists(trained), role__in=LEADERS)),
        skilled=Count("pk", filter=Q(user__skill_level__in=SKILLED)),
    )
    total = [row.total() for row in learnt.values()]
    return Figures(**counts, **_agreements(teams, year), learnt=sum(map(bool, total)), hours=sum(total))


def _agreements(teams, year):
    running = Count("pk", filter=Q(state=Mentorship.State.RUNNING))
    passed = Count("pk", filter=Q(state=Mentorship.State.PASSED, exam_on__year=year))
    return Mentorship.objects.filter(team__in=teams).aggregate(running=running, passed=passed)


HEADERS = [
    "单位",
    "班组",
    "工号",
    "姓名",
    "职务",
    "技能等级",
    "证书（本）",
    "荣誉（项）",
    "带徒（人）",
    "竞赛前三（次）",
]
HEADERS += ["讲课（次）", "学时"]
TOTALS = ("学时",)
"""What an export adds up."""


def exported(rows):
    """Rows of a workbook under HEADERS, of [Line]."""
    return [_exported(line, line.member, line.member.user) for line in rows]


def _exported(line, member, user):
    counts = (member.certificates, member.honours, member.apprentices, member.first_places, line.lectures)
    who = (user.employee_no, user.name, member.get_role_display(), user.get_skill_level_display())
    figures_of = [Figure(str(count)) for count in counts]
    return [member.team.unit.name, member.team.name, *who, *figures_of, Figure(decimal_text(line.hours))]


def years():
    """Years to choose from, the present one first."""
    this = timezone.localdate().year
    return [this - back for back in range(5)]

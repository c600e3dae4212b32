"""Which open rounds a person may apply in, and for whom: the own team, the own person, a member, the own studio."""

from dataclasses import dataclass

from django.utils import timezone

from assessments.honours.bars import bars_by_subject
from assessments.models import Application, Programme, Round, Studio, Title
from teams.access import access_of, home_unit, line_of, lines_by_unit
from teams.models import Membership, Team, Unit

Subject = Programme.Subject
State = Application.State
OVER = (State.WITHDRAWN, State.REFUSED)
"""States after which somebody may apply again in the same round."""
COLUMNS = {Subject.TEAM: "team", Subject.PERSON: "user", Subject.STUDIO: "studio"}
"""The column of an application or a title that names its subject."""
DEMANDS = {"leading": {Membership.Role.LEADER, Membership.Role.DEPUTY}}
"""Conditions, by their code, that only people with one of these duties in their team meet."""


@dataclass(frozen=True)
class Applicant:
    """Somebody for whom the person may apply in a round: a Team, a User or a Studio, of a unit."""

    subject: object
    unit: Unit
    is_front_line: bool
    duty: str = ""

    @property
    def key(self):
        """What a form calls it."""
        return f"{self.subject._meta.model_name}-{self.subject.pk}"

    @property
    def duty_name(self):
        """What the person is in the own team, in words; empty for teams, studios and who is in none."""
        return Membership.Role(self.duty).label if self.duty else ""

    @property
    def columns(self):
        """The columns of an Application that say who applies."""
        return {self.subject._meta.model_name: self.subject, "unit": self.unit, "is_front_line": self.is_front_line}


def open_rounds(user):
    """Rounds in which the person's unit or one below it can apply today, the first to close in front."""
    today = timezone.localdate()
    rows = Round.objects.filter(state=Round.State.OPEN, opens_on__lte=today, apply_until__gte=today)
    return rows.filter(programme__unit__in=_line(user)).select_related("programme__unit").order_by("apply_until", "id")


def _line(user):
    access, home = access_of(user), home_unit(user)
    units = {*access.units("team.view").values_list("id", flat=True), *([home.pk] if home else [])}
    studio = Studio.objects.filter(leader=user, ended_on__isnull=True).values_list("unit", flat=True)
    return set().union(*lines_by_unit({*units, *studio}).values())


def applicants_for(user, opened):
    """[Applicant] for whom the person may still apply in an open round."""
    asked, subject = set(opened.frozen["applicants"]), opened.frozen["subject"]
    sources = {Subject.TEAM: _teams, Subject.PERSON: _people, Subject.STUDIO: _studios}
    found = [row for row in sources[subject](user, asked) if opened.programme.unit_id in line_of(row.unit)]
    there, demands = _there(opened, subject), demands_of(opened)
    fitting = [row for row in found if subject != Subject.PERSON or all(row.duty in duties for _, duties in demands)]
    return [row for row in fitting if row.subject.pk not in there]


def demands_of(opened):
    """[(what is asked of a person's duty, the duties that meet it)] as the round froze it."""
    rows = opened.frozen["conditions"]
    return [(row["text"], DEMANDS[row["code"]]) for row in rows if row["kind"] == "must" and row["code"] in DEMANDS]


def _there(opened, subject):
    return set(opened.applications.exclude(state__in=OVER).values_list(COLUMNS[subject], flat=True))


def _led(user, asked):
    """Open teams in which the person has a duty that files applications and that the round lets apply."""
    access = access_of(user)
    own = [pk for pk in access.duty_teams("application.file") if access.team_roles[pk] in asked]
    return Team.objects.open().filter(pk__in=own).select_related("unit")


def _teams(user, asked):
    return [Applicant(team, team.unit, True) for team in _led(user, asked)]


def _people(user, asked):
    mates = Membership.objects.open().filter(team__in=_led(user, asked)).select_related("team__unit", "user")
    found = [Applicant(row.user, row.team.unit, True, row.role) for row in mates.order_by("user__employee_no")]
    if "self" in asked and user not in [row.subject for row in found] and home_unit(user):
        member = Membership.objects.open().filter(user=user).first()
        found.insert(0, Applicant(user, home_unit(user), bool(member), member.role if member else ""))
    return found


def _studios(user, asked):
    rows = Studio.objects.filter(leader=user, ended_on__isnull=True).select_related("unit")
    at_work = Membership.objects.open().filter(user=user).exists()
    return [Applicant(row, row.unit, at_work) for row in rows] if "studio_leader" in asked else []


def obstacles(frozen, subjects, on):
    """{subject: sentences} about why each may not be named: bars, and a pool of former winners that it is not in."""
    found = bars_by_subject(subjects, frozen["conditions"], on)
    if frozen.get("pool"):
        title, winners = Programme.objects.get(pk=frozen["pool"]).title, _winners(frozen)
        for subject in subjects:
            found[subject] += [] if subject.pk in winners else [f"只有得过“{title}”的才能申报"]
    return found


def _winners(frozen):
    name = COLUMNS[frozen["subject"]]
    kept = Title.objects.filter(programme=frozen["pool"]).exclude(state=Title.State.REVOKED)
    return set(kept.values_list(name, flat=True))


def told(sentences):
    """Several obstacles in one line."""
    return "；".join(sentence.rstrip("。") for sentence in sentences)

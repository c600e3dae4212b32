"""Who has to step aside from an application: each reason of the roster, and random rosters against a plain model."""

import random

import pytest
from django.utils import timezone

from activities.models import Mentorship
from assessments.honours.conflicts import conflict, conflicts
from assessments.models import Application, ApplicationStep, Studio, StudioMember
from teams.models import Membership, UnitRole
from tests import factories as make
from tests.applying import DAY, make_programme, open_round

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.datetime(2020, 1, 1).date()


class Place:
    """A plant with a unit, a part of it with a team, and a round of the plant."""

    def __init__(self):
        self.root = make.make_unit("本厂")
        self.unit = make.make_unit("运行部", self.root)
        self.part = make.make_unit("一车间", self.unit)
        self.team = make.make_team(self.part, "一值")
        self.leader, self.worker = make.make_member(self.team, "leader"), make.make_member(self.team)
        self.union = make.give_role(self.root, "union")
        self.other = make.make_unit("检修部", self.root)
        self.outsider = make.make_member(make.make_team(self.other, "检修班"))
        self.rounds = {}

    def application(self, organiser=None, **columns):
        """An application of the team, or of who the columns name."""
        organiser, subject = organiser or self.root, next(iter(columns), "team")
        if (organiser, subject) not in self.rounds:
            programme = make_programme(organiser, {"user": "person"}.get(subject, subject))
            self.rounds[organiser, subject] = open_round(programme, self.union)
        facts = {"unit": self.part, "filed_by": self.leader, "number": f"T{Application.objects.count()}"}
        facts |= columns or {"team": self.team}
        return Application.objects.create(round=self.rounds[organiser, subject], **facts)

    def studio(self, leader, *members):
        rows = Studio.objects.count()
        facts = {"name": f"工作室{rows}", "kind": "teaching", "founded_on": LONG_AGO, "created_by": self.union}
        studio = Studio.objects.create(unit=self.part, leader=leader, **facts)
        for who in members:
            StudioMember.objects.create(studio=studio, user=who, joined_on=LONG_AGO)
        return studio

    def pair(self, mentor, apprentice, state="ended"):
        days = {"starts_on": LONG_AGO, "ends_on": LONG_AGO + 300 * DAY}
        facts = {"team": self.team, "aims": "会看图", "proposed_by": self.union, "state": state}
        return Mentorship.objects.create(mentor=mentor, apprentice=apprentice, **days, **facts)


@pytest.fixture
def place():
    return Place()


def test_somebody_with_nothing_to_do_with_it_may_review(place):
    assert conflict(place.application(), place.outsider) == ""
    assert conflict(place.application(user=place.worker), place.outsider) == ""
    assert conflict(place.application(studio=place.studio(place.worker, place.worker)), place.outsider) == ""


def test_the_applicant_and_who_filed_it(place):
    application = place.application(user=place.outsider)
    assert conflict(application, place.outsider) == "是申报人本人"
    assert conflict(application, place.leader) == "填写了这份申报"


def test_who_gave_an_opinion_on_it(place):
    application = place.application()
    facts = {"application": application, "unit": place.root, "actor": place.outsider}
    ApplicationStep.objects.create(action="start", state="draft", **facts)
    assert conflict(application, place.outsider) == ""
    ApplicationStep.objects.create(action="pass_up", state="submitted", text="同意", **facts)
    assert conflict(application, place.outsider) == "给这份申报写过推荐意见"


def test_members_and_former_members_of_the_team(place):
    former = make.make_member(place.team, ended_on=timezone.localdate() - DAY)
    application = place.application(user=place.worker)
    for found in (place.application(), application):
        mate = make.make_member(place.team)
        assert conflict(found, mate) == "是申报班组的成员"
        assert conflict(found, former) == "曾是申报班组的成员"


def test_members_and_former_members_and_the_leader_of_a_studio(place):
    leader, member, former = (make.make_member(place.outsider.memberships.get().team) for _ in range(3))
    studio = place.studio(leader, member, former)
    StudioMember.objects.filter(user=former).update(left_on=timezone.localdate())
    application = place.application(studio=studio)
    assert [conflict(application, who) for who in (leader, member, former)] == [
        "是申报工作室的成员",
        "是申报工作室的成员",
        "曾是申报工作室的成员",
    ]


def test_mentors_and_apprentices_of_anybody_who_applies(place):
    for one, other in ((place.outsider, place.worker), (place.worker, place.outsider)):
        pair = place.pair(one, other)
        assert conflict(place.application(), place.outsider) == "和申报方有师徒关系"
        Application.objects.all().delete()
        Mentorship.objects.filter(pk=pair.pk).update(state="proposed")
        assert conflict(place.application(), place.outsider) == ""
        Application.objects.all().delete()
        pair.delete()


def test_managers_between_the_applicant_and_the_organiser(place):
    application = place.application()
    assert conflict(application, make.give_role(place.part, "manager")) == "是管申报单位的负责人"
    assert conflict(application, make.give_role(place.unit, "manager")) == "是管申报单位的负责人"
    assert conflict(application, make.give_role(place.root, "manager")) == ""
    assert conflict(application, make.give_role(place.unit, "assessor")) == ""


def test_people_of_the_own_unit(place):
    mate = make.make_member(make.make_team(place.part, "二值"))
    holder = make.give_role(place.part, "assessor")
    application = place.application()
    assert [conflict(application, who) for who in (mate, holder)] == ["和申报方在同一单位"] * 2


def test_where_the_organiser_is_the_own_unit_only_what_is_closer_counts(place):
    mate = make.make_member(make.make_team(place.part, "二值"))
    application = place.application(place.part)
    assert conflict(application, mate) == ""
    assert conflict(application, place.worker) == "是申报班组的成员"
    assert conflict(application, make.give_role(place.part, "manager")) == "是管申报单位的负责人"


def test_the_same_few_questions_for_one_pair_and_for_many(place, django_assert_num_queries):
    mate = make.make_member(place.team)
    for subject in (place.worker, mate):
        place.application(user=subject)
        place.application(studio=place.studio(subject, subject))
    people = [place.outsider, place.leader, place.worker]
    rows = list(Application.objects.select_related("round__programme", "studio").order_by("id"))
    for applications, reviewers in ((rows[:2], people[:1]), (rows, people)):
        with django_assert_num_queries(11):
            conflicts(applications, reviewers)
    assert len(conflicts(rows, people)) == 8


# -- Random rosters against a plain model --------------------------------------------------------------------------------


def plain(application, who):
    """Whether the person has to step aside, asked one thing after the other, each of the database."""
    open_rows = Membership.objects.filter(ended_on__isnull=True)
    team = application.team
    if application.user:
        team = next((row.team for row in open_rows.filter(user=application.user)), None)
    studio = application.studio
    people = {application.user} | ({studio.leader} if studio else set())
    people |= {row.user for row in open_rows.filter(team=team)} if application.team else set()
    people |= (
        {row.user for row in StudioMember.objects.filter(studio=studio, left_on__isnull=True)} if studio else set()
    )
    units, unit = [], application.unit
    while unit and unit != application.round.programme.unit:
        units.append(unit)
        unit = unit.parent
    homes = {row.team.unit for row in open_rows.filter(user=who)}
    roles = UnitRole.objects.filter(user=who, ended_on__isnull=True)
    pairs = [(row.mentor, row.apprentice) for row in Mentorship.objects.exclude(state="proposed")]
    return (
        who in (application.user, application.filed_by)
        or ApplicationStep.objects.filter(application=application, actor=who, action="pass_up").exists()
        or (team is not None and Membership.objects.filter(user=who, team=team).exists())
        or (studio is not None and (who == studio.leader or studio.members.filter(user=who).exists()))
        or any({one, other} == {who, mate} for one, other in pairs for mate in people - {None})
        or any(row.unit in [application.unit, *units] for row in roles.filter(role="manager"))
        or (bool(units) and application.unit in homes | {row.unit for row in roles})
    )


def roster(place, lot):
    """A random roster in three units: teams, people who moved, roles, pairs, studios and applications of every kind."""
    units = [place.root, place.unit, place.part, place.other]
    teams = [make.make_team(unit) for unit in lot.choices(units[1:], k=4)]
    people = [make.make_user() for _ in range(8)]
    for who in people:
        if lot.random() < 0.4:
            days = {"started_on": LONG_AGO, "ended_on": LONG_AGO + 900 * DAY}
            make.make_member(lot.choice(teams), user=who, **days)
        if lot.random() < 0.7:
            make.make_member(lot.choice(teams), user=who, started_on=LONG_AGO + 1000 * DAY)
        if lot.random() < 0.4:
            make.give_role(lot.choice(units), lot.choice(["manager", "assessor"]), who)
    for one, other in (lot.sample(people, 2) for _ in range(2)):
        place.pair(one, other, lot.choice(["ended", "passed", "failed"]))
    return teams, people


def applications_of(place, lot, teams, people):
    for _ in range(5):
        kind, organiser = lot.choice(["team", "user", "studio"]), lot.choice([place.root, place.unit])
        subject = {"team": lot.choice(teams), "user": lot.choice(people)}.get(kind) or _studio(place, lot, people)
        unit = subject.unit if kind == "team" else lot.choice([place.unit, place.part])
        if Application.objects.filter(**{kind: subject}).exists():
            continue
        row = place.application(organiser, **{kind: subject}, unit=unit, filed_by=lot.choice(people))
        if lot.random() < 0.5:
            facts = {"unit": place.root, "actor": lot.choice(people), "text": "同意", "state": "submitted"}
            ApplicationStep.objects.create(application=row, action="pass_up", **facts)
    return list(Application.objects.select_related("round__programme__unit", "team", "user", "studio"))


def _studio(place, lot, people):
    leader, member, former = lot.sample(people, 3)
    studio = place.studio(leader, leader, member, former)
    StudioMember.objects.filter(user=former, studio=studio).update(left_on=timezone.localdate())
    return studio


@pytest.mark.parametrize("seed", range(12))
def test_a_random_roster_gives_the_conflicts_of_the_plain_model(place, seed):
    lot = random.Random(seed)
    teams, people = roster(place, lot)
    rows = applications_of(place, lot, teams, people)
    found = conflicts(rows, people)
    assert rows
    assert set(found) == {(row.pk, who.pk) for row in rows for who in people if plain(row, who)}


def test_control_the_random_rosters_have_both_kinds_of_pairs(place):
    lot = random.Random(1)
    teams, people = roster(place, lot)
    rows = applications_of(place, lot, teams, people)
    assert 0 < len(conflicts(rows, people)) < len(rows) * len(people)

"""Hours by person and team, lecturers, growth and backbone: from records that count, none of the confidential ones."""

import io

import pytest
from django.urls import reverse

from activities.learning import growth, hours
from activities.models import Activity
from teams.models import AuditEntry, Team, User
from teams.workbooks import read_workbook
from tests import factories as make
from tests.activities.learning import kind, record, running, today, write_vision

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def leader(team):
    return make.make_member(team, "leader")


@pytest.fixture
def worker(team):
    return make.make_member(team)


@pytest.fixture
def study(team, leader):
    """Keeps an activity of a kind with hours, of the team."""

    def keep(code, *people, **facts):
        return record(kind(team.unit, code), *people, unit=team.unit, team=team, actor=leader, **facts)

    return keep


def own(user):
    return dict(hours.own(user, YEAR).hours)


def test_hours_go_by_level(study, worker, leader):
    for code, many in (("company_class", 200), ("branch_class", 100), ("team_class", 50), ("lecture", 100)):
        study(code, worker, hours=many)
    study("team_class", worker, leader, hours=50)
    assert own(worker) == {"company": 200, "branch": 100, "team": 100, "other": 100}
    assert own(leader) == {"team": 50}


@pytest.mark.parametrize("state", ["draft", "replaced", "voided"])
def test_what_does_not_count_gives_no_hours(study, worker, state):
    study("team_class", worker, state=state, reason="记错了")
    study("team_class", worker, privacy="confidential")
    assert own(worker) == {}
    study("team_class", worker)
    assert own(worker) == {"team": 100}


def test_hours_belong_to_the_year_of_the_day(study, worker):
    study("team_class", worker, date=today().replace(year=YEAR - 1, day=1))
    assert (own(worker), hours.own(worker, YEAR - 1).total) == ({}, 100)


def test_what_is_learnt_alone_counts_as_typed(study, worker):
    study("self_study", hours=0, recorded_by=worker, values={"topic": "识图", "hours_spent": 250})
    study("self_study", hours=0, recorded_by=worker, values={"topic": "识图", "hours_spent": "两小时"})
    assert own(worker) == {"alone": 250}


def test_a_team_has_the_hours_of_its_members_a_head(study, team, worker, leader):
    empty = make.make_team(team.unit)
    study("team_class", worker, leader, hours=75)
    rows = {row.of: row for row in hours.by_team(Team.objects.filter(pk__in=[team.pk, empty.pk]), YEAR)}
    assert (rows[team].heads, rows[team].total, rows[team].mean) == (2, 150, 75)
    assert (rows[empty].heads, rows[empty].total, rows[empty].mean) == (0, 0, 0)


def test_lecturers_are_whom_the_record_names_else_its_host(study, worker, leader):
    study("team_class", leader, values={"speaker": worker.pk, "score": 9200})
    study("team_class", leader, values={"speaker": worker.pk, "score": 8800})
    study("company_class", worker, values={"lecturer": "外请王教授"})
    study("branch_class", worker, host=leader)
    study("collective_study", worker, host=leader)
    found = {row.name: (dict(row.lectures), row.score) for row in hours.lecturers(leader, YEAR)}
    assert found == {
        worker.name: ({"team": 2}, 9000),
        "外请王教授": ({"company": 1}, None),
        leader.name: ({"branch": 1}, None),
    }
    assert [row.name for row in hours.lecturers(leader, YEAR, level="team")] == [worker.name]
    assert [row.user for row in hours.lecturers(leader, YEAR, q=worker.employee_no)] == [worker]


def test_a_name_is_the_members_unless_two_have_it(study, worker, leader, team):
    study("lecture", leader, values={"speaker": worker.name})
    study("team_class", leader, values={"speaker": worker.pk})
    assert [(row.user, row.total) for row in hours.lecturers(leader, YEAR)] == [(worker, 2)]
    assert hours.lectures_by([worker.pk, leader.pk], YEAR) == {worker.pk: 2}
    make.make_member(team, user=make.make_user(name=worker.name))
    assert {(row.user, row.total) for row in hours.lecturers(leader, YEAR)} == {(worker, 1), (None, 1)}
    assert hours.lectures_by([worker.pk]) == {worker.pk: 1}


def test_lectures_of_teams_out_of_sight_are_not_told(study, worker):
    study("team_class", values={"speaker": worker.pk}, privacy="team")
    stranger = make.make_member(make.make_team())
    assert hours.lecturers(stranger, YEAR) == []


def test_the_page_shows_own_hours_and_those_in_sight(client, study, team, worker, leader):
    study("team_class", worker, hours=150)
    make.make_member(make.make_team(), user=make.make_user(name="外人"))
    client.force_login(worker)
    page = client.get(reverse("activities:learning"))
    assert page.context["own"].total == 150
    assert {row.of for row in page.context["page"].rows} == {leader, worker}
    assert "外人" not in page.content.decode()
    by_team = client.get(reverse("activities:learning"), {"by": "teams"}).context["page"].rows
    assert [(row.of, row.total) for row in by_team] == [(team, 150)]
    nobody = client.get(reverse("activities:learning"), {"q": "没有这个人"})
    assert "没有符合条件" in nobody.content.decode()


def test_the_workbook_has_what_the_filters_leave(client, study, worker, leader):
    study("team_class", worker, hours=150)
    client.force_login(leader)
    answer = client.post(f"{reverse('activities:learning-export')}?q={worker.employee_no}")
    (rows,) = read_workbook(io.BytesIO(answer.content)).values()
    _, own, total = rows
    assert own[:3] == [worker.employee_no, worker.name, str(worker.memberships.get().team)]
    assert (own[-1], total[0], total[-1]) == (1.5, "合计", 1.5)
    assert AuditEntry.objects.get(verb="learning.exported").after["rows"] == 1


def test_wrong_filters_are_told(client, leader):
    client.force_login(leader)
    for filters in ({"year": "abc"}, {"team": "9" * 30}, {"by": "planets"}, {"q": "a\0"}):
        page = client.get(reverse("activities:learning"), filters)
        assert (page.status_code, "alert-danger" in page.content.decode()) == (200, True)


# -- Growth --------------------------------------------------------------------------------------------------------------


def test_who_sees_how_somebody_grows(client, team, worker, leader):
    manager, mate = make.give_role(team.unit, "manager"), make.make_member(team)
    page = reverse("activities:growth", args=[worker.pk])
    for user, status in ((worker, 200), (leader, 200), (manager, 200), (mate, 404), (make.make_user(), 404)):
        client.force_login(user)
        assert client.get(page).status_code == status


def test_a_vision_that_is_not_shown_is_not_on_the_page_for_the_manager(client, team, worker, leader):
    manager = make.give_role(team.unit, "manager")
    write_vision(worker, "当上技师")
    page = reverse("activities:growth", args=[worker.pk])
    for user, told in ((worker, True), (leader, True), (manager, False)):
        client.force_login(user)
        assert ("当上技师" in client.get(page).content.decode()) == told


def test_the_backbone_is_counted_and_narrowed(team, study, worker, leader):
    User.objects.filter(pk=worker.pk).update(skill_level="technician")
    running(team, worker, leader, leader)
    study("lecture", leader, values={"speaker": worker.pk})
    teams = Team.objects.filter(pk=team.pk)
    rows = {line.member.user: line for line in growth.lines(growth.listed(teams, YEAR), YEAR)}
    assert (rows[worker].member.apprentices, rows[worker].lectures, rows[worker].hours) == (1, 1, 0)
    assert (rows[leader].member.apprentices, rows[leader].hours) == (0, 100)
    found = {who: [row.user for row in growth.listed(teams, YEAR, who=who)] for who in growth.WHO}
    assert found == {
        "leaders": [leader],
        "skilled": [worker],
        "mentors": [worker],
        "honoured": [],
        "untrained": [worker],
    }


def test_the_figures_of_training(team, study, worker, leader):
    make.make_member(team)
    study("leader_training", leader, hours=800)
    study("team_class", worker, hours=100)
    figures = growth.figures(Team.objects.filter(pk=team.pk), YEAR)
    assert (figures.people, figures.learnt, figures.hours, figures.mean) == (3, 2, 900, 300)
    assert (figures.leaders, figures.leaders_trained, figures.skilled) == (1, 1, 0)
    Activity.objects.update(state="voided", reason="记错")
    assert growth.figures(Team.objects.filter(pk=team.pk), YEAR).leaders_trained == 0


def test_the_list_is_for_those_who_look_after_people(client, worker, leader, study):
    study("team_class", worker)
    client.force_login(worker)
    assert client.get(reverse("activities:growth-list")).status_code == 403
    assert "骨干名单" not in client.get(reverse("activities:learning")).content.decode()
    client.force_login(leader)
    assert reverse("activities:growth-list") in client.get(reverse("activities:learning")).content.decode()
    page = client.get(reverse("activities:growth-list"))
    assert {line.member.user for line in page.context["page"].lines} == {leader, worker}
    (rows,) = read_workbook(io.BytesIO(client.post(reverse("activities:growth-export")).content)).values()
    assert {row[3] for row in rows[1:-1]} == {leader.name, worker.name}

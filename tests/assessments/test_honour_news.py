"""What of honours waits for a person reaches the home page, whichever of its subjects it comes from."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import honours
from assessments.honours import news, result_news
from assessments.models import Round
from teams.access import access_of
from tests import titles as make_titles
from tests.studios import Scene
from tests.titles import DAY


def test_no_subject_is_forgotten():
    modules = [import_module(f"{honours.__name__}.{found.name}") for found in iter_modules(honours.__path__)]
    own = {module for module in modules if getattr(module, "waiting_for", None) is not None}
    assert {module for module in own if module.waiting_for.__module__ == module.__name__} == set(news.SOURCES)


@pytest.mark.django_db
def test_its_lines_stand_on_the_home_page(client):
    scene = Scene()
    result = scene.result(scene.growing())
    client.force_login(scene.finance)
    told = client.get(reverse("home")).content.decode()
    assert "核实工作室成果" in told
    assert reverse("assessments:studio-result", args=[result.pk]) in told
    client.force_login(scene.stranger)
    assert "核实工作室成果" not in client.get(reverse("home")).content.decode()


# -- What became of it ---------------------------------------------------------------------------------------------------


@pytest.fixture
def named():
    """A round in which one team was named and the other was not, under a document of three weeks ago."""
    scene = make_titles.Scene()
    scene.passed = make_titles.shortlist(scene.round, scene.other_team, scene.other_leader, state="not_chosen")
    (scene.award,) = scene.named(scene.team)
    Round.objects.filter(pk=scene.round.pk).update(named_on=scene.today - 21 * DAY)
    return scene


def lines(user):
    """(title, detail, address, kind) of what the person is told of own applications."""
    return [line[:4] for line in result_news.waiting_for(user)]


@pytest.mark.django_db
def test_who_was_named_and_who_was_not_is_told_where_the_notes_stand(client, named):
    at = [reverse("assessments:application", args=[row.pk]) for row in (named.award.application, named.passed)]
    assert lines(named.leader) == [("评上了", "一值“六好班组”，看评语和证书", at[0], "ok")]
    assert lines(named.other_leader) == [("没有评上", f"{named.other_team}“六好班组”，看评语", at[1], "ok")]
    assert lines(named.worker) == lines(named.company) == lines(named.stranger) == []
    client.force_login(named.leader)
    done = client.get(reverse("home")).context["sections"][-1]
    assert (done.heading, at[0] in [line["url"] for line in done.lines]) == ("办好的和新公布的", True)


@pytest.mark.django_db
def test_the_result_leads_on_to_the_certificate(client, named):
    title = reverse("assessments:title", args=[named.award.pk])
    for who, is_there in ((named.leader, True), (named.other_leader, False)):
        client.force_login(who)
        assert (title in client.get(lines(who)[0][2]).content.decode()) == is_there


@pytest.mark.django_db
def test_it_is_told_for_two_weeks_from_the_deed(named, monkeypatch):
    now = timezone.now()
    for days, told in ((13, 1), (15, 0)):
        monkeypatch.setattr(timezone, "now", lambda days=days: now + days * DAY)
        assert len(lines(named.leader)) == told


@pytest.mark.django_db
def test_a_person_is_told():
    scene = make_titles.Scene()
    make_titles.of_person(scene)
    assert [line[0] for line in lines(scene.worker)] == ["评上了"]


@pytest.mark.django_db
def test_the_leader_of_a_studio_is_told():
    found = make_titles.StudioScene()
    found.title()
    assert [line[1] for line in lines(found.leader)] == [f"{found.studio}“创新工作室”，看评语和证书"]


@pytest.mark.django_db
def test_nothing_is_told_before_the_naming():
    scene = make_titles.Scene()
    scene.listed(scene.team)
    assert lines(scene.leader) == []


@pytest.mark.django_db
def test_many_results_are_one_question(named, django_assert_num_queries):
    access_of(named.leader).duty_teams("application.view")
    for number, person in enumerate((named.worker, named.leader), 1):
        with django_assert_num_queries(1):
            assert len(lines(named.leader)) == number
        make_titles.shortlist(named.round, named.team, named.leader, user=person, state="reserve")

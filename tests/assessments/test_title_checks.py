"""The nightly run over titles: what is over ends, what is due is looked at again, once, in whatever order it happens."""

import random

import pytest
from django.utils import timezone

from assessments import tasks
from assessments.honours.title_days import AHEAD, TO_CLOSE, months_later
from assessments.honours.title_moves import LIVE
from assessments.models import Bar, Recheck, Studio, Title, TitleStep
from assessments.services import bars, title_checks, titles
from assessments.services.titles import Verdict
from teams.errors import TeamError
from teams.models import AuditEntry, Team
from tests.titles import DAY, Scene, StudioScene, now

pytestmark = pytest.mark.django_db
State = Title.State


@pytest.fixture
def scene():
    return Scene()


def trail():
    return AuditEntry.objects.filter(verb__regex="^(title|recheck)[.]").count()


def test_a_recheck_is_opened_sixty_days_before_its_day(scene):
    title = scene.title()
    due = months_later(title.valid_from, 12)
    title_checks.keep(due - AHEAD - DAY)
    assert not Recheck.objects.exists()
    for _ in range(2):
        title_checks.keep(due - AHEAD)
    recheck = Recheck.objects.get()
    assert (recheck.title, recheck.due_on, recheck.result) == (title, due, "open")
    assert AuditEntry.objects.filter(verb="recheck.opened").count() == 1


def test_without_a_rule_nothing_is_looked_at_again():
    scene = Scene(recheck={})
    title = scene.title()
    title_checks.keep(title.valid_to)
    assert not Recheck.objects.exists()
    title_checks.keep(title.valid_to + DAY)
    assert now(title).state == State.EXPIRED


def test_a_title_ends_after_its_last_day_and_not_on_it(scene):
    title = scene.title()
    title_checks.keep(title.valid_to)
    assert now(title).state == State.VALID
    for _ in range(2):
        title_checks.keep(title.valid_to + DAY)
    assert now(title).state == State.EXPIRED
    assert title.steps.count() == 3


def test_a_rectification_that_nobody_closes_ends(scene):
    title = scene.title(State.RECTIFYING)
    title_checks.keep(title.valid_to + TO_CLOSE)
    assert now(title).state == State.RECTIFYING
    title_checks.keep(title.valid_to + TO_CLOSE + DAY)
    ended = now(title)
    assert (ended.state, ended.rectify_until) == (State.EXPIRED, None)


def test_what_holds_no_more_loses_its_title(scene):
    title = scene.title()
    Team.objects.filter(pk=scene.team.pk).update(disbanded_on=scene.today)
    title_checks.keep(scene.today - DAY)
    assert now(title).state == State.VALID
    title_checks.keep(scene.today)
    ended = now(title)
    assert (ended.state, ended.way) == (State.REVOKED, "natural")
    assert ended.honour.withdrawn_on == scene.today


def test_a_revoked_studio_loses_its_title():
    found = StudioScene()
    title = found.title()
    Studio.objects.filter(pk=found.studio.pk).update(state="revoked", reason="不办了", ended_on=found.today)
    title_checks.keep(found.today)
    assert (now(title).state, now(title).way) == (State.REVOKED, "natural")


# -- Cases --------------------------------------------------------------------------------------------------------------


def case(scene, code="accident", **about):
    facts = {"text": "挤伤手指", "happened_on": timezone.localdate()}
    return bars.record(scene.unit, actor=scene.union, code=code, **facts, **about)


def test_a_case_of_the_holder_opens_a_recheck_once(scene):
    first, second = scene.named(scene.team, scene.other_team)
    case(scene, team=scene.team)
    for _ in range(2):
        title_checks.keep(scene.today)
    recheck = Recheck.objects.get()
    assert (recheck.title, recheck.due_on) == (first, scene.today)
    assert "挤伤手指" in first.steps.last().text
    assert second.rechecks.count() == 0
    titles.keep(recheck, Verdict("不是班组的责任"), actor=scene.runner)
    title_checks.keep(scene.today + DAY)
    assert Recheck.objects.count() == 1


def test_a_case_of_the_unit_concerns_all_its_teams_and_one_that_bars_nothing_none(scene):
    scene.named(scene.team, scene.other_team)
    case(scene, code="pollution")
    title_checks.keep(scene.today)
    assert not Recheck.objects.exists()
    case(scene)
    title_checks.keep(scene.today)
    assert Recheck.objects.count() == 2


def test_a_case_that_was_taken_back_opens_nothing(scene):
    scene.title()
    bars.lift(case(scene, team=scene.team), "登记错了", actor=scene.union)
    title_checks.keep(scene.today)
    assert not Recheck.objects.exists()


def test_a_case_of_the_leader_concerns_the_studio():
    found = StudioScene()
    found.title()
    facts = {"code": "accident", "text": "负有责任", "happened_on": found.today, "recorded_by": found.union}
    Bar.objects.create(unit=found.unit, user=found.leader, **facts)
    title_checks.keep(found.today)
    assert Recheck.objects.count() == 1


# -- Whatever the order -------------------------------------------------------------------------------------------------


def deeds_on(scene, chance, today):
    """One thing that somebody may do to some title today."""
    title = chance.choice(Title.objects.order_by("id"))
    recheck = title.rechecks.filter(result="open").first()
    verdict, until = Verdict("看过了"), today + chance.randint(1, 60) * DAY
    choices = [
        lambda: titles.restore(title, "已整改", actor=scene.runner),
        lambda: titles.fail(title, "ordered", "没有整改", actor=scene.runner),
        lambda: titles.open_recheck(title, today, "有人反映", actor=scene.runner),
        lambda: title_checks.keep(today),
        lambda: recheck and titles.keep(recheck, verdict, actor=scene.runner),
        lambda: recheck and titles.rectify(recheck, verdict, until, actor=scene.runner),
        lambda: recheck and titles.revoke(recheck, verdict, "ordered", actor=scene.runner),
    ]
    chance.choices(choices, weights=[2, 1, 1, 2, 6, 6, 1])[0]()


@pytest.mark.parametrize("seed", range(6))
def test_no_title_is_valid_after_its_day_whatever_happens(scene, monkeypatch, seed):
    chance, today = random.Random(seed), scene.today
    scene.named(scene.team, scene.other_team)
    for _ in range(25):
        today += chance.randint(1, 45) * DAY
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment, today=today: today)
        for _ in range(chance.randint(0, 3)):
            try:
                deeds_on(scene, chance, today)
            except TeamError:
                continue
        for _ in range(chance.randint(1, 2)):
            title_checks.keep(today)
        check_invariants(today)
    assert TitleStep.objects.count() > 4


def check_invariants(today):
    for title in Title.objects.select_related("honour"):
        assert title.state != State.VALID or title.valid_to >= today
        assert title.state in LIVE or title.rectify_until is None
        assert title.rechecks.filter(result="open").count() <= 1
        assert title.honour.expires_on == title.valid_to
        assert (title.honour.withdrawn_on is not None) == (title.state == State.REVOKED)


def test_control_without_the_nightly_run_a_title_is_valid_for_ever(scene):
    title = scene.title(back=500)
    with pytest.raises(AssertionError):
        check_invariants(scene.today)
    tasks.check_titles()
    assert now(title).state == State.EXPIRED

"""The life of a title: kept, rectified, restored, revoked, ended; what becomes of its honour, its holder, its history."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from assessments.errors import AssessmentError, StaleState
from assessments.honours import title_days as days
from assessments.honours.title_facts import facts_of
from assessments.models import Bar, Recheck, Title, TitleStep
from assessments.services import naming, studios, titles
from assessments.services.titles import Verdict
from teams.models import AuditEntry, Honour
from teams.services import papers
from tests import titles as make_titles
from tests.applying import record
from tests.titles import DAY, YEARLY, Scene, StudioScene, now

pytestmark = pytest.mark.django_db
State = Title.State
GOOD = Verdict("一年来保持得好", {"safe": 3000, "study": 4000, "rules": 0})


@pytest.fixture
def scene():
    return Scene()


def trail():
    rows = AuditEntry.objects.filter(verb__regex="^(title|recheck|studio)[.]").order_by("id")
    return list(rows.values_list("verb", flat=True))


def test_kept_at_its_day_it_holds_for_another_year(scene):
    title = scene.title(back=360)
    recheck = scene.recheck(title, days.months_later(title.valid_from, 12))
    titles.keep(recheck, GOOD, actor=scene.runner)
    kept = now(title)
    assert (kept.state, kept.valid_to) == (State.VALID, days.months_later(title.valid_from, 24))
    assert kept.honour.expires_on == kept.valid_to
    assert kept.honour.withdrawn_on is None
    assert Honour.objects.filter(withdrawn_on=None).count() == 1
    decided = now(recheck)
    assert (decided.result, decided.scores, decided.decided_by) == ("kept", GOOD.scores, scene.runner)
    assert "groups" in decided.facts
    assert [step.state for step in kept.steps.all()] == [State.VALID] * 3
    assert trail()[-2:] == ["recheck.opened", "title.kept"]


def test_kept_before_its_day_it_holds_as_long_as_before(scene):
    title = scene.title(back=100)
    titles.keep(scene.recheck(title), GOOD, actor=scene.runner)
    assert now(title).valid_to == title.valid_to


def test_below_the_line_it_is_not_kept():
    scene = Scene(recheck=YEARLY | {"pass_line": 6000})
    recheck = scene.recheck(scene.title())
    with pytest.raises(AssessmentError, match="40 分，不到 60 分"):
        titles.keep(recheck, Verdict("好", {"safe": 1000, "study": 3000}), actor=scene.runner)
    assert now(recheck).result == "open"
    titles.keep(recheck, Verdict("好", {"safe": 1000, "study": 5000}), actor=scene.runner)
    assert now(recheck).result == "kept"


def test_rectified_it_holds_until_its_day_and_is_restored(scene):
    title = scene.title(State.RECTIFYING, back=350)
    until = scene.today + 30 * DAY
    assert (title.state, title.rectify_until, title.valid_to) == (State.RECTIFYING, until, until)
    assert title.honour.expires_on == until
    titles.restore(title, "台账已补齐", actor=scene.runner)
    back = now(title)
    assert (back.state, back.rectify_until) == (State.VALID, None)
    assert trail()[-1] == "title.restored"


def test_what_is_not_mended_is_revoked(scene):
    title = scene.title(State.RECTIFYING)
    titles.fail(title, "automatic", "没有整改", actor=scene.runner)
    ended = now(title)
    assert (ended.state, ended.way, ended.rectify_until) == (State.REVOKED, "automatic", None)
    assert Honour.objects.get(pk=title.honour_id).withdrawn_on == scene.today
    assert ended.steps.last().text == "自动撤销：没有整改"


def test_revoked_its_honour_no_longer_counts_even_when_corrected_by_hand(scene):
    title = scene.title()
    facts = {name: getattr(title.honour, name) for name in ("level", "granted_by", "granted_on", "document")}
    papers.correct(title.honour, actor=scene.leader, name="六好模范班组", expires_on=None, **facts)
    titles.revoke(scene.recheck(title), Verdict("弄虚作假"), "ordered", actor=scene.runner)
    assert not Honour.objects.filter(team=scene.team, withdrawn_on=None).exists()


def test_expired_its_honour_has_ended(scene):
    title = scene.title(back=400)
    Honour.objects.filter(pk=title.honour_id).update(granted_on=title.valid_from, expires_on=title.valid_to)
    titles.expire(title)
    assert now(title).state == State.EXPIRED
    assert Honour.objects.get(pk=title.honour_id).withdrawn_on is None


@pytest.mark.parametrize("far", [0, 400])
def test_the_day_to_mend_by_is_within_the_rule(scene, far):
    recheck = scene.recheck(scene.title())
    with pytest.raises(AssessmentError, match="整改期限请选明天到"):
        titles.rectify(recheck, Verdict("台账不全"), scene.today + far * DAY, actor=scene.runner)
    assert now(recheck).result == "open"


def test_one_recheck_at_a_time(scene):
    title = scene.title()
    scene.recheck(title)
    with pytest.raises(StaleState):
        scene.recheck(title, scene.today + DAY)


@pytest.mark.parametrize("state", [State.RECTIFYING, State.REVOKED, State.EXPIRED])
def test_no_recheck_of_what_is_not_valid(scene, state):
    title = scene.title(state)
    with pytest.raises(StaleState):
        titles.open_recheck(title, scene.today + DAY, "再看", actor=scene.runner)


def test_the_same_day_is_looked_at_once(scene):
    title = scene.title()
    titles.keep(scene.recheck(title), GOOD, actor=scene.runner)
    with pytest.raises(StaleState, match="已经做过了"):
        scene.recheck(now(title))


def test_a_recheck_is_decided_once(scene):
    title = scene.title()
    recheck = scene.recheck(title)
    titles.keep(recheck, GOOD, actor=scene.runner)
    with pytest.raises(StaleState):
        titles.revoke(Recheck.objects.get(pk=recheck.pk), Verdict("再想想"), "ordered", actor=scene.runner)
    assert now(title).state == State.VALID


# -- The facts ----------------------------------------------------------------------------------------------------------


def lines(title, name, today):
    (found,) = [group["lines"] for group in facts_of(title, today)["groups"] if group["name"] == name]
    return found


def test_the_facts_are_the_years_own_records(scene):
    title = scene.title(back=200)
    record(scene.team, scene.leader)
    record(scene.team, scene.leader, date=title.valid_from - DAY)
    record(scene.other_team, scene.leader)
    facts = {"unit": scene.unit, "team": scene.team, "code": "accident", "recorded_by": scene.union}
    Bar.objects.create(text="挤伤手指", happened_on=scene.today - DAY, **facts)
    assert lines(title, "活动", scene.today) == ["安全活动 1 次"]
    assert "挤伤手指" in lines(title, "否决情形", scene.today)[0]
    assert lines(title, "月度得分", scene.today) == lines(title, "荣誉", scene.today) == []
    assert facts_of(title, scene.today)["since"] == f"{title.valid_from}"


def test_the_facts_of_a_person(scene):
    assert [group["name"] for group in facts_of(make_titles.of_person(scene), scene.today)["groups"]] == [
        "月度得分",
        "活动",
        "否决情形",
        "荣誉",
    ]


def test_the_facts_of_a_studio():
    found = StudioScene()
    title = found.title()
    assert lines(title, "核实过的成果", found.today + DAY) == []
    assert lines(title, "七有", found.today)[0] == "标识：齐全"
    Title.objects.filter(pk=title.pk).update(valid_from=found.today - 100 * DAY)
    assert "阀门研磨机，年效益 5,000.00 元" in lines(now(title), "核实过的成果", found.today)[0]


# -- Studios ------------------------------------------------------------------------------------------------------------


def test_what_the_title_of_a_studio_comes_to_the_studio_comes_to():
    found = StudioScene(result_months=12)
    title = found.title()
    titles.rectify(found.recheck(title), Verdict("台账不全"), found.today + 30 * DAY, actor=found.runner)
    assert now(found.studio).state == "rectifying"
    titles.restore(now(title), "已补齐", actor=found.runner)
    assert now(found.studio).state == "named"
    later = titles.open_recheck(now(title), found.today + DAY, "再看", actor=found.runner)
    titles.revoke(later, Verdict("不再有成果"), "ordered", actor=found.runner)
    assert now(found.studio).state == "revoked"


def test_a_studio_without_results_is_not_kept():
    found = StudioScene(result_months=12)
    recheck = found.recheck(found.title())
    make_titles.studios.idle(found.studio)
    with pytest.raises(AssessmentError, match="12 个月里没有核实过的成果"):
        titles.keep(recheck, Verdict(), actor=found.runner)
    assert now(recheck).result == "open"


def test_a_studio_that_was_revoked_before_is_left_alone():
    found = StudioScene()
    title = found.title()
    studios.revoke(now(found.studio), "不办了", actor=found.union)
    titles.revoke(found.recheck(now(title)), Verdict("已撤"), "natural", actor=found.runner)
    assert now(title).state == State.REVOKED


# -- Days ---------------------------------------------------------------------------------------------------------------


def test_days_of_rechecks():
    start = date(2026, 1, 31)
    assert days.regular_days(start, date(2027, 1, 31), 6) == [date(2026, 7, 31), date(2027, 1, 31)]
    assert days.regular_days(start, date(2036, 1, 1), 0) == []
    assert days.due_day(start, date(2027, 1, 31), 12, date(2026, 12, 1)) is None
    assert days.due_day(start, date(2027, 1, 31), 12, date(2026, 12, 2)) == date(2027, 1, 31)
    assert days.prolonged(start, date(2027, 1, 31), 12, date(2027, 1, 31)) == date(2028, 1, 31)
    assert days.prolonged(start, date(2028, 1, 31), 12, date(2027, 1, 31)) == date(2028, 1, 31)
    assert days.prolonged(start, date(2027, 1, 31), 12, date(2026, 8, 3)) == date(2027, 1, 31)
    assert days.prolonged(start, date(2027, 1, 31), 0, date(2027, 1, 31)) == date(2027, 1, 31)
    assert days.prolonged(date(2026, 2, 28), date(2028, 2, 28), 6, date(2026, 8, 31)) == date(2028, 2, 28)


def test_history_of_a_title_is_append_only(scene):
    title = scene.title()
    assert naming.announcement_of(scene.round)
    step = TitleStep.objects.filter(title=title).get()
    with pytest.raises(DatabaseError), transaction.atomic():
        TitleStep.objects.filter(pk=step.pk).update(text="别的")

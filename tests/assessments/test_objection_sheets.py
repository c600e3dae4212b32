"""What a sheet must hold to correct an objection to scores, what the board says of it, and where it does not count."""

import datetime

import pytest
from django.urls import reverse

from assessments import review, signals
from assessments.analysis import losses
from assessments.award_room import earned_in, words_about
from assessments.correcting import entries_for, left_out
from assessments.errors import AssessmentError
from assessments.models import Check, CheckPlan
from assessments.selectors import checks_made, team_score, yardstick_of
from assessments.services import checks, closes
from assessments.services.corrections import link_sheet
from bulletins.models import CorrectionNote, Objection
from teams import periods
from teams.models import Membership
from tests import factories as make
from tests.assessments.test_objections import Scene
from tests.factories import PERIOD
from tests.rewriting import rewrite

pytestmark = pytest.mark.django_db
NEXT = periods.shift(PERIOD, 1)
LAST = periods.last_day(PERIOD)


@pytest.fixture
def scene():
    return Scene("scores")


def late(scene, *findings, day=LAST.day):
    return make.file_findings(scene.team, *findings, day=day, late=True)


def about_the_team(scene):
    """The objection as one to a figure of the team."""
    facts = {"row_user": None, "column": "得分", "label": "得分", "shown": "97.00"}
    words = {"reason": "记错了", "accept_by": LAST, "filed_by": scene.user("worker")}
    return Objection.objects.create(number="YY-1", bulletin=scene.bulletin, **facts, **words)


def test_a_sheet_without_points_is_not_offered_and_not_accepted(scene, client):
    blank = late(scene)
    assert entries_for(scene.objection) == []
    client.force_login(scene.user("assessor"))
    page = client.get(scene.page).text
    assert f'抽查没有扣分、加分，不能用来更正。 <a href="/checks/sheet/{blank.pk}/">' in page
    assert "请再登记一张：少算、多扣的，在“加分”里填补回的分" in page
    client.post(scene.page, {"entry": f"check-{blank.pk}"})
    scene.objection.refresh_from_db()
    assert scene.objection.state == "upheld"


@pytest.mark.parametrize("who", ["worker", None])
def test_points_of_others_correct_no_figure_of_a_person_but_those_of_the_team(scene, who):
    of_team = about_the_team(scene)
    late(scene, (None, 100, who and scene.people[who]))
    assert entries_for(scene.objection) == []
    assert f"没有记到{scene.leader.name}名下的扣分、加分" in left_out(scene.objection)[0][0]
    assert len(entries_for(of_team)) == 1


def test_what_was_voided_corrects_nothing(scene):
    sheet = late(scene, (None, 100, scene.leader), (None, 200, None))
    assert "+1 分，" in entries_for(scene.objection)[0].text
    checks.void_finding(sheet.findings.get(person=scene.leader), "记错", actor=None)
    assert entries_for(scene.objection) == []
    checks.void_check(sheet, "记错", actor=None)
    assert left_out(scene.objection) == []


def test_of_somebody_who_left_what_names_nobody_is_accepted(scene):
    Membership.objects.filter(user=scene.leader).update(ended_on=LAST)
    late(scene, (None, 100, None))
    assert len(entries_for(scene.objection)) == 1
    assert left_out(scene.objection) == []


def test_the_board_says_items_and_points_and_no_name(scene, client):
    sheet = late(scene, ("1.1", -50, scene.leader), (None, 100, scene.leader), (None, 200, scene.people["worker"]))
    line = make.criterion(scene.team, "1.1")
    client.force_login(scene.user("assessor"))
    client.post(scene.page, {"entry": f"check-{sheet.pk}"})
    note = CorrectionNote.objects.get(bulletin=scene.bulletin).text
    said = f"{LAST:%Y-%m-%d} 的检查记录已更正：{line} −0.5 分；加分 +1 分，计入{periods.label(NEXT)}"
    assert note == f"{said}（异议 {scene.objection.number}）"


def test_there_is_room_for_many_items_on_the_board(scene):
    line = make.criterion(scene.team, "1.1")
    late(scene, *[("1.1", -50, scene.leader)] * 40)
    (entry,) = entries_for(scene.objection)
    assert len(entry.text) <= 200
    assert f"{line} −0.5 分 等 40 条，计入" in entry.text


# -- Not a check that was made -----------------------------------------------------------------------------------------


def linked(scene, sheet):
    link_sheet(scene.objection, entries_for(scene.objection)[0], actor=None)
    return Check.objects.get(pk=sheet.pk)


def late_ones():
    found = signals.signals_of(Check.objects.last().team.unit, PERIOD, datetime.date(2027, 1, 1))
    return [
        row.pk
        for signal in found
        if signal.name == "补录很晚"
        for question in signal.questions
        for row in question.rows
    ]


def counted(scene):
    sheets = losses.sheets_of([scene.team], periods.first_day(NEXT), periods.last_day(NEXT))
    return (
        sheets.count(),
        list(sheets.values_list("kind", flat=True)),
        review._check_counts([scene.team], NEXT)[scene.team.pk],
    )


def test_it_is_neither_counted_nor_asked_about(scene):
    sheet = late(scene, (None, 100, scene.leader))
    rewrite(Check.objects.filter(pk=sheet.pk), checker=scene.people["assessor"])
    assert (counted(scene), late_ones()) == ((1, ["spot"], 1), [sheet.pk])
    linked(scene, sheet)
    assert (counted(scene), late_ones()) == ((0, [], 0), [])
    other = late(scene, ("1.1", -50, None))
    assert list(checks_made(Check.objects.filter(period=NEXT))) == [other]


def score_of(scene):
    closes.refresh_running(scene.team.unit, NEXT)
    return team_score(scene.team, NEXT)


def test_the_score_stays_with_it(scene):
    sheet = late(scene, ("1.1", -50, scene.leader))
    before = score_of(scene)
    linked(scene, sheet)
    assert score_of(scene).lines == before.lines
    assert score_of(scene).score == before.score < 10000


def test_the_pages_call_it_what_it_is(scene, client):
    sheet = late(scene, (None, 100, scene.leader))
    client.force_login(scene.user("leader"))
    pages = [reverse("assessments:check", args=[sheet.pk]), reverse("assessments:checks", args=[scene.team.pk, NEXT])]
    words = ("只改分，不算一次检查", "异议更正")
    assert [word in client.get(page).text for page, word in zip(pages, words, strict=True)] == [False, False]
    linked(scene, sheet)
    assert [word in client.get(page).text for page, word in zip(pages, words, strict=True)] == [True, True]
    assert "<dt>查了</dt>" not in client.get(pages[0]).text


def test_what_the_board_says_to_correct_it_is_not_voided(scene, client):
    other, sheet = late(scene, ("1.1", -50, None)), late(scene, (None, 100, scene.leader))
    linked(scene, sheet)
    finding = sheet.findings.get()
    for void, row in ((checks.void_check, sheet), (checks.void_finding, finding)):
        with pytest.raises(AssessmentError, match="更正说明已经张榜"):
            void(row, "填错了", actor=None)
    client.force_login(scene.people["assessor"])
    pages = [client.get(reverse("assessments:check", args=[row.pk])).text for row in (sheet, other)]
    assert ["整张作废" in page for page in pages] == [False, True]
    checks.void_check(other, "填错了", actor=None)


def test_a_plan_of_that_day_waits_again(scene):
    days = {"shown_from": LAST, "due_from": LAST, "due_on": LAST}
    plan = CheckPlan.objects.create(unit=scene.team.unit, team=scene.team, kind=Check.Kind.SUPERIOR, **days)
    sheet = make.file_findings(scene.team, (None, 100, scene.leader), day=LAST.day, kind=Check.Kind.SUPERIOR, late=True)
    assert CheckPlan.objects.get(pk=plan.pk).check_made == sheet
    linked(scene, sheet)
    plan.refresh_from_db()
    assert (plan.check_made, plan.state == CheckPlan.State.DONE) == (None, False)


# -- The cap of awards -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cap", "filed", "said"),
    [
        (10, 0, "还能算进 10 分"),
        (10, 400, "还能算进 6 分"),
        (10, 1000, "已经满了，再登记的不会提高班组得分"),
        (10, 1200, "已经满了"),
        (0, 0, "每月加分上限是 0 分，所以不会提高班组得分"),
    ],
)
def test_the_page_and_the_sheet_say_what_is_left_of_the_cap(scene, client, cap, filed, said):
    make.make_standard(scene.team.unit, NEXT, awards_cap=cap)
    if filed:
        late(scene, (None, filed, None))
    client.force_login(scene.user("assessor"))
    sheet = f"{reverse('assessments:inspect', args=[scene.team.pk])}?late=on&date={LAST}"
    assert said in client.get(scene.page).text
    assert said in client.get(sheet).text
    assert "补回的分算加分" not in client.get(sheet.partition("?")[0]).text


def test_what_has_been_earned_is_what_the_score_counts(scene):
    late(scene, (None, 300, None), ("1.1", -50, None))
    score = score_of(scene)
    assert earned_in(scene.team, NEXT, yardstick_of(score.close.version)) == score.awards == 300
    assert periods.label(NEXT) in words_about(scene.team, LAST)

"""What a correction brings is told before the next payslip: how much and with which month, to the person and whoever sees the bonus."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.boards import score_board
from assessments.correcting import entries_for as assessment_entries
from assessments.selectors import team_score
from bulletins.models import Bulletin, Objection
from bulletins.objections.corrections import worths_for
from bulletins.objections.news import news_for
from bulletins.services import objections, publish
from incentives.correcting import entries_for
from incentives.models import Distribution
from incentives.services import adjustments, approvals, clauses
from teams import periods
from teams.models import User
from teams.services import corrections
from tests import factories as make
from tests.factories import PERIOD
from tests.remedying import BEFORE, make_posted, make_scene, remedy, upheld

pytestmark = pytest.mark.django_db
MONEY = "12.30"
GIVEN = "多 12.30 元，随2026年10月奖金发放"


@pytest.fixture
def scene():
    return make_scene()


def page_of(objection):
    return reverse("bulletins:objection", args=[objection.pk])


def slips_of(line):
    return [reverse(f"incentives:{name}", args=[line.pk]) for name in ("explain", "payslip")]


def told(user, objection, own=False):
    """The texts of the Worths that somebody may read, as in a new request."""
    found = worths_for(User.objects.get(pk=user.pk), Objection.objects.get(pk=objection.pk), own=own)
    return [worth.text for worth in found]


def approved(scene, objection, amount=1230, kind="award", **facts):
    row = remedy(scene, objection, amount, kind, **facts)
    adjustments.approve(row, actor=scene.second)
    return row


def linked(scene, objection):
    """The objection with its first entry linked as the correction."""
    entry = entries_for(objection)[0]
    objections.link_correction(objection, entry.text, entry.url, actor=scene.manager)
    return Objection.objects.get(pk=objection.pk)


def test_the_amount_goes_with_the_state_of_what_brings_it(scene):
    objection = upheld(scene)
    assert told(scene.worker, objection) == []
    row = remedy(scene, objection, 1230)
    waits = "多 12.30 元，还在等负责人批准，批准以后算进2026年10月奖金"
    assert told(scene.worker, objection) == [waits]
    adjustments.approve(row, actor=scene.second)
    assert told(scene.worker, objection) == [GIVEN]
    found = make.post_bonus(scene.team, PERIOD)
    assert told(scene.worker, linked(scene, objection)) == ["多 12.30 元，已算进2026年10月奖金"]
    approvals.settle(found, paid_on=timezone.localdate(), actor=None)
    assert told(scene.worker, objection) == ["多 12.30 元，已随2026年10月奖金发放"]


def test_what_is_taken_back_is_said_as_less(scene):
    objection = upheld(scene)
    approved(scene, objection, 500, "deduction")
    assert told(scene.worker, objection) == ["少 5.00 元，算进2026年10月奖金"]
    make.post_bonus(scene.team, PERIOD)
    assert told(scene.worker, objection) == ["少 5.00 元，已算进2026年10月奖金"]


def test_who_reads_the_amount_on_the_page_of_the_objection(scene, client):
    objection = upheld(scene)
    approved(scene, objection)
    objection = linked(scene, objection)
    auditor, party = (make.give_role(scene.unit, role) for role in ("auditor", "party"))
    union, finance = (make.give_role(scene.unit, role) for role in ("union", "finance"))
    neighbour = make.make_member(make.make_team(scene.unit), "leader")
    elsewhere = make.give_role(make.make_unit(), "manager")
    strangers = (scene.other, auditor, party, neighbour, elsewhere)
    readers = (scene.worker, scene.leader, scene.manager, union, finance)
    assert [told(who, objection) for who in strangers] == [[]] * 5
    assert [told(who, objection) for who in readers] == [[GIVEN]] * 5
    for who, status in ((scene.other, 200), (auditor, 200), (neighbour, 404), (elsewhere, 404), (scene.worker, 200)):
        client.force_login(who)
        answer = client.get(page_of(objection))
        assert (answer.status_code, MONEY in answer.text) == (status, who == scene.worker), who
        assert MONEY not in client.get(reverse("bulletins:board", args=[scene.board.serial])).text


def test_the_record_is_linked_for_those_who_open_it_the_own_slip_for_the_person(scene, client):
    objection = upheld(scene)
    row = approved(scene, objection)
    record = f'href="{scene.address}#adjustment-{row.pk}"'
    client.force_login(scene.manager)
    assert record in client.get(page_of(objection)).text
    assert f'id="adjustment-{row.pk}"' in client.get(scene.address).text
    objection = linked(scene, objection)
    assert client.get(page_of(objection)).text.count(record) == 1
    client.force_login(scene.worker)
    text = client.get(page_of(objection)).text
    assert (record in text, f'href="{reverse("incentives:payslips")}"' in text) == (False, True)
    line = make.post_bonus(scene.team, PERIOD).lines.get(user=scene.worker)
    assert f'<a href="{slips_of(line)[0]}">看2026年10月的奖金</a>' in client.get(page_of(objection)).text


def test_an_award_by_a_clause_is_known_by_its_link_and_only_to_its_person(scene):
    objection = upheld(scene)
    facts = {"code": "J1", "name": "补发", "kind": "award", "least": 1, "most": 10**6, "note": ""}
    clause = clauses.add(scene.unit, actor=scene.manager, **facts)
    given = {"clause": clause, "amount": 1230, "reason": "补发"}
    rows = [
        adjustments.propose(scene.team, PERIOD, user=who, **given, actor=scene.manager)
        for who in (scene.other, scene.worker)
    ]
    for row in rows:
        adjustments.approve(row, actor=scene.second)
    foreign = upheld(scene, "score", "100")
    assert told(scene.worker, objection) == []
    assert told(scene.worker, linked(scene, objection)) == [GIVEN]
    objections.link_correction(foreign, "已补", f"{scene.address}#adjustment-{rows[0].pk}", actor=scene.manager)
    assert told(scene.leader, foreign) == [
        f"更正的记录里现在没有金额，多少元、随哪个月奖金发放，请问{scene.unit}负责人"
    ]


def test_everybody_with_an_own_adjustment_reads_that_one_and_the_manager_reads_all(scene):
    objection = upheld(scene)
    approved(scene, objection)
    approved(scene, objection, 999, user=scene.other)
    other = "多 9.99 元，随2026年10月奖金发放"
    assert told(scene.worker, objection) == [GIVEN]
    assert told(scene.other, objection) == [other]
    assert sorted(told(scene.leader, objection)) == sorted([GIVEN, f"{scene.other.name}{other}"])
    assert told(scene.leader, objection, own=True) == []


def test_a_correction_that_was_revoked_brings_no_amount(scene, client):
    objection = upheld(scene)
    row = approved(scene, objection)
    linked(scene, objection)
    adjustments.revoke(row, "批错了", actor=scene.second)
    client.force_login(scene.worker)
    text = client.get(page_of(objection)).text
    assert (MONEY in text, "更正的记录里现在没有金额" in text) == (False, True)


def test_the_old_slip_says_that_it_was_right_and_where_it_counts(scene, client):
    for page in slips_of(scene.line):
        client.force_login(scene.worker)
        assert "成立" not in client.get(page).text
    objection = upheld(scene)
    for page in slips_of(scene.line):
        assert "更正还没有办好" in client.get(page).text
    approved(scene, objection)
    linked(scene, objection)
    for who in (scene.worker, scene.leader, scene.manager):
        client.force_login(who)
        for page in slips_of(scene.line):
            text = client.get(page).text
            assert f"更正金额：{GIVEN}。" in text
            assert f'href="{page_of(objection)}"' in text
    client.force_login(scene.other)
    assert [client.get(page).status_code for page in slips_of(scene.line)] == [404, 404]
    colleague = Distribution.objects.get(period=BEFORE).lines.get(user=scene.other)
    assert ["成立" in client.get(page).text for page in slips_of(colleague)] == [False, False]


def test_whoever_does_not_open_the_objection_gets_its_number_without_a_link(scene, client):
    objection = upheld(scene)
    client.force_login(make.give_role(scene.unit, "finance"))
    text = client.get(slips_of(scene.line)[0]).text
    assert (objection.number in text, f'href="{page_of(objection)}"' in text) == (True, False)


def test_the_home_page_carries_the_amount_for_the_person_alone(scene, monkeypatch):
    objection = upheld(scene)
    approved(scene, objection)
    objections_of = {who: list(news_for(User.objects.get(pk=who.pk))) for who in (scene.worker, scene.other)}
    ((_, detail, *_),) = objections_of[scene.worker]
    assert (detail.endswith(f"，{GIVEN}"), objections_of[scene.other]) == (True, [])
    late = timezone.now() + datetime.timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert list(news_for(scene.worker)) == []
    linked(scene, objection)
    assert [word for *_, word in news_for(scene.worker)] == ["已更正"]


def late_sheet(scene):
    make.file_findings(scene.team, (None, 100, scene.worker), day=3, period=BEFORE, late=True)


def corrected_day(scene):
    facts = {"new_code": "公", "hours": 0, "reason": "出差"}
    row = corrections.propose(scene.team, scene.worker, periods.first_day(BEFORE), **facts, actor=scene.leader)
    corrections.approve(row, actor=scene.manager)


@pytest.mark.parametrize(
    ("kind", "column", "correct"), [("scores", "score", late_sheet), ("attendance", "days", corrected_day)]
)
def test_a_score_or_a_day_comes_to_money_with_the_month_in_which_it_counts(client, kind, column, correct):
    scene = make_posted()
    board = Bulletin.objects.get(team=scene.team, period=BEFORE, kind=kind)
    objection = upheld(scene, column, "", board)
    correct(scene)
    entry = assessment_entries(objection)[0]
    objections.link_correction(objection, entry.text, entry.url, actor=scene.manager)
    later = "现在还不知道，要等2026年10月奖金分好，到时看那个月的工资条"
    assert (told(scene.worker, objection), told(scene.other, objection)) == ([later], [])
    client.force_login(scene.worker)
    assert f"更正金额：{later}。" in client.get(slips_of(scene.line)[1]).text
    make.make_attendance(scene.team, PERIOD)
    make.approve_attendance(scene.team, PERIOD)
    make.close_month(scene.unit, PERIOD)
    line = make.propose_bonus(scene.team, PERIOD).lines.get(user=scene.worker)
    assert told(scene.worker, objection) == ["已经算在2026年10月奖金里，是多少看“这个数怎么来的”"]
    assert f'href="{slips_of(line)[0]}"' in client.get(page_of(objection)).text


@pytest.mark.parametrize("divided", [True, False])
def test_only_a_team_whose_bonus_is_divided_here_waits_for_money(divided):
    scene = make_posted() if divided else make.make_closed_team(BEFORE)
    scene.worker, scene.manager = scene.members[1], make.give_role(scene.unit, "manager")
    board = publish(score_board(team_score(scene.team, BEFORE)), team=scene.team, period=BEFORE, actor=None)
    objection = upheld(scene, "score", "", board)
    objections.link_correction(objection, "已补记", "", actor=scene.manager)
    waits = ["现在还不知道，要等计入的那个月奖金分好，到时看那个月的工资条"]
    assert told(scene.worker, objection) == (waits if divided else [])

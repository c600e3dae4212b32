"""Programmes and their rounds: what may be changed when, what an opening freezes, and who is told."""

import pytest

from assessments.errors import AssessmentError, StaleState
from assessments.honours import rounds as reads
from assessments.honours.content import frozen_of
from assessments.honours.round_figures import Count, figures
from assessments.models import Application, Programme, Round
from assessments.services import programmes, rounds
from bulletins.models import Bulletin
from teams.access import Access
from teams.models import AuditEntry
from tests import factories as make
from tests.assessments.honours import DAY, filed, make_programme, opened, prepared, today

pytestmark = pytest.mark.django_db
State = Round.State


@pytest.fixture
def union():
    """A union officer of a company, whose first unit has a team."""
    root = make.make_unit()
    return make.give_role(root, "union")


@pytest.fixture
def root(union):
    return union.unit_roles.get().unit


@pytest.fixture
def programme(root, union):
    return make_programme(root, union)


@pytest.fixture
def team(root):
    return make.make_team(make.make_unit(parent=root))


def verbs(subject):
    rows = AuditEntry.objects.filter(object_id=subject.pk, object_type=subject._meta.label_lower)
    return list(rows.order_by("id").values_list("verb", flat=True))


# -- Programmes ------------------------------------------------------------------------------------------------------------


def test_a_preset_is_installed_once_in_a_line_of_units(root, union, programme):
    below = make.make_unit(parent=root)
    for unit in (root, below):
        with pytest.raises(AssessmentError, match="已经有了"):
            programmes.install_preset("six_good", unit, actor=union)
    assert "six_good" not in {preset["code"] for preset in programmes.new_presets(below)}
    elsewhere = make_programme(make.make_unit(), union)
    assert elsewhere.pk != programme.pk
    assert verbs(programme) == ["programme.added"]


def test_benchmarks_come_out_of_the_model_teams(root, union):
    with pytest.raises(AssessmentError, match="先把它加上"):
        programmes.install_preset("ten_models", root, actor=union)
    six = make_programme(root, union)
    assert programmes.install_preset("ten_models", root, actor=union).pool == six


def test_a_change_is_told_and_holds_for_later_rounds_only(programme, union):
    before = opened(programme, union)
    with pytest.raises(AssessmentError, match="没有要改的"):
        programmes.change(programme, actor=union, notice_days=programme.notice_days)
    programmes.change(programme, actor=union, notice_days=7, quota={"total": 3})
    programme.refresh_from_db()
    after = opened(programme, union, name="第二批")
    before.refresh_from_db()
    assert (before.frozen["notice_days"], before.frozen["quota"]["total"]) == (5, 100)
    assert (after.frozen["notice_days"], after.frozen["quota"]) == (7, {"total": 3})
    assert verbs(programme) == ["programme.added", "programme.changed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"criteria": []}, "评选条件还没有写"),
        ({"pass_line": 6001}, "超过了各条加起来的满分"),
        ({"notice_days": 0}, ""),
        ({"valid_months": 121}, ""),
        ({"reward": -1}, ""),
    ],
)
def test_what_cannot_be_changes_nothing(programme, union, changes, said):
    before = frozen_of(programme)
    with pytest.raises(AssessmentError) as refusal:
        programmes.change(programme, actor=union, **changes)
    assert said in str(refusal.value)
    assert str(refusal.value)
    assert frozen_of(Programme.objects.get(pk=programme.pk)) == before
    assert verbs(programme) == ["programme.added"]


def test_a_programme_cannot_choose_from_itself_or_from_another_kind(programme, union, root):
    studios = make_programme(root, union, "seven_have")
    for pool in (programme, studios):
        with pytest.raises(AssessmentError, match="评的对象相同的另一个项目"):
            programmes.change(programme, actor=union, pool=pool)


def test_a_retired_programme_is_not_called_until_it_is_restored(programme, union):
    waiting = prepared(programme, union)
    programmes.retire(programme, actor=union)
    programme.refresh_from_db()
    with pytest.raises(StaleState):
        programmes.retire(programme, actor=union)
    with pytest.raises(AssessmentError, match="停用"):
        prepared(programme, union, name="又一批")
    with pytest.raises(AssessmentError, match="停用"):
        rounds.open_round(waiting, actor=union)
    programmes.restore(programme, actor=union)
    with pytest.raises(StaleState):
        programmes.restore(programme, actor=union)
    rounds.open_round(waiting, actor=union)
    assert verbs(programme) == ["programme.added", "programme.retired", "programme.restored"]


def test_a_name_that_is_taken_meanwhile_keeps_it_retired(programme, union, root):
    programmes.retire(programme, actor=union)
    facts = {
        name: getattr(programme, name) for name in ("name", "title", "subject", "levels", "applicants", "criteria")
    }
    programmes.add(root, actor=union, **facts)
    with pytest.raises(AssessmentError, match="同名"):
        programmes.restore(programme, actor=union)
    with pytest.raises(AssessmentError, match="同名"):
        programmes.add(root, actor=union, **facts)


# -- Rounds ----------------------------------------------------------------------------------------------------------------


def test_a_draft_may_change_and_an_open_round_may_not(programme, union):
    found = prepared(programme, union)
    with pytest.raises(AssessmentError, match="没有要改的"):
        rounds.change(found, actor=union, name=found.name)
    rounds.change(found, actor=union, name="年度", apply_until=today() + 3 * DAY)
    with pytest.raises(AssessmentError, match="一个比一个晚"):
        rounds.change(found, actor=union, review_until=today())
    rounds.open_round(found, actor=union)
    with pytest.raises(StaleState):
        rounds.change(found, actor=union, name="改名")
    found.refresh_from_db()
    assert (found.name, found.state) == ("年度", State.OPEN)
    assert verbs(found) == ["round.prepared", "round.changed", "round.opened"]


def test_an_opening_begins_today_and_freezes_everything(programme, union):
    found = opened(programme, union, opens_on=today() + 5 * DAY)
    assert found.opens_on == today()
    assert found.frozen == frozen_of(programme)
    assert {"name", "criteria", "conditions", "levels", "quota", "review", "pool", "reward"} <= set(found.frozen)


def test_a_round_whose_days_are_over_does_not_open(programme, union):
    past = {"opens_on": today() - 9 * DAY, "apply_until": today() - DAY, "review_until": today()}
    found = prepared(programme, union, **past)
    with pytest.raises(AssessmentError, match="已经过了，请先改日期"):
        rounds.open_round(found, actor=union)
    found.refresh_from_db()
    assert (found.state, found.frozen) == (State.DRAFT, {})


def test_two_rounds_of_a_programme_do_not_bear_one_name_unless_one_is_called_off(programme, union):
    first = prepared(programme, union)
    with pytest.raises(AssessmentError, match="同名的批次"):
        prepared(programme, union)
    rounds.cancel(first, "重来", actor=union)
    prepared(programme, union)
    assert programme.rounds.count() == 2


def test_a_last_day_is_put_off_and_never_brought_forward(programme, union):
    found = opened(programme, union)
    later = found.apply_until + 7 * DAY
    for wrong in (found.apply_until, found.apply_until - DAY):
        with pytest.raises(AssessmentError, match="要晚于现在的"):
            rounds.put_off(found, wrong, found.review_until, "检修", actor=union)
    with pytest.raises(AssessmentError, match="一个比一个晚"):
        rounds.put_off(found, found.review_until + DAY, found.review_until, "检修", actor=union)
    rounds.put_off(found, later, later + 7 * DAY, "检修期间", actor=union)
    found.refresh_from_db()
    assert (found.apply_until, found.review_until) == (later, later + 7 * DAY)
    (entry,) = reads.postponements(found)
    assert entry.after["reason"] == "检修期间"


def test_a_review_begins_after_the_last_day_or_when_it_is_said(programme, union):
    found = opened(programme, union)
    with pytest.raises(AssessmentError, match="才截止"):
        rounds.begin_review(found, actor=union)
    rounds.begin_review(found, actor=union, early=True)
    found.refresh_from_db()
    assert found.state == State.REVIEWING
    with pytest.raises(StaleState):
        rounds.put_off(found, found.apply_until + DAY, found.review_until, "晚了", actor=union)
    with pytest.raises(StaleState):
        rounds.begin_review(found, actor=union, early=True)
    assert verbs(found) == ["round.prepared", "round.opened", "round.reviewing"]


ALLOWED = {
    "open": {"draft"},
    "put_off": {"open"},
    "review": {"open"},
    "cancel": {"draft", "open", "reviewing", "shortlisted"},
    "invite": {"open"},
}
PAGES = {"change", "reviews", "name", "certificates"}
"""Buttons that lead to pages of their own."""
DEEDS = {
    "open": lambda found, actor: rounds.open_round(found, actor=actor),
    "put_off": lambda found, actor: rounds.put_off(
        found, found.apply_until + DAY, found.review_until, "检修", actor=actor
    ),
    "review": lambda found, actor: rounds.begin_review(found, actor=actor, early=True),
    "cancel": lambda found, actor: rounds.cancel(found, "条件变了", actor=actor),
    "invite": lambda found, actor: rounds.invite(found, actor=actor),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", State.values)
def test_each_deed_is_possible_in_its_states_and_changes_nothing_in_all_others(programme, union, state, deed):
    facts = {"reason": "停"} if state == State.CANCELLED else {}
    facts |= {"document": "工字〔2026〕1号", "named_on": today()} if state == State.NAMED else {}
    found = prepared(programme, union)
    Round.objects.filter(pk=found.pk).update(state=state, **facts)
    found.refresh_from_db()
    before, trail = Round.objects.filter(pk=found.pk).values().get(), AuditEntry.objects.count()
    if state in ALLOWED[deed]:
        DEEDS[deed](found, union)
        assert AuditEntry.objects.count() == trail + 1
        return
    with pytest.raises(AssessmentError if deed == "invite" else StaleState):
        DEEDS[deed](found, union)
    assert Round.objects.filter(pk=found.pk).values().get() == before
    assert AuditEntry.objects.count() == trail


def test_buttons_are_those_of_the_deeds_that_are_possible(programme, union):
    found = prepared(programme, union)
    for state in (State.DRAFT, State.OPEN, State.REVIEWING, State.POSTED):
        found.state = state
        shown = reads.deeds_for(union, found, None) - PAGES
        assert shown == {deed for deed, states in ALLOWED.items() if state in states}
        assert reads.deeds_for(make.make_user(), found, None) == set()
    found.state = State.OPEN
    assert "invite" not in reads.deeds_for(union, found, Bulletin())


def test_an_invitation_hangs_once(programme, union):
    found = opened(programme, union, invitation="请各班组踊跃申报。")
    assert reads.invitation_of(found) is None
    notice = rounds.invite(found, actor=union)
    assert rounds.invite(found, actor=union) == notice == reads.invitation_of(found)
    assert notice.title == "六好模范班组2026年度申报通知"
    assert "请各班组踊跃申报。" in str(notice.content["notes"])
    assert f"{found.apply_until}" in str(notice.content["notes"])


# -- What waits ------------------------------------------------------------------------------------------------------------


def lines(user):
    user._access = Access(user)
    return [detail for _, detail, *_ in reads.waiting_for(user)]


def test_leaders_are_told_of_rounds_that_they_may_apply_in(programme, union, team):
    leader, worker = make.make_member(team, "leader"), make.make_member(team)
    elsewhere = make.make_member(make.make_team(), "leader")
    draft = prepared(programme, union)
    assert lines(leader) == []
    rounds.open_round(draft, actor=union)
    assert lines(leader) == [f"六好模范班组2026年度，{draft.apply_until} 截止，还有 14 天"]
    assert lines(worker) == lines(elsewhere) == lines(union) == []
    row = filed(draft, team, leader, state="draft")
    assert lines(leader) == []
    Application.objects.filter(pk=row.pk).update(state="withdrawn")
    assert len(lines(leader)) == 1
    rounds.cancel(draft, "停", actor=union)
    assert lines(leader) == []


def test_the_union_is_told_when_the_last_day_is_over(programme, union, team):
    past = {"opens_on": today() - 9 * DAY, "apply_until": today() - DAY, "review_until": today()}
    found = prepared(programme, union, **past)
    Round.objects.filter(pk=found.pk).update(state="open", frozen=frozen_of(programme))
    assert lines(union) == [f"六好模范班组2026年度申报已于 {past['apply_until']} 截止，可以进入评审"]
    assert lines(make.make_member(team, "leader")) == []
    rounds.begin_review(found, actor=union)
    assert lines(union) == []


def test_who_stays_behind_is_counted(programme, union, root):
    found = opened(programme, union)
    assert reads.unfinished(found) == ""
    for state in ("draft", "submitted", "submitted", "recommended"):
        filed(found, make.make_team(root), union, state=state)
    assert reads.unfinished(found) == "1 份还没有提交、2 份还没有推荐"
    counted = reads.standings(found)
    assert counted["states"] == [("填写中", 1), ("待推荐", 2), ("待评审", 1)]
    assert counted["units"] == [(root.name, [("填写中", 1), ("待推荐", 2), ("待评审", 1)], 4)]
    assert counted["total"] == 4


# -- Figures ---------------------------------------------------------------------------------------------------------------


def test_figures_count_what_was_handed_in_per_unit_programme_and_year(programme, union, root):
    found, here, there = opened(programme, union), make.make_unit(parent=root), make.make_unit(parent=root)
    states = [("named", True), ("named", False), ("not_chosen", True), ("submitted", True), ("withdrawn", True)]
    for state, front in [*states, ("draft", True)]:
        filed(found, make.make_team(here), union, state=state, is_front_line=front)
    filed(found, make.make_team(there), union, state="named")
    filed(opened(make_programme(make.make_unit(), union), union), make.make_team(), union, state="named")
    year = today().year
    shown = figures(union, year)
    assert shown["total"] == Count(filed=5, recommended=4, named=3, front_line=2)
    assert dict(shown["units"]) == {here.name: Count(4, 3, 2, 1), there.name: Count(1, 1, 1, 1)}
    assert shown["programmes"] == [("六好模范班组", Count(5, 4, 3, 2))]
    assert shown["years"][-1] == (year, shown["total"])
    assert len(shown["years"]) == 1
    assert (shown["total"].pass_rate, shown["total"].front_line_share) == (60, 67)
    assert figures(union, year - 1)["total"] == Count()
    assert figures(union, year, programme)["total"] == shown["total"]
    assert (Count().pass_rate, Count().front_line_share) == (None, None)
    assert (Count(filed=8, named=1).pass_rate, Count(named=8, front_line=1).front_line_share) == (13, 13)

"""Reviews: who is asked by hand or by lot, marks that stand, stepping aside, what a panel found, and what it all comes to."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours import summary
from assessments.honours.assignments import candidates, in_order, urn
from assessments.honours.draws import draw
from assessments.honours.name_lists import lines_of
from assessments.models import Application, ApplicationStep, PanelRecord, Review
from assessments.services import assignments, name_lists, reviews, rounds
from teams.models import AuditEntry
from tests import factories as make
from tests.applying import CRITERIA, DAY, Scene
from tests.reviewing import FULL, Panel, marks

pytestmark = pytest.mark.django_db
State = Review.State


class Backwards:
    """A lot that turns round the order in which they stand."""

    def sample(self, rows, _count):
        return rows[::-1]


@pytest.fixture
def panel():
    return Panel()


def rows_of(panel):
    return {row.application.pk: row for row in summary.rows(panel.round)}


# -- Coming to the review ------------------------------------------------------------------------------------------------


def test_only_recommended_applications_come_to_the_review_each_with_a_step():
    scene = Scene()
    waiting, recommended = scene.submitted(), scene.submitted(scene.other_leader)
    Application.objects.filter(pk=recommended.pk).update(state="recommended")
    rounds.begin_review(scene.round, actor=scene.company, early=True)
    assert dict(Application.objects.values_list("pk", "state")) == {
        waiting.pk: "submitted",
        recommended.pk: "reviewing",
    }
    (step,) = ApplicationStep.objects.filter(action="review")
    assert (step.application, step.state, step.actor, step.unit) == (
        recommended,
        "reviewing",
        scene.company,
        scene.root,
    )


# -- By hand -------------------------------------------------------------------------------------------------------------


def test_reviewers_are_called_by_aliases_that_say_nothing_about_the_order_in_which_they_were_asked(panel):
    people = [make.give_role(panel.office, "assessor") for _ in range(8)]
    panel.asked(panel.first, *people)
    panel.asked(panel.first, panel.reviewers[2])
    called = panel.first.reviews.values_list("alias", flat=True)
    assert in_order(called) == [f"评委{letter}" for letter in "甲乙丙丁戊己庚辛壬"]
    assert in_order(["评委11", "评委乙", "评委甲", "评委癸"]) == ["评委甲", "评委乙", "评委癸", "评委11"]


def test_letters_are_dealt_anew_to_all_when_one_more_is_asked(panel, monkeypatch):
    one, other = panel.given(panel.first, 6000, 9000)
    assignments.assign(panel.first, [panel.worker], actor=panel.company)
    left = panel.asked(panel.first, panel.reviewers[3])[0]
    assignments.excuse(left, "是亲戚", actor=panel.company)
    letters = dict(panel.first.reviews.values_list("reviewer", "alias"))
    monkeypatch.setattr(assignments.secrets, "SystemRandom", Backwards)
    (third,) = panel.asked(panel.first, panel.reviewers[2])
    called = dict(panel.first.reviews.values_list("reviewer", "alias"))
    assert called.pop(panel.worker.pk) == letters[panel.worker.pk] == "回避1"
    assert [called[row.reviewer_id] for row in (third, left, other, one)] == ["评委甲", "评委乙", "评委丙", "评委丁"]
    assert [row.total for row in (panel.review(panel.first, who) for who in panel.reviewers[:2])] == [6000, 9000]


def test_letters_stay_when_nobody_comes_to_them(panel):
    panel.asked(panel.first, *panel.reviewers)
    letters = list(panel.first.reviews.values_list("id", "alias"))
    assignments.assign(panel.first, [panel.worker], actor=panel.company)
    assert [row for row in panel.first.reviews.values_list("id", "alias") if row[1] != "回避1"] == letters


def test_who_has_to_do_with_it_is_put_on_record_and_not_asked(panel):
    mate = panel.worker
    aside = assignments.assign(panel.first, [mate, panel.reviewers[0]], actor=panel.company)
    assert aside == {mate: "是申报班组的成员"}
    assert list(panel.first.reviews.order_by("id").values_list("alias", "state", "conflict")) == [
        ("评委甲", State.ASSIGNED, ""),
        ("回避1", State.EXCUSED, "是申报班组的成员"),
    ]
    (entry,) = AuditEntry.objects.filter(verb="review.assigned")
    assert entry.after["aside"] == {str(mate): "是申报班组的成员"}
    with pytest.raises(AssessmentError, match="已经在这份申报的评委里（已回避）"):
        assignments.assign(panel.first, [mate], actor=panel.company)


def test_whoever_runs_the_round_or_is_from_elsewhere_is_no_reviewer(panel):
    left = make.give_role(panel.office, "assessor")
    type(left).objects.filter(pk=left.pk).update(is_active=False)
    foreign = make.give_role(make.make_unit("别的厂"), "assessor")
    for who in (panel.company, left, foreign):
        with pytest.raises(AssessmentError, match="不能当评委"):
            assignments.assign(panel.first, [who], actor=panel.company)
    assert panel.union in candidates(panel.round)
    assert not panel.first.reviews.exists()


def test_nothing_is_assigned_once_the_application_stands_on_the_list(panel):
    Application.objects.filter(pk=panel.first.pk).update(state="shortlisted")
    with pytest.raises(StaleState, match="拟命名"):
        assignments.assign(panel.first, panel.reviewers[:1], actor=panel.company)


# -- By lot --------------------------------------------------------------------------------------------------------------


def test_a_draw_fills_up_what_lacks_and_can_be_done_again_from_the_trail(panel):
    panel.asked(panel.first, panel.reviewers[0])
    people = [*panel.reviewers, panel.leader]
    assert assignments.draw_missing(panel.round, people, actor=panel.company) == 3
    for application in (panel.first, panel.second):
        assert application.reviews.filter(state=State.ASSIGNED).count() == 2
    loads = [Review.objects.filter(reviewer=who, state=State.ASSIGNED).count() for who in people]
    assert max(loads) == 1
    kept_away = panel.first.reviews.get(reviewer=panel.leader)
    assert (kept_away.state, kept_away.conflict, kept_away.alias) == (State.EXCUSED, "填写了这份申报", "回避1")
    (entry,) = AuditEntry.objects.filter(verb="review.drawn")
    told = entry.after
    assert draw(told["eligible"], told["needed"], told["loads"], told["seed"]) == told["drawn"]
    assert told["needed"] == {panel.first.number: 1, panel.second.number: 2}


def test_a_second_draw_finds_nothing_to_do_and_one_replaces_who_stepped_aside(panel):
    assignments.draw_missing(panel.round, panel.reviewers, actor=panel.company)
    with pytest.raises(AssessmentError, match="都够了"):
        assignments.draw_missing(panel.round, panel.reviewers, actor=panel.company)
    review = panel.first.reviews.filter(state=State.ASSIGNED).first()
    assignments.excuse(review, "是亲戚", actor=review.reviewer)
    assert assignments.draw_missing(panel.round, panel.reviewers, actor=panel.company) == 1
    assert panel.first.reviews.filter(reviewer=review.reviewer).get().state == State.EXCUSED


def test_too_few_reviewers_are_said_and_nothing_is_drawn(panel):
    said = f"一值（{panel.first.number}）只有 1 位评委不用回避，需要 2 位"
    with pytest.raises(AssessmentError, match=f"^{said}"):
        assignments.draw_missing(panel.round, [panel.reviewers[0], panel.worker], actor=panel.company)
    assert not Review.objects.exists()


def test_nobody_draws_for_the_own_application(panel):
    make.give_role(panel.root, "union", panel.leader)
    assignments.draw_missing(panel.round, panel.reviewers, actor=panel.leader)
    assert not panel.first.reviews.exists()
    assert panel.second.reviews.count() == 2


def test_the_urn_asks_the_same_for_one_application_and_for_many(panel, django_assert_num_queries):
    rows = assignments.reviewed(panel.company, panel.round)
    for count in (1, 2):
        some = list(rows[:count])
        with django_assert_num_queries(10):
            urn(some, panel.reviewers)


# -- Marks ---------------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_until_it_is_given_and_then_it_stands(panel):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    seen, who = reviews.seen_of(review), panel.reviewers[0]
    assert reviews.save(review, {"safe": 3000}, {"safe": "扎实"}, seen, actor=who)
    assert not reviews.save(review, {"safe": 3000}, {"safe": "扎实"}, reviews.seen_of(review), actor=who)
    with pytest.raises(StaleState, match="别的页面"):
        reviews.save(review, {"safe": 1000}, {}, seen, actor=who)
    with pytest.raises(AssessmentError, match="“学习培训好”“有制度”还没有打分"):
        reviews.submit(review, {"safe": 3000}, {}, reviews.seen_of(review), actor=who)
    panel.give(review, 8100, {"": "不错"})
    review.refresh_from_db()
    assert (review.state, review.total, review.notes) == (State.DONE, 8100, {"": "不错"})
    with pytest.raises(StaleState):
        reviews.save(review, FULL, {}, reviews.seen_of(review), actor=who)
    with pytest.raises(DatabaseError, match="the review is given"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(total=9000)
    verbs = list(
        AuditEntry.objects.filter(object_type="assessments.review").order_by("id").values_list("verb", "label")
    )
    assert verbs == [("review.saved", str(panel.first)), ("review.submitted", str(panel.first))]


def test_who_moved_to_the_team_meanwhile_gives_no_marks(panel):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    make.make_member(panel.team, user=panel.reviewers[0])
    with pytest.raises(AssessmentError, match="您是申报班组的成员，不能给这份申报打分"):
        panel.give(review, 8100)
    review.refresh_from_db()
    assert review.state == State.ASSIGNED


def test_a_yes_no_programme_is_marked_with_all_points_or_none():
    pairs = zip(CRITERIA, (700, 300, 0), strict=True)
    criteria = [row | {"method": "yes_no", "points": points} for row, points in pairs]
    panel = Panel(criteria=criteria)
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    seen = reviews.seen_of(review)
    with pytest.raises(AssessmentError, match="“学习培训好”"):
        reviews.submit(review, {"safe": 700, "study": 150, "rules": 100}, {}, seen, actor=review.reviewer)
    reviews.submit(review, {"safe": 700, "study": 0, "rules": 100}, {}, seen, actor=review.reviewer)
    assert review.total == 800


# -- Stepping aside ------------------------------------------------------------------------------------------------------


def test_stepping_aside_is_for_good_and_wipes_the_draft(panel):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    reviews.save(review, {"safe": 3000}, {}, reviews.seen_of(review), actor=review.reviewer)
    assignments.excuse(review, "是亲戚", actor=review.reviewer)
    review.refresh_from_db()
    assert (review.state, review.conflict, review.marks) == (State.EXCUSED, "是亲戚", {})
    for deed in (assignments.excuse, lambda row, _, actor: panel.give(row, 8100)):
        with pytest.raises(StaleState):
            deed(review, "再来", actor=review.reviewer)


def test_marks_that_stand_are_not_taken_off(panel):
    (review,) = panel.given(panel.first, 8100)
    with pytest.raises(StaleState):
        assignments.excuse(review, "分打得不对", actor=panel.company)


# -- What it comes to ----------------------------------------------------------------------------------------------------


def test_the_summary_has_totals_by_alias_means_and_places(panel):
    panel.given(panel.first, 8100, 9100)
    panel.given(panel.second, 9000, 9101)
    rows = summary.rows(panel.round)
    assert [(row.application, sorted(row.totals.values()), row.mean, row.place) for row in rows] == [
        (panel.second, [9000, 9101], 9051, 1),
        (panel.first, [8100, 9100], 8600, 2),
    ]
    assert {name for row in rows for name in row.totals} == {"评委甲", "评委乙"}
    assert not any(row.missing for row in rows)
    reviews.fix_scores(rows)
    assert list(Application.objects.order_by("place").values_list("score", "place")) == [(9051, 1), (8600, 2)]


@pytest.mark.parametrize("is_blind", [True, False])
def test_blind_totals_are_told_all_at_once(is_blind):
    panel = Panel(review={"reviewers": 2, "is_blind": is_blind})
    one, other = panel.asked(panel.first, *panel.reviewers[:2])
    panel.give(one, 8100)
    row = rows_of(panel)[panel.first.pk]
    assert (sorted(row.totals.values()), row.mean) == (([], None) if is_blind else ([8100], 8100))
    assert row.missing == ["还有 1 位评委没有评完"]
    panel.give(other, 9000)
    assert rows_of(panel)[panel.first.pk].mean == 8550


def test_the_highest_and_the_lowest_are_dropped_where_the_round_says_so():
    panel = Panel(review={"reviewers": 4, "drop_extremes": True, "divergence": 0})
    panel.given(panel.first, 1000, 8000, 9000, 10000)
    assert rows_of(panel)[panel.first.pk].mean == 8500


def test_the_summary_asks_the_same_for_one_application_and_for_many(panel, django_assert_num_queries):
    panel.given(panel.first, 8100, 9100)
    with django_assert_num_queries(3):
        assert len(summary.rows(panel.round)) == 2


def test_what_lacks_is_said_and_no_score_is_fixed(panel):
    panel.given(panel.first, 8100)
    panel.asked(panel.second, panel.reviewers[0])
    found = {pk: row.missing for pk, row in rows_of(panel).items()}
    assert found[panel.first.pk] == ["还差 1 位评委"]
    assert found[panel.second.pk] == ["还差 1 位评委", "还有 1 位评委没有评完"]
    with pytest.raises(
        AssessmentError, match="名单还不能定：一值：还差 1 位评委。燃料一班：还差 1 位评委。燃料一班：还有 1 位"
    ):
        name_lists.fix(panel.round, actor=panel.company)
    assert set(Application.objects.values_list("score", "place")) == {(None, None)}


def test_reviewers_far_apart_need_one_more(panel):
    panel.given(panel.first, 6000, 9000)
    row = rows_of(panel)[panel.first.pk]
    assert (row.diverges, row.is_rechecked, row.missing) == (True, False, ["评委打分相差太大，请再派一位评委复核"])
    assert [line.to_recheck for line in lines_of(panel.round)] == [True, False]
    (third,) = panel.asked(panel.first, panel.reviewers[2])
    assert rows_of(panel)[panel.first.pk].missing == ["还有 1 位评委没有评完"]
    panel.give(third, 7500)
    row = rows_of(panel)[panel.first.pk]
    assert (row.diverges, row.is_rechecked, row.missing, row.mean) == (True, True, [], 7500)
    assert [line.to_recheck for line in lines_of(panel.round)] == [False, False]


def test_a_visit_a_defence_and_a_vote_have_to_be_there_where_the_round_says_so():
    panel = Panel(review={"reviewers": 1, "needs_visit": True, "needs_defence": True, "needs_vote": True})
    panel.given(panel.first, 9000)
    assert rows_of(panel)[panel.first.pk].missing == ["还没有现场考察记录", "还没有答辩记录", "还没有表决记录"]
    facts = {"date": timezone.localdate(), "people": "评审组", "text": "属实", "actor": panel.company}
    for kind in PanelRecord.Kind.values:
        assignments.record_panel(panel.first, kind=kind, agreed=4, opposed=3, abstained=0, **facts)
    assert (rows_of(panel)[panel.first.pk].missing, rows_of(panel)[panel.first.pk].lacks) == ([], [])
    with pytest.raises(AssessmentError, match="这一天已经有同样的记录"):
        assignments.record_panel(panel.first, kind="visit", **facts)
    assignments.record_panel(panel.first, kind="vote", agreed=3, opposed=3, **facts | {"date": facts["date"] + DAY})
    assert rows_of(panel)[panel.first.pk].lacks == ["表决没有过半：同意 3，反对 3，弃权 0"]


def test_what_an_application_does_not_reach_is_said():
    panel = Panel(pass_line=8000, review={"reviewers": 1, "group_percent": 60})
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    reviews.submit(
        review, {"safe": 0, "study": 6000, "rules": 0}, {}, reviews.seen_of(review), actor=panel.reviewers[0]
    )
    assert rows_of(panel)[panel.first.pk].lacks == [
        "没有达到 80 分的达标分",
        "“安全”没有达到 60%",
        "“管理”没有达到 60%",
        "多数评委认为没有做到“安全文明生产好”",
    ]
    panel.give(panel.asked(panel.second, panel.reviewers[0])[0], 10100)
    assert rows_of(panel)[panel.second.pk].lacks == []


def test_marks_of_the_helper_come_to_their_total():
    assert [sum(marks(total).values()) for total in (100, 4100, 10100)] == [100, 4100, 10100]

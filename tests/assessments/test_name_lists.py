"""The list of a round: what may be decided when, when it stands, its notice, and names that leave it or step in."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours import name_lists as reads
from assessments.honours.rounds import standings
from assessments.models import Application, ApplicationStep, Bar, Programme, Review, Round
from assessments.services import challenges, name_lists
from bulletins.models import BoardPolicy, Bulletin
from teams.models import AuditEntry
from teams.triggers import without_triggers
from teams.workdays import last_day_of_notice
from tests import factories as make
from tests.applying import make_programme, open_round
from tests.name_lists import FULL, ListScene, give, in_review
from tests.titles import bare_title

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def scene():
    return ListScene()


def trail():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def refused(service, *args, match, error=AssessmentError, **kwargs):
    """The service refuses with these words, and changes nothing."""
    before = (list(Application.objects.order_by("id").values("state")), ApplicationStep.objects.count(), trail())
    with pytest.raises(error, match=match):
        service(*args, **kwargs)
    assert before == (
        list(Application.objects.order_by("id").values("state")),
        ApplicationStep.objects.count(),
        trail(),
    )


def over(scene):
    """The notice of the list is over."""
    days = timezone.localdate() - datetime.timedelta(days=9), timezone.localdate() - datetime.timedelta(days=1)
    with without_triggers():
        Bulletin.objects.filter(serial=scene.round.bulletin).update(notice_starts_on=days[0], notice_ends_on=days[1])


# -- Decisions -----------------------------------------------------------------------------------------------------------


def test_several_are_decided_at_once_with_one_row_in_the_trail(scene):
    before = trail()
    scene.decide("shortlist", "ab")
    assert scene.states() == {"a": State.SHORTLISTED, "b": State.SHORTLISTED, "c": State.REVIEWING}
    assert trail()[len(before) :] == ["application.shortlisted"]
    assert [scene.rows[name].steps.last().action for name in "ab"] == ["shortlist", "shortlist"]


def test_passing_over_and_looking_again_ask_for_a_reason(scene):
    refused(scene.decide, "pass_over", "c", match="“不列入”要写明理由")
    scene.decide("pass_over", "c", "没有达标")
    assert scene.c.steps.last().text == "没有达标"
    refused(scene.decide, "reconsider", "c", match="要写明理由")
    scene.decide("reconsider", "c", "补了材料")
    assert scene.states()["c"] == State.REVIEWING


def test_nobody_ticked_is_refused(scene):
    refused(name_lists.decide, scene.round, "shortlist", [], actor=scene.company, match="请先勾选")


def test_one_that_has_moved_stops_the_whole_batch(scene):
    scene.decide("shortlist", "a")
    refused(scene.decide, "shortlist", "ba", match="a班现在是“拟命名”", error=StaleState)


def test_an_application_of_another_round_is_not_decided_here(scene):
    first = scene.round
    scene.round = open_round(make_programme(scene.root, code="other", name="另一个"), scene.company, state="reviewing")
    foreign = in_review(scene, scene.team, scene.leader)
    refused(name_lists.decide, first, "shortlist", [foreign], actor=scene.company, match="一值", error=StaleState)


# -- When the list stands ------------------------------------------------------------------------------------------------


def test_a_list_stands_with_scores_and_places(scene):
    scene.fixed()
    assert scene.round.state == Round.State.SHORTLISTED
    rows = [(scene.fresh(name).score, scene.fresh(name).place) for name in "abc"]
    assert [place for _, place in rows] == [1, 2, 3]
    assert rows[0][0] - rows[1][0] == 100
    assert trail()[-1] == "round.listed"


def test_it_says_everything_that_it_lacks(scene):
    scene.decide("shortlist", "a")
    Review.objects.create(application=scene.b, reviewer=make.make_user(), alias="评委9", assigned_by=scene.company)
    in_review(scene, make.make_team(scene.unit, "新班"), scene.leader, state=State.RECOMMENDED)
    with pytest.raises(AssessmentError) as told:
        name_lists.fix(scene.round, actor=scene.company)
    for words in ("b班：还有 1 位评委没有评完", "还有 1 份推荐上来的申报没有派评委", "还有 2 份申报没有定"):
        assert words in str(told.value)


def test_an_empty_list_does_not_stand(scene):
    scene.decide("pass_over", "abc", "都不达标")
    refused(name_lists.fix, scene.round, actor=scene.company, match="名单上还没有拟命名的")


def test_a_broken_quota_keeps_it_from_standing():
    scene = ListScene(quota={"total": 1, "reserve_percent": 100})
    scene.decide("shortlist", "ab")
    scene.decide("reserve", "c")
    refused(name_lists.fix, scene.round, actor=scene.company, match="名额 1 个，名单上有 2 个")
    scene.decide("reserve", "b")
    refused(name_lists.fix, scene.round, actor=scene.company, match="备选最多 1 个，现在有 2 个")
    scene.decide("pass_over", "c", "名额满了")
    name_lists.fix(scene.round, actor=scene.company)


def test_who_misses_the_pass_line_is_not_on_a_list_that_stands():
    scene = ListScene(pass_line=10_050)
    scene.decide("shortlist", "ab")
    scene.decide("pass_over", "c", "没有达标")
    refused(name_lists.fix, scene.round, actor=scene.company, match="b班不能推荐：没有达到 100.5 分的达标分")


def test_who_is_barred_by_now_is_not_on_a_list_that_stands(scene):
    facts = {"code": "accident", "text": "重伤一人", "happened_on": timezone.localdate()}
    Bar.objects.create(unit=scene.unit, team=scene.a.team, recorded_by=scene.company, **facts)
    scene.decide("shortlist", "a")
    scene.decide("reserve", "bc")
    refused(name_lists.fix, scene.round, actor=scene.company, match="a班不能推荐：.*重伤一人")


def test_back_to_the_review_before_it_hangs_and_not_afterwards(scene):
    scene.fixed()
    name_lists.reopen(scene.round, "漏看了一份", actor=scene.company)
    scene.round.refresh_from_db()
    assert (scene.round.state, trail()[-1]) == (Round.State.REVIEWING, "round.reopened")
    name_lists.fix(scene.round, actor=scene.company)
    name_lists.post(scene.round, actor=scene.company)
    name_lists.strike_off(scene.fresh("a"), "查实有事故", actor=scene.company)
    scene.round.refresh_from_db()
    assert scene.round.state == Round.State.SHORTLISTED
    refused(name_lists.reopen, scene.round, "再看看", actor=scene.company, match="已经公示过")


# -- The notice ----------------------------------------------------------------------------------------------------------


def test_the_board_names_them_for_five_working_days_and_says_no_marks(scene):
    before = trail()
    scene.posted(listed="ab", reserve="c", over="")
    board = scene.bulletin
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert (board.kind, board.unit, board.notice_ends_on) == ("nomination", scene.root, last_day_of_notice(tomorrow, 5))
    assert [row["cells"]["name"] for row in board.content["rows"]] == ["a班", "b班"]
    words = f"{board.title}{board.content}"
    assert not [said for said in ("评委", "c班", "102", "101", *map(str, scene.reviewers)) if said in words]
    assert trail()[len(before) :][-1:] == ["board.published"]
    assert (scene.round.state, scene.round.bulletin) == (Round.State.POSTED, board.serial)


def test_the_days_are_those_of_the_round_but_never_fewer_than_the_policy_asks():
    scene = ListScene(notice_days=7).posted()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert scene.bulletin.notice_ends_on == last_day_of_notice(tomorrow, 7)
    BoardPolicy.objects.create(unit=scene.root, notice_days={"nomination": 8})
    name_lists.strike_off(scene.fresh("a"), "本人退出", actor=scene.company)
    name_lists.step_in(scene.fresh("b"), actor=scene.company)
    assert name_lists.post(scene.round, actor=scene.company).notice_ends_on == last_day_of_notice(tomorrow, 8)


def test_a_list_hangs_once(scene):
    scene.posted()
    refused(name_lists.post, scene.round, actor=scene.company, match="公示中", error=StaleState)
    assert Bulletin.objects.filter(kind="nomination").count() == 1


def test_a_posted_list_is_named_when_its_notice_is_over(scene, client):
    assert "名单公示期满以后才能命名" in reads.hindrances(scene.round)[0]
    scene.posted()
    (said,) = reads.hindrances(scene.round)
    assert said.startswith(f"公示到 {scene.bulletin.notice_ends_on} 结束")
    client.force_login(scene.company)
    page = reverse("assessments:name-list", args=[scene.round.pk])
    assert "去命名" not in client.get(page).content.decode()
    over(scene)
    assert reads.hindrances(scene.round) == []
    assert "去命名" in client.get(page).content.decode()


def test_a_case_after_the_notice_still_keeps_it_from_being_named(scene):
    scene.posted()
    over(scene)
    facts = {"code": "accident", "text": "重伤一人", "happened_on": timezone.localdate()}
    Bar.objects.create(unit=scene.unit, team=scene.a.team, recorded_by=scene.company, **facts)
    (said,) = reads.hindrances(scene.round)
    assert "a班不能推荐" in said
    assert "重伤一人" in said


@pytest.mark.parametrize("restarts", [True, False])
def test_a_changed_list_hangs_anew_with_a_notice_of_its_own(scene, restarts):
    BoardPolicy.objects.create(unit=scene.root, restart_notice=restarts)
    scene.posted()
    over(scene)
    name_lists.strike_off(scene.fresh("a"), "查实有事故", actor=scene.company)
    name_lists.step_in(scene.fresh("b"), actor=scene.company)
    second = name_lists.post(scene.round, actor=scene.company)
    first = Bulletin.objects.get(serial=scene.bulletin.serial)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert (second.revision, second.notice_ends_on) == (2, last_day_of_notice(tomorrow, 5))
    assert list(Bulletin.objects.current().filter(kind="nomination")) == [second]
    assert first.content["rows"][0]["cells"]["name"] == "a班"
    words = "".join(second.content["notes"][place]["text"] for place in (0, 1))
    assert "a班不再列入" in words
    assert "b班由备选递补" in words
    scene.round.refresh_from_db()
    assert scene.round.bulletin == second.serial


def test_what_was_changed_before_the_first_notice_is_not_told_on_it(scene):
    scene.fixed(listed="ab", reserve="c", over="")
    name_lists.strike_off(scene.fresh("a"), "本人退出", actor=scene.company)
    board = name_lists.post(scene.round, actor=scene.company)
    assert "a班" not in str(board.content)


# -- Leaving and stepping in ---------------------------------------------------------------------------------------------


def test_striking_off_a_posted_name_calls_for_a_new_notice(scene):
    scene.posted(listed="ab", reserve="c", over="")
    before = trail()
    name_lists.strike_off(scene.fresh("a"), "查实有事故", actor=scene.company)
    scene.round.refresh_from_db()
    assert (scene.states()["a"], scene.round.state) == (State.NOT_CHOSEN, Round.State.SHORTLISTED)
    assert scene.a.steps.last().text == "查实有事故"
    assert trail()[len(before) :] == ["application.struck_off"]


def test_a_reserve_steps_in_where_there_is_room():
    scene = ListScene(quota={"total": 1, "reserve_percent": 200}).fixed(listed="a", reserve="bc", over="")
    refused(name_lists.step_in, scene.b, actor=scene.company, match="b班不能递补：名额满了")
    name_lists.strike_off(scene.fresh("a"), "本人退出", actor=scene.company)
    name_lists.step_in(scene.b, actor=scene.company)
    assert scene.states() == {"a": State.NOT_CHOSEN, "b": State.SHORTLISTED, "c": State.RESERVE}
    assert trail()[-1] == "application.stepped_in"


def test_who_is_barred_does_not_step_in(scene):
    scene.fixed()
    facts = {"code": "accident", "text": "重伤一人", "happened_on": timezone.localdate()}
    Bar.objects.create(unit=scene.unit, team=scene.b.team, recorded_by=scene.company, **facts)
    refused(name_lists.step_in, scene.fresh("b"), actor=scene.company, match="b班不能递补：.*重伤一人")


def test_nobody_steps_in_while_the_list_hangs(scene):
    scene.posted()
    refused(name_lists.step_in, scene.fresh("b"), actor=scene.company, match="公示中", error=StaleState)


# -- What waits ----------------------------------------------------------------------------------------------------------


def words(user):
    return [f"{line[1]}｜{line[4]}" for line in reads.waiting_for(user)]


def test_what_waits_follows_the_round(scene):
    assert words(scene.company) == [f"{scene.round}评完了，还有 3 份没有定｜待定名单"]
    review = Review.objects.create(
        application=scene.b, reviewer=make.make_user(), alias="评委9", assigned_by=scene.company
    )
    assert words(scene.company) == []
    review.delete()
    scene.fixed()
    assert words(scene.company) == [f"{scene.round}名单已定，可以公示｜待公示"]
    name_lists.post(scene.round, actor=scene.company)
    assert words(scene.company) == []
    scene.round.refresh_from_db()
    over(scene)
    assert words(scene.company)[0].endswith("已满，可以命名｜可以命名")
    assert words(scene.union) == words(scene.leader) == []


def test_an_open_challenge_keeps_the_naming_from_being_told(scene):
    scene.posted()
    challenges.file(scene.fresh("a"), "有事故没报", actor=scene.worker)
    over(scene)
    assert words(scene.company) == []
    assert "还有 1 件异议没有调查完。" in reads.hindrances(scene.round)


def test_proposed_names_keep_the_quota_and_equals_are_told():
    scene = ListScene(names="abc", quota={"total": 2, "reserve_percent": 50})
    extra = in_review(scene, make.make_team(scene.unit, "d班"), make.make_member(scene.team), less=100)
    lines, may = reads.lines_of(scene.round), {row.pk for row in (*scene.rows.values(), extra)}
    chosen, equal = reads.proposed(scene.round, lines, "shortlist", may)
    assert (chosen, equal) == ([scene.a.pk, scene.b.pk], [extra.team])
    scene.decide("shortlist", "ab")
    chosen, _ = reads.proposed(scene.round, reads.lines_of(scene.round), "reserve", may)
    assert chosen == [extra.pk]
    assert reads.proposed(scene.round, lines, "shortlist", {scene.c.pk})[0] == [scene.c.pk]


def test_a_further_review_counts_along(scene):
    give(scene.a, make.make_user(), "评委4", less=400)
    scene.fixed()
    assert [(scene.fresh(name).score, scene.fresh(name).place) for name in "ab"] == [(FULL - 100, 1)] * 2


def test_the_round_froze_its_days(scene):
    Programme.objects.filter(pk=scene.programme.pk).update(notice_days=1)
    scene.posted()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert scene.bulletin.notice_ends_on == last_day_of_notice(tomorrow, 5)


# -- Until it is posted --------------------------------------------------------------------------------------------------


def read_of(client, user, application, state):
    """(the page of an application, how many applications the list shows in a state) as the person reads them."""
    client.force_login(user)
    page = client.get(reverse("assessments:application", args=[application.pk])).content.decode()
    rows = client.get(reverse("assessments:applications"), {"state": state}).context["page"].object_list
    return page, len(rows)


def test_what_is_decided_is_told_once_the_list_is_posted(scene, client):
    scene.fixed()
    applicant = scene.a.filed_by
    page, found = read_of(client, applicant, scene.a, "shortlisted")
    assert ("拟命名" in page, "评审中" in page, found) == (False, True, 0)
    assert read_of(client, applicant, scene.a, "reviewing")[1] == 1
    client.force_login(scene.company)
    assert "拟命名" in client.get(reverse("assessments:name-list", args=[scene.round.pk])).content.decode()
    name_lists.post(scene.round, actor=scene.company)
    page, found = read_of(client, applicant, scene.a, "shortlisted")
    assert ("拟命名" in page, found) == (True, 1)
    assert read_of(client, applicant, scene.a, "reviewing")[1] == 0


def test_the_reason_of_being_passed_over_is_read_after_the_posting(scene, client):
    scene.fixed()
    reader = scene.c.filed_by
    assert "分数靠后" not in read_of(client, reader, scene.c, "")[0]
    name_lists.post(scene.round, actor=scene.company)
    assert "分数靠后" in read_of(client, reader, scene.c, "")[0]


def test_the_figures_of_the_round_do_not_tell_earlier(scene):
    scene.fixed()
    assert standings(scene.round)["states"] == [("评审中", 3)]
    name_lists.post(scene.round, actor=scene.company)
    scene.round.refresh_from_db()
    assert standings(scene.round)["states"] == [("拟命名", 1), ("备选", 1), ("未入选", 1)]


def test_a_round_of_former_years_without_a_board_shows_its_list(scene, client):
    today = timezone.localdate()
    Round.objects.filter(pk=scene.round.pk).update(state=Round.State.NAMED, document="工发9号", named_on=today)
    client.force_login(scene.company)
    answer = client.get(reverse("assessments:name-list", args=[scene.round.pk]))
    assert "这一批的公示没有记在系统里" in answer.content.decode()


def test_the_page_says_who_bears_the_title_already(scene, client):
    title = bare_title(scene.programme, scene.a.team, 1)
    bare_title(make_programme(scene.root, name="别的项目", code="other"), scene.b.team, 2)
    bare_title(scene.programme, scene.c.team, 3, state="expired")
    client.force_login(scene.company)
    page = client.get(reverse("assessments:name-list", args=[scene.round.pk]))
    assert [line.holds for line in page.context["lines"]] == [title, None, None]
    assert f"已有这个称号</a>，有效期至 {title.valid_to}" in page.content.decode()

"""The pages of reviews: the reviewer's queue and sheet, asking by hand and by lot, the summary, what applicants read."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.honours import summary
from assessments.honours.review_lists import feedback, waiting_for
from assessments.models import Application, PanelRecord, Review, Round
from assessments.services import assignments, reviews
from teams.models import AuditEntry, User
from teams.workbooks import read_workbook
from tests import factories as make
from tests.applying import DAY
from tests.reviewing import Panel

pytestmark = pytest.mark.django_db
State = Review.State


@pytest.fixture
def panel():
    return Panel()


def at(name, row):
    return reverse(f"assessments:{name}", args=[row.pk])


def read(client, user, address, **query):
    client.force_login(user)
    return client.get(address, query).content.decode()


def post(client, user, address, body, **options):
    client.force_login(user)
    return client.post(address, body, follow=True, **options).content.decode()


def typed(review, **more):
    return {"seen": reviews.seen_of(review), "mark-0": "35", "mark-1": "50.5", "mark-2": "100"} | more


# -- The reviewer --------------------------------------------------------------------------------------------------------


def test_the_queue_has_what_is_to_do_in_front_and_no_other_reviews(panel, client):
    one, other = panel.asked(panel.first, *panel.reviewers[:2])
    (given,) = panel.given(panel.second, 8100)
    page = read(client, panel.reviewers[0], reverse("assessments:reviews"))
    assert page.index(at("review", one)) < page.index(at("review", given))
    assert at("review", other) not in page
    assert "还有 1 份要评" in page
    assert "81.00" in page
    assert "没有请您评审的申报" in read(client, panel.worker, reverse("assessments:reviews"))


def test_a_sheet_shows_the_evidence_beside_the_marks(panel, client):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    page = read(client, panel.reviewers[0], at("review", review))
    for words in (
        "安全文明生产好",
        "学规程",
        "自评 40 分",
        "班前会天天开",
        "全年无违章。",
        "满分 40",
        "提交后打的分就定了",
    ):
        assert words in page
    assert client.get(at("review", panel.asked(panel.second, panel.reviewers[1])[0])).status_code == 404


def test_marks_are_kept_while_they_are_typed(panel, client):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    htmx = {"HTTP_HX_REQUEST": "true"}
    body = typed(review, **{"mark-2": "", "note-0": "扎实"})
    page = post(client, panel.reviewers[0], at("review", review), body, **htmx)
    review.refresh_from_db()
    assert (review.marks, review.notes) == ({"safe": 3500, "study": 5050}, {"safe": "扎实"})
    assert f'name="seen" value="{reviews.seen_of(review)}"' in page
    assert "打了 2 条，共 3 条" in page
    page = post(client, panel.reviewers[0], at("review", review), body, **htmx)
    assert "别的页面改过" in page
    page = post(client, panel.reviewers[0], at("review", review), typed(review, **{"mark-0": "40.01"}), **htmx)
    assert "没有保存：“安全文明生产好”要在 0 到 40 分之间" in page.split('id="saving-note"')[1].split("</a>")[0]
    assert 'aria-invalid="true" aria-describedby="id_mark-0-error"' in page


def test_marks_are_given_once(panel, client):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    page = post(client, panel.reviewers[0], at("review", review), typed(review, **{"mark-1": ""}) | {"do": "submit"})
    assert "还不能提交：“学习培训好”还没有打分" in page
    page = post(client, panel.reviewers[0], at("review", review), typed(review) | {"do": "submit"})
    assert "评审已提交，不能再改" in page
    assert "保存草稿" not in page
    review.refresh_from_db()
    assert (review.state, review.total) == (State.DONE, 8650)
    assert "已经提交" in post(client, panel.reviewers[0], at("review", review), typed(review))


def test_a_reviewer_steps_aside_with_a_reason(panel, client):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    assert "请写明原因" in post(client, panel.reviewers[0], at("review-decline", review), {})
    assert "已回避" in post(client, panel.reviewers[0], at("review-decline", review), {"reason": "是亲戚"})
    assert client.get(at("review", review)).status_code == 404
    assert "是亲戚" in read(client, panel.company, at("review-application", panel.first))


@pytest.mark.parametrize("is_blind", [True, False])
def test_an_open_review_shows_the_others_and_a_blind_one_does_not(client, is_blind):
    panel = Panel(review={"reviewers": 2, "is_blind": is_blind})
    User.objects.filter(pk=panel.reviewers[1].pk).update(name="银桦木")
    panel.reviewers[1].refresh_from_db()
    one, other = panel.asked(panel.first, *panel.reviewers[:2])
    panel.give(other, 8117)
    page = read(client, panel.reviewers[0], at("review", one))
    assert ("银桦木：81.17 分" in page) != is_blind


def test_files_of_the_application_open_for_its_reviewer(panel, client):
    from assessments.models import Proof
    from teams.photos import store_photo
    from tests.access.world import picture

    photo = store_photo(picture(), team=None, actor=panel.leader)
    facts = {"kind": "file", "file": photo, "label": "现场", "picked_by": panel.leader}
    Proof.objects.create(application=panel.first, code="safe", **facts)
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    address = reverse("teams:photo", args=[photo.pk])
    for who, status in ((panel.reviewers[0], 200), (panel.reviewers[1], 404)):
        client.force_login(who)
        response = client.get(address)
        assert (response.status_code, bool(response.getvalue())) == (status, True)
    assignments.excuse(review, "是亲戚", actor=panel.company)
    client.force_login(panel.reviewers[0])
    assert client.get(address).status_code == 404


# -- Whoever runs it -----------------------------------------------------------------------------------------------------


def test_reviewers_are_asked_by_number_or_by_name(panel, client):
    one, other, third = panel.reviewers[:3]
    User.objects.filter(pk__in=[other.pk, third.pk]).update(name="王军")
    address = at("review-assign", panel.first)
    assert "叫“王军”的有 2 位，请改填工号" in post(client, panel.company, address, {"people": "王军"})
    assert "“没有的人”不能当评委" in post(client, panel.company, address, {"people": "没有的人"})
    page = post(client, panel.company, address, {"people": f"{one.employee_no}、{panel.worker.employee_no}"})
    assert "已请 1 位评委" in page
    assert f"{panel.worker.name}是申报班组的成员，不能评这份，已记为回避" in page
    assert panel.first.reviews.get(state=State.ASSIGNED).reviewer == one


def test_the_missing_reviewers_are_drawn_on_the_desk(panel, client):
    address = at("review-desk", panel.round)
    page = read(client, panel.company, address)
    for words in ("还差 4 位次", f'data-said="{panel.reviewers[0].name}"', 'data-confirm="勾选的：{ticked}。'):
        assert words in page
    assert "请先勾选或填写" in post(client, panel.company, address, {})
    assert "没有这个人" in post(client, panel.company, address, {"people": "没有的人"})
    assert "勾选的人里有不能当评委的" in post(client, panel.company, address, {"ticked": [panel.company.pk]})
    body = {"ticked": [who.pk for who in panel.reviewers[:3]], "people": panel.reviewers[3].employee_no}
    assert "抽出 4 份评审任务" in post(client, panel.company, address, body)
    assert Review.objects.filter(state=State.ASSIGNED, is_drawn=True).count() == 4
    assert "都够了" in post(client, panel.company, address, body)


def test_one_who_has_given_nothing_is_taken_off(panel, client):
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    assert "已换下" in post(client, panel.company, at("review-excuse", review), {"reason": "出差"})
    page = read(client, panel.company, at("review-application", panel.first))
    assert "出差" in page
    review.refresh_from_db()
    assert review.state == State.EXCUSED


def test_a_vote_needs_counts_and_a_visit_has_none(panel, client):
    address = at("review-panel", panel.first)
    body = {"kind": "vote", "date": timezone.localdate(), "people": "评审组", "text": "现场好"}
    assert "表决要写同意、反对、弃权各几票" in post(client, panel.company, address, body)
    assert "票数只有表决才填" in post(client, panel.company, address, body | {"kind": "visit", "agreed": 3})
    assert "日期还没到" in post(client, panel.company, address, body | {"date": timezone.localdate() + DAY})
    page = post(client, panel.company, address, body | {"agreed": "5", "opposed": "2"})
    assert "表决：同意 5，反对 2，弃权 0" in page
    assert PanelRecord.objects.get().entered_by == panel.company


def test_who_runs_it_does_not_touch_the_own_application(panel, client):
    make.give_role(panel.root, "union", panel.leader)
    (review,) = panel.asked(panel.first, panel.reviewers[0])
    client.force_login(panel.leader)
    assert client.get(at("review-application", panel.first)).status_code == 403
    assert client.post(at("review-assign", panel.first), {"people": panel.reviewers[1].employee_no}).status_code == 403
    assert client.post(at("review-excuse", review), {"reason": "不要他评"}).status_code == 403
    for name in ("review-desk", "review-summary"):
        page = client.get(at(name, panel.round)).content.decode()
        assert at("review-application", panel.second) in page
        assert at("review-application", panel.first) not in page


def test_before_a_round_has_come_to_its_review_there_is_nothing(panel, client):
    client.force_login(panel.company)
    Round.objects.filter(pk=panel.round.pk).update(state="open")
    for name in ("review-desk", "review-summary"):
        assert client.get(at(name, panel.round)).status_code == 404
    Round.objects.filter(pk=panel.round.pk).update(state="reviewing")
    Application.objects.filter(pk=panel.first.pk).update(state="draft")
    assert client.get(at("review-application", panel.first)).status_code == 404


def test_the_summary_is_searched_narrowed_and_exported(panel, client):
    panel.given(panel.first, 8117, 9000)
    address = at("review-summary", panel.round)
    page = read(client, panel.company, address)
    for words in ("评委甲", "评委乙", "81.17", "85.59", "还差 2 位评委"):
        assert words in page
    assert "81.17" not in read(client, panel.company, address, show="missing")
    assert "燃料一班" not in read(client, panel.company, address, q="一值")
    assert "没有符合条件的申报" in read(client, panel.company, address, show="diverges")
    assert "没有这一项" in read(client, panel.company, address, show="别的")
    sheet = exported(panel, client)
    head = next(row for row in sheet if row and row[0] == "名次")
    assert head[5:8] == ["评委甲", "评委乙", "平均分"]
    (first, second) = sheet[sheet.index(head) + 1 :]
    assert (first[2], sorted(map(float, first[5:7])), float(first[7])) == ("一值", [81.17, 90], 85.59)
    assert "还差 2 位评委" in second
    assert AuditEntry.objects.filter(verb="review.exported").count() == 1


def test_a_divergence_asks_for_one_more_reviewer_until_that_one_has_given_marks(panel, client):
    address, whole = at("review-application", panel.first), at("review-summary", panel.round)
    panel.given(panel.first, 6000, 9000)
    assert "请复核：再请一位评委" in read(client, panel.company, address)
    panel.give(panel.asked(panel.first, panel.reviewers[2])[0], 7500)
    for page in (read(client, panel.company, address), read(client, panel.company, whole)):
        assert "已复核" in page
        assert "请复核" not in page
    assert "是，已复核" in str(exported(panel, client))
    Application.objects.filter(pk=panel.first.pk).update(state="shortlisted")
    assert "请复核" not in read(client, panel.company, address)


def exported(panel, client):
    client.force_login(panel.company)
    (sheet,) = read_workbook(io.BytesIO(client.post(at("review-summary-export", panel.round)).content)).values()
    return sheet


def test_the_summary_says_that_an_alias_is_somebody_else_in_every_row(panel, client):
    panel.given(panel.first, 8100, 8200)
    told = "同一个代号在不同的申报里，不一定是同一位评委"
    assert told in read(client, panel.company, at("review-summary", panel.round))
    assert told in str(exported(panel, client))
    assert "代号全部重新抽" in read(client, panel.company, at("review-application", panel.first))


def test_a_draw_that_lacks_reviewers_names_who_applied(panel, client):
    page = post(client, panel.company, at("review-desk", panel.round), {"people": panel.reviewers[0].employee_no})
    assert f"一值（{panel.first.number}）只有 1 位评委不用回避" in page


# -- Afterwards ----------------------------------------------------------------------------------------------------------


def test_applicants_read_mean_place_and_notes_once_the_round_is_named(panel, client):
    one, other = panel.asked(panel.first, *panel.reviewers[:2])
    panel.give(one, 8117, {"safe": "做得扎实", "": "可以推荐"})
    panel.give(other, 9000, {"safe": "台账要补"})
    panel.given(panel.second, 5000, 5000)
    reviews.fix_scores(summary.rows(panel.round))
    address = at("application", panel.first)
    assert "评审结果" not in read(client, panel.leader, address)
    Round.objects.filter(pk=panel.round.pk).update(state="named", document="工字1号", named_on=timezone.localdate())
    page = read(client, panel.leader, address)
    for words in ("评审结果", "85.59", "做得扎实", "台账要补", "可以推荐"):
        assert words in page
    for words in ("81.17", "评委甲", panel.reviewers[0].name):
        assert words not in page
    found = Application.objects.select_related("round").get(pk=panel.first.pk)
    assert feedback(found) == (8559, 1, [("安全文明生产好", ["做得扎实", "台账要补"]), ("总评", ["可以推荐"])])


def test_what_waits_is_told_to_reviewers_and_to_who_runs_it(panel):
    panel.asked(panel.first, *panel.reviewers[:2])
    ((title, detail, address, kind, word),) = waiting_for(panel.reviewers[0])
    until = panel.round.review_until
    assert (title, address, kind, word) == ("评审申报", reverse("assessments:reviews"), "wait", "待评")
    assert detail == f"{panel.round}：1 份，{until.month}月{until.day}日前评完"
    assert "2 份还没评完" in next(waiting_for(panel.company))[1]
    yesterday = timezone.localdate() - DAY
    Round.objects.update(review_until=yesterday, apply_until=yesterday)
    assert [line[3:] for who in (panel.reviewers[0], panel.company) for line in waiting_for(who)] == [
        ("bad", "已过期")
    ] * 2
    for review in Review.objects.select_related("application__round__programme__unit", "reviewer"):
        panel.give(review, 8100)
    panel.given(panel.second, 8100, 8100)
    assert list(waiting_for(panel.reviewers[0])) == []
    assert "都评完了" in next(waiting_for(panel.company))[1]

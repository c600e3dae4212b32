"""Challenges to posted names: who files and investigates them, what they come to, and that a sealed name stays sealed."""

import datetime
import html
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours import challenge_access as reach
from assessments.honours.name_lists import hindrances
from assessments.models import Application, ApplicationStep, Challenge, Round
from assessments.services import challenges, name_lists, rounds
from bulletins.models import Bulletin, CorrectionNote
from teams.models import Attachment, AuditEntry
from teams.triggers import without_triggers
from teams.workbooks import read_workbook
from tests import factories as make
from tests.name_lists import ListScene
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db
State = Challenge.State
CANARY, NUMBER = "鸢尾蓝", "GZ940718"


@pytest.fixture
def scene():
    return ListScene().posted()


@pytest.fixture
def filer(scene):
    user = make.make_member(scene.other_team)
    user.name, user.employee_no = CANARY, NUMBER
    user.save()
    return user


def filed(scene, actor, name="a", **options):
    return challenges.file(scene.fresh(name), "五月有一起事故没有上报", actor=actor, **options)


def trail(verb):
    return AuditEntry.objects.filter(verb=verb).order_by("-id").first()


def over(scene):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    with without_triggers():
        Bulletin.objects.filter(serial=scene.round.bulletin).update(
            notice_starts_on=yesterday, notice_ends_on=yesterday
        )


# -- Filing --------------------------------------------------------------------------------------------------------------


def test_a_real_name_stands_in_the_trail_and_a_sealed_one_does_not(scene, filer):
    filed(scene, scene.worker)
    assert trail("challenge.filed").actor == scene.worker
    filed(scene, filer, is_sealed=True)
    row = trail("challenge.filed")
    assert (row.actor, row.address, row.label) == (None, None, "不公开姓名的异议")
    assert CANARY not in f"{row.after}{row.before}"


def test_the_address_of_a_sealed_one_stays_out_of_the_trail(scene, filer, client):
    client.force_login(filer)
    address = reverse("assessments:challenge-new", args=[scene.a.pk])
    client.post(address, {"text": "有事故", "sealed": "sealed"}, REMOTE_ADDR="10.9.8.7")
    assert trail("challenge.filed").address is None
    client.force_login(scene.worker)
    client.post(address, {"text": "有事故", "sealed": "real"}, REMOTE_ADDR="10.9.8.7")
    assert trail("challenge.filed").address == "10.9.8.7"


def test_one_at_a_time_about_a_name(scene, filer):
    filed(scene, filer)
    with pytest.raises(AssessmentError, match="正在调查，不用再提"):
        filed(scene, filer)
    assert Challenge.objects.count() == 1


def test_only_during_the_notice(scene, filer):
    over(scene)
    with pytest.raises(AssessmentError, match="已经结束，不能再提异议"):
        filed(scene, filer)
    with pytest.raises(AssessmentError, match="名单有了变动"):
        filed(scene, filer, "b")
    assert not Challenge.objects.exists()


def test_nobody_finds_the_form_before_the_list_hangs(client):
    scene = ListScene().fixed()
    client.force_login(scene.worker)
    assert client.get(reverse("assessments:challenge-new", args=[scene.a.pk])).status_code == 404
    name_lists.post(scene.round, actor=scene.company)
    assert client.get(reverse("assessments:challenge-new", args=[scene.a.pk])).status_code == 200
    assert client.get(reverse("assessments:challenge-new", args=[scene.b.pk])).status_code == 404
    page = client.get(reverse("assessments:round", args=[scene.round.pk])).content.decode()
    assert '<th scope="col">异议</th>' in page
    assert "有异议" not in page


def test_the_form_keeps_files_and_says_what_is_missing(scene, filer, client):
    client.force_login(filer)
    address = reverse("assessments:challenge-new", args=[scene.a.pk])
    page = client.post(address, {"text": ""}).content.decode()
    assert "请填异议内容" in page
    assert "请选用不用真名" in page
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    client.post(address, {"text": "有事故", "sealed": "sealed", "files": [paper]})
    assert Challenge.objects.get().files.get().name == "证明.pdf"
    again = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    page = client.post(address, {"text": "有事故", "sealed": "sealed", "files": [again]}).content.decode()
    assert "正在调查，不用再提" in page
    assert Attachment.objects.count() == 1
    wrong = SimpleUploadedFile("木马.exe", b"MZ", content_type="application/pdf")
    page = client.post(address, {"text": "有事故", "sealed": "sealed", "files": [wrong]}).content.decode()
    assert "只能上传" in page


# -- Investigating -------------------------------------------------------------------------------------------------------


def test_who_has_to_do_with_it_neither_sees_nor_investigates_it(scene, filer):
    found = filed(scene, filer, is_sealed=True)
    inside = make.give_role(scene.root, "union", make.make_member(scene.a.team))
    both = make.give_role(scene.root, "union", filer)
    assert not reach.visible_to(inside).exists()
    assert reach.visible_to(both).get() == found
    assert not reach.to_investigate(both).exists()
    assert reach.to_investigate(scene.company).get() == found
    for user in (scene.union, scene.a.filed_by, scene.manager, scene.leader):
        assert not reach.visible_to(user).exists()
    with pytest.raises(AssessmentError, match="要由别人调查"):
        challenges.dismiss(found, "查过了", actor=both)


def test_upheld_the_name_leaves_and_the_list_hangs_anew(scene, filer):
    found = filed(scene, filer)
    before = AuditEntry.objects.count()
    challenges.uphold(found, "查实，五月十二日有一起轻伤", actor=scene.company)
    scene.round.refresh_from_db()
    assert (found.state, found.answered_by, scene.round.state) == (State.UPHELD, scene.company, Round.State.SHORTLISTED)
    assert scene.fresh("a").state == Application.State.NOT_CHOSEN
    assert (scene.a.steps.last().action, scene.a.steps.last().text) == ("strike_off", "查实，五月十二日有一起轻伤")
    assert AuditEntry.objects.count() == before + 1
    name_lists.step_in(scene.fresh("b"), actor=scene.company)
    assert name_lists.post(scene.round, actor=scene.company).revision == 2


def test_a_second_one_about_a_name_that_has_left_changes_nothing_more(scene, filer):
    first, second = filed(scene, filer), filed(scene, scene.worker)
    challenges.uphold(first, "查实", actor=scene.company)
    challenges.uphold(second, "已经取消", actor=scene.company)
    assert scene.a.steps.filter(action="strike_off").count() == 1
    assert second.state == State.UPHELD


def test_dismissed_the_list_stays_and_the_filer_reads_why(scene, filer, client):
    found = filed(scene, filer)
    assert "还有 1 件异议没有调查完。" in hindrances(scene.round)
    challenges.dismiss(found, "查无此事", actor=scene.company)
    assert scene.fresh("a").state == Application.State.SHORTLISTED
    assert not [words for words in hindrances(scene.round) if "异议" in words]
    client.force_login(filer)
    assert "查无此事" in client.get(reverse("assessments:challenge", args=[found.pk])).content.decode()


def test_it_is_answered_once(scene, filer):
    found = filed(scene, filer)
    challenges.dismiss(found, "查无此事", actor=scene.company)
    before = ApplicationStep.objects.count()
    with pytest.raises(StaleState, match="已经有了结果"):
        challenges.uphold(Challenge.objects.get(pk=found.pk), "查实", actor=scene.company)
    assert (scene.fresh("a").state, ApplicationStep.objects.count()) == (Application.State.SHORTLISTED, before)


def test_of_a_round_that_is_called_off_nothing_is_investigated(scene, filer):
    found = filed(scene, filer)
    name_lists.strike_off(scene.fresh("a"), "本人退出", actor=scene.company)
    rounds.cancel(scene.round, "没有合适的", actor=scene.company)
    assert CorrectionNote.objects.get().text == "这一批评选已经取消：没有合适的"
    assert not reach.to_investigate(scene.company).exists()
    with pytest.raises(StaleState, match="异议不再调查"):
        challenges.dismiss(found, "查无此事", actor=scene.company)


def test_an_answer_does_not_give_a_sealed_name_away(scene, filer):
    found = filed(scene, filer, is_sealed=True)
    for words in (f"{CANARY}反映的情况属实", f"工号 {NUMBER} 反映"):
        with pytest.raises(AssessmentError, match="不要写提出人的姓名"):
            challenges.uphold(found, words, actor=scene.company)
    challenges.uphold(found, "情况属实", actor=scene.company)


def test_the_page_answers(scene, filer, client):
    found = filed(scene, filer)
    client.force_login(scene.company)
    page, address = (
        reverse("assessments:challenge", args=[found.pk]),
        reverse("assessments:challenge-answer", args=[found.pk]),
    )
    assert "提交调查结果" in client.get(page).content.decode()
    assert "请选属实还是不属实" in client.post(address, {"answer": "查过"}, follow=True).content.decode()
    client.post(address, {"verdict": "dismissed", "answer": "查无此事"})
    found.refresh_from_db()
    assert found.state == State.DISMISSED
    assert "提交调查结果" not in client.get(page).content.decode()


def test_what_waits_is_to_be_investigated_by_others(scene, filer):
    filed(scene, filer)
    assert [line[4] for line in reach.waiting_for(scene.company)] == ["待调查"]
    assert list(reach.waiting_for(filer)) == list(reach.waiting_for(scene.union)) == []


def test_the_list_is_narrowed_to_a_round(scene, filer, client):
    filed(scene, filer)
    address = reverse("assessments:challenges")
    client.force_login(scene.company)
    found = client.get(address, {"in_round": scene.round.pk}).content.decode()
    assert "五月有一起事故" in found
    assert "导出这一批" in found
    assert "导出这一批" not in client.get(address).content.decode()
    assert "没有这一批" in client.get(address, {"in_round": scene.round.pk + 1}).content.decode()
    client.force_login(filer)
    found = client.get(address, {"in_round": scene.round.pk}).content.decode()
    assert "五月有一起事故" in found
    assert "导出这一批" not in found


def lines_of(response):
    """The lines of the only sheet of a workbook, without what is empty at their ends."""
    return [[cell for cell in line if cell != ""] for line in read_workbook(io.BytesIO(response.content))["公示异议"]]


def test_a_round_is_taken_home_with_its_totals(scene, filer, client):
    challenges.dismiss(filed(scene, filer), "查无此事", actor=scene.company)
    filed(scene, scene.worker, is_sealed=True)
    client.force_login(scene.company)
    answer = client.post(reverse("assessments:challenge-export", args=[scene.round.pk]))
    lines, today = lines_of(answer), f"{timezone.localdate()}"
    assert ["异议", 2] in lines
    assert lines[3:6] == [["调查中", 1], ["属实", 0], ["不属实", 1]]
    first, second = lines[-2:]
    assert first[3:] == [CANARY, today, "五月有一起事故没有上报", 0, "不属实", "查无此事", scene.company.name, today]
    assert second[3:] == ["不公开姓名", today, "五月有一起事故没有上报", 0, "调查中"]
    assert trail("challenge.exported").after == {"rows": 2}


def test_what_is_about_the_own_is_not_taken_home(scene, filer, client):
    filed(scene, filer)
    inside = make.give_role(scene.root, "union", make.make_member(scene.a.team))
    address = reverse("assessments:challenge-export", args=[scene.round.pk])
    client.force_login(inside)
    assert CANARY not in text_of(client.post(address))
    client.force_login(scene.company)
    assert CANARY in text_of(client.post(address))
    for other in (filer, scene.union, scene.stranger):
        client.force_login(other)
        assert client.post(address).status_code == 404


# -- A sealed name -------------------------------------------------------------------------------------------------------


def pages(scene, found, photo):
    """Addresses of all that shows the round, its list, its history and the trail."""
    with_round = ("round", "name-list", "name-list-meter", "review-desk", "review-summary")
    yield from (reverse(f"assessments:{name}", args=[scene.round.pk]) for name in with_round)
    yield from (reverse("assessments:application", args=[row.pk]) for row in scene.rows.values())
    yield from (reverse(f"assessments:{name}") for name in ("rounds", "applications", "challenges", "round-figures"))
    yield reverse("assessments:challenge", args=[found.pk])
    yield reverse("assessments:challenge-new", args=[scene.a.pk])
    yield reverse("trail")
    yield reverse("teams:photo", args=[photo.pk])
    yield reverse("bulletins:board", args=[scene.round.bulletin])
    yield reverse("bulletins:wall")
    yield reverse("home")


def exports(scene):
    """(address, body) of all that is taken home of it."""
    yield reverse("trail-export"), {}
    yield reverse("assessments:review-summary-export", args=[scene.round.pk]), {}
    yield reverse("assessments:round-figures-export"), {}
    yield reverse("assessments:challenge-export", args=[scene.round.pk]), {}
    yield reverse("bulletins:download", args=[scene.round.bulletin]), {}
    yield reverse("own-data"), {}


def text_of(response):
    """All text of an answer, also of a workbook."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return html.unescape(content.decode(errors="replace"))


def seen(client, scene, found, photo, roles):
    """(role, address) of every page on which the canary's name or number, or the attached file itself, is read."""
    for role, user in roles.items():
        client.force_login(user)
        answers = [(address, client.get(address)) for address in pages(scene, found, photo)]
        answers += [(address, client.post(address, body)) for address, body in exports(scene)]
        for address, response in answers:
            assert response.status_code < 500, address
            text = text_of(response)
            if CANARY in text or NUMBER in text or "%PDF-1.4 canary" in text:
                yield role, address


def roles_of(scene):
    inside = make.give_role(scene.root, "union", make.make_member(scene.a.team))
    auditor, admin = make.give_role(scene.root, "auditor"), make.give_role(scene.root, "security")
    roles = {"applicant": scene.a.filed_by, "inside": inside, "auditor": auditor, "security": admin}
    roles |= {name: getattr(scene, name) for name in ("union", "manager", "leader", "worker", "stranger")}
    return roles | {"reviewer": scene.reviewers[0]}


@pytest.mark.parametrize("step", by_turns(["open", "dismissed", "upheld"], 3))
def test_a_sealed_name_is_read_by_nobody_but_who_investigates(scene, filer, client, step):
    photo = Attachment(team=None, name="证明.pdf", sha256="0" * 64, content_type="application/pdf", size=9)
    photo.uploaded_by = filer
    photo.file.save("canary.pdf", SimpleUploadedFile("canary.pdf", b"%PDF-1.4 canary"), save=True)
    found = filed(scene, filer, is_sealed=True, files=[photo])
    if step != "open":
        getattr(challenges, {"upheld": "uphold", "dismissed": "dismiss"}[step])(found, "查过了", actor=scene.company)
    assert list(seen(client, scene, found, photo, roles_of(scene))) == []
    control = {address for _, address in seen(client, scene, found, photo, {"company": scene.company})}
    assert control == {reverse("assessments:challenge", args=[found.pk]), reverse("teams:photo", args=[photo.pk])}


def test_control_a_real_name_is_read_in_the_trail(scene, filer, client):
    filed(scene, filer)
    auditor = make.give_role(scene.root, "auditor")
    client.force_login(auditor)
    assert CANARY in client.get(reverse("trail")).content.decode()
    assert CANARY in text_of(client.post(reverse("trail-export"), {}))

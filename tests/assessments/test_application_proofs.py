"""Proofs: what exists is offered by kind, picked under its name of then, never from elsewhere; files are checked."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.models import ActivityKind
from assessments.errors import AssessmentError, StaleState
from assessments.honours import application_proofs as proofs
from assessments.honours.application_grid import grid
from assessments.honours.application_lists import matrix
from assessments.models import Proof, Studio, StudioResult
from assessments.services import applications
from assessments.services import studios as studio_service
from teams.models import Attachment, Honour
from tests import factories as make
from tests import studios
from tests.access.world import picture
from tests.applying import CRITERIA, DAY, Scene, begin, make_programme, open_round, prove, record
from tests.recording import status_of

pytestmark = pytest.mark.django_db
SAFE = CRITERIA[0]
ONLY_FILES = SAFE | {"evidence": ["file"]}


@pytest.fixture
def scene():
    return Scene()


def offered(scene, application, kind, criterion=SAFE):
    return list(proofs.candidates(scene.leader, application, criterion, kind))


def test_records_of_the_own_team_are_offered_but_no_confidential_ones(scene):
    application, own = scene.draft(), record(scene.team, scene.leader)
    record(scene.other_team, scene.other_leader)
    record(scene.team, scene.leader, privacy=ActivityKind.Privacy.CONFIDENTIAL)
    record(scene.team, scene.leader, state="voided", reason="记错了")
    assert offered(scene, application, "activity") == [own]
    prove(application, own, scene.leader)
    assert offered(scene, application, "activity") == []
    assert offered(scene, application, "activity", CRITERIA[1]) == [own]


def test_kinds_that_sound_like_the_criterion_come_first(scene):
    application, akin = scene.draft(), record(scene.team, scene.leader, date=timezone.localdate() - 90 * DAY)
    other = ActivityKind.objects.create(unit=scene.unit, code="talk", name="读书会", subject="team")
    later = record(scene.team, scene.leader, kind=other)
    assert offered(scene, application, "activity") == [akin, later]
    assert offered(scene, application, "activity", CRITERIA[2]) == [later, akin]


def test_scores_of_closed_months_are_offered():
    closed = make.make_closed_team()
    leader, union = closed.members[0], make.give_role(closed.unit, "union")
    application = begin(open_round(make_programme(closed.unit), union), leader)
    (score,) = proofs.candidates(leader, application, SAFE, "score")
    source = proofs.SOURCES["score"]
    assert (score.team_id, source.date_of(score)) == (closed.team.pk, datetime.date(2026, 10, 31))
    assert source.label(score).startswith("2026年10月得分 ")
    assert list(proofs.candidates(leader, application, SAFE, "check"))
    last = datetime.date(2026, 9, 30)
    assert not source.narrowed(proofs.candidates(leader, application, SAFE, "score"), last=last)


def test_honours_of_the_team_or_the_person_are_offered(scene):
    today = timezone.localdate()
    facts = {"level": "company", "granted_by": "集团", "granted_on": today, "recorded_by": scene.union}
    of_team = Honour.objects.create(team=scene.team, name="先进班组", **facts)
    of_person = Honour.objects.create(user=scene.leader, name="标兵", **facts)
    assert offered(scene, scene.draft(), "honour") == [of_team]
    opened = open_round(make_programme(scene.root, "person"), scene.company)
    assert offered(scene, begin(opened, scene.leader), "honour") == [of_person]


def test_a_studio_offers_verified_results(scene):
    today = timezone.localdate()
    names = {"name": "张三创新工作室", "kind": "technique", "founded_on": today}
    studio = Studio.objects.create(unit=scene.unit, leader=scene.leader, created_by=scene.union, **names)
    facts = {"kind": "project", "text": "改造", "date": today, "entered_by": scene.worker}
    good = StudioResult.objects.create(studio=studio, name="阀门", state="verified", **facts)
    StudioResult.objects.create(studio=studio, name="水泵", **facts)
    application = begin(open_round(make_programme(scene.root, "studio"), scene.company), scene.leader)
    assert offered(scene, application, "result") == [good]
    kinds = [kind for kind, _, _ in proofs.kinds_for(application, SAFE)]
    assert kinds[0] == "activity"
    assert "score" not in kinds


def test_a_studio_offers_the_files_that_it_has_shown(client):
    place = studios.Scene()
    studio, file = place.whole(), studios.photo(place.leader)
    Attachment.objects.filter(pk=file.pk).update(name="制度.pdf")
    facts = {"text": "", "file": file, "set_on": place.today, "actor": place.leader}
    studio_service.set_rule(studio, "study", **facts)
    studios.photo(place.leader)
    union = make.give_role(place.root, "union")
    application = begin(open_round(make_programme(place.root, "studio", criteria=[ONLY_FILES]), union), place.leader)
    client.force_login(place.leader)
    address = page("prove", application.pk, 0)
    shown = [label for _, label, _ in client.get(address).context["found"]]
    assert shown == ["学习制度：制度.pdf", "阀门研磨机的证明", "挂牌照片"]
    answer = client.post(address, {"rows": [file.pk, studio.plaque_id]}, follow=True)
    assert "已加上 2 条依据" in answer.text
    kept = application.proofs.values_list("kind", "label", "file", "date").order_by("label")
    assert list(kept) == [
        ("file", "学习制度：制度.pdf", file.pk, place.today),
        ("file", "挂牌照片", studio.plaque_id, place.today),
    ]
    assert [label for _, label, _ in client.get(address).context["found"]] == ["阀门研磨机的证明"]


@pytest.mark.parametrize("kind", proofs.SOURCES)
def test_every_kind_can_be_searched_and_narrowed_by_days(scene, kind):
    application, today = scene.draft(), timezone.localdate()
    source = proofs.SOURCES[kind]
    rows = proofs.candidates(scene.leader, application, SAFE, kind)
    assert list(source.narrowed(rows, q="没有的", first=today - DAY, last=today)) == []


def test_a_picked_proof_keeps_its_name(scene):
    application, activity = scene.draft(), record(scene.team, scene.leader)
    prove(application, activity, scene.leader)
    type(activity).objects.filter(pk=activity.pk).update(title="改了题目")
    assert application.proofs.get().label == "安全活动：学规程"


def test_twice_picked_is_there_once(scene):
    application, activity = scene.draft(), record(scene.team, scene.leader)
    assert prove(application, activity, scene.leader) == 1
    assert prove(application, activity, scene.leader) == 0
    assert application.proofs.count() == 1


def test_there_are_not_more_than_somebody_reads(scene):
    application = scene.draft()
    rows = [(number, f"活动 {number}", timezone.localdate()) for number in range(1, 31)]
    applications.add_proofs(application, "safe", "activity", rows, actor=scene.leader)
    with pytest.raises(AssessmentError, match="最多放 30 条"):
        applications.add_proofs(application, "safe", "activity", [(99, "多一条", None)], actor=scene.leader)


def test_taken_away_twice_is_said(scene):
    application = scene.draft()
    prove(application, record(scene.team, scene.leader), scene.leader)
    proof = application.proofs.get()
    other = Proof.objects.get(pk=proof.pk)
    applications.remove_proof(proof, actor=scene.leader)
    with pytest.raises(StaleState, match="已经去掉"):
        applications.remove_proof(other, actor=scene.leader)


def test_the_matrix_tells_how_each_criterion_is_proven(scene):
    application = scene.draft()
    old = record(scene.team, scene.leader, date=timezone.localdate() - 500 * DAY)
    prove(application, old, scene.leader)
    prove(application, record(scene.team, scene.leader), scene.leader, code="study")
    assert [row.standing for row in matrix(application)] == ["outdated", "ok", "empty", "empty"]


def test_the_grid_counts_each_kind_of_evidence_where_it_may_stand(scene):
    application = scene.draft()
    for code in ("safe", "safe", "study"):
        prove(application, record(scene.team, scene.leader), scene.leader, code=code)
    found = grid(matrix(application))
    assert found.heads == ["检查", "活动记录", "材料"]
    lines = {row.slot.row["code"]: counts for row, counts in found.lines}
    assert lines == {
        "safe": [0, 2, None],
        "study": [0, 1, 0],
        "rules": [0, 0, 0],
        "form": [None, None, 0],
    }


# -- Pages -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(scene, client):
    client.force_login(scene.leader)
    return client


def page(name, *args):
    return reverse(f"assessments:application-{name}", args=args)


def test_what_may_stand_is_called_the_same_in_the_grid_and_where_it_is_picked(scene, signed_in):
    application = scene.draft()
    told = signed_in.get(reverse("assessments:application", args=[application.pk])).content.decode()
    assert "○ 是可以作依据、还没有的" in told
    picking = signed_in.get(page("prove", application.pk, 0)).content.decode()
    assert [kind in picking for kind in ("检查（可以作依据）", "荣誉（可以作依据）")] == [True, False]
    assert (
        f"{reverse('assessments:application', args=[application.pk])}#grid"
        in signed_in.get(page("edit", application.pk)).content.decode()
    )


def test_ticked_records_become_proofs(scene, signed_in):
    application, activity = scene.draft(), record(scene.team, scene.leader)
    address = page("prove", application.pk, 0)
    assert "学规程" in signed_in.get(address).content.decode()
    assert "已加上 1 条依据" in signed_in.post(address, {"rows": [activity.pk]}, follow=True).content.decode()
    assert application.proofs.get().about == activity.pk


def test_rows_of_others_are_refused(scene, signed_in):
    application, foreign = scene.draft(), record(scene.other_team, scene.other_leader)
    answer = signed_in.post(page("prove", application.pk, 0), {"rows": [foreign.pk]})
    assert "看不到的或已作废的" in answer.content.decode()
    assert not application.proofs.exists()


@pytest.mark.parametrize("query", ["kind=xx", "kind=file", "first=昨天", "q=%00", f"q={'长' * 61}"])
def test_filters_that_make_no_sense_are_told(scene, signed_in, query):
    answer = signed_in.get(f"{page('prove', scene.draft().pk, 0)}?{query}")
    assert answer.status_code == 200


def test_a_place_that_the_form_does_not_have_is_not_found(scene, signed_in):
    assert signed_in.get(page("prove", scene.draft().pk, 4)).status_code == 404


def test_a_criterion_that_asks_for_files_alone_offers_to_upload_first(client):
    scene = Scene(criteria=[ONLY_FILES, CRITERIA[1]])
    client.force_login(scene.leader)
    draft = scene.draft()
    pages = [client.get(page("prove", draft.pk, place)).text for place in (0, 1)]
    assert [html.index("上传文件</h2>") < html.index("从已有的记录里挑") for html in pages] == [True, False]


def test_files_are_kept_for_those_who_see_the_application(scene, signed_in, client):
    application = scene.draft()
    signed_in.post(page("upload", application.pk, 3), {"files": [picture()], "note": "盖了章的"})
    proof = application.proofs.get()
    assert (proof.code, proof.kind, proof.note, proof.date) == ("form", "file", "盖了章的", timezone.localdate())
    photo = reverse("teams:photo", args=[proof.file_id])
    assert status_of(signed_in, photo) == 200
    assert photo in signed_in.get(page("edit", application.pk)).content.decode()
    for user in (scene.worker, scene.union, scene.other_leader):
        client.force_login(user)
        assert status_of(client, photo) == 404
    prove(application, record(scene.team, scene.leader), scene.leader)
    type(application).objects.filter(pk=application.pk).update(state="submitted", submitted_at=timezone.now())
    client.force_login(scene.union)
    assert status_of(client, photo) == 200


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "请先选择文件"),
        ([("坏.pdf", b"MZ")], "打不开"),
        ([(f"{number}.pdf", b"%PDF-1.7") for number in range(10)], "最多 9 个"),
    ],
)
def test_other_files_are_refused_and_leave_nothing(scene, signed_in, files, sentence):
    application = scene.draft()
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = signed_in.post(page("upload", application.pk, 3), {"files": uploads}, follow=True)
    assert sentence in answer.content.decode()
    assert not application.proofs.exists()
    assert not Attachment.objects.exists()


def test_a_proof_is_taken_away_on_its_page(scene, signed_in):
    application = scene.draft()
    prove(application, record(scene.team, scene.leader), scene.leader)
    address = page("unprove", application.pk, application.proofs.get().pk)
    assert "已去掉" in signed_in.post(address, follow=True).content.decode()
    assert signed_in.post(address).status_code == 404

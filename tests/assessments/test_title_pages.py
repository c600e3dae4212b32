"""The pages of titles: every state × action × role, the history for everybody, certificates, verification without signing in."""

import pytest
from django.db import transaction
from django.urls import reverse

from assessments.honours import certificates as papers
from assessments.honours.title_moves import MOVES, RUNNER, allowed
from assessments.honours.titles import public_name
from assessments.models import Recheck, Studio, Title, TitleStep
from teams.models import AuditEntry, Membership, User
from tests import factories as make
from tests import titles as make_titles
from tests.sampling import by_turns
from tests.titles import DAY, YEARLY, Scene, now

pytestmark = pytest.mark.django_db
State = Title.State
HANDS = ("company", "own", "union", "manager", "leader", "worker", "other_leader", "stranger")
AT_RECHECK = ("keep", "rectify", "revoke")


@pytest.fixture
def scene():
    found = Scene()
    found.own = make.give_role(found.root, "union")
    make.make_member(found.team, user=found.own)
    return found


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"assessments:{name}", args=args), query)


def post(client, user, page, *args, **body):
    client.force_login(user)
    return client.post(reverse(f"assessments:{page}", args=args), body, follow=True)


def page(client, user, name, *args, **query):
    answer = get(client, user, name, *args, **query)
    assert answer.status_code == 200
    return answer.content.decode()


# -- Every state, action and role ----------------------------------------------------------------------------------------


def request_of(scene, title, recheck, action):
    """(address, body) of the form that takes the action."""
    if action in AT_RECHECK:
        body = {"result": action, "until": f"{scene.today + DAY}", "way": "ordered", "reason": "看过了"}
        return reverse("assessments:title-recheck", args=[recheck.pk]), body
    body = {"outcome": action, "way": "automatic", "reason": "看过了"}
    return reverse("assessments:title-close", args=[title.pk]), body


def facts(title):
    verbs = AuditEntry.objects.filter(verb__startswith="title.").count()
    columns = Title.objects.values("state", "valid_to", "way", "rectify_until").get(pk=title.pk)
    return columns, verbs, TitleStep.objects.count(), Recheck.objects.filter(result="open").count()


def complaint(client, scene, title, recheck, action, role):
    """What is wrong with the outcome of somebody taking the action, or None; all of it is undone."""
    address, body = request_of(scene, title, recheck, action)
    client.force_login(getattr(scene, role))
    before = facts(title)
    with transaction.atomic():
        response = client.post(address, body)
        after = facts(title)
        transaction.set_rollback(True)
    may = role == "company" and allowed(action, title.state, RUNNER, has_open_recheck=recheck.result == "open")
    if response.status_code not in (200, 302, 403, 404):
        return f"{action} {role} answered {response.status_code}"
    if not may:
        return None if before == after else f"{title.state} {action} {role} changed {before} to {after}"
    right = (after[0]["state"], after[1] - before[1], after[2] - before[2]) == (MOVES[action].target, 1, 1)
    return None if right else f"{title.state} {action} {role}: {before} {after}"


@pytest.mark.parametrize("state", by_turns(["asked", *State.values], 2))
def test_every_action_of_everybody_in_every_state(client, scene, state):
    title = scene.title(State.VALID if state == "asked" else state)
    recheck = scene.recheck(title) if state == "asked" else title.rechecks.first()
    if recheck is None:
        recheck = Recheck.objects.create(title=title, due_on=scene.today + DAY)
        Recheck.objects.filter(pk=recheck.pk).update(result="kept", decided_at="2026-01-01T00:00Z")
        recheck.refresh_from_db()
    actions = (*AT_RECHECK, "restore", "fail")
    found = [complaint(client, scene, title, recheck, action, role) for action in actions for role in HANDS]
    assert list(filter(None, found)) == []


def test_the_clock_alone_ends_a_title_by_itself():
    for name in ("expire", "lapse"):
        assert not any(allowed(name, state, RUNNER, has_open_recheck=True) for state in State.values)
        assert not any(allowed(name, state, "clock", has_open_recheck=True) for state in (State.REVOKED, State.EXPIRED))


# -- Pages --------------------------------------------------------------------------------------------------------------


def test_history_is_for_everybody_and_deeds_for_the_union(client, scene):
    title = scene.title()
    scene.recheck(title)
    told = page(client, scene.other_leader, "title", title.pk)
    assert "开始复评" in told
    assert "去复评" not in told
    assert "去复评" in page(client, scene.company, "title", title.pk)
    assert "去复评" not in page(client, scene.own, "title", title.pk)


def test_the_list_is_narrowed(client, scene):
    first, _ = scene.named(scene.team, scene.other_team)
    titles = page(client, scene.worker, "titles")
    assert "一值" in titles
    assert "二值" in titles
    assert "二值" not in page(client, scene.worker, "titles", q="一值")
    scene.put(first, State.REVOKED)
    assert "一值</a>" not in page(client, scene.worker, "titles")
    assert "一值</a>" in page(client, scene.worker, "titles", state="all")
    assert "一值</a>" in page(client, scene.worker, "titles", state="revoked", year=scene.today.year)
    assert "没有这样的称号" in page(client, scene.worker, "titles", programme=scene.programme.pk, q="没有的")
    assert "没有这一年" in page(client, scene.worker, "titles", year="1999")


def test_recheck_with_points_asks_for_what_is_missing(client):
    scene = Scene(recheck=YEARLY | {"pass_line": 6000})
    recheck = scene.recheck(scene.title())
    said = post(client, scene.company, "title-recheck", recheck.pk, result="revoke").content.decode()
    for sentence in ("“学习培训好”还没有打分", "限期整改或撤销要写明理由", "请选择撤销方式"):
        assert sentence in said
    scores = {"score-0": "10", "score-1": "60.01", "score-2": "no"}
    said = post(client, scene.company, "title-recheck", recheck.pk, result="keep", **scores).content.decode()
    assert "要在 0 到 60 之间" in said
    scores["score-1"] = "40"
    said = post(client, scene.company, "title-recheck", recheck.pk, result="keep", **scores).content.decode()
    assert "复评 50 分，不到 60 分" in said
    scores["score-0"] = "20"
    post(client, scene.company, "title-recheck", recheck.pk, result="keep", **scores)
    assert now(recheck).scores == {"safe": 2000, "study": 4000, "rules": 0}
    assert "合计 60 分" in page(client, scene.company, "title-recheck", recheck.pk)


def test_rectification_needs_a_day_and_an_end_its_way(client, scene):
    title = scene.title()
    recheck = scene.recheck(title)
    said = post(client, scene.company, "title-recheck", recheck.pk, result="rectify", reason="台账不全").content
    assert "请填整改期限" in said.decode()
    assert now(recheck).result == "open"
    post(
        client, scene.company, "title-recheck", recheck.pk, result="rectify", reason="台账不全", until=scene.today + DAY
    )
    said = post(client, scene.company, "title-close", title.pk, outcome="fail", reason="没有改").content.decode()
    assert "请选择撤销方式" in said
    assert now(title).state == State.RECTIFYING


def test_naming_page_tells_what_hinders_and_names(client, scene):
    scene.listed(scene.team, over=False)
    told = page(client, scene.company, "round-name", scene.round.pk)
    assert "公示到" in told
    assert 'id="name"' not in told
    make_titles.let_run_out(*make_titles.Bulletin.objects.all())
    assert 'id="name"' in page(client, scene.company, "round-name", scene.round.pk)
    post(client, scene.company, "round-name", scene.round.pk, document="工发9号", named_on=f"{scene.today}")
    title = Title.objects.get()
    assert (title.team, title.document) == (scene.team, "工发9号")
    assert "已按工发9号命名" in page(client, scene.company, "round-name", scene.round.pk)


def test_the_round_leads_to_its_naming_once_nothing_hinders_it(client, scene):
    scene.listed(scene.team, over=False)
    address = reverse("assessments:round-name", args=[scene.round.pk])
    told = page(client, scene.company, "round", scene.round.pk)
    assert "还不能命名：公示到" in told
    assert f'class="btn btn-outline-primary" href="{address}"' in told
    assert "还不能命名" not in page(client, scene.worker, "round", scene.round.pk)
    make_titles.let_run_out(*make_titles.Bulletin.objects.all())
    told = page(client, scene.company, "round", scene.round.pk)
    assert "可以命名" in told
    assert f'class="btn btn-primary" href="{address}"' in told


def test_nobody_names_a_list_with_the_own_team(client, scene):
    scene.listed(scene.team)
    body = {"document": "工发9号", "named_on": f"{scene.today}"}
    said = post(client, scene.own, "round-name", scene.round.pk, **body).content.decode()
    assert "请别的工会干事命名" in said
    assert not Title.objects.exists()


# -- Certificates -------------------------------------------------------------------------------------------------------


def test_certificates_are_for_the_union_and_who_bears_the_title(client, scene):
    title = scene.title()
    for user, status in ((scene.company, 200), (scene.worker, 200), (scene.manager, 403), (scene.stranger, 403)):
        answer = get(client, user, "title-certificate", title.pk)
        assert answer.status_code == status
    assert get(client, scene.worker, "title-certificate", title.pk).content.startswith(b"%PDF")


def test_all_certificates_of_a_round_in_one_document(client, scene, monkeypatch):
    printed = []
    monkeypatch.setattr(papers, "papers", lambda template, sheets, title: printed.append(sheets) or b"%PDF")
    scene.named(scene.team, scene.other_team)
    assert get(client, scene.company, "round-certificates", scene.round.pk).status_code == 200
    (sheets,) = printed
    assert [sheet["holder"] for sheet in sheets] == ["一值", "二值"]
    assert sheets[0]["address"].endswith(f"/titles/verify/{sheets[0]['serial']}/")
    assert "<svg" in sheets[0]["qr"]
    assert get(client, scene.union, "round-certificates", scene.round.pk).status_code in (403, 404)


def test_a_sign_that_the_font_lacks_is_told(client, scene):
    title = scene.title()
    type(scene.team).objects.filter(pk=scene.team.pk).update(name="\U00020bb7班")
    answer = get(client, scene.company, "title-certificate", title.pk)
    assert answer.status_code == 302
    told = client.get(answer.url).content.decode()
    assert "打印字库里没有" in told
    assert "U+20BB7" in told


def test_everybody_verifies_a_certificate_without_signing_in(client, scene):
    title = scene.title()
    told = client.get(reverse("assessments:title-verified", args=[title.serial.lower()])).content.decode()
    assert "这张证书是真的，称号现在有效" in told
    assert "一值" in told
    scene.put(title, State.REVOKED)
    told = client.get(reverse("assessments:title-verified", args=[title.serial])).content.decode()
    assert "称号已撤销" in told
    answer = client.get(reverse("assessments:title-verified", args=["SIXGOOD-2026-99999"]))
    assert answer.status_code == 404
    assert "没有这个编号的证书" in answer.content.decode()


def test_nobody_without_a_session_reads_a_name(client, scene):
    title = make_titles.of_person(scene)
    User.objects.filter(pk=scene.worker.pk).update(name="诸葛孔明")
    told = client.get(reverse("assessments:title-verified", args=[title.serial])).content.decode()
    assert "诸*" in told
    assert "孔明" not in told
    studio = Studio(pk=1, name="王建国创新工作室", leader=User(name="王建国"))
    assert public_name(Title(studio=studio)) == "王*创新工作室"


def test_what_is_valid_does_not_look_like_what_is_late(client):
    found = make_titles.StudioScene()
    title = found.title()
    for name, row in (("title", title), ("studio", title.studio)):
        told = page(client, found.runner, name, row.pk)
        assert '<span class="state state-ok"><i class="bi bi-award-fill"' in told
        assert "state-honour" not in told


def test_a_former_member_decides_again(client, scene):
    title = scene.title()
    Membership.objects.filter(user=scene.own).update(ended_on=scene.today)
    post(client, scene.own, "title-call", title.pk, reason="有人反映")
    assert title.rechecks.get().result == "open"

"""Ideas: every state with every move and every part, what is kept of each step, lateness, lists, figures."""

import datetime
import io
import uuid
from functools import partial
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities.errors import ActivityError
from activities.ideas import access as reach
from activities.ideas import figures, lists
from activities.ideas.moves import MOVES, days_late
from activities.models import Author, Idea
from activities.services import ideas
from activities.services.ideas import Content
from teams import periods
from teams.errors import StaleState
from teams.models import AuditEntry
from tests import factories as make
from tests.access.world import picture
from tests.ideas import TEXT, Scene, State
from tests.races import at_once

pytestmark = pytest.mark.django_db
PARTS = ("author", "mate", "owner", "reviewer", "verifier", "neighbour", "stranger")
MAY = {
    "supplement": {"author", "mate"},
    "withdraw": {"author", "mate"},
    "carry-out": {"owner"},
    **{name: {"reviewer"} for name in ("adopt", "return", "refuse", "reassign")},
    **{name: {"reviewer", "verifier"} for name in ("redo", "verify", "ineffective")},
}
FROM = {
    "submitted": {"withdraw", "adopt", "return", "refuse"},
    "returned": {"supplement", "withdraw"},
    "adopted": {"refuse", "reassign", "carry-out"},
    "carried_out": {"redo", "verify", "ineffective"},
    **{state: set() for state in ("refused", "withdrawn", "verified", "ineffective")},
}
TO = {
    "supplement": "submitted",
    "withdraw": "withdrawn",
    "adopt": "adopted",
    "return": "returned",
    "refuse": "refused",
    "reassign": "adopted",
    "carry-out": "carried_out",
    "redo": "adopted",
    "verify": "verified",
    "ineffective": "ineffective",
}


@pytest.fixture
def scene():
    return Scene()


def soon(days=5):
    return timezone.localdate() + datetime.timedelta(days=days)


def post(client, scene, part, idea, name):
    """Send the form of a move as a person; the answer."""
    client.force_login(getattr(scene, part))
    address = reverse("activities:idea-step", args=[idea.pk, name])
    body = {"reason": "理由"} | TEXT | {"title": "疏水回收利用"}
    body |= {"owner": scene.owner.pk, "due_on": soon(), "benefit": "12000", "text": "好"}
    return client.post(address, body)


@pytest.mark.parametrize(("state", "name"), list(product(FROM, MOVES)))
def test_every_state_with_every_move_by_everybody(client, scene, state, name):
    """Whoever may moves it along the declared table, once; for anybody else, and from any other state, nothing changes."""
    idea = scene.in_state(state)
    allowed_to = MAY[name] if idea.owner or name != "carry-out" else set()
    for part in PARTS:
        with transaction.atomic():
            rows = AuditEntry.objects.count()
            answer = post(client, scene, part, idea, name)
            after = Idea.objects.get(pk=idea.pk)
            allowed = part in MAY[name] and name in FROM[state]
            verbs = [row.verb for row in AuditEntry.objects.order_by("id")[rows:] if row.verb != "access.refused"]
            assert (after.state, verbs) == ((TO[name], [MOVES[name].verb]) if allowed else (state, []))
            denied = 404 if not seen(scene, part, idea) else 403
            assert answer.status_code == (302 if part in allowed_to and denied == 403 else denied)
            transaction.set_rollback(True)


def seen(scene, part, idea):
    return reach.visible_to(getattr(scene, part)).filter(pk=idea.pk).exists()


def test_the_table_of_this_test_is_the_declared_one():
    assert {name: move.target for name, move in MOVES.items()} == TO
    for state, names in FROM.items():
        assert {name for name, move in MOVES.items() if state in move.sources} == names


def test_who_sees_an_idea(scene):
    for state in FROM:
        idea = scene.in_state(state)
        sees = {part for part in PARTS if seen(scene, part, idea)}
        around = {"author", "mate", "owner", "reviewer", "verifier"}
        shared = {"neighbour"} if state in ("adopted", "carried_out", "verified", "ineffective") else set()
        assert sees == ({"author", "mate"} if state == "withdrawn" else around | shared), state


def test_an_author_with_the_role_neither_reviews_nor_verifies(scene, client):
    chief = make.give_role(scene.unit, "manager", make.make_member(scene.team))
    scene.author = chief
    assert post(client, scene, "author", scene.submitted(), "refuse").status_code == 403
    done = scene.carried_out()
    assert not reach.may(chief, done, "verify")
    assert reach.may(scene.reviewer, done, "verify")
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=done.pk).update(verified_by=chief)


def test_whoever_carried_it_out_does_not_verify(scene):
    idea = scene.submitted()
    ideas.adopt(idea, scene.reviewer, soon(), actor=make.give_role(scene.unit, "union"))
    ideas.take(idea, "carry-out", "改好了", actor=scene.reviewer)
    assert not reach.may(scene.reviewer, idea, "verify")
    assert reach.may(scene.verifier, idea, "verify")


@pytest.mark.parametrize("name", ["return", "refuse"])
def test_without_a_reason_nothing_happens(client, scene, name):
    idea = scene.submitted()
    client.force_login(scene.reviewer)
    answer = client.post(reverse("activities:idea-step", args=[idea.pk, name]), {"reason": " "}, follow=True)
    assert "请写明原因。" in answer.content.decode()
    assert Idea.objects.get(pk=idea.pk).state == State.SUBMITTED


def test_the_database_refuses_a_refusal_without_words(scene):
    idea = scene.submitted()
    with pytest.raises(IntegrityError), transaction.atomic():
        idea.steps.create(state=State.REFUSED, actor=scene.reviewer)


def test_sent_twice_it_is_one_and_numbers_go_on(scene):
    source = uuid.uuid4()
    facts = Content(**TEXT | {"title": "疏水回收"})
    first = ideas.submit(scene.team, facts, actor=scene.author, source=source)
    again = ideas.submit(scene.team, facts, actor=scene.author, source=source)
    period = periods.current_period()
    assert first == again
    assert first.number == f"JY-{period}-0001"
    assert scene.submitted().number == f"JY-{period}-0002"
    assert AuditEntry.objects.filter(verb="idea.submitted").count() == 2


def test_on_the_page_a_form_sent_twice_is_one(client, scene):
    client.force_login(scene.author)
    page = client.get(reverse("activities:idea-submit"))
    body = TEXT | {"title": "疏水回收", "key": page.context["form"]["key"].value(), "mates": [scene.mate.pk]}
    body |= {"others": "".join(chr(ord(sign) + 0xFEE0) for sign in scene.neighbour.employee_no)}
    for _ in range(2):
        answer = client.post(reverse("activities:idea-submit"), body | {"files": picture()})
        assert answer.status_code == 302
    idea = Idea.objects.get()
    assert {row.user for row in idea.authors.all()} == {scene.author, scene.mate, scene.neighbour}
    assert idea.files.count() == 1


@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        ({"mates": ["stranger"]}, "不在本班组"),
        ({"others": "999999 000"}, "没有在班组里找到工号 999999、000"),
        ({"title": ""}, "请写题目"),
        ({"theme": "love"}, "没有这一项"),
        ({"title": "字" * 81}, "题目最多 80 个字"),
        ({"problem": "a\0b"}, "控制字符"),
        ({"key": "x"}, "请重新打开"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client, scene, slip, sentence):
    client.force_login(scene.author)
    if "mates" in slip:
        slip = {"mates": [scene.neighbour.pk]}
    answer = client.post(reverse("activities:idea-submit"), TEXT | {"title": "疏水回收"} | slip)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Idea.objects.exists()


def test_who_has_no_team_submits_nothing(client, scene):
    client.force_login(scene.reviewer)
    assert client.get(reverse("activities:idea-submit")).status_code == 403


def test_a_returned_idea_is_supplemented(client, scene):
    idea = scene.returned()
    client.force_login(scene.mate)
    address = reverse("activities:idea-supplement", args=[idea.pk])
    assert client.get(address).context["form"]["title"].value() == "疏水回收"
    body = TEXT | {"title": "疏水回收利用", "mates": [scene.mate.pk], "files": picture()}
    assert client.post(address, body).status_code == 302
    idea.refresh_from_db()
    assert (idea.state, idea.title, idea.files.count()) == (State.SUBMITTED, "疏水回收利用", 1)
    assert client.get(address).status_code == 302


def test_a_day_that_is_over_is_no_plan(scene):
    with pytest.raises(ActivityError, match="已经过去"):
        ideas.adopt(scene.submitted(), scene.owner, soon(-1), actor=scene.reviewer)
    with pytest.raises(ActivityError, match="太远"):
        ideas.adopt(scene.submitted(), scene.owner, soon(2000), actor=scene.reviewer)


def test_an_owner_of_another_unit_is_refused(client, scene):
    idea = scene.submitted()
    client.force_login(scene.reviewer)
    body = {"owner": scene.stranger.pk, "due_on": soon()}
    answer = client.post(reverse("activities:idea-adopt", args=[idea.pk]), body, follow=True)
    assert "实施人不在名单里" in answer.content.decode()
    assert Idea.objects.get(pk=idea.pk).state == State.SUBMITTED


def test_an_effect_without_money_needs_words(scene):
    idea = scene.carried_out()
    with pytest.raises(ActivityError, match="写明效果"):
        ideas.verify(idea, 0, "", actor=scene.verifier)
    with pytest.raises(ActivityError, match="不能小于 0"):
        ideas.verify(idea, -1, "好", actor=scene.verifier)
    ideas.verify(idea, 0, "巡检少走一层楼", actor=scene.verifier)
    assert (idea.state, idea.benefit, idea.verified_by) == (State.VERIFIED, 0, scene.verifier)


def test_an_old_page_is_told(scene):
    idea = scene.submitted()
    ideas.take(Idea.objects.get(pk=idea.pk), "refuse", "重复", actor=scene.reviewer)
    with pytest.raises(StaleState):
        ideas.take(idea, "return", "写具体", actor=scene.reviewer)


def test_steps_are_append_only(scene):
    step = scene.submitted().steps.get()
    for write in (step.delete, partial(type(step).objects.filter(pk=step.pk).update, text="改")):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("state", "days_ago", "due_in", "late"),
    [
        ("submitted", 15, 0, 0),
        ("submitted", 16, 0, 1),
        ("adopted", 99, 0, 0),
        ("adopted", 1, -3, 3),
        ("carried_out", 30, -9, 0),
        ("carried_out", 32, -9, 2),
        ("verified", 99, -9, 0),
        ("returned", 99, 0, 0),
    ],
)
def test_lateness(state, days_ago, due_in, late):
    today = datetime.date(2026, 10, 31)
    day = datetime.timedelta(days=1)
    assert days_late(state, today - days_ago * day, today + due_in * day, today) == late


def test_each_has_waiting_what_is_to_be_done(scene):
    for state in ("submitted", "returned", "adopted", "carried_out", "verified", "refused"):
        scene.in_state(state)

    def waiting(person):
        return {row.what for row in lists.waiting_for(person)}

    assert waiting(scene.reviewer) == {"评审建议", "验证建议效果"}
    assert waiting(scene.verifier) == {"验证建议效果"}
    assert waiting(scene.owner) == {"实施建议"}
    assert waiting(scene.author) == waiting(scene.mate) == {"补充建议"}
    assert waiting(scene.neighbour) == waiting(scene.stranger) == set()
    assert {row[0] for row in lists.news_for(scene.owner)} == {"实施建议"}


def test_filters(client, scene):
    one, two = scene.submitted(), scene.submitted(title="照明改造", theme="safety", kind="qc")
    client.force_login(scene.reviewer)

    def shown(**filters):
        return [idea.pk for idea in client.get(reverse("activities:ideas"), filters).context["page"]]

    assert shown() == [two.pk, one.pk]
    assert shown(q="疏水 一值") == []
    assert shown(q="疏水 回收") == [one.pk]
    assert shown(q=scene.author.name) == [two.pk, one.pk]
    assert shown(kind="qc") == shown(theme="safety") == [two.pk]
    assert shown(state="adopted") == shown(whose="own") == []
    assert shown(whose="waiting", team=scene.team.pk, year=timezone.localdate().year) == [two.pk, one.pk]
    assert "没有这一项" in client.get(reverse("activities:ideas"), {"team": scene.other_team.pk}).content.decode()


def test_export(client, scene):
    idea = scene.verified()
    client.force_login(scene.reviewer)
    answer = client.post(reverse("activities:idea-export"), {"state": "verified"})
    head, row, total = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert head == lists.HEADERS
    assert row[0] == idea.number
    assert row[-1] == 12000
    assert (total[0], total[-1]) == ("合计", 12000)
    assert f"{scene.author.name}（{scene.author.employee_no}）" in row[6]


def test_the_year(client, scene):
    for state in ("submitted", "withdrawn", "refused", "adopted", "verified", "verified", "ineffective"):
        scene.in_state(state)
    year = timezone.localdate().year
    rows, total = figures.year_of([scene.team, scene.other_team], year)
    first, second = rows
    assert (first.team, first.heads, first.submitted, first.per_head) == (scene.team, 3, 6, 200)
    assert (first.adopted, first.carried_out, first.verified, first.benefit) == (4, 3, 2, 2_400_000)
    assert (second.submitted, second.per_head, total.heads, total.benefit) == (0, 0, 4, 2_400_000)
    assert figures.year_of([scene.team], year - 1)[1].submitted == 0
    client.force_login(scene.reviewer)
    answer = client.post(reverse("activities:idea-year-export"), {"year": year})
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[3] for row in table] == ["提出", 6, 0, 6]


def test_a_file_of_an_idea_is_seen_by_whoever_sees_the_idea(client, scene):
    client.force_login(scene.author)
    body = TEXT | {"title": "疏水回收", "files": picture()}
    client.post(reverse("activities:idea-submit"), body)
    idea = Idea.objects.get()
    address = reverse("teams:photo", args=[idea.files.get().pk])
    client.force_login(scene.neighbour)
    assert client.get(address).status_code == 404
    ideas.adopt(idea, scene.neighbour, soon(), actor=scene.reviewer)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    answer.close()


# -- At once -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_have_twenty_numbers():
    scene = Scene()
    facts = Content(**TEXT | {"title": "疏水回收"})
    deeds = [partial(ideas.submit, scene.team, facts, actor=scene.author, source=uuid.uuid4()) for _ in range(20)]
    assert at_once(*deeds) == ["done"] * 20
    period = periods.current_period()
    assert set(Idea.objects.values_list("number", flat=True)) == {f"JY-{period}-{n:04d}" for n in range(1, 21)}


@pytest.mark.django_db(transaction=True)
def test_control_with_one_number_for_all_only_one_gets_through(monkeypatch):
    monkeypatch.setattr(ideas, "_next_number", lambda period: "JY-1")
    scene = Scene()
    facts = Content(**TEXT | {"title": "疏水回收"})
    deeds = [partial(ideas.submit, scene.team, facts, actor=scene.author, source=uuid.uuid4()) for _ in range(5)]
    assert at_once(*deeds).count("done") == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_is_one_idea():
    scene = Scene()
    facts = Content(**TEXT | {"title": "疏水回收"})
    deed = partial(ideas.submit, scene.team, facts, actor=scene.author, source=uuid.uuid4())
    assert at_once(*[deed] * 10) == ["done"] * 10
    assert Idea.objects.count() == Author.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_one_decides():
    scene = Scene()
    idea = scene.submitted()
    deeds = [partial(ideas.take, idea, name, "理由", actor=scene.reviewer) for name in ("refuse", "return")]
    outcomes = at_once(*deeds)
    assert outcomes[0] == "done"
    assert outcomes[1].startswith("polite: 这条建议刚刚有了进展")
    assert idea.steps.count() == 2


@pytest.mark.django_db(transaction=True)
def test_control_without_the_comparison_both_decide(monkeypatch):
    def careless(name, idea, actor, text):
        Idea.objects.filter(pk=idea.pk).update(state=MOVES[name].target)
        ideas._record(MOVES[name].verb, Idea.objects.get(pk=idea.pk), actor, text)

    monkeypatch.setattr(ideas, "_move", careless)
    scene = Scene()
    idea = scene.submitted()
    deeds = [partial(ideas.take, idea, name, "理由", actor=scene.reviewer) for name in ("refuse", "return")]
    assert at_once(*deeds) == ["done"] * 2
    assert idea.steps.count() == 3

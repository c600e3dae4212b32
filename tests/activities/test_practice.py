"""Practice cards: written, imported all or none, asked, answered, and how a team stands."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from activities.errors import ActivityError, StaleState
from activities.learning import practice as reads
from activities.models import Practice, PracticeCard
from activities.services import practice
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.activities.learning import card
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db
ROWS = [
    ["题目", "答案", "专业"],
    ["为什么要疏水？", "防止水击。", "汽机"],
    ["跳闸后先做什么？", "先看参数，\n再查原因。"],
]


@pytest.fixture
def unit():
    return make.make_unit()


@pytest.fixture
def team(unit):
    return make.make_team(unit)


@pytest.fixture
def leader(team):
    return make.make_member(team, "leader")


@pytest.fixture
def worker(team):
    return make.make_member(team)


def answer(found, result, user):
    practice.answer(found, result, unit=found.unit, actor=user)


def test_a_question_stands_once_in_a_unit_while_it_is_in_use(unit, leader):
    first = card(unit, leader)
    with pytest.raises(ActivityError, match="已经有了"):
        card(unit, leader)
    practice.retire_card(first, actor=leader)
    assert card(unit, leader).pk != first.pk
    with pytest.raises(StaleState):
        practice.retire_card(first, actor=leader)


def test_words_are_mended_and_the_trail_keeps_those_before(unit, leader):
    found = card(unit, leader)
    practice.change_card(found, question=found.question, answer="三种", trade="锅炉", actor=leader)
    row = AuditEntry.objects.get(verb="practice_card.changed")
    assert (row.before["answer"], row.after["answer"]) == (found.answer, "三种")
    with pytest.raises(StaleState):
        practice.change_card(found, question="别的题", answer="四种", trade="", actor=leader)
    assert PracticeCard.objects.get().answer == "三种"


def test_a_workbook_is_taken_over_whole(unit, leader):
    practice.import_cards(unit, read_workbook(workbook({"题库": ROWS})), actor=leader)
    kept = PracticeCard.objects.order_by("id").values_list("question", "answer", "trade")
    assert list(kept) == [("为什么要疏水？", "防止水击。", "汽机"), ("跳闸后先做什么？", "先看参数，\n再查原因。", "")]
    assert AuditEntry.objects.get(verb="practice_card.imported").after == {"count": 2}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["没有答案的题", ""], "第 4 行：没有答案。"),
        (["", "没有题目的答案"], "第 4 行：没有题目。"),
        (["为什么要疏水？", "再写一遍。"], "第 4 行：这道题已经有了"),
        (["早就有的题", "答案"], "第 4 行：这道题已经有了"),
        (["长" * 301, "答案"], "第 4 行：题目有 301 个字，最多 300 个。"),
    ],
)
def test_one_bad_row_keeps_everything_out(unit, leader, row, sentence):
    card(unit, leader, "早就有的题")
    with pytest.raises(ActivityError, match="一张也没有导入") as refused:
        practice.import_cards(unit, read_workbook(workbook({"题库": [*ROWS, row]})), actor=leader)
    assert sentence in str(refused.value)
    assert PracticeCard.objects.count() == 1


def test_a_workbook_without_the_columns_says_what_is_missing(unit, leader):
    for rows in ([["问", "答"], ["a", "b"]], [["题目", "答案"]]):
        with pytest.raises(ActivityError, match="请.*重新上传"):
            practice.import_cards(unit, read_workbook(workbook({"题库": rows})), actor=leader)
    assert not PracticeCard.objects.exists()


def test_cards_of_the_line_are_asked_and_no_others(unit, worker):
    root, other = make.make_unit(), make.make_unit()
    unit.parent = root
    unit.save()
    writer = make.make_user()
    wanted = {card(unit, writer), card(root, writer)}
    card(other, writer)
    practice.retire_card(card(unit, writer, "停用的题"), actor=writer)
    assert set(reads.cards_for(worker)) == wanted


def test_the_next_card_is_the_one_that_was_not_known(unit, worker, leader):
    cards = [card(unit, leader, f"第 {number} 题") for number in (1, 2, 3)]
    assert reads.turn_of(worker).card == cards[0]
    answer(cards[0], "unknown", worker)
    assert reads.turn_of(worker).card == cards[1]
    answer(cards[1], "known", worker)
    turn = reads.turn_of(worker)
    assert (turn.card, turn.due) == (cards[2], 1)
    assert turn.standing == {"known": 1, "unsure": 0, "unknown": 1, "new": 1}
    answer(cards[2], "known", worker)
    turn = reads.turn_of(worker)
    assert (turn.card, turn.is_due) == (cards[0], False)
    assert reads.turn_of(leader).card == cards[0]


def test_an_answer_is_kept_for_good(unit, worker, leader):
    answer(card(unit, leader), "unsure", worker)
    with pytest.raises(IntegrityError if connection.vendor == "sqlite" else Exception), transaction.atomic():
        Practice.objects.update(result="known")
    assert Practice.objects.get().result == "unsure"


def test_a_retired_card_takes_no_answer(unit, worker, leader):
    found = card(unit, leader)
    practice.retire_card(found, actor=leader)
    with pytest.raises(StaleState):
        answer(found, "known", worker)
    assert not Practice.objects.exists()


def test_how_a_team_stands_goes_by_the_last_answers(team, unit, worker, leader):
    first, second = card(unit, leader, "第 1 题"), card(unit, leader, "第 2 题")
    for result in ("unknown", "known"):
        answer(first, result, worker)
    answer(second, "unsure", worker)
    answer(second, "unknown", leader)
    rows = {row.user: (row.known, row.answered, row.cards, row.recent) for row in reads.of_team(team)}
    assert rows == {leader: (0, 1, 2, 1), worker: (1, 2, 2, 3)}
    assert reads.hardest(team) == [(second, 2)]


def test_the_page_asks_takes_the_answer_and_goes_on(client, unit, worker, leader):
    first, second = card(unit, leader, "第 1 题"), card(unit, leader, "第 2 题")
    client.force_login(worker)
    page = reverse("activities:practice")
    assert "第 1 题" in client.get(page).content.decode()
    answered = client.post(page, {"card": first.pk, "result": "known"}, follow=True)
    assert "第 2 题" in answered.content.decode()
    assert Practice.objects.get().card == first
    for wrong in ({"card": 999, "result": "known"}, {"card": second.pk, "result": "so so"}, {"card": "a\0"}, {}):
        assert "alert-danger" in client.post(page, wrong, follow=True).content.decode()
    assert Practice.objects.count() == 1


def test_a_worker_starts_with_the_cards_of_the_own_trade(client, team, unit, worker, leader):
    team.trade = "汽机"
    team.save()
    card(unit, leader, "电气的题", "电气")
    card(unit, leader, "汽机的题", "汽机")
    client.force_login(worker)
    page = reverse("activities:practice")
    assert "汽机的题" in client.get(page).content.decode()
    assert "电气的题" in client.get(page, {"trade": "电气"}).content.decode()


def test_cards_are_searched(client, unit, worker, leader):
    wanted, gone = card(unit, leader, "水位计"), card(unit, leader, "给水泵")
    practice.retire_card(gone, actor=leader)
    client.force_login(worker)

    def listed(**filters):
        return list(client.get(reverse("activities:practice-cards"), filters).context["page"].object_list)

    assert (listed(), listed(q="就地"), listed(q="给水"), listed(retired="on")) == ([wanted], [wanted], [], [gone])


def test_the_import_page_names_the_bad_row(client, unit, leader):
    client.force_login(leader)
    file = SimpleUploadedFile("题库.xlsx", workbook({"题库": [*ROWS, ["只有题目"]]}).getvalue())
    answered = client.post(reverse("activities:practice-import"), {"unit": unit.pk, "file": file})
    assert "第 4 行：没有答案" in answered.content.decode()
    good = SimpleUploadedFile("题库.xlsx", workbook({"题库": ROWS}).getvalue())
    client.post(reverse("activities:practice-import"), {"unit": unit.pk, "file": good})
    assert PracticeCard.objects.count() == 2


def test_a_leader_writes_no_cards_of_another_unit(client, unit, leader):
    other = card(make.make_unit(), make.make_user())
    client.force_login(leader)
    assert client.get(reverse("activities:practice-change", args=[other.pk])).status_code == 404
    body = {"unit": other.unit_id, "question": "题", "answer": "答", "trade": ""}
    assert "请重新选择" in client.post(reverse("activities:practice-write"), body).content.decode()
    assert PracticeCard.objects.count() == 1

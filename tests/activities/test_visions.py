"""Own visions: written, replaced, planned, reviewed; seen by nobody else unless shown."""

import datetime

import pytest
from django.urls import reverse

from activities.errors import ActivityError, StaleState
from activities.learning import visions as reads
from activities.learning.waiting import waiting_for
from activities.models import Vision
from activities.services import visions
from teams.models import AuditEntry
from tests import factories as make
from tests.activities.learning import DAY, today, write_vision

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def leader(team):
    return make.make_member(team, "leader")


@pytest.fixture
def worker(team):
    return make.make_member(team)


def add_item(vision, text="学电气识图"):
    return visions.add_item(vision, text=text, how="看书", due_on=today() + 30 * DAY, actor=vision.user)


def test_another_statement_ends_the_vision_and_takes_its_open_plan_over(worker):
    first = write_vision(worker)
    done, open_one = add_item(first), add_item(first, "学继电保护")
    visions.finish_item(done, "考了 92 分", actor=worker)
    second = write_vision(worker, "当上班长")
    first.refresh_from_db()
    assert first.ended_on == today()
    assert [list(row.items.values_list("text", flat=True)) for row in (first, second)] == [
        [done.text],
        [open_one.text],
    ]


def test_the_same_statement_only_changes_the_rest(worker):
    first = write_vision(worker)
    assert write_vision(worker, is_shown=True) == first
    assert Vision.objects.get().is_shown


@pytest.mark.parametrize("days", [0, -1])
def test_the_next_review_is_to_come(worker, days):
    with pytest.raises(ActivityError, match="在今天以后"):
        write_vision(worker, review_on=today() + days * DAY)
    assert not Vision.objects.exists()


def test_nobody_is_the_own_mentor_or_reviewer(worker):
    with pytest.raises(ActivityError, match="选别人"):
        write_vision(worker, mentor=worker)
    vision = write_vision(worker)
    with pytest.raises(ActivityError, match="辅导人或班长"):
        visions.review(vision, text="挺好", review_on=today() + DAY, actor=worker)


def test_a_line_is_done_or_dropped_once(worker):
    item = add_item(write_vision(worker))
    visions.finish_item(item, "会了", actor=worker)
    with pytest.raises(StaleState):
        visions.finish_item(item, "会了", actor=worker)
    with pytest.raises(StaleState):
        visions.drop_item(item, actor=worker)
    item.refresh_from_db()
    assert (item.done_on, item.outcome) == (today(), "会了")


def test_a_replaced_vision_is_neither_planned_nor_reviewed(worker, leader):
    first = write_vision(worker)
    write_vision(worker, "当上班长")
    with pytest.raises(StaleState):
        add_item(first)
    with pytest.raises(StaleState):
        visions.review(first, text="挺好", review_on=today() + DAY, actor=leader)


def test_a_plan_has_an_end(worker):
    vision = write_vision(worker)
    for number in range(visions.MOST_ITEMS):
        add_item(vision, f"第 {number} 条")
    with pytest.raises(ActivityError, match="最多 20 条"):
        add_item(vision, "又一条")


def test_the_trail_keeps_no_words_of_it(worker, leader):
    vision = write_vision(worker, "不想让人知道的话")
    item = add_item(vision, "偷偷学英语")
    visions.finish_item(item, "很难为情", actor=worker)
    visions.review(vision, text="谈了家里的事", review_on=today() + DAY, actor=leader)
    kept = str([(row.label, row.before, row.after) for row in AuditEntry.objects.all()])
    assert not any(words in kept for words in ("不想让人知道", "英语", "难为情", "家里的事"))
    assert AuditEntry.objects.count() == 4


def test_who_sees_a_vision(team, worker, leader):
    mate, stranger = make.make_member(team), make.make_member(make.make_team(team.unit), "leader")
    manager, mentor = make.give_role(team.unit, "manager"), make.make_member(make.make_team(team.unit))
    vision = write_vision(worker, mentor=mentor)

    def seen_by():
        people = (worker, leader, mate, stranger, manager, mentor)
        return [reads.vision_for(type(user).objects.get(pk=user.pk), vision.pk) is not None for user in people]

    assert seen_by() == [True, True, False, False, False, True]
    write_vision(worker, mentor=mentor, is_shown=True)
    assert seen_by() == [True, True, True, False, False, True]


def test_a_due_review_waits_for_the_mentor_or_else_for_the_leader(team, worker, leader):
    mentor = make.make_member(make.make_team(team.unit))
    vision = write_vision(worker)
    Vision.objects.filter(pk=vision.pk).update(review_on=today())
    assert [line.text for line in waiting_for(leader)] == [f"和{worker}回顾愿景"]
    Vision.objects.filter(pk=vision.pk).update(mentor=mentor)
    assert (waiting_for(leader), len(waiting_for(mentor)), waiting_for(worker)) == ([], 1, [])


def test_the_leader_reads_who_has_one_and_whose_review_is_due(client, team, leader, worker):
    vision = write_vision(worker)
    Vision.objects.filter(pk=vision.pk).update(review_on=today() - DAY)
    client.force_login(leader)

    def people(**filters):
        return [row.user for row in client.get(reverse("activities:visions"), filters).context["page"].members]

    assert people() == [leader, worker]
    assert (people(standing="late"), people(standing="none"), people(standing="kept")) == ([worker], [leader], [])
    assert people(q=worker.employee_no) == [worker]


def test_the_page_writes_plans_and_finishes(client, worker):
    client.force_login(worker)
    page = reverse("activities:own-vision")
    assert "写下愿景" in client.get(page).content.decode()
    soon = today() + datetime.timedelta(days=60)
    client.post(page, {"statement": "考上技师", "review_on": soon, "mentor": "", "is_shown": "on"})
    vision = Vision.objects.get(user=worker)
    add, line = reverse("activities:study-item-add"), {"text": "学识图", "how": ""}
    assert "日期已经过去了" in client.post(add, line | {"due_on": "2020-01-01"}).content.decode()
    client.post(add, line | {"due_on": soon})
    item = vision.items.get()
    answer = client.post(reverse("activities:study-item-done", args=[item.pk]), {"outcome": "会看图了"}, follow=True)
    assert "会看图了" in answer.content.decode()
    assert (vision.statement, vision.is_shown, vision.review_on) == ("考上技师", True, soon)


def test_the_line_of_somebody_else_is_not_found(client, worker, leader):
    item = add_item(write_vision(worker))
    client.force_login(leader)
    assert client.post(reverse("activities:study-item-drop", args=[item.pk])).status_code == 404
    assert type(item).objects.filter(pk=item.pk).exists()

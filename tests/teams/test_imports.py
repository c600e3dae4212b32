"""A roster in the background: read and applied by a worker once, whoever dies in between, and people are told how far it is."""

import datetime
import signal
import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from teams import tasks
from teams.errors import StaleState
from teams.models import AuditEntry, ImportBatch, Membership, Unit, User
from teams.services import imports, roster
from teams.workbooks import WorkbookRefused
from tests import factories as make
from tests.hostile import HOSTILE
from tests.sampling import by_turns
from tests.workbooks import named
from tests.workbooks import roster as roster_file
from tests.workers import broker, do_in_a_child, wait_for, worker

__all__ = ["broker"]
pytestmark = pytest.mark.django_db
OCTOBER = datetime.date(2026, 10, 1)
PEOPLE = [
    ["900001", "张三", "运行部", "一值", "班长"],
    ["900002", "李四", "运行部", "一值"],
    ["900003", "", "运行部", "一值"],
]


@pytest.fixture
def admin():
    return make.give_role(make.make_unit("本厂"), "admin")


def receive(admin, *people, content=None):
    file = roster_file(*people) if content is None else named(content)
    return imports.receive(file, root=Unit.objects.get(parent=None), effective_on=OCTOBER, actor=admin)


def staged(admin, *people):
    """A batch that a worker has read."""
    batch = receive(admin, *(people or PEOPLE))
    assert imports.work_on(batch.pk)
    return now(batch)


def confirmed(admin, *people, **wishes):
    """A batch that waits for a worker to apply it."""
    batch = staged(admin, *people)
    imports.request_apply(batch, actor=admin, **({"without_bad_rows": True} | wishes))
    return now(batch)


def now(batch):
    return ImportBatch.objects.get(pk=batch.pk)


def verbs(batch):
    trail = AuditEntry.objects.filter(object_type="teams.importbatch", object_id=batch.pk)
    return list(trail.order_by("id").values_list("verb", flat=True))


def run_out_lease(batch):
    past = timezone.now() - timedelta(seconds=1)
    return ImportBatch.objects.filter(pk=batch.pk, lease_until__gt=timezone.now()).update(lease_until=past)


# -- One upload after the other ------------------------------------------------------------------------------------------


def test_an_upload_is_kept_read_confirmed_and_applied(admin):
    batch = receive(admin, *PEOPLE)
    assert (batch.state, bool(batch.content), batch.rows) == ("reading", True, {})
    assert imports.work_on(batch.pk)
    batch = now(batch)
    assert (batch.state, len(batch.rows["people"]), User.objects.filter(name="张三").exists()) == (
        "previewed",
        3,
        False,
    )
    imports.request_apply(batch, actor=admin, without_bad_rows=True)
    assert imports.work_on(batch.pk)
    batch = now(batch)
    assert (batch.state, batch.content, batch.lease_until) == ("applied", None, None)
    assert batch.result == {
        "added": 2,
        "changed": 0,
        "bad": 1,
        "left": 0,
        "wrong": [["", "900003", "第 4 行：B（姓名）：缺姓名"]],
    }
    assert verbs(batch) == ["import.uploaded", "import.confirmed", "roster.imported"]
    imported = AuditEntry.objects.get(verb="roster.imported")
    assert (imported.actor, set(imported.after)) == (admin, {"900001", "900002"})


def test_new_people_cannot_sign_in_until_a_password_is_issued(admin):
    imports.work_on(confirmed(admin).pk)
    assert not any(user.has_usable_password() for user in User.objects.filter(employee_no__startswith="9"))


@pytest.mark.parametrize("name", ["a text", "more than 5 MB"])
def test_what_is_no_workbook_is_refused_before_it_is_kept(name, admin):
    content, sentence = HOSTILE[name]
    with pytest.raises(WorkbookRefused, match=sentence):
        receive(admin, content=content)
    assert ImportBatch.objects.count() == 0


def test_what_cannot_be_read_has_failed_and_is_not_kept(admin):
    batch = receive(admin, content=HOSTILE["a bomb of zeros"][0])
    assert imports.work_on(batch.pk) is False
    batch = now(batch)
    assert (batch.state, batch.content, batch.problem[:7]) == ("failed", None, "文件内容过大。")
    assert imports.work_on(batch.pk) is False


def test_what_cannot_be_applied_comes_back_with_the_sentence_and_can_be_confirmed_again(admin):
    batch = confirmed(admin, without_bad_rows=False)
    assert imports.work_on(batch.pk) is False
    batch = now(batch)
    assert (batch.state, bool(batch.content), batch.problem[:9]) == ("previewed", True, "还有 1 行有错，")
    imports.request_apply(batch, actor=admin, without_bad_rows=True)
    assert imports.work_on(batch.pk)
    assert (now(batch).state, now(batch).problem) == ("applied", "")


def test_a_failure_of_ours_leaves_no_half_and_says_so(admin, monkeypatch):
    batch = confirmed(admin)
    monkeypatch.setattr(roster, "_join", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        imports.work_on(batch.pk)
    assert (now(batch).state, now(batch).problem[:13]) == ("previewed", "后台处理没有完成，数据没有")
    assert not User.objects.filter(employee_no="900001").exists()
    assert "roster.imported" not in verbs(batch)


def test_a_batch_is_confirmed_once_and_not_discarded_afterwards(admin):
    batch = staged(admin)
    imports.request_apply(batch, actor=admin)
    for again in (partial(imports.request_apply, actor=admin), partial(roster.discard_batch, actor=admin)):
        with pytest.raises(StaleState):
            again(now(batch))
    assert verbs(batch) == ["import.uploaded", "import.confirmed"]


def test_an_upload_can_be_given_up_before_it_is_read(admin):
    batch = receive(admin, *PEOPLE)
    roster.discard_batch(batch, actor=admin)
    assert imports.work_on(batch.pk) is False
    assert (now(batch).state, now(batch).content) == ("discarded", None)


# -- Leases -------------------------------------------------------------------------------------------------------------


def test_a_batch_under_a_lease_is_left_alone_until_it_runs_out(admin):
    batch = receive(admin, *PEOPLE)
    ImportBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() + imports.LEASE)
    assert imports.work_on(batch.pk) is False
    assert run_out_lease(batch) == 1
    tasks.sweep_imports()
    assert now(batch).state == "previewed"


def test_a_run_that_lost_its_lease_changes_nothing_any_more(admin, monkeypatch):
    batch = confirmed(admin)
    plan = roster.staged_plan

    def overtaken(found):
        ImportBatch.objects.filter(pk=batch.pk).update(attempts=99)
        return plan(found)

    monkeypatch.setattr(roster, "staged_plan", overtaken)
    assert imports.work_on(batch.pk) is False
    assert (now(batch).state, now(batch).problem) == ("applying", "")
    assert not User.objects.filter(employee_no="900001").exists()


@pytest.mark.parametrize(("ready", "state"), [(partial(receive), "failed"), (confirmed, "previewed")])
def test_what_kills_every_worker_is_given_up_with_a_sentence(ready, state, admin):
    batch = ready(admin, *PEOPLE)
    ImportBatch.objects.filter(pk=batch.pk).update(attempts=batch.attempts + imports.MAX_ATTEMPTS)
    assert imports.work_on(batch.pk) is False
    assert (now(batch).state, now(batch).problem[:12]) == (state, "后台处理多次中断，已停止")


def test_a_second_confirmation_has_its_own_attempts(admin):
    batch = staged(admin)
    ImportBatch.objects.filter(pk=batch.pk).update(attempts=20)
    imports.request_apply(now(batch), actor=admin, without_bad_rows=True)
    assert imports.work_on(batch.pk)


def test_a_broker_out_of_reach_does_not_lose_the_upload(admin, monkeypatch, client):
    monkeypatch.setattr(tasks.work_on_import, "delay", lambda *_: 1 / 0)
    client.force_login(admin)
    root = Unit.objects.get(parent=None)
    body = {"unit": root.pk, "effective_on": "2026-10-01", "file": roster_file(*PEOPLE)}
    page = client.post(reverse("teams:roster-upload"), body, follow=True)
    assert "排队中，等后台服务接手" in page.content.decode()
    monkeypatch.undo()
    tasks.sweep_imports()
    assert ImportBatch.objects.get().state == "previewed"


# -- Pages --------------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_step_and_reloads_when_it_is_done(admin, client):
    client.force_login(admin)
    batch = receive(admin, *PEOPLE)
    address = reverse("teams:roster-progress", args=[batch.pk])
    for step in (
        {"told": "排队中"},
        {"attempts": 1, "told": "正在读取文件"},
        {"state": "applying", "done": imports.CHECKING, "total": 3, "told": "正在核对 3 人"},
        {"done": imports.WRITING, "told": "正在写入 3 人"},
    ):
        told = step.pop("told")
        ImportBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() + imports.LEASE, **step)
        answer = client.get(address)
        assert (told in answer.content.decode(), "HX-Refresh" in answer) == (True, False)
    ImportBatch.objects.filter(pk=batch.pk).update(state="previewed")
    assert client.get(address)["HX-Refresh"] == "true"


@pytest.mark.parametrize(("waited", "told"), [(5, False), (45, True)])
def test_the_page_says_when_no_worker_answers(waited, told, admin, client):
    client.force_login(admin)
    batch = receive(admin, *PEOPLE)
    since = timezone.now() - timedelta(seconds=waited)
    ImportBatch.objects.filter(pk=batch.pk).update(lease_until=since)
    page = client.get(reverse("teams:roster-preview", args=[batch.pk])).content.decode()
    assert ("后台服务没有回应" in page) == told


# -- Races and deaths ---------------------------------------------------------------------------------------------------


def left_behind(batch):
    """What an import leaves behind: its state and trail, people, memberships."""
    members = Membership.objects.order_by("user__employee_no").values_list("user__employee_no", "role", "started_on")
    return now(batch).state, verbs(batch), list(members)


def undisturbed(batch):
    """What is left behind when nothing happens; taken back at once."""
    with transaction.atomic():
        imports.work_on(batch.pk)
        found = left_behind(batch)
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db(transaction=True)
def test_ten_workers_apply_a_batch_once(admin):
    batch, barrier, done = confirmed(admin), threading.Barrier(10), []

    def work():
        barrier.wait()
        done.append(imports.work_on(batch.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(done) == [False] * 9 + [True]
    assert verbs(batch).count("roster.imported") == 1


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", by_turns(["before", "after"], 2))
def test_killed_at_any_statement_nothing_or_everything_is_imported_and_it_recovers(moment, admin):
    outcome, number, left_untouched = signal.SIGKILL, 0, 0
    while outcome == signal.SIGKILL:
        number += 1
        people = [[f"{number:03d}{person}", "张三", f"部{number}", "一值"] for person in range(3)]
        batch = confirmed(admin, *people)
        untouched, complete = left_behind(batch), undisturbed(batch)
        outcome = do_in_a_child(partial(imports.work_on, batch.pk), number, moment)
        assert left_behind(batch) in (untouched, complete)
        left_untouched += left_behind(batch) == untouched
        run_out_lease(batch)
        for _ in range(2):
            tasks.sweep_imports()
            assert left_behind(batch) == complete
    assert (complete[0], complete[1].count("roster.imported")) == ("applied", 1)
    assert number - 1 == left_untouched > 10


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_applying_loses_nothing(admin, broker, tmp_path):
    batch = confirmed(admin)
    untouched, complete = left_behind(batch), undisturbed(batch)
    tasks.wake(batch.pk)
    marker = tmp_path / "in-the-middle"
    with worker("tests.stalling", STALL_MARKER=str(marker)):
        wait_for(marker.exists)
    assert (left_behind(batch), now(batch).done) == (untouched, imports.WRITING)

    with worker("teamhub"):
        other = receive(admin, ["900009", "王五", "检修部", "一班"])
        tasks.wake(other.pk)
        wait_for(lambda: now(other).state == "previewed")
        tasks.sweep_imports()
        # Control: before the lease has run out nobody takes the import over.
        assert left_behind(batch) == untouched

        assert run_out_lease(batch) == 1
        tasks.sweep_imports()
        tasks.sweep_imports()
        wait_for(lambda: left_behind(batch) == complete)
    assert now(batch).attempts == batch.attempts + 2

"""Money of studios: what comes in and goes out with its voucher, never more than there is, taken back once at most."""

import io

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.errors import AssessmentError, StaleState
from assessments.honours import studio_statement
from assessments.models import StudioMoney
from assessments.services import studio_money
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests.studios import DAY, Scene

pytestmark = pytest.mark.django_db
KINDS = StudioMoney.Kind.values


@pytest.fixture
def scene():
    return Scene()


def test_a_grant_comes_in_and_spendings_go_out(scene):
    studio = scene.growing()
    scene.grant(studio, 100_000)
    scene.money(studio, "equipment", 60_000, text="研磨机", voucher="发票 12")
    rows = studio_statement.rows_of(studio)
    assert [(row.amount, row.balance, row.may_reverse) for row in rows] == [
        (100_000, 100_000, True),
        (-60_000, 40_000, True),
    ]
    assert studio_statement.sums_of(rows) == [("单位拨款", 100_000), ("设备", -60_000)]
    assert AuditEntry.objects.filter(verb="studio_money.entered").count() == 2


def test_more_than_there_is_is_not_spent(scene):
    studio = scene.growing()
    scene.grant(studio, 100_000)
    with pytest.raises(AssessmentError, match="余额只有 1,000.00 元，不够 1,000.01 元"):
        scene.money(studio, "material", 100_001)
    scene.money(studio, "material", 100_000)
    assert studio_money.balance_of(studio) == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"amount": 0}, "大于 0"), ({"amount": 10**10}, "最多"), ({"voucher": ""}, "凭证"), ({"days": 1}, "还没到")],
)
def test_what_is_no_entry_is_refused(scene, changes, told):
    studio, changes = scene.growing(), dict(changes)
    amount = changes.pop("amount", 100)
    changes |= {"date": scene.today + DAY} if changes.pop("days", 0) else {}
    with pytest.raises(AssessmentError, match=told):
        scene.money(studio, "union_grant", amount, **changes)
    assert not StudioMoney.objects.exists()


def test_a_form_that_is_sent_twice_is_entered_once(scene):
    studio = scene.growing()
    first = scene.grant(studio, 100)
    assert scene.grant(studio, 100, source=first.source) == first
    assert StudioMoney.objects.count() == 1


def test_a_row_is_taken_back_once_by_its_opposite(scene):
    studio = scene.growing()
    grant = scene.grant(studio, 100)
    back = studio_money.reverse(grant, "拨错了", actor=scene.union)
    assert (back.amount, back.reverses, studio_money.balance_of(studio)) == (-100, grant, 0)
    with pytest.raises(StaleState, match="已经冲销过"):
        studio_money.reverse(grant, "再来", actor=scene.union)
    with pytest.raises(AssessmentError, match="不能再冲销"):
        studio_money.reverse(back, "反悔", actor=scene.union)
    assert [row.may_reverse for row in studio_statement.rows_of(studio)] == [False, False]


def test_a_grant_that_is_spent_is_not_taken_back(scene):
    studio = scene.growing()
    grant = scene.grant(studio, 100)
    scene.money(studio, "reward", 1)
    with pytest.raises(AssessmentError, match="余额只有"):
        studio_money.reverse(grant, "拨错了", actor=scene.union)


def test_rows_are_neither_changed_nor_deleted(scene):
    grant = scene.grant(scene.growing(), 100)
    for attack in (lambda: StudioMoney.objects.update(amount=200), grant.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attack()


deeds = st.lists(st.tuples(st.sampled_from([*KINDS, "reverse"]), st.integers(1, 500)), max_size=12)


@given(deeds)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_whatever_is_entered_the_balance_is_the_sum_and_never_below_zero(scene, deeds):
    with transaction.atomic():
        studio = scene.growing()
        for kind, amount in deeds:
            _try(scene, studio, kind, amount)
            assert studio_money.balance_of(studio) >= 0
        rows = studio_statement.rows_of(studio)
        assert all(row.balance >= 0 for row in rows)
        assert (rows[-1].balance if rows else 0) == sum(row.amount for row in rows)
        assert sum(fen for _, fen in studio_statement.sums_of(rows)) == sum(row.amount for row in rows)
        transaction.set_rollback(True)


def _try(scene, studio, kind, amount):
    rows = list(studio.money.all())
    try:
        if kind != "reverse":
            scene.money(studio, kind, amount)
        elif rows:
            studio_money.reverse(rows[amount % len(rows)], "记错", actor=scene.union)
    except (AssessmentError, StaleState):
        return


def test_the_workbook_says_what_the_page_says(scene, client):
    studio = scene.growing()
    scene.grant(studio, 100_000)
    scene.money(studio, "equipment", 60_000, text="=1+1", voucher="发票 12")
    client.force_login(scene.auditor)
    page = client.get(reverse("assessments:studio-money", args=[studio.pk])).content.decode()
    assert "400.00" in page
    assert "记一笔" not in page
    answer = client.post(reverse("assessments:studio-money-export", args=[studio.pk]))
    (rows,) = read_workbook(io.BytesIO(answer.content)).values()
    assert ["=1+1", "发票 12"] in [row[2:4] for row in rows]
    assert any("余额 400.00 元" in row for row in rows)

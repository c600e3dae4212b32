"""The page that tells whether a sheet in hand is one that was posted, to everybody who holds one."""

import datetime
import html

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.forms.verification import normal
from bulletins.models import Bulletin, ChainHead, Closing, CorrectionNote
from bulletins.services.verification import verify_boards
from teams.triggers import without_triggers
from tests import factories as make
from tests.bulletins.chains import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(make.make_unit("运行部"), "运行一值")


@pytest.fixture
def bulletin(team):
    return post(team)


def text_of(response):
    return html.unescape(response.content.decode())


def opened(client, bulletin):
    response = client.get(reverse("bulletins:verified", args=[bulletin.serial]))
    assert response.status_code == 200
    return text_of(response)


@pytest.mark.parametrize(
    "typed",
    [
        "202610K0012-1",
        " 202610k0012-1\n",
        "2026 10K 0012 - 1",
        "２０２６１０Ｋ００１２－１",
        "202610K0012—1",
        "2o261oKOO12–1",
        "202610KOOl2−I",
        "\u3000202610k0012-1",
        "编号：202610K0012-1　指纹 ab12cd34",
        "https://teamhub.example.com/verify/202610K0012-1/",
    ],
)
def test_a_serial_is_understood_as_it_is_typed(typed):
    assert normal(typed) == "202610K0012-1"


def test_what_is_typed_leads_to_the_board(client, bulletin):
    typed = f" {bulletin.serial[:6]} {bulletin.serial[6:].lower()}".replace("1", "１")
    response = client.get(reverse("bulletins:verify"), {"serial": typed})
    assert response.headers["Location"] == f"/verify/{bulletin.serial}/"
    assert bulletin.serial in text_of(client.get(f"/verify/{bulletin.serial.lower()}/"))


def test_a_posted_board_is_told_from_what_is_on_the_sheet(client, bulletin):
    said = opened(client, bulletin)
    told = ["这个编号张过榜，是最新的一版", bulletin.title, "运行部", "运行一值", "2026年10月", "第 1 版", "公示中"]
    told += [bulletin.content_hash[:16], str(timezone.localdate(bulletin.published_at)), "榜链接得上"]
    assert [text for text in told if text not in said] == []
    assert "张三" not in said
    assert "90.50" not in said


def test_whoever_is_signed_in_is_told_no_more(client, team, bulletin):
    client.force_login(make.make_member(team))
    assert "张三" not in opened(client, bulletin)


def test_a_sheet_that_a_later_one_replaced_says_so(client, team, bulletin):
    later = post(team, "91.00")
    said = opened(client, bulletin)
    assert "不是最新的一版" in said
    assert f'href="/verify/{later.serial}/"' in said
    assert f'href="/verify/{bulletin.serial}/"' in opened(client, later)
    assert "不是最新的一版" not in opened(client, later)


def test_the_notice_runs_has_ended_or_is_closed(client, bulletin):
    assert "公示中" in opened(client, bulletin)
    past = timezone.localdate() - datetime.timedelta(days=1)
    with without_triggers():
        Bulletin.objects.update(notice_starts_on=past, notice_ends_on=past)
    assert "公示期已过" in opened(client, bulletin)
    Closing.objects.create(bulletin=bulletin, concerned=3, signed=2, objections=1)
    assert "3 人中 2 人核对签字，异议 1 件，都已办结" in opened(client, bulletin)


def test_a_note_of_correction_is_told_but_not_what_it_says_of_whom(client, bulletin):
    note = CorrectionNote.objects.create(bulletin=bulletin, text="张三的得分应为 91.00")
    said = opened(client, bulletin)
    assert f"{timezone.localdate(note.at)} 登记，内容见原榜" in said
    assert "张三" not in said


def test_the_head_and_the_last_proof_are_told(client, bulletin):
    ChainHead.objects.create(
        unit=bulletin.unit, date="2026-11-20", bulletin=bulletin, content_hash=bulletin.content_hash, count=1
    )
    verify_boards()
    said = opened(client, bulletin)
    assert "核验全部公告，都完整" in said
    assert "榜链之首 2026-11-20" in said
    assert bulletin.content_hash[:8] in said


def test_a_board_that_was_touched_does_not_pass(client, bulletin):
    with without_triggers():
        Bulletin.objects.update(title="改过")
    verify_boards()
    said = opened(client, bulletin)
    assert "核验没有通过" in said
    assert "有不符，审计员已经知道" in said
    assert "榜链接得上" not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("202610K9999-1", "没有编号是 202610K9999-1 的榜"),
        ("乱" * 31, f"没有编号是 {'乱' * 30} 的榜"),
        ("<b>张三</b>", "没有编号是 <B>张三</B> 的榜"),
        ("", "请输入编号"),
        ("1" * 201, "编号没有这么长"),
        ("1\0", "编号"),
    ],
)
def test_what_is_no_serial_is_said(client, bulletin, typed, said):
    response = client.get(reverse("bulletins:verify"), {"serial": typed})
    assert response.status_code == 200
    assert said in text_of(response)
    assert "<b>" not in response.content.decode().lower().replace("<body", "")


def test_an_address_that_leads_nowhere_says_so(client, bulletin):
    response = client.get("/verify/202610K9999-1/")
    assert (response.status_code, "没有编号是 202610K9999-1 的榜" in text_of(response)) == (404, True)


def test_a_board_of_a_whole_unit_is_told_without_a_team(client, team):
    from bulletins.services import publish
    from tests.bulletins.chains import board

    bulletin = publish(board(kind="contest"), unit=team.unit, period=202610, actor=None)
    assert "<dt>班组</dt>" not in opened(client, bulletin)

"""The heads of the chains: noted once a day, kept in a file and sent by mail, as often as that is tried."""

import datetime
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError

from bulletins import tasks
from bulletins.heads import Head, read_heads
from bulletins.models import ChainHead
from bulletins.services import heads
from bulletins.services.verification import verify_boards
from tests import factories as make
from tests.bulletins.chains import chain_of, noted_on, post

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


@pytest.fixture
def folder(settings, tmp_path):
    settings.CHAIN_HEADS_DIR = tmp_path / "elsewhere"
    return settings.CHAIN_HEADS_DIR


@pytest.fixture
def team(folder):
    team = make.make_team(make.make_unit("运行 部"))
    make.make_unit("没有张过榜")
    for score in ("90.00", "91.00"):
        post(team, score)
    return team


def test_the_head_of_every_chain_is_noted_once_a_day(team, monkeypatch):
    last = chain_of(team.unit)[-1]
    line = f"2026-11-20 {team.unit_id} 2 {last.serial} {last.content_hash} 运行 部"
    assert noted_on(DAY, monkeypatch) == [line]
    post(team, "92.00")
    assert noted_on(DAY, monkeypatch) == [line]
    assert (ChainHead.objects.count(), ChainHead.objects.get().bulletin) == (1, last)
    assert noted_on(DAY + datetime.timedelta(days=1), monkeypatch)[0].split()[2] == "3"


def test_two_at_once_note_it_once(team, monkeypatch):
    """The other one is done while this one has read that nothing is noted."""
    head_of = heads._head

    def meanwhile(unit, date):
        head = head_of(unit, date)
        head_of(unit, date).save()
        return head

    monkeypatch.setattr(heads, "_head", meanwhile)
    assert [head.count for head in heads.note_heads()] == [2]
    with pytest.raises(IntegrityError):
        head_of(team.unit, ChainHead.objects.get().date).save()


def test_a_line_says_what_was_noted():
    head = Head(DAY, 3, 12, "202610J0012-1", "ab" * 32, "运行\n一部", "邮件里")
    assert read_heads([head.line, "", "  "], "邮件里") == [
        Head(DAY, 3, 12, "202610J0012-1", "ab" * 32, "运行 一部", "邮件里")
    ]


def test_the_file_grows_by_the_lines_that_it_lacks(team, folder, monkeypatch):
    noted_on(DAY, monkeypatch)
    found = list(ChainHead.objects.all())
    path = heads.keep_outside(found)
    assert heads.keep_outside(found) == path == folder / "chain-heads.txt"
    assert path.read_text() == f"{heads.lines_of(found)[0]}\n"
    path.write_text("2026-11-19 1")  # what a power cut left
    heads.keep_outside(found)
    assert path.read_text() == f"2026-11-19 1\n{heads.lines_of(found)[0]}\n"


def test_the_mail_goes_to_whom_the_settings_name(team, settings):
    tasks.note_heads()
    assert mail.outbox == []
    settings.CHAIN_HEADS_TO = ["auditor@example.com"]
    tasks.note_heads()
    (sent,) = mail.outbox
    head = ChainHead.objects.get()
    assert (sent.to, sent.subject) == (["auditor@example.com"], f"榜链之首 {head.date}")
    assert sent.body.splitlines()[0] == heads.lines_of([head])[0]


def test_nothing_posted_is_nothing_to_tell(folder, settings):
    settings.CHAIN_HEADS_TO = ["auditor@example.com"]
    tasks.note_heads()
    assert (mail.outbox, ChainHead.objects.count()) == ([], 0)


def test_a_folder_that_is_full_does_not_keep_the_mail_back(team, settings, monkeypatch, caplog):
    settings.CHAIN_HEADS_TO = ["auditor@example.com"]
    monkeypatch.setattr(Path, "open", lambda *args, **options: (_ for _ in ()).throw(OSError("full")))
    tasks.note_heads()
    assert ([message.levelname for message in caplog.records], len(mail.outbox)) == (["ERROR"], 1)


def test_a_mail_server_that_is_away_is_logged(team, folder, settings, monkeypatch, caplog):
    settings.CHAIN_HEADS_TO = ["auditor@example.com"]
    monkeypatch.setattr(heads, "send_mail", lambda *args: (_ for _ in ()).throw(ConnectionRefusedError()))
    tasks.note_heads()
    assert (caplog.records[0].args, (folder / heads.FILE).exists()) == (("mail",), True)


def test_what_was_kept_is_what_the_proof_compares_with(team, folder, capsys):
    tasks.note_heads()
    call_command("verify_boards")
    call_command("verify_boards", heads=str(folder / heads.FILE))
    assert capsys.readouterr().out == "核对了 2 张榜，榜链全部完整。\n" * 2
    path = folder / heads.FILE
    path.write_text(path.read_text().replace(chain_of(team.unit)[-1].content_hash, "a" * 64))
    assert "文件里" in verify_boards()[1][0]

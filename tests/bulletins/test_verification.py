"""The proof of the boards: every touch is found where it happened, and those who noted the head know of a forged end."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse

from bulletins import tasks
from bulletins.models import Bulletin, ChainHead
from bulletins.services import GENESIS, digest
from bulletins.services.verification import found_broken, verify_boards
from bulletins.verification import flaw_of, flaws, is_intact
from teamhub.home import page_of
from teams.models import AuditEntry
from teams.triggers import without_triggers
from tests import factories as make
from tests.bulletins.chains import chain_of, noted_on, post

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


@pytest.fixture
def chain():
    """Six boards of two teams of one unit, and one of another unit that has a chain of its own."""
    team = make.make_team()
    other = make.make_team(team.unit)
    for period in (202608, 202609, 202610):
        post(team, period=period)
        post(other, period=period)
    post(make.make_team())
    return chain_of(team.unit)


def tamper(function):
    with without_triggers():
        function()


def broken(chain):
    """The id of the board at which the chain's flaw is, None for a missing one; fails where there is no flaw."""
    return flaw_of(chain[0].unit).board


def test_an_untouched_chain_is_whole(chain):
    assert list(flaws()) == []
    assert [row.previous_hash for row in chain] == [GENESIS, *[row.content_hash for row in chain[:-1]]]


FORGERIES = {
    "title": "改过",
    "period": 202611,
    "revision": 7,
    "serial": "202610K9999-1",
    "kind": "bonus",
    "topic": "round:1",
    "content": {"facts": []},
    "notice_ends_on": datetime.date(2030, 1, 1),
    "published_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    "previous_hash": "f" * 64,
    "content_hash": "f" * 64,
}


@pytest.mark.parametrize("field", FORGERIES)
@pytest.mark.parametrize("position", range(6))
def test_a_forged_field_is_found_in_the_row_where_it_was_forged(field, position, chain):
    victim = chain[position]
    tamper(lambda: Bulletin.objects.filter(pk=victim.pk).update(**{field: FORGERIES[field]}))
    assert broken(chain) == victim.pk


@pytest.mark.parametrize("field", ["team", "published_by"])
def test_a_board_cannot_be_handed_to_somebody_else(field, chain):
    other = {"team": make.make_team(), "published_by": make.make_user()}[field]
    tamper(lambda: Bulletin.objects.filter(pk=chain[2].pk).update(**{field: other}))
    assert broken(chain) == chain[2].pk


@pytest.mark.parametrize("position", range(5))
def test_a_board_taken_down_is_missed_by_the_next(position, chain):
    tamper(lambda: Bulletin.objects.filter(pk=chain[position].pk).delete())
    assert broken(chain) == chain[position + 1].pk


def test_the_last_board_is_missed_by_the_trail(chain):
    tamper(lambda: Bulletin.objects.filter(pk=chain[-1].pk).delete())
    assert (broken(chain), flaw_of(chain[0].unit).serial) == (None, chain[-1].serial)


def test_a_board_slipped_in_is_found(chain):
    forged = Bulletin.objects.get(pk=chain[2].pk)
    forged.pk, forged.revision, forged.serial, forged.title = None, 9, "forged", "多出来的一张"
    forged.previous_hash = "e" * 64
    forged.content_hash = digest(forged)
    forged.save(force_insert=True)
    assert broken(chain) == forged.pk


def test_a_board_that_nobody_posted_is_found_though_it_fits(chain):
    forged = Bulletin.objects.get(pk=chain[2].pk)
    forged.pk, forged.revision, forged.serial, forged.previous_hash = None, 9, "forged", chain[-1].content_hash
    forged.content_hash = digest(forged)
    forged.save(force_insert=True)
    assert broken(chain) == forged.pk


def test_two_boards_in_exchange_are_found(chain):
    def swap():
        contents = chain[1].content, chain[3].content
        Bulletin.objects.filter(pk=chain[1].pk).update(content=contents[1] | {"notes": ["3"]})
        Bulletin.objects.filter(pk=chain[3].pk).update(content=contents[0] | {"notes": ["1"]})

    tamper(swap)
    assert broken(chain) == chain[1].pk


def test_a_forger_who_makes_the_fingerprint_anew_is_betrayed_by_the_trail(chain):
    victim = Bulletin.objects.get(pk=chain[1].pk)
    victim.title = "改过"
    tamper(lambda: Bulletin.objects.filter(pk=victim.pk).update(title="改过", content_hash=digest(victim)))
    assert broken(chain) == victim.pk


def test_a_chain_has_no_fork(chain):
    fork = Bulletin.objects.get(pk=chain[2].pk)
    fork.pk, fork.revision, fork.serial, fork.content_hash = None, 9, "fork", "d" * 64
    with pytest.raises(IntegrityError):
        fork.save(force_insert=True)


def test_another_unit_is_not_troubled(chain):
    tamper(lambda: Bulletin.objects.filter(pk=chain[0].pk).update(title="改过"))
    assert [flaw.board for flaw in flaws()] == [chain[0].pk]


def test_a_board_posted_during_the_proof_is_no_flaw(chain, monkeypatch):
    """It is posted after its rows were counted and before the trail is read."""
    from bulletins import verification

    def posted_meanwhile(unit):
        post(chain[0].team, "77.00")
        return posted(unit)

    posted = verification._posted
    monkeypatch.setattr(verification, "_posted", posted_meanwhile)
    assert flaw_of(chain[0].unit) is None
    assert Bulletin.objects.filter(unit=chain[0].unit).count() == 7


# -- What the database says of itself, and what was kept outside ---------------------------------------------------------


def forget_in_the_trail(serial):
    """Take a board out of the trail, as a forger would who reaches everything."""
    AuditEntry.objects.filter(verb="board.published", after__has_key=serial).delete()


def test_a_head_knows_of_the_end_that_is_missing(chain, monkeypatch):
    noted_on(DAY, monkeypatch)
    last = chain[-1]

    def truncate():
        ChainHead.objects.filter(unit=last.unit).update(bulletin=chain[0])
        Bulletin.objects.filter(pk=last.pk).delete()
        forget_in_the_trail(last.serial)

    tamper(truncate)
    assert str(flaw_of(last.unit)) == (
        f"{last.unit}：第 6 张 不见了：库里 2026-11-20 记下的第 6 张指纹是 {last.content_hash[:8]}，现在只有 5 张"
    )


def test_only_who_kept_the_head_outside_knows_of_a_forger_who_reaches_everything(chain, monkeypatch, tmp_path):
    """Without what is kept outside nothing is left to compare with; that is why it is kept."""
    path = tmp_path / "heads.txt"
    path.write_text("\n".join(noted_on(DAY, monkeypatch)))
    last = chain[-1]

    def forget():
        ChainHead.objects.filter(unit=last.unit).delete()
        Bulletin.objects.filter(pk=last.pk).delete()
        forget_in_the_trail(last.serial)

    tamper(forget)
    assert list(flaws()) == []
    assert verify_boards(path)[1] == [
        f"{last.unit}：{last.serial} 不见了：文件里 2026-11-20 记下的第 6 张指纹是 {last.content_hash[:8]}，现在只有 5 张"
    ]


def test_a_unit_that_is_gone_is_missed_by_the_file(chain, tmp_path):
    path = tmp_path / "heads.txt"
    path.write_text(f"2026-11-20 999999 3 202610K0001-1 {'a' * 64} 老运行部\n")
    assert verify_boards(path)[1] == [
        "老运行部：202610K0001-1 不见了：文件里 2026-11-20 记下的第 3 张指纹是 aaaaaaaa，现在连这个单位也没有"
    ]


# -- The command, the nightly proof, and who is told ---------------------------------------------------------------------


def test_the_command_says_that_all_is_well(chain, capsys):
    call_command("verify_boards")
    assert capsys.readouterr().out == "核对了 7 张榜，榜链全部完整。\n"
    assert AuditEntry.objects.filter(verb="chain.verified").get().after == {"examined": 7, "problems": []}


def test_the_command_names_the_first_wrong_board_and_fails(chain, capsys):
    tamper(lambda: Bulletin.objects.filter(pk=chain[2].pk).update(title="改过"))
    with pytest.raises(CommandError, match="核对了 7 张榜，1 处不符"):
        call_command("verify_boards")
    assert capsys.readouterr().err == f"{chain[0].unit}：{chain[2].serial} 内容和张榜时的指纹不符\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-20 1 2 202610K0001-1\n", "文件里第 1 行不是榜链之首"),
        (f"\n2026-13-20 1 2 202610K0001-1 {'a' * 64}\n", "文件里第 2 行不是榜链之首"),
        (f"2026-11-20 一 2 202610K0001-1 {'a' * 64}\n", "文件里第 1 行不是榜链之首"),
    ],
)
def test_a_file_that_holds_no_heads_is_no_proof(text, said, chain, tmp_path, capsys):
    path = tmp_path / "heads.txt"
    path.write_text(text)
    with pytest.raises(CommandError, match="1 处不符"):
        call_command("verify_boards", heads=str(path))
    assert said in capsys.readouterr().err
    with pytest.raises(CommandError):
        call_command("verify_boards", heads=str(tmp_path / "missing.txt"))
    assert "读不出来" in capsys.readouterr().err


def test_what_is_found_at_night_is_told_to_the_auditor_and_by_health_until_it_is_mended(chain, client):
    root = chain[0].unit
    auditor, worker = make.give_role(root, "auditor"), make.make_member(chain[0].team)
    title = chain[2].title
    tamper(lambda: Bulletin.objects.filter(pk=chain[2].pk).update(title="改过"))
    tasks.verify_boards()
    assert found_broken() == [f"{root}：{chain[2].serial} 内容和张榜时的指纹不符"]
    assert AuditEntry.objects.get(verb="chain.broken").unit is not None
    told = [item for item in page_of(auditor)["queue"] if item["title"] == "核验公告"]
    assert [(item["state"], chain[2].serial in item["detail"]) for item in told] == [("bad", True)]
    assert "核验公告" not in {item["title"] for item in page_of(worker)["queue"]}
    answer = client.get(reverse("health-ready"))
    assert (answer.status_code, answer.json()["problems"]) == (
        200,
        ["the boards do not hold: run manage.py verify_boards"],
    )
    tamper(lambda: Bulletin.objects.filter(pk=chain[2].pk).update(title=title))
    tasks.verify_boards()
    assert found_broken() == []


def test_a_single_board_is_intact_between_its_neighbours(chain):
    assert all(is_intact(board) for board in chain)
    tamper(lambda: Bulletin.objects.filter(pk=chain[2].pk).delete())
    assert [is_intact(board) for board in chain[1:4:2]] == [False, False]
    tamper(lambda: Bulletin.objects.filter(pk=chain[5].pk).update(title="改过"))
    assert [is_intact(board) for board in Bulletin.objects.filter(pk__in=[chain[0].pk, chain[5].pk])].count(True) == 1

"""verify_close says that closed months stand, and names whatever somebody changed behind the guards."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assessments.models import MemberScore, MonthClose, TeamScore
from teams.triggers import without_triggers
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def close():
    return make.close_month(make.make_ready_unit())


def verified(capsys, *arguments):
    """What the command writes, error output included, and whether it was content."""
    try:
        call_command("verify_close", *arguments)
    except CommandError as error:
        return f"{capsys.readouterr().err}{error}", False
    return capsys.readouterr().out, True


def test_a_closed_month_stands(close, capsys):
    assert verified(capsys) == ("核对了 1 个已关账的月份，得分与输入全部一致。\n", True)
    assert verified(capsys, "--month", "2026-09") == ("核对了 0 个已关账的月份，得分与输入全部一致。\n", True)


def test_an_open_month_is_not_looked_at(capsys):
    make.compute_month(make.make_ready_unit())
    assert verified(capsys)[0].startswith("核对了 0 个")


def change_inputs(close):
    close.inputs["teams"][0]["members"][0]["coefficient"] += 1
    MonthClose.objects.filter(pk=close.pk).update(inputs=close.inputs)


CHANGES = {
    "a team's score": (lambda close: TeamScore.objects.filter(rank=1).update(score=1), "班组得分"),
    "a team's grade": (lambda close: TeamScore.objects.filter(rank=2).update(grade="优"), "的等级与输入不符"),
    "a member's score": (lambda close: MemberScore.objects.filter(lines=[]).update(score=1), "个人得分"),
    "a member's days": (lambda close: MemberScore.objects.update(codes={"√": 31}), "的考勤次数与输入不符"),
    "a member taken away": (lambda close: MemberScore.objects.first().delete(), "的整行不见了"),
    "a team too many": (
        lambda close: TeamScore.objects.create(
            close=close, team=make.make_team(), period=make.PERIOD, score=0, awards=0, grade="", rank=9,
            categories=[], lines=[],
        ),
        "多出班组得分",
    ),
    "the inputs": (change_inputs, "输入与它的指纹不符"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_whatever_was_changed_behind_the_guards_is_named(close, capsys, kind):
    change, named = CHANGES[kind]
    with without_triggers():
        change(close)
    told, content = verified(capsys)
    assert not content
    assert named in told

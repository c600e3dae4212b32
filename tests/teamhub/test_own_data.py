"""Everybody can take home what the product holds about the own person, and nothing about anybody else."""

import io

import pytest
from django.apps import apps
from django.urls import reverse

from bulletins.services.receipts import read_by
from teamhub.own_data import SHEETS, sheets_about
from teams.models import AuditEntry, User
from teams.workbooks import read_workbook
from tests import factories as make
from tests.board_records import add_board_records
from tests.bulletins.chains import post

pytestmark = pytest.mark.django_db

HELD = {
    # Tables whose rows are about a person, and the sheet that has them; None: nothing in them tells a person anything
    "Membership": "班组经历",
    "UnitRole": "单位职务",
    "CoefficientChange": "系数变更",
    "Certificate": "证书",
    "Honour": "荣誉",
    "Attendance": "考勤",
    "Overtime": "加班",
    "AttendanceCorrection": "考勤更正",
    "Watch": "值班",
    "Substitution": "补位",
    "Finding": "检查记录",
    "Statement": "情况说明",
    "ItemOwner": "负责的小项",
    "Duty": "待办",
    "Participant": "活动记录",
    "Author": "建议",
    "StudioMember": "创新工作室",
    "Bar": "评选否决情形",
    "Application": "申报",
    "Title": "称号",
    "Goal": "目标和措施",
    "Vision": "愿景和学习计划",
    "Practice": "练兵",
    "Entrant": "竞赛",
    "MemberScore": "得分",
    "DistributionLine": "奖金",
    "Adjustment": "个人奖罚",
    "Exclusion": "不参加分配",
    "SignOff": "会签",
    "SpecialAward": "专项奖励",
    "PieceRecord": "工分",
    "PointEntry": "党员积分",
    "Signature": "核对签字",
    "ObjectionSupport": "异议",
    "Receipt": "看过的公告",
    "ReadReceipt": "制度签收",
    **dict.fromkeys(("Liaison", "PartyGroupMember", "PartyPost", "Commitment"), "党建"),
    "Reserve": "后备培养",
    "Candidate": "参加选举",
    "Voter": None,
    "SignIn": "登录",
    "BallotGiven": None,
    "FormerPassword": None,
    "Account": None,
    "StaticDevice": None,
    "TOTPDevice": None,
}


@pytest.fixture
def members():
    closed = make.make_closed_team()
    make.post_bonus(closed.team)
    return closed.members


def test_a_person_gets_the_own_rows_of_every_kind(members, client):
    leader = members[0]
    client.force_login(leader)
    response = client.post(reverse("own-data"))
    sheets = read_workbook(io.BytesIO(response.content))
    assert list(sheets) == [name for name, _, _ in SHEETS]
    assert ["工号", leader.employee_no] in [row[:2] for row in sheets["个人资料"]]
    assert len(sheets["考勤"]) == 1 + 5
    assert [row[3] for row in sheets["检查记录"][1:]] == ["−0.5"]
    (bonus,) = sheets["奖金"][1:]
    assert bonus[0] == "2026年10月"
    assert AuditEntry.objects.filter(verb="own_data.exported", actor=leader).count() == 1


def test_an_amount_is_not_in_it_before_it_is_posted():
    closed = make.make_closed_team()
    make.make_bonus(closed.team)
    assert {name: rows for name, _, rows in sheets_about(closed.members[0])}["奖金"] == []


def test_nobody_else_is_in_it(members):
    leader, worker, _ = members
    User.objects.filter(pk=worker.pk).update(name="另一个人", phone="13900001234")
    text = str(sheets_about(leader))
    assert leader.employee_no in text
    for foreign in (worker.employee_no, "另一个人", "13900001234"):
        assert foreign not in text


def test_what_somebody_did_with_a_board_is_in_it(members):
    leader, worker, other = members
    posted = post(worker.memberships.get().team)
    add_board_records(posted, member=worker, supporter=other, decider=leader)
    read_by(posted, worker)
    own, seconded = ({name: rows for name, _, rows in sheets_about(user)} for user in (worker, other))
    assert [row[:2] for row in own["核对签字"]] == [(posted, posted.serial)]
    assert [row[2] for row in own["异议"] + seconded["异议"]] == ["提出", "附议"]
    assert [row[1] for row in own["看过的公告"]] == [posted]
    assert seconded["核对签字"] == seconded["看过的公告"] == []


def test_every_table_that_holds_people_is_thought_of():
    holders = {
        model._meta.object_name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User and field.name in ("user", "person")
    }
    assert holders == set(HELD)
    assert set(HELD.values()) - {None} <= {name for name, _, _ in SHEETS}

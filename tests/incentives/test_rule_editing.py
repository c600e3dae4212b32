"""Work on a bonus rule: edited as a draft, tried on a real month, passed by the meeting, in force, compared."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.inputs import fingerprint
from incentives.errors import IncentiveError, StaleState
from incentives.forms.rules import initial_of
from incentives.models import BonusRuleVersion, Distribution
from incentives.rules.definition import read_rule
from incentives.rules.example import ASSUMED, example
from incentives.services import rules
from teams import periods
from teams.models import Attachment, AuditEntry
from tests import factories as make
from tests.access.world import picture
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db

VOTES = {
    "passed_on": datetime.date(2026, 9, 1),
    "votes_for": 3,
    "votes_against": 1,
    "votes_abstained": 1,
    "minutes": "",
}


@pytest.fixture
def draft():
    return rules.install_preset("rule_attendance_work", make.make_unit(), actor=None)


def fields(version, **changes):
    """The form of a draft as its page sends it."""
    return initial_of(version.definition) | {"shown": fingerprint(version.definition), "do": "save"} | changes


def send(client, version, name, user=None, **body):
    client.force_login(user or make.give_role(version.rule.unit, "finance"))
    return client.post(reverse(f"incentives:{name}", args=[version.pk]), body, follow=True).text


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


# -- Editing ---------------------------------------------------------------------------------------------------------------


def test_a_draft_is_saved_with_one_row_that_says_what_changed(client, draft):
    html = send(client, draft, "rule-edit", **fields(draft, reserve="5", rounding="yuan", **{"share-1": "40"}))
    draft.refresh_from_db()
    assert "草案已保存，4 处改动。" in html  # the reserve, the unit, and the shares of both parts
    assert (draft.definition["reserve"], draft.definition["rounding"], draft.definition["parts"][0]["share"]) == (
        500,
        "yuan",
        40,
    )
    assert draft.definition["parts"][1] == rules.presets()["rule_attendance_work"]["parts"][1]
    row = AuditEntry.objects.latest("id")
    assert (row.verb, row.before["留存"]) == ("rule.edited", "")
    assert row.after["留存"].startswith("先从总额里留 5%")


def test_how_many_have_to_agree_is_part_of_the_rule(client, draft):
    send(client, draft, "rule-edit", **fields(draft, consent="66.67"))
    draft.refresh_from_db()
    assert draft.definition["consent"] == 6667
    assert "参加分配的人有 66.67% 同意，负责人才能批准" in client.get(reverse("incentives:rule", args=[draft.pk])).text
    send(client, draft, "rule-edit", **fields(draft, consent=""))
    draft.refresh_from_db()
    assert "consent" not in draft.definition


def test_saving_the_same_leaves_no_trace(client, draft):
    before = verbs()
    assert "没有改动。" in send(client, draft, "rule-edit", **fields(draft))
    assert verbs() == before


def test_trying_stores_nothing(client, draft):
    before = draft.definition, verbs()
    send(client, draft, "rule-edit", **fields(draft, reserve="5", do="try"))
    draft.refresh_from_db()
    assert (draft.definition, verbs()) == before


def test_an_old_page_overwrites_nothing(client, draft):
    old = fields(draft, reserve="9")
    rules.save_draft(draft, draft.definition | {"reserve": 100}, fingerprint(draft.definition), actor=None)
    assert "又有人改过" in send(client, draft, "rule-edit", **old)
    draft.refresh_from_db()
    assert draft.definition["reserve"] == 100


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name-1": ""}, "第 1 部分还没有填名称"),
        ({"share-1": "0"}, "第 1 部分的比例请填 1 到 1000 的整数。"),
        ({"factors-1": []}, "第 1 部分还没有填权重"),
        ({"factors-1": ["height"]}, "权重的因素请从列表里选。"),
        ({"name-2": "出勤部分"}, "各部分的名称不能相同。"),
        ({"short_years": "2"}, "第 1 部分还没有填给工龄短的人的比例。"),
        ({"reserve": "51"}, "留存要在 0 到 50% 之间。"),
        ({"reserve": "-1"}, "留存要在 0 到 50% 之间。"),
        ({"consent": "101"}, "会签比例要在 0 到 100% 之间。"),
        ({"consent": "一半"}, "会签比例"),
        ({"cap_kind": "amount"}, "选了封顶，就要填封顶数。"),
        ({"cap_kind": "average", "cap_value": "99"}, "封顶不能低于平均数的 100%"),
        ({"leader": "double"}, "班长请从列表里选。"),
        ({"worked_codes": "√Z"}, "不认识的考勤符号“Z”"),
        ({"hours_per_day": "25"}, "每天工时请填 1 到 24 的整数。"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(client, draft, changes, sentence):
    html = send(client, draft, "rule-edit", **fields(draft, **changes))
    assert (sentence in html, "草案没有保存。" in html) == (True, True)
    assert BonusRuleVersion.objects.get(pk=draft.pk).definition == draft.definition


def test_a_version_that_is_no_draft_has_no_editor(client, draft):
    rules.pass_by_meeting(draft, **VOTES, actor=None)
    assert "不能再改。要改请另起一版。" in send(client, draft, "rule-edit", **fields(draft, reserve="5"))
    with pytest.raises(StaleState):
        rules.save_draft(draft, draft.definition | {"reserve": 1}, fingerprint(draft.definition), actor=None)


# -- The example -----------------------------------------------------------------------------------------------------------


def test_the_example_sets_old_beside_new_for_the_latest_closed_month():
    team = make.make_closed_team().team
    bonus = make.make_bonus(team, amount=1_000_000)
    rule = read_rule(bonus.rule_version.definition | {"reserve": 1000, "rounding": "yuan"})
    tried = example(rule, team)
    assert (tried.period, tried.amount, tried.assumed, tried.old_reserve, tried.reserve) == (
        PERIOD,
        1_000_000,
        False,
        0,
        100_000,
    )
    assert [before for _, before, _, _ in tried.rows] == [line.amount for line in bonus.lines.all()]
    assert sum(after for _, _, after, _ in tried.rows) == 900_000
    assert all(after - before == change for _, before, after, change in tried.rows)
    assert Distribution.objects.get().reserve == 0


def test_without_a_pool_the_example_assumes_one_and_without_a_month_there_is_none():
    team = make.make_closed_team().team
    rule = read_rule(rules.presets()["rule_f05_value_per_point"])
    tried = example(rule, team)
    assert (tried.amount, tried.assumed) == (ASSUMED, True)
    assert sum(before for _, before, _, _ in tried.rows) == sum(after for _, _, after, _ in tried.rows) == ASSUMED
    assert example(rule, make.make_team(team.unit)) is None


def test_the_example_says_when_a_rule_cannot_divide(client):
    team = make.make_closed_team().team
    draft = rules.install_preset("rule_attendance_work", team.unit, actor=None)
    html = send(client, draft, "rule-edit", **fields(draft, floor="9000", do="try", team=team.pk))
    assert "保底的合计超过了能分的奖金" in html
    html = send(client, draft, "rule-edit", **fields(draft, reserve="x", do="try"))
    assert "下面还是草案原来的分法" in html
    assert "不是数字" in html


# -- The meeting -----------------------------------------------------------------------------------------------------------


def test_the_meeting_passes_a_draft_with_its_minutes_and_photos(client, draft):
    make.make_team(draft.rule.unit)
    body = VOTES | {"minutes": "老王问了加班", "photos": [picture(), picture()]}
    assert "已登记通过。" in send(client, draft, "rule-pass", **body)
    draft.refresh_from_db()
    assert (draft.state, draft.passed_on, draft.votes_for, draft.minutes) == (
        "passed",
        VOTES["passed_on"],
        3,
        "老王问了加班",
    )
    assert (draft.files.count(), verbs()[-1]) == (2, "rule.passed")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"votes_for": 2}, "到会 4 人，同意 2 人，没有超过一半"),
        ({"passed_on": timezone.localdate() + datetime.timedelta(days=1)}, "会议日期不能晚于今天。"),
        ({"votes_for": ""}, "同意请填 1 到 10000 的整数。"),
        ({"passed_on": "x"}, "日期无效，请重新选择。"),
    ],
)
def test_a_meeting_that_did_not_pass_it_is_not_kept(client, draft, changes, sentence):
    make.make_team(draft.rule.unit)
    before = verbs()
    assert sentence in send(client, draft, "rule-pass", **VOTES | {"photos": [picture()]} | changes)
    draft.refresh_from_db()
    assert (draft.state, Attachment.objects.count(), verbs()) == ("draft", 0, before)


def test_a_draft_is_passed_once_and_then_neither_edited_nor_deleted(draft):
    rules.pass_by_meeting(draft, **VOTES, actor=None)
    with pytest.raises(StaleState, match="不用再登记"):
        rules.pass_by_meeting(draft, **VOTES, actor=None)
    with pytest.raises(StaleState):
        rules.discard(draft, actor=None)


def test_people_put_in_force_only_what_the_meeting_passed(client, draft):
    month = f"{periods.first_day(periods.current_period()):%Y-%m}"
    assert "办法要先经民主管理会通过" in send(client, draft, "rule-in-force", period=month)
    rules.pass_by_meeting(draft, **VOTES, actor=None)
    assert "起执行。" in send(client, draft, "rule-in-force", period=month)
    draft.refresh_from_db()
    assert draft.state == "in_force"


# -- Versions --------------------------------------------------------------------------------------------------------------


def test_a_further_version_starts_from_the_one_in_force_and_only_once(client, draft):
    rules.put_in_force(draft, PERIOD, actor=None)
    assert "修改“出勤三成、工作七成 第 2 版”" in send(client, draft, "rule-redraft")
    newer = BonusRuleVersion.objects.get(number=2)
    assert (newer.state, newer.definition) == ("draft", draft.definition)
    with pytest.raises(IncentiveError, match="第 2 版”还没有执行"):
        rules.redraft(draft, actor=None)


def test_two_versions_are_compared_in_words(client, draft):
    rules.put_in_force(draft, PERIOD, actor=None)
    newer = rules.redraft(draft, actor=None)
    changed = newer.definition | {"cap": {"kind": "average", "value": 15000}}
    rules.save_draft(newer, changed, fingerprint(newer.definition), actor=None)
    client.force_login(make.give_role(draft.rule.unit, "finance"))
    html = client.get(reverse("incentives:rule-compare", args=[newer.pk])).text
    assert "1 处不同" in html
    assert "每人最多得平均数的 150%，多出来的由其他人按权重分" in html
    other = rules.install_preset("rule_attendance_work", make.make_unit(), actor=None)
    html = client.get(reverse("incentives:rule-compare", args=[newer.pk]), {"other": other.pk}).text
    assert "不在可以比较的范围里" in html


def test_everybody_of_a_team_reads_the_rule_of_the_unit_above(client):
    team = make.make_closed_team().team
    worker = team.memberships.get(user=make.make_member(team)).user
    version = BonusRuleVersion.objects.get()
    client.force_login(worker)
    assert (
        "占 70%，按“岗位系数 × 工时 × 个人得分”分配到人"
        in client.get(reverse("incentives:rule", args=[version.pk])).text
    )
    client.force_login(make.make_member(make.make_team(make.make_unit())))
    assert client.get(reverse("incentives:rule", args=[version.pk])).status_code == 404

"""会签: what members say about a proposed bonus, who may say it when, and what the manager can do without them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import BonusRuleVersion, DistributionLine, SignOff
from incentives.rules.definition import needed, read_rule
from incentives.services import approvals, distributions, rules, sign_offs
from incentives.votes import Votes, votes_of, waiting_for
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    """A closed team of three under a rule that asks for the agreement of two thirds."""
    closed = make.make_closed_team()
    version = rules.install_preset("rule_attendance_work", closed.unit, actor=None)
    BonusRuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | {"consent": 6667})
    rules.put_in_force(version, PERIOD, actor=None)
    return closed


@pytest.fixture
def proposed(closed):
    return make.propose_bonus(closed.team)


def said(distribution):
    return list(SignOff.objects.filter(distribution=distribution).values_list("user", "agrees", "reason"))


def votes(distribution):
    return votes_of([distribution.pk])[distribution.pk]


@pytest.mark.parametrize(
    ("consent", "heads", "wanted"),
    [(0, 5, 0), (6667, 3, 2), (6667, 11, 8), (5000, 5, 3), (5000, 4, 2), (10000, 7, 7), (1, 3, 1), (6667, 1, 1)],
)
def test_how_many_have_to_agree(consent, heads, wanted):
    assert needed(consent, heads) == wanted


def test_too_few_who_agree_hold_the_approval_up_and_are_named(closed, proposed):
    leader, first, second = closed.members
    with pytest.raises(IncentiveError) as refusal:
        approvals.approve(proposed, actor=None)
    names = "、".join(user.name for user in closed.members)
    assert str(refusal.value) == f"会签要有 2 人同意，现在只有 0 人，还不能批准。还没有签的：{names}。"
    sign_offs.sign(proposed, agrees=True, actor=leader)
    sign_offs.sign(proposed, agrees=False, reason="少算一天", actor=first)
    with pytest.raises(IncentiveError) as refusal:
        approvals.approve(proposed, actor=None)
    assert str(refusal.value).endswith(f"只有 1 人，还不能批准。还没有签的：{second.name}；不同意的：{first.name}。")
    sign_offs.sign(proposed, agrees=True, actor=second)
    assert votes(proposed) == Votes(heads=3, agreed=2, objected=1, needed=2)
    approvals.approve(proposed, actor=None)
    assert proposed.state == "approved"


def test_a_rule_without_a_threshold_asks_nobody():
    distribution = make.propose_bonus(make.make_closed_team().team)
    assert votes(distribution) == Votes(heads=3, agreed=0, objected=0, needed=0)
    approvals.approve(distribution, actor=None)


def test_an_objection_needs_a_reason_and_may_become_agreement_but_not_the_other_way_round(closed, proposed):
    worker = closed.members[1]
    with pytest.raises(IncentiveError, match="^不同意要写明理由"):
        sign_offs.sign(proposed, agrees=False, reason=" ", actor=worker)
    sign_offs.sign(proposed, agrees=False, reason="少算一天", actor=worker)
    with pytest.raises(IncentiveError, match="^您已经写过不同意了"):
        sign_offs.sign(proposed, agrees=False, reason="再说一遍", actor=worker)
    assert said(proposed) == [(worker.pk, False, "少算一天")]
    sign_offs.sign(proposed, agrees=True, reason="不要了", actor=worker)
    assert said(proposed) == [(worker.pk, True, "")]
    for agrees in (True, False):
        with pytest.raises(IncentiveError, match="^您已经签了同意，不能再改"):
            sign_offs.sign(proposed, agrees=agrees, reason="又不同意", actor=worker)
    trail = AuditEntry.objects.filter(verb="bonus.signed").order_by("id").values_list("after", flat=True)
    assert list(trail) == [
        {"member": worker.name, "agrees": False, "reason": "少算一天"},
        {"member": worker.name, "agrees": True},
    ]


def test_who_has_no_share_has_no_word(proposed):
    with pytest.raises(IncentiveError, match="不参加这份分配，不用会签。$"):
        sign_offs.sign(proposed, agrees=True, actor=make.make_user())


def test_paper_is_kept_by_another_and_the_own_word_stands_above_it(closed, proposed):
    leader, worker, _ = closed.members
    with pytest.raises(IncentiveError, match="^自己的会签在自己的页面上签"):
        sign_offs.keep_paper(proposed, leader, agrees=True, actor=leader)
    sign_offs.keep_paper(proposed, worker, agrees=False, reason="少算一天", actor=leader)
    with pytest.raises(IncentiveError, match="的不同意已经登记过了。$"):
        sign_offs.keep_paper(proposed, worker, agrees=False, reason="少算一天", actor=leader)
    sign_offs.keep_paper(proposed, worker, agrees=True, actor=leader)
    assert SignOff.objects.get().kept_by == leader
    with pytest.raises(IncentiveError, match="已经签过了。本人要改，请本人登录来改。$"):
        sign_offs.keep_paper(proposed, worker, agrees=False, reason="还是少", actor=leader)
    sign_offs.sign(proposed, agrees=False, reason="我没有签过", actor=worker)
    assert (said(proposed), SignOff.objects.get().kept_by) == ([(worker.pk, False, "我没有签过")], None)
    with pytest.raises(IncentiveError, match="已经签过了"):
        sign_offs.keep_paper(proposed, worker, agrees=True, actor=leader)
    trail = AuditEntry.objects.filter(verb__startswith="bonus.signed").order_by("id").values_list("verb", flat=True)
    assert list(trail) == [*["bonus.signed_on_paper"] * 2, "bonus.signed"]


@pytest.mark.parametrize("state", ["draft", "returned", "approved", "posted", "settled"])
def test_only_what_is_proposed_is_signed(closed, state):
    distribution = make.make_bonus(closed.team)
    if state != "draft":
        approvals.propose(distribution, actor=None)
        for user in closed.members[:2]:
            sign_offs.sign(distribution, agrees=True, actor=user)
    bring = {
        "returned": [lambda row: approvals.return_draft(row, "为什么", actor=None)],
        "approved": [lambda row: approvals.approve(row, actor=None)],
    }
    bring["posted"] = [*bring["approved"], lambda row: approvals.post(row, actor=None)]
    bring["settled"] = [
        *bring["posted"],
        lambda row: approvals.settle(row, paid_on=timezone.localdate(), actor=None),
    ]
    for step in bring.get(state, []):
        step(distribution)
    before = said(distribution)
    with pytest.raises(StaleState, match="^这份分配现在不在会签"):
        sign_offs.sign(distribution, agrees=True, actor=closed.members[2])
    assert said(distribution) == before


def test_a_word_is_about_the_amounts_that_the_page_showed(closed, proposed):
    worker, seen = closed.members[1], proposed.seen
    approvals.return_draft(proposed, "为什么", actor=None)
    again = distributions.draft(closed.team, PERIOD, actor=None)
    approvals.propose(again, actor=None)
    with pytest.raises(StaleState, match="又重新拟定过"):
        sign_offs.sign(again, agrees=True, actor=worker, seen=seen)
    assert said(again) == []


def test_a_withdrawn_proposal_forgets_its_words_and_the_trail_does_not(closed, proposed):
    sign_offs.sign(proposed, agrees=True, actor=closed.members[0])
    approvals.withdraw(proposed, actor=None)
    assert (proposed.state, proposed.proposed_at, SignOff.objects.count()) == ("draft", None, 0)
    assert AuditEntry.objects.filter(verb="bonus.signed").count() == 1
    assert AuditEntry.objects.get(verb="bonus.withdrawn").before == {"signed": 1}
    approvals.propose(proposed, actor=None)
    assert votes(proposed).agreed == 0


@pytest.mark.parametrize("attack", ["insert", "update", "delete"])
def test_the_database_refuses_words_on_what_is_approved(closed, proposed, attack):
    for user in closed.members[:2]:
        sign_offs.sign(proposed, agrees=True, actor=user)
    approvals.approve(proposed, actor=None)
    attacks = {
        "insert": lambda: SignOff.objects.create(distribution=proposed, user=closed.members[2], agrees=True),
        "update": lambda: SignOff.objects.update(agrees=False, reason="改了"),
        "delete": lambda: SignOff.objects.all().delete(),
    }
    before = said(proposed)
    with pytest.raises(IntegrityError, match="the signatures are closed"), transaction.atomic():
        attacks[attack]()
    assert said(proposed) == before


def test_a_consent_of_more_than_everybody_is_no_rule():
    definition = rules.presets()["rule_attendance_work"]
    assert read_rule(definition).consent == 0
    for consent in (-1, 10_001):
        with pytest.raises(ValueError, match="会签比例要在 0 到 100% 之间"):
            read_rule(definition | {"consent": consent})


# -- The pages ----------------------------------------------------------------------------------------------------------


def page(client, user, team, period=PERIOD):
    client.force_login(user)
    return client.get(reverse("incentives:sign", args=[team.pk, period]))


def send(client, who, name, team, **body):
    client.force_login(who)
    return client.post(reverse(f"incentives:{name}", args=[team.pk, PERIOD]), body, follow=True).text


def test_members_see_nothing_of_a_draft_and_everything_of_a_proposal(client, closed):
    worker, draft = closed.members[1], make.make_bonus(closed.team)
    line = draft.lines.get(user=worker)
    html = page(client, worker, closed.team).text
    assert "还没有提交" in html
    assert not any(name in html for name in ("3,034", "3,931", closed.members[2].name))
    assert client.get(reverse("incentives:explain", args=[line.pk])).status_code == 404
    approvals.propose(draft, actor=None)
    html = page(client, worker, closed.team).text
    assert all(text in html for text in ("3,034.49", "3,931.03", "出勤三成、工作七成 第 2 版", "还没有签"))
    assert client.get(reverse("incentives:explain", args=[line.pk])).status_code == 200
    other = draft.lines.exclude(user=worker).first()
    assert client.get(reverse("incentives:explain", args=[other.pk])).status_code == 404


def test_a_member_signs_on_the_page_and_is_told_so(client, closed, proposed):
    worker = closed.members[1]
    assert "请选择同意或者不同意。" in send(client, worker, "sign", closed.team, seen=proposed.seen, word="maybe")
    assert "不同意要写明理由" in send(client, worker, "sign", closed.team, seen=proposed.seen, word="object")
    assert said(proposed) == []
    body = {"seen": proposed.seen, "word": "object", "reason": "少算一天"}
    assert "写了不同意：少算一天" in send(client, worker, "sign", closed.team, **body)
    html = send(client, worker, "sign", closed.team, seen=proposed.seen, word="agree")
    assert "签了同意。" in html
    assert 'value="agree"' not in html
    assert said(proposed) == [(worker.pk, True, "")]


def test_paper_is_kept_on_the_page_and_nobody_from_elsewhere_is_on_it(client, closed, proposed):
    leader, worker, _ = closed.members
    stranger = make.make_member(make.make_team())
    body = {"seen": proposed.seen, "word": "agree"}
    assert "选的人不参加这份分配" in send(client, leader, "sign-paper", closed.team, user=stranger.pk, **body)
    done = send(client, leader, "sign-paper", closed.team, user=worker.pk, **body)
    assert f"已按纸面登记{worker.name}：同意。" in done
    assert "纸面" in page(client, worker, closed.team).text
    client.force_login(worker)
    url = reverse("incentives:sign-paper", args=[closed.team.pk, PERIOD])
    assert client.post(url, body | {"user": worker.pk}).status_code == 403


def test_who_has_left_the_team_still_signs_the_own_share(client, closed, proposed):
    worker = closed.members[2]
    Membership.objects.filter(user=worker).update(ended_on=timezone.localdate())
    make.make_member(make.make_team(), user=worker, started_on=timezone.localdate())
    assert [line.user for line in waiting_for(worker)] == [worker]
    assert page(client, worker, closed.team).status_code == 200
    assert "签了同意。" in send(client, worker, "sign", closed.team, seen=proposed.seen, word="agree")
    assert page(client, make.make_member(make.make_team()), closed.team).status_code == 404


def test_the_managers_page_shows_objections_beside_the_button(client, closed, proposed):
    leader, worker, third = closed.members
    manager = make.give_role(closed.unit, "manager")
    client.force_login(manager)
    url = reverse("incentives:distribution", args=[closed.team.pk, PERIOD])
    approve = reverse("incentives:step", args=[closed.team.pk, PERIOD, "approve"])
    html = client.get(url).text
    assert ("会签还差 2 人同意" in html, approve in html) == (True, False)
    sign_offs.sign(proposed, agrees=False, reason="少算一天", actor=worker)
    for user in (leader, third):
        sign_offs.sign(proposed, agrees=True, actor=user)
    html = client.get(url).text
    assert ("1 人不同意" in html, "少算一天" in html, approve in html) == (True, True, True)


def test_only_what_the_rule_asks_for_waits_for_a_signature(closed):
    worker = closed.members[1]
    distribution = make.make_bonus(closed.team)
    assert not waiting_for(worker)
    approvals.propose(distribution, actor=None)
    assert list(waiting_for(worker)) == [DistributionLine.objects.get(user=worker)]
    sign_offs.sign(distribution, agrees=True, actor=worker)
    assert not waiting_for(worker)
    other = make.make_closed_team()
    make.propose_bonus(other.team)
    assert not waiting_for(other.members[0])

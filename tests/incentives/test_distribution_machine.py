"""A bonus in the hands of anybody: whoever does whatever in any order, its state is what a plain model says."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from incentives import selectors
from incentives.models import BonusRuleVersion, SignOff
from incentives.selectors import balance
from incentives.services import approvals, distributions, pools, rules, sign_offs
from teams.errors import TeamError
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
POOL = 1_000_001
NEEDED = 2
"""Of three members, where two thirds have to agree."""
people = st.integers(min_value=0, max_value=4)
"""The team's three members, the manager and finance, by place; the first is the leader."""


class DistributionMachine(RuleBasedStateMachine):
    """The plain model: a state, who drew up and proposed, and {member: (agrees, on paper)}."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        closed = make.make_closed_team()
        self.team, self.members = closed.team, closed.members
        self.people = [*closed.members, make.give_role(closed.unit, "manager"), make.give_role(closed.unit, "finance")]
        version = rules.install_preset("rule_attendance_work", closed.unit, actor=None)
        BonusRuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | {"consent": 6667})
        rules.put_in_force(version, PERIOD, actor=None)
        pools.set_pool(self.team, PERIOD, POOL, actor=None)
        self.state, self.drafted, self.proposed, self.words, self.deeds = None, None, None, {}, 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, right, service, *args, **named):
        """Do it; exactly what the model allows goes through, and leaves its trail."""
        if self.state is None and service is not distributions.draft:
            return False
        before = AuditEntry.objects.count()
        try:
            with transaction.atomic():
                service(*args, **named)
        except TeamError:
            assert not right
        else:
            assert right
            assert AuditEntry.objects.count() > before
        return right

    @property
    def row(self):
        return selectors.distribution_of(self.team, PERIOD)

    @rule(who=people)
    def draft(self, who):
        right = self.state in (None, "draft", "returned")
        if self.attempt(right, distributions.draft, self.team, PERIOD, actor=self.people[who]):
            self.state, self.drafted, self.proposed, self.words = "draft", who, None, {}

    @rule(who=people)
    def propose(self, who):
        if self.attempt(self.state == "draft", approvals.propose, self.row, actor=self.people[who]):
            self.state, self.proposed = "proposed", who

    @rule(who=people, back=st.sampled_from(["withdraw", "return"]))
    def take_back(self, who, back):
        """By the leader to mend it, or by the manager with a question; what was signed stays with a returned one."""
        actor, right = self.people[who], self.state == "proposed"
        if back == "return" and self.attempt(right, approvals.return_draft, self.row, "为什么", actor=actor):
            self.state, self.proposed = "returned", None
        if back == "withdraw" and self.attempt(right, approvals.withdraw, self.row, actor=actor):
            self.state, self.proposed, self.words = "draft", None, {}

    @rule()
    @precondition(lambda self: self.state != "settled")
    def go_on(self):
        """The next step by whom it is for: so the walk gets as far as the money."""
        unsigned = [who for who in range(3) if not self.words.get(who, (False,))[0]]
        {
            None: lambda: self.draft(0),
            "draft": lambda: self.propose(0),
            "returned": lambda: self.draft(0),
            "proposed": lambda: self.sign(unsigned[0], True) if len(unsigned) > 1 else self.approve(3),
            "approved": lambda: self.post(4),
            "posted": lambda: self.settle(4),
        }[self.state]()

    @rule(who=people, agrees=st.booleans())
    def sign(self, who, agrees):
        said = self.words.get(who)
        right = self.state == "proposed" and who < 3
        right = right and (said is None or said[1] or (not said[0] and agrees))
        user = self.people[who]
        if self.attempt(right, sign_offs.sign, self.row, agrees=agrees, reason="少算了", actor=user):
            self.words[who] = (agrees, False)

    @rule(who=people, about=people, agrees=st.booleans())
    def keep_paper(self, who, about, agrees):
        said = self.words.get(about)
        right = self.state == "proposed" and about < 3 and about != who
        right = right and (said is None or (said == (False, True) and agrees))
        facts = {"agrees": agrees, "reason": "少算了", "actor": self.people[who]}
        if self.attempt(right, sign_offs.keep_paper, self.row, self.people[about], **facts):
            self.words[about] = (agrees, True)

    @rule(who=people)
    def approve(self, who):
        agreed = sum(agrees for agrees, _ in self.words.values())
        right = self.state == "proposed" and who not in (self.drafted, self.proposed) and agreed >= NEEDED
        if self.attempt(right, approvals.approve, self.row, actor=self.people[who]):
            self.state = "approved"

    @rule(who=people)
    def post(self, who):
        if self.attempt(self.state == "approved", approvals.post, self.row, actor=self.people[who]):
            self.state = "posted"

    @rule(who=people)
    def settle(self, who):
        right, today = self.state == "posted", timezone.localdate()
        if self.attempt(right, approvals.settle, self.row, paid_on=today, actor=self.people[who]):
            self.state = "settled"

    @invariant()
    def the_row_is_the_model(self):
        row = self.row
        assert (row is None) == (self.state is None)
        if row:
            assert (row.state, row.returned) == (
                "draft" if self.state == "returned" else self.state,
                self.state == "returned",
            )
            found = {said.user_id: (said.agrees, said.kept_by_id is not None) for said in SignOff.objects.all()}
            assert found == {self.people[who].pk: word for who, word in self.words.items()}

    @invariant()
    def the_money_is_where_the_state_says(self):
        owed = sum(balance(f"member:{user.pk}") for user in self.members)
        wanted = {"posted": (POOL, 0), "settled": (0, POOL)}.get(self.state, (0, 0))
        assert (owed, balance("payroll")) == wanted


def run(**options):
    examples = max(settings().max_examples // 20, 1)
    steps = {"max_examples": examples, "stateful_step_count": 30}
    run_state_machine_as_test(DistributionMachine, settings=settings(**steps, **options))


def test_whatever_anybody_does_the_bonus_is_where_the_model_says():
    run()


def test_control_without_the_consent_of_the_members_the_machine_finds_it(monkeypatch):
    monkeypatch.setattr(approvals, "_require_consent", lambda distribution: None)
    with pytest.raises(AssertionError):
        run(phases=[Phase.generate], report_multiple_bugs=False)

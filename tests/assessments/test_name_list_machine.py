"""A list in anybody's hands: whatever is done in any order, round, names and challenges are as a plain model says."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments.honours.name_lists import hindrances
from assessments.models import Application, ApplicationStep, Challenge
from assessments.services import challenges, name_lists
from bulletins.models import Bulletin
from teams.errors import TeamError
from teams.models import AuditEntry
from teams.triggers import without_triggers
from tests import factories as make
from tests.name_lists import ListScene

pytestmark = pytest.mark.django_db
NAMES = "abcd"
TOTAL, RESERVE = 2, 1
SOURCES = {
    "shortlist": ({"reviewing", "reserve"}, "shortlisted"),
    "reserve": ({"reviewing", "shortlisted"}, "reserve"),
    "pass_over": ({"reviewing", "shortlisted", "reserve"}, "not_chosen"),
    "reconsider": ({"not_chosen"}, "reviewing"),
}
names = st.sampled_from(NAMES)
people = st.integers(0, 2)


class ListMachine(RuleBasedStateMachine):
    """The plain model: the state of the round, {name: state}, how often it was posted, whether the notice is over, and
    [name, filer, state] of each challenge."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.scene = ListScene(names=NAMES, quota={"total": TOTAL, "reserve_percent": 50})
        self.people = [make.give_role(self.scene.root, "union") for _ in range(2)] + [self.scene.worker]
        self.round, self.names, self.posted, self.over = "reviewing", dict.fromkeys(NAMES, "reviewing"), 0, False
        self.challenges = []

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def row(self):
        self.scene.round.refresh_from_db()
        return self.scene.round

    def attempt(self, right, service, *args, **named):
        """Do it; exactly what the model allows goes through, with one row in the trail, and the rest leaves no mark."""
        before = AuditEntry.objects.count(), ApplicationStep.objects.count()
        try:
            with transaction.atomic():
                service(*args, **{"actor": self.scene.company} | named)
        except TeamError:
            assert not right
            assert before == (AuditEntry.objects.count(), ApplicationStep.objects.count())
        else:
            assert right
            assert AuditEntry.objects.count() == before[0] + 1
        return right

    def count(self, state):
        return list(self.names.values()).count(state)

    @property
    def is_whole(self):
        """Whether what is on the list may hang."""
        return 1 <= self.count("shortlisted") <= TOTAL and self.count("reserve") <= RESERVE

    @initialize(hangs=st.booleans())
    def begin(self, hangs):
        """Half of the walks begin with a list that hangs."""
        if hangs:
            self.decide_all()
            self.fix()
            self.post()

    @rule(action=st.sampled_from(sorted(SOURCES)), chosen=st.sets(names, min_size=1, max_size=3))
    def decide(self, action, chosen):
        sources, target = SOURCES[action]
        right = self.round == "reviewing" and all(self.names[name] in sources for name in chosen)
        rows = [self.scene.fresh(name) for name in sorted(chosen)]
        if self.attempt(right, name_lists.decide, self.row, action, rows, "理由"):
            self.names |= dict.fromkeys(chosen, target)

    @rule()
    @precondition(lambda self: self.round == "reviewing")
    def decide_all(self):
        """What brings the walk on: whoever is undecided or too many goes where there is room."""
        places = ["shortlisted"] * TOTAL + ["reserve"] * RESERVE + ["not_chosen"] * len(NAMES)
        actions = {target: action for action, (_, target) in SOURCES.items()}
        for name, target in zip(NAMES, places, strict=False):
            if self.names[name] == "not_chosen":
                self.decide("reconsider", {name})
            if self.names[name] != target:
                self.decide(actions[target], {name})

    @rule()
    def fix(self):
        right = self.round == "reviewing" and not self.count("reviewing") and self.is_whole
        if self.attempt(right, name_lists.fix, self.row):
            self.round = "shortlisted"

    @rule()
    def reopen(self):
        right = self.round == "shortlisted" and not self.posted
        if self.attempt(right, name_lists.reopen, self.row, "漏看了"):
            self.round = "reviewing"

    @rule()
    def post(self):
        if self.attempt(self.round == "shortlisted" and self.is_whole, name_lists.post, self.row):
            self.round, self.posted, self.over = "posted", self.posted + 1, False

    @rule()
    @precondition(lambda self: self.round == "posted")
    def time_goes_by(self):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        with without_triggers():
            Bulletin.objects.filter(serial=self.row.bulletin).update(
                notice_starts_on=yesterday, notice_ends_on=yesterday
            )
        self.over = True

    @rule(name=names)
    def strike_off(self, name):
        right = self.round in ("shortlisted", "posted") and self.names[name] == "shortlisted"
        if self.attempt(right, name_lists.strike_off, self.scene.fresh(name), "查实"):
            self.names[name], self.round = "not_chosen", "shortlisted"

    @rule(name=names)
    def step_in(self, name):
        right = self.round == "shortlisted" and self.names[name] == "reserve" and self.count("shortlisted") < TOTAL
        if self.attempt(right, name_lists.step_in, self.scene.fresh(name)):
            self.names[name] = "shortlisted"

    @rule(name=names, who=people, sealed=st.booleans())
    def challenge(self, name, who, sealed):
        right = self.round == "posted" and not self.over and self.names[name] == "shortlisted"
        right = right and [name, who, "open"] not in self.challenges
        facts = {"is_sealed": sealed, "actor": self.people[who]}
        if self.attempt(right, challenges.file, self.scene.fresh(name), "有事故", **facts):
            self.challenges.append([name, who, "open"])

    @rule(place=st.integers(0, 3), who=people, verdict=st.sampled_from(["upheld", "dismissed"]))
    @precondition(lambda self: self.challenges)
    def answer(self, place, who, verdict):
        place %= len(self.challenges)
        name, filer, state = self.challenges[place]
        right = state == "open" and who != filer and self.round in ("shortlisted", "posted")
        found = Challenge.objects.order_by("id")[place]
        service = {"upheld": challenges.uphold, "dismissed": challenges.dismiss}[verdict]
        if self.attempt(right, service, found, "查过了", actor=self.people[who]):
            self.challenges[place][2] = verdict
            if verdict == "upheld" and self.names[name] == "shortlisted":
                self.names[name], self.round = "not_chosen", "shortlisted"

    @invariant()
    def it_is_as_the_model_says(self):
        rows = dict(Application.objects.order_by("id").values_list("team__name", "state"))
        assert rows == {f"{name}班": state for name, state in self.names.items()}
        assert self.row.state == self.round
        assert list(Challenge.objects.order_by("id").values_list("state", flat=True)) == [
            state for _, _, state in self.challenges
        ]
        assert Bulletin.objects.filter(kind="nomination").count() == self.posted
        assert Bulletin.objects.current().filter(kind="nomination").count() == min(self.posted, 1)

    @invariant()
    def it_is_named_only_when_nothing_is_open(self):
        is_open = any(state == "open" for _, _, state in self.challenges)
        assert (not hindrances(self.row)) == (self.round == "posted" and self.over and not is_open)


def test_any_order_of_deeds_leads_where_the_model_says():
    # neither shrinking nor explaining: each step is a real transaction
    phases = (Phase.explicit, Phase.generate)
    rules = settings(max_examples=12, stateful_step_count=25, deadline=None, phases=phases, derandomize=True)
    run_state_machine_as_test(ListMachine, settings=rules)


def test_control_a_list_that_forgets_its_notice_is_found(monkeypatch):
    def forgetful(held, application, reason, *, actor):
        name_lists.advance(held, application, "strike_off", reason, actor=actor)

    monkeypatch.setattr(name_lists, "take_off", forgetful)
    with pytest.raises(AssertionError):
        test_any_order_of_deeds_leads_where_the_model_says()

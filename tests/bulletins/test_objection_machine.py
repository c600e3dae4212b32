"""Objections in any order of deeds: a deed succeeds just when a plain model says so, and leaves one step and one row."""

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bulletins.models import CorrectionNote, Objection
from bulletins.services import objections
from teams.errors import TeamError
from teams.models import AuditEntry
from tests.bulletins.objecting import Scene

pytestmark = pytest.mark.django_db
COLUMNS = ["amount", "days", "总额"]
AFTER = {
    ("filed", "accept"): "accepted",
    ("filed", "refuse"): "refused",
    ("accepted", "keep"): "kept",
    ("accepted", "uphold"): "upheld",
    ("upheld", "correct"): "corrected",
    ("filed", "withdraw"): "withdrawn",
    ("accepted", "withdraw"): "withdrawn",
    ("filed", "support"): "filed",
    ("accepted", "support"): "accepted",
}
DEEDS = {
    "accept": lambda row, who: objections.accept(row, actor=who),
    "refuse": lambda row, who: objections.refuse(row, "outside", "", actor=who),
    "keep": lambda row, who: objections.keep(row, "没有错", actor=who),
    "uphold": lambda row, who: objections.uphold(row, "有错", actor=who),
    "correct": lambda row, who: objections.link_correction(row, "已补记", "", actor=who),
    "withdraw": lambda row, who: objections.withdraw(row, actor=who),
    "support": lambda row, who: objections.support(row, actor=who),
}
ANSWERS = {"accept", "refuse", "keep", "uphold"}
PARTIES = {"leader", "checker"}
MEMBERS = ["filer", "colleague", "leader"]
PEOPLE = [*MEMBERS, "supporter", "manager", "union", "checker", "above"]
OPEN = {"filed", "accepted", "upheld"}


class Plain:
    """What the model knows of an objection."""

    def __init__(self, row, who, cell):
        self.row, self.filer, self.cell, self.state, self.supporters = row, who, cell, "filed", set()

    def allows(self, deed, who):
        """Whether the deed must succeed."""
        holders = {self.filer} | self.supporters
        if (self.state, deed) not in AFTER:
            return False
        if deed in ANSWERS:
            own = {self.cell[0]} if self.cell[1] != "总额" else set()
            return who not in holders | PARTIES | own
        return {"withdraw": who == self.filer}.get(deed, who not in holders)


class ObjectionMachine(RuleBasedStateMachine):
    """Random people do random things to random objections."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.scene, self.rows = Scene(), []
        self.begun = AuditEntry.objects.count()
        self.deeds = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(who=st.sampled_from(MEMBERS), column=st.sampled_from(COLUMNS))
    def file(self, who, column):
        cell = (who, column)
        wanted = not any(plain.cell == cell and plain.state in OPEN for plain in self.rows)
        try:
            with transaction.atomic():
                row = self.scene.filed(who, column)
        except TeamError:
            assert not wanted
        else:
            assert wanted
            self.rows.append(Plain(row, who, cell))
            self.deeds += 1

    @rule(place=st.integers(0, 20), deed=st.sampled_from(sorted(DEEDS)), who=st.sampled_from(PEOPLE))
    def act(self, place, deed, who):
        if not self.rows:
            return
        plain = self.rows[place % len(self.rows)]
        wanted = plain.allows(deed, who)
        assert self.carried_out(plain.row, deed, who) == wanted, (plain.state, deed, who)
        if wanted:
            plain.state = AFTER[plain.state, deed]
            plain.supporters |= {who} if deed == "support" else set()
            self.deeds += 1

    def carried_out(self, row, deed, who):
        try:
            with transaction.atomic():
                DEEDS[deed](row, self.scene.people[who])
        except TeamError:
            return False
        return True

    @invariant()
    def the_database_says_the_same(self):
        held = {row.pk: row for row in Objection.objects.prefetch_related("supports")}
        assert {pk: row.state for pk, row in held.items()} == {plain.row.pk: plain.state for plain in self.rows}
        for plain in self.rows:
            people = {support.user_id for support in held[plain.row.pk].supports.all()}
            assert people == {self.scene.people[who].pk for who in plain.supporters}
        assert AuditEntry.objects.count() - self.begun == self.deeds
        assert sum(row.steps.count() for row in held.values()) == self.deeds
        assert CorrectionNote.objects.count() == sum(plain.state == "corrected" for plain in self.rows)


def test_any_order_of_deeds_is_what_the_model_says():
    run_state_machine_as_test(
        ObjectionMachine,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None, phases=[Phase.generate]),
    )


def test_control_a_model_that_forgets_the_parties_is_found(monkeypatch):
    monkeypatch.setattr("tests.bulletins.test_objection_machine.PARTIES", set())
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            ObjectionMachine,
            settings=settings(
                max_examples=200, stateful_step_count=25, deadline=None, database=None, phases=[Phase.generate]
            ),
        )

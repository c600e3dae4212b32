"""Rounds in review and lists for tests: applications with given reviews, in a plant with the people of tests.applying."""

from django.utils import timezone

from assessments.models import Application, Review, Round
from assessments.services import name_lists
from tests import factories as make
from tests.applying import CRITERIA, Scene

MARKS = {row["code"]: row["points"] or 100 for row in CRITERIA}
FULL = sum(MARKS.values())
"""What all reviewers of a whole application give in these tests, less what is taken off."""


def in_review(scene, team, leader, less=0, state=Application.State.REVIEWING, **columns):
    """An application of a team that three reviewers gave full marks less some hundredths of the first criterion."""
    number = f"L{Application.objects.count() + 1:05}"
    facts = {"unit": team.unit, "team": team, "state": state, "filed_by": leader, "submitted_at": timezone.now()}
    application = Application.objects.create(round=scene.round, number=number, **facts | columns)
    for place, reviewer in enumerate(scene.reviewers, 1):
        give(application, reviewer, f"评委{place}", less)
    return application


def give(application, reviewer, alias, less=0):
    """A review that is done."""
    given = MARKS | {"safe": MARKS["safe"] - less}
    facts = {"state": Review.State.DONE, "total": sum(given.values()), "done_at": timezone.now()}
    Review.objects.create(
        application=application, reviewer=reviewer, alias=alias, marks=given, assigned_by=reviewer, **facts
    )


class ListScene(Scene):
    """The round of a Scene in review: teams a, b, c of one unit, the first the best, each reviewed by three."""

    def __init__(self, names="abc", **programme):
        super().__init__(**programme)
        Round.objects.filter(pk=self.round.pk).update(state=Round.State.REVIEWING)
        self.round.refresh_from_db()
        self.reviewers = [make.make_user() for _ in range(3)]
        self.rows = {}
        for place, name in enumerate(names):
            team = make.make_team(self.unit, f"{name}班")
            self.rows[name] = in_review(self, team, make.make_member(team, "leader"), less=place * 100)

    def __getattr__(self, name):
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None

    def fresh(self, name):
        row = self.rows[name]
        row.refresh_from_db()
        return row

    def decide(self, action, names, reason="", actor=None):
        rows = [self.fresh(name) for name in names]
        name_lists.decide(self.round, action, rows, reason, actor=actor or self.company)

    def fixed(self, listed="a", reserve="b", over="c"):
        """The list stands."""
        for action, names in (("shortlist", listed), ("reserve", reserve), ("pass_over", over)):
            if names:
                self.decide(action, names, "分数靠后")
        name_lists.fix(self.round, actor=self.company)
        self.round.refresh_from_db()
        return self

    def posted(self, **names):
        """The list hangs."""
        self.fixed(**names)
        bulletin = name_lists.post(self.round, actor=self.company)
        self.round.refresh_from_db()
        self.bulletin = bulletin
        return self

    def states(self):
        """{name: state} of the applications now."""
        return {name: self.fresh(name).state for name in self.rows}

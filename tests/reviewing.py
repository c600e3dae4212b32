"""Rounds in review for tests: two applications of different units, reviewers apart from both, and whoever runs it."""

from assessments.models import Application, Review, Round
from assessments.services import assignments, reviews, rounds
from tests import factories as make
from tests.applying import Scene, begin, hand_in, prove, record

FULL = {"safe": 4000, "study": 6000, "rules": 100}


def marks(total):
    """Marks of tests.applying.CRITERIA that come to a total of 100 to 10100 hundredths."""
    safe = min(total - 100, 4000)
    return {"safe": safe, "study": total - 100 - safe, "rules": 100}


class Panel(Scene):
    """A Scene whose round is in review with one application of the unit's team and one of another unit's."""

    def __init__(self, reviewers=4, **programme):
        super().__init__(**{"review": {"reviewers": 2, "is_blind": True, "divergence": 1500}} | programme)
        self.far_team = make.make_team(make.make_unit("燃料部", self.root), "燃料一班")
        self.far_leader = make.make_member(self.far_team, "leader")
        self.office = make.make_unit("生技部", self.root)
        self.reviewers = [make.give_role(self.office, "assessor") for _ in range(reviewers)]
        for leader in (self.leader, self.far_leader):
            self._recommended(leader)
        rounds.begin_review(self.round, actor=self.company, early=True)
        self.round = Round.objects.select_related("programme__unit").get(pk=self.round.pk)
        self.first, self.second = self.applications()

    def applications(self):
        rows = Application.objects.select_related("round__programme__unit", "unit", "team")
        return list(rows.filter(round=self.round, state="reviewing").order_by("id"))

    def _recommended(self, leader):
        application = begin(self.round, leader)
        prove(application, record(application.team, leader), leader)
        hand_in(application, leader, self_scores={row["code"]: row["points"] or 1 for row in self.programme.criteria})
        Application.objects.filter(pk=application.pk).update(state="recommended", level=2)

    def asked(self, application, *people):
        """The reviews of these people, who were asked by hand."""
        assignments.assign(application, list(people), actor=self.company)
        return [self.review(application, who) for who in people]

    def review(self, application, who):
        return Review.objects.select_related("application__round__programme__unit", "reviewer").get(
            application=application, reviewer=who
        )

    def give(self, review, total, notes=None):
        """The reviewer gives that many points."""
        reviews.submit(review, marks(total), notes or {}, reviews.seen_of(review), actor=review.reviewer)
        return review

    def given(self, application, *totals):
        """Reviews of the application with these totals."""
        people = self.reviewers[: len(totals)]
        pairs = zip(self.asked(application, *people), totals, strict=True)
        return [self.give(review, total) for review, total in pairs]

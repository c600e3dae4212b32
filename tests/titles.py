"""Titles for tests, named as people name them: a posted round whose notice is over, and what became of its names since."""

import datetime

from django.utils import timezone

from assessments.honours.content import frozen_of
from assessments.models import Application, Recheck, Round, Studio, Title, TitleStep
from assessments.services import name_lists, naming, titles
from assessments.services.titles import Verdict
from bulletins.models import Bulletin
from tests import applying, studios
from tests import factories as make
from tests.bulletins.posting import let_run_out

DAY = datetime.timedelta(days=1)
YEARLY = {"every_months": 12, "rectify_months": 3}


def post_list(round_, actor, *, over=True):
    """Hang the list of a round in review, everybody on which is shortlisted; `over`: its notice ended yesterday."""
    Round.objects.filter(pk=round_.pk).update(state=Round.State.SHORTLISTED)
    board = name_lists.post(Round.objects.get(pk=round_.pk), actor=actor)
    if over:
        let_run_out(Bulletin.objects.get(pk=board.pk))
    round_.refresh_from_db()
    return round_


def _holder(team, changes):
    return {} if {"user", "studio"} & set(changes) else {"team": team}


def shortlist(round_, team, actor, **changes):
    """An application of a team, or of one of its people or studios, that is on the list of a round."""
    facts = _holder(team, changes) | {"unit": team.unit, "state": Application.State.SHORTLISTED, "filed_by": actor}
    facts |= {"submitted_at": timezone.now(), "number": f"PX-{Application.objects.count() + 1:05}"}
    return Application.objects.create(round=round_, **facts | changes)


class Scene(applying.Scene):
    """The plant of tests/applying.py with a list that hangs, and whoever decides on titles: the company's union."""

    def __init__(self, **programme):
        super().__init__(**{"recheck": YEARLY} | programme)
        self.today = timezone.localdate()
        self.runner = self.company

    def listed(self, *teams, over=True, **changes):
        """The round of the scene with these teams on its posted list."""
        for team in teams or (self.team, self.other_team):
            shortlist(self.round, team, self.leader, **changes)
        return post_list(self.round, self.company, over=over)

    def named(self, *teams, on=None, **changes):
        """The titles of a named round."""
        self.listed(*teams or (self.team,), **changes)
        return naming.name_round(self.round, "工发〔2026〕9号", on or self.today, actor=self.company)

    def title(self, state=Title.State.VALID, *, back=0, **changes):
        """A title in a state, named so many days ago."""
        return self.put(self.named(**changes)[0], state, back=back)

    def put(self, title, state, *, back=0):
        """Bring a title into a state as people do, after the days of its life were moved back by force."""
        days = {name: getattr(title, name) - back * DAY for name in ("valid_from", "valid_to")}
        Title.objects.filter(pk=title.pk).update(**days)
        title = Title.objects.get(pk=title.pk)
        if state == Title.State.RECTIFYING:
            titles.rectify(self.recheck(title), Verdict("台账不全"), self.today + 30 * DAY, actor=self.runner)
        elif state == Title.State.REVOKED:
            titles.revoke(self.recheck(title), Verdict("弄虚作假"), "ordered", actor=self.runner)
        elif state == Title.State.EXPIRED:
            titles.expire(title)
        return Title.objects.get(pk=title.pk)

    def recheck(self, title, due_on=None):
        """An open recheck of a valid title."""
        return titles.open_recheck(title, due_on or self.today, "提前复评", actor=self.runner)


def of_person(scene):
    """The title of a worker of the team."""
    programme = applying.make_programme(scene.root, "person", recheck=YEARLY, title="优秀班组长")
    round_ = applying.open_round(programme, scene.company)
    shortlist(round_, scene.team, scene.leader, user=scene.worker)
    post_list(round_, scene.company)
    return naming.name_round(round_, "工发〔2026〕10号", scene.today, actor=scene.company)[0]


class StudioScene(studios.Scene):
    """A plant with a studio that is named by a round of the company."""

    def __init__(self, **rule):
        super().__init__()
        self.runner = make.give_role(self.root, "union")
        self.studio = self.mature()
        programme = applying.make_programme(self.root, "studio", recheck=YEARLY | rule, title="创新工作室")
        self.round = applying.open_round(programme, self.runner, frozen=frozen_of(programme))
        shortlist(self.round, self.team, self.leader, studio=self.studio)
        post_list(self.round, self.runner)

    def title(self):
        return naming.name_round(self.round, "工发〔2026〕11号", self.today, actor=self.runner)[0]

    def recheck(self, title):
        return titles.open_recheck(title, self.today, "提前复评", actor=self.runner)


def now(row):
    """A title, recheck or studio as it is in the database."""
    assert isinstance(row, (Title, Recheck, Studio))
    return type(row).objects.get(pk=row.pk)


def bare_title(programme, team, number, *, text="命名", **changes):
    """A title of a team, or of one of its people or studios, as it stands after its naming, without a round and an honour."""
    today = timezone.localdate()
    facts = {"name": "六好班组", "serial": f"T-{number}", "document": "工发9号", "unit": team.unit}
    facts |= {"valid_from": today, "valid_to": naming.valid_to(today, 12)}
    title = Title.objects.create(programme=programme, **_holder(team, changes) | facts | changes)
    TitleStep.objects.create(title=title, state=title.state, text=text)
    return title

"""A branch with Party members and points, as several tests need it."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from assessments.inputs import fingerprint
from incentives.forms.points import SchemeForm
from incentives.models import PointMonth, PointScheme
from incentives.points.selectors import computed_rows
from incentives.services import point_schemes, points
from teams.models import Attachment, User
from tests import factories as make

YEAR = 2026
PERIOD = 202610
DAY = datetime.date(2026, 10, 12)


def to_party(*users):
    """Let these people be Party members."""
    User.objects.filter(pk__in=[user.pk for user in users]).update(political_status="party_member")
    for user in users:
        user.refresh_from_db()


def make_scheme(unit, year=YEAR, *, actor=None):
    """The shipped scheme of a year, published."""
    scheme = point_schemes.draft(unit, year, point_schemes.preset(), actor=actor)
    point_schemes.publish(scheme, actor=actor)
    return PointScheme.objects.get(pk=scheme.pk)


def make_branch():
    """A unit with a team of a leader and two Party members, its secretary and a published scheme."""
    unit = make.make_unit()
    team = make.make_team(unit)
    leader, one, other = make.make_member(team, "leader"), make.make_member(team), make.make_member(team)
    to_party(leader, one, other)
    secretary = make.give_role(unit, "party")
    people = {"leader": leader, "one": one, "other": other, "secretary": secretary}
    return SimpleNamespace(unit=unit, team=team, scheme=make_scheme(unit, actor=secretary), **people)


def indicator(scheme, name):
    return scheme.indicators.get(name=name)


def propose(scheme, user, actor, name="按时完成急难险重任务", *, day=DAY, points_given=None, what="抢修给煤机"):
    """Propose the points of an indicator; returns the PointEntry."""
    line = indicator(scheme, name)
    given = line.points if points_given is None else points_given
    said = {"what": what, "photos": [], "why_none": "现场不能带手机"}
    return points.propose(scheme, user, line, date=day, points=given, actor=actor, **said)


def confirmed(scheme, user, proposer, confirmer, name="按时完成急难险重任务", **more):
    entry = propose(scheme, user, proposer, name, **more)
    points.confirm(entry, actor=confirmer)
    return entry


def edited(scheme, **changes):
    """The editor's form of a draft with some fields changed."""
    content = point_schemes.content_of(scheme)
    form = SchemeForm(content=content)
    fields = {name: form.initial.get(name, form.fields[name].initial) or "" for name in form.fields}
    spare = {name: "cost" for name in fields if name.startswith("field-") and not fields[name]}
    return fields | spare | {"shown": fingerprint(content)} | changes


def add_branch(world):
    """A branch of the world's unit: a published scheme with September closed, a draft, an entry that waits and one that counts,
    both the worker's, who is the only Party member among the people of the world."""
    people, world.next_year = world.people, timezone.localdate().year + 1
    User.objects.filter(pk__in=[user.pk for user in people.values() if user]).update(political_status="masses")
    to_party(people["worker"])
    world.points = make_scheme(world.unit, YEAR, actor=people["party"])
    world.september = 202609
    rows = computed_rows(world.points, PERIOD)
    PointMonth.objects.create(scheme=world.points, period=world.september, rows=rows, closed_by=people["party"])
    world.points_draft = point_schemes.draft(world.unit, YEAR + 4, point_schemes.preset(), actor=people["party"])
    world.indicator = indicator(world.points, "发现一般隐患")
    world.entry = propose(world.points, people["worker"], people["leader"])
    world.confirmed_entry = confirmed(
        world.points, people["worker"], people["leader"], people["party"], what="带头抢修"
    )


def add_months(team, many, chief):
    """For the query counts: that many Party members, each with as many points of October, as many waiting, and September closed.

    The chief, who leads the team, is the branch's secretary and proposes; what is confirmed is confirmed by somebody else.
    """
    members = [row.user for row in team.memberships.exclude(user=chief).select_related("user")[:many]]
    to_party(*members)
    other, scheme = (
        make.give_role(team.unit, "party"),
        make_scheme(team.unit, actor=make.give_role(team.unit, "party", chief)),
    )
    draft = point_schemes.copy(scheme, actor=chief)
    points.close(scheme, 202609, actor=chief)
    for number in range(many):
        for member in members:
            confirmed(scheme, member, chief, other, what=f"抢修第 {number} 台")
            waiting = propose(scheme, member, other, what=f"巡检第 {number} 次")
    return scheme, draft, waiting


def add_markup(marked, other, markup):
    """A branch in which all that people type is markup."""
    to_party(other)
    content = point_schemes.preset()
    content |= {"grades": [[markup[:20], 9000]], "lowest_grade": markup[:20]}
    content["indicators"] = [[field, markup, *rest] for field, _, *rest in content["indicators"]]
    marked.points = point_schemes.draft(marked.unit, YEAR, content, actor=marked.chief)
    marked.points_draft = point_schemes.copy(marked.points, actor=marked.chief)
    point_schemes.publish(marked.points, actor=marked.chief)
    line = marked.points.indicators.first()
    facts = {"date": DAY, "points": line.points, "what": markup, "photos": [], "why_none": markup}
    marked.entry = points.propose(marked.points, other, line, **facts, actor=marked.chief)
    points.refuse(marked.entry, markup, actor=make.give_role(marked.unit, "party"))


def add_closed_points(team, leader):
    """A closed month of the team's branch with an entry of the leader's that has a photo."""
    to_party(leader)
    one, other = make.give_role(team.unit, "party"), make.give_role(team.unit, "party")
    scheme = make_scheme(team.unit)
    photo = Attachment.objects.create(team=team, file="b.jpg", sha256="1" * 64, size=1, uploaded_by=one)
    line = scheme.indicators.first()
    facts = {"date": DAY, "points": line.points, "what": "抢修", "photos": [photo]}
    points.confirm(points.propose(scheme, leader, line, **facts, actor=one), actor=other)
    points.close(scheme, PERIOD, actor=one)


def words_of(team, people):
    """Ids for the browser's words: a scheme with October closed, a draft, a late entry that waits, one that counts."""
    worker, leader, secretary = (people[role] for role in ("worker", "leader", "party"))
    to_party(worker)
    scheme = make_scheme(team.unit, actor=secretary)
    counted = confirmed(scheme, worker, leader, secretary, "责任区内有人违章")
    points.close(scheme, PERIOD, actor=secretary)
    waiting = propose(scheme, worker, leader, what="带头抢修")
    found = {"points": scheme, "points_draft": point_schemes.copy(scheme, actor=secretary)}
    found |= {"counted": counted, "waiting": waiting}
    return {word: row.pk for word, row in found.items()} | {"late": waiting.period}

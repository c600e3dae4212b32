"""A branch: a unit with two teams, Party members in the first, two people on its committee, a person of the union."""

from types import SimpleNamespace

from django.utils import timezone

from activities.models import Activity, ActivityKind
from activities.services import kinds
from teams import periods
from tests import factories as make
from tests import points


def to_party(user):
    """Let a person be a Party member; returns the User."""
    points.to_party(user)
    return user


def make_branch():
    unit = make.make_unit()
    team, other = make.make_team(unit), make.make_team(unit)
    people = {"leader": make.make_member(team, "leader"), "worker": make.make_member(team)}
    people |= {"one": to_party(make.make_member(team)), "two": to_party(make.make_member(team))}
    people |= {"secretary": to_party(make.give_role(unit, "party")), "second": make.give_role(unit, "party")}
    people |= {"union": make.give_role(unit, "union"), "manager": make.give_role(unit, "manager")}
    return SimpleNamespace(unit=unit, team=team, other=other, stranger=make.make_member(make.make_team()), **people)


def visit(branch, team, day=None):
    """A kept record of a visit to a team."""
    day = day or timezone.localdate()
    if not ActivityKind.objects.filter(unit=branch.unit).exists():
        kinds.install_presets(branch.unit, actor=branch.secretary)
    kind = ActivityKind.objects.get(unit=branch.unit, code="liaison_visit")
    month = {"period": periods.period_of(day), "counts_in": periods.period_of(day)}
    facts = {"title": "走访", "date": day, "recorded_by": branch.secretary, "state": "kept", "privacy": "unit"}
    return Activity.objects.create(kind=kind, unit=team.unit, team=team, **facts, **month)

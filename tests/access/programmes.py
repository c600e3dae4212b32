"""What the plants of the access tests hold of programmes: one with a planned and a called round, a retired one, a bar."""

from types import SimpleNamespace

from assessments.honours.presets import presets
from assessments.models import Programme
from assessments.services import bars, programmes
from tests.assessments.honours import DAY, filed, make_programme, opened, prepared, today
from tests.factories import make_team


def add_to_world(world):
    add_programmes(world, world.people["union"])


def add_programmes(world, union, words="年度"):
    """Everything that people type is `words`."""
    world.programme = make_programme(world.unit, union)
    world.retired_programme = make_programme(world.unit, union, "five_types")
    programmes.retire(world.retired_programme, actor=union)
    world.planned_round = prepared(world.programme, union, name=f"{words}二", invitation=words)
    soon = {"apply_until": today() + 5 * DAY, "review_until": today() + 9 * DAY}
    world.called_round = opened(world.programme, union, name=words, invitation=words, **soon)
    facts = {"code": "mass_event", "text": words, "happened_on": today() - 30 * DAY}
    world.bar = bars.record(world.unit, actor=union, **facts)


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type about programmes is markup."""
    add_programmes(marked, marked.chief, markup)
    Programme.objects.filter(pk=marked.programme.pk).update(name=markup, title=markup, purpose=markup)


def words_of(team, people):
    """What the pages of the browser name: a programme, a planned and a called round."""
    there = SimpleNamespace(unit=team.unit)
    add_programmes(there, people["manager"])
    return {name: getattr(there, name).pk for name in ("programme", "planned_round", "called_round")}


def add_many(unit, many, union):
    """That many programmes, rounds of one of them and cases of a unit; returns an open round and its programme."""
    for code in list(presets())[:many]:
        make_programme(unit, union, code if code != "ten_models" else "star_counter")
    programme = Programme.objects.filter(unit=unit).order_by("id").first()
    rounds = [opened(programme, union, name=f"第 {number} 批") for number in range(many)]
    for number in range(many):
        bars.record(unit, actor=union, code="fraud", text="材料不实", happened_on=today() - number * DAY)
        filed(rounds[0], make_team(unit), union)
    return rounds[0], programme


def add_guarded(unit, actor):
    """A round that is open: what it froze stands."""
    opened(make_programme(unit, actor), actor)

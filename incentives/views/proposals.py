"""How a form that proposes something is carried out: stored with its photos or not at all, and once however often it is sent."""

from contextlib import suppress

from incentives.errors import AlreadyProposed
from teams.actions import carried_out
from teams.photos import storing_photos


def proposed(form, request, service, team, *place, papers):
    """Call the service that proposes what the valid form says; a refusal becomes an error of the form.

    The photos go to it as its `papers`. Returns whether the paper is there now, by this sending or by an earlier one.
    """
    return carried_out(form, _once, service, (team, *place), form.cleaned_data, papers, request.user)


def _once(service, place, said, papers, actor):
    with suppress(AlreadyProposed):
        _store(service, place, said, papers, actor)


def _store(service, place, said, papers, actor):
    facts = {name: value for name, value in said.items() if name != "photos"}
    with storing_photos(team=place[0], actor=actor) as store:
        service(*place, **facts, **{papers: [store(upload) for upload in said["photos"]]}, actor=actor)

"""Nobody reaches what tests/access/table.py does not grant, and everybody reaches what it does.

Each page is visited by every identity with GET and POST. A visit that is denied, and any GET or HEAD, must not send a
single changing statement to the database.
"""

from inspect import getmodule, getsource, isroutine, unwrap
from itertools import product

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import URLPattern, get_resolver, resolve

from activities.models import Candidate, Election, Reserve
from activities.views import elections, goals, ideas, party, party_work, reserves
from assessments.models import Application, Appraisal, Check, LeaderAppraisal, Rectification, StandardVersion
from assessments.views import (
    analysis,
    applications,
    appraisals,
    bars,
    checks,
    closes,
    comparison,
    owners,
    plans,
    rectifications,
    reports,
    standard_editing,
    studio_life,
    targets,
)
from assessments.views import standards as standard_views
from bulletins.models import Bulletin, Objection
from bulletins.objections.cells import lines_of
from bulletins.selectors import viewer_of
from bulletins.views import displays
from bulletins.views import objections as objection_views
from incentives.models import PointEntry, PointScheme
from incentives.views import (
    distributions,
    piece_items,
    piecework,
    point_schemes,
    points,
    rule_editing,
    sign_offs,
    whatif,
)
from incentives.views import rules as rule_views
from teams import access
from teams.models import Team, Unit, User
from teams.views import (
    attendance,
    attendance_days,
    attendance_exports,
    calendar,
    certificates,
    coefficients,
    corrections,
    honours,
    organization,
    papers,
    people,
    photos,
    roster,
    security,
    substitutions,
    team_pages,
    units,
    watches,
)
from tests.access.table import IDENTITIES, TABLE, Page, expected
from tests.access.world import client_of, url_of, value_of, watching_writes
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST")


def any_board(user, serial):
    """The board with this serial, open to whoever asks."""
    bulletin = Bulletin.objects.get(serial=serial)
    return bulletin, lines_of(bulletin.content, viewer_of(user, bulletin), others=True)


def visit(world, page, method, who):
    """What happens, in the words of the table, and the changing statements; all of it is undone again."""
    body = {key: value_of(world, value) for key, value in page.body.items()} if method == "POST" else {}
    with transaction.atomic(), watching_writes() as writes:
        response = getattr(client_of(world, who), method.lower())(url_of(world, page), body)
        for close in response._resource_closers:  # response.close() would close the connection of this transaction
            close()
        transaction.set_rollback(True)
    return outcome(response), writes


def outcome(response):
    target = response.headers.get("Location", "")
    if target.startswith("/login/?next="):
        return "sign in"
    if target == "/password/":
        return "own password"
    return "allow" if response.status_code in (200, 302) else response.status_code


def wrong_cells(world, pages=TABLE, identities=IDENTITIES, outcomes=None):
    """Every cell that is not as declared, and every visit that changed something it must not; one sentence each.

    `outcomes` narrows it to cells that are declared to end so.
    """
    for page, method, who in product(pages, METHODS, identities):
        wanted = expected(page, method, who)
        if outcomes and wanted not in outcomes:
            continue
        found, writes = visit(world, page, method, who)
        if found != wanted:
            yield f"{method} {page} as {who}: {found}, declared {wanted}"
        elif writes and not (method == "POST" and wanted == "allow"):
            yield f"{method} {page} as {who} changed the database: {writes}"


TURNS = 5


@pytest.mark.parametrize("turn", by_turns(range(TURNS), TURNS))
@pytest.mark.parametrize("place", range(len(TABLE)), ids=lambda place: str(TABLE[place]))
def test_page_lets_in_whom_the_table_declares(world, place, turn):
    """Every page by day, with a fifth of the people in turn; at night with all of them."""
    visitors = [who for number, who in enumerate(IDENTITIES) if (place + number) % TURNS == turn]
    assert list(wrong_cells(world, [TABLE[place]], visitors)) == []


@pytest.mark.parametrize("entry", by_turns([entry for entry in TABLE if entry.get], 4), ids=str)
def test_head_answers_like_get_and_changes_nothing(world, entry):
    who = next(who for who in IDENTITIES if who in entry.get)
    assert visit(world, entry, "HEAD", who) == ("allow", [])


def url_names(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)


def test_every_url_is_declared():
    assert set(url_names(get_resolver().url_patterns)) == {page.name for page in TABLE}


@pytest.mark.parametrize("entry", by_turns([entry for entry in TABLE if entry.post], 4), ids=str)
def test_post_without_token_is_refused(world, entry):
    who = next(who for who in IDENTITIES if who in entry.post)
    with watching_writes() as writes:
        response = client_of(world, who, enforce_csrf_checks=True).post(url_of(world, entry))
    assert (response.status_code, writes) == (403, [])
    assert "403_csrf.html" in [template.name for template in response.templates]


# -- Controls: the matrix notices a gap ---------------------------------------------------------------------------------

OUTSIDERS = ["party", "stranger", "worker"]
DENIED = (403, 404)
GUARDS = {
    "team_for": lambda user, pk, capability: Team.objects.select_related("unit").get(pk=pk),
    "unit_for": lambda user, pk, capability: Unit.objects.get(pk=pk),
    "require": lambda user, capability: None,
    "person_for": lambda user, pk, capability: User.objects.get(pk=pk),
    "member_for": lambda user, pk, capability: User.objects.get(pk=pk),
    "managed": lambda user, pk: StandardVersion.objects.select_related("standard__unit").get(pk=pk),
    "readable": lambda user, pk: StandardVersion.objects.select_related("standard__unit").get(pk=pk),
    "scheme_for": lambda user, pk: PointScheme.objects.select_related("unit").get(pk=pk),
    "scheme_to_keep": lambda user, pk: PointScheme.objects.select_related("unit").get(pk=pk),
    "entry_for": lambda user, pk: (PointEntry.objects.get(pk=pk), True),
    "sheet_for": lambda user, pk: Check.objects.get(pk=pk),
    "round_for": lambda user, pk: Appraisal.objects.get(pk=pk),
    "round_to_run": lambda user, pk: Appraisal.objects.get(pk=pk),
    "leader_for": lambda user, pk, *sides: LeaderAppraisal.objects.select_related("appraisal", "team").get(pk=pk),
    "rectification_for": lambda user, pk: Rectification.objects.get(pk=pk),
    "rectification_to": lambda user, pk, step: Rectification.objects.get(pk=pk),
    "application_for": lambda user, pk: Application.objects.select_related("round__programme", "unit").get(pk=pk),
    "application_to": lambda user, pk, action: Application.objects.select_related("round__programme").get(pk=pk),
    "board_to_object": any_board,
    "objection_for": lambda user, pk: Objection.objects.get(pk=pk),
    "objection_to": lambda user, pk, step: Objection.objects.get(pk=pk),
    **dict.fromkeys(("branch_for", "branch_to_keep"), lambda user, pk: Unit.objects.get(pk=pk)),
    **dict.fromkeys(
        ("reserve_for", "reserve_to_keep", "reserve_to_train"), lambda user, pk: Reserve.objects.get(pk=pk)
    ),
    "election_for": lambda user, pk, capability="": Election.objects.select_related("team__unit").get(pk=pk),
    "ballot_for": lambda user, pk: Election.objects.select_related("team__unit").get(pk=pk),
    "candidate_for": lambda user, pk: Candidate.objects.get(pk=pk),
}
VIEWS = (
    *(attendance, coefficients, corrections, organization, people, photos, roster, units),
    *(calendar, certificates, honours, papers, team_pages),
    *(watches, substitutions, security),
    *(appraisals, owners, plans, rectifications),
    *(attendance_days, attendance_exports),
    *(comparison, reports, displays, objection_views),
    *(analysis, checks, closes, standard_editing, standard_views, distributions, rule_editing, rule_views, whatif),
    *(goals, ideas, targets),
    *(applications, bars, studio_life),
    *(sign_offs, piece_items, piecework, point_schemes, points),
    *(elections, party, party_work, reserves),
)
GUARDED = [(module, name) for module in VIEWS for name in GUARDS if hasattr(module, name)]


@pytest.mark.parametrize(("module", "guard"), by_turns(GUARDED, 6))
def test_control_a_view_without_its_guard_is_found(world, monkeypatch, module, guard):
    monkeypatch.setattr(module, guard, GUARDS[guard])
    pages = [page for page in TABLE if resolve(url_of(world, page)).func.__module__ == module.__name__]
    assert next(wrong_cells(world, pages, OUTSIDERS, DENIED), None)


def likely_first(world, capability):
    """The whole table, the pages whose code names the capability in front: a difference is found sooner."""

    def places(page):
        view = unwrap(resolve(url_of(world, page)).func)
        code = view if isroutine(view) else type(view)
        return [capability not in getsource(part) for part in (code, getmodule(code))]

    return sorted(TABLE, key=places)


OPENED_BY_MORE = {"team.view", "application.file"}
"""What these alone open is shown to nobody who lacks more: the address of the team, the role that a programme asks for."""


@pytest.mark.parametrize("capability", by_turns([name for name in access.GRANTS if name not in OPENED_BY_MORE], 12))
def test_control_a_capability_given_to_everybody_is_found(world, monkeypatch, capability):
    monkeypatch.setitem(access.GRANTS, capability, access.MEMBERS | access.UNIT_ROLES)
    assert next(
        wrong_cells(world, likely_first(world, capability), identities=[*OUTSIDERS, "auditor"], outcomes=DENIED), None
    )


@pytest.mark.parametrize("capability", by_turns(access.GRANTS, 6))
def test_control_a_capability_taken_from_everybody_is_found(world, monkeypatch, capability):
    holder = next(who for who in IDENTITIES if who in access.GRANTS[capability])
    monkeypatch.setitem(access.GRANTS, capability, set())
    assert next(wrong_cells(world, likely_first(world, capability), identities=[holder], outcomes=["allow"]), None)


def test_control_a_page_that_writes_on_get_is_found(world, monkeypatch):
    def overview_that_writes(teams, query=""):
        User.objects.filter(pk=world.people["worker"].pk).update(phone="1")
        raise Http404

    monkeypatch.setattr(units.selectors, "team_overview", overview_that_writes)
    page = Page("teams:team-list", get=frozenset(), sees=frozenset())
    assert "changed the database" in next(wrong_cells(world, [page], ["worker"], DENIED))

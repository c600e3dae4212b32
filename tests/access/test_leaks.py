"""What is known of one person alone is seen where it is declared and nowhere else: on no page, sheet, file, feed or screen."""

import pytest

from bulletins import masks, tables
from tests.access.leaks import MODES, VIEWERS, crawl, place_canaries, slides
from tests.access.page import MEMBERS, NEIGHBOUR, TEAM
from tests.access.table import TABLE
from tests.access.world import client_of

pytestmark = pytest.mark.django_db

NEAR = TEAM | {"self"}
OWN = {"self"}
SHOWN = ("page", "paper", "xlsx", "csv")
EVERYWHERE = {
    "scores": {"name": TEAM},
    "attendance": {"name": TEAM},
    MODES["full"]: {"name": TEAM, "amount": NEAR},
    MODES["distribution"]: {"amount": OWN},
    MODES["own"]: {"amount": OWN},
    "notice": {"tidings": NEAR},
    "points": {"name": TEAM | NEIGHBOUR},
    "masked": {"name": TEAM, "number": TEAM, "amount": NEAR},
}
"""Which identities see which canary on the page, the sheet and in the files of a board."""
DECLARED = {(board, surface): seen for board, seen in EVERYWHERE.items() for surface in SHOWN} | {
    # who has signed and who has not is known in the team
    (MODES["distribution"], "page"): {"name": TEAM, "amount": OWN},
    (MODES["own"], "page"): {"name": TEAM, "amount": OWN},
    ("scores", "page"): {"name": TEAM, "correction": NEAR},
    ("scores", "paper"): {"name": TEAM, "correction": NEAR},
    ("", "month"): {"name": TEAM, "correction": NEAR, "amount": NEAR, "number": TEAM},
    # whoever sees the figure may hold the same, the unit answers, the auditor reads; who it was only the auditor
    ("", "objection"): {"objection": MEMBERS | {"manager", "union", "auditor", "self"}, "name": {"auditor"}},
    ("", "objections"): {"objection": MEMBERS | {"manager", "union", "auditor", "self"}, "name": {"auditor"}},
    (MODES["full"], "xlsx"): {"name": TEAM, "amount in a workbook": NEAR},
    (MODES["distribution"], "xlsx"): {"amount in a workbook": OWN},
    (MODES["own"], "xlsx"): {"amount in a workbook": OWN},
}
APART = {
    *("notices", "notice-new", "notice-withdraw", "policy-current", "policy", "policy-drop"),
    *("displays", "display-add", "display", "display-revoke"),
    *("sign", "sign-paper", "objection-new", "objection-refuse", "objection-answer", "objection-correct"),
    "objection-step",
}
"""Pages on which things are done to boards, each for those of the table; what they show is on the pages crawled, too."""
CRAWLED = {
    *("wall", "board", "download", "paper", "month-paper", "feed", "verify", "verified", "screen"),
    *("objections", "objections-export", "objection"),
}


@pytest.fixture(scope="module")
def printed():
    """What reached the typesetter; it is not set."""
    sheets = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bulletins.views.paper.pdf", lambda found, **options: sheets.extend([found, options]) or b"%PDF-")
        yield sheets


@pytest.fixture(scope="module")
def canaries(world, printed):
    return place_canaries(world)


def differences(found, declared):
    """What was seen and not declared, or declared and not seen, in words."""
    for place in sorted({*found, *declared}):
        for canary in sorted({*found.get(place, {}), *declared.get(place, {})}):
            saw, may = found.get(place, {}).get(canary, set()), declared.get(place, {}).get(canary, set())
            if saw != may:
                yield f"{canary} on {place}: undeclared {sorted(saw - may)}, unseen {sorted(may - saw)}"


def test_every_canary_is_seen_where_it_is_declared_and_nowhere_else(world, canaries, printed):
    found = list(differences(crawl(world, canaries, printed), DECLARED))
    assert not found, "\n" + "\n".join(found)


def test_every_page_of_the_boards_is_crawled_or_stands_apart():
    names = {page.name.removeprefix("bulletins:") for page in TABLE if page.name.startswith("bulletins:")}
    assert names == CRAWLED | APART


def test_the_screen_shows_slides_of_every_kind_of_board_with_public_figures(world, canaries):
    texts = list(slides(client_of(world, "anonymous"), canaries.display))
    assert len(texts) > len(canaries.boards)
    assert [
        words for words in ("考核得分榜", "绩效奖金表", "竞赛评比板") if not any(words in text for text in texts)
    ] == []


# -- Controls: the crawl notices a leak ----------------------------------------------------------------------------------


def leaks(world, canaries, printed, board, viewers=("anonymous", "neighbour", "worker")):
    """What a few identities see of one board that nobody declared."""
    found = crawl(world, canaries, printed, viewers, {board: canaries.boards[board]})
    return " ".join(line for line in differences(found, DECLARED) if "undeclared []" not in line)


def test_control_a_column_without_its_audience_is_noticed(world, canaries, printed, monkeypatch):
    few = ("neighbour", "stranger", "worker")
    assert leaks(world, canaries, printed, MODES["full"], few) == ""
    monkeypatch.setattr(tables, "_sees", lambda audience, viewer: True)
    assert "undeclared ['neighbour', 'stranger']" in leaks(world, canaries, printed, MODES["full"], few)


@pytest.mark.parametrize("mask", masks.MASKS)
def test_control_a_mask_that_covers_nothing_is_noticed(world, canaries, printed, monkeypatch, mask):
    assert leaks(world, canaries, printed, "masked") == ""
    monkeypatch.setitem(masks.MASKS, mask, lambda text: text)
    assert f"{'amount' if mask == 'band' else mask} on ('masked', 'csv'): undeclared ['anonymous', 'neighbour']" in (
        leaks(world, canaries, printed, "masked")
    )


def test_control_every_own_row_for_everybody_is_noticed(world, canaries, printed, monkeypatch):
    monkeypatch.setattr(tables, "_is_own", lambda row, viewer: True)
    assert "undeclared ['anonymous', 'neighbour', 'worker']" in leaks(world, canaries, printed, MODES["own"])


def test_every_kind_of_viewer_is_there():
    assert {"anonymous", "deactivated", "newcomer", "stranger", "neighbour", "self"} < set(VIEWERS)

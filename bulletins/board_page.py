"""What the page of one board shows to one person: the table, what changed, who has signed, what was said since, in a few words."""

from bulletins import closings, selectors
from bulletins.changes import before, with_changes
from bulletins.models import Bulletin
from bulletins.objections.access import may_object
from bulletins.objections.lists import on_board
from bulletins.signatures import attention_of, concerned_by, waiting_for
from bulletins.tables import Audience, seen_by
from bulletins.verification import is_intact
from teams.access import access_of

BOARDS = Bulletin.objects.select_related("unit", "team", "published_by", "closing").annotate(
    open_objections=closings.objections_open()
)
MAIN = ("amount", "score")
"""Keys of the column that a row is about, the first of them that a board has."""
TOLD = 3
"""So many facts are said in the summary; all of them stand below it."""


def page_of_board(bulletin, user):
    """Context of the page, for a (possibly anonymous) user; `bulletin` is one of BOARDS."""
    viewer = selectors.viewer_of(user, bulletin)
    board, earlier = seen_by(bulletin.content, viewer), before(bulletin)
    if earlier:
        board = with_changes(board, seen_by(earlier.content, selectors.viewer_of(user, earlier)))
    revisions = list(selectors.revisions(bulletin).defer("content"))
    attention = attention_of(bulletin, user, with_people=viewer.nearness >= Audience.TEAM)
    standing = closings.standing_of(
        bulletin,
        superseded=revisions[0].pk != bulletin.pk,
        open_objections=bulletin.open_objections,
        closing=closing_of(bulletin),
    )
    return {
        "bulletin": bulletin,
        "board": _own_first(board, bulletin.kind) | {"chart": _scaled(board["chart"])},
        "earlier": earlier,
        "intact": is_intact(bulletin),
        "revisions": revisions,
        "siblings": selectors.siblings(bulletin),
        "corrections": bulletin.corrections.all(),
        "carried": _carried(bulletin, board["notes"]),
        "is_near": viewer.nearness >= Audience.TEAM,
        "head": selectors.latest_head(bulletin.unit_id),
        "standing": standing,
        "attention": attention,
        "summary": summary_of(board),
    } | _signing(bulletin, user, revisions[0], attention.own)


def closing_of(bulletin):
    """The certificate of a board, or None."""
    return getattr(bulletin, "closing", None)


def _carried(bulletin, notes):
    """The notes of correction that hang on this revision since the one before; that there are some, where `notes` lack them."""
    said = [note["text"] for note in bulletin.content.get("corrections", ())]
    return [text for text in said if text in notes] or (said and ["有更正说明，本班组的人登录后看得到。"])


def _own_first(board, kind):
    """A table too wide to become cards begins with the own row."""
    if kind != Bulletin.Kind.ATTENDANCE:
        return board
    return board | {"rows": sorted(board["rows"], key=lambda row: not row["own"])}


def _scaled(chart):
    """A chart with the size of its longest bar; None where no bar has any length."""
    longest = max((bar["size"] for bar in chart["bars"]), default=0) if chart else 0
    return chart | {"longest": longest} if longest > 0 else None


def _signing(bulletin, user, latest, own):
    """What the person may do: sign, keep signatures on paper, object; and the objections that the person could join."""
    if not user.is_authenticated:
        return {}
    access, is_open = access_of(user), latest.pk == bulletin.pk and closing_of(bulletin) is None
    stands = user.pk in concerned_by(bulletin)
    keeps = bulletin.team is not None and access.on_team("board.paper", bulletin.team)
    return {
        "disputes": on_board(user, bulletin) if bulletin.open_objections else [],
        "may_sign": is_open and stands and own is None,
        "to_sign": [board.pk for board in waiting_for(user, {bulletin.team_id} & set(access.team_roles))],
        "may_keep_paper": is_open and keeps,
        "may_object": is_open and may_object(user, bulletin),
    }


def summary_of(board):
    """One or two sentences: the first figures of the team, and the reader's own, each with what changed."""
    facts = [f"{fact['label']} {fact['value']}{_changed(fact.get('change'))}" for fact in board["facts"][:TOLD]]
    own = next((row for row in board["rows"] if row["own"]), None)
    column = next((c for key in MAIN for c in board["columns"] if c["key"] == key), None)
    said = [f"{'，'.join(facts)}。"] if facts else []
    if own and column and own["cells"][column["key"]]:
        change = own.get("changes", {}).get(column["key"])
        said.append(f"我的{column['label']} {own['cells'][column['key']]} {column['unit']}{_changed(change)}。")
    return said


def _changed(change):
    if not change:
        return ""
    if change.way == "same":
        return "（和上月持平）"
    return f"（{change}）" if "上月" in change.text else f"（比上月 {change}）"

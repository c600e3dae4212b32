"""What the page of one board shows to one person: the table, what changed, who has signed, what was said since, in a few words."""

from django.db.models import Exists, OuterRef, Q

from bulletins import closings, selectors
from bulletins.changes import with_changes
from bulletins.models import Bulletin, Closing, CorrectionNote, Objection
from bulletins.objections.access import may_object
from bulletins.objections.lists import on_board
from bulletins.services.notices import BY_HAND
from bulletins.signatures import attention_of, concerned_by, contests, unsigned
from bulletins.tables import Audience, nearest, own_first, seen_by
from bulletins.verification import is_intact
from teams.access import access_of
from teams.models import Team, Unit
from teams.prepared import Given, Prepared

OF_BOARD = {"bulletin": OuterRef("pk")}
BOARD = Prepared(
    lambda: Bulletin.objects.filter(serial=Given("serial")).annotate(
        open_objections=closings.objections_open(),
        is_closed=Exists(Closing.objects.filter(**OF_BOARD)),
        is_corrected=Exists(CorrectionNote.objects.filter(**OF_BOARD)),
    )
)
CONTENT = Prepared(lambda: Bulletin.objects.filter(pk=Given("board")).only("content"))
UNIT = Prepared(lambda: Unit.objects.filter(pk=Given("pk")))
TEAM = Prepared(lambda: Team.objects.filter(pk=Given("pk")))
CLOSING = Prepared(lambda: Closing.objects.filter(bulletin=Given("board")))
CORRECTIONS = Prepared(lambda: CorrectionNote.objects.filter(bulletin=Given("board")))
MAIN = ("amount", "score")
"""Keys of the column that a row is about, the first of them that a board has."""
TOLD = 3
"""So many facts are said in the summary; all of them stand below it."""


def board_with(serial):
    """The board of a serial with its place, `open_objections` (how many are open) and whether it `is_closed` and
    `is_corrected`; None where there is none."""
    for board in BOARD.models(serial=serial):
        [board.unit] = UNIT.models(pk=board.unit_id)
        [board.team] = TEAM.models(pk=board.team_id) or [None]
        return board
    return None


def page_of_board(bulletin, user):
    """Context of the page, for a (possibly anonymous) user; `bulletin` comes from `board_with`."""
    viewer = selectors.viewer_of(user, bulletin)
    board, family = seen_by(bulletin.content, viewer), selectors.family_of(bulletin)
    if family.earlier:
        then = selectors.viewer_at(user, family.earlier.unit_id, bulletin.team)
        [earlier] = CONTENT.models(board=family.earlier.pk)
        board = with_changes(board, seen_by(earlier.content, then))
    closing = CLOSING.models(board=bulletin.pk)[0] if bulletin.is_closed else None
    attention = attention_of(bulletin, user, with_people=viewer.nearness >= Audience.TEAM)
    standing = closings.standing_of(
        bulletin,
        superseded=family.revisions[0].pk != bulletin.pk,
        open_objections=bulletin.open_objections,
        closing=closing,
    )
    return {
        "bulletin": bulletin,
        "board": _own_first(board, bulletin.kind) | {"chart": _scaled(board["chart"])},
        "earlier": family.earlier,
        "intact": is_intact(bulletin),
        "revisions": family.revisions,
        "siblings": family.siblings,
        **_corrections(bulletin, user, board["notes"], viewer.nearness >= nearest(bulletin.team_id)),
        "head": selectors.latest_head(bulletin.unit_id),
        "standing": standing,
        "closing": closing,
        "hidden_for": hidden_for(bulletin),
        "text_first": bulletin.kind in BY_HAND,
        "attention": attention,
        "summary": summary_of(board),
    } | _signing(bulletin, user, family, attention.own, closing)


def hidden_for(bulletin):
    """Whom the table and the text of a board are for, in words, for those who see neither."""
    by_hand, content = bulletin.kind in BY_HAND, bulletin.content
    entries = content["columns"] or [note for note in content["notes"] if isinstance(note, dict)]
    nearest = min((entry["audience"] for entry in entries), default=Audience.UNIT)
    what = "个人数据" if not by_hand else "正文和名单" if content["columns"] else "正文"
    return {
        Audience.SIGNED_IN: f"{what}登录以后看",
        Audience.TEAM: f"{what}只给{bulletin.team or bulletin.unit}的人和管理这个班组的人看",
        Audience.OWN: "按张榜规定，各人只看到自己的一行",
    }.get(nearest, f"{what}只给{bulletin.unit}的人看")


def _corrections(bulletin, user, notes, is_near):
    """What was corrected: `carried` from the revision before, and noted since; their words for who is near or whom they concern."""
    found = CORRECTIONS.models(board=bulletin.pk) if bulletin.is_corrected else []
    said = [note["text"] for note in bulletin.content.get("corrections", ())]
    own = [] if is_near or not (found or said) else _own_objections(bulletin, user)
    for note in found:
        note.is_told = is_near or _names(note.text, own)
    told = [text for text in said if text in notes or _names(text, own)]
    return {"corrections": found, "carried": told or (said and [f"有更正说明，{bulletin.people}的人登录后看得到。"])}


def _own_objections(bulletin, user):
    """Numbers of the objections to the board, in whatever revision, that the person filed or that are about the own row."""
    if not user.is_authenticated:
        return []
    same = {"bulletin__unit": bulletin.unit_id, "bulletin__team": bulletin.team_id, "bulletin__period": bulletin.period}
    rows = Objection.objects.filter(Q(filed_by=user) | Q(row_user=user), bulletin__kind=bulletin.kind, **same)
    return list(rows.values_list("number", flat=True))


def _names(text, numbers):
    return any(number in text for number in numbers)


def _own_first(board, kind):
    """A table too wide to become cards begins with the own row."""
    return own_first(board) if kind == Bulletin.Kind.ATTENDANCE else board


def _scaled(chart):
    """A chart with the size of its longest bar; None where no bar has any length."""
    longest = max((bar["size"] for bar in chart["bars"]), default=0) if chart else 0
    return chart | {"longest": longest} if longest > 0 else None


def _signing(bulletin, user, family, own, closing):
    """What the person may do: sign, keep signatures on paper, object; and the objections that the person could join."""
    if not user.is_authenticated:
        return {}
    access = access_of(user)
    is_open = family.revisions[0].pk == bulletin.pk and closing is None
    stands = user.pk in concerned_by(bulletin)
    waits = is_open and stands and own is None
    contested = waits and bool(bulletin.open_objections) and contests(user, bulletin)
    keeps = bulletin.team is not None and access.on_team("board.paper", bulletin.team)
    return {
        "disputes": on_board(user, bulletin) if bulletin.open_objections else [],
        "may_sign": waits and not contested,
        "contested": contested,
        "to_sign": _to_sign(user, bulletin, family.siblings, stands),
        "may_keep_paper": is_open and keeps,
        "may_object": is_open and may_object(user, bulletin),
    }


def _to_sign(user, bulletin, siblings, stands):
    """Ids of the boards beside this one that wait for the person's signature; without others nothing points at them."""
    if len(siblings) == 1 or not (stands or bulletin.team_id in access_of(user).team_roles):
        return []
    return [board.pk for board in unsigned(user, Bulletin.objects.filter(pk__in=[row.pk for row in siblings]))]


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

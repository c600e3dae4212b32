"""Objections of a member to figures of the team, one in each state that somebody has to work on."""

from bulletins.models import Bulletin
from bulletins.objections.access import lines_for
from bulletins.objections.cells import FACTS
from bulletins.services import objections


def object_to_boards(team, period, *, member, manager, photo, words="少算了一个夜班"):
    """{word: Objection}: `objection`, `accepted_objection` and `upheld_objection` about the bonus, `score_objection` upheld."""
    boards = {board.kind: board for board in Bulletin.objects.filter(team=team, period=period)}
    rows = [
        row for kind, many in (("bonus", 3), ("scores", 1)) for row in _filed(boards[kind], member, photo, words, many)
    ]
    for row in rows[1:]:
        objections.accept(row, actor=manager)
    for row in rows[2:]:
        objections.uphold(row, words, actor=manager)
    return dict(zip(("objection", "accepted_objection", "upheld_objection", "score_objection"), rows, strict=True))


def _filed(board, member, photo, words, many):
    facts = {"wanted": words, "reason": words, "evidence": [photo], "actor": member}
    return [objections.file(board, cell, **facts) for cell in _figures(board, member)[:many]]


def _figures(board, member):
    """The figures of the team on a board."""
    return next(line for line in lines_for(member, board) if line.key == FACTS).cells


def object_to_all(team, period, many):
    """So many objections to the first figure of the team's bonus board, each by another member and seconded by as many."""
    board = Bulletin.objects.get(team=team, period=period, kind="bonus")
    members = [membership.user for membership in team.memberships.select_related("user").order_by("-id")]
    for number in range(many):
        words = {"wanted": "", "reason": "少算", "evidence": [], "actor": members[number]}
        row = objections.file(board, _figures(board, members[number])[0], **words)
        for other in members[number + 1 : number + 1 + many]:
            objections.support(row, actor=other)

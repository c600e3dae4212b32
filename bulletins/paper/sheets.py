"""One board as the sheet of paper that hangs on the wall: what a viewer may see, who has signed, and how to verify it."""

import io
import unicodedata

import segno
from django.utils import timezone

from bulletins.models import Signature
from bulletins.selectors import latest_head
from bulletins.tables import Audience, nearest, seen_by
from teams.downloads import width_of

SHORT_HASH = 16
PORTRAIT = 100
"""Half-width signs that stand side by side on an upright sheet."""
WIDEST = 30
NARROW = 20
"""Columns from which on a table is a grid of days, with its codes in the middle."""
SIGNED = {"label": "核对签字", "unit": "", "side": "left", "width": 12}


def sheet_of(bulletin, viewer, address):
    """Plain texts of one board for printing.py, as far as the viewer may see them; `address` is where it is verified.

    `personal` and `others` say, as in seen_by, whose figures stand on it.
    """
    board = seen_by(bulletin.content, viewer)
    signatures = {row.user_id: row for row in Signature.objects.filter(bulletin=bulletin).select_related("kept_by")}
    columns, rows, total = _table(board)
    if rows and board["personal"] and viewer.nearness >= Audience.TEAM:
        signed = [signatures.get(user) for user in _users(bulletin, board, viewer)]
        columns, rows = [*columns, SIGNED], [[*row, _signed(by)] for row, by in zip(rows, signed, strict=True)]
        total = total and [*total, ""]
    return printable(
        {
            "title": bulletin.title,
            "subtitle": _subtitle(bulletin),
            "facts": [[fact["label"], fact["value"]] for fact in board["facts"]],
            "columns": columns,
            "rows": rows,
            "total": total,
            "wide": sum(column["width"] for column in columns) > PORTRAIT,
            "notes": board["notes"],
            "maker": "班组长" if bulletin.team_id else "经办人",
            "prose": not bulletin.content["facts"],
            "remarks": _remarks(bulletin, signatures.values(), viewer),
            "serial": bulletin.serial,
            "hash": bulletin.content_hash[:SHORT_HASH],
            "head": _head(bulletin),
            "address": address,
            "qr": qr(address),
            "personal": board["personal"],
            "others": board["others"],
        }
        | _chart(board["chart"])
    )


def _table(board):
    """Columns with a width in half-width signs and a side, the rows and the total as lists of texts."""
    keys = [column["key"] for column in board["columns"]] if board["rows"] else []
    lines = [[row["cells"].get(key, "") for key in keys] for row in board["rows"]]
    total = [board["total"].get(key, "") for key in keys] if board["total"] and keys else []
    texts = zip(*lines, *([total] if total else []), strict=True)
    columns = [_column(column, found, len(keys)) for column, found in zip(board["columns"], texts, strict=False)]
    return columns, lines, total


def _column(column, texts, count):
    side = "right" if column["numeric"] else "left"
    widest = max(width_of(text) for text in (*texts, column["label"], column["unit"]))
    return {
        "label": column["label"],
        "unit": column["unit"],
        "side": "center" if count > NARROW and not column["numeric"] and widest <= 4 else side,
        "width": min(widest, WIDEST) + 2,
    }


def _users(bulletin, board, viewer):
    """Whose row each visible row is; where only some are visible they are the viewer's own."""
    users = [row["user"] for row in bulletin.content["rows"]]
    return users if len(users) == len(board["rows"]) else [viewer.user] * len(board["rows"])


def _signed(signature):
    """When somebody signed on the phone; of a signature kept from paper the day on which it was entered."""
    if signature is None:
        return ""
    at = timezone.localtime(signature.at)
    return f"纸面 {at:%m-%d}" if signature.kept_by_id else f"{at:%m-%d %H:%M}"


def _subtitle(bulletin):
    posted = timezone.localdate(bulletin.published_at)
    notice = f"{bulletin.notice_starts_on} 至 {bulletin.notice_ends_on}"
    return f"{bulletin.place_name}　第 {bulletin.revision} 版　{posted} 张榜　公示期 {notice}"


def _remarks(bulletin, signatures, viewer):
    """What has been said to the board since it was posted; a note of correction may name people: its words are for the team."""
    near = viewer.nearness >= nearest(bulletin.team_id)
    remarks = [
        f"更正说明（{timezone.localdate(note.at)}）：{note.text if near else f'{bulletin.people}的人登录后看得到。'}"
        for note in bulletin.corrections.all()
    ]
    people = sum(row["user"] is not None for row in bulletin.content["rows"])
    closing = getattr(bulletin, "closing", None)
    if closing:
        result = f"异议 {closing.objections} 件" if closing.objections else "没有异议"
        ended = (
            f"公示期到 {bulletin.notice_ends_on} 结束，{closing.concerned} 人中 {closing.signed} 人核对签字，{result}。"
        )
        return [*remarks, f"公示结束证明：{ended}"]
    return (
        [*remarks, f"核对签字：{people} 人中已有 {len(signatures)} 人签字{_on_paper(signatures, near)}。"]
        if signatures
        else remarks
    )


def _on_paper(signatures, near):
    """How many of the signatures were given on paper, and to those near, who entered them; empty when none were."""
    kept = [signature.kept_by.name for signature in signatures if signature.kept_by_id]
    if not kept:
        return ""
    return f"，其中 {len(kept)} 人签在纸上" + (f"，由{'、'.join(dict.fromkeys(kept))}登记" if near else "")


def _head(bulletin):
    head = latest_head(bulletin.unit_id)
    return f"榜链之首 {head.date} {head.content_hash[:8]}" if head else ""


def _chart(chart):
    bars = chart["bars"] if chart else []
    longest = max((bar["size"] for bar in bars), default=0) or 1
    shares = [{"label": bar["label"], "text": bar["text"], "share": bar["size"] * 100 / longest} for bar in bars]
    return {"chart": chart["label"] if chart else "", "bars": shares}


def qr(address):
    """The address as an SVG image."""
    buffer = io.BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", border=0)
    return buffer.getvalue().decode()


def printable(value):
    """The same with every text as paper can carry it: a line break is a space, invisible signs are left out."""
    if isinstance(value, dict):
        return {key: printable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [printable(entry) for entry in value]
    return _visible(value) if isinstance(value, str) else value


def _visible(text):
    return "".join(sign for sign in " ".join(text.split("\n")) if unicodedata.category(sign) not in ("Cc", "Cf"))

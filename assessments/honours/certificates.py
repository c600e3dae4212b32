"""Certificates of titles as a PDF: one a page, with the serial and a QR code that leads to where it is verified."""

from pathlib import Path

from assessments.models import Title
from bulletins.paper.printing import papers
from bulletins.paper.sheets import printable, qr

TEMPLATE = Path(__file__).resolve().parent / "certificate.typ"
MOST = 300
"""Certificates in one document: what typesetting does within its time."""


def certificates(titles, address_of, *, title):
    """Bytes of a PDF with the certificate of each of these titles; `address_of(serial)` is where one is verified.

    Raises PaperRefused for a sign that the font lacks.
    """
    return papers(TEMPLATE, [printable(_sheet(row, address_of(row.serial))) for row in titles], title=title)


def _sheet(row, address):
    over = "" if row.state in (Title.State.VALID, Title.State.RECTIFYING) else row.get_state_display()
    return {
        "title": f"{row.holder.name}{row.name}证书",
        "holder": row.holder.name,
        "unit": "" if row.studio_id is None and row.team_id is None else str(row.unit),
        "name": row.name,
        "document": row.document,
        "granted_by": str(row.programme.unit),
        "named_on": f"{row.valid_from.year} 年 {row.valid_from.month} 月 {row.valid_from.day} 日",
        "valid": f"{row.valid_from} 至 {row.valid_to}",
        "serial": row.serial,
        "over": over,
        "address": address,
        "qr": qr(address),
    }

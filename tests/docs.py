"""The worked examples of docs/*.md: their tables as rows, so that what people read is what is tested."""

from django.conf import settings

from teams.figures import hundredths


def table(page, heading):
    """The rows of the table below a heading of docs/<page>, each {header: text of the cell}."""
    text = (settings.BASE_DIR / "docs" / page).read_text(encoding="utf-8")
    lines = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0].splitlines()
    header, _, *rows = [cells(line) for line in lines if line.startswith("|")]
    return [dict(zip(header, row, strict=True)) for row in rows]


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def items(cell):
    """The parts of a cell separated by "；"."""
    return [part.strip() for part in cell.split("；") if part.strip()]


def number(text):
    """Hundredths of a figure as people write it: "+0.5", "−2", "1,418.29"."""
    return hundredths(text.replace("−", "-").replace(",", ""))

"""What candidates are called where one is told from another: by name, namesakes by employee number as well. Pure."""

from collections import Counter


def named(candidates):
    """The candidates as a list, each with `label`."""
    rows = list(candidates)
    counts = Counter(row.user.name for row in rows)
    for row in rows:
        row.label = row.user.name if counts[row.user.name] == 1 else f"{row.user.name}（{row.user.employee_no}）"
    return rows

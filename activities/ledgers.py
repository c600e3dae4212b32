"""Tables of activities for paper and workbooks: what a list shows, and a team's ledger (台账) of a month."""

from activities import records
from activities.models import Activity, ActivityKind
from teams.downloads import Figure
from teams.figures import short_text
from teams.models import Shift
from teams.periods import label

MOST_EXPORTED = 5000
"""Records in one workbook; more are exported month by month."""
HEADERS = ["日期", "班次", "种类", "单位", "班组", "主题", "地点", "主持人", "参加人", "参加人数", "学时"]
AFTER = ["记录", "议题和决议", "跟进事项", "状态", "计入月份", "登记人", "登记时间", "补录"]


def whole(rows):
    """The rows with everything that a table says of them; a constant number of queries."""
    rows = rows.select_related("kind", "unit", "team", "host", "recorded_by")
    return records.marked(rows.prefetch_related("participants__user", "resolutions", "follow_ups__owner"))


def table_of(rows, by_field):
    """(headers, rows of cells): with `by_field` each field of the kind has a column, else all stand in one."""
    values = records.shown_values(rows)
    if by_field:
        labels = list(dict.fromkeys(name for row in rows for name, _ in values[row.pk]))
        cells = {pk: [dict(found).get(name) for name in labels] for pk, found in values.items()}
    else:
        labels, cells = (
            ["内容"],
            {pk: ["；".join(f"{name}：{text}" for name, text in found)] for pk, found in values.items()},
        )
    return [*HEADERS, *labels, *AFTER], [[*_before(row), *cells[row.pk], *_after(row)] for row in rows]


def _before(row):
    people = [person.user.name for person in row.participants.all()]
    place = (row.kind.name, row.unit.name, row.team.name if row.team else None)
    said = (row.title, row.place, row.host.name if row.host else None)
    shift = dict(Shift.choices).get(row.shift, "")
    return row.date.isoformat(), shift, *place, *said, "、".join(people), Figure(str(len(people))), _hours(row)


def _hours(row):
    return Figure(short_text(row.hours)) if row.hours else None


def _after(row):
    votes = "；".join(
        f"{found.topic}（同意 {found.agreed}，反对 {found.opposed}，弃权 {found.abstained}）：{found.text}"
        for found in row.resolutions.all()
    )
    to_do = "；".join(
        f"{found.text}（{found.owner.name}，{found.due_on}，{found.get_state_display()}）"
        for found in row.follow_ups.all()
    )
    entered = (row.recorded_by.name, f"{records.entered(row):%Y-%m-%d %H:%M}", "补录" if row.is_back_filled else None)
    return row.minutes, votes, to_do, row.get_state_display(), label(row.counts_in), *entered


def month_of(user, team, period):
    """The records of a team's month that hang on paper: what counts, without what is confidential, by day."""
    rows = records.listed(user, team=team, period=period, state=Activity.State.KEPT)
    return whole(rows.exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL).order_by("date", "id"))


def counts_of(rows):
    """[(kind, how many)] of the rows, the most frequent first."""
    counts = {}
    for row in rows:
        counts[row.kind.name] = counts.get(row.kind.name, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

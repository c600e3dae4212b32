"""The rows of an activity's form that come several times: topics with votes, and what somebody has to do afterwards."""

from django import forms

from activities.models import FollowUp
from teams.forms import HIDDEN_SIGNS, dated

MOST_ROWS = 5
VOTES = ("agreed", "opposed", "abstained")
TOPIC, RESOLUTION, TODO = 200, 500, 200
NUMBERS = range(1, MOST_ROWS + 1)


class RowsReader:
    """Reads numbered rows out of posted data; what is wrong with them goes to `complain` as sentences."""

    def __init__(self, data, complain):
        self.data, self.complain = data, complain

    def resolutions(self):
        """Facts of Resolution, a dict for each topic that was filled in."""
        rows = []
        for number in NUMBERS:
            topic = self._text("topic", number, TOPIC, "议题")
            text = self._text("resolution", number, RESOLUTION, "决议")
            if topic and text:
                rows.append({"topic": topic, "text": text} | self._votes(number))
            elif topic or text or any(self._raw(name, number) for name in VOTES):
                self.complain(f"第 {number} 个议题：议题和决议都要写。")
        return rows

    def _votes(self, number):
        counts = {name: self._raw(name, number) or "0" for name in VOTES}
        if not all(text.isascii() and text.isdigit() and len(text) <= 3 for text in counts.values()):
            self.complain(f"第 {number} 个议题：票数要填 0 到 999 的整数。")
            return dict.fromkeys(VOTES, 0)
        return {name: int(text) for name, text in counts.items()}

    def follow_ups(self, owners):
        """Facts of FollowUp; `owners` are {id as text: user} of those who may be given something to do."""
        rows = []
        for number in NUMBERS:
            text = self._text("todo", number, TODO, "事项")
            owner, due = owners.get(self._raw("owner", number)), self._day(number)
            if text and owner and due:
                rows.append({"text": text, "owner": owner, "due_on": due})
            elif text or self._raw("owner", number) or self._raw("due", number):
                self.complain(f"第 {number} 件跟进事项：写明什么事，选负责人，写完成日期。")
        return rows

    def _day(self, number):
        try:
            return dated(forms.DateField().clean(self._raw("due", number)))
        except forms.ValidationError:
            return None

    def _text(self, name, number, longest, word):
        text = self._raw(name, number)
        if "\x00" in text:
            self.complain(f"第 {number} 行的{word}{HIDDEN_SIGNS}")
        if len(text) > longest:
            self.complain(f"第 {number} 行的{word}最多 {longest} 个字，现在有 {len(text)} 个。")
        return text

    def _raw(self, name, number):
        return self.data.get(f"{name}-{number}", "").strip()


def shown_rows(names, data, stored):
    """The rows as the page shows them: what was posted, or the `stored` ones and empty ones after them."""
    rows = []
    for number in NUMBERS:
        if data:
            values = {name: data.get(f"{name}-{number}", "") for name in names}
        else:
            values = stored[number - 1] if number <= len(stored) else dict.fromkeys(names, "")
        rows.append(values | {"number": number, "is_used": any(values.values())})
    return rows


def stored_resolutions(activity):
    """The topics of a record as its form shows them."""
    return [
        {"topic": row.topic, "resolution": row.text} | {name: str(getattr(row, name)) for name in VOTES}
        for row in activity.resolutions.all()
    ]


def stored_follow_ups(activity):
    """What is still to do after a record, as its form shows it."""
    open_ones = [row for row in activity.follow_ups.all() if row.state == FollowUp.State.OPEN]
    return [{"todo": row.text, "owner": str(row.owner_id), "due": row.due_on.isoformat()} for row in open_ones]

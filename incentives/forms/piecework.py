"""What people type about piece work: a line of the price list, and what members did on a day."""

from dataclasses import dataclass

from django import forms

from incentives.services.piecework import MOST
from teams.figures import hundredths, short_text
from teams.forms import HundredthsField, text_field
from teams.models import Team

MOST_POINTS = 10**6
"""Ten thousand points in hundredths, as much as one measure of a line may bring."""
MOST_ERRORS = 5


class PieceItemForm(forms.Form):
    """One line of a price list, for all teams of the unit or for one of them."""

    name = text_field("项目", 60)
    measure = text_field("计量单位", 10)
    points = HundredthsField(label="每个单位的工分", max_length=20, error_messages={"required": "请填工分。"})
    team = forms.ModelChoiceField(
        label="适用班组",
        queryset=Team.objects.none(),
        required=False,
        empty_label="全部班组",
        error_messages={"invalid_choice": "这个班组不在本单位，请重新选择。"},
    )
    note = text_field("质量要求", 200, required=False)

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams

    def clean_points(self):
        points = self.cleaned_data["points"]
        if points is None or not 0 < points <= MOST_POINTS:
            raise forms.ValidationError(f"工分要大于 0，不超过 {short_text(MOST_POINTS)}。")
        return points


@dataclass(eq=False)
class Cell:
    """One field of the grid: a member and a line; `known` is what was entered before, and then nothing is typed."""

    name: str
    user: object
    item: object
    text: str = ""
    known: str = ""
    wrong: bool = False


class PieceGridForm(forms.Form):
    """What members did on a day: a quantity of each line (`q-<user>-<item>`), and a note for all that is entered at once."""

    note = text_field("说明", 200, required=False)

    def __init__(self, data=None, *, members, items, known):
        super().__init__(data)
        self.members, self.items = members, items
        self.cells = {
            (user.pk, item.pk): Cell(f"q-{user.pk}-{item.pk}", user, item, known=known.get((user.pk, item.pk), ""))
            for user in members
            for item in items
        }
        for cell in self.cells.values():
            cell.text = (data or {}).get(cell.name, "").strip()

    def by_item(self):
        """[(line, its Cells)] in the order of the price list."""
        return [(item, [self.cells[user.pk, item.pk] for user in self.members]) for item in self.items]

    def by_person(self):
        """[(person, the person's Cells)] by employee number."""
        return [(user, [self.cells[user.pk, item.pk] for item in self.items]) for user in self.members]

    def clean(self):
        names = {cell.name for cell in self.cells.values()}
        if any(name.startswith("q-") and name not in names and self.data[name].strip() for name in self.data):
            self.add_error(None, "班组成员或者计件项目刚刚有变动，表里有的已经不能登记。请刷新页面后重新填写。")
        typed = {cell: self._read(cell) for cell in self._filled()}
        self.cleaned_data["quantities"] = {(cell.user, cell.item): value for cell, value in typed.items()}

    def _filled(self):
        return [cell for cell in self.cells.values() if cell.text]

    def _read(self, cell):
        try:
            value = hundredths(cell.text)
            if not 0 < value <= MOST:
                raise ValueError(f"数量要大于 0，不超过 {short_text(MOST)}")
        except ValueError as error:
            cell.wrong = True
            if len(self.non_field_errors()) < MOST_ERRORS:
                self.add_error(None, f"{cell.user.name}的“{cell.item}”：{error}。请写成 2 或者 2.5 这样。")
            return 0
        return value

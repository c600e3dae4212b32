from django import forms

from teams.figures import decimal_text
from teams.forms import HundredthsField, unknown_fields

OUT_OF_DATE = "有人刚刚改过奖金总额。请刷新页面，看过新的总额再填。"


class PoolsForm(forms.Form):
    """The pools of several teams for a month; an emptied field takes the team's pool back.

    Beside each field `team-<id>` the page carries `was-<id>`, the amount that it showed: nobody overwrites or takes back
    an amount that they have not seen.
    """

    def __init__(self, *args, teams, pools, **kwargs):
        super().__init__(*args, **kwargs)
        self.teams = teams
        self.shown = {team.pk: decimal_text(pools[team.pk].amount) if team.pk in pools else "" for team in teams}
        for team in teams:
            field = HundredthsField(label=team.name, required=False, max_length=20, initial=self.shown[team.pk])
            self.fields[f"team-{team.pk}"] = field

    def rows(self):
        """The fields, each with the name and value of what the page showed."""
        for team in self.teams:
            was = f"was-{team.pk}"
            yield self[f"team-{team.pk}"], was, self.data.get(was, self.shown[team.pk])

    def clean(self):
        if unknown_fields(self.data, "team-", {str(team.pk) for team in self.teams}):
            self.add_error(None, "单位的班组刚刚有变动。请刷新页面后重新填写。")
        if any(self.data.get(f"was-{team}", shown) != shown for team, shown in self.shown.items()):
            self.add_error(None, OUT_OF_DATE)

    def amounts(self):
        """[(team, fen or None)] of the fields that say something: an empty one does so only where an amount was shown."""
        values = [(team, self.cleaned_data[f"team-{team.pk}"]) for team in self.teams]
        return [(team, amount) for team, amount in values if amount is not None or self.data.get(f"was-{team.pk}")]


class TrialForm(forms.Form):
    """Which part of a trial is shown: one unit of those that it is about, all moves or only the changed ones."""

    unit = forms.ModelChoiceField(
        label="单位",
        queryset=None,
        required=False,
        empty_label="全部",
        error_messages={"invalid_choice": "选的单位不在试算的范围里，请重新选择。"},
    )
    changed = forms.BooleanField(label="只看有变化的", required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def shown(self, moves):
        """The moves that the valid form asks for."""
        return [move for move in moves if move.changed or not self.cleaned_data["changed"]]

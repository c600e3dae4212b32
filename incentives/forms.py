from django import forms

from teams.figures import decimal_text
from teams.forms import HundredthsField, unknown_fields


class PoolsForm(forms.Form):
    """The pools of several teams for a month; an empty field leaves the team without one."""

    def __init__(self, *args, teams, pools, **kwargs):
        super().__init__(*args, **kwargs)
        self.teams = teams
        for team in teams:
            pool = pools.get(team.pk)
            self.fields[f"team-{team.pk}"] = HundredthsField(
                label=team.name, required=False, max_length=20, initial=decimal_text(pool.amount) if pool else ""
            )

    def clean(self):
        if unknown_fields(self.data, "team-", {str(team.pk) for team in self.teams}):
            self.add_error(None, "单位的班组刚刚有变动。请刷新页面后重新填写。")

    def amounts(self):
        """[(team, fen)] of the fields that were filled in."""
        values = [(team, self.cleaned_data[f"team-{team.pk}"]) for team in self.teams]
        return [(team, amount) for team, amount in values if amount is not None]

from django import forms


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

"""What people choose on the page of the comparison."""

from django import forms

CHOICE = {"class": "form-select", "data-autosubmit": ""}
MONTHS = [("3", "近 3 个月"), ("1", "当月"), ("6", "近 6 个月"), ("12", "近 12 个月")]
USUAL = 3
"""What is meant when nothing is chosen: the first of the choices."""


class OtherTeam(forms.ModelChoiceField):
    """Another team, named with its unit."""

    widget = forms.Select(attrs=CHOICE)

    def label_from_instance(self, obj):
        return f"{obj.unit} · {obj}"


class ComparisonForm(forms.Form):
    """Beside which team, and over how many months the gaps are; both may be left open."""

    other = OtherTeam(
        label="再比一个班组",
        queryset=None,
        required=False,
        empty_label="不选",
        error_messages={"invalid_choice": "选的班组不能和本班组比：标准不同，或者它的得分您还看不到。请另选一个。"},
    )
    months = forms.ChoiceField(
        label="小项差距看多久", choices=MONTHS, required=False, widget=forms.Select(attrs=CHOICE)
    )

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = teams

    @property
    def chosen(self):
        """(the other team or None, months of the gap list) of what was chosen well."""
        self.is_valid()
        return self.cleaned_data.get("other"), int(self.cleaned_data.get("months") or USUAL)

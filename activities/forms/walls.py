"""The filter of the walls of teams."""

from django import forms

from teams.forms import SearchForm
from teams.models import Unit


class WallFilterForm(SearchForm):
    """Words, and one unit that has teams."""

    unit = forms.ModelChoiceField(
        Unit.objects.open().filter(teams__disbanded_on__isnull=True, teams__isnull=False).distinct(),
        required=False,
        empty_label="全部单位",
        widget=forms.Select(attrs={"class": "form-select", "data-autosubmit": True}),
        error_messages={"invalid_choice": "没有这个单位，请从列表里选。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)

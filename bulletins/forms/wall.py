from django import forms

from bulletins.closings import STATES
from bulletins.models import Bulletin
from teams import periods as months
from teams.models import Unit


class WallForm(forms.Form):
    """Filters of the board wall; each is optional."""

    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none(), required=False, empty_label="全部单位")
    period = forms.TypedChoiceField(label="月份", coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *Bulletin.Kind.choices], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *STATES.items()], required=False)
    q = forms.CharField(label="班组或标题", required=False, max_length=60)

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=Bulletin.objects.values("unit"))
        self.fields["period"].choices = [("", "全部月份"), *((period, months.label(period)) for period in periods)]

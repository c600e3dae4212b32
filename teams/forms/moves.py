"""办理调动: to which team, with which duty, from which day."""

from django import forms
from django.utils import timezone

from teams.figures import whole_number
from teams.forms import choice_field, day_field, model_filter
from teams.models import Membership, Team, Unit


class PlaceForm(forms.Form):
    """The unit whose teams are to choose from."""

    unit = model_filter(Unit.objects.none(), "请选择单位", "没有这个单位，请从列表里选。", label="调到哪个单位")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class MoveForm(forms.Form):
    """Where somebody goes; `seen` is the membership that stood on the page."""

    team = forms.ModelChoiceField(
        label="调到哪个班组",
        queryset=Team.objects.none(),
        empty_label="请选择",
        error_messages={
            "required": "请选择班组。",
            "invalid_choice": "请从列表里选一个班组；别的单位的，先在上面换单位。",
        },
    )
    role = choice_field("到那里的班组职务", Membership.Role.choices, initial=Membership.Role.WORKER)
    effective_on = day_field(
        "从哪天起", help_text="这一天起算新班组的人，前一天为止算原班组。原班组已经记了考勤的日子不能改算到新班组。"
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, teams, place, **kwargs):
        initial = {"effective_on": timezone.localdate(), "seen": place and place.pk}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["team"].queryset = teams

    def clean_seen(self):
        """The id of a membership; whatever is none was never seen."""
        return whole_number(self.cleaned_data["seen"]) or None

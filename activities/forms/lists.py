"""Filters of the lists of activities."""

from django import forms

from activities.access import visible_to
from activities.models import Activity, ActivityKind
from teams import periods
from teams.forms import SearchForm, choice_filter, model_filter
from teams.models import Team


class ActivityFilterForm(SearchForm):
    """Each filter is optional; without a state those that count and the own drafts are listed."""

    kind = model_filter(ActivityKind.objects.none(), "全部种类")
    team = model_filter(Team.objects.none(), "全部班组")
    period = forms.CharField(required=False, max_length=20, error_messages={"max_length": "月份请写成 2026-10 这样。"})
    state = choice_filter([("", "有效的"), *Activity.State.choices])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        seen = visible_to(user)
        self.fields["kind"].queryset = ActivityKind.objects.filter(pk__in=seen.values("kind"))
        self.fields["team"].queryset = Team.objects.filter(pk__in=seen.values("team"))

    def clean_period(self):
        return self.cleaned_data["period"] and periods.parse(self.cleaned_data["period"])

"""What people type about rectifications and statements."""

import datetime

from django import forms
from django.utils import timezone

from assessments.forms.checks import MAX_PHOTOS
from assessments.models import Rectification
from assessments.rectifications.lists import TABS
from assessments.services.rectifications import LONGEST
from teams.figures import whole_number
from teams.forms import ReasonForm, SearchForm, day_field, person_field, posted_files, text_field
from teams.models import User


class AssignForm(forms.Form):
    """Who puts it right, until when; `seen` is the id of the assignee that the page showed."""

    assignee = person_field("整改人", "这个人今天不在本班组，请重新选择。")
    due_on = day_field("整改期限")
    note = text_field("交代的话", 200, rows=3, required=False)

    def __init__(self, *args, rectification, members, **kwargs):
        due_on = max(rectification.due_on, timezone.localdate())
        assignee = rectification.assignee_id
        first = assignee or rectification.finding.person_id
        super().__init__(*args, initial={"assignee": first, "due_on": due_on}, **kwargs)
        self.fields["assignee"].queryset = User.objects.filter(pk__in=members.values("user")).order_by("employee_no")
        if assignee:
            del self.fields["due_on"]
        else:
            latest = timezone.localdate() + datetime.timedelta(days=LONGEST)
            self.fields["due_on"].widget.attrs |= {"min": f"{timezone.localdate()}", "max": f"{latest}"}

    def clean(self):
        self.cleaned_data["seen"] = whole_number(self.data.get("seen", "")) or None


class ReportForm(forms.Form):
    """What was done, with photos of how it looks now."""

    measure = text_field("整改情况", 500, verb="写", rows=3)

    def clean(self):
        self.cleaned_data["photos"] = posted_files(self, "photos", MAX_PHOTOS)


class ExtendForm(ReasonForm):
    """A later due date and why."""

    due_on = day_field("新的期限")
    field_order = ["due_on", "reason"]


class StatementForm(forms.Form):
    """What the person named by a finding says to it."""

    text = text_field("情况说明", 500, verb="写", rows=3)


class FilterForm(SearchForm):
    """The tab and the filters of the list; each is optional."""

    tab = forms.ChoiceField(required=False, choices=TABS)
    state = forms.ChoiceField(
        required=False,
        choices=[("", "全部状态"), *Rectification.State.choices[:-1]],
        error_messages={"invalid_choice": "没有这个状态，请从列表里选。"},
    )
    late = forms.ChoiceField(
        required=False,
        choices=[("", "不论期限"), ("on", "已逾期"), ("told", "逾期较久")],
        error_messages={"invalid_choice": "请从列表里选看不看逾期。"},
    )
    team = forms.CharField(required=False, max_length=20)
    category = forms.CharField(required=False, max_length=60)

    def clean_team(self):
        return self.cleaned_data["team"] and whole_number(self.cleaned_data["team"])

    @property
    def asked(self):
        """{name: text} of the filters that were given."""
        return {name: self.data[name] for name in ("q", "state", "late", "team", "category") if self.data.get(name)}

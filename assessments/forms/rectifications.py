"""What people type about rectifications and statements."""

import datetime

from django import forms
from django.utils import timezone

from assessments.forms.checks import MAX_PHOTOS
from assessments.models import Rectification
from assessments.rectifications.lists import TABS
from assessments.services.rectifications import LONGEST
from teams.figures import whole_number
from teams.forms import ReasonForm, SearchForm, day_field
from teams.models import User


def words_field(label, most=500, **options):
    """Sentences of a person, and what is wrong with them in our own words."""
    errors = {
        "required": f"请写{label}。",
        "max_length": f"{label}最多 {most} 字。",
        "null_characters_not_allowed": f"{label}里有看不见的控制字符，请删掉后再提交。",
    }
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=widget, error_messages=errors, **options)


class MemberField(forms.ModelChoiceField):
    """A member of the team, with the number that tells people of one name apart."""

    def label_from_instance(self, obj):
        return f"{obj.name}（{obj.employee_no}）"


class AssignForm(forms.Form):
    """Who puts it right, until when; `seen` is the id of the assignee that the page showed."""

    assignee = MemberField(
        label="整改人",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择整改人。", "invalid_choice": "这个人今天不在本班组，请重新选择。"},
    )
    due_on = day_field("整改期限")
    note = words_field("交代的话", most=200, required=False)

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

    measure = words_field("整改情况")

    def clean(self):
        photos = self.files.getlist("photos") if self.files else []
        if len(photos) > MAX_PHOTOS:
            self.add_error(None, f"照片最多 {MAX_PHOTOS} 张，现在有 {len(photos)} 张。")
        self.cleaned_data["photos"] = photos


class ExtendForm(ReasonForm):
    """A later due date and why."""

    due_on = day_field("新的期限")
    field_order = ["due_on", "reason"]


class StatementForm(forms.Form):
    """What the person named by a finding says to it."""

    text = words_field("情况说明")


class FilterForm(SearchForm):
    """The tab and the filters of the list; each is optional."""

    tab = forms.ChoiceField(required=False, choices=TABS)
    state = forms.ChoiceField(
        required=False,
        choices=[("", "全部状态"), *Rectification.State.choices[:-1]],
        error_messages={"invalid_choice": "没有这个状态，请从列表里选。"},
    )
    late = forms.BooleanField(required=False)
    team = forms.CharField(required=False, max_length=20)
    category = forms.CharField(required=False, max_length=60)

    def clean_team(self):
        return self.cleaned_data["team"] and whole_number(self.cleaned_data["team"])

    @property
    def asked(self):
        """{name: text} of the filters that were given."""
        return {name: self.data[name] for name in ("q", "state", "late", "team", "category") if self.data.get(name)}

"""What people type about elections."""

from django import forms

from activities.models import Candidate, Election
from activities.services.election_results import LEAST_DAYS
from activities.services.elections import electors
from teams.access import access_of
from teams.forms import (
    PersonField,
    ReasonForm,
    SearchForm,
    TickedField,
    choice_filter,
    day_field,
    model_filter,
    whole_field,
)
from teams.models import Team
from teams.services.posts import POSTS


class CallForm(forms.Form):
    """An election to be called; `teams` are those in which the person may."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="班组",
        empty_label="请选择",
        error_messages={"required": "请选择班组。", "invalid_choice": "这个班组不归您发起选举，请重新选。"},
    )
    post = forms.ChoiceField(
        label="岗位",
        choices=[(role.label, role.label) for role in POSTS],
        error_messages={"required": "请选择岗位。", "invalid_choice": "没有这个岗位，请从列表里选。"},
    )
    posts = whole_field("名额", 1, 9, initial=1)
    term_months = whole_field("任期（月）", 1, 120, initial=36)
    nominate_until = day_field("推荐截止")
    vote_until = day_field("投票截止")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = access_of(user).teams("election.run").select_related("unit")
        self.fields["team"].label_from_instance = lambda team: f"{team.unit} · {team.name}"


class PutOffForm(ReasonForm):
    """Later days for an election, and why."""

    nominate_until = day_field("推荐截止")
    vote_until = day_field("投票截止")


class NominationForm(forms.Form):
    """A member of the team whom somebody names."""

    user = PersonField(
        None,
        label="推荐谁",
        empty_label="请选择",
        error_messages={"required": "请选择要推荐的人。", "invalid_choice": "这个人不在本班组，请重新选。"},
    )

    def __init__(self, *args, election, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = electors(election.team).exclude(
            pk__in=election.candidates.filter(stands=False).values("user")
        )


class AnswerForm(forms.Form):
    """Whether a candidate stands."""

    stands = forms.TypedChoiceField(
        choices=[("yes", "参选"), ("no", "不参选")],
        coerce=lambda text: text == "yes",
        error_messages={"required": "请选参选还是不参选。", "invalid_choice": "请选参选还是不参选。"},
    )


class BallotForm(forms.Form):
    """The ticks on a ballot; none is a blank paper only when that is said."""

    choices = TickedField(
        Candidate.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "选的人里有不是候选人的，请刷新页面重新选。",
            "invalid_pk_value": "选的人里有不是候选人的，请刷新页面重新选。",
        },
    )
    blank = forms.BooleanField(label="弃权，一个也不选", required=False)

    def __init__(self, *args, election, **kwargs):
        super().__init__(*args, **kwargs)
        self.election = election
        self.fields["choices"].queryset = election.candidates.filter(stands=True)

    def clean(self):
        chosen, blank = self.cleaned_data.get("choices"), self.cleaned_data.get("blank")
        if "choices" in self.errors:
            return
        if not chosen and not blank:
            raise forms.ValidationError("还没有选人。都不想选，请勾“弃权，一个也不选”。")
        if chosen and blank:
            raise forms.ValidationError("选了人又勾了弃权，请去掉一样。")
        if len(chosen) > self.election.posts:
            raise forms.ValidationError(f"最多选 {self.election.posts} 人，您选了 {len(chosen)} 人。")


class NoticeDaysForm(forms.Form):
    """For how many working days a result hangs."""

    days = whole_field("公示几个工作日", LEAST_DAYS, 30, initial=5)


class ElectionFilterForm(SearchForm):
    """Each filter is optional."""

    team = model_filter(Team.objects.none(), "全部班组")
    state = choice_filter([("", "全部状态"), *Election.State.choices])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        seen = Election.objects.filter(team__in=access_of(user).teams("team.view"))
        self.fields["team"].queryset = Team.objects.filter(pk__in=seen.values("team"))

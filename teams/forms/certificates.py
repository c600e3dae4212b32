"""What people type about certificates and skill levels."""

from django import forms
from django.utils import timezone

from teams.careers import STANDINGS
from teams.forms import HIDDEN_SIGNS, SearchForm, dated, day_field, unknown_fields
from teams.models import Membership, User


class CertificateForm(forms.Form):
    """One certificate: name, number and dates."""

    name = forms.CharField(
        label="证书名称",
        max_length=60,
        widget=forms.TextInput(attrs={"list": "certificate-names", "autocomplete": "off"}),
        error_messages={
            "required": "请填证书名称。",
            "max_length": "证书名称最多 60 个字。",
            "null_characters_not_allowed": f"证书名称{HIDDEN_SIGNS}",
        },
    )
    number = forms.CharField(
        label="证书编号",
        max_length=40,
        required=False,
        error_messages={
            "max_length": "证书编号最多 40 个字。",
            "null_characters_not_allowed": f"证书编号{HIDDEN_SIGNS}",
        },
    )
    issued_on = day_field("发证日期", required=False)
    expires_on = day_field("有效期至", required=False, help_text="长期有效的不填。")

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day and dated(day) > timezone.localdate():
            raise forms.ValidationError("发证日期还没到，请核对。")
        return day

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        return day and dated(day)


class HolderField(forms.ModelChoiceField):
    """A member of the team."""

    def label_from_instance(self, obj):
        return f"{obj.user}（{obj.user.employee_no}）"


class NewCertificateForm(CertificateForm):
    """A certificate of one of the team's members."""

    member = HolderField(
        label="持证人",
        queryset=Membership.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择持证人。", "invalid_choice": "这个人已不在本班组，请重新选择。"},
    )
    field_order = ["member"]

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members


class CertificateFilterForm(SearchForm):
    """Filters of the overview; each is optional."""

    state = forms.ChoiceField(
        required=False,
        choices=[("", "全部状态"), *STANDINGS.items()],
        error_messages={"invalid_choice": "没有这个状态，请从列表里选。"},
    )


class SkillsForm(forms.Form):
    """The skill level of each member of a team, and what the page showed."""

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {f"level-{member.user_id}": member.user for member in members}
        for name, user in self.people.items():
            self.fields[name] = forms.ChoiceField(
                label=user.name,
                required=False,
                choices=[("", "没有"), *User.SkillLevel.choices],
                initial=user.skill_level,
                show_hidden_initial=True,
                error_messages={"invalid_choice": f"{user.name}的技能等级请从列表里选。"},
            )

    @property
    def rows(self):
        """(person, field) a member."""
        return [(user, self[name]) for name, user in self.people.items()]

    def clean(self):
        """`changes`: {User: (level that the page showed, new level)} of the levels that were changed."""
        if unknown_fields(self.data, "level-", {str(user.pk) for user in self.people.values()}):
            self.add_error(None, "班组成员刚刚有变动，请刷新页面后重新填写。")
        levels = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        self.cleaned_data["changes"] = {self.people[name]: (self._shown(name), new) for name, new in levels.items()}

    def _shown(self, name):
        level = self.data.get(self.add_initial_prefix(name), "")
        return level if level in User.SkillLevel.values else ""

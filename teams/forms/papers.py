"""What people type about certificates, honours and skill levels."""

from django import forms
from django.utils import timezone

from teams import careers, honours
from teams.forms import (
    SearchForm,
    WordsField,
    choice_filter,
    day_field,
    model_filter,
    offer_units,
    text_field,
    unknown_fields,
    year_filter,
)
from teams.models import Honour, Unit, User


def name_field(label):
    """The name of a paper, with those already in use as suggestions."""
    return text_field(label, 60, widget=forms.TextInput(attrs={"list": "paper-names", "autocomplete": "off"}))


class PaperForm(forms.Form):
    """What certificates and honours have in common."""

    def _past(self, name):
        """The typed day, which must have come."""
        day = self.cleaned_data[name]
        if day and day > timezone.localdate():
            raise forms.ValidationError(f"{self.fields[name].label}还没到，请核对。")
        return day


class CertificateForm(PaperForm):
    """One certificate: name, number and dates."""

    name = name_field("证书名称")
    number = text_field("证书编号", 40, required=False)
    issued_on = day_field("发证日期", required=False)
    expires_on = day_field("有效期至", required=False, help_text="长期有效的不填。")

    def clean_issued_on(self):
        return self._past("issued_on")


class HonourForm(PaperForm):
    """One honour: name, level, who granted it and when, until when, and the document that says so."""

    name = name_field("荣誉名称")
    level = forms.ChoiceField(
        label="级别",
        choices=[("", "请选择"), *Honour.Level.choices],
        error_messages={"required": "请选择级别。", "invalid_choice": "没有这个级别，请从列表里选。"},
    )
    granted_by = text_field("授予单位", 60)
    granted_on = day_field("授予日期")
    expires_on = day_field("有效期至", required=False, help_text="长期有效的不填。")
    document = text_field("文号", 40, required=False)

    def clean_granted_on(self):
        return self._past("granted_on")


class NewPaperForm(forms.Form):
    """Who holds a new paper: a member of the team or, where a team may hold it, the team."""

    field_order = ["holder"]

    def __init__(self, *args, members, team=None, **kwargs):
        super().__init__(*args, **kwargs)
        people = {str(member.pk): member.user for member in members}
        self.holders = ({"whole": team} if team else {}) | people
        named = [(key, f"{user}（{user.employee_no}）") for key, user in people.items()]
        whole = [("whole", f"{team}（班组集体）")] if team else []
        self.fields["holder"].choices = [("", "请选择"), *whole, *named]

    def clean_holder(self):
        return self.holders[self.cleaned_data["holder"]]


def holder_field(label):
    return forms.ChoiceField(
        label=label,
        error_messages={"required": f"请选择{label}。", "invalid_choice": "这个人已不在本班组，请重新选择。"},
    )


class NewCertificateForm(NewPaperForm, CertificateForm):
    """A certificate of one of the team's members."""

    holder = holder_field("持证人")


class NewHonourForm(NewPaperForm, HonourForm):
    """An honour of the team or of one of its members."""

    holder = holder_field("获奖班组或个人")


def state_field(every, *standings):
    """A filter by standing; `every` says what is there without it."""
    return choice_filter(
        [("", every), *((key, careers.STANDINGS[key]) for key in standings)],
        label="状态",
        wrong="没有这个状态，请从列表里选。",
    )


class CertificateFilterForm(SearchForm):
    """Filters of the overview; each is optional."""

    state = state_field("全部状态", "valid", "due", "expired", "withdrawn")


class HonourFilterForm(forms.Form):
    """Filters of a list of honours, each optional; `years` are those to choose from, `units` only in the overview."""

    q = WordsField(
        label="姓名、工号或荣誉",
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    unit = model_filter(Unit.objects.none(), "全部单位", label="单位", wrong="没有这个单位，请从列表里选。")
    level = choice_filter([("", "全部级别"), *Honour.Level.choices], label="级别", wrong="没有这个级别，请从列表里选。")
    year = year_filter("没有这一年的荣誉，请从列表里选。", label="年份")
    state = state_field("有效和已到期", *honours.STANDINGS)

    def __init__(self, *args, years, units=None, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["year"].choices = [("", "全部年份"), *((year, f"{year}年") for year in years)]
        offer_units(self, units)


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

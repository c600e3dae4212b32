"""What people type about ideas: handing one in, adopting it, verifying its effect, the filters of the list."""

import re
import unicodedata
import uuid

from django import forms
from django.utils import timezone

from activities.models import Idea
from activities.services.ideas import Content
from teams.forms import (
    WRONG,
    HundredthsField,
    SearchForm,
    TickedField,
    choice_filter,
    day_field,
    model_filter,
    person_field,
    posted_files,
    text_field,
)
from teams.models import Membership, Team, User

MOST_FILES = 9


def hinted_field(label, most, *, rows=0, hint="", **options):
    """A text with an example of it; with `rows` of several lines."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    widget.attrs |= {"placeholder": hint} if hint else {}
    return text_field(label, most, verb="写", widget=widget, **options)


class IdeaForm(forms.Form):
    """An idea of a member of a team; `mates` are the other members."""

    key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类型", choices=Idea.Kind.choices, initial=Idea.Kind.SUGGESTION, error_messages={"invalid_choice": WRONG}
    )
    theme = forms.ChoiceField(
        label="方向",
        choices=[("", "请选择"), *Idea.Theme.choices],
        error_messages={"required": "请选择方向。", "invalid_choice": WRONG},
    )
    title = hinted_field("题目", 80, hint="一句话说清楚改什么")
    problem = hinted_field("现状和问题", 2000, rows=3, hint="哪里、什么情况、有什么不好")
    proposal = hinted_field("建议或做法", 3000, rows=4, hint="怎么改，要什么材料、谁来配合")
    expected = hinted_field("预期效果", 300, hint="能省多少、少多少故障、安全在哪里", required=False)
    mates = TickedField(
        User.objects.none(),
        label="本班组的合作人",
        required=False,
        error_messages={
            "invalid_choice": "合作人里有不在本班组的人，请刷新页面重新选。",
            "invalid_pk_value": "合作人不对，请刷新页面重新选。",
            "invalid_list": "请刷新页面重新选合作人。",
        },
    )
    others = hinted_field("其他班组的合作人", 200, hint="写工号，用空格隔开", required=False)

    def __init__(self, *args, mates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mates"].queryset = mates

    @property
    def tick_rows(self):
        """(person, ticked) of the own team."""
        chosen = self["mates"].value() or []
        ticked = {str(getattr(row, "pk", row)) for row in chosen}
        return [(person, str(person.pk) in ticked) for person in self.fields["mates"].queryset]

    def clean_others(self):
        typed = unicodedata.normalize("NFKC", self.cleaned_data["others"])
        numbers = list(dict.fromkeys(re.split(r"[\s,、;]+", typed.strip())))
        numbers = [number for number in numbers if number]
        there = Membership.objects.open().filter(user__employee_no__in=numbers).select_related("user")
        found = {row.user.employee_no: row.user for row in there}
        unknown = [number[:20] for number in numbers if number not in found]
        if unknown:
            raise forms.ValidationError(f"没有在班组里找到工号 {'、'.join(unknown)}，请核对。")
        return list(found.values())

    def clean(self):
        super().clean()
        if self.errors.pop("key", None):
            self.add_error(None, "这一页不完整，请重新打开再填。")
        files = posted_files(self, "files", MOST_FILES, "照片和附件", "个")
        self.cleaned_data |= {"files": files, "key": self.cleaned_data.get("key") or uuid.uuid4()}

    def content(self, files):
        """The Content of a valid form with its stored files."""
        names = ("kind", "theme", "title", "problem", "proposal", "expected")
        authors = [*self.cleaned_data["mates"], *self.cleaned_data["others"]]
        return Content(**{name: self.cleaned_data[name] for name in names}, authors=authors, files=files)


class AdoptForm(forms.Form):
    """Who carries an idea out, by which day; `people` may."""

    owner = person_field("实施人")
    due_on = day_field("完成日期")
    text = hinted_field("评审意见", 200, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, auto_id="adopt-%s", **kwargs)
        self.fields["owner"].queryset = people
        self.fields["due_on"].widget.attrs["min"] = f"{timezone.localdate()}"


class VerifyForm(forms.Form):
    """What the effect is worth a year, and in words."""

    benefit = HundredthsField(
        label="年效益（元）",
        max_length=20,
        error_messages={"required": "请填年效益，没有直接效益的填 0。", "max_length": "年效益太长，请核对。"},
    )
    text = hinted_field("效果说明", 200, hint="怎么算的、看到了什么", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="verify-%s", **kwargs)


class IdeaFilterForm(SearchForm):
    """Each filter is optional; `teams` are those to choose from."""

    whose = choice_filter([("", "全部"), ("own", "我提的"), ("waiting", "等我办的")])
    kind = choice_filter([("", "全部类型"), *Idea.Kind.choices])
    theme = choice_filter([("", "全部方向"), *Idea.Theme.choices])
    state = choice_filter([("", "全部状态"), *Idea.State.choices])
    team = model_filter(Team.objects.none(), "全部班组")
    year = choice_filter([])

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["team"].queryset = teams
        self.fields["year"].choices = [("", "全部年份"), *year_choices()]

    def clean_year(self):
        return int(self.cleaned_data["year"] or 0)


def year_choices():
    """This year and the four before."""
    this = timezone.localdate().year
    return [(str(this - back), f"{this - back} 年") for back in range(5)]


class YearForm(forms.Form):
    """The year of the figures."""

    year = choice_filter()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["year"].choices = year_choices()

    @property
    def chosen(self):
        """The year that was asked for, else this one."""
        return int(self.cleaned_data["year"]) if self.is_valid() and self.cleaned_data["year"] else _this_year()


def _this_year():
    return timezone.localdate().year

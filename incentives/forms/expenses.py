"""What people type about expenses and special awards."""

import datetime

from django import forms
from django.utils import timezone

from activities.models import Idea
from assessments.models import Title
from incentives.forms.proposals import PapersForm
from incentives.models import Expense, SpecialAward
from incentives.services.expenses import DAYS_BACK
from incentives.spending.ideas import source_of
from incentives.spending.titles import source_of as source_of_title
from teams import periods
from teams.forms import (
    HundredthsField,
    SearchForm,
    choice_field,
    choice_filter,
    day_field,
    model_filter,
    person_field,
    text_field,
)
from teams.models import Unit

MONTHS = 3
"""An award is for this month or one of those before it."""


def member_field(label, **options):
    """A member of the team."""
    return person_field(label, f"“{label}”里选的不是本班组成员，请重新选择。", **options)


def reason_field(hint):
    widget = forms.TextInput(attrs={"placeholder": hint, "autocomplete": "off"})
    return text_field("事由", 200, verb="写", widget=widget)


def money_field(label, **options):
    return HundredthsField(label=label, max_length=20, error_messages={"required": f"请填{label}。"}, **options)


class ExpenseForm(PapersForm):
    """One expense of a team; `members` are those of the days that it may be of."""

    least, papers = 1, "发票或收据"
    purse = choice_field("出处", Expense.Purse.choices)
    date = day_field("日期")
    subject = choice_field("科目", [("", "请选择"), *Expense.Subject.choices])
    reason = reason_field("买了什么、做什么用")
    quantity = money_field("数量", initial="1")
    unit_price = money_field("单价（元）")
    handler = member_field("经办人", empty_label="请选择")
    witness = member_field("证明人", empty_label="请选择")
    paid_to = member_field(
        "发给", required=False, empty_label="不是发给个人", help_text="只有从奖金留存付的慰问、奖励才填。"
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("handler", "witness", "paid_to"):
            self.fields[name].queryset = members
        today = timezone.localdate()
        span = {"min": f"{today - datetime.timedelta(days=DAYS_BACK)}", "max": f"{today}"}
        self.fields["date"].widget.attrs |= span


class AwardForm(PapersForm):
    """One special award; `members` are those of the months that it may be for, `ideas` and `titles` what it may reward."""

    kind = choice_field("类别", [("", "请选择"), *SpecialAward.Kind.choices])
    user = member_field(
        "发给", required=False, empty_label="全班组（进班组费用）", help_text="工作室资助和班组费用拨款只进班组费用。"
    )
    amount = money_field("金额（元）")
    period = choice_field("月份", [])
    reason = reason_field("为什么奖、依据哪个文件")
    idea = forms.ModelChoiceField(
        Idea.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "这条建议还没有验证，或者您看不到，请从建议的页面重新打开。"},
    )

    title = forms.ModelChoiceField(
        Title.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "这个称号现在不是有效的，或者不是这个班组的，请从称号的页面重新打开。"},
    )

    def __init__(self, *args, members, ideas, titles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = members
        self.fields["idea"].queryset = ideas
        self.fields["title"].queryset = titles
        months = [periods.shift(periods.current_period(), -back) for back in range(MONTHS)]
        self.fields["period"].choices = [(month, periods.label(month)) for month in months]

    def clean_period(self):
        return int(self.cleaned_data["period"])

    def clean(self):
        """`source` names the idea or the title that is rewarded. Nobody sees what is wrong with a hidden field."""
        super().clean()
        for error in [error for name in ("idea", "title") for error in self.errors.pop(name, [])]:
            self.add_error(None, error)
        self._reward_title(self.cleaned_data.pop("title", None), self.cleaned_data.get("user"))
        self._reward_idea(self.cleaned_data.pop("idea", None), self.cleaned_data.get("user"))

    def _reward_title(self, title, user):
        """The award for the title of a person goes to that person."""
        if title is None:
            return
        if title.user_id and title.user != user:
            self.add_error("user", f"请选择{title.user.name}，奖励发给得到称号的人。")
            return
        self.cleaned_data["source"] = source_of_title(title)

    def _reward_idea(self, idea, user):
        """An award for an idea goes to one of its authors, each of whom is rewarded once."""
        if idea is None:
            return
        if user is None or not idea.authors.filter(user=user).exists():
            self.add_error("user", f"请选择 {idea.number} 的作者，奖励发给作者本人。")
            return
        self.cleaned_data["source"] = source_of(idea, user.pk)


class AwardFilterForm(SearchForm):
    """Filters of the list of awards, each optional; `units` and `months` are those to choose from."""

    unit = model_filter(Unit.objects.none(), "全部单位", label="单位", wrong="没有这个单位，请从列表里选。")
    kind = choice_filter([("", "全部类别"), *SpecialAward.Kind.choices], label="类别")
    state = choice_filter([("", "全部状态"), *SpecialAward.State.choices], label="状态")
    period = choice_filter(label="月份")

    def __init__(self, *args, units, months, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["q"].label = "姓名、班组或事由"
        self.fields["q"].widget.attrs |= {"class": "form-control", "type": "search"}
        self.fields["unit"].queryset = units
        self.fields["period"].choices = [("", "全部月份"), *((month, periods.label(month)) for month in months)]

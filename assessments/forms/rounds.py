"""What union staff type about rounds, and the filters of their list and figures."""

import datetime

from django import forms
from django.utils import timezone

from assessments.models import Programme, Round
from teams.forms import ReasonForm, SearchForm, choice_filter, day_field, model_filter, text_field, year_filter

DAYS = {"opens_on": 0, "apply_until": 13, "review_until": 27}
"""What a new round proposes: two weeks to apply and two to review, counted from today."""
NAMES = ("name", *DAYS, "invitation")
YEARS = 10
"""Figures go back so many years."""


def programme_field():
    """One of the programmes that the person reads, or all."""
    return model_filter(Programme.objects.none(), "全部项目", "没有这个项目，请从列表里选。")


class RoundForm(forms.Form):
    """A round that is being prepared."""

    name = text_field("批次", 40, help_text="如“2026年度”。")
    opens_on = day_field("申报开始")
    apply_until = day_field("申报截止")
    review_until = day_field("评审截止")
    invitation = text_field("通知内容", 1000, rows=5, required=False, help_text="开始以后可以一键张贴到公告栏。")

    def __init__(self, *args, round_=None, **kwargs):
        today = timezone.localdate()
        first = {name: today + datetime.timedelta(days=later) for name, later in DAYS.items()}
        first |= {"name": f"{today.year}年度"}
        stored = {name: getattr(round_, name) for name in NAMES} if round_ else {}
        super().__init__(*args, initial=first | stored, **kwargs)

    def clean(self):
        found = {name: self.cleaned_data[name] for name in DAYS if name in self.cleaned_data}
        if len(found) == len(DAYS) and not found["opens_on"] <= found["apply_until"] <= found["review_until"]:
            self.add_error("apply_until", "日期要一个比一个晚：申报开始、申报截止、评审截止。")


class PutOffForm(ReasonForm):
    """Later last days of a round, and why."""

    apply_until = day_field("申报截止")
    review_until = day_field("评审截止")


class RoundFilterForm(SearchForm):
    """Words, a state and a programme among those that the person reads."""

    state = choice_filter([("", "全部状态"), *Round.State.choices])
    programme = programme_field()

    def __init__(self, *args, programmes, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["programme"].queryset = programmes


class FiguresForm(forms.Form):
    """A year among the last ones, and one programme or all."""

    year = year_filter()
    programme = programme_field()

    def __init__(self, *args, programmes, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, f"{year} 年") for year in range(this, this - YEARS, -1)]
        self.fields["programme"].queryset = programmes

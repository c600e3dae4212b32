"""What people type about contests."""

from django import forms
from django.utils import timezone

from activities.forms.learning import ListForm
from activities.models import Contest
from activities.services.contests import PLACES
from teams.figures import decimal_text, whole_number
from teams.forms import HundredthsField, choice_filter, day_field, offer_units, text_field, unknown_fields
from teams.models import Honour, Unit

FIELDS = ("name", "subject", "starts_on", "ends_on", "measured_in", "lower_is_better", "rules")
HIGHEST = 10**12
"""Ten thousand million, as much as a score may be, in hundredths."""


class ContestFilterForm(ListForm):
    state = choice_filter([("", "全部状态"), *Contest.State.choices])
    subject = choice_filter([("", "个人赛和班组赛"), *Contest.Subject.choices])


class ContestForm(forms.Form):
    """A contest; `units` are those for which the person runs contests, left out where it exists."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="单位",
        empty_label=None,
        error_messages={"required": "请选择单位。", "invalid_choice": "这个单位的竞赛您不能办，请重新选择。"},
    )
    name = text_field("名称", 60)
    subject = forms.ChoiceField(
        label="谁参赛",
        choices=Contest.Subject.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选个人还是班组参赛。", "invalid_choice": "请选个人还是班组参赛。"},
    )
    starts_on = day_field("开始日期")
    ends_on = day_field("结束日期")
    measured_in = text_field("成绩单位", 10, initial="分", help_text="如：分、秒、台、吨。")
    lower_is_better = forms.BooleanField(label="成绩越低名次越前（比用时、比差错）", required=False)
    rules = text_field("规则", 3000, rows=6, help_text="比什么、怎么评、怎么奖。张榜时一起公布。")

    def __init__(self, *args, units=None, **kwargs):
        super().__init__(*args, **kwargs)
        offer_units(self, units)
        for name in ("starts_on", "ends_on"):
            self.fields[name].initial = timezone.localdate()


def initial_of(contest):
    """The fields of a ContestForm that say what a contest is."""
    return {name: getattr(contest, name) for name in FIELDS}


class EnterForm(forms.Form):
    """Who is entered: some of the `candidates`, a query of people or teams."""

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates

    def clean(self):
        posted = {whole_number(text) for text in self.data.getlist("holders")}
        holders = list(self.candidates.filter(pk__in=posted))
        if not posted:
            self.add_error(None, "请先勾选参赛者。")
        elif len(holders) < len(posted):
            self.add_error(None, "勾选的人或班组不在本单位，或者已经参赛，请刷新页面重新勾选。")
        self.cleaned_data["holders"] = holders


class ScoresForm(forms.Form):
    """The score of each entrant."""

    def __init__(self, *args, entrants, **kwargs):
        super().__init__(*args, **kwargs)
        self.entrants = {f"s-{row.pk}": row for row in entrants}
        for name, row in self.entrants.items():
            initial = "" if row.score is None else decimal_text(row.score)
            self.fields[name] = HundredthsField(label=str(row), required=False, max_length=20, initial=initial)

    @property
    def rows(self):
        """(entrant, field) of each."""
        return [(row, self[name]) for name, row in self.entrants.items()]

    def clean(self):
        if unknown_fields(self.data, "s-", {str(row.pk) for row in self.entrants.values()}):
            self.add_error(None, "参赛名单刚刚有变动，请刷新页面后重新填写。")
        for name, row in self.entrants.items():
            score = self.cleaned_data.get(name)
            if score is not None and abs(score) > HIGHEST:
                self.add_error(name, f"{row}的成绩太大，请核对。")

    @property
    def scores(self):
        """{Entrant: score in hundredths or None} of those that the page sent."""
        return {row: self.cleaned_data[name] for name, row in self.entrants.items() if name in self.data}


class PostForm(forms.Form):
    """How many of the first places are honoured, and as what; none, if so wished."""

    honoured = forms.TypedChoiceField(
        label="给前几名记荣誉",
        coerce=int,
        choices=[(0, "只张榜，不记荣誉"), *((place, f"前 {place} 名") for place in range(1, len(PLACES) + 1))],
        initial=3,
        error_messages={"required": "请选给前几名记荣誉。", "invalid_choice": "最多给前十名记荣誉，请从列表里选。"},
    )
    level = forms.ChoiceField(
        label="荣誉级别",
        choices=Honour.Level.choices,
        initial=Honour.Level.UNIT,
        error_messages={"required": "请选择级别。", "invalid_choice": "没有这个级别，请从列表里选。"},
    )
    granted_by = text_field("授予单位", 60)

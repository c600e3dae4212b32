"""What people type about titles: the naming of a round, a recheck, the end of a rectification, and the filters of the list."""

from django import forms
from django.utils import timezone

from assessments.honours.title_rules import rule_of, scored_criteria, usual_mending_day
from assessments.models import Programme, Title
from assessments.services.naming import LONGEST_DOCUMENT
from assessments.services.titles import Verdict
from teams.figures import short_text
from teams.forms import HundredthsField, SearchForm, choice_field, choice_filter, day_field, model_filter, text_field
from teams.models import Unit

HAS = {"": "请选择", "yes": "有", "no": "没有"}
RESULTS = {"keep": "保留称号", "rectify": "限期整改", "revoke": "撤销称号"}
OUTCOMES = {"restore": "整改合格，保留称号", "fail": "整改不合格，撤销"}


class NameForm(forms.Form):
    """The document that names a round, and its day."""

    document = text_field("文号", LONGEST_DOCUMENT, help_text="如“工发〔2026〕9号”，证书和公告上都写它。")
    named_on = day_field("命名日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"named_on": timezone.localdate()}, **kwargs)


def way_field():
    return choice_field("撤销方式", [("", "请选择"), *Title.Way.choices], required=False, help_text="撤销时选。")


class RecheckForm(forms.Form):
    """What a recheck comes to, with points for every criterion where the title has a line to reach."""

    result = choice_field("复评结果", RESULTS, widget=forms.RadioSelect)
    until = day_field("整改期限", required=False, help_text="限期整改时填。")
    way = way_field()
    reason = text_field("说明", 200, rows=3, required=False, help_text="限期整改和撤销一定要写，大家都看得到。")

    def __init__(self, *args, title, **kwargs):
        day = usual_mending_day(rule_of(title), timezone.localdate())
        super().__init__(*args, initial={"until": day}, **kwargs)
        self.criteria = scored_criteria(title)
        for place, row in enumerate(self.criteria):
            self.fields[f"score-{place}"] = _score_field(row)

    def scored(self):
        """[(criterion, its field)] for the page."""
        return [(row, self[f"score-{place}"]) for place, row in enumerate(self.criteria)]

    def clean(self):
        data = super().clean()
        result = data.get("result")
        for place, row in enumerate(self.criteria):
            _require_within(self, f"score-{place}", row["points"])
        if result in ("rectify", "revoke") and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "限期整改或撤销要写明理由。")
        if result == "rectify" and not data.get("until") and "until" not in self.errors:
            self.add_error("until", "请填整改期限。")
        if result == "revoke" and not data.get("way") and "way" not in self.errors:
            self.add_error("way", "请选择撤销方式。")

    @property
    def verdict(self):
        """The Verdict that was typed."""
        names = {row["code"]: f"score-{place}" for place, row in enumerate(self.criteria)}
        scores = {code: self.cleaned_data[name] for code, name in names.items()}
        return Verdict(self.cleaned_data["reason"], scores)


def _score_field(row):
    errors = {"required": f"“{row['name']}”还没有打分。"}
    if row["method"] == "score":
        return HundredthsField(label=row["name"], help_text=f"满分 {short_text(row['points'])}", error_messages=errors)
    points = {"yes": row["points"], "no": 0}
    return forms.TypedChoiceField(
        label=row["name"], choices=list(HAS.items()), coerce=points.__getitem__, error_messages=errors
    )


def _require_within(form, name, most):
    found = form.cleaned_data.get(name)
    if found is not None and not 0 <= found <= most:
        form.add_error(name, f"要在 0 到 {short_text(most)} 之间。")


class CloseForm(forms.Form):
    """Whether what was wrong is mended."""

    outcome = choice_field("验收结果", OUTCOMES, widget=forms.RadioSelect)
    way = way_field()
    reason = text_field("说明", 200, rows=2, help_text="看了什么、结果怎样，大家都看得到。")

    def clean(self):
        if self.cleaned_data.get("outcome") == "fail" and not self.cleaned_data.get("way") and "way" not in self.errors:
            self.add_error("way", "请选择撤销方式。")


class TitleFilterForm(SearchForm):
    """Words, a state, a programme, a unit and the year of naming; `programmes`, `units` and `years` are to choose from."""

    state = choice_filter([("", "有效和整改中"), ("all", "全部状态"), *Title.State.choices])
    programme = model_filter(Programme.objects.none(), "全部项目", "没有这个项目，请从列表里选。")
    unit = model_filter(Unit.objects.none(), "全部单位", "没有这个单位，请从列表里选。")
    year = choice_filter(wrong="没有这一年，请从列表里选。")

    def __init__(self, *args, programmes, units, years, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["programme"].queryset, self.fields["unit"].queryset = programmes, units
        self.fields["year"].choices = [("", "全部年份"), *((year, f"{year} 年") for year in years)]

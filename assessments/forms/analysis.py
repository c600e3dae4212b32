"""What people choose on the pages of the analysis."""

from django import forms

from assessments.models import Check


class AnalysisForm(forms.Form):
    """Which kind of check, and the day around which two spans are compared; both may be left open."""

    kind = forms.ChoiceField(
        label="检查类型",
        required=False,
        choices=[("", "全部检查"), *Check.Kind.choices],
        widget=forms.Select(attrs={"class": "form-select", "data-autosubmit": ""}),
    )
    day = forms.DateField(
        label="对比哪一天前后",
        required=False,
        error_messages={"invalid": "日期无效，请写成 2026-10-05 这样。"},
    )

    def __init__(self, *args, span, **kwargs):
        super().__init__(*args, **kwargs)
        self.span = span

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and self.span.around(day) is None:
            raise forms.ValidationError(
                f"要在 {self.span.start} 之后、{self.span.end} 以前（含当天）选一天，前后才都有日子可以比。"
            )
        return day


class FindingsForm(AnalysisForm):
    """Which deductions: by kind of check, item (code and name), category and team."""

    code = forms.CharField(required=False, max_length=10)
    name = forms.CharField(required=False, max_length=100)
    category = forms.CharField(required=False, max_length=60)
    team = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    COLUMNS = {
        "kind": "on_sheet__kind",
        "code": "criterion__code",
        "name": "criterion__name",
        "category": "criterion__category__name",
        "team": "team_id",
    }

    def filtered(self, findings):
        """The findings that are meant."""
        chosen = {column: self.cleaned_data[name] for name, column in self.COLUMNS.items()}
        return findings.filter(**{column: value for column, value in chosen.items() if value})

    @property
    def label(self):
        """What the list is narrowed to, in words."""
        if not self.is_valid():
            return ""
        kinds, found = dict(Check.Kind.choices), self.cleaned_data
        item = f"{found['code']} {found['name']}".strip()
        return " · ".join(filter(None, [item, found["category"], kinds.get(found["kind"], "")]))
